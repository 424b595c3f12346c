/** Placeholders for the nouns of the step language. */
import { decodeText, quoteText } from '../base/quoted-text';
import type { EntityKind } from './named-entities';
import type { ParameterRow, ParameterRows } from './parameter-type';
import { quoted } from './token-sources';

const nouns: ParameterRows<'client' | 'listener' | 'command'> = {
  client: entity('client', 'alice'),
  listener: entity('listener', 'echo'),
  command: entity('command', 'server'),
};

export const entityParameters: ParameterRows<'client' | 'listener' | 'command' | 'party' | 'host'> =
  {
    ...nouns,
    party: {
      regexps: [`client ${quoted}`, 'client', `listener ${quoted}`, 'listener'],
      examples: ['client "alice"', 'listener "echo"'],
      description: 'a client or a listener',
      read: (token, sources) =>
        nouns[token.startsWith('client') ? 'client' : 'listener'].read(token, sources),
      print: (party) => nouns[party.kind === 'client' ? 'client' : 'listener'].print(party),
    },
    host: {
      regexps: [`host ${quoted}`],
      examples: ['host "db"'],
      description: 'a host of the simulated network, by name',
      read: (token) => decodeText(token, 'host "'.length, token.length - 1),
      print: (name) => `host ${quoteText(name)}`,
    },
  };

/** A noun with or without a name. */
export function entity(kind: EntityKind, example: string): ParameterRow<'client'> {
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
