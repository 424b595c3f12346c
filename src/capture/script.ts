/**
 * The script language: one text form for what a server is told to do, for the log of what was on a
 * wire, and for counterexamples.
 *
 * This file says what a script is. `script-parser.ts` reads one (`script-turn-parser.ts` a line,
 * `script-verbs.ts` what stands behind a `*`), `script-table.ts` reads the form of a data table,
 * `script-printer.ts` prints, `script-compare.ts` compares a script with a log. `wire-log.ts` makes
 * a log of a trace. Directions are those of the accepting side: `<` leaves it, `>` comes to it.
 *
 * @source docs/scripts.md
 */
import type { Literal } from '../base/byte-literal';
import type { BytePattern } from '../base/byte-pattern';
import type { ByteRegex } from '../base/byte-regex';

/** A script without its comments. */
export interface Script {
  readonly lines: readonly ScriptLine[];
}

/** A line, or a block of lines. */
export type ScriptLine = Turn | ScriptBlock;

/** One line that is not a block. */
export type Turn = SendTurn | ReceiveTurn | EventTurn;

/** What may stand in front of every turn. */
export interface TurnHead {
  /** Number of the line, from 1. */
  readonly line: number;
  readonly time?: TurnTime;
  /** Number of the connection, from 1; in logs of several connections. */
  readonly connection?: number;
  /** Skipped when the next required line matches. */
  readonly optional?: true;
}

/** `+10 ms` after the line before, or `@10 ms` since the beginning; whole microseconds. */
export interface TurnTime {
  readonly from: 'previous' | 'start';
  readonly us: number;
}

/** `< …`: bytes that the server sends; `raw` bypasses its framing. */
export interface SendTurn extends TurnHead {
  readonly kind: 'send';
  readonly raw: boolean;
  readonly payload: Payload;
}

/** `> …`: bytes that the server receives. */
export interface ReceiveTurn extends TurnHead {
  readonly kind: 'receive';
  readonly raw: boolean;
  readonly expect: Expectation;
  /** Whole microseconds. */
  readonly withinUs?: number;
  /** Name under which the bytes are kept. */
  readonly as?: string;
}

/** `* …`: anything else that happens on the connection. */
export interface EventTurn extends TurnHead {
  readonly kind: 'event';
  readonly event: ScriptEvent;
}

/** Bytes: a literal, or text that stands without quotes to the end of its line. */
export type Payload =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'bare'; readonly text: string };

/** What the bytes of a `>` line must be. */
export type Expectation =
  | Payload
  | { readonly kind: 'pattern'; readonly pattern: BytePattern }
  | { readonly kind: 'regex'; readonly regex: ByteRegex }
  /** `anything`: one frame, whatever it holds. */
  | { readonly kind: 'anything' }
  /** `...`: any bytes until the next `>` line matches. */
  | { readonly kind: 'skip' };

/** Verbs that need no more words. */
export const plainVerbs = [
  'connect',
  'accept',
  'close',
  'half-close',
  'reset',
  'peer closes',
  'peer half-closes',
  'peer resets',
  'stop reading',
  'read again',
] as const;

/** A verb that stands alone behind `*`. */
export type PlainVerb = (typeof plainVerbs)[number];

/** What stands behind `*`. */
export type ScriptEvent =
  | { readonly verb: PlainVerb }
  | { readonly verb: 'start TLS'; readonly certificate?: string }
  | { readonly verb: 'wait'; readonly us: number }
  | { readonly verb: 'notify' | 'await' | 'goto'; readonly name: string }
  | { readonly verb: 'mark' | 'fault'; readonly text: string }
  /** Words of a failure class, such as `read timeout`. */
  | { readonly verb: 'error'; readonly words: string };

/** Lines in any order, or lines several times. */
export type ScriptBlock =
  | {
      readonly kind: 'unordered';
      readonly line: number;
      readonly lines: readonly ScriptLine[];
    }
  | {
      readonly kind: 'repeat';
      readonly line: number;
      /** 1 or more. */
      readonly times: number;
      readonly lines: readonly ScriptLine[];
    };

/** Whether a line holds other lines. */
export function isBlock(line: ScriptLine): line is ScriptBlock {
  return line.kind === 'unordered' || line.kind === 'repeat';
}

/** Events that only a log has; who plays a script ignores them. */
export function isLogOnly(event: ScriptEvent): boolean {
  return ['connect', 'accept', 'mark', 'fault', 'error'].includes(event.verb);
}

/** Whether a line is `> ...`. */
export function isSkip(line: ScriptLine): boolean {
  return line.kind === 'receive' && line.expect.kind === 'skip';
}
