import { PhaseWatch } from '../base/tls-phase';
import { RecordReader } from '../base/tls-record-reader';
import type { TlsLine } from '../network/tls-gate';
import { actionBytes, endingOf } from './tls-action-bytes';
import { actionText, type TlsActionFault } from './tls-fault';
import { leave } from './tls-line';

/** As much of a greeting as is kept for an echo. */
const mostHeard = 65_536;

/**
 * Answers a connection in place of TLS: there is no TLS stack at all behind it.
 *
 * It acts once, at `accept` or when the ClientHello is complete, then listens until the peer has
 * ended, which it answers with FIN. A peer that never greets is never answered.
 *
 * @returns resolves when the connection has closed
 * @source docs/tls-faults.md
 */
export function respond(line: TlsLine, fault: TlsActionFault): Promise<void> {
  return new Promise((resolve) => {
    new Responder(line, fault, resolve).begin();
  });
}

class Responder {
  readonly #line: TlsLine;
  readonly #fault: TlsActionFault;
  readonly #closed: () => void;
  readonly #reader = new RecordReader();
  readonly #watch = new PhaseWatch('outside');
  readonly #heard: Buffer[] = [];
  #heardBytes = 0;
  #acted = false;

  constructor(line: TlsLine, fault: TlsActionFault, closed: () => void) {
    this.#line = line;
    this.#fault = fault;
    this.#closed = closed;
  }

  begin(): void {
    const { raw } = this.#line;
    if (raw.destroyed) {
      this.#closed();
      return;
    }
    raw.allowHalfOpen = true;
    raw
      .on('error', () => undefined)
      .on('data', (chunk: Buffer) => this.#take(chunk))
      .once('end', () => raw.end())
      .once('close', this.#closed);
    this.#actWhenDue();
    if (!raw.destroyed) raw.resume();
  }

  #take(chunk: Buffer): void {
    if (this.#acted) return;
    if (this.#heardBytes < mostHeard) {
      this.#heard.push(chunk);
      this.#heardBytes += chunk.length;
    }
    this.#reader.feed(chunk, (record) => this.#watch.saw(record, 'client'));
    this.#actWhenDue();
  }

  #actWhenDue(): void {
    if (!this.#watch.has(this.#fault.on)) return;
    this.#acted = true;
    const text = actionText(this.#fault);
    this.#line.tell({ event: 'fault', fault: text, phase: this.#watch.phase });
    const bytes = actionBytes(this.#fault.do, Buffer.concat(this.#heard));
    // A client that has only just connected might take RST for a failure to connect.
    const settle = bytes.byteLength > 0 || this.#fault.on === 'accept';
    leave(this.#line, bytes, endingOf(this.#fault), settle);
  }
}
