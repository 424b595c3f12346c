import type { World } from '../network/world';
import type { Plan } from '../simulation/plan';
import { printStep } from '../steps/step-printer';
import type { WireProperty } from './wire-property';

/** A case as a feature with one scenario; `undefined` when no scenario says the same. */
export function scenarioText<Case>(
  property: WireProperty<Case>,
  example: Case,
  world: World['kind'],
): string | undefined {
  const sentences = property.toScenario(example);
  if (sentences === undefined) return undefined;
  const network = world === 'simulated' ? [networkStep(property.toPlan(example))] : [];
  const lines = natural([...network, ...sentences]).flatMap((step) => step.split('\n'));
  return [
    `Feature: counterexample of ${property.id} ${property.title}`,
    `  # ${property.statement}`,
    `  @${world}`,
    `  Scenario: shrunk counterexample of ${property.id} ${property.title}`,
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');
}

function networkStep(plan: Plan): string {
  const { v: _version, ...rest } = plan;
  if (Object.keys(rest).length === 0) return printStep('time.simulated', []);
  const text = JSON.stringify(plan, undefined, 2);
  return printStep('time.simulated.plan', [{ kind: 'docString', text, mediaType: 'json' }]);
}

/** Says `And` where the keyword is that of the sentence before. */
function natural(steps: readonly string[]): readonly string[] {
  let last = '';
  return steps.map((step) => {
    const keyword = step.slice(0, step.indexOf(' '));
    const same = keyword === last;
    last = keyword;
    return same ? `And${step.slice(keyword.length)}` : step;
  });
}
