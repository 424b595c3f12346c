import type { WireEvent } from '../network/wire-event';
import { noteMasked } from './masked-spans';
import type { Redaction } from './redaction';

/**
 * Copies of events in which bytes and texts are masked.
 *
 * Each end's report of a direction is a stream of its own. Digests are left out: that of a short
 * secret gives it away. Where masks are, `maskedIn` tells. What follows the start of TLS is cipher text and stays as it is.
 */
export function redactEvents(events: readonly WireEvent[], redaction: Redaction): WireEvent[] {
  const streams = new Map<string, ReturnType<Redaction['stream']>>();
  const encrypted = new Set<string>();
  const masked = events.map((event) => {
    if (event.kind === 'tls') encrypted.add(event.connection);
    const { digest: _digest, detail, ...rest } = event;
    const copy = {
      ...rest,
      ...(detail !== undefined && { detail: maskTexts(detail, redaction) }),
    };
    if (event.bytes === undefined || encrypted.has(event.connection)) return copy;
    const key = `${event.connection} ${event.direction} ${event.kind}`;
    const stream = streams.get(key) ?? redaction.stream(noteMasked);
    streams.set(key, stream);
    const bytes = new Uint8Array(event.bytes);
    stream.add(bytes);
    return { ...copy, bytes };
  });
  for (const stream of streams.values()) stream.end();
  return masked;
}

function maskTexts(
  detail: NonNullable<WireEvent['detail']>,
  redaction: Redaction,
): NonNullable<WireEvent['detail']> {
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [
      key,
      typeof value === 'string' ? redaction.text(value) : value,
    ]),
  );
}
