/**
 * Every sentence of the step language, in the order of docs/steps.md.
 *
 * A sentence lives in the `*-steps.ts` of its noun; to add one, add it there. Users add their own
 * with {@link defineSteps}.
 */

import { captureSteps } from './capture-steps';
import { certificateSteps } from './certificate-steps';
import { clientConnectSteps } from './client-connect-steps';
import { clientEndSteps } from './client-end-steps';
import { clientReceiveSteps } from './client-receive-steps';
import { clientSendSteps } from './client-send-steps';
import { clientStateSteps } from './client-state-steps';
import { faultSteps } from './fault-steps';
import { listenerSteps } from './listener-steps';
import { networkSteps } from './network-steps';
import { processSteps } from './process-steps';
import { proxySteps } from './proxy-steps';
import type { Step } from './step';
import { timeSteps } from './time-steps';
import { tlsConnectSteps } from './tls-connect-steps';
import { tlsFaultSteps } from './tls-fault-steps';
import { tlsListenerSteps } from './tls-listener-steps';
import { tlsOutcomeSteps } from './tls-outcome-steps';
import { wireSteps } from './wire-steps';

/** The sentences that come with Brine. */
export const catalogue: readonly Step[] = [
  ...clientConnectSteps,
  ...clientSendSteps,
  ...clientEndSteps,
  ...clientReceiveSteps,
  ...clientStateSteps,
  ...listenerSteps,
  ...proxySteps,
  ...faultSteps,
  ...processSteps,
  ...timeSteps,
  ...networkSteps,
  ...certificateSteps,
  ...tlsConnectSteps,
  ...tlsListenerSteps,
  ...tlsFaultSteps,
  ...tlsOutcomeSteps,
  ...wireSteps,
  ...captureSteps,
];

const own: Step[] = [];
const listeners: ((steps: readonly Step[]) => void)[] = [];

/**
 * Adds sentences of your own to the catalogue: the reference page, the completion file, the checks
 * and the runners then know them, also a runner that has the other steps already.
 *
 * @throws Error an id or an expression is taken
 */
export function defineSteps(steps: readonly Step[]): void {
  for (const added of steps) {
    const twin = allSteps().find(
      ({ id, expression }) => id === added.id || expression === added.expression,
    );
    if (twin !== undefined) {
      throw new Error(`step ${added.id}: ${twin.id} has the same id or expression`);
    }
    own.push(added);
  }
  for (const tell of listeners) tell(steps);
}

/** Calls back for steps that are defined from now on. */
export function onStepsDefined(listener: (steps: readonly Step[]) => void): void {
  listeners.push(listener);
}

/** The catalogue and what was added to it. */
export function allSteps(): readonly Step[] {
  return [...catalogue, ...own];
}

/** The step of an id. @throws Error there is none */
export function stepById(id: string): Step {
  const found = allSteps().find((step) => step.id === id);
  if (found === undefined) throw new Error(`there is no step "${id}"`);
  return found;
}
