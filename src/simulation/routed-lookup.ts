/** `dns.lookup` for hosts that are led into a simulated world: the table of that world answers. */
import { routeFor } from './host-rules';
import { literalAddresses } from './name-table';
import { lookupError } from './system-errors';

type AnyFunction = (this: unknown, ...values: unknown[]) => unknown;

interface Found {
  readonly address: string;
  readonly family: 4 | 6;
}

interface LookupOptions {
  readonly family?: unknown;
  readonly all?: boolean;
}

/** In place of `dns.lookup`. */
export function routedLookup(real: AnyFunction): AnyFunction {
  return function (this: unknown, ...values: unknown[]): unknown {
    const [name] = values;
    const callback = values.at(-1) as (...values: unknown[]) => void;
    const options = readOptions(values[1]);
    const answer = answerFor(name, options);
    if (answer === undefined) return Reflect.apply(real, this, values);
    if (answer instanceof Error) process.nextTick(callback, answer);
    else if (options.all === true) process.nextTick(callback, null, answer);
    else process.nextTick(callback, null, answer[0].address, answer[0].family);
    return {};
  };
}

/** In place of `dns.promises.lookup`. */
export function routedPromisedLookup(real: AnyFunction): AnyFunction {
  return function (this: unknown, ...values: unknown[]): unknown {
    const options = readOptions(values[1]);
    const answer = answerFor(values[0], options);
    if (answer === undefined) return Reflect.apply(real, this, values);
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(options.all === true ? answer : answer[0]);
  };
}

/** Both take a family in place of options. */
function readOptions(value: unknown): LookupOptions {
  return typeof value === 'object' && value !== null ? value : { family: value };
}

/** What the world says; `undefined` for a name that is nobody's business. */
function answerFor(
  name: unknown,
  options: LookupOptions,
): readonly [Found, ...Found[]] | Error | undefined {
  const route = typeof name === 'string' ? routeFor(name) : undefined;
  if (route === undefined || typeof name !== 'string') return undefined;
  const family = options.family === 4 || options.family === 6 ? options.family : 0;
  const { answer } = route.answer(name);
  const addresses = typeof answer === 'string' ? [] : literalAddresses(answer, family);
  const [first, ...others] = addresses.map(
    ({ host, family: kind }): Found => ({ address: host, family: kind === 'IPv6' ? 6 : 4 }),
  );
  if (first !== undefined) return [first, ...others];
  return lookupError(answer === 'EAI_AGAIN' ? answer : 'ENOTFOUND', name);
}
