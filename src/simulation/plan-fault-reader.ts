import { readDuration } from '../base/duration';
import { configError } from '../base/errors';
import {
  readCount,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import { connectionActions, type Fields, optional } from './connection-action-reader';
import { linkOptionKeys, readLinkOptions } from './link-settings';
import { readSkew } from './topology';

/** Action → reader of its fields, beside `type`. */
const actions: Readonly<Record<string, (field: string, action: Fields) => void>> = {
  ...connectionActions,
  hold: readPair,
  release: readPair,
  partition(field, action) {
    refuseUnknownKeys(field, action, ['type', 'a', 'b', 'direction', 'how']);
    readHosts(`${field}.a`, action['a']);
    readHosts(`${field}.b`, action['b']);
    optional(action['direction'], (value) =>
      readOneOf(`${field}.direction`, value, ['both', 'a→b', 'b→a']),
    );
    optional(action['how'], (value) =>
      readOneOf(`${field}.how`, value, ['hold', 'reset', 'blackhole']),
    );
  },
  heal(field, action) {
    refuseUnknownKeys(field, action, ['type', 'a', 'b']);
    optional(action['a'], (value) => readHosts(`${field}.a`, value));
    optional(action['b'], (value) => readHosts(`${field}.b`, value));
  },
  clog(field, action) {
    refuseUnknownKeys(field, action, ['type', 'from', 'to', 'duration']);
    readEnds(field, action);
    optional(action['duration'], (value) => readDuration(`${field}.duration`, value));
  },
  kill(field, action) {
    refuseUnknownKeys(field, action, ['type', 'host', 'how']);
    readText(`${field}.host`, action['host']);
    optional(action['how'], (value) => readOneOf(`${field}.how`, value, ['process', 'power']));
  },
  restart(field, action) {
    refuseUnknownKeys(field, action, ['type', 'host']);
    readText(`${field}.host`, action['host']);
  },
  skew(field, action) {
    refuseUnknownKeys(field, action, ['type', 'host', 'skew']);
    readText(`${field}.host`, action['host']);
    readSkew(`${field}.skew`, action['skew']);
  },
  dns(field, action) {
    refuseUnknownKeys(field, action, ['type', 'name', 'answer', 'delay']);
    readText(`${field}.name`, action['name']);
    readAnswer(`${field}.answer`, action['answer']);
    optional(action['delay'], (value) => readDuration(`${field}.delay`, value));
  },
  link(field, action) {
    const { type: _type, from: _from, to: _to, ...options } = action;
    refuseUnknownKeys(field, options, [...linkOptionKeys, 'from', 'to']);
    readEnds(field, action);
    readLinkOptions(field, options);
  },
};

/** Every action that a plan may hold. */
export const actionTypes: readonly string[] = Object.keys(actions);

/** Those on a single connection. */
export const connectionActionTypes: readonly string[] = Object.keys(connectionActions);

/** Reads one fault of a plan. @throws TcpError `ECONFIG` */
export function readFault(field: string, value: unknown): void {
  const fault = readObject(field, value);
  refuseUnknownKeys(field, fault, ['on', 'do', 'times']);
  readTrigger(`${field}.on`, fault['on']);
  optional(fault['times'], (times) => readCount(`${field}.times`, times, 1));
  const action = readObject(`${field}.do`, fault['do']);
  const type = readText(`${field}.do.type`, action['type']);
  const read = actions[readOneOf(`${field}.do.type`, type, actionTypes)];
  read?.(`${field}.do`, action);
  const { on } = fault as { readonly on: object };
  if (!('at' in on) || !connectionActionTypes.includes(type)) return;
  readCount(`${field}.do.connection`, action['connection'], 1);
}

function readTrigger(field: string, value: unknown): void {
  const trigger = readObject(field, value);
  if ('at' in trigger) {
    refuseUnknownKeys(field, trigger, ['at']);
    readDuration(`${field}.at`, trigger['at']);
    return;
  }
  if ('host' in trigger) {
    refuseUnknownKeys(field, trigger, ['host', 'accepts']);
    readText(`${field}.host`, trigger['host']);
    readCount(`${field}.accepts`, trigger['accepts'], 1);
    return;
  }
  if (!('connection' in trigger)) {
    throw configError(field, 'a trigger with "at", "connection" or "host"', value);
  }
  readCount(`${field}.connection`, trigger['connection'], 1);
  if ('state' in trigger) {
    refuseUnknownKeys(field, trigger, ['connection', 'state']);
    readOneOf(`${field}.state`, trigger['state'], ['connecting', 'established']);
    return;
  }
  readOneOf(`${field}.direction`, trigger['direction'], ['out', 'in']);
  if ('byte' in trigger) {
    refuseUnknownKeys(field, trigger, ['connection', 'direction', 'byte']);
    readCount(`${field}.byte`, trigger['byte']);
    return;
  }
  refuseUnknownKeys(field, trigger, ['connection', 'direction', 'message', 'offset']);
  readCount(`${field}.message`, trigger['message']);
  optional(trigger['offset'], (offset) => {
    if (!Number.isSafeInteger(offset))
      throw configError(`${field}.offset`, 'a whole number', offset);
  });
}

function readPair(field: string, action: Fields): void {
  refuseUnknownKeys(field, action, ['type', 'from', 'to']);
  readEnds(field, action);
}

function readEnds(field: string, action: Fields): void {
  readText(`${field}.from`, action['from']);
  readText(`${field}.to`, action['to']);
}

function readHosts(field: string, value: unknown): void {
  const names = Array.isArray(value) ? value : [value];
  names.forEach((name) => {
    readText(field, name);
  });
}

function readAnswer(field: string, value: unknown): void {
  if (value === 'ENOTFOUND' || value === 'EAI_AGAIN') return;
  if (!Array.isArray(value)) {
    throw configError(field, 'an array of addresses, "ENOTFOUND" or "EAI_AGAIN"', value);
  }
  value.forEach((address, index) => {
    readText(`${field}[${index}]`, address);
  });
}
