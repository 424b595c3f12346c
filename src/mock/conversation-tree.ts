import type { ScriptBranch, ScriptTurn } from './mock-model';

/** What happens on one recorded connection, as a server tells it. */
export interface RecordedTalk {
  /** In order of accept, from 1. */
  readonly connection: number;
  /** What the server does: at first, and after each thing of `heard`. One more than these. */
  readonly said: readonly (readonly ScriptTurn[])[];
  /** What the client does, each a turn that waits for it. */
  readonly heard: readonly ScriptTurn[];
}

/**
 * One script for several recorded connections.
 *
 * Connections go together for as long as their clients do the same; where they part, what the
 * client does next chooses the branch, so that clients may come in any order. Where a server
 * answered the same in different ways, the number of the connection chooses.
 */
export function scriptOfTalks(talks: readonly RecordedTalk[]): readonly ScriptTurn[] {
  return turnsFrom(talks, 0);
}

function turnsFrom(talks: readonly RecordedTalk[], from: number): readonly ScriptTurn[] {
  const turns: ScriptTurn[] = [];
  for (let at = from; ; at++) {
    turns.push(...speechOf(talks, at));
    const going = talks.filter(({ heard }) => heard.length > at);
    const groups = grouped(going, ({ heard }) => JSON.stringify(heard[at]));
    const [only] = groups;
    if (only === undefined) return turns;
    const turn = only[0]?.heard[at];
    if (groups.length === 1 && going.length === talks.length && turn !== undefined) {
      turns.push(turn);
      continue;
    }
    const oneOf = groups.map(
      (group): ScriptBranch => ({
        turns: [
          ...group.slice(0, 1).flatMap(({ heard }) => heard.slice(at, at + 1)),
          ...turnsFrom(group, at + 1),
        ],
      }),
    );
    const mayEnd = going.length < talks.length;
    return [...turns, { oneOf, ...(mayEnd && { optional: true }) }];
  }
}

/** What the server does at a place, told apart by connection where it is not always the same. */
function speechOf(talks: readonly RecordedTalk[], at: number): readonly ScriptTurn[] {
  const groups = grouped(talks, (talk) => keyOf(talk, at));
  const kept: RecordedTalk[][] = [];
  for (const group of groups) {
    const home = group.every((talk) => isCut(talk, at)) ? longerOf(group, groups, at) : undefined;
    if (home === undefined) kept.push(group);
    else home.push(...group);
  }
  const [first, ...others] = kept;
  if (others.length === 0) return first?.[0]?.said[at] ?? [];
  const oneOf = kept.map(
    (group): ScriptBranch => ({
      connections: group
        .map(({ connection }) => connection)
        .toSorted((left, right) => left - right),
      turns: group[0]?.said[at] ?? [],
    }),
  );
  return [{ oneOf }];
}

/** The longest speech that a server may have wanted to give when it was cut short. */
function longerOf(
  group: readonly RecordedTalk[],
  groups: readonly RecordedTalk[][],
  at: number,
): RecordedTalk[] | undefined {
  const beginning = keyOf(group[0], at).slice(0, -1);
  const length = (one: readonly RecordedTalk[]): number => one[0]?.said[at]?.length ?? 0;
  return groups
    .filter((one) => length(one) > length(group) && keyOf(one[0], at).startsWith(beginning))
    .toSorted((left, right) => length(right) - length(left))[0];
}

/** Whether the recording or a reset of the client ends a speech. */
function isCut({ heard }: RecordedTalk, at: number): boolean {
  return heard.length <= at || heard[at]?.expectClose === 'reset';
}

/** Speeches with the same key differ in times alone; the key of a beginning is a beginning but for its last character. */
function keyOf(talk: RecordedTalk | undefined, at: number): string {
  return JSON.stringify(talk?.said[at]?.map(({ wait: _, ...rest }) => rest) ?? []);
}

function grouped(
  talks: readonly RecordedTalk[],
  keyOf: (talk: RecordedTalk) => string,
): RecordedTalk[][] {
  const groups = new Map<string, RecordedTalk[]>();
  for (const talk of talks) {
    const key = keyOf(talk);
    groups.set(key, [...(groups.get(key) ?? []), talk]);
  }
  return [...groups.values()];
}
