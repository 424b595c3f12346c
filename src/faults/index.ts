/** Door `brine/faults`: faults as plain data, the builders that write them, and what a new kind is made of. */
export {
  type AttributeRule,
  choice,
  duration,
  integer,
  share,
  size,
} from './attribute-rules';
export { type BandwidthAttributes, bandwidth } from './bandwidth';
export { builderOf, type FaultBuilder, type FaultOptions } from './builder';
export type { Decision, DecisionPlan } from './decisions';
export type { Distribution } from './distribution';
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
export { type LatencyAttributes, latency } from './latency';
export { type LimitDataAttributes, limitData } from './limit-data';
export { noop } from './noop';
export { type PacketLossAttributes, packetLoss } from './packet-loss';
export { profileFaults, profiles } from './profiles';
export { type ResetPeerAttributes, resetPeer } from './reset-peer';
export { type RetransmitAttributes, retransmit } from './retransmit';
export { type SlicerAttributes, slicer } from './slicer';
export { type SlowCloseAttributes, slowClose } from './slow-close';
export { type TimeoutAttributes, timeout } from './timeout';
