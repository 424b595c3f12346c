import { builderOf, type FaultBuilder } from './builder';
import { type FaultType, faultType } from './fault-type';

/** Bytes, FIN and RST of a direction are read and vanish; the connection stays open. */
export const blackholeType: FaultType<object> = faultType({
  type: 'blackhole',
  attributes: {},
  stage: () => ({ onChunk: () => [], onFin: () => [], onReset: () => [] }),
});

/** Lets everything of a direction vanish; when it is removed, later bytes pass. */
export const blackhole: FaultBuilder<object> = builderOf(blackholeType);
