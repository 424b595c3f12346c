import { integer, size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type Act, type FaultStage, PASS, type StageContext, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';

/** How fast bytes may pass. */
export interface BandwidthAttributes {
  /** KB/s, of 1000 bytes; 0 is a total stall. */
  readonly rate: number;
  /** Bytes a second, instead of `rate`. */
  readonly bytes_per_second: number | string;
  readonly bytesPerSecond: number | string;
  /** The first bytes pass at full speed. */
  readonly after: number | string;
  /** What may pass at once after a rest: the size of a token bucket. */
  readonly burst: number | string;
}

interface Values {
  readonly rate: number;
  readonly bytes_per_second?: number;
  readonly after?: number;
  readonly burst?: number;
}

/** Toxiproxy's `bandwidth`: bytes leave on an absolute schedule, in slices of 100 ms. */
export const bandwidthType: FaultType<Values> = faultType({
  type: 'bandwidth',
  attributes: {
    rate: integer('KB/s'),
    bytes_per_second: size(),
    after: size(),
    burst: size(),
  },
  stage: (values) => new Bandwidth(values),
});

/** Limits how fast bytes pass; a rate of 0 stops them. */
export const bandwidth: FaultBuilder<BandwidthAttributes> = builderOf(bandwidthType);

class Bandwidth implements FaultStage {
  #values: Values;
  /** Time up to which the schedule is used; with a burst, ahead of what has left. */
  #paidUs = 0;
  #leftUs = 0;
  #lastCostUs = 0;

  constructor(values: Values) {
    this.#values = values;
  }

  onChunk(chunk: Uint8Array, c: StageContext): Verdict {
    const { after = 0, burst = 0 } = this.#values;
    const rate = rateOf(this.#values);
    const free = after - c.offset;
    if (free >= chunk.length) return PASS;
    if (free > 0) return [{ emit: chunk.subarray(0, free) }, { again: chunk.subarray(free) }];
    if (rate === 0) return stopped;
    const slice = Math.max(1, Math.floor(rate / 10));
    const length = Math.min(slice, chunk.length);
    this.#lastCostUs = (length * 1_000_000) / rate;
    this.#paidUs = Math.max(this.#paidUs, c.arrivedUs) + this.#lastCostUs;
    this.#leftUs = Math.max(this.#leftUs, c.arrivedUs);
    const wait = Math.max(0, this.#paidUs - (burst * 1_000_000) / rate - this.#leftUs);
    this.#leftUs += wait;
    const leave: Act = length === chunk.length ? pass : { emit: chunk.subarray(0, length) };
    return length === chunk.length
      ? [{ wait }, leave]
      : [{ wait }, leave, { again: chunk.subarray(length) }];
  }

  onUpdate(values: object, c: StageContext): 'begin' | 'now' {
    const wasStopped = rateOf(this.#values) === 0;
    this.#values = values as Values;
    if (wasStopped) {
      this.#paidUs = c.nowUs;
      this.#leftUs = c.nowUs;
      return 'now';
    }
    // What waits is counted again, from where it began.
    this.#paidUs -= this.#lastCostUs;
    this.#leftUs = Math.min(this.#leftUs, this.#paidUs);
    return 'begin';
  }
}

const pass: Act = { pass: true };
const stopped: readonly Act[] = [{ stall: true }, pass];

function rateOf({ rate, bytes_per_second: bytes }: Values): number {
  return bytes ?? rate * 1_000;
}
