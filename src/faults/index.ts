/** Door `brine/faults`: faults as plain data, the builders that write them, and what a new kind is made of. */

export type { TlsKind } from '../base/error-codes';
export type { AlertName } from '../base/tls-alerts';
export type { TlsPhase } from '../base/tls-phase';
export {
  type AttributeRule,
  choice,
  duration,
  integer,
  share,
  size,
} from './attribute-rules';
export { type BandwidthAttributes, bandwidth } from './bandwidth';
export { blackhole } from './blackhole';
export { builderOf, type FaultBuilder, type FaultOptions } from './builder';
export { type CloseAtAcceptAttributes, closeAtAccept } from './close-at-accept';
export {
  type CoalesceAttributes,
  coalesce,
  type ThrottleBurstAttributes,
  throttleBurst,
} from './coalesce';
export { type CorruptAttributes, corrupt } from './corrupt';
export type { Decision, DecisionPlan } from './decisions';
export type { Distribution } from './distribution';
export { type DropAttributes, drop } from './drop';
export { type DuplicateAttributes, duplicate } from './duplicate';
export { type FailFirstAttributes, failFirst } from './fail-first';
export {
  type Act,
  type Attributes,
  type DelayStage,
  type Fault,
  type FaultStage,
  PASS,
  type Schedule,
  type Side,
  type StageContext,
  type Stream,
  type Target,
  type Trigger,
  type TriggerEvent,
  type Verdict,
} from './fault';
export { type FaultTypes, faultTypes } from './fault-names';
export { type FaultReading, type FaultSettings, readFault } from './fault-reader';
export {
  type Admission,
  type AdmissionContext,
  type FaultType,
  faultType,
  type Life,
} from './fault-type';
export { type HalfCloseAttributes, halfClose } from './half-close';
export { type HoldAttributes, hold, stopReading } from './hold';
export { type InjectAttributes, inject } from './inject';
export { type LatencyAttributes, latency } from './latency';
export { type LimitDataAttributes, limitData } from './limit-data';
export { type LimitTimeAttributes, limitTime } from './limit-time';
export { type MaxConnectionsAttributes, maxConnections } from './max-connections';
export { noop } from './noop';
export { type PacketLossAttributes, packetLoss } from './packet-loss';
export { profileFaults, profiles } from './profiles';
export { refuse } from './refuse';
export { type ReplaceAttributes, replace } from './replace';
export {
  type CloseUnreadAttributes,
  closeUnread,
  type ResetAttributes,
  type ResetMidWriteAttributes,
  reset,
  resetMidWrite,
} from './reset';
export { type ResetPeerAttributes, resetPeer } from './reset-peer';
export { type RetransmitAttributes, retransmit } from './retransmit';
export { type SegmentsAttributes, segments } from './segments';
export {
  afterBytes,
  afterPattern,
  both,
  downstream,
  forTime,
  onConnection,
  sometimes,
  upstream,
} from './shorthands';
export { type SlicerAttributes, slicer } from './slicer';
export { type SlowCloseAttributes, slowClose } from './slow-close';
export { type DelayAttributes, neverConnect, slowAccept, slowConnect } from './slow-connect';
export { type SwallowFinAttributes, swallowFin } from './swallow-fin';
export { type SwapAttributes, swap } from './swap';
export { type TimeoutAttributes, timeout } from './timeout';
export type {
  TlsAction,
  TlsActionFault,
  TlsFault,
  TlsFaultLayer,
  TlsNegotiation,
} from './tls-fault';
export { layerOf } from './tls-fault';
export { presetNamed, type TlsFaultPreset, tlsFaultPresets } from './tls-fault-presets';
export type { TlsRecordAction, TlsRecordPlace } from './tls-record-action';
export { type TlsRecordAttributes, tls } from './tls-record-fault';
export { type TruncateAttributes, truncate } from './truncate';
