/** Faults of TLS under names: what they are, and what each end of the connection tells of them. */
import type { TlsKind } from '../base/error-codes';
import { type AlertName, alertNumbers } from '../base/tls-alerts';
import type { TlsSide } from '../network/tls-settings';
import { layerOf, type TlsFault, type TlsFaultLayer } from './tls-fault';

/** A fault with a name. */
export interface TlsFaultPreset {
  readonly name: string;
  readonly fault: TlsFault<never>;
  readonly layer: TlsFaultLayer;
  /** Which end has the fault. */
  readonly side: TlsSide;
  /** What the other end tells, when nothing else is odd; `none` for no error. */
  readonly expect: TlsKind | 'none';
}

type Row = readonly [name: string, fault: TlsFault<never>, expect: TlsKind | 'none'];

/** Alerts whose meaning has a kind of its own. */
const alertKinds: Readonly<Partial<Record<AlertName, TlsKind>>> = {
  protocol_version: 'version-mismatch',
  certificate_required: 'client-cert-missing',
  no_application_protocol: 'no-alpn',
  close_notify: 'closed-in-handshake',
};

const alerts: readonly Row[] = Object.keys(alertNumbers).map((name) => {
  const alert = name as AlertName;
  const fault = { on: 'clientHello', do: { alert } } as const;
  return [`alert-${alert.replaceAll('_', '-')}`, fault, alertKinds[alert] ?? 'alert-received'];
});

const atListeners: readonly Row[] = [
  ['stall-at-accept', { on: 'accept', do: 'stall' }, 'handshake-timeout'],
  ['fin-at-accept', { on: 'accept', do: 'fin' }, 'closed-in-handshake'],
  ['rst-at-accept', { on: 'accept', do: 'rst' }, 'reset-in-handshake'],
  ['stall', { on: 'clientHello', do: 'stall' }, 'handshake-timeout'],
  ['fin', { on: 'clientHello', do: 'fin' }, 'closed-in-handshake'],
  ['rst', { on: 'clientHello', do: 'rst' }, 'reset-in-handshake'],
  ['garbage', { on: 'clientHello', do: 'garbage' }, 'not-tls'],
  ['plaintext-http', { on: 'clientHello', do: 'plaintextHttp' }, 'not-tls'],
  ['plaintext-smtp', { on: 'accept', do: 'plaintextSmtp' }, 'not-tls'],
  ['echo-hello', { on: 'clientHello', do: 'echoHello' }, 'bad-message'],
  ['empty-record', { on: 'clientHello', do: 'emptyRecord' }, 'handshake-timeout'],
  ['record-too-long', { on: 'clientHello', do: { recordLength: 0xffff } }, 'bad-record'],
  ['record-ssl3', { on: 'clientHello', do: { recordVersion: 0x0300 } }, 'bad-message'],
  ['record-unknown-version', { on: 'clientHello', do: { recordVersion: 0x0909 } }, 'not-tls'],
  ['application-data-first', { on: 'clientHello', do: { recordType: 23 } }, 'bad-message'],
  ['change-cipher-first', { on: 'clientHello', do: { recordType: 20 } }, 'bad-message'],
  ['alert-undefined', { on: 'clientHello', do: { alert: 250 } }, 'handshake-timeout'],
  [
    'alert-undefined-then-fin',
    { on: 'clientHello', do: { alert: 250 }, ending: 'fin' },
    'closed-in-handshake',
  ],
  [
    'alert-warning',
    { on: 'clientHello', do: { alert: 'unrecognized_name', level: 'warning' } },
    'handshake-timeout',
  ],
  ...alerts,
  ['stall-after-server-hello', { on: 'serverHello', do: 'stall' }, 'handshake-timeout'],
  ['fin-after-server-hello', { on: 'serverHello', do: 'fin' }, 'closed-in-handshake'],
  ['rst-after-server-hello', { on: 'serverHello', do: 'rst' }, 'reset-in-handshake'],
  ['garbage-after-server-hello', { on: 'serverHello', do: 'garbage' }, 'bad-record'],
  ['stall-after-certificate', { on: 'certificate', do: 'stall' }, 'handshake-timeout'],
  ['fin-after-certificate', { on: 'certificate', do: 'fin' }, 'closed-in-handshake'],
  ['rst-after-certificate', { on: 'certificate', do: 'rst' }, 'reset-in-handshake'],
  ['cut-server-hello', { on: 'clientHello', do: 'cutMidRecord' }, 'closed-in-handshake'],
  [
    'cut-server-hello-then-rst',
    { on: 'clientHello', do: 'cutMidRecord', ending: 'rst' },
    'reset-in-handshake',
  ],
  ['cut-certificate', { on: 'serverHello', do: 'cutMidRecord' }, 'closed-in-handshake'],
  ['fragment', { on: 'accept', do: { fragment: 1 } }, 'none'],
  ['drip', { on: 'accept', do: { drip: { bytes: 16, every: '1ms' } } }, 'none'],
  ['slow-drip', { on: 'accept', do: { drip: { bytes: 1, every: '1min' } } }, 'handshake-timeout'],
  ['delay', { on: 'clientHello', do: { delay: '50ms' } }, 'none'],
  ['omit-close-notify', { on: 'closing', do: 'omitCloseNotify' }, 'truncated'],
  ['cut-data', { on: 'application', do: 'cutMidRecord' }, 'truncated'],
  ['plain-alert-under-tls', { on: 'application', do: { alert: 'internal_error' } }, 'bad-record'],
  ['hello-retry', { negotiate: { helloRetry: true } }, 'none'],
  ['small-records', { negotiate: { maxSendFragment: 512 } }, 'none'],
  ['forget-sessions', { negotiate: { tickets: 'reject' } }, 'none'],
  ['refuse-name', { negotiate: { sni: 'refuse' } }, 'closed-in-handshake'],
  ['stall-on-name', { negotiate: { sni: 'stall' } }, 'handshake-timeout'],
  ['other-protocol', { negotiate: { alpn: ['none-of-yours'] } }, 'no-alpn'],
];

