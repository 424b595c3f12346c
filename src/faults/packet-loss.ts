import { share } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { CorrelatedChance } from './distribution';
import { type FaultStage, PASS, type StageContext, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';

/** How often a chunk vanishes. */
export interface PacketLossAttributes {
  /** 0 to 1. */
  readonly loss_rate: number;
  readonly lossRate: number;
  /** How much of the last chance goes into the next, 0 to 1. */
  readonly correlation: number;
}

interface Values {
  readonly loss_rate: number;
  readonly correlation: number;
}

/** Toxiproxy's `packet_loss`: whole chunks vanish, which is not what loss looks like in TCP. */
export const packetLossType: FaultType<Values> = faultType({
  type: 'packet_loss',
  attributes: { loss_rate: share(0), correlation: share(0) },
  stage: (values) => new PacketLoss(values),
});

/** Drops whole chunks, so that bytes vanish from the stream. */
export const packetLoss: FaultBuilder<PacketLossAttributes> = builderOf(packetLossType);

class PacketLoss implements FaultStage {
  #values: Values;
  readonly #chance = new CorrelatedChance();

  constructor(values: Values) {
    this.#values = values;
  }

  onChunk(_chunk: Uint8Array, c: StageContext): Verdict {
    const { loss_rate: rate, correlation } = this.#values;
    if (rate === 0) return PASS;
    return this.#chance.next(c.decide('loss'), correlation) < rate ? [] : PASS;
  }

  onUpdate(values: object): false {
    this.#values = values as Values;
    return false;
  }
}
