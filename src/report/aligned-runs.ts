/** How two sequences lie beside each other, with what is missing and what is too much. */

/**
 * A stretch of an alignment: `same` and `changed` take as many of both, `missing` only of what was
 * expected, `extra` only of what came.
 */
export type AlignedRun = readonly [kind: 'same' | 'changed' | 'missing' | 'extra', count: number];

/** Products of lengths up to this are aligned exactly; longer middles are compared place by place. */
const exactCells = 1_000_000;

/**
 * Aligns what was received with what was expected: the fewest items that are missing, extra or
 * changed, so that one lost byte does not make all that follow it different.
 */
export function alignRuns<T>(
  expected: ArrayLike<T>,
  received: ArrayLike<T>,
): readonly AlignedRun[] {
  const shorter = Math.min(expected.length, received.length);
  let head = 0;
  while (head < shorter && expected[head] === received[head]) head++;
  let tail = 0;
  while (
    tail < shorter - head &&
    expected[expected.length - 1 - tail] === received[received.length - 1 - tail]
  ) {
    tail++;
  }
  const left = expected.length - head - tail;
  const right = received.length - head - tail;
  const isExact = (left + 1) * (right + 1) <= exactCells;
  const middle = isExact
    ? closest(expected, received, head, left, right)
    : inPlace(expected, received, head, left, right);
  return joined([['same', head], ...middle, ['same', tail]]);
}

/** Item by item at the same places; what is left of the longer one is missing or extra. */
function* inPlace<T>(
  expected: ArrayLike<T>,
  received: ArrayLike<T>,
  from: number,
  left: number,
  right: number,
): Generator<AlignedRun> {
  const both = Math.min(left, right);
  for (let at = from; at < from + both; at++) {
    yield [expected[at] === received[at] ? 'same' : 'changed', 1];
  }
  if (left > both) yield ['missing', left - both];
  if (right > both) yield ['extra', right - both];
}

/** The cheapest way, found from the end so that it can be read off from the beginning. */
function* closest<T>(
  expected: ArrayLike<T>,
  received: ArrayLike<T>,
  from: number,
  left: number,
  right: number,
): Generator<AlignedRun> {
  const width = right + 1;
  const costs = new Uint32Array((left + 1) * width);
  const cost = (row: number, column: number) => costs[row * width + column] ?? 0;
  const isSame = (row: number, column: number) => expected[from + row] === received[from + column];
  for (let row = left; row >= 0; row--) {
    for (let column = right; column >= 0; column--) {
      if (row === left || column === right) {
        costs[row * width + column] = left - row + right - column;
        continue;
      }
      const aside = 1 + Math.min(cost(row + 1, column), cost(row, column + 1));
      const across = cost(row + 1, column + 1) + (isSame(row, column) ? 0 : 1);
      costs[row * width + column] = Math.min(aside, across);
    }
  }
  for (let row = 0, column = 0; row < left || column < right; ) {
    const step = row < left && column < right ? (isSame(row, column) ? 0 : 1) : undefined;
    if (step !== undefined && cost(row, column) === cost(row + 1, column + 1) + step) {
      yield [step === 0 ? 'same' : 'changed', 1];
      row++;
      column++;
    } else if (row < left && cost(row, column) === cost(row + 1, column) + 1) {
      yield ['missing', 1];
      row++;
    } else {
      yield ['extra', 1];
      column++;
    }
  }
}

function joined(runs: Iterable<AlignedRun>): readonly AlignedRun[] {
  const whole: [AlignedRun[0], number][] = [];
  for (const [kind, count] of runs) {
    const last = whole.at(-1);
    if (last?.[0] === kind) last[1] += count;
    else if (count > 0) whole.push([kind, count]);
  }
  return whole;
}
