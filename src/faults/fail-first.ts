import { choice } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultType, faultType } from './fault-type';

/** How many connections fail, and how. */
export interface FailFirstAttributes {
  /** Default 1. */
  readonly count: number;
  /** Default `fin`; `dialFailure` is what the proxy does when its upstream refuses. */
  readonly how: 'fin' | 'reset' | 'dialFailure';
  /** Counted for the whole proxy (default), or for each address of a client. */
  readonly per: 'proxy' | 'remote';
}

/** The first connections fail, later ones pass; counted from the last change of the fault. */
export const failFirstType: FaultType<FailFirstAttributes> = faultType({
  type: 'fail_first',
  attributes: {
    count: { kind: 'integer', default: 1 },
    how: choice(['fin', 'reset', 'dialFailure'], 'fin'),
    per: choice(['proxy', 'remote'], 'proxy'),
  },
  admit: ({ count, how, per }, c) =>
    (per === 'proxy' ? c.seen : c.seenOfRemote) > count ? undefined : { do: 'end', how },
});

/** Lets the first `count` connections fail. */
export const failFirst: FaultBuilder<FailFirstAttributes> = builderOf(failFirstType);
