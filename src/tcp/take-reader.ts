import { busyError } from './call-errors';
import type { ConnectionService } from './service';
import { checkConnectionService } from './service-shape';
import type { Wire } from './wire';
import type { Holder } from './wire-settings';

const onBytes: Holder = { name: 'onBytes' };

/**
 * Gives the reader of a connection to what `onConnect` answered.
 *
 * @returns `undefined` when it answered nothing: then the reader stays with whoever holds the Caller
 * @throws TcpError `ECONFIG` - it is no ConnectionService
 * @throws TcpError `EBUSY` - an iterator or a stream that onConnect started holds the reader
 */
export function takeReader(wire: Wire, answer: unknown): ConnectionService | undefined {
  if (answer === undefined || answer === null) return undefined;
  checkConnectionService(answer);
  if (wire.reader !== undefined) {
    throw busyError(onBytes.name, 'read', wire.reader.name, wire.facts());
  }
  wire.reader = onBytes;
  const { reads } = wire.intake;
  if (reads.waiting > 0) {
    reads.rejectWaiting(() => busyError('read', 'read', onBytes.name, wire.facts()));
  }
  return answer as ConnectionService;
}
