import type { Framer } from '../framing/framer';
import { builderOf, type FaultBuilder } from './builder';
import type { Act } from './fault';
import { type FaultType, faultType } from './fault-type';
import { framedStage } from './framed-stage';

/** Which messages change places. */
export interface SwapAttributes {
  readonly framing: unknown;
  /** This one and the next; from 1, default 1. */
  readonly message: number;
}

interface Values {
  readonly framing: Framer<unknown>;
  readonly message: number;
}

/** Message n + 1 before message n. */
export const swapType: FaultType<Values> = faultType({
  type: 'swap',
  attributes: {
    framing: { kind: 'framing', required: true },
    message: { kind: 'integer', least: 1, default: 1 },
  },
  stage: ({ framing, message: first }) => {
    let kept: Uint8Array | undefined;
    const release = (): readonly Act[] => {
      const bytes = kept;
      kept = undefined;
      return bytes === undefined ? [] : [{ emit: bytes }];
    };
    return framedStage(
      framing,
      (message, number) => {
        if (number !== first) return [{ emit: message }, ...release()];
        kept = message;
        return [];
      },
      release,
    );
  },
});

/** Lets two neighbouring messages change places. */
export const swap: FaultBuilder<SwapAttributes> = builderOf(swapType);
