import { refusal } from '../base/errors';
import type { Framer } from '../framing/framer';
import { printMocks } from './mock-file';
import type { MockDefinition } from './mock-model';

/**
 * The text of a file with one mock.
 *
 * @throws TcpError `ECONFIG` - a function is in it; the message names where
 */
export function printDefinition(definition: MockDefinition): string {
  refuseFunctions(definition);
  return printMocks([plainBytes(definition) as MockDefinition]);
}

function refuseFunctions(definition: MockDefinition): void {
  for (const [index, rule] of (definition.rules ?? []).entries()) {
    if (!hasFunction(rule)) continue;
    const title = rule.name === undefined ? `rule ${index + 1}` : `rule "${rule.name}"`;
    throw refusal('rules', `${title} has a function; write it as a handler file`);
  }
  if (typeof (definition.framing as Partial<Framer> | undefined)?.decode === 'function') {
    throw refusal('framing', 'the framing is a function; write it as a name or a definition');
  }
  if (hasFunction(definition)) {
    throw refusal('mock', 'the mock has a function; write it as a handler file');
  }
}

function hasFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasFunction);
}

/** Byte arrays as files write them. */
function plainBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(plainBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[key, plainBytes(inner)]],
    ),
  );
}
