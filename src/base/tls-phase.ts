/**
 * How far a connection under TLS has come, told by what passes in the clear.
 *
 * @source https://www.rfc-editor.org/rfc/rfc8446#appendix-A
 */
import { asBuffer } from './bytes';
import type { TlsRecord } from './tls-record-reader';

/**
 * What was reached last: the connection; a whole ClientHello; a whole ServerHello; the certificate
 * of the server; both Finished; the first application data; the wish to end.
 */
export type TlsPhase =
  | 'accept'
  | 'clientHello'
  | 'serverHello'
  | 'certificate'
  | 'finished'
  | 'application'
  | 'closing';

/** In the order in which they are reached. */
export const tlsPhases: readonly TlsPhase[] = [
  'accept',
  'clientHello',
  'serverHello',
  'certificate',
  'finished',
  'application',
  'closing',
];

/** Types of records. */
export const recordTypes = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
} as const;

const messages = { clientHello: 1, serverHello: 2, certificate: 11 };
const messageHeader = 4;

/** What a ServerHello carries in place of chance when it asks for another greeting. */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** What one side has sent up to now. */
interface Side {
  /** The beginning of a message whose end is missing. */
  rest: Buffer;
  changed: boolean;
  /** Records after ChangeCipherSpec: in TLS 1.2 the first of them is Finished. */
  hidden: number;
}

/**
 * Follows one connection by its records.
 *
 * In TLS 1.3 the certificate and both Finished are encrypted: from `outside`, the first encrypted
 * record of the client stands for the end of the handshake, and `certificate` is never seen. An
 * `end` of the connection knows better, and says so with `reach`.
 */
export class PhaseWatch {
  /** The last phase that was reached. */
  phase: TlsPhase = 'accept';
  readonly #outside: boolean;
  /** Whether the server has asked for another greeting. */
  helloRetry = false;
  readonly #sides: Readonly<Record<'client' | 'server', Side>> = {
    client: { rest: Buffer.alloc(0), changed: false, hidden: 0 },
    server: { rest: Buffer.alloc(0), changed: false, hidden: 0 },
  };

  constructor(place: 'end' | 'outside') {
    this.#outside = place === 'outside';
  }

  /** A record has passed. */
  saw(record: TlsRecord, from: 'client' | 'server'): void {
    const side = this.#sides[from];
    const { type } = record;
    if (type === recordTypes.changeCipherSpec) side.changed = true;
    else if (type === recordTypes.handshake && !side.changed) this.#messages(side, record.start);
    else if (type === recordTypes.handshake) this.#hidden(side);
    else if (this.#outside) this.#guess(type, from);
  }

  /** Whether a phase was reached. */
  has(phase: TlsPhase): boolean {
    return tlsPhases.indexOf(this.phase) >= tlsPhases.indexOf(phase);
  }

  /** An end knows that a phase was reached; phases are never left again. */
  reach(phase: TlsPhase): void {
    if (!this.has(phase)) this.phase = phase;
  }

  #messages(side: Side, payload: Uint8Array): void {
    let bytes = side.rest.length === 0 ? asBuffer(payload) : Buffer.concat([side.rest, payload]);
    while (bytes.length >= messageHeader) {
      const end = messageHeader + bytes.readUIntBE(1, 3);
      if (bytes.length < end) break;
      this.#message(bytes.subarray(0, end));
      bytes = bytes.subarray(end);
    }
    side.rest = bytes.length === 0 ? bytes : Buffer.from(bytes);
  }

  #message(message: Buffer): void {
    switch (message[0]) {
      case messages.clientHello:
        this.reach('clientHello');
        break;
      case messages.serverHello:
        if (message.toString('hex', 6, 38) === retryRandom) this.helloRetry = true;
        else this.reach('serverHello');
        break;
      case messages.certificate:
        this.reach('certificate');
        break;
    }
  }

  /** TLS 1.2: Finished is the first message that is encrypted. */
  #hidden(side: Side): void {
    side.hidden++;
    const { client, server } = this.#sides;
    if (client.hidden > 0 && server.hidden > 0) this.reach('finished');
  }

  #guess(type: number, from: 'client' | 'server'): void {
    if (type === recordTypes.alert) {
      if (this.has('finished')) this.reach('closing');
    } else if (this.has('finished')) this.reach('application');
    else if (from === 'client' && this.has('serverHello')) this.reach('finished');
  }
}
