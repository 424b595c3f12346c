import type { WireEvent } from '../network/wire-event';
import { byteCount, seconds } from './figures';
import { NondeterminismError } from './verdicts';

/** Events shown before the first that differs. */
const shownBefore = 5;

/** Cases of this process so far that ask to be verified now and then. */
let cases = 0;

/** Whether the next case of one in `every` is to run twice; 0 is never. */
export function isDue(every: number): boolean {
  return every > 0 && cases++ % every === 0;
}

/**
 * Compares the traces of two runs of one plan.
 *
 * @throws NondeterminismError - with the first event that differs and those before it
 * @source docs/simulation.md
 */
export function compareTraces(first: readonly WireEvent[], second: readonly WireEvent[]): void {
  const length = Math.max(first.length, second.length);
  for (let index = 0; index < length; index++) {
    const one = first[index];
    const other = second[index];
    if (one !== undefined && other !== undefined && identity(one) === identity(other)) continue;
    const before = first.slice(Math.max(0, index - shownBefore), index);
    const lines = [
      `two runs of one plan diverged at event ${index}`,
      ...before.map((event) => `    ${line(event)}`),
      `  1 ${one === undefined ? 'nothing more' : line(one)}`,
      `  2 ${other === undefined ? 'nothing more' : line(other)}`,
    ];
    throw new NondeterminismError(index, lines.join('\n'));
  }
}

function identity(event: WireEvent): string {
  const { atUs, connection, direction, kind, length, digest, stream, detail } = event;
  return JSON.stringify([atUs, connection, direction, kind, length, digest, stream, detail]);
}

function line({ atUs, connection, direction, kind, length, digest, detail }: WireEvent): string {
  const size = length === undefined ? '' : ` ${byteCount(length)}`;
  const content = digest === undefined ? '' : ` (${digest.toString(16).padStart(8, '0')})`;
  const facts = Object.entries(detail ?? {}).map(([key, value]) => ` ${key}=${value}`);
  return `${seconds(atUs)}  ${connection} ${direction} ${kind}${size}${content}${facts.join('')}`;
}
