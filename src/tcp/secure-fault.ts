/** The option `tlsFault`: what it changes about TLS on one end, and what stands in its place. */
import { EndpointFault } from '../faults/tls-endpoint-fault';
import { layerOf, needsEndpoint, type TlsActionFault, type TlsFault } from '../faults/tls-fault';
import { readTlsFault } from '../faults/tls-fault-reader';
import { negotiated } from '../faults/tls-negotiation';
import { respond } from '../faults/tls-responder';
import type { Connection } from '../network/connection';
import type { SecuredConnection } from '../network/tls-info';
import type { PreparedTls, StartTlsOptions, TlsSettings, TlsSide } from '../network/tls-settings';
import type { World } from '../network/world';
import { keyOf, withMaterial } from './key-material';

/**
 * Reads a fault. @throws TcpError `ECONFIG` - it is none, or none of this side
 *
 * @returns `undefined` when there is none
 */
export function readFault(value: unknown, side: TlsSide): TlsFault | undefined {
  return value === undefined ? undefined : readTlsFault('secureSocket.tlsFault', value, side);
}

/** The settings of an end with a fault of layer A. */
export async function faulty(
  settings: TlsSettings,
  fault: TlsFault | undefined,
  network: 'real' | 'simulated',
): Promise<TlsSettings> {
  if (fault === undefined || layerOf(fault) !== 'A') return settings;
  if ('negotiate' in fault) return negotiated(settings, fault.negotiate);
  if (!('certificate' in fault)) return settings;
  return withMaterial(settings, await keyOf('tlsFault.certificate', fault.certificate, network));
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
