/** What a user wrote → a fault; everything else is refused, by its path. */
import { suggestion } from '../base/closest-word';
import { readDuration } from '../base/duration';
import { configError, refusal } from '../base/errors';
import { readCount, readObject, readOneOf, refuseUnknownKeys } from '../base/option-reader';
import { type AlertName, alertNumbers } from '../base/tls-alerts';
import { type TlsPhase, tlsPhases } from '../base/tls-phase';
import type { TlsSide } from '../network/tls-settings';
import type { TlsAction, TlsActionFault, TlsFault, TlsNegotiation } from './tls-fault';
import { presetNamed, tlsFaultNames } from './tls-fault-presets';
import { readNegotiation } from './tls-negotiation';

const wholeActions = [
  'stall',
  'fin',
  'rst',
  'garbage',
  'plaintextHttp',
  'plaintextSmtp',
  'echoHello',
  'emptyRecord',
  'cutMidRecord',
  'omitCloseNotify',
] as const;

/** Of a peer's records, or by place: a proxy that sees them all could do that, an end cannot. */
const proxyActions = ['drop', 'duplicate', 'swap', 'flip', 'cipher'];

type Reader = (field: string, value: unknown) => TlsAction;

const actionReaders: Readonly<Record<string, Reader>> = {
  inject: (field, value) => ({ inject: readInjected(field, value) }),
  recordLength: (field, value) => ({ recordLength: readUpTo(field, value, 0xffff) }),
  recordVersion: (field, value) => ({ recordVersion: readUpTo(field, value, 0xffff) }),
  recordType: (field, value) => ({ recordType: readUpTo(field, value, 0xff) }),
  fragment: (field, value) => ({ fragment: readCount(field, value, 1) }),
  delay: (field, value) => ({ delay: readDuration(field, value) }),
  drip: (field, value) => {
    const options = readObject(field, value);
    refuseUnknownKeys(field, options, ['bytes', 'every']);
    const bytes = readCount(`${field}.bytes`, options['bytes'], 1);
    return { drip: { bytes, every: readDuration(`${field}.every`, options['every']) } };
  },
};

/**
 * Reads a fault of TLS, or the name of a preset.
 *
 * @param field - path of the option, for refusals
 * @throws TcpError `ECONFIG` - the wrong shape, or something that an end of this side cannot do
 */
export function readTlsFault(field: string, value: unknown, side: TlsSide): TlsFault {
  if (typeof value === 'string') return readName(field, value, side);
  const fault = readObject(field, value);
  if ('negotiate' in fault) {
    refuseUnknownKeys(field, fault, ['negotiate']);
    const negotiate: TlsNegotiation = readNegotiation(
      `${field}.negotiate`,
      fault['negotiate'],
      side,
    );
    return { negotiate };
  }
  if ('certificate' in fault) {
    refuseUnknownKeys(field, fault, ['certificate']);
    // What a certificate may be is known where there are certificates.
    return { certificate: fault['certificate'] };
  }
  if (!('on' in fault))
    throw configError(field, '{ on, do }, { negotiate } or { certificate }', value);
  refuseUnknownKeys(field, fault, ['on', 'do', 'ending']);
  return readAction(field, fault, side);
}

function readName(field: string, name: string, side: TlsSide): TlsFault {
  const found = presetNamed(name);
  if (found === undefined) {
    throw refusal(field, `${field}: no fault is named "${name}"${suggestion(name, tlsFaultNames)}`);
  }
  if (found.side === side) return found.fault;
  const other = found.side === 'client' ? 'client' : 'listener';
  throw refusal(field, `${field}: "${name}" is a fault of a ${other}`);
}

function readAction(field: string, fault: Record<string, unknown>, side: TlsSide): TlsActionFault {
  const on = readPhase(`${field}.on`, fault['on']);
  const action = readDo(`${field}.do`, fault['do']);
  const { ending } = fault;
  if (action === 'omitCloseNotify' && on !== 'closing') {
    throw configError(`${field}.on`, '"closing" for omitCloseNotify', on);
  }
  if (action === 'echoHello' && (side === 'client' || on !== 'clientHello')) {
    throw configError(`${field}.do`, 'echoHello only at a listener, on "clientHello"', action);
  }
  return {
    on,
    do: action,
    ...(ending !== undefined && {
      ending: readOneOf(`${field}.ending`, ending, ['stall', 'fin', 'rst']),
    }),
  };
}

function readPhase(field: string, value: unknown): TlsPhase {
  if (typeof value === 'object' && value !== null && ('record' in value || 'byte' in value)) {
    throw refusal(field, `${field}: places within records are for a proxy; an end takes a phase`);
  }
  return readOneOf(field, value, tlsPhases);
}

function readDo(field: string, value: unknown): TlsAction {
  const name = typeof value === 'string' ? value : onlyKeyOf(field, value);
  if (proxyActions.includes(name)) {
    throw refusal(field, `${field}: ${name} is about the records of a peer, which takes a proxy`);
  }
  return readTlsAction(field, value);
}

/** Reads an action that is not about the records of a peer. @throws TcpError `ECONFIG` */
export function readTlsAction(field: string, value: unknown): TlsAction {
  const name = typeof value === 'string' ? value : onlyKeyOf(field, value);
  if (typeof value === 'string') return readOneOf(field, value, wholeActions);
  const options = readObject(field, value);
  if (name === 'alert') return readAlert(field, options);
  const known = Object.keys(actionReaders);
  refuseUnknownKeys(field, options, [...known, 'alert']);
  const read = actionReaders[name];
  if (read === undefined) throw configError(field, 'an action', value);
  return read(`${field}.${name}`, options[name]);
}

function onlyKeyOf(field: string, value: unknown): string {
  const keys = Object.keys(readObject(field, value)).filter((key) => key !== 'level');
  const [key] = keys;
  if (key === undefined || keys.length > 1) throw configError(field, 'one action', value);
  return key;
}

function readAlert(field: string, options: Record<string, unknown>): TlsAction {
  refuseUnknownKeys(field, options, ['alert', 'level']);
  const { alert, level } = options;
  const read =
    level === undefined
      ? {}
      : { level: readOneOf(`${field}.level`, level, ['fatal', 'warning'] as const) };
  if (typeof alert === 'number') {
    return { alert: readUpTo(`${field}.alert`, alert, 255), ...read };
  }
  const names = Object.keys(alertNumbers);
  if (typeof alert !== 'string' || !names.includes(alert)) {
    const near = typeof alert === 'string' ? suggestion(alert, names) : '';
    throw configError(`${field}.alert`, `the name or number of an alert${near}`, alert);
  }
  return { alert: alert as AlertName, ...read };
}

function readUpTo(field: string, value: unknown, most: number): number {
  if (readCount(field, value) <= most) return value as number;
  throw configError(field, `a whole number from 0 to ${most}`, value);
}

function readInjected(field: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string' && /^(?:[0-9a-f]{2})*$/i.test(value)) {
    return Buffer.from(value, 'hex');
  }
  throw configError(field, 'bytes, or pairs of hex digits', value);
}
