/**
 * The plain data that a mock is: what a file holds, and what the builder writes.
 *
 * `mock-file.ts` reads it from YAML and JSON, `mock-builder.ts` makes it in TypeScript,
 * `mock-plan.ts` compiles it, `exchange.ts` plays it on one connection.
 *
 * @source docs/mocks.md#files
 */
import type { CaptureValue } from '../base/byte-pattern-result';
import type { FramingDefinition } from '../framing/framing-definition';
import type { BytesDefinition, FieldType } from './bytes-definition';
import type { ReplayDefinition } from './replay-definition';
import type { TlsDefinition } from './tls-definition';

/** A file of mocks, version 1. */
export interface MockFile {
  readonly version: 1;
  readonly mocks: readonly MockDefinition[];
  /** Other files, relative to this one. */
  readonly include?: readonly string[];
  /** Where the schema is, for editors; changes nothing. */
  readonly $schema?: string;
}

/** One mock. Everything but its name may be left out. */
export interface MockDefinition {
  /** Letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** Port, `host:port`, or both apart; default `127.0.0.1:0`, any free port. */
  readonly listen?: number | string | { readonly host?: string; readonly port?: number };
  /** Default `none`. */
  readonly framing?: FramingDefinition;
  readonly tls?: TlsDefinition;
  /** Default `strict`. */
  readonly mode?: MockMode;
  readonly state?: StateDefinition;
  /** After accept; with implicit TLS after the handshake. */
  readonly onConnect?: Actions;
  readonly script?: readonly ScriptTurn[];
  readonly rules?: readonly RuleDefinition[];
  /** For a frame that no rule takes; default: silence. */
  readonly unmatched?: Actions;
  readonly every?: readonly RepeatedActions[];
  /** After the peer's FIN. */
  readonly onClose?: Actions;
  /** `host:port`, for the action `forward`. */
  readonly upstream?: string;
  readonly faults?: readonly Readonly<Record<string, unknown>>[];
  readonly limits?: LimitsDefinition;
  readonly capture?: string;
  readonly redact?: readonly RedactionDefinition[];
  /** How the waits of the turns of `script` are played; default: as written. */
  readonly replay?: ReplayDefinition;
}

/** What counts as a failure beside broken promises of rules: `strict` is everything unexpected. */
export type MockMode = 'strict' | 'lenient';

/** A value of a variable. */
export type Scalar = string | number | boolean | null;

/** The state a mock begins with. */
export interface StateDefinition {
  /** Default `start`. */
  readonly initial?: string;
  /** Who has a state: each connection (default), or the mock for all of them. */
  readonly scope?: 'connection' | 'mock';
  readonly vars?: Readonly<Record<string, Scalar>>;
}

/** Actions that repeat on the clock. */
export interface RepeatedActions {
  /** Milliseconds, or text with a unit. */
  readonly interval: number | string;
  readonly do: Actions;
  /** From accept on each connection (default), or from the start of the mock on all of them. */
  readonly scope?: 'connection' | 'mock';
}

/** A rule: what it answers, and with what. `then` or `sequence`, not both. */
export interface RuleDefinition {
  readonly name?: string;
  readonly when: Predicate;
  readonly then?: Actions;
  /** One element a match. */
  readonly sequence?: readonly Actions[];
  /** What follows the last element; default `last`, which repeats it. */
  readonly exhausted?: 'last' | 'loop' | 'unmatched';
  /** How often it must match, and may; `min` is checked by verification. */
  readonly times?: number | { readonly min?: number; readonly max?: number };
  /** Higher comes first; default 0. */
  readonly priority?: number;
  readonly capture?: CaptureDefinition;
}

/** Name → the whole frame, or some of its bytes. */
export type CaptureDefinition = Readonly<
  Record<
    string,
    'frame' | { readonly offset: number; readonly length: number; readonly type?: FieldType }
  >
>;

/** What a frame must be like; text is `equals`. Keys in one object hold together. */
export type Predicate = BytesDefinition | PredicateKeys;

/** The keys of a predicate. Bytes are compared as they are; case is never folded. */
export interface PredicateKeys {
  readonly equals?: BytesDefinition;
  readonly startsWith?: BytesDefinition;
  readonly endsWith?: BytesDefinition;
  readonly contains?: BytesDefinition;
  /** Without slashes; `\xff` is the byte FF. Named groups are captures. */
  readonly regex?: string;
  readonly flags?: string;
  /** Such as `02 (seq:2) 10 [00-7f] *`, over the whole frame. */
  readonly pattern?: string;
  readonly length?: number | { readonly min?: number; readonly max?: number };
  /** A number or bytes at an offset; a negative one counts from the end. */
  readonly at?: {
    readonly offset: number;
    readonly type?: FieldType;
    readonly mask?: string;
    readonly is: unknown;
  };
  readonly json?: {
    readonly subset?: unknown;
    readonly equals?: unknown;
    readonly path?: string;
    readonly is?: unknown;
  };
  readonly any?: true;
  readonly not?: Predicate;
  readonly allOf?: readonly Predicate[];
  readonly anyOf?: readonly Predicate[];
  readonly state?: string | readonly string[];
  /** In order of accept, from 1. */
  readonly connection?: number;
  readonly tls?: boolean;
  /** Common name of the subject, or SHA-256 fingerprint. */
  readonly clientCert?: string;
  /** `./file.ts#name`, or a function. */
  readonly handler?: string | HandlerTest;
}

