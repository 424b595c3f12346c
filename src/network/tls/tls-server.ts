import { EventEmitter } from 'node:events';
import {
  createServer,
  type SecureContext,
  type SecureContextOptions,
  type Server,
  type TLSSocket,
} from 'node:tls';
import type { TlsSettings } from '../tls-settings';
import type { RecordTap } from './record-tap';
import { NameRefused } from './tls-error-kind';

/** The longest that Node takes: our own limit runs on the clock of the world. */
const neverMs = 2_147_483_647;

const ticketKeyBytes = 48;

/** One handshake of a server, which is told how it went. */
export interface Accepting {
  secured(socket: TLSSocket): void;
  failed(error: Error, socket: TLSSocket): void;
  keylog(line: Buffer): void;
}

/** What is shown for a name, in lower case, or `*`. */
export type ServedNames = ReadonlyMap<string, SecureContext | 'refuse' | 'stall'>;

type NameAnswer = (error: Error | null, context?: SecureContext) => void;

/**
 * A server of Node that never listens: accepted connections are handed to it.
 *
 * It brings what is public nowhere else: the verdict on client certificates, names, tickets.
 *
 * @source https://nodejs.org/api/tls.html#event-tlsclienterror
 */
export class TlsServer {
  readonly #server: Server;
  readonly #freshTicketKeys: boolean;
  #accepted = 0;

  constructor(settings: TlsSettings, context: SecureContextOptions, names: ServedNames) {
    const {
      clientAuth = 'none',
      alpn,
      sessionTimeoutSeconds,
      tickets,
      keylog,
      ocspResponse,
    } = settings;
    this.#freshTicketKeys = tickets === 'reject';
    this.#server = createServer({
      ...context,
      handshakeTimeout: neverMs,
      requestCert: clientAuth !== 'none',
      rejectUnauthorized: clientAuth === 'require',
      ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
      ...(sessionTimeoutSeconds !== undefined && { sessionTimeout: sessionTimeoutSeconds }),
      ...(names.size > 0 && {
        SNICallback: (name: string, done: NameAnswer) => answer(names, name, done),
      }),
    });
    if (ocspResponse !== undefined) {
      const response = Buffer.from(ocspResponse);
      this.#server.on('OCSPRequest', (_leaf, _issuer, done) => done(null, response));
    }
    // Node makes key log lines when there is somebody to listen.
    if (keylog !== undefined && keylog !== false) this.#server.on('keylog', () => undefined);
  }

  /** Begins the handshake on a connection. */
  accept(tap: RecordTap, handshake: Accepting): void {
    this.#accepted++;
    if (this.#freshTicketKeys) this.#forgetTickets();
    EventEmitter.prototype.emit.call(tellingOf(this.#server, handshake), 'connection', tap.stream);
  }

  /** Tickets given before are worth nothing from now on; these keys guard no secret. */
  #forgetTickets(): void {
    const keys = Buffer.alloc(ticketKeyBytes);
    keys.writeUInt32BE(this.#accepted, 0);
    this.#server.setTicketKeys(keys);
  }
}

/**
 * The server as one handshake sees it: what Node tells it of a socket goes to that handshake.
 *
 * Node names the socket alone, which is one that we have not made; the context of the running code
 * would tell as well, and on Node 20 cost every promise of the program something.
 */
function tellingOf(server: Server, handshake: Accepting): Server {
  const telling: Server = Object.create(server);
  telling.emit = (event: string, ...values: unknown[]) => {
    const [first, second] = values;
    if (event === 'secureConnection') handshake.secured(first as TLSSocket);
    else if (event === 'tlsClientError') handshake.failed(first as Error, second as TLSSocket);
    else if (event === 'keylog') handshake.keylog(first as Buffer);
    else return server.emit(event, ...values);
    return true;
  };
  return telling;
}

function answer(names: ServedNames, name: string, done: NameAnswer): void {
  const served = names.get(name.toLowerCase()) ?? names.get('*');
  if (served === 'refuse') done(new NameRefused(`no certificate for ${name}`));
  else if (served !== 'stall') done(null, served);
}
