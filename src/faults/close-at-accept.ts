import { toMicroseconds } from '../base/duration';
import { choice, duration } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultType, faultType } from './fault-type';

/** How and when an accepted connection is closed. */
export interface CloseAtAcceptAttributes {
  /** Default `fin`. */
  readonly how: 'fin' | 'reset';
  /** Default 0. */
  readonly delay: number | string;
}

interface Values {
  readonly how: 'fin' | 'reset';
  readonly delay: number;
}

/** Accepts and closes, without a byte and without a dial. */
export const closeAtAcceptType: FaultType<Values> = faultType({
  type: 'close_at_accept',
  attributes: { how: choice(['fin', 'reset'], 'fin'), delay: duration(0) },
  admit: ({ how, delay }) => ({ do: 'end', how, afterUs: toMicroseconds(delay) }),
});

/** Closes connections right after they were accepted. */
export const closeAtAccept: FaultBuilder<CloseAtAcceptAttributes> = builderOf(closeAtAcceptType);
