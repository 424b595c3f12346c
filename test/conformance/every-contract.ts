import { clockContract } from './clock-contract';
import { closingContract } from './closing-contract';
import { connectionContract } from './connection-contract';
import { errorContract } from './error-contract';
import type { Claim } from './maker';
import { scopeContract } from './scope-contract';

/** Everything that a network promises. A new network checks this, and nothing else is needed. */
export const everyContract: readonly Claim[] = [
  ...connectionContract,
  ...closingContract,
  ...errorContract,
  ...clockContract,
  ...scopeContract,
];
