import type { WireEvent } from '../network/wire-event';

/** @source https://github.com/tlswg/sslkeylogfile */
const form =
  /^(?:CLIENT_RANDOM|CLIENT_HANDSHAKE_TRAFFIC_SECRET|SERVER_HANDSHAKE_TRAFFIC_SECRET|CLIENT_TRAFFIC_SECRET_0|SERVER_TRAFFIC_SECRET_0|EXPORTER_SECRET) [0-9a-fA-F]{64} [0-9a-fA-F]+$/;

/** The line of a TLS key log that an event carries: kind `tls`, detail `event: 'keylog'` and `line`. */
export function keyLogLineOf({ kind, detail }: WireEvent): string | undefined {
  if (kind !== 'tls' || detail?.['event'] !== 'keylog') return undefined;
  const line = String(detail['line'] ?? '').trim();
  return form.test(line) ? line : undefined;
}

/** The lines of a text that are those of a key log; comments and unknown labels are dropped. */
export function keyLogLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => form.test(line));
}
