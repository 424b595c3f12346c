import { TcpError, tlsRefusal } from '../base/errors';
import type { TlsInfo } from '../network/tls-info';
import type { TlsSide } from '../network/tls-settings';
import { busyError } from './call-errors';
import { startFaulty } from './secure-fault';
import { readClientSecureSocket, readListenerSecureSocket, readSide } from './secure-socket';
import { closedError } from './system-error';
import type { Wire } from './wire';

const holder = { name: 'upgradeToTls' };

/** How a record of a handshake begins. */
const handshakeRecord = 0x16;

/**
 * Puts TLS on an open connection, in place.
 *
 * @throws TcpError `EBUSY` - a read or write waits, or an iterator or stream holds the connection
 * @throws TcpError `ETLSCONFIG` - the options cannot be used, or plain bytes are left that nobody read
 */
export async function upgradeToTls(wire: Wire, options: unknown): Promise<TlsInfo> {
  const side = readSide(options, wire.dialled === undefined ? 'server' : 'client');
  const secure =
    side === 'client' ? readClientSecureSocket(options) : readListenerSecureSocket(options);
  if (secure === undefined) {
    throw tlsRefusal('enable', 'upgradeToTls asks for TLS, and secureSocket.enable is false');
  }
  refuseUnlessIdle(wire);
  const release = hold(wire);
  try {
    const tls = await secure.prepare(wire.world.network);
    refuseUnlessOpen(wire);
    const head = greetingOf(wire, side, secure.discardPlain);
    const secured = await wire.underTls(() =>
      startFaulty(wire.world, wire.connection, tls, secure.fault, {
        ...(wire.dialled !== undefined && { host: wire.dialled }),
        head,
      }),
    );
    return secured.tls;
  } finally {
    release();
  }
}

function refuseUnlessIdle(wire: Wire): void {
  refuseUnlessOpen(wire);
  const { reader, writer } = wire;
  // A service that upgrades does so inside a callback of its own, which nothing else disturbs.
  const read = wire.consumed ? undefined : reader;
  const other = read ?? writer;
  if (other !== undefined) throw busyError('upgradeToTls', 'read', other.name, wire.facts());
  if (wire.intake.reads.waiting > 0) {
    throw busyError('upgradeToTls', 'read', 'a read that waits', wire.facts());
  }
  if (!wire.outlet.writes.idle) {
    throw busyError('upgradeToTls', 'write', 'a write that waits', wire.facts());
  }
}

function refuseUnlessOpen(wire: Wire): void {
  if (wire.writable && !wire.intake.finReceived && wire.tls === undefined) return;
  if (wire.tls !== undefined) {
    throw new TcpError(`upgradeToTls refused: ${wire.id} is under TLS already`, {
      ...wire.facts(),
      code: 'ESTATE',
      phase: 'config',
    });
  }
  throw closedError('upgradeToTls', 'write', wire.facts());
}

/** Keeps others from reading and writing meanwhile. */
function hold(wire: Wire): () => void {
  const { reader, writer } = wire;
  wire.reader = reader ?? holder;
  wire.writer = holder;
  return () => {
    wire.reader = reader;
    wire.writer = writer;
  };
}

/** What was read before and belongs to TLS. */
function greetingOf(wire: Wire, side: TlsSide, discard: boolean): Uint8Array {
  const { bytes } = wire.intake.reads;
  const rest = bytes.copy();
  const greeting = side === 'server' && (rest.length === 0 || rest[0] === handshakeRecord);
  if (rest.length > 0 && !greeting && !discard) {
    const facts = `${rest.length} B on ${wire.id}`;
    throw tlsRefusal('discardPlain', `plain bytes left before the TLS upgrade: ${facts}`);
  }
  bytes.clear();
  wire.intake.bytesRead -= rest.length;
  return greeting ? rest : Buffer.alloc(0);
}
