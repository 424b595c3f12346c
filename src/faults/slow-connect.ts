import { toMicroseconds } from '../base/duration';
import { duration } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultType, faultType } from './fault-type';

/** How long it takes. */
export interface DelayAttributes {
  /** Default 1 s. */
  readonly delay: number | string;
}

interface Values {
  readonly delay: number;
}

/** Accepts, and waits before the upstream is dialled. */
export const slowConnectType: FaultType<Values> = faultType({
  type: 'slow_connect',
  attributes: { delay: duration(1_000) },
  admit: ({ delay }) => ({ do: 'wait', forUs: toMicroseconds(delay) }),
});

/** Accepts, and waits unread, so that a client that leaves is not seen. */
export const slowAcceptType: FaultType<Values> = faultType({
  type: 'slow_accept',
  attributes: { delay: duration(1_000) },
  admit: ({ delay }) => ({ do: 'wait', forUs: toMicroseconds(delay), unread: true }),
});

/** Accepts, and never dials. */
export const neverConnectType: FaultType<object> = faultType({
  type: 'never_connect',
  attributes: {},
  admit: () => ({ do: 'never' }),
});

/** Dials the upstream late; bytes and FIN of the client are kept until then. */
export const slowConnect: FaultBuilder<DelayAttributes> = builderOf(slowConnectType);

/** Accepts and does nothing else for a while. */
export const slowAccept: FaultBuilder<DelayAttributes> = builderOf(slowAcceptType);

/** Accepts and never dials; ends when the client leaves or `dialTimeout` has passed. */
export const neverConnect: FaultBuilder<object> = builderOf(neverConnectType);