/** One action, or several in order; text is `send`. */
export type Actions = string | Action | readonly (string | Action)[];

/** What to do. Keys of one object run in a fixed order; a list gives any other. */
export interface Action extends SendModifiers {
  /** Through the framing. */
  readonly send?: BytesDefinition;
  /** Past the framing. */
  readonly raw?: BytesDefinition;
  readonly echo?: true;
  readonly wait?: WaitDefinition;
  /** `true` is `end`: FIN, then destroyed; `half`: FIN, reading goes on; `reset`: RST. */
  readonly close?: true | 'end' | 'half' | 'reset';
  /** `true`, or the name of a certificate. */
  readonly startTls?: true | string;
  readonly pause?: boolean;
  readonly goto?: string;
  readonly set?: Readonly<Record<string, Scalar>>;
  /** Answers nothing, and counts as matched. */
  readonly silence?: true;
  readonly push?: {
    readonly send: BytesDefinition;
    readonly to: 'all' | 'others' | 'self';
    readonly raw?: boolean;
  };
  readonly notify?: string;
  readonly await?: string;
  /** `upstream`, or `host:port`. */
  readonly forward?: string;
  readonly fail?: string;
  readonly handler?: string | Handler;
  readonly repeat?: { readonly times: number; readonly do: Actions };
}

/** How bytes leave. */
export interface SendModifiers {
  /** Sizes of the pieces (the last one repeats), or how many pieces. */
  readonly chunks?: number | string | readonly number[] | { readonly count: number };
  /** Pause between pieces; without `chunks` a piece is 1 byte. */
  readonly every?: number | string;
  /** Such as `64KiB/s`. */
  readonly rate?: string;
  readonly truncate?: number | string;
  /** Inverts a bit, or without one the byte; a negative byte counts from the end. */
  readonly flip?: { readonly byte: number; readonly bit?: number };
}

/** A time, or how chance chooses one. */
export type WaitDefinition =
  | number
  | string
  | { readonly uniform: readonly [number | string, number | string] }
  | {
      readonly lognormal: {
        readonly median: number | string;
        readonly sigma: number;
        readonly max?: number | string;
      };
    };

/** One turn of a script. */
export interface ScriptTurn {
  readonly expect?: Predicate;
  /** Default 10 s. */
  readonly within?: number | string;
  readonly then?: Actions;
  readonly send?: BytesDefinition;
  readonly raw?: BytesDefinition;
  readonly wait?: number | string;
  readonly close?: true | 'end' | 'half' | 'reset';
  readonly expectClose?: true | 'end' | 'reset';
  readonly startTls?: true | string;
  readonly notify?: string;
  readonly await?: string;
  readonly goto?: string;
  readonly set?: Readonly<Record<string, Scalar>>;
  /** Skipped when the next required turn matches. */
  readonly optional?: boolean;
  readonly unordered?: readonly ScriptTurn[];
  readonly repeat?: { readonly times: number; readonly turns: readonly ScriptTurn[] };
  /** One of these; what it leads to is in its turns. */
  readonly oneOf?: readonly ScriptBranch[];
  readonly capture?: CaptureDefinition;
  /** Stops reading, or reads again. */
  readonly pause?: boolean;
  /** Frames are taken and dropped until the next turn matches. */
  readonly drop?: true;
}

/** A way that a script may go on: for `connections`, or for whoever does what its turns begin with. */
export interface ScriptBranch {
  /** Numbers in order of accept, from 1. */
  readonly connections?: readonly number[];
  readonly turns: readonly ScriptTurn[];
}

/** What a mock holds at most. */
export interface LimitsDefinition {
  /** Open at once; default 256. */
  readonly connections?: number;
  /** Unread bytes of a connection; default 16 MiB. */
  readonly buffered?: number | string;
  /** Longest frame; default 16 MiB. */
  readonly frame?: number | string;
  /** Default: none. */
  readonly idle?: number | string;
  /** Default 10,000. */
  readonly journalEvents?: number;
  /** Default 64 MiB. */
  readonly journalBytes?: number | string;
  /** For the expressions of one frame; default 50 ms. */
  readonly regexTime?: number | string;
}

/** Bytes that no output shows. */
export interface RedactionDefinition {
  readonly regex?: string;
  readonly flags?: string;
  readonly pattern?: string;
  /** Only this part of a match. */
  readonly group?: string;
  /** One character; default `*`. */
  readonly with?: string;
}

/** What a handler sees of a frame. */
export interface HandlerContext {
  /** The payload; empty where no frame came, as in `onConnect`. */
  readonly bytes: Uint8Array;
  /** The same, read as UTF-8. */
  readonly text: string;
  /** What the rule caught: bytes, numbers, and values of templates. */
  readonly captures: Readonly<Record<string, CaptureValue>>;
  readonly state: string;
  readonly vars: Readonly<Record<string, Scalar>>;
  readonly connection: { readonly id: string; readonly n: number; readonly remote: string };
}

/** Decides in code whether a frame fits. */
export type HandlerTest = (context: HandlerContext) => boolean;

/**
 * Answers in code: actions, the bytes of a frame, or nothing.
 *
 * What it throws fails the run, as the action `fail` does.
 */
export type Handler = (
  context: HandlerContext,
) => HandlerAnswer | undefined | Promise<HandlerAnswer | undefined>;

/** What a {@link Handler} may answer. */
export type HandlerAnswer = Actions | Uint8Array;
