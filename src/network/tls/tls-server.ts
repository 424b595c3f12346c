import { AsyncLocalStorage } from 'node:async_hooks';
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

/** Whose handshake the running code belongs to: Node's server tells of sockets we have not made. */
const accepting = new AsyncLocalStorage<Accepting>();

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
    this.#server.on('secureConnection', (socket) => accepting.getStore()?.secured(socket));
    this.#server.on('tlsClientError', (error, socket) =>
      accepting.getStore()?.failed(error, socket),
    );
    if (ocspResponse !== undefined) {
      const response = Buffer.from(ocspResponse);
      this.#server.on('OCSPRequest', (_leaf, _issuer, done) => done(null, response));
    }
    if (keylog !== undefined && keylog !== false) {
      this.#server.on('keylog', (line) => accepting.getStore()?.keylog(line));
    }
  }

  /** Begins the handshake on a connection. */
  accept(tap: RecordTap, handshake: Accepting): void {
    this.#accepted++;
    if (this.#freshTicketKeys) this.#forgetTickets();
    accepting.run(handshake, () => this.#server.emit('connection', tap));
  }

  /** Tickets given before are worth nothing from now on; these keys guard no secret. */
  #forgetTickets(): void {
    const keys = Buffer.alloc(ticketKeyBytes);
    keys.writeUInt32BE(this.#accepted, 0);
    this.#server.setTicketKeys(keys);
  }
}

function answer(names: ServedNames, name: string, done: NameAnswer): void {
  const served = names.get(name.toLowerCase()) ?? names.get('*');
  if (served === 'refuse') done(new NameRefused(`no certificate for ${name}`));
  else if (served !== 'stall') done(null, served);
}
