import { builderOf, type FaultBuilder } from './builder';
import { PASS } from './fault';
import { type FaultType, faultType } from './fault-type';

/** Toxiproxy's `noop`: it is there, and does nothing. */
export const noopType: FaultType<object> = faultType({
  type: 'noop',
  attributes: {},
  stage: () => ({ onChunk: () => PASS }),
});

/** A fault that is there, and does nothing. */
export const noop: FaultBuilder<object> = builderOf(noopType);
