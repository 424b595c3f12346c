/** The kinds of faults as data: what a form, or a client in another language, needs to offer them. */
import type { AttributeRule } from '../faults/attribute-rules';
import type { FaultTypes } from '../faults/fault-names';

/** Every kind, with its attributes and their JSON Schema. */
export function faultCatalogue(types: FaultTypes): readonly object[] {
  return [...types.values()].map(({ type, attributes }) => ({
    type,
    attributes,
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(attributes).map(([name, rule]) => [name, schemaOf(rule)]),
      ),
      required: Object.keys(attributes).filter((name) => attributes[name]?.required === true),
    },
  }));
}

/** Numbers with a unit may be text too, such as `2s` or `64 KiB`. */
function schemaOf(rule: AttributeRule): object {
  const { kind, unit, least = 0, most, choices, default: value } = rule;
  const range = { minimum: least, ...(most !== undefined && { maximum: most }) };
  const about = {
    ...(unit !== undefined && { description: unit }),
    ...(value !== undefined && { default: value }),
  };
  switch (kind) {
    case 'integer':
    case 'number':
      return { type: kind, ...range, ...about };
    case 'duration':
    case 'size':
      return { anyOf: [{ type: 'number', ...range }, { type: 'string' }], ...about };
    case 'choice':
      return { enum: choices, ...about };
    case 'flag':
      return { type: 'boolean', ...about };
    case 'text':
      return { type: 'string', ...about };
    case 'bytes':
      return { anyOf: [{ type: 'string' }, bytesObject('hex'), bytesObject('base64')], ...about };
    case 'framing':
    case 'data':
      return { anyOf: [{ type: 'string' }, { type: 'object' }], ...about };
  }
}

function bytesObject(form: 'hex' | 'base64'): object {
  return { type: 'object', properties: { [form]: { type: 'string' } }, required: [form] };
}
