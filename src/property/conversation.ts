import fc, { type Arbitrary } from 'fast-check';
import type { Duration } from '../base/duration';
import type { Plan, PlannedCut, PlannedFault } from '../simulation/plan';
import { bytes } from './arbitraries/bytes';
import { cuts } from './arbitraries/cuts';
import { type FaultKind, faultSchedule } from './arbitraries/faults';
import { pause } from './arbitraries/pauses';

/** One thing a client does. */
export type Turn =
  | { readonly do: 'send'; readonly bytes: Uint8Array }
  | { readonly do: 'pass'; readonly ms: number };

/** What one client does, and what the network does to it meanwhile. */
export interface Conversation {
  readonly turns: readonly Turn[];
  readonly cuts: readonly PlannedCut[];
  readonly faults: readonly PlannedFault[];
  /** Milliseconds that every segment is on its way. */
  readonly latency: number;
}

/** What {@link conversation} generates. */
export interface ConversationOptions {
  /** At most so many turns; default 8. */
  readonly maxTurns?: number;
  /** Longest message, in bytes; default 64. */
  readonly maxMessage?: number;
  /** What is sent; default {@link bytes}. */
  readonly message?: Arbitrary<Uint8Array>;
  /** Longest pause between two messages; default `'10s'`; `0` for none. */
  readonly maxPause?: Duration;
  /** Faults of the network that may happen; default none. */
  readonly faults?: readonly FaultKind[];
}

/**
 * Conversations of one client: messages and pauses, cut into segments and met by faults.
 *
 * Shrinks towards one short message, whole, without a pause, a fault or latency.
 *
 * @source docs/fuzzing.md#what-is-generated
 */
export function conversation(options: ConversationOptions = {}): Arbitrary<Conversation> {
  const { maxTurns = 8, maxMessage = 64, maxPause = '10s', faults = [] } = options;
  const message = options.message ?? bytes({ min: 1, max: maxMessage });
  const send = message.map((sent): Turn => ({ do: 'send', bytes: sent }));
  const pass = pause(maxPause).map((ms): Turn => ({ do: 'pass', ms }));
  const turn = fc.oneof(
    { withCrossShrink: true },
    { arbitrary: send, weight: 3 },
    { arbitrary: pass, weight: 1 },
  );
  return fc.record({
    turns: fc.array(turn, { minLength: 1, maxLength: maxTurns }),
    cuts: cuts({ messages: maxTurns }),
    faults: faultSchedule({ kinds: faults }),
    latency: fc.constantFrom(0, 1, 20),
  });
}

/** Everything that is sent, one behind the other. */
export function sentBytes({ turns }: Conversation): Buffer {
  return Buffer.concat(turns.flatMap((turn) => (turn.do === 'send' ? [turn.bytes] : [])));
}

/** What the network of a conversation is. */
export function planOf({ cuts: cut, faults, latency }: Conversation): Plan {
  return {
    v: 1,
    ...(latency > 0 && { links: [{ from: '*', to: '*', latency: `${latency}ms` }] }),
    ...(cut.length > 0 && { cuts: cut }),
    ...(faults.length > 0 && { faults }),
  };
}

/** Whether something other than cuts and time happens to it. */
export function isBroken({ faults }: Conversation): boolean {
  return faults.length > 0;
}
