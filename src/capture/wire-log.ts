/**
 * The wire log: what was on the wire, as the text of a script.
 *
 * `wireLogOf` prints a trace; `readWireLog` reads such a text back as a script, and
 * `script-compare.ts` compares the two. Whose report of a byte counts is in `wire-belief.ts`, what
 * becomes of which event in `wire-log-lines.ts`.
 *
 * @source docs/scripts.md#reading-a-log
 */
import { literalOf } from '../base/byte-literal-printer';
import { refusal } from '../base/errors';
import type { WireEvent } from '../network/wire-event';
import type { Script, ScriptLine, TurnHead } from './script';
import { parseScript, type ScriptSource } from './script-parser';
import type { NetworkKind } from './wire-belief';
import { type WireLogLine, wireLogLines } from './wire-log-lines';
import { maskLines } from './wire-log-mask';
import { printLogLines, shortenedMark, type WireLogLayout } from './wire-log-printer';

/** What of a trace is shown, and how. */
export interface WireLogOptions extends WireLogLayout {
  /** Of the world that wrote the trace; says whose reports count. Default `real`. */
  readonly network?: NetworkKind;
  /** Ids of the connections to show, such as `c1`; either end names both. Default: all. */
  readonly connections?: readonly string[];
  /** The beginning, in microseconds of the world's clock. Default: the first event of the trace. */
  readonly startUs?: number;
  /** Masks the whole stream of one direction before it is cut into lines; keeps its length. */
  readonly mask?: (stream: Uint8Array) => Uint8Array;
}

/**
 * A trace as text, one line an event, ended by LF: `>` is what the dialling side sent, `<` what
 * came back, `*` everything else. Each byte appears once, although both ends may have reported it.
 *
 * With every payload whole the text is a script. A log that lacks bytes begins with the comment
 * `# shortened`, and {@link readWireLog} refuses it.
 */
export function wireLogOf(trace: Iterable<WireEvent>, options: WireLogOptions = {}): string {
  const network = options.network ?? 'real';
  const resolutionUs = options.resolutionUs ?? (network === 'real' ? 1_000 : 1);
  return printLogLines(selectLines([...trace], options), { ...options, resolutionUs });
}

/**
 * A trace as a script, with exact times since the beginning and the numbers of connections; to
 * compare with. Bytes that the trace did not keep are `anything`, or missing where they were sent.
 */
export function wireLogScript(trace: Iterable<WireEvent>, options: WireLogOptions = {}): Script {
  return { lines: selectLines([...trace], options).flatMap(turnOf) };
}

/**
 * Reads a wire log as a script.
 *
 * @throws TcpError `ECONFIG`, field `script` - as {@link parseScript}, or the log is shortened
 */
export function readWireLog(text: string, source: ScriptSource = {}): Script {
  if (text.split(/\r?\n/).some((line) => line.trim() === shortenedMark)) {
    throw refusal(
      'script',
      `${source.file ?? 'the wire log'} is shortened: it lacks bytes, so it is no script`,
    );
  }
  return parseScript(text, source);
}

/** The lines wanted, with times since the beginning. */
function selectLines(
  events: readonly WireEvent[],
  options: WireLogOptions,
): readonly WireLogLine[] {
  const { network, connections, mask } = options;
  const startUs = options.startUs ?? events[0]?.atUs ?? 0;
  const wanted = (id: string | undefined) => id !== undefined && connections?.includes(id) === true;
  const lines = wireLogLines(events, network)
    .filter(
      ({ pair }) =>
        connections === undefined ||
        pair === undefined ||
        wanted(pair.dialled) ||
        wanted(pair.accepted),
    )
    .map((line) => ({ ...line, atUs: Math.max(0, line.atUs - startUs) }));
  return mask === undefined ? lines : maskLines(lines, mask);
}

function turnOf({ atUs, pair, body }: WireLogLine, index: number): ScriptLine[] {
  const head: TurnHead = {
    line: index + 1,
    time: { from: 'start', us: atUs },
    ...(pair === undefined ? {} : { connection: pair.number }),
  };
  if (body.kind === 'event') return [{ ...head, kind: 'event', event: body.event }];
  if (body.kind === 'length') {
    return body.sign === '>'
      ? [{ ...head, kind: 'receive', raw: false, expect: { kind: 'anything' } }]
      : [];
  }
  const payload = { kind: 'literal', literal: literalOf(body.bytes) } as const;
  return body.sign === '<'
    ? [{ ...head, kind: 'send', raw: false, payload }]
    : [{ ...head, kind: 'receive', raw: false, expect: payload }];
}
