/** The actions of a plan on a single connection, as they may be written. */
import { readDuration } from '../base/duration';
import { configError } from '../base/errors';
import { readCount, readOneOf, refuseUnknownKeys } from '../base/option-reader';
import { readTlsFault } from '../faults/tls-fault-reader';

/** An action, not yet read. */
export type Fields = Record<string, unknown>;

type FieldReader = (field: string, value: unknown) => unknown;

const connection: FieldReader = (field, value) => readCount(field, value, 1);
const side: FieldReader = (field, value) => readOneOf(field, value, ['dialler', 'listener']);
const direction: FieldReader = (field, value) => readOneOf(field, value, ['out', 'in', 'both']);
const from0: FieldReader = (field, value) => readCount(field, value);
const from1: FieldReader = (field, value) => readCount(field, value, 1);
const byteValue: FieldReader = (field, value) => {
  if (readCount(field, value) > 255)
    throw configError(field, 'a whole number from 0 to 255', value);
};
const stream = { connection, direction };

/** Action → what it may have, beside `type`, and what it must have. */
const shapes: Readonly<Record<string, readonly [Readonly<Record<string, FieldReader>>, string?]>> =
  {
    reset: [{ ...stream, side, after: from0 }],
    halfClose: [{ ...stream, side, after: from0 }],
    refuse: [{ connection }],
    slowAccept: [{ connection, delay: readDuration }],
    blackhole: [stream],
    delay: [{ ...stream, duration: readDuration }, 'duration'],
    stall: [{ ...stream, after: from0 }],
    split: [{ ...stream, size: from1, gap: readDuration }],
    coalesce: [{ ...stream, size: from1, time: readDuration }],
    corrupt: [{ ...stream, byte: from0, xor: byteValue }, 'byte'],
    duplicate: [{ ...stream, messages: from1 }],
    truncate: [{ ...stream, after: from0 }],
  };

/** Action on a single connection → reader of its fields, beside `type`. */
export const connectionActions: Readonly<Record<string, (field: string, action: Fields) => void>> =
  {
    ...Object.fromEntries(
      Object.entries(shapes).map(([type, [fields, required]]) => [
        type,
        (field: string, action: Fields) => {
          refuseUnknownKeys(field, action, ['type', ...Object.keys(fields)]);
          for (const [key, read] of Object.entries(fields)) {
            if (key === required || action[key] !== undefined) read(`${field}.${key}`, action[key]);
          }
        },
      ]),
    ),
    tls(field, action) {
      const { type: _type, connection: number, side: end, ...fault } = action;
      refuseUnknownKeys(field, fault, ['on', 'do', 'ending', 'side', 'connection']);
      optional(number, (value) => connection(`${field}.connection`, value));
      optional(end, (value) => side(`${field}.side`, value));
      readTlsFault(field, { on: fault['on'], ...fault }, end === 'dialler' ? 'client' : 'server');
    },
  };

/** Reads what may be left out. */
export function optional(value: unknown, read: (value: unknown) => unknown): void {
  if (value !== undefined) read(value);
}
