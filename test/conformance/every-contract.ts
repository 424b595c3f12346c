import { closingContract } from './closing-contract';
import { connectionContract } from './connection-contract';
import type { Claim } from './maker';

/** Everything that a network promises. A new network checks this, and nothing else is needed. */
export const everyContract: readonly Claim[] = [...connectionContract, ...closingContract];
