import { choice, integer } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import type { FaultStage, Side, Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';

/** When the RST follows, and who gets it. */
export interface ResetPeerAttributes {
  /** Milliseconds from the first chunk or FIN. */
  readonly timeout: number | string;
  /** Default `both`. */
  readonly side: Side;
}

interface Values {
  readonly timeout: number;
  readonly side?: Side;
}

/** Toxiproxy's `reset_peer`: the first chunk is dropped, and RST follows. */
export const resetPeerType: FaultType<Values> = faultType({
  type: 'reset_peer',
  attributes: { timeout: integer('ms'), side: choice(['both', 'client', 'upstream']) },
  stage: (values) => new ResetPeer(values),
});

/** Sends RST `timeout` after the first chunk, which is dropped; nothing happens while it is idle. */
export const resetPeer: FaultBuilder<ResetPeerAttributes> = builderOf(resetPeerType);

class ResetPeer implements FaultStage {
  #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  onChunk(): Verdict {
    const { timeout, side = 'both' } = this.#values;
    return [{ wait: timeout * 1_000 }, { reset: side }];
  }

  onFin(): Verdict {
    return this.onChunk();
  }

  onUpdate(values: object): 'begin' {
    this.#values = values as Values;
    return 'begin';
  }
}
