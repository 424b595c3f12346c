import { suggestion } from '../base/closest-word';
import { statesNamedBy } from '../mock/mock-warnings';
import type { ScenarioMock } from './scenario-mock';

/**
 * Refuses a state that no rule, turn or action of a mock names. Where none is named at all, any is
 * good: names come to be by their use.
 *
 * @throws Error
 */
export function refuseUnknownState({ definition, title }: ScenarioMock, state: string): void {
  const known = statesNamedBy(definition);
  if (known.length === 0 || known.includes(state)) return;
  const list = known.map((name) => `"${name}"`).join(', ');
  throw new Error(
    `${title} has no state "${state}"${suggestion(state, known)}; its definition names ${list}`,
  );
}
