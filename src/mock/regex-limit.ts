/**
 * Expressions within a limit of time.
 *
 * Most are evaluated as they are. One that may take long, by its form and by the length of the
 * frame, is evaluated where it can be stopped, which costs about a third of a millisecond.
 */
import type { Context, Script } from 'node:vm';
import {
  type ByteRegex,
  type ByteRegexMatch,
  matchByteRegex,
  printByteRegex,
} from '../base/byte-regex';
import { regexCost } from './regex-cost';
import type { RegexLimit } from './subject';

/** Steps that an expression may take without being watched; a few milliseconds. */
const calmSteps = 1e7;

/**
 * A virtual clock stands still while code runs, and a run must not depend on how fast the machine
 * is: there only what would hang is stopped, after so many milliseconds.
 */
const hangMs = 2_000;

/**
 * Runs an expression over a frame within the limit of time.
 *
 * @returns no match when it took too long, which is told to the limit
 */
export function runRegex(
  regex: ByteRegex,
  bytes: Uint8Array,
  limit: RegexLimit,
): ByteRegexMatch | undefined {
  const { isExponential, degree } = regexCost(regex);
  if (!isExponential && bytes.length ** degree <= calmSteps) return matchByteRegex(regex, bytes);
  const { limitMs, now } = limit;
  const spentMs = limit.spentMs ?? 0;
  const startedUs = now?.() ?? 0;
  const leftMs = now === undefined ? Math.max(hangMs, limitMs) : limitMs - spentMs;
  try {
    if (leftMs > 0) {
      const exec = (engine: RegExp, text: string) => execWithin(engine, text, Math.ceil(leftMs));
      return matchByteRegex(regex, bytes, { exec });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
  } finally {
    limit.spentMs = spentMs + ((now?.() ?? 0) - startedUs) / 1_000;
  }
  limit.exceeded(printByteRegex(regex));
  return undefined;
}

interface Watched {
  readonly script: Script;
  readonly context: Context;
}

let watched: Watched | undefined;

/** Evaluates an expression, and throws `ERR_SCRIPT_EXECUTION_TIMEOUT` when it takes too long. */
function execWithin(engine: RegExp, text: string, timeout: number): RegExpExecArray | null {
  watched ??= watch();
  const { script, context } = watched;
  Object.assign(context, { engine, text });
  return script.runInContext(context, { timeout }) as RegExpExecArray | null;
}

function watch(): Watched {
  const vm = require('node:vm') as typeof import('node:vm');
  return { script: new vm.Script('engine.exec(text)'), context: vm.createContext({}) };
}
