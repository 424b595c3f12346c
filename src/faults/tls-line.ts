import type { TlsLine } from '../network/tls-gate';

/** Long enough for bytes to arrive at a peer that reads, before a RST overtakes them; microseconds. */
const settleUs = 30_000;

/** Writes bytes, then stays silent, sends FIN or sends RST. */
export function leave(
  { raw, clock, write }: TlsLine,
  bytes: Uint8Array,
  ending: 'stall' | 'fin' | 'rst',
  settle: boolean = bytes.byteLength > 0,
): void {
  if (raw.destroyed) return;
  if (bytes.byteLength > 0) write(bytes);
  if (ending === 'fin') raw.end();
  if (ending !== 'rst') return;
  if (!settle) {
    raw.resetAndDestroy();
    return;
  }
  const timer = clock.after(settleUs, () => raw.resetAndDestroy(), `RST of ${raw.id}`);
  raw.once('close', () => timer.cancel());
}
