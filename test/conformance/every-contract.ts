import { clockContract } from './clock-contract';
import { closingContract } from './closing-contract';
import { connectionContract } from './connection-contract';
import { errorContract } from './error-contract';
import type { Claim } from './maker';
import { networkContract } from './network-contract';
import { orderContract } from './order-contract';
import { scopeContract } from './scope-contract';
import { tlsContract } from './tls-contract';
import { traceContract } from './trace-contract';

/** Everything that a network promises. A new network checks this, and nothing else is needed. */
export const everyContract: readonly Claim[] = [
  ...networkContract,
  ...connectionContract,
  ...closingContract,
  ...orderContract,
  ...errorContract,
  ...traceContract,
  ...clockContract,
  ...scopeContract,
  ...tlsContract,
];
