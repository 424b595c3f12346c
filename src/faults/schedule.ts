import { suggestion } from '../base/closest-word';
import { readDuration, toMicroseconds } from '../base/duration';
import { TcpError } from '../base/errors';
import type { Clock, ClockTimer } from '../network/clock';
import type { Schedule } from './fault';
import { invalidFault } from './invalid-fault';

const keys = ['start', 'duration', 'every', 'times', 'expire'];

/** Reads a schedule. @throws TcpError `EINVALIDFAULT` */
export function readSchedule(value: unknown): Schedule {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('', `must be an object, got ${JSON.stringify(value)}`);
  }
  const schedule = value as Record<string, unknown>;
  for (const key of Object.keys(schedule)) {
    if (!keys.includes(key)) throw invalid(key, `unknown key "${key}"${suggestion(key, keys)}`);
  }
  const durationUs = microseconds('duration', schedule['duration']);
  const everyUs = microseconds('every', schedule['every']);
  microseconds('start', schedule['start']);
  if (everyUs !== undefined && (durationUs === undefined || everyUs <= durationUs)) {
    throw invalid('every', 'every must exceed duration');
  }
  const { times, expire } = schedule;
  if (times !== undefined && !(Number.isSafeInteger(times) && Number(times) >= 1)) {
    throw invalid(
      'times',
      `times must be a whole number of 1 or more, got ${JSON.stringify(times)}`,
    );
  }
  if (expire !== undefined && expire !== 'remove' && expire !== 'keep') {
    throw invalid('expire', `expire must be "remove" or "keep", got ${JSON.stringify(expire)}`);
  }
  return schedule as Schedule;
}

/** What a schedule asks for as time goes by. */
export interface ScheduleMoves {
  readonly wake: () => void;
  readonly sleep: () => void;
  /** The last time is over. */
  readonly expire: () => void;
}

/** Runs a schedule on a clock, from now. The first window that starts at 0 is open already. */
export function runSchedule(schedule: Schedule, clock: Clock, moves: ScheduleMoves): Disposable {
  const startUs = microseconds('start', schedule.start) ?? 0;
  const durationUs = microseconds('duration', schedule.duration);
  const everyUs = microseconds('every', schedule.every);
  const { times = everyUs === undefined ? 1 : Number.POSITIVE_INFINITY } = schedule;
  const beganUs = clock.now() + startUs;
  let timer: ClockTimer | undefined;
  const at = (dueUs: number, run: () => void): void => {
    timer = clock.after(Math.max(0, dueUs - clock.now()), run, 'schedule of a fault');
  };
  const open = (round: number): void => {
    moves.wake();
    if (durationUs !== undefined) {
      at(beganUs + round * (everyUs ?? 0) + durationUs, () => close(round));
    }
  };
  const close = (round: number): void => {
    if (round + 1 >= times) {
      moves.expire();
      return;
    }
    moves.sleep();
    at(beganUs + (round + 1) * (everyUs ?? 0), () => open(round + 1));
  };
  if (startUs === 0) open(0);
  else {
    moves.sleep();
    at(beganUs, () => open(0));
  }
  return { [Symbol.dispose]: () => timer?.cancel() };
}

function microseconds(key: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  try {
    return toMicroseconds(readDuration(key, value));
  } catch (error) {
    throw TcpError.is(error) ? invalid(key, error.message) : error;
  }
}

function invalid(key: string, message: string): TcpError {
  return invalidFault(`schedule${key === '' ? '' : `.${key}`}`, `invalid schedule: ${message}`);
}
