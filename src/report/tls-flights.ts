import { formatByteCount } from '../base/size';
import { alertName } from '../base/tls-alerts';

/** What a stretch of TLS is. */
export interface TlsFlight {
  /** `ServerHello … Finished`, `encrypted, 2 records`. */
  readonly text: string;
  /** Whether it opens the connection rather than carries data. */
  readonly handshake: boolean;
}

/** @source RFC 8446 section 4 */
const messages: Readonly<Record<number, string>> = {
  0: 'HelloRequest',
  1: 'ClientHello',
  2: 'ServerHello',
  4: 'NewSessionTicket',
  11: 'Certificate',
  12: 'ServerKeyExchange',
  13: 'CertificateRequest',
  14: 'ServerHelloDone',
  15: 'CertificateVerify',
  16: 'ClientKeyExchange',
  20: 'Finished',
  22: 'CertificateStatus',
};
/** What a ServerHello carries in place of chance when it asks for another greeting. */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

const [changeCipher, alert, handshake, applicationData] = [20, 21, 22, 23];

/** Whether bytes begin as the first record of TLS does: a handshake with a ClientHello. */
export function startsTls(bytes: Uint8Array): boolean {
  return bytes[0] === handshake && bytes[1] === 3 && bytes.byteLength > 5 && bytes[5] === 1;
}

/** Names what one direction of a TLS connection sends, stretch by stretch. */
export class TlsDirection {
  readonly #isServer: boolean;
  /** Bytes of a record that the last stretch did not end. */
  #rest: Uint8Array = new Uint8Array();
  /** Records of this side are encrypted from here on. */
  #ciphered = false;
  #finished = false;

  constructor(isServer: boolean) {
    this.#isServer = isServer;
  }

  /** @param secured - whether both ends have told that the handshake is over */
  name(bytes: Uint8Array | undefined, secured: boolean): TlsFlight {
    if (bytes === undefined) {
      return { text: secured ? 'encrypted' : 'handshake', handshake: !secured };
    }
    const names: string[] = [];
    let data = 0;
    for (const record of this.#records(bytes)) {
      const name = this.#nameOf(record);
      if (name === undefined) data++;
      else if (name !== '' && names.at(-1) !== name) names.push(name);
    }
    if (data > 0 && this.#isServer && names.includes('ServerHello')) {
      this.#finished = true;
      return { text: `${names[0]} … Finished`, handshake: true };
    } else if (data > 0 && !this.#finished && names.length === 0 && !secured) {
      names.push(this.#isServer ? 'encrypted handshake' : 'Finished');
      this.#finished = true;
    } else if (data > 0) {
      this.#finished = true;
      const records = `${data} ${data === 1 ? 'record' : 'records'}`;
      return { text: [...names, `encrypted, ${records}`].join(', '), handshake: false };
    }
    if (names.length > 0) return { text: shortened(names), handshake: true };
    const text = bytes.byteLength === 0 ? 'nothing' : `part of a record, ${sizeOf(bytes)}`;
    return { text, handshake: !this.#finished };
  }

  /** The name of a record; empty for one that says nothing, `undefined` for encrypted data. */
  #nameOf(record: Uint8Array): string | undefined {
    const type = record[0];
    const body = record.subarray(5);
    if (type === changeCipher) {
      this.#ciphered = true;
      return '';
    }
    if (type === applicationData) return undefined;
    if (type === alert) {
      return body.byteLength === 2 ? `Alert ${alertName(body[1] ?? 0)}` : 'encrypted alert';
    }
    if (type !== handshake) return 'no record of TLS';
    if (this.#ciphered) {
      this.#finished = true;
      return 'Finished';
    }
    if (body[0] === 2 && Buffer.from(body.subarray(6, 38)).toString('hex') === retryRandom) {
      return 'HelloRetryRequest';
    }
    return messagesIn(body);
  }

  *#records(bytes: Uint8Array): Generator<Uint8Array> {
    const stream = this.#rest.byteLength === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (at + 5 <= stream.byteLength) {
      const end = at + 5 + (stream[at + 3] ?? 0) * 256 + (stream[at + 4] ?? 0);
      if (end > stream.byteLength) break;
      yield stream.subarray(at, end);
      at = end;
    }
    this.#rest = stream.subarray(at);
  }
}

/** One record may hold several messages. */
function messagesIn(body: Uint8Array): string {
  const names: string[] = [];
  for (let at = 0; at + 4 <= body.byteLength; ) {
    const length = (body[at + 1] ?? 0) * 65_536 + (body[at + 2] ?? 0) * 256 + (body[at + 3] ?? 0);
    names.push(messages[body[at] ?? -1] ?? 'handshake');
    at += 4 + length;
  }
  return shortened(names);
}

function shortened(names: readonly string[]): string {
  return names.length < 3 ? names.join(', ') : `${names[0]} … ${names.at(-1)}`;
}

function sizeOf(bytes: Uint8Array): string {
  return formatByteCount(bytes.byteLength);
}
