import { integer } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type Act, type FaultStage, PASS, type StageContext, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';

/** How chunks are cut. */
export interface SlicerAttributes {
  /** Bytes of a piece; 0 cuts nothing. */
  readonly average_size: number | string;
  readonly averageSize: number | string;
  /** Bytes around it. */
  readonly size_variation: number | string;
  readonly sizeVariation: number | string;
  /** Microseconds after each piece. */
  readonly delay: number | string;
}

interface Values {
  readonly average_size: number;
  readonly size_variation: number;
  readonly delay: number;
}

/** Toxiproxy's `slicer`: chunks are halved until the pieces are small enough. */
export const slicerType: FaultType<Values> = faultType({
  type: 'slicer',
  attributes: {
    average_size: integer('bytes'),
    size_variation: integer('bytes'),
    delay: integer('µs'),
  },
  stage: (values) => new Slicer(values),
});

/** Cuts chunks into pieces of about `averageSize`, with a delay (in µs) after each. */
export const slicer: FaultBuilder<SlicerAttributes> = builderOf(slicerType);

class Slicer implements FaultStage {
  #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  onChunk(chunk: Uint8Array, c: StageContext): Verdict {
    const { average_size: average, size_variation: variation, delay } = this.#values;
    if (average === 0) return PASS;
    const acts: Act[] = [];
    const spread = Math.min(variation, Math.max(0, average - 1));
    const cuts = cutsOf(chunk.length, average, spread, c);
    if (cuts.length === 1 && delay === 0) return PASS;
    let start = 0;
    for (const end of cuts) {
      acts.push({ emit: chunk.subarray(start, end) });
      if (delay > 0) acts.push({ wait: delay });
      start = end;
    }
    return acts;
  }

  onUpdate(values: object): false {
    this.#values = values as Values;
    return false;
  }
}

/** Ends of the pieces, in order. */
function cutsOf(length: number, average: number, spread: number, c: StageContext): number[] {
  const ends: number[] = [];
  const open: (readonly [number, number])[] = [[0, length]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [start, end] = part;
    if (end - start - average <= spread) {
      ends.push(end);
      continue;
    }
    const shift = spread === 0 ? 0 : Math.floor(c.decide('cut') * 2 * spread) - spread;
    const middle = Math.floor((end - start) / 2) + start + shift;
    const cut = Math.max(start + 1, Math.min(end - 1, middle));
    open.push([cut, end], [start, cut]);
  }
  return ends;
}
