import type { Clock, ClockTimer } from '../network/clock';
import type { WireEvent } from '../network/wire-event';
import type { CapturePipeline } from './capture-pipeline';
import type { HandshakeHold } from './handshake-hold';
import { keyLogLineOf } from './key-log';
import type { ScenarioStep } from './write-pcapng';

/** What a recorder is made with. */
export interface RecorderParts {
  readonly clock: Clock;
  readonly pipeline: CapturePipeline;
  readonly label: string;
  /** Bytes of payload that may wait, here and on their way to the disk. */
  readonly queue: number;
  /** Bytes that are on their way to the disk. */
  readonly waiting: () => number;
  /** Absent when no secrets are written. */
  readonly hold: HandshakeHold | undefined;
  readonly wants: (event: WireEvent) => boolean;
  /** Hears when events cannot be formatted: a defect, or a choice of connections that throws. */
  readonly failed: (error: unknown) => void;
}

/** What was before a capture, where it is to hold that too. */
export interface RunSoFar {
  readonly events: readonly WireEvent[];
  readonly steps: readonly ScenarioStep[];
}

/** A step of a scenario, between the events. */
interface Step {
  readonly step: string;
  readonly atUs: number;
}

/** Formatted when so many bytes wait, or after so long. */
const flushBytes = 256 * 1_024;
const flushUs = 100_000;
/** What an event costs beside its bytes. */
const eventCost = 64;

/**
 * Takes events as they happen and formats them later.
 *
 * On the path of the traffic there is one append. Formatting follows when enough waits, when the
 * code that runs has come to an end, or, on a real clock, after 100 ms.
 */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #timer: ClockTimer | undefined;
  #hold: HandshakeHold | undefined;
  #pending: (WireEvent | Step)[] = [];
  #pendingCost = 0;
  /** Bytes of payload in #pending. */
  #pendingBytes = 0;
  #scheduled = false;
  #stopped = false;
  /** Ends on which TLS has started, and those of them whose records are in the file. */
  readonly #encrypted = new Set<string>();
  readonly #recorded = new Set<string>();
  /** Lines of the key log that came behind records which they open. */
  readonly lateSecrets: string[] = [];

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#hold = parts.hold;
    const { clock, label } = parts;
    // A virtual clock must not see a timer that the traffic did not set.
    this.#timer =
      clock.kind === 'real'
        ? clock.after(flushUs, () => this.drain(), `${label} flush`)
        : undefined;
  }

  /** Takes an event. Never throws. */
  see(event: WireEvent): void {
    if (this.#stopped) return;
    if (event.kind === 'tls') this.#seeTls(event);
    this.#hold?.see(event);
    const bytes = event.bytes?.byteLength ?? 0;
    const isTooMuch = this.#pendingBytes + this.#parts.waiting() + bytes > this.#parts.queue;
    if (bytes > 0 && isTooMuch) {
      const { bytes: _bytes, ...rest } = event;
      this.#push(rest, 0);
    } else this.#push(event, bytes);
  }

  /** Formats what was before, at once: it is in memory anyway, and not all of it may stay there. */
  recall({ events, steps }: RunSoFar): void {
    const { pipeline } = this.#parts;
    let next = 0;
    // Secrets in front of what they open, as far as they are known.
    for (const event of events) if (event.kind === 'tls') this.#seeTls(event);
    for (const event of events) {
      for (; (steps[next]?.index ?? Infinity) <= event.index; next++) {
        pipeline.step(event.atUs, steps[next]?.text ?? '');
      }
      this.#format(event);
    }
    pipeline.writer.flush();
  }

  /** Takes the secrets of handshakes that begin from now on. */
  takeSecrets(hold: HandshakeHold): void {
    this.#hold ??= hold;
  }

  step(step: string): void {
    if (!this.#stopped) this.#push({ step, atUs: this.#parts.clock.now() }, 0);
  }

  /** Formats everything that does not wait for secrets. */
  drain(): void {
    this.#scheduled = false;
    this.#hold?.limit(this.#parts.clock.now(), this.#pendingBytes);
    if (this.#pending.length === 0) return;
    if (this.#hold?.active) {
      this.#timer?.restart();
      return;
    }
    this.drainAll();
  }

  /** Formats everything. */
  drainAll(): void {
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingCost = 0;
    this.#pendingBytes = 0;
    try {
      for (const item of pending) this.#format(item);
      this.#parts.pipeline.writer.flush();
    } catch (error) {
      this.stop();
      this.#parts.failed(error);
    }
  }

  /** Takes nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #push(item: WireEvent | Step, bytes: number): void {
    if (this.#pending.length === 0) this.#timer?.restart();
    this.#pending.push(item);
    this.#pendingBytes += bytes;
    this.#pendingCost += bytes + eventCost;
    if (this.#pendingCost < flushBytes || this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.drain());
  }

  #format(item: WireEvent | Step): void {
    const { pipeline } = this.#parts;
    if ('step' in item) {
      pipeline.step(item.atUs, item.step);
      return;
    }
    const { connection, kind, length } = item;
    if (length && this.#encrypted.has(connection)) {
      this.#recorded.add(connection);
    }
    pipeline.event(item);
    if (kind !== 'close' && kind !== 'rst') return;
    pipeline.writer.end(connection);
    this.#encrypted.delete(connection);
    this.#recorded.delete(connection);
  }

  #seeTls(event: WireEvent): void {
    const { wants, pipeline } = this.#parts;
    if (this.#hold === undefined) return;
    const { connection } = event;
    const line = keyLogLineOf(event);
    if (line === undefined) {
      this.#encrypted.add(connection);
      return;
    }
    try {
      if (!wants(event)) return;
      const added = pipeline.writer.secrets(connection, [line]);
      if (this.#recorded.has(connection)) this.lateSecrets.push(...added);
    } catch (error) {
      this.stop();
      this.#parts.failed(error);
    }
  }
}
