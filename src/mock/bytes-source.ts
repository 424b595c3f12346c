import { readBase64, readHex } from '../base/byte-encodings';
import { checkSize } from '../base/byte-literal-scanner';
import { refusal } from '../base/errors';
import { decodeEscapes } from '../base/quoted-text';
import { readSize } from '../base/size';
import type { BytesDefinition, BytesKeys } from './bytes-definition';
import type { Compiling } from './compiling';
import { compileFields } from './field-list';
import { compileTemplate, type Template } from './template';
import { type BytesSource, emptyScope } from './template-scope';

/** The ways to write bytes, for messages and the reader. */
export const bytesForms: readonly (keyof BytesKeys)[] = [
  'text',
  'line',
  'hex',
  'base64',
  'file',
  'repeat',
  'random',
  'concat',
  'fields',
];

/**
 * Compiles bytes of a definition.
 *
 * @throws TcpError `ECONFIG`
 */
export function compileBytes(definition: BytesDefinition, place: Compiling): BytesSource {
  if (definition instanceof Uint8Array) return constantOf(Uint8Array.from(definition));
  if (typeof definition === 'string') return compileText(definition, undefined, place);
  const form = bytesForms.find((key) => definition[key] !== undefined);
  const { template } = definition;
  switch (form) {
    case 'text':
      return compileText(definition.text ?? '', template, place);
    case 'line':
      return compileText(`${definition.line}\\r\\n`, template, place);
    case 'hex':
      return compileHex(definition.hex ?? '', template, place);
    case 'base64':
      return constantOf(readBase64(definition.base64 ?? ''));
    case 'file':
      return constantOf(place.readFile(definition.file ?? ''));
    case 'repeat':
      return compileRepeat(definition, place);
    case 'random': {
      const length = readSize(place.path, definition.random);
      checkSize(length);
      return { bytes: (scope) => scope.random(length) };
    }
    case 'concat':
      return joined((definition.concat ?? []).map((part) => compileBytes(part, place)));
    case 'fields':
      return compileFields(definition.fields ?? [], place);
    default:
      throw refusal(place.path, `bytes need one of ${bytesForms.join(', ')}`);
  }
}

/** Bytes that must be known beforehand, such as those a predicate compares with. */
export function compileConstant(definition: BytesDefinition, place: Compiling): Uint8Array {
  const { constant } = compileBytes(definition, place);
  if (constant === undefined) throw refusal(place.path, 'these bytes must be known beforehand');
  return constant;
}

function constantOf(bytes: Uint8Array): BytesSource {
  return { constant: bytes, bytes: () => bytes };
}

function compileText(text: string, template: boolean | undefined, place: Compiling): BytesSource {
  if (!(template ?? text.includes('${'))) return constantOf(decodeEscapes(text));
  return templateSource(compileTemplate(text, 'text', place.names), text);
}

function compileHex(text: string, template: boolean | undefined, place: Compiling): BytesSource {
  if (!(template ?? text.includes('${'))) return constantOf(readHex(text));
  return templateSource(compileTemplate(text, 'hex', place.names), text);
}

/** A template without values in it is a constant. */
function templateSource(template: Template, text: string): BytesSource {
  return /(^|[^$])\$\{/.test(text) ? { bytes: template } : constantOf(template(emptyScope));
}

function compileRepeat({ repeat }: BytesKeys, place: Compiling): BytesSource {
  if (repeat === undefined) throw refusal(place.path, 'repeat needs of and size');
  const of = compileBytes(repeat.of, place);
  const size = readSize(place.path, repeat.size);
  checkSize(size);
  const filled = (unit: Uint8Array): Uint8Array => {
    if (unit.length === 0) throw refusal(place.path, 'nothing to repeat');
    return Buffer.alloc(size, unit);
  };
  if (of.constant !== undefined) return constantOf(filled(of.constant));
  return { bytes: (scope) => filled(of.bytes(scope)) };
}

function joined(parts: readonly BytesSource[]): BytesSource {
  const known = parts.flatMap(({ constant }) => (constant === undefined ? [] : [constant]));
  if (known.length === parts.length) return constantOf(Buffer.concat(known));
  return { bytes: (scope) => Buffer.concat(parts.map((part) => part.bytes(scope))) };
}
