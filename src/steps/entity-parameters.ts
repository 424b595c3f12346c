/** Placeholders for the nouns of the step language. */
import { decodeText, quoteText } from '../base/quoted-text';
import type { EntityKind, EntityReference } from './named-entities';
import { known, type ParameterRow, type ParameterRows } from './parameter-type';
import { quoted } from './token-sources';

export const entityParameters: ParameterRows<
  'client' | 'listener' | 'command' | 'proxy' | 'party' | 'server' | 'host'
> = {
  client: entity('client', 'alice'),
  listener: entity('listener', 'echo'),
  command: entity('command', 'server'),
  proxy: entity('proxy', 'flaky'),
  party: oneOf(
    ['client', 'listener', 'proxy'],
    ['client "alice"', 'listener "echo"', 'proxy "flaky"'],
    'a client, a listener or a proxy',
  ),
  server: oneOf(
    ['listener', 'mock'],
    ['listener "echo"', 'mock "mail"'],
    'what a proxy may stand in front of: a listener or a mock',
  ),
  host: {
    regexps: [`host ${quoted}`],
    examples: ['host "db"'],
    description: 'a host of the simulated network, by name',
    read: (token) => decodeText(token, 'host "'.length, token.length - 1),
    print: (name) => `host ${quoteText(name)}`,
  },
};

/** A noun with or without a name. */
function entity(kind: EntityKind, example: string): ParameterRow<'client'> {
  return {
    regexps: [`${kind} ${quoted}`, kind],
    examples: [`${kind} "${example}"`, kind],
    description: `a ${kind} by name, or the one mentioned last`,
    read: (token) => readNoun(kind, token),
    print: printNoun,
  };
}

/** One of several nouns, with or without a name. */
function oneOf(
  kinds: readonly EntityKind[],
  examples: readonly string[],
  description: string,
): ParameterRow<'client'> {
  return {
    regexps: kinds.flatMap((kind) => [`${kind} ${quoted}`, kind]),
    examples,
    description,
    read: (token) => readNoun(known(kinds.find((kind) => token.startsWith(kind))), token),
    print: printNoun,
  };
}

function readNoun(kind: EntityKind, token: string): EntityReference {
  const from = kind.length + 1;
  if (token.length < from) return { kind };
  return { kind, name: decodeText(token, from + 1, token.length - 1) };
}

function printNoun({ kind, name }: EntityReference): string {
  return name === undefined ? kind : `${kind} ${quoteText(name)}`;
}
