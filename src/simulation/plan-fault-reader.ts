import { readDuration } from '../base/duration';
import { configError, TcpError } from '../base/errors';
import {
  readCount,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import { linkOptionKeys, readLinkOptions } from './link-settings';
import { readSkew } from './topology';

type Fields = Record<string, unknown>;

/** Actions on streams, which the network does not do by itself. */
const streamActions = [
  'delay',
  'stall',
  'split',
  'coalesce',
  'corrupt',
  'duplicate',
  'truncate',
  'slowAccept',
  'tls',
];

/** Action → reader of its fields, beside `type`. */
const actions: Readonly<Record<string, (field: string, action: Fields) => void>> = {
  reset: readSide,
  halfClose: readSide,
  refuse: readConnection,
  blackhole: readConnection,
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

/** Reads one fault of a plan. @throws TcpError `ECONFIG` */
export function readFault(field: string, value: unknown): void {
  const fault = readObject(field, value);
  refuseUnknownKeys(field, fault, ['on', 'do', 'times']);
  readTrigger(`${field}.on`, fault['on']);
  optional(fault['times'], (times) => readCount(`${field}.times`, times, 1));
  const action = readObject(`${field}.do`, fault['do']);
  const type = readText(`${field}.do.type`, action['type']);
  if (streamActions.includes(type)) {
    throw new TcpError(`${field}.do: the stream fault "${type}" is not in this version`, {
      code: 'ECONFIG',
      phase: 'config',
      field: `${field}.do.type`,
    });
  }
  const read = actions[readOneOf(`${field}.do.type`, type, actionTypes)];
  read?.(`${field}.do`, action);
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

function readSide(field: string, action: Fields): void {
  refuseUnknownKeys(field, action, ['type', 'side', 'connection']);
  optional(action['side'], (side) => readOneOf(`${field}.side`, side, ['dialler', 'listener']));
  optional(action['connection'], (number) => readCount(`${field}.connection`, number, 1));
}

function readConnection(field: string, action: Fields): void {
  refuseUnknownKeys(field, action, ['type', 'connection']);
  optional(action['connection'], (number) => readCount(`${field}.connection`, number, 1));
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

function optional(value: unknown, read: (value: unknown) => unknown): void {
  if (value !== undefined) read(value);
}
