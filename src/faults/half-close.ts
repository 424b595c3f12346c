import { size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import type { Act } from './fault';
import { type FaultType, faultType } from './fault-type';
import { passThenAct } from './pass-then-act';

/** After how many bytes a direction ends. */
export interface HalfCloseAttributes {
  /** Default 0. */
  readonly after: number | string;
  /** Later bytes are read and dropped (default), or not read. */
  readonly discard: boolean;
}

interface Values {
  readonly after: number;
  readonly discard: boolean;
}

/** Passes so many bytes, then FIN in that direction only. */
export const halfCloseType: FaultType<Values> = faultType({
  type: 'half_close',
  attributes: { after: size(0), discard: { kind: 'flag', default: true } },
  stage: (values) => passThenAct(values, ({ discard }) => (discard ? ended : unread)),
});

/** Ends one direction after `after` bytes; the other lives on. */
export const halfClose: FaultBuilder<HalfCloseAttributes> = builderOf(halfCloseType);

const ended: readonly Act[] = [{ end: 'fin' }];
const unread: readonly Act[] = [{ end: 'unread' }];
