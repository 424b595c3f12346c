import { patternOf } from '../steps/run-sentence';
import type { Step } from '../steps/step';
import type { StepText } from './scenario-text';

/**
 * Which step of the scenario runs now.
 *
 * A runner does not tell a step function where it stands. Steps run in order, and a sentence fits
 * one step of the catalogue only, so it is the next one that fits; steps of the user's own lie
 * between and are passed over.
 */
export class StepTrack {
  readonly #steps: readonly StepText[];
  #next = 0;

  constructor(steps: readonly StepText[]) {
    this.#steps = steps;
  }

  advance(step: Step): StepText {
    const pattern = patternOf(step);
    for (let index = this.#next; index < this.#steps.length; index++) {
      const candidate = this.#steps[index];
      if (candidate === undefined || !pattern.test(candidate.text)) continue;
      this.#next = index + 1;
      return candidate;
    }
    return { text: step.expression, place: '', mediaType: '' };
  }
}
