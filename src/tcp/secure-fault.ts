/** The option `tlsFault`: what it changes about TLS on one end, and what stands in its place. */
import { refusal } from '../base/errors';
import { readOneOf } from '../base/option-reader';
import type { Certificate } from '../certs/certificate';
import type { PresetName } from '../certs/preset-names';
import { EndpointFault } from '../faults/tls-endpoint-fault';
import { layerOf, needsEndpoint, type TlsActionFault, type TlsFault } from '../faults/tls-fault';
import { readTlsFault } from '../faults/tls-fault-reader';
import { negotiated } from '../faults/tls-negotiation';
import { respond } from '../faults/tls-responder';
import type { Connection } from '../network/connection';
import type { SecuredConnection } from '../network/tls-info';
import type { PreparedTls, StartTlsOptions, TlsSettings, TlsSide } from '../network/tls-settings';
import type { World } from '../network/world';
import { type CertKey, isIssued, keyOf, withMaterial } from './key-material';
import type { KeyStore } from './key-stores';

/**
 * What an end shows in place of its own certificate: another one, `none`, or what its authority
 * issues under a preset.
 */
export type FaultCertificate = CertKey | KeyStore | Certificate | PresetName | 'none';

/** An end with a fault of layer A. */
export interface FaultyEnd {
  readonly settings: TlsSettings;
  /** What to trust of an authority that was made for the fault, PEM. */
  readonly trustAnchor?: string;
}

const field = 'secureSocket.tlsFault';

/**
 * Reads a fault. @throws TcpError `ECONFIG` - it is none, or none of this side
 *
 * @returns `undefined` when there is none
 */
export function readFault(value: unknown, side: TlsSide): TlsFault | undefined {
  if (value === undefined) return undefined;
  const fault = readTlsFault(field, value, side);
  if ('certificate' in fault && typeof fault.certificate === 'string') {
    const { presetNames } =
      require('../certs/preset-names') as typeof import('../certs/preset-names');
    // How long would that be?
    const known = presetNames.filter((name) => name !== 'expiresIn');
    readOneOf(`${field}.certificate`, fault.certificate, ['none', ...known]);
  }
  return fault;
}

/**
 * The settings of an end with a fault of layer A.
 *
 * @param shown - `key` as it was given: where an authority has issued it, that one issues presets too
 */
export async function faulty(
  side: TlsSide,
  settings: TlsSettings,
  fault: TlsFault | undefined,
  network: 'real' | 'simulated',
  shown: unknown,
): Promise<FaultyEnd> {
  if (fault === undefined || layerOf(fault) !== 'A') return { settings };
  if ('negotiate' in fault) return { settings: negotiated(settings, fault.negotiate) };
  if (!('certificate' in fault)) return { settings };
  const { certificate } = fault;
  if (certificate === 'none') {
    const { key: _own, ...rest } = settings;
    return { settings: rest };
  }
  if (typeof certificate !== 'string') {
    const material = await keyOf('tlsFault.certificate', certificate, network);
    return { settings: withMaterial(settings, material) };
  }
  const issued = await issuePreset(side, certificate as PresetName, network, shown);
  const material = await keyOf('tlsFault.certificate', issued, network);
  return { settings: withMaterial(settings, material), trustAnchor: issued.trust().pem };
}

async function issuePreset(
  side: TlsSide,
  preset: PresetName,
  network: 'real' | 'simulated',
  shown: unknown,
): Promise<Certificate> {
  const { issueAgain } = require('../certs/presets') as typeof import('../certs/presets');
  const again = isIssued(shown) ? await issueAgain(shown, preset) : undefined;
  if (again !== undefined) return again;
  if (side === 'client') {
    const reason = `"${preset}" takes the authority that has issued key, and none has`;
    throw refusal(`${field}.certificate`, `${field}.certificate: ${reason}`);
  }
  const { Authority } = require('../certs/authority') as typeof import('../certs/authority');
  const own = await Authority.create({ key: network === 'simulated' ? 'ed25519' : 'ec' });
  return await own.issue({ names: ['localhost', '127.0.0.1', '::1'], preset });
}

/** TLS with a fault of layer B below it, if there is one. @throws what `startTls` throws */
export function startFaulty(
  { network }: World,
  raw: Connection,
  tls: PreparedTls,
  fault: TlsFault | undefined,
  options: StartTlsOptions = {},
): Promise<SecuredConnection> {
  if (fault === undefined || !('on' in fault)) return network.startTls(raw, tls, options);
  const { clientAuth = 'none' } = tls.settings;
  const gate = new EndpointFault(fault, clientAuth !== 'none');
  return network.startTls(raw, tls, { ...options, gate });
}

/** The fault that answers a connection with no TLS at all behind it. */
export function answeredBy(fault: TlsFault | undefined): TlsActionFault | undefined {
  return fault !== undefined && 'on' in fault && !needsEndpoint(fault) ? fault : undefined;
}

/** Answers a connection without TLS. Resolves when it has closed. */
export function answerWithout(
  { clock, trace }: World,
  raw: Connection,
  fault: TlsActionFault,
): Promise<void> {
  return respond(
    {
      raw,
      side: 'server',
      clock,
      write: (bytes, done) => raw.write(bytes, done),
      tell(detail) {
        if (!trace.active) return;
        const { id: connection, label: from } = raw;
        trace.add({ connection, from, to: '', direction: '-', kind: 'tls', detail });
      },
    },
    fault,
  );
}
