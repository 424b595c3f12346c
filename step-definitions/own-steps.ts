/** Sentences that only our own features need; they join the catalogue like those of any user. */
import { defineSteps } from '../src/steps/index';
import { bareClientSteps } from './bare-client-steps';
import { failingSentenceSteps } from './failing-sentence-steps';
import { failureSteps } from './failure-steps';
import { listenerControlSteps } from './listener-control-steps';
import { numberedLineSteps } from './numbered-line-steps';
import { proxyFailureSteps } from './proxy-failure-steps';
import { serviceSteps } from './service-steps';

defineSteps([
  ...bareClientSteps,
  ...failingSentenceSteps,
  ...failureSteps,
  ...listenerControlSteps,
  ...numberedLineSteps,
  ...proxyFailureSteps,
  ...serviceSteps,
]);
