import { suggestion } from '../base/closest-word';
import { readDuration } from '../base/duration';
import { TcpError } from '../base/errors';
import { framerFrom } from '../framing/framer-from';
import { readBytes } from './attribute-rules';
import type { Trigger } from './fault';
import { invalidFault } from './invalid-fault';
import { faultFramings } from './tls-records';

const keys = [
  'byte',
  'pattern',
  'occurrence',
  'where',
  'message',
  'framing',
  'offset',
  'at',
  'since',
  'idle',
  'event',
  'after',
  'stream',
  'any',
  'until',
  'times',
];
const conditions = ['byte', 'pattern', 'message', 'at', 'idle', 'event', 'after', 'any'];

/** The words that some keys take. */
const words: Readonly<Record<string, readonly string[]>> = {
  where: ['before', 'after'],
  since: ['connection', 'firstByte', 'toxic', 'proxy'],
  event: ['established', 'firstByte', 'fin', 'tls:clientHello', 'tls:established'],
  stream: ['upstream', 'downstream'],
};

/** Reads a trigger. @throws TcpError `EINVALIDFAULT` - `field` is the path, such as `trigger.until.byte` */
export function readTrigger(value: unknown, field = 'trigger'): Trigger {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(field, `must be an object, got ${JSON.stringify(value)}`);
  }
  const trigger = value as Record<string, unknown>;
  for (const key of Object.keys(trigger)) {
    if (keys.includes(key)) continue;
    throw invalid(`${field}.${key}`, `unknown key "${key}"${suggestion(key, keys)}`);
  }
  if (!conditions.some((key) => trigger[key] !== undefined)) {
    throw invalid(field, `needs one of ${conditions.join(', ')}`);
  }
  checkCounts(trigger, field);
  for (const [key, known] of Object.entries(words)) {
    const word = trigger[key];
    if (word === undefined || known.includes(word as string)) continue;
    const near = typeof word === 'string' ? suggestion(word, known) : '';
    const list = known.map((text) => `"${text}"`).join(', ');
    throw invalid(`${field}.${key}`, `${key} must be one of ${list}, got ${print(word)}${near}`);
  }
  checkValues(trigger, field);
  return trigger as Trigger;
}

function checkCounts(trigger: Record<string, unknown>, field: string): void {
  const least: Record<string, number> = { byte: 0, occurrence: 1, message: 1, times: 1 };
  for (const [key, from] of Object.entries(least)) {
    const count = trigger[key];
    if (count === undefined || (Number.isSafeInteger(count) && Number(count) >= from)) continue;
    throw invalid(
      `${field}.${key}`,
      `${key} must be a whole number of ${from} or more, got ${print(count)}`,
    );
  }
  const { offset, after } = trigger as { offset?: unknown; after?: unknown };
  if (offset !== undefined && !Number.isSafeInteger(offset)) {
    throw invalid(`${field}.offset`, `offset must be a whole number, got ${print(offset)}`);
  }
  if (after !== undefined && typeof after !== 'string') {
    throw invalid(`${field}.after`, `after must be the name of a toxic, got ${print(after)}`);
  }
}

function checkValues(trigger: Record<string, unknown>, field: string): void {
  const { pattern, message, framing, at, idle, any, until } = trigger as Record<string, unknown>;
  said(`${field}.at`, () => at === undefined || readDuration('at', at));
  said(`${field}.idle`, () => idle === undefined || readDuration('idle', idle));
  if (pattern !== undefined && readBytes('pattern', pattern).length === 0) {
    throw invalid(`${field}.pattern`, 'pattern must not be empty');
  }
  if (message !== undefined && framing === undefined) {
    throw invalid(`${field}.framing`, 'message needs a framing');
  }
  said(
    `${field}.framing`,
    () => framing === undefined || framerFrom(framing, { named: faultFramings }),
  );
  if (any !== undefined) {
    if (!Array.isArray(any) || any.length === 0) {
      throw invalid(`${field}.any`, `any must be a list of triggers, got ${print(any)}`);
    }
    for (const [index, part] of any.entries()) readTrigger(part, `${field}.any[${index}]`);
  }
  if (until !== undefined) readTrigger(until, `${field}.until`);
}

function said(field: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    throw TcpError.is(error) ? invalid(field, error.message) : error;
  }
}

function print(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function invalid(field: string, message: string): TcpError {
  return invalidFault(field, `invalid trigger: ${message}`);
}
