import { editDistance } from '../base/closest-word';
import { allSteps } from './catalogue';
import type { ReadFeature } from './feature-reader';
import { misspelt } from './scenario-tags';
import type { Step } from './step';

/** Something in a feature that will not work as it is meant. */
export interface FeatureFinding {
  readonly uri: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
  /** Sentences that may have been meant, the nearest first. */
  readonly nearest: readonly string[];
}

/**
 * Checks a feature that was read: sentences that no step or several steps match, tags that are
 * misspelt, and table cells with a doubled backslash, which Gherkin halves.
 */
export function checkFeature(
  feature: ReadFeature,
  steps: readonly Step[] = allSteps(),
): readonly FeatureFinding[] {
  const { uri } = feature;
  const sentences = feature.scenarios.flatMap((scenario) =>
    scenario.steps.flatMap(({ text, line, matches }): readonly FeatureFinding[] => {
      if (matches.length === 1) return [];
      if (matches.length === 0) {
        const nearest = nearestSentences(text, steps);
        return [{ uri, line, message: `no step matches "${text}"`, nearest }];
      }
      const ids = matches.map(({ step }) => step.id).join(' and ');
      return [{ uri, line, message: `"${text}" matches ${ids}`, nearest: [] }];
    }),
  );
  const tags = feature.scenarios.flatMap(({ tags, line }) =>
    tags.flatMap(misspelt).map((message) => ({ uri, line, message, nearest: [] })),
  );
  const cells = feature.doubledBackslashes.map((line) => ({
    uri,
    line,
    message:
      'a cell with a doubled backslash, which Gherkin halves; write one, or use a doc string',
    nearest: [],
  }));
  return once([...sentences, ...tags, ...cells]).sort((left, right) => left.line - right.line);
}

/** A sentence of a background or an outline is met once per scenario, and told once. */
function once(findings: readonly FeatureFinding[]): FeatureFinding[] {
  const told = new Map(findings.map((finding) => [`${finding.line} ${finding.message}`, finding]));
  return [...told.values()];
}

const shown = 3;

/** The expressions whose examples are nearest to a sentence, apart from what is quoted or a number. */
function nearestSentences(sentence: string, steps: readonly Step[]): readonly string[] {
  const wanted = skeleton(sentence);
  return steps
    .map(({ expression, example }) => ({
      expression,
      distance: editDistance(wanted, skeleton(example)),
    }))
    .sort((left, right) => left.distance - right.distance)
    .slice(0, shown)
    .map(({ expression }) => expression);
}

function skeleton(sentence: string): string {
  return sentence
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '""')
    .replace(/\d+(?:\.\d+)*/g, '0')
    .toLowerCase();
}
