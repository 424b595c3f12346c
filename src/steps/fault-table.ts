import { builderOf } from '../faults/builder';
import type { Fault } from '../faults/fault';
import { faultTypes } from '../faults/fault-names';
import { readFault } from '../faults/fault-reader';
import type { DataTable, DocString } from './step';

/** Keys below which a table has keys with a dot: `trigger.byte`. */
const nested = ['trigger', 'schedule', 'connections'];

/**
 * Reads a table of two columns, a key and its value: an attribute of the kind, or a key of the fault.
 *
 * Durations and sizes may have a unit; a list has brackets; bytes are a literal, or text that stands
 * for itself.
 *
 * @throws Error a table of another shape
 */
export function readFaultTable({ rows }: DataTable): Readonly<Record<string, unknown>> {
  const fault: Record<string, unknown> = {};
  for (const row of rows) {
    const [key = '', value = ''] = row;
    if (row.length !== 2) {
      throw new Error(`a fault has two columns, a key and its value, got ${row.length}`);
    }
    const path = key.split('.');
    const deep = path.length > 1 && nested.includes(path[0] ?? '');
    setAt(fault, deep ? path : [key], valueOf(value), key);
  }
  return fault;
}

/**
 * A fault of a kind from the keys of a table.
 *
 * @throws TcpError `EINVALIDFAULT`
 */
export function faultFrom(kind: string, keys: Readonly<Record<string, unknown>>): Fault {
  const type = faultTypes.get(kind);
  // Its own refusal names the nearest kind.
  if (type === undefined) return { ...readFault({ type: kind }, faultTypes), type: kind };
  return builderOf<Record<string, unknown>>(type)(keys);
}

/**
 * Reads faults as data: one, or a list, as `toxics` of a file or of the control API.
 *
 * @throws Error it is no JSON of that shape
 */
export function readFaultList({ text }: DocString): readonly Fault[] {
  const data = jsonOf(text, 'the faults are');
  const list: readonly unknown[] = Array.isArray(data) ? data : [data];
  for (const item of list) {
    if (typeof item !== 'object' || item === null) {
      throw new Error(`a fault is an object, got ${JSON.stringify(item)}`);
    }
  }
  return list as readonly Fault[];
}

function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} no JSON: ${(error as Error).message}`);
  }
}

function setAt(
  into: Record<string, unknown>,
  [first = '', ...rest]: readonly string[],
  value: unknown,
  key: string,
): void {
  if (rest.length === 0) {
    if (Object.hasOwn(into, first)) throw new Error(`"${key}" is given twice`);
    into[first] = value;
    return;
  }
  into[first] ??= {};
  setAt(into[first] as Record<string, unknown>, rest, value, key);
}

/** Numbers, flags and lists are data; everything else is text, also with its quotes. */
function valueOf(text: string): unknown {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return /^[[{]/.test(text) ? jsonOf(text, `${text} is`) : text;
}
