/** What one event of a trace is in a wire log. */
import type { WireEvent } from '../network/wire-event';
import type { PlainVerb, ScriptEvent } from './script';
import type { WirePair } from './wire-pairs';
import { errorWords } from './wire-words';

/** What stands behind time and number of a line. */
export type WireLogBody =
  /** `<`: sent by the accepting side; `>`: sent by the dialling side. */
  | { readonly kind: 'bytes'; readonly sign: '<' | '>'; readonly bytes: Uint8Array }
  /** Bytes of which the trace kept only the length. */
  | { readonly kind: 'length'; readonly sign: '<' | '>'; readonly length: number }
  | { readonly kind: 'event'; readonly event: ScriptEvent; readonly comment?: string };

/** What is known of one connection while its lines are written. */
export interface PairState {
  opened: boolean;
  /** Indexes of the last bytes in each direction, which tell a half-close from a close. */
  lastOut: number;
  lastIn: number;
  /** Directions in which some end reports a RST, anywhere in the trace. */
  readonly resets: Set<WireEvent['direction']>;
  /** Whether a line has told of a RST. */
  isReset: boolean;
  readonly failures: Set<string>;
}

/** Told at the first report of either end, so that it stands before the first byte. */
export function opening(state: PairState, pair: WirePair): WireLogBody | undefined {
  if (state.opened) return undefined;
  state.opened = true;
  return verb(pair.accepted === undefined ? 'connect' : 'accept');
}

export function bytesOf(event: WireEvent): WireLogBody | undefined {
  const sign = event.direction === 'out' ? '>' : '<';
  const { bytes, length = 0 } = event;
  if ((bytes?.byteLength ?? length) === 0) return undefined;
  return bytes === undefined ? { kind: 'length', sign, length } : { kind: 'bytes', sign, bytes };
}

/**
 * On the wire a half-close is a close; it was one when the other side went on sending. A FIN of
 * which the kernel may have made a RST was none when the other end met a RST.
 */
export function finOf(event: WireEvent, state: PairState): WireLogBody | undefined {
  const isRst = event.detail?.['mayBeReset'] === true && state.resets.has(event.direction);
  if (isRst || state.isReset) return undefined;
  if (event.direction === 'out') {
    return verb(state.lastIn > event.index ? 'peer half-closes' : 'peer closes');
  }
  return verb(state.lastOut > event.index ? 'half-close' : 'close');
}

/** An error that says again what the wire has shown is left out. */
export function errorOf(event: WireEvent, state: PairState): WireLogBody | undefined {
  const words = errorWords(event);
  if (words === 'connection reset' && state.resets.size > 0) return undefined;
  if (words === 'timeout' && state.failures.size > 0) return undefined;
  return failure(state, words);
}

export function failure(
  state: PairState,
  words: string,
  comment?: string,
): WireLogBody | undefined {
  if (words === 'connection refused' && state.failures.has(words)) return undefined;
  state.failures.add(words);
  const event: ScriptEvent = { verb: 'error', words };
  return { kind: 'event', event, ...(comment === undefined ? {} : { comment }) };
}

export function markOf(event: WireEvent): WireLogBody | undefined {
  const text = event.kind === 'note' ? event.detail?.['mark'] : undefined;
  if (text === undefined) return undefined;
  return { kind: 'event', event: { verb: 'mark', text: String(text) } };
}

export function verb(name: PlainVerb, comment?: string): WireLogBody {
  return { kind: 'event', event: { verb: name }, ...(comment === undefined ? {} : { comment }) };
}

/** Why there was a RST, unless the reason says only that there was one. */
export function reasonOf(event: WireEvent): string | undefined {
  const reason = commentOf(event.detail?.['reason']);
  return reason === undefined || /^resetAndDestroy$|\bECONNRESET$/.test(reason)
    ? undefined
    : reason;
}

export function commentOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
