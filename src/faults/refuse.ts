import { builderOf, type FaultBuilder } from './builder';
import { type FaultType, faultType } from './fault-type';

/** Stops listening while it is there; open connections live on. */
export const refuseType: FaultType<object> = faultType({
  type: 'refuse',
  attributes: {},
  refuses: true,
});

/** Refuses new connections. Of the whole proxy, so that it takes neither toxicity nor a target. */
export const refuse: FaultBuilder<object> = builderOf(refuseType);
