import type { Connection } from '../connection';
import type { StartTlsOptions } from '../tls-settings';
import type { OutcomeLog } from './outcome-log';
import { RecordTap } from './record-tap';
import type { TlsContext } from './tls-context';
import { type TlsHome, tellTls } from './tls-home';

/** Puts a tap, and a gate if there is one, on a connection; every record is told to the trace. */
export function openTap(
  home: TlsHome,
  raw: Connection,
  { side }: TlsContext,
  { gate, head }: StartTlsOptions,
  log: OutcomeLog,
  ended: () => void,
): RecordTap {
  const listener = {
    record: ({ index, type, version, length }, way) => {
      const phase = log.secured ? 'application' : 'handshake';
      tellTls(home, raw, { event: 'record', index, type, version, length, phase }, way);
    },
    ended,
  } satisfies ConstructorParameters<typeof RecordTap>[2];
  const tap = new RecordTap(raw, side, listener, gate);
  log.tap = tap;
  gate?.begin({
    raw,
    side,
    clock: home.clock,
    write: (bytes, done) => tap.put(bytes, done),
    tell: (detail) => tellTls(home, raw, detail),
  });
  tap.begin(head);
  return tap;
}