/** A record that is TLS and asks for SSL 3.0 in its ClientHello. */
const oldHello = `160300 002d 01 000029 0300 ${'00'.repeat(32)} 00 0002 0035 01 00`;

const atClients: readonly Row[] = [
  ['client-stall-at-once', { on: 'accept', do: 'stall' }, 'handshake-timeout'],
  ['client-fin-at-once', { on: 'accept', do: 'fin' }, 'closed-in-handshake'],
  ['client-rst-at-once', { on: 'accept', do: 'rst' }, 'reset-in-handshake'],
  ['client-half-hello', { on: 'accept', do: 'cutMidRecord', ending: 'stall' }, 'handshake-timeout'],
  ['client-half-hello-then-fin', { on: 'accept', do: 'cutMidRecord' }, 'closed-in-handshake'],
  [
    'client-half-hello-then-rst',
    { on: 'accept', do: 'cutMidRecord', ending: 'rst' },
    'reset-in-handshake',
  ],
  [
    'client-http',
    { on: 'accept', do: { inject: Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex') } },
    'not-tls',
  ],
  [
    'client-ssh',
    { on: 'accept', do: { inject: Buffer.from('SSH-2.0-OpenSSH_9.6\r\n').toString('hex') } },
    'not-tls',
  ],
  ['client-garbage', { on: 'accept', do: 'garbage' }, 'not-tls'],
  [
    'client-ssl3-hello',
    { on: 'accept', do: { inject: oldHello.replaceAll(' ', '') } },
    'version-mismatch',
  ],
  ['client-record-too-long', { on: 'accept', do: { recordLength: 0x3fff } }, 'handshake-timeout'],
  ['client-fragment', { on: 'accept', do: { fragment: 1 } }, 'none'],
  ['client-drip', { on: 'accept', do: { drip: { bytes: 16, every: '1ms' } } }, 'none'],
  ['client-stall', { on: 'clientHello', do: 'stall' }, 'handshake-timeout'],
  ['client-fin', { on: 'clientHello', do: 'fin' }, 'closed-in-handshake'],
  ['client-rst', { on: 'clientHello', do: 'rst' }, 'reset-in-handshake'],
  ['client-garbage-after-hello', { on: 'clientHello', do: 'garbage' }, 'bad-record'],
  ['client-alert', { on: 'clientHello', do: { alert: 'unknown_ca' } }, 'alert-received'],
  ['client-stall-before-finished', { on: 'serverHello', do: 'stall' }, 'handshake-timeout'],
  ['client-fin-before-finished', { on: 'serverHello', do: 'fin' }, 'closed-in-handshake'],
  ['client-omit-close-notify', { on: 'closing', do: 'omitCloseNotify' }, 'truncated'],
];

const presetOf =
  (side: TlsSide) =>
  ([name, fault, expect]: Row): TlsFaultPreset => ({
    name,
    fault,
    layer: layerOf(fault),
    side,
    expect,
  });

/** All named faults, those of listeners first. */
export const tlsFaultPresets: readonly TlsFaultPreset[] = [
  ...atListeners.map(presetOf('server')),
  ...atClients.map(presetOf('client')),
];

const byName = new Map(tlsFaultPresets.map((preset) => [preset.name, preset]));

/** The names, for those who have misspelt one. */
export const tlsFaultNames: readonly string[] = [...byName.keys()];

/** The fault of a name. */
export function presetNamed(name: string): TlsFaultPreset | undefined {
  return byName.get(name);
}
