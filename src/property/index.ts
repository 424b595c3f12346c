/**
 * The door `brine/property`: properties of what talks over TCP, and what runs them.
 *
 * It needs fast-check, which is an optional peer of Brine.
 *
 * @packageDocumentation
 */
export { type BytesOptions, bytes } from './arbitraries/bytes';
export { type CutsOptions, cuts } from './arbitraries/cuts';
export { type FaultKind, type FaultScheduleOptions, faultSchedule } from './arbitraries/faults';
export { type Message, type MessageOptions, message, messages } from './arbitraries/message';
export { type Mutation, mutate, mutations } from './arbitraries/mutations';
export { pause, timeouts } from './arbitraries/pauses';
export { assertProperty, type CampaignResult, checkProperty } from './campaign';
export type { CampaignOptions, Profile, Progress } from './campaign-options';
export {
  type Conversation,
  type ConversationOptions,
  conversation,
  type Turn,
} from './conversation';
export { type Counterexample, CounterexampleError, describeCounterexample } from './counterexample';
export { fc } from './fast-check';
export type { Goal, Probe } from './probe';
export { completeness, echo, prefix } from './properties/echo';
export { type FramedStream, framing } from './properties/framing';
export { listenerIsolation, type Neighbours } from './properties/isolation';
export { noLeak, type Visit } from './properties/no-leak';
export {
  boundedTermination,
  type LateBytes,
  type Ordeal,
  readTimeoutEdge,
} from './properties/read-timeout';
export { robustParser } from './properties/robust-parser';
export { PropertyViolation } from './property-violation';
export type { Count, Stability } from './stability';
export { standardProperties } from './standard-properties';
export type { StoredCase } from './stored-case';
export type {
  Endpoint,
  Features,
  FuzzClient,
  RunningServer,
  SystemUnderTest,
} from './system-under-test';
export { defineProperty, type WireProperty } from './wire-property';
