import { toMicroseconds } from '../base/duration';
import { choice, duration } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultType, faultType } from './fault-type';

/** How long a connection lives, and how it ends. */
export interface LimitTimeAttributes {
  /** Default 1 s. */
  readonly time: number | string;
  /** Default `fin`; `half` is FIN to the client only. */
  readonly how: 'fin' | 'reset' | 'half';
  /** Default `connection`: from its accept. */
  readonly since: 'connection' | 'firstByte' | 'toxic';
  /** The time varies by so much either way; default 0. */
  readonly spread: number | string;
}

interface Values {
  readonly time: number;
  readonly how: 'fin' | 'reset' | 'half';
  readonly since: 'connection' | 'firstByte' | 'toxic';
  readonly spread: number;
}

/** Ends a connection at an age, whatever flows. */
export const limitTimeType: FaultType<Values> = faultType({
  type: 'limit_time',
  attributes: {
    time: duration(1_000),
    how: choice(['fin', 'reset', 'half'], 'fin'),
    since: choice(['connection', 'firstByte', 'toxic'], 'connection'),
    spread: duration(0),
  },
  life: ({ time, how, since, spread }, chance) => ({
    afterUs: toMicroseconds(Math.max(0, time + (spread === 0 ? 0 : (chance() * 2 - 1) * spread))),
    since,
    how: how === 'reset' ? 'both' : how,
  }),
});

/** Ends connections at the age of `time`. */
export const limitTime: FaultBuilder<LimitTimeAttributes> = builderOf(limitTimeType);
