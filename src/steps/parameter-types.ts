/**
 * The placeholders of the step language: what they match, what they give, how they are printed.
 *
 * A placeholder is declared with its kin (`byte-parameters.ts` and so on) and listed here. No regular
 * expression has a capture group, so that a runner hands over the whole token.
 *
 * @source docs/steps.md#placeholders
 */
import { builtInParameters } from './built-in-parameters';
import { byteParameters } from './byte-parameters';
import { entityParameters } from './entity-parameters';
import type { ParameterRow, ParameterType } from './parameter-type';
import type { ParameterValues } from './parameter-values';
import { plainParameters } from './plain-parameters';
import { tlsParameters } from './tls-parameters';

const rows: { readonly [Name in keyof ParameterValues]: ParameterRow<Name> } = {
  ...byteParameters,
  ...plainParameters,
  ...entityParameters,
  ...tlsParameters,
  ...builtInParameters,
};

/** Every placeholder, in the order of the reference page. */
export const parameterTypes: readonly ParameterType[] = Object.entries(rows).map(([name, row]) => {
  const regexps = row.regexps.map((source) => new RegExp(source));
  return { ...(row as object as Omit<ParameterType, 'name' | 'regexps'>), name, regexps };
});

/** The same, by name. */
export const parameterTypeByName: ReadonlyMap<string, ParameterType> = new Map(
  parameterTypes.map((type) => [type.name, type]),
);
