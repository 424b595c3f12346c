import type { MockDefinition } from './mock-model';

/**
 * The names that every template of a mock may use: variables, whatever `set` names anywhere, and
 * what the turns of a script catch, since that lasts as long as the connection.
 */
export function templateNames(definition: MockDefinition): ReadonlySet<string> {
  const names = new Set(Object.keys(definition.state?.vars ?? {}));
  collect(definition, names);
  collectCaptures(definition.script, names);
  return names;
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, names);
  else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'set' && isRecord(inner)) for (const name of Object.keys(inner)) names.add(name);
      else collect(inner, names);
    }
  }
}

function collectCaptures(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collectCaptures(item, names);
  else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'capture' && isRecord(inner)) {
        for (const name of Object.keys(inner)) names.add(name);
      } else if (key === 'regex' || key === 'pattern') {
        for (const [, name = ''] of String(inner).matchAll(/\(\??<?([A-Za-z_]\w*)[>:]/g)) {
          names.add(name);
        }
      } else collectCaptures(inner, names);
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
