import { resolveLiteral } from '../base/byte-literal';
import { parseLiteralLines, parseLiteralTable } from '../base/byte-literal-lines';
import type { StepArgument } from './step';
import type { StepWorld } from './step-world';

/** The bytes of a doc string or table of literals. */
export function bytesOf(world: StepWorld, lines: StepArgument): Uint8Array {
  const literal =
    lines.kind === 'table'
      ? parseLiteralTable(lines.rows)
      : parseLiteralLines(lines.text, lines.mediaType);
  return resolveLiteral(literal, world.literalSources);
}
