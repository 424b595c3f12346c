import { choice } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultType, faultType } from './fault-type';

/** How many connections there may be at a time. */
export interface MaxConnectionsAttributes {
  /** Default 1. */
  readonly count: number;
  /** What happens to more: they wait (default), or are closed. */
  readonly how: 'wait' | 'fin' | 'reset';
}

/** Holds or closes connections beyond a number of open ones. */
export const maxConnectionsType: FaultType<MaxConnectionsAttributes> = faultType({
  type: 'max_connections',
  attributes: {
    count: { kind: 'integer', least: 1, default: 1 },
    how: choice(['wait', 'fin', 'reset'], 'wait'),
  },
  admit: ({ count, how }, { open }) => {
    if (open < count) return undefined;
    return how === 'wait' ? { do: 'queue', below: count } : { do: 'end', how };
  },
});

/** Lets only `count` connections be open at the same time. */
export const maxConnections: FaultBuilder<MaxConnectionsAttributes> = builderOf(maxConnectionsType);
