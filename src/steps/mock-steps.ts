/** Sentences about mocks, in the order of docs/steps.md. */
import { mockPushSteps } from './mock-push-steps';
import { mockRuleSteps } from './mock-rule-steps';
import { mockStartSteps } from './mock-start-steps';
import { mockTlsSteps } from './mock-tls-steps';
import { mockVerdictSteps } from './mock-verdict-steps';
import { mockWireSteps } from './mock-wire-steps';
import type { Step } from './step';

export const mockSteps: readonly Step[] = [
  ...mockStartSteps,
  ...mockRuleSteps,
  ...mockPushSteps,
  ...mockVerdictSteps,
  ...mockTlsSteps,
  ...mockWireSteps,
];
