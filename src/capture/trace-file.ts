/**
 * Trace files: every event of a world, exactly, one a line as JSON.
 *
 * `trace-header.ts` has the first line, `trace-lines.ts` the others, `trace-parser.ts` reads,
 * `trace-schema.ts` says the same as a JSON schema.
 *
 * @source docs/captures.md#trace-files
 */
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readFlag, refuseUnknownKeys } from '../base/option-reader';
import type { Trace } from '../network/trace';
import type { WireEvent } from '../network/wire-event';
import type { World } from '../network/world';
import { fileError } from './capture-errors';
import { redactEvents } from './redact-events';
import { Redaction, type RedactionRule } from './redaction';
import { headerOf } from './trace-header';
import { printEvent } from './trace-lines';
import { type TraceFile, TraceParser } from './trace-parser';
import { factsOf, type WorldFacts } from './world-facts';

/** How a trace is written. */
export interface TraceFileOptions {
  /** Writes the key log of TLS connections too; default false. */
  readonly secrets?: boolean;
  /** Masks bytes and texts; digests and hash are left out then. Default: nothing is masked. */
  readonly redact?: readonly RedactionRule[];
  /** Replaces a file that exists; default false. */
  readonly overwrite?: boolean;
}

/** Lines that are put together before they are written. */
const piece = 256 * 1_024;

/**
 * Writes what a world's trace holds now. Missing folders are made.
 *
 * @param source - a world; or a trace alone, whose file then knows neither plan nor wall clock
 * @throws TcpError `ECAPTUREFILE` - the file exists, or cannot be written
 * @throws TcpError `ECONFIG` - an unknown option, or a rule that cannot be read
 */
export async function writeTrace(
  source: World | Trace,
  path: string,
  options: TraceFileOptions = {},
): Promise<void> {
  refuseUnknownKeys('writeTrace', options, ['secrets', 'redact', 'overwrite']);
  const overwrite = readFlag('overwrite', options.overwrite ?? false);
  const lines = linesOf(source, options);
  await mkdir(dirname(path), { recursive: true }).catch((cause) => {
    throw fileError('write trace', path, 'config', cause);
  });
  const flags = overwrite ? 'w' : 'wx';
  const file = await open(path, flags, options.secrets === true ? 0o600 : 0o666).catch((cause) => {
    throw fileError('write trace', path, 'config', cause);
  });
  try {
    for (const text of pieces(lines)) await file.writeFile(text);
  } catch (cause) {
    throw fileError('write trace', path, 'write', cause);
  } finally {
    await file.close();
  }
}

/**
 * What {@link writeTrace} writes, as text; for tests and attachments.
 *
 * @throws TcpError `ECONFIG` - an unknown option, or a rule that cannot be read
 */
export function printTrace(
  source: World | Trace,
  options: Omit<TraceFileOptions, 'overwrite'> = {},
): string {
  refuseUnknownKeys('printTrace', options, ['secrets', 'redact']);
  return [...pieces(linesOf(source, options))].join('');
}

/**
 * Reads a trace file.
 *
 * What a crash has cut is left out, with a warning; the hash of a finished file is checked.
 *
 * @throws TcpError `ECAPTUREFORMAT` - not a trace, one of a later version, a wrong line (`line`), or
 * events that do not have the hash of the file
 * @throws TcpError `ECAPTUREFILE` - the file cannot be read
 */
export async function readTrace(path: string): Promise<TraceFile> {
  const parser = new TraceParser(path);
  try {
    for await (const chunk of createReadStream(path)) parser.push(chunk as Uint8Array);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    throw fileError('read trace', path, 'config', cause);
  }
  return parser.end();
}

/** A trace that is already in memory. @throws TcpError `ECAPTUREFORMAT` */
export function parseTrace(bytes: Uint8Array, path?: string): TraceFile {
  const parser = new TraceParser(path);
  parser.push(bytes);
  return parser.end();
}

/** The lines of a file, as the trace is now, whatever is added while they are written. */
function linesOf(source: World | Trace, options: TraceFileOptions): Iterable<string> {
  const world = 'trace' in source ? source : undefined;
  const trace = 'trace' in source ? source.trace : source;
  const facts: WorldFacts = world === undefined ? {} : factsOf(world);
  const { redact, secrets = false } = options;
  const now = world?.kind === 'real' ? () => world.clock.now() : undefined;
  const redaction =
    redact === undefined ? undefined : new Redaction(redact, now === undefined ? {} : { now });
  const events = [...trace.events];
  const { dropped } = trace;
  const hash = trace.hash();
  return printLines();

  function* printLines(): Generator<string> {
    yield JSON.stringify(headerOf(facts, dropped, redaction !== undefined));
    const shown = redaction === undefined ? events : redactEvents(events, redaction);
    for (const event of shown) yield printEvent(secrets ? event : withoutSecret(event));
    const count = events.length;
    yield JSON.stringify({
      end: true,
      events: count,
      ...(redaction === undefined && { hash }),
    });
  }
}

function withoutSecret(event: WireEvent): WireEvent {
  if (event.kind !== 'tls' || event.detail?.['line'] === undefined) return event;
  const { line: _line, ...detail } = event.detail;
  return { ...event, detail };
}

function* pieces(lines: Iterable<string>): Generator<string> {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < piece) continue;
    yield text;
    text = '';
  }
  yield text;
}
