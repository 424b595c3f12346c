/**
 * The one grammar of byte literals: `"PING\r\n"`, `hex "de ad"`, `base64 "AQID"`, `file "a.bin"`,
 * `line "QUIT"`, `64 KiB of "a"`, `1 KiB of random data`.
 *
 * A literal is read once into data and becomes bytes when it is used, because files and chance
 * belong to a scenario. `byte-literal-scanner.ts` finds one in a longer text; several lines of literals are in `byte-literal-lines.ts`, the way back from
 * bytes to a literal in `byte-literal-printer.ts`, escapes in `quoted-text.ts`.
 *
 * @source docs/literals.md#literals
 */
import { isAbsolute, join } from 'node:path';
import { checkSize, type Literal, literalAt, type SimpleLiteral } from './byte-literal-scanner';
import { refusal } from './errors';
import { columnOf } from './quoted-text';
import type { Random } from './random';
import { formatSize } from './size';

export type { Literal, SimpleLiteral };

/** Where a literal takes what it does not hold itself. */
export interface LiteralSources {
  /** Content of a file, read now; throws Node's own error (`ENOENT`) when there is none. */
  readonly readFile?: (path: string) => Uint8Array;
  /** Folder that relative paths start from; named when a file is not found. */
  readonly baseFolder?: string;
  /** Chance for `random data`. */
  readonly random?: Pick<Random, 'bytes'>;
}

/**
 * Reads one literal, which must be the whole text.
 *
 * @throws TcpError `ECONFIG`, field `literal` - says the column (from 1) and what was expected there
 */
export function parseLiteral(text: string): Literal {
  const { literal, end } = literalAt(text, 0);
  if (end < text.length) {
    const rest = JSON.stringify(shorten(text.slice(end)));
    throw refusal(
      'literal',
      `unexpected ${rest} after the literal, at column ${columnOf(text, end)}`,
    );
  }
  return literal;
}

/**
 * The bytes of a literal. They may be shared with the literal: read them, do not write to them.
 *
 * @throws TcpError `ECONFIG`, field `literal` - a file that is not there, nothing to read files or
 * chance from, or more than 256 MiB
 */
export function resolveLiteral(literal: Literal, sources: LiteralSources = {}): Uint8Array {
  switch (literal.kind) {
    case 'line':
      return Buffer.concat([literal.bytes, Buffer.from('\r\n')]);
    case 'file':
      return readLiteralFile(literal.path, sources);
    case 'repeat':
      return repeat(literal.size, resolveLiteral(literal.of, sources));
    case 'random':
      if (sources.random === undefined) {
        throw refusal('literal', 'random data needs a source of chance, and there is none here');
      }
      checkSize(literal.size);
      return sources.random.bytes(literal.size);
    case 'joined': {
      const parts = literal.parts.map((part) => resolveLiteral(part, sources));
      checkSize(parts.reduce((sum, part) => sum + part.byteLength, 0));
      return Buffer.concat(parts);
    }
    default:
      return literal.bytes;
  }
}

/** The bytes of a literal that needs neither files nor chance. @throws TcpError `ECONFIG` */
export function literalBytes(text: string): Uint8Array {
  return resolveLiteral(parseLiteral(text));
}

function readLiteralFile(path: string, sources: LiteralSources): Uint8Array {
  const { readFile, baseFolder } = sources;
  const name = JSON.stringify(path);
  if (readFile === undefined) {
    throw refusal('literal', `file ${name} cannot be read here: there is no folder to look in`);
  }
  let bytes: Uint8Array;
  try {
    bytes = readFile(baseFolder === undefined || isAbsolute(path) ? path : join(baseFolder, path));
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    throw code === 'ENOENT'
      ? refusal(
          'literal',
          `file ${name} not found (looked in ${baseFolder ?? 'the working folder'})`,
          error,
        )
      : refusal('literal', `file ${name} not readable: ${code ?? String(error)}`, error);
  }
  checkSize(bytes.byteLength);
  return bytes;
}

function repeat(size: number, unit: Uint8Array): Uint8Array {
  checkSize(size);
  if (size > 0 && unit.byteLength === 0) {
    throw refusal('literal', `${formatSize(size)} cannot be made of nothing`);
  }
  return size === 0 ? new Uint8Array() : Buffer.alloc(size, unit);
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
