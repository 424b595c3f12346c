/** What a service may look like; everything else is refused, naming the member. */
import { suggestion } from '../base/closest-word';
import { configError, TcpError } from '../base/errors';

/** The handlers of one kind of service: most parameters of each, and which one it must have. */
interface Shape {
  readonly name: string;
  readonly required: string;
  readonly parameters: Readonly<Record<string, number>>;
}

const service: Shape = {
  name: 'Service',
  required: 'onConnect',
  parameters: { onConnect: 1 },
};

const connectionService: Shape = {
  name: 'ConnectionService',
  required: 'onBytes',
  parameters: { onBytes: 2, onError: 2, onEnd: 1, onClose: 1 },
};

const frameHandlers: Shape = {
  name: 'framed service',
  required: 'onFrame',
  parameters: { onFrame: 2, onError: 2, onEnd: 1, onClose: 1 },
};

/** @throws TcpError `ECONFIG` - what was given to `attach` is no Service */
export function checkService(value: unknown): void {
  check(service, value);
}

/** @throws TcpError `ECONFIG` - what `onConnect` returned is no ConnectionService */
export function checkConnectionService(value: unknown): void {
  check(connectionService, value);
}

/** @throws TcpError `ECONFIG` - what was given to `framed` is no set of handlers */
export function checkFrameHandlers(value: unknown): void {
  check(frameHandlers, value);
}

function check(shape: Shape, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    throw configError('service', `a ${shape.name} with ${shape.required}`, value);
  }
  if (isPlainAndRight(shape, value)) return;
  const handlers = handlersOf(value);
  refuseUnknown(shape, handlers);
  refuseUncallable(shape, handlers);
  refuseMissing(shape, handlers);
  refuseTooManyParameters(shape, handlers);
}

/** The quick way for an object literal that is right, which most are: it is made per connection. */
function isPlainAndRight(shape: Shape, value: object): boolean {
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let complete = false;
  for (const name in value) {
    if (!/^on[A-Z]/.test(name)) continue;
    const member = (value as Record<string, unknown>)[name];
    const most = shape.parameters[name];
    if (typeof member !== 'function' || most === undefined || member.length > most) return false;
    complete ||= name === shape.required;
  }
  return complete;
}

/** Members that are handlers by their name, own and inherited, nearest first. */
function handlersOf(value: object): Map<string, unknown> {
  const handlers = new Map<string, unknown>();
  for (
    let owner: object | null = value;
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (!/^on[A-Z]/.test(name) || handlers.has(name)) continue;
      const member = Reflect.get(value, name) as unknown;
      if (member !== undefined) handlers.set(name, member);
    }
  }
  return handlers;
}

/** Row G7: a handler that nobody calls is a mistake, and most often a misspelt one. */
function refuseUnknown(shape: Shape, handlers: Map<string, unknown>): void {
  const known = Object.keys(shape.parameters);
  const unknown = [...handlers.keys()].filter((name) => !known.includes(name));
  const [first] = unknown;
  if (first === undefined) return;
  const hint = unknown.length === 1 ? suggestion(first, known) : '';
  const are = unknown.length === 1 ? 'is no handler' : 'are no handlers';
  refuse(first, `${shape.name}: ${list(unknown)} ${are} of it${hint}, known: ${list(known)}`, {
    compatMessage: `Function \`${first}\` not accepted by the service`,
  });
}

/** Row G1. */
function refuseUncallable(shape: Shape, handlers: Map<string, unknown>): void {
  const wrong = [...handlers].filter(([, member]) => typeof member !== 'function');
  const [first] = wrong.map(([name]) => name);
  if (first === undefined) return;
  const found = wrong.map(([name, member]) => `${name} is ${kindOf(member)}`).join(', ');
  refuse(first, `${shape.name}: handlers must be functions, but ${found}`, {});
}

/** Row G2. */
function refuseMissing(shape: Shape, handlers: Map<string, unknown>): void {
  if (handlers.has(shape.required)) return;
  const compatMessage =
    shape.required === 'onBytes' ? 'Service does not contain `onBytes` function' : undefined;
  refuse(
    shape.required,
    `${shape.name}: ${shape.required} is missing`,
    compatMessage === undefined ? {} : { compatMessage },
  );
}

/** Rows G8 and G9. */
function refuseTooManyParameters(shape: Shape, handlers: Map<string, unknown>): void {
  for (const [name, member] of handlers) {
    const most = shape.parameters[name] ?? 0;
    const count = (member as { length: number }).length;
    if (count <= most) continue;
    const compatMessage =
      name === 'onClose'
        ? `Provided ${count} parameters, \`onClose\` function cannot have any parameters`
        : `Provided ${count} parameters, \`${name}\` can have only ${most} parameters`;
    const takes = `takes ${count} parameters and gets ${most}`;
    refuse(name, `${shape.name}: ${name} ${takes}`, { compatMessage });
  }
}

function refuse(field: string, message: string, more: { compatMessage?: string }): never {
  throw new TcpError(message, { ...more, code: 'ECONFIG', phase: 'config', field });
}

function list(names: readonly string[]): string {
  return names.join(', ');
}

function kindOf(member: unknown): string {
  if (member === null) return 'null';
  return Array.isArray(member) ? 'an array' : `of type ${typeof member}`;
}
