/** What property tests of captures draw: events of any kind, and conversations that could have been. */
import fc from 'fast-check';
import type { WireEvent, WireEventInput } from '../../../src/network/wire-event';
import { eventKinds } from '../../../src/network/world/event-kinds';
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

/** What one connection does, in order. */
export type ConversationStep =
  | { readonly do: 'send'; readonly out: boolean; readonly bytes: Uint8Array }
  | { readonly do: 'fin' | 'rst'; readonly out: boolean };

/** Which ends are in the trace. */
export type Ends = 'both' | 'dialled' | 'accepted';

/** A run of several connections, and what must be read back of each. */
export interface Run {
  readonly network: 'real' | 'simulated';
  readonly conversations: readonly {
    readonly ends: Ends;
    readonly steps: readonly ConversationStep[];
  }[];
  /** Whose turn it is, by number of the conversation, modulo those that are left. */
  readonly turns: readonly number[];
}

function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7) ^ (index >> 8));
}

const step: fc.Arbitrary<ConversationStep> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      out: fc.boolean(),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        // More than is copied, and more than one segment.
        fc.constantFrom(1_460, 4_096, 4_097, 9_000).map(patterned),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fin' as const), out: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rst' as const), out: fc.boolean() }) },
);

/** Only what TCP allows: nothing behind a RST or two FINs, no byte of an end behind its own. */
function allowed(steps: readonly ConversationStep[]): ConversationStep[] {
  const ended = new Set<boolean>();
  const kept: ConversationStep[] = [];
  for (const step of steps) {
    if (ended.size === 2) break;
    if (ended.has(step.out) && step.do !== 'rst') continue;
    kept.push(step);
    if (step.do === 'fin') ended.add(step.out);
    if (step.do === 'rst') break;
  }
  return kept;
}

export const anyRun: fc.Arbitrary<Run> = fc
  .record({
    network: fc.constantFrom('real' as const, 'simulated' as const),
    conversations: fc.array(
      fc.record({
        ends: fc.constantFrom<Ends>('both', 'dialled', 'accepted'),
        steps: fc.array(step, { maxLength: 12 }).map(allowed),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    turns: fc.array(fc.nat(), { maxLength: 60 }),
  })
  .map((run) => ({
    ...run,
    // A simulated world sees both ends of everything.
    conversations: run.conversations.map((conversation) =>
      run.network === 'real' ? conversation : { ...conversation, ends: 'both' as const },
    ),
  }));

/** The events that a world would have told of a run. */
export function eventsOf(run: Run): readonly WireEvent[] {
  const trace = createTrace({ mode: 'full' });
  let nowUs = 0;
  trace.useClock(() => nowUs);
  const tellers = run.conversations.map(({ ends }, index) => new Teller(trace, index + 1, ends));
  const left = run.conversations.map(({ steps }) => [...steps]);
  for (const teller of tellers) teller.open();
  let turn = 0;
  while (left.some((steps) => steps.length > 0)) {
    const open = left.flatMap((steps, index) => (steps.length > 0 ? [index] : []));
    const pick = open[(run.turns[turn++] ?? turn) % open.length] ?? 0;
    const next = left[pick]?.shift();
    nowUs += (run.turns[turn] ?? 3) % 5;
    if (next !== undefined) tellers[pick]?.tell(next);
  }
  for (const teller of tellers) teller.close();
  return trace.events;
}

/** Tells the trace what the ends of one connection see. */
class Teller {
  readonly #trace: WorldTrace;
  readonly #number: number;
  readonly #ends: Ends;
  readonly #sent = { out: 0, in: 0 };

  constructor(trace: WorldTrace, number: number, ends: Ends) {
    this.#trace = trace;
    this.#number = number;
    this.#ends = ends;
  }

  open(): void {
    const client = { host: '127.0.0.1', port: 40_000 + this.#number, family: 'IPv4' } as const;
    const server = { host: '127.0.0.1', port: 80, family: 'IPv4' } as const;
    const dialled = { local: client, remote: server };
    this.#add('dialled', { direction: 'out', kind: 'syn', ...dialled });
    this.#add('accepted', { direction: 'out', kind: 'accepted', local: server, remote: client });
    this.#add('dialled', { direction: 'in', kind: 'established', ...dialled });
  }

  tell(step: ConversationStep): void {
    const direction = step.out ? 'out' : 'in';
    const [sender, receiver] = step.out
      ? (['dialled', 'accepted'] as const)
      : (['accepted', 'dialled'] as const);
    if (step.do !== 'send') {
      this.#add(sender, { direction, kind: step.do });
      this.#add(receiver, { direction, kind: step.do });
      return;
    }
    const { bytes } = step;
    const stream = this.#sent[direction];
    this.#sent[direction] += bytes.length;
    this.#add(sender, { direction, kind: 'write', bytes, stream });
    this.#add(receiver, { direction, kind: 'data', bytes, stream });
  }

  close(): void {
    for (const end of ['dialled', 'accepted'] as const) {
      this.#add(end, { direction: '-', kind: 'close' });
    }
  }

  #add(
    end: 'dialled' | 'accepted',
    facts: Omit<WireEventInput, 'connection' | 'from' | 'to'>,
  ): void {
    if (this.#ends !== 'both' && this.#ends !== end) return;
    const connection = `${end === 'dialled' ? 'c' : 's'}${this.#number}`;
    this.#trace.add({ connection, from: end, to: 'peer', ...facts });
  }
}
