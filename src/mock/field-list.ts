import { refusal } from '../base/errors';
import { decodeEscapes } from '../base/quoted-text';
import { readSize } from '../base/size';
import type { FieldDefinition } from './bytes-definition';
import type { Compiling } from './compiling';
import { checksumBytes, numberBytes } from './field-bytes';
import { bytesOf, compileTemplate } from './template';
import { type BytesSource, emptyScope, type TemplateScope } from './template-scope';

type Parts = Map<number, Uint8Array>;

/**
 * Compiles a message of numeric fields: plain values first, then lengths, then checksums, since a
 * length may count bytes that follow and a checksum covers lengths.
 *
 * @throws TcpError `ECONFIG`
 */
export function compileFields(fields: readonly FieldDefinition[], place: Compiling): BytesSource {
  const indexOf = (name: string): number => {
    const index = fields.findIndex((field) => field.name === name);
    if (index < 0) throw refusal(place.path, `there is no field "${name}"`);
    return index;
  };
  const sources = fields.map((field) => compileValue(field, place));
  for (const { lengthOf, over } of fields) {
    if (lengthOf !== undefined) indexOf(lengthOf);
    if (over !== undefined) indexOf(over);
  }
  const bytes = (scope: TemplateScope): Uint8Array => {
    const parts: Parts = new Map();
    for (const [index, source] of sources.entries()) {
      if (source !== undefined) parts.set(index, source(scope));
    }
    for (const [index, field] of fields.entries()) {
      if (field.lengthOf === undefined) continue;
      const length = parts.get(indexOf(field.lengthOf))?.length ?? 0;
      parts.set(index, numberOf(field, length, place));
    }
    for (const [index, { crc, over }] of fields.entries()) {
      if (crc === undefined) continue;
      const covered = over === undefined ? before(parts, index) : parts.get(indexOf(over));
      parts.set(index, checksumBytes(crc, covered ?? new Uint8Array()));
    }
    return before(parts, fields.length);
  };
  const isConstant = fields.every(
    ({ value }) => !(typeof value === 'string' && value.includes('${')),
  );
  return isConstant ? { constant: bytes(emptyScope), bytes } : { bytes };
}

function before(parts: Parts, end: number): Uint8Array {
  return Buffer.concat(
    Array.from({ length: end }, (_, index) => parts.get(index) ?? new Uint8Array()),
  );
}

/** The value of a field; `undefined` for one that is worked out from others. */
function compileValue(
  field: FieldDefinition,
  place: Compiling,
): ((scope: TemplateScope) => Uint8Array) | undefined {
  const { type, value, lengthOf, crc } = field;
  if (lengthOf !== undefined || crc !== undefined) return undefined;
  const text = typeof value === 'string' ? value : undefined;
  const template =
    text?.includes('${') === true ? compileTemplate(text, 'text', place.names) : undefined;
  if (type === 'bytes') {
    const fixed = text === undefined ? bytesOf(String(value ?? '')) : undefined;
    return (scope) => fit(fixed ?? template?.(scope) ?? decodeEscapes(text ?? ''), field, place);
  }
  if (template !== undefined) {
    return (scope) => numberOf(field, Number(Buffer.from(template(scope)).toString()), place);
  }
  const number = typeof value === 'string' ? BigInt(value) : (value ?? 0);
  if (typeof number !== 'number' && typeof number !== 'bigint') {
    throw refusal(place.path, `the value of a ${type} must be a number`);
  }
  const bytes = numberOf(field, number, place);
  return () => bytes;
}

function numberOf(field: FieldDefinition, value: number | bigint, place: Compiling): Uint8Array {
  if (field.type === 'bytes') throw refusal(place.path, 'bytes hold no number');
  return numberBytes(field.type, value, Number(field.length ?? 0));
}

/** Bytes filled with zeros up to the length that was asked for. */
function fit(bytes: Uint8Array, { length, name }: FieldDefinition, place: Compiling): Uint8Array {
  if (length === undefined) return bytes;
  const wanted = readSize(place.path, length);
  if (bytes.length > wanted) {
    throw refusal(
      place.path,
      `field "${name ?? ''}" has ${bytes.length} bytes, more than ${wanted}`,
    );
  }
  return Buffer.concat([bytes, Buffer.alloc(wanted - bytes.length)]);
}
