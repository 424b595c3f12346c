/** What property tests of captures draw: events of any kind, and conversations that could have been. */
import fc from 'fast-check';
import { eventKinds } from '../../../src/capture/trace-lines';
import type { WireEvent, WireEventInput } from '../../../src/network/wire-event';
import { createTrace, type WorldTrace } from '../../../src/network/world/trace';

const text = fc.oneof(
  fc.constantFrom('c1', 's1', '', 'client alice', 'a "b"\n\u2028', '\u00e4\u{1f600}'),
  fc.string({ maxLength: 12 }),
);
const bytes = fc.uint8Array({ maxLength: 64 });
const address = fc.record({
  host: fc.constantFrom('127.0.0.1', '10.0.0.2', '::1'),
  port: fc.integer({ min: 0, max: 65_535 }),
});

/** Any event that a trace takes, with the microseconds that pass before it. */
export const anyEvent: fc.Arbitrary<{ input: WireEventInput; afterUs: number }> = fc
  .record({
    connection: fc.constantFrom('', 'c1', 's1', 'c2', 'c1+tls'),
    from: text,
    to: text,
    direction: fc.constantFrom('out' as const, 'in' as const, '-' as const),
    kind: fc.constantFrom(...eventKinds),
    bytes: fc.option(bytes, { nil: undefined }),
    length: fc.option(fc.nat(), { nil: undefined }),
    stream: fc.option(fc.nat(), { nil: undefined }),
    cause: fc.option(fc.nat(), { nil: undefined }),
    local: fc.option(address, { nil: undefined }),
    detail: fc.option(
      fc.dictionary(fc.string({ maxLength: 6 }), fc.oneof(text, fc.integer(), fc.boolean()), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      { nil: undefined },
    ),
    afterUs: fc.nat({ max: 2_000_000 }),
  })
  .map(({ afterUs, bytes, length, stream, cause, local, detail, ...input }) => ({
    afterUs,
    input: {
      ...input,
      ...(bytes === undefined ? length !== undefined && { length } : { bytes }),
      ...(stream !== undefined && { stream }),
      ...(cause !== undefined && { cause }),
      ...(local !== undefined && {
        local: { ...local, family: local.host.includes(':') ? 'IPv6' : 'IPv4' },
      }),
      ...(detail !== undefined && { detail }),
    } as WireEventInput,
  }));

/** A trace that was told of these events. */
export function traceOf(
  events: readonly { readonly input: WireEventInput; readonly afterUs: number }[],
  options: Parameters<typeof createTrace>[0] = { mode: 'full' },
): WorldTrace {
  const trace = createTrace(options);
  let nowUs = 0;
  trace.useClock(() => nowUs);
  for (const { input, afterUs } of events) {
    nowUs += afterUs;
    trace.add(input);
  }
  return trace;
}

/** Events with their bytes as Buffers, so that two lists can be compared. */
export function comparable(events: readonly WireEvent[]): WireEvent[] {
  return events.map((event) =>
    event.bytes === undefined ? event : { ...event, bytes: Buffer.from(event.bytes) },
  );
}
