import { createRequire } from 'node:module';
import { join } from 'node:path';
import { refusal } from '../base/errors';
import type { Compiling } from './compiling';
import type { Handler, HandlerTest } from './mock-model';

/**
 * Loads what `./file.ts#name` names, relative to the definition.
 *
 * Node 20 reads TypeScript only with a loader, such as ts-node; JavaScript needs none.
 *
 * @throws TcpError `ECONFIG` - no such file, no such export, or not a function
 */
export function loadExport(spec: string, place: Compiling): (...args: never[]) => unknown {
  const [file = '', name] = spec.split('#');
  if (name === undefined || name === '' || !/^\.{1,2}\//.test(file)) {
    throw refusal(place.path, `a handler is written ./file.ts#name, got "${spec}"`);
  }
  const found = loadModule(file, place)[name];
  if (typeof found === 'function') return found as (...args: never[]) => unknown;
  throw refusal(place.path, `${file} exports no function "${name}"`);
}

/** What a file exports, relative to the definition. @throws TcpError `ECONFIG` - it cannot be loaded */
export function loadModule(file: string, place: Compiling): Readonly<Record<string, unknown>> {
  try {
    return createRequire(join(place.folder, 'mocks'))(file) as Record<string, unknown>;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw refusal(place.path, `could not load ${file}: ${reason}`, error);
  }
}

/** The function of an action. @throws TcpError `ECONFIG` */
export function handlerOf(value: string | Handler, place: Compiling): Handler {
  return typeof value === 'function' ? value : (loadExport(value, place) as Handler);
}

/** The function of a predicate. @throws TcpError `ECONFIG` */
export function testOf(value: string | HandlerTest, place: Compiling): HandlerTest {
  return typeof value === 'function' ? value : (loadExport(value, place) as HandlerTest);
}
