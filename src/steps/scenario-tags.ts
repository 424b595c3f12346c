import { editDistance } from '../base/closest-word';
import type { StepSettings } from './step-settings';

/** What the tags of a scenario ask for. */
export interface ScenarioTags {
  /** The settings, changed by the tags. */
  readonly settings: StepSettings;
  /** Tags of evidence that the scenario leaves also when it passes. */
  readonly asked: ReadonlySet<string>;
  /** Keep the scenario folder also when the scenario passes. */
  readonly keep: boolean;
  /** Tags that look like one of ours, misspelt. */
  readonly warnings: readonly string[];
}

const known = [
  '@simulated',
  '@real',
  '@strict',
  '@lenient',
  '@wire-log',
  '@pcap',
  '@timeline',
  '@slow',
  '@keep',
];
const later = ['@audit', '@verify-twice'];
const all = [...known, ...later, '@seed', '@needs'];

/**
 * Reads the tags of a scenario over its settings.
 *
 * @throws Error tags that exclude each other, a wrong seed, a tag of a later release
 */
export function readTags(tags: readonly string[], settings: StepSettings): ScenarioTags {
  const has = (tag: string): boolean => tags.includes(tag);
  refuseBoth(tags, '@simulated', '@real');
  refuseBoth(tags, '@strict', '@lenient');
  const early = later.find(has);
  if (early !== undefined) throw new Error(`${early} comes with a later release of Brine`);
  const network = has('@simulated') ? 'simulated' : has('@real') ? 'real' : settings.network;
  const seed = seedOf(tags) ?? settings.seed;
  const strict = has('@strict') || (settings.strict && !has('@lenient'));
  const mockMode = has('@lenient') ? 'lenient' : has('@strict') ? 'strict' : settings.mockMode;
  const slow = has('@slow')
    ? { timeoutMs: settings.timeoutMs * 2, longestWaitMs: Number.POSITIVE_INFINITY }
    : {};
  const capture = { ...settings.capture, always: settings.capture.always || has('@pcap') };
  return {
    settings: { ...settings, network, seed, strict, mockMode, ...slow, capture },
    asked: new Set([...tags, ...(capture.always ? ['@pcap'] : [])]),
    keep: has('@keep'),
    warnings: tags.flatMap(misspelt),
  };
}

/** The warning about a tag that is one letter away from one of ours. */
export function misspelt(tag: string): readonly string[] {
  const name = tag.replace(/\(.*\)$/, '');
  if (all.includes(name)) return [];
  const near = all.find((ours) => editDistance(name.toLowerCase(), ours) === 1);
  return near === undefined ? [] : [`the tag ${tag} is unknown (did you mean ${near}?)`];
}

function refuseBoth(tags: readonly string[], one: string, other: string): void {
  if (tags.includes(one) && tags.includes(other)) {
    throw new Error(`${one} and ${other} exclude each other`);
  }
}

function seedOf(tags: readonly string[]): number | undefined {
  const tag = tags.findLast((name) => name.startsWith('@seed'));
  if (tag === undefined || !/^@seed(?:\(|$)/.test(tag)) return undefined;
  const digits = /^@seed\((\d+)\)$/.exec(tag)?.[1];
  if (digits === undefined || !Number.isSafeInteger(Number(digits))) {
    throw new Error(`${tag}: a seed is written @seed(42), a whole number`);
  }
  return Number(digits);
}
