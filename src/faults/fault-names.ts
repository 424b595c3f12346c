/** Every kind of fault that there is, by name. Nothing registers itself by being imported. */

import { bandwidthType } from './bandwidth';
import { blackholeType } from './blackhole';
import { closeAtAcceptType } from './close-at-accept';
import { coalesceType, throttleBurstType } from './coalesce';
import { corruptType } from './corrupt';
import { dropType } from './drop';
import { duplicateType } from './duplicate';
import { failFirstType } from './fail-first';
import type { FaultType } from './fault-type';
import { halfCloseType } from './half-close';
import { holdType, stopReadingType } from './hold';
import { injectType } from './inject';
import { latencyType } from './latency';
import { limitDataType } from './limit-data';
import { limitTimeType } from './limit-time';
import { maxConnectionsType } from './max-connections';
import { noopType } from './noop';
import { packetLossType } from './packet-loss';
import { refuseType } from './refuse';
import { replaceType } from './replace';
import { closeUnreadType, resetMidWriteType, resetType } from './reset';
import { resetPeerType } from './reset-peer';
import { retransmitType } from './retransmit';
import { segmentsType } from './segments';
import { slicerType } from './slicer';
import { slowCloseType } from './slow-close';
import { neverConnectType, slowAcceptType, slowConnectType } from './slow-connect';
import { swallowFinType } from './swallow-fin';
import { swapType } from './swap';
import { timeoutType } from './timeout';
import { tlsRecordType } from './tls-record-fault';
import { truncateType } from './truncate';

/** Kinds by name. */
export type FaultTypes = ReadonlyMap<string, FaultType<never>>;

const all: readonly FaultType<never>[] = [
  // As in Toxiproxy.
  latencyType,
  bandwidthType,
  slowCloseType,
  timeoutType,
  resetPeerType,
  slicerType,
  limitDataType,
  noopType,
  packetLossType,
  // Of connections.
  refuseType,
  closeAtAcceptType,
  slowAcceptType,
  slowConnectType,
  neverConnectType,
  failFirstType,
  limitTimeType,
  maxConnectionsType,
  // Of the end of a stream.
  halfCloseType,
  swallowFinType,
  stopReadingType,
  holdType,
  blackholeType,
  truncateType,
  resetType,
  resetMidWriteType,
  closeUnreadType,
  // Of bytes and their pace.
  coalesceType,
  throttleBurstType,
  corruptType,
  dropType,
  duplicateType,
  injectType,
  replaceType,
  retransmitType,
  segmentsType,
  swapType,
  // Of TLS.
  tlsRecordType,
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
