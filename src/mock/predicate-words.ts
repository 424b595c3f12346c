import { printBytesShortened } from '../base/byte-literal-printer';
import { compileConstant } from './bytes-source';
import { Compiling } from './compiling';
import type { Predicate } from './mock-model';
import { isBytes } from './predicates';

/** A predicate for messages: `"RCPT"`, `/^MAIL /`, `pattern "02 ??"`, `{"length":4}`. */
export function describePredicate(predicate: Predicate): string {
  if (isBytes(predicate)) return bytesWords(predicate);
  const { regex, flags = '', pattern, equals, ...rest } = predicate;
  const first =
    regex !== undefined
      ? `/${regex}/${flags}`
      : pattern !== undefined
        ? `pattern "${pattern}"`
        : equals !== undefined
          ? bytesWords(equals)
          : '';
  const others = Object.keys(rest).length === 0 ? '' : JSON.stringify(rest);
  return [first, others].filter((part) => part !== '').join(' with ');
}

function bytesWords(bytes: Parameters<typeof compileConstant>[0]): string {
  return printBytesShortened(compileConstant(bytes, new Compiling('', '.')), 256);
}
