import { integer } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultStage, PASS, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';

/** How much may pass. */
export interface LimitDataAttributes {
  /** Bytes per connection and direction. */
  readonly bytes: number | string;
}

interface Values {
  readonly bytes: number;
}

/** Toxiproxy's `limit_data`: exactly so many bytes, then both sides are closed. */
export const limitDataType: FaultType<Values> = faultType({
  type: 'limit_data',
  attributes: { bytes: integer('bytes') },
  stage: (values) => new LimitData(values),
});

/** Closes both sides once so many bytes have passed. */
export const limitData: FaultBuilder<LimitDataAttributes> = builderOf(limitDataType);

class LimitData implements FaultStage {
  #values: Values;
  #passed = 0;

  constructor(values: Values) {
    this.#values = values;
  }

  onChunk(chunk: Uint8Array): Verdict {
    const left = Math.max(0, this.#values.bytes - this.#passed);
    this.#passed += Math.min(left, chunk.length);
    if (chunk.length < left) return PASS;
    return [{ emit: chunk.subarray(0, left) }, { end: 'close' }];
  }

  onUpdate(values: object): false {
    this.#values = values as Values;
    return false;
  }
}
