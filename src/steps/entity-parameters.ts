/** Placeholders for the nouns of the step language. */
import { decodeText, quoteText } from '../base/quoted-text';
import type { EntityKind } from './named-entities';
import { known, type ParameterRow, type ParameterRows } from './parameter-type';
import { quoted } from './token-sources';

type Noun = 'client' | 'listener' | 'mock' | 'command' | 'proxy';

const nouns: ParameterRows<Noun> = {
  client: entity('client', 'alice'),
  listener: entity('listener', 'echo'),
  mock: entity('mock', 'mail'),
  command: entity('command', 'server'),
  proxy: entity('proxy', 'flaky'),
};

export const entityParameters: ParameterRows<
  Noun | 'party' | 'server' | 'tlspeer' | 'tlsserver' | 'host'
> = {
  ...nouns,
  party: oneOf(['client', 'listener', 'mock', 'proxy'], 'a client, a listener, a mock or a proxy'),
  server: oneOf(['listener', 'mock'], 'what a proxy may stand in front of: a listener or a mock'),
  tlspeer: oneOf(['listener', 'mock'], 'a listener or a mock, which can break TLS'),
  tlsserver: oneOf(['listener', 'mock'], 'a listener or a mock, as a server that speaks TLS'),
  host: {
    regexps: [`host ${quoted}`],
    examples: ['host "db"'],
    description: 'a host of the simulated network, by name',
    read: (token) => decodeText(token, 'host "'.length, token.length - 1),
    print: (name) => `host ${quoteText(name)}`,
  },
};

/** Any of some nouns. */
function oneOf(kinds: readonly Noun[], description: string): ParameterRow<'party'> {
  const rowOf = (kind: string): ParameterRow<'client'> =>
    nouns[known(kinds.find((noun) => noun === kind))];
  return {
    regexps: kinds.flatMap((kind) => nouns[kind].regexps),
    examples: kinds.map((kind) => nouns[kind].examples[0] ?? kind),
    description,
    read: (token, sources) => rowOf(/^\w+/.exec(token)?.[0] ?? '').read(token, sources),
    print: (reference) => rowOf(reference.kind).print(reference),
  };
}

/** A noun with or without a name. */
function entity(kind: EntityKind, example: string): ParameterRow<'client'> {
  return {
    regexps: [`${kind} ${quoted}`, kind],
    examples: [`${kind} "${example}"`, kind],
    description: `a ${kind} by name, or the one mentioned last`,
    read(token) {
      const from = kind.length + 1;
      if (token.length < from) return { kind };
      return { kind, name: decodeText(token, from + 1, token.length - 1) };
    },
    print: ({ name }) => (name === undefined ? kind : `${kind} ${quoteText(name)}`),
  };
}
