/** Every kind of fault that there is, by name. Nothing registers itself by being imported. */
import { bandwidthType } from './bandwidth';
import type { FaultType } from './fault-type';
import { latencyType } from './latency';
import { limitDataType } from './limit-data';
import { noopType } from './noop';
import { packetLossType } from './packet-loss';
import { resetPeerType } from './reset-peer';
import { retransmitType } from './retransmit';
import { slicerType } from './slicer';
import { slowCloseType } from './slow-close';
import { neverConnectType, slowAcceptType, slowConnectType } from './slow-connect';
import { timeoutType } from './timeout';

/** Kinds by name. */
export type FaultTypes = ReadonlyMap<string, FaultType<never>>;

const all: readonly FaultType<never>[] = [
  latencyType,
  bandwidthType,
  slowCloseType,
  timeoutType,
  resetPeerType,
  slicerType,
  limitDataType,
  noopType,
  packetLossType,
  retransmitType,
  slowConnectType,
  slowAcceptType,
  neverConnectType,
];

/** The catalogue. */
export const faultTypes: FaultTypes = tableOf(all);

/** The catalogue, with kinds of a user in front. */
export function withFaultTypes(own: readonly FaultType<never>[]): FaultTypes {
  return own.length === 0 ? faultTypes : new Map([...faultTypes, ...tableOf(own)]);
}

function tableOf(types: readonly FaultType<never>[]): FaultTypes {
  return new Map(types.map((type) => [type.type, type]));
}
