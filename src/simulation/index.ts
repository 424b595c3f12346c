/** Door `brine/simulated`: the network in memory, on a virtual clock. */

export { LeakError } from '../network/world/leak-error';
export type { AuditReport, NativeWork } from './audit';
export type { Budgets } from './budgets';
export type { SimulatedConnection } from './connection';
export type { PartitionOptions, SimulatedNetwork } from './controls';
export {
  forHttp,
  forIoredis,
  forMqtt,
  forMysql2,
  forPg,
  forUndici,
  type HttpHook,
} from './drivers';
export type { Overflow, SimulatedEndpoint } from './endpoint';
export type { EscapeMode } from './escapes';
export type { SimulatedHost } from './host-control';
export { interceptHosts } from './intercept';
export type { SimulatedLink } from './link-control';
export type { LatencyTape, LinkOptions } from './link-settings';
export type {
  Hosts,
  NameAnswer,
  PartitionDirection,
  PartitionKind,
  Plan,
  PlannedAction,
  PlannedCut,
  PlannedFault,
  PlannedHost,
  PlannedLink,
  PlannedTape,
  PlannedTrigger,
} from './plan';
export { parsePlan, printPlan, readPlan } from './plan-reader';
export { planFromSeed, type SeedProfile } from './seed-plan';
export type { LateEnd, StreamFault } from './stream-faults';
export type { HostOptions } from './topology';
export { planFromTrace } from './trace-plan';
export {
  type BudgetCode,
  BudgetError,
  DeadlockError,
  NondeterminismError,
  SimulationEscape,
  SimulationStalled,
  UnheardError,
} from './verdicts';
export { endIdleWorkers, type IsolatedCase, type IsolatedOutcome, runIsolated } from './worker';
export { type SimulatedWorld, simulatedWorld } from './world';
export type { SimulationOptions } from './world-options';
