/** Whom a program wants to reach, out of the many ways to call `net.connect`. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** What else was given in an object. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly callback: (() => void) | undefined;
}

/** Reads the arguments of `net.connect`, `socket.connect` or `tls.connect`; `undefined` for a path. */
export function readTarget(values: readonly unknown[]): Target | undefined {
  // Inside of Node arguments travel as one array.
  const list: readonly unknown[] = Array.isArray(values[0]) ? values[0] : values;
  const callback = list.find((value): value is () => void => typeof value === 'function');
  const objects = list.filter(isObject);
  const options = Object.assign({}, ...objects);
  const [first, second] = list;
  const port = Number(isObject(first) ? options.port : first);
  if (typeof options.path === 'string' && options.path !== '' && !Number.isInteger(port)) {
    return undefined;
  }
  const given = isObject(first) || typeof second !== 'string' ? options.host : second;
  const host = typeof given === 'string' && given !== '' ? given : 'localhost';
  return Number.isInteger(port) ? { host, port, options, callback } : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
