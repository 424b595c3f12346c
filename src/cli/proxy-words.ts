/** The words of the verbs of `brine proxy`: what is read from a command line, and what is printed. */
import { suggestion } from '../base/closest-word';
import { pathOf } from '../control/control-client';
import { faultTypes } from '../faults/fault-names';
import { CommandFailure, exitCodes } from './exit-codes';
import { paint } from './print';

/** A proxy as an API answers it. */
export interface AnsweredProxy {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly AnsweredToxic[];
}

/** A toxic as an API answers it. */
export interface AnsweredToxic {
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  readonly toxicity: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Options of `toxic add` and `toxic update`. */
export interface ToxicWords {
  readonly type?: string;
  readonly toxicName?: string;
  readonly toxicity?: string;
  readonly attribute?: readonly string[];
  readonly upstream?: true;
  readonly downstream?: true;
  readonly both?: true;
  readonly trigger?: string;
  readonly for?: string;
}

/** As Toxiproxy's command says it. */
export function enabledText(enabled: boolean): string {
  return enabled ? 'enabled' : 'disabled';
}

/** Proxies as a table for people. */
export function proxyTable(rows: readonly AnsweredProxy[]): string {
  if (rows.length === 0) return paint('dim', 'no proxies');
  const table = [
    ['Name', 'Listen', 'Upstream', 'Enabled', 'Toxics'],
    ...rows.map(({ name, listen, upstream, enabled, toxics }) => [
      name,
      listen,
      upstream,
      enabledText(enabled),
      String(toxics.length),
    ]),
  ];
  const widths = ['Name', 'Listen', 'Upstream', 'Enabled', 'Toxics'].map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return lines
    .map((line, index) => {
      if (index === 0) return paint('bold', line);
      return rows[index - 1]?.enabled === false ? paint('dim', line) : line;
    })
    .join('\n');
}

/** A toxic on a line, its attributes sorted. */
export function toxicLine({ name, type, stream, toxicity, attributes }: AnsweredToxic): string {
  const pairs = Object.keys(attributes)
    .sort()
    .map((key) => `\t${key}=${textOf(attributes[key])}`);
  const facts = [name, `type=${type}`, `stream=${stream}`, `toxicity=${toxicity.toFixed(2)}`];
  return `${facts.join('\t')}\tattributes=[${pairs.join('')}\t]`;
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The path of a proxy. */
export function proxyPath(name: string): string {
  return `/proxies/${pathOf(name)}`;
}

/** The path of the toxic that is named. @throws CommandFailure 2 */
export function toxicPath(name: string, { toxicName }: ToxicWords): string {
  if (toxicName === undefined) throw usage('which toxic? --toxicName names it');
  return `${proxyPath(name)}/toxics/${pathOf(toxicName)}`;
}

/** The direction that is meant. @throws CommandFailure 2 */
export function streamOf({ upstream, downstream, both }: ToxicWords): string {
  const chosen = [upstream, downstream, both].filter((each) => each === true).length;
  if (chosen > 1) throw usage('only one of --upstream, --downstream and --both can be given');
  if (both === true) return 'both';
  return upstream === true ? 'upstream' : 'downstream';
}

/** `latency=100`: a number where it reads as one. */
export function readAttributes(words: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw usage(`--attribute must be key=value, got ${JSON.stringify(word)}`);
      const value = word.slice(at + 1);
      const isFlag = value === 'true' || value === 'false';
      const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
      return [word.slice(0, at), isFlag ? value === 'true' : isNumber ? Number(value) : value];
    }),
  );
}

/** An API leaves out attributes that a type does not have; a slip of the pen shall not pass unseen. */
export function checkAttributes(type: string, attributes: object): void {
  const known = Object.keys(faultTypes.get(type)?.attributes ?? attributes);
  for (const key of Object.keys(attributes)) {
    if (known.includes(key)) continue;
    throw usage(`${type} has no attribute "${key}"${suggestion(key, known)}`);
  }
}

/** A share of connections. @throws CommandFailure 2 */
export function readToxicity(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw usage(`--toxicity must be a number from 0 to 1, got ${JSON.stringify(text)}`);
}

/** An option that is JSON. @throws CommandFailure 2 */
export function readJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usage(`${option} must be JSON: ${(error as Error).message}`);
  }
}

/** A failure of words. */
export function usage(message: string): CommandFailure {
  return new CommandFailure(message, exitCodes.usage);
}
