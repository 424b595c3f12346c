import { asBuffer } from '../base/bytes';
import { readDuration, toMicroseconds } from '../base/duration';
import { framerFrom } from '../framing/framer-from';
import { readBytes } from './attribute-rules';
import type { Trigger, TriggerEvent } from './fault';
import { faultFramings } from './tls-records';
import {
  type Condition,
  type Moments,
  watchByte,
  watchMessage,
  watchPattern,
  watchTls,
} from './trigger-conditions';

/**
 * Watches one direction of one connection until a trigger fires.
 *
 * Every key of the trigger is a condition; it fires at the place where the last of them is met.
 */
export class TriggerWatch {
  readonly #conditions: readonly Condition[];
  readonly #any: readonly TriggerWatch[];
  readonly #fromFirstByte: number | undefined;
  readonly #idleUs: number | undefined;
  readonly #event: TriggerEvent | undefined;
  readonly #after: string | undefined;
  #dueUs: number;
  #idleDueUs: number;
  #eventSeen: boolean;
  #afterSeen: boolean;
  #fired = false;

  constructor(trigger: Trigger, moments: Moments) {
    const { byte, pattern, occurrence = 1, message, framing, offset = 0, event, after } = trigger;
    const conditions: Condition[] = [];
    if (byte !== undefined) conditions.push(watchByte(byte));
    if (pattern !== undefined) {
      const bytes = asBuffer(readBytes('pattern', pattern));
      conditions.push(watchPattern(bytes, occurrence, trigger.where === 'before'));
    }
    if (message !== undefined)
      conditions.push(watchMessage(framerFrom(framing, { named: faultFramings }), message, offset));
    this.#conditions = conditions;
    this.#any = (trigger.any ?? []).map((part) => new TriggerWatch(part, moments));
    const ofTls = event === 'tls:clientHello' || event === 'tls:established';
    if (ofTls) conditions.push(watchTls(event));
    this.#event = ofTls ? undefined : event;
    this.#after = after;
    this.#eventSeen = this.#event === undefined || event === 'established';
    this.#afterSeen = after === undefined || moments.acted(after);
    const { since = 'connection' } = trigger;
    const waitUs = microseconds(trigger.at);
    this.#fromFirstByte = since === 'firstByte' ? waitUs : undefined;
    this.#dueUs = Number.NEGATIVE_INFINITY;
    if (waitUs !== undefined) {
      this.#dueUs = since === 'firstByte' ? Number.POSITIVE_INFINITY : moments[since] + waitUs;
    }
    this.#idleUs = microseconds(trigger.idle);
    this.#idleDueUs =
      this.#idleUs === undefined ? Number.NEGATIVE_INFINITY : moments.toxic + this.#idleUs;
  }

  /** When time alone may make it fire; `Infinity` when it cannot. */
  get dueUs(): number {
    if (this.#fired) return Number.POSITIVE_INFINITY;
    const parts = this.#any.map((part) => part.dueUs);
    const own = Math.max(this.#dueUs, this.#idleDueUs);
    const ready = this.#conditions.every(({ met }) => met) && this.#eventSeen && this.#afterSeen;
    const anyDue = parts.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...parts);
    const due = Math.max(own, anyDue);
    return ready && due !== Number.NEGATIVE_INFINITY ? due : Number.POSITIVE_INFINITY;
  }

  /** Bytes at the end that must wait, since the place where it fires may be among them. */
  get holdsBack(): number {
    return Math.max(
      0,
      ...this.#conditions.map(({ back }) => back),
      ...this.#any.map((part) => part.holdsBack),
    );
  }

  /**
   * Bytes have come.
   *
   * @param chunk - what was held back before, with what is new behind it
   * @param known - how many at its start were seen before
   * @returns the index at which it fires
   */
  feed(chunk: Uint8Array, known: number, nowUs: number): number | undefined {
    if (this.#fromFirstByte !== undefined && this.#dueUs === Number.POSITIVE_INFINITY) {
      this.#dueUs = nowUs + this.#fromFirstByte;
    }
    // Silence is what has been before this chunk.
    const wasIdle = this.#idleUs === undefined || nowUs >= this.#idleDueUs;
    if (this.#event === 'firstByte') this.#eventSeen = true;
    let index = 0;
    let met = true;
    for (const condition of this.#conditions) {
      const at = condition.feed(chunk, known);
      if (at === undefined) met = false;
      else index = Math.max(index, at);
    }
    const parts = this.#any.map((part) => part.feed(chunk, known, nowUs));
    const found = parts.filter((at) => at !== undefined);
    if (this.#any.length > 0 && found.length === 0) met = false;
    else if (found.length > 0) index = Math.max(index, Math.min(...found));
    if (this.#idleUs !== undefined) this.#idleDueUs = nowUs + this.#idleUs;
    if (!met || !wasIdle || !this.#eventSeen || !this.#afterSeen || nowUs < this.#dueUs) {
      return undefined;
    }
    this.#fired = true;
    return index;
  }

  /** The source has ended. */
  fin(nowUs: number): boolean {
    if (this.#event === 'fin') this.#eventSeen = true;
    for (const part of this.#any) part.fin(nowUs);
    return this.due(nowUs);
  }

  /** Another fault has acted. */
  acted(name: string, nowUs: number): boolean {
    if (this.#after === name) this.#afterSeen = true;
    for (const part of this.#any) part.acted(name, nowUs);
    return this.due(nowUs);
  }

  /** Whether it fires now, without a byte. */
  due(nowUs: number): boolean {
    if (this.#fired || this.#dueOrNone > nowUs) return false;
    this.#fired = true;
    return true;
  }

  /** As `dueUs`, but at once when no time is asked for and everything else is met. */
  get #dueOrNone(): number {
    const met =
      this.#conditions.every((condition) => condition.met) && this.#eventSeen && this.#afterSeen;
    if (!met) return Number.POSITIVE_INFINITY;
    const parts = this.#any.map((part) =>
      part.#fired ? Number.NEGATIVE_INFINITY : part.#dueOrNone,
    );
    const any = parts.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...parts);
    return Math.max(this.#dueUs, this.#idleDueUs, any);
  }
}

function microseconds(value: number | string | undefined): number | undefined {
  return value === undefined ? undefined : toMicroseconds(readDuration('at', value));
}
