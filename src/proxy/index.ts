/** Door `brine/proxy`: proxies in this process that break connections on demand. */
export type { Decision, DecisionPlan } from '../faults/decisions';
export type { Attributes, Fault, Schedule, Side, Stream, Target, Trigger } from '../faults/fault';
export type { LinkBytes, Outcome, ProxyConnectionState } from './outcome';
export { Proxy, type ProxyChange, type ProxyData } from './proxy';
export { ProxyConnection } from './proxy-connection';
export type { ProxyCounters } from './proxy-counters';
export type { ProxyEvent, ProxyEventName } from './proxy-events';
export type { ProxyOptions } from './proxy-options';
export type { EndConnections } from './proxy-run';
export { type PopulateResult, ProxySet, type ProxySetOptions } from './proxy-set';
export { Toxic, type ToxicChange, type ToxicData } from './toxic';
