/** Door `brine/network`: the contract between Brine and what carries its bytes, and the real world. */
export type { Address } from '../base/address';
export type { Duration } from '../base/duration';
export type { Random } from '../base/random';
export type { TlsOutcome } from '../base/tls-outcome';
export type { TlsPhase } from '../base/tls-phase';
export type {
  Clock,
  ClockTimer,
  Deadline,
  SleepOptions,
  TimerOptions,
} from './clock';
export type { ByteTaker, Connection, ConnectionInfo, ConnectionState } from './connection';
export type {
  ConnectOptions,
  Endpoint,
  ListenOptions,
  LookupOptions,
  Network,
  OnRead,
} from './network';
export { type RealWorldOptions, realWorld } from './real/world';
export type { LeakReport, Owned, Scope, Waiting } from './scope';
export type { TlsGate, TlsLine } from './tls-gate';
export type { SecuredConnection, TlsCertificateInfo, TlsInfo } from './tls-info';
export type {
  CipherWish,
  PreparedTls,
  StartTlsOptions,
  TlsKey,
  TlsSessions,
  TlsSettings,
  TlsSide,
  TlsVersion,
} from './tls-settings';
export type { Trace, TraceMode } from './trace';
export type { WireEvent, WireEventInput, WireEventKind } from './wire-event';
export type { WireLeg, WireSource } from './wire-source';
export type { World } from './world';
export { assertClean, LeakError } from './world/leak-error';
export { createTrace, type TraceOptions, type WorldTrace } from './world/trace';
