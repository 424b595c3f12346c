import { isBlock, isLogOnly, type ScriptLine } from '../capture/script';

/** The lines of a script in the order in which turns are numbered. */
export function linesOf(lines: readonly ScriptLine[]): readonly number[] {
  return lines.flatMap((line): readonly number[] => {
    if (!isBlock(line)) return line.kind === 'event' && isLogOnly(line.event) ? [] : [line.line];
    const inner = linesOf(line.lines);
    return line.kind === 'unordered' ? [line.line, ...inner] : inner;
  });
}
