/**
 * The door `brine/steps`: the step language as data, and what runs a step without a runner.
 *
 * @packageDocumentation
 */
export { allSteps, catalogue, defineSteps, stepById } from './catalogue';
export type { EndpointWords } from './endpoint-words';
export { type FailureClass, failureClasses } from './failure-classes';
export { type FailureFacts, stepFailure } from './failure-message';
export {
  type FeatureScenario,
  type FeatureStep,
  type ReadFeature,
  readFeature,
  type StepMatch,
  type StepMatcher,
  stepMatcher,
  type Token,
} from './feature-reader';
export type { Entity, EntityKind, EntityReference } from './named-entities';
export { NamedEntities } from './named-entities';
export type { ParameterType, TokenSources } from './parameter-type';
export { parameterTypes } from './parameter-types';
export type { ParameterValues } from './parameter-values';
export { realNetwork } from './real-network';
export { runSentence } from './run-sentence';
export { runStep } from './run-step';
export { ScenarioClient } from './scenario-client';
export { clients } from './scenario-clients';
export { addressOf, listeners, ScenarioListener, serveListener } from './scenario-listener';
export type {
  NetworkMaker,
  NetworkMakers,
  NetworkWishes,
  ScenarioNetwork,
} from './scenario-network';
export { proxies, ScenarioProxy } from './scenario-proxy';
export { simulatedNetwork } from './simulated-network';
export {
  type ArgumentKind,
  type ArgumentOf,
  type DataTable,
  type DocString,
  type Step,
  type StepArgument,
  type StepDefinition,
  type StepGroup,
  step,
  type ValuesOf,
} from './step';
export { StepFailure, type StepFailureDetails } from './step-failure';
export { printExample, printStep } from './step-printer';
export { readStepOptions, type StepOptions, type StepSettings } from './step-settings';
export { type StepPlace, StepWorld, type StepWorldOptions } from './step-world';
export type { Times } from './times-words';
export { Changes, type Changing, type Wait } from './wait-for';
