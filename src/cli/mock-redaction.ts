import type { RedactionDefinition } from '../mock/mock-model';
import { CommandFailure, exitCodes } from './exit-codes';

/** What `--redact` hides: a group named `secret`, else the first group, else the whole match. @throws CommandFailure 2 */
export function redactionsOf(expressions: readonly string[]): readonly RedactionDefinition[] {
  return expressions.map((text) => {
    const [, source = text, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
    const found = groupsOf(source, flags);
    const group =
      found.groups?.['secret'] === undefined && !source.includes('(?<secret>')
        ? found.length > 1
          ? '1'
          : undefined
        : 'secret';
    return {
      regex: source,
      ...(flags !== '' && { flags }),
      ...(group !== undefined && { group }),
    };
  });
}

/** A match of nothing, which shows the groups of an expression. */
function groupsOf(source: string, flags: string): RegExpExecArray {
  try {
    return new RegExp(`${source}|`, flags).exec('') as RegExpExecArray;
  } catch (error) {
    throw new CommandFailure(`--redact ${source}: ${(error as Error).message}`, exitCodes.usage);
  }
}
