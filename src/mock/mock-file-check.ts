import type { ValidateFunction } from 'ajv';
import { mockSchema } from './mock-schema';
import { type SchemaReason, schemaReasons } from './schema-reasons';

let validate: ValidateFunction | undefined;

/**
 * Holds the data of a file to the schema.
 *
 * `ajv` has the verdict; the words come from `schema-reasons.ts`. It is loaded with the first file.
 *
 * @returns what is wrong; empty when it fits
 */
export function checkMockFile(data: unknown): readonly SchemaReason[] {
  validate ??= compileSchema();
  if (validate(data) === true) return [];
  const reasons = schemaReasons(mockSchema(), data);
  if (reasons.length > 0) return reasons;
  return (validate.errors ?? []).slice(0, 1).map(({ instancePath, message = 'is wrong' }) => ({
    path: instancePath.split('/').slice(1),
    message,
    weight: 1,
  }));
}

function compileSchema(): ValidateFunction {
  const { Ajv2020 } = require('ajv/dist/2020') as typeof import('ajv/dist/2020');
  return new Ajv2020({ allErrors: false, strict: false }).compile(mockSchema());
}
