import type { TcpError } from '../../base/errors';
import type { TlsOutcome } from '../../base/tls-outcome';
import type { TlsInfo } from '../tls-info';
import type { TlsSide } from '../tls-settings';
import type { LiveTls } from './describe-tls';
import type { RecordTap } from './record-tap';
import { alertOfReason, nodeCodeOf } from './tls-error-kind';

/** Gathers what becomes of TLS on one end, from the handshake to the last FIN. */
export class OutcomeLog {
  secured = false;
  /** The name that the client sends; of a server, that it got. */
  servername = '';
  info: TlsInfo | undefined;
  tap: RecordTap | undefined;
  readonly #side: TlsSide;
  readonly #live: LiveTls;
  #error: TlsOutcome['error'];
  #alertReceived: string | undefined;
  #alertSent: string | undefined;

  constructor(side: TlsSide, live: LiveTls) {
    this.#side = side;
    this.#live = live;
  }

  /** TLS has failed; the first failure is the one that counts. */
  failed({ kind = 'tls-other', code, alert, cause }: TcpError): void {
    if (this.#error !== undefined) return;
    const raw = nodeCodeOf(cause);
    this.#error = { kind, code, ...(raw !== '' && { raw }) };
    if (alert?.direction === 'received') this.#alertReceived = alert.name;
    // Encrypted, an alert of ours is known only by what OpenSSL complained about.
    if (this.tap?.alertLikely) this.#alertSent = alertOfReason(cause);
  }

  /** As it is now. */
  read(): TlsOutcome {
    const { tap, info, secured } = this;
    const alertSent = tap?.alertSent ?? this.#alertSent;
    const alertReceived = this.#alertReceived ?? tap?.alertReceived;
    return {
      side: this.#side,
      secured,
      phase: tap?.watch.phase ?? 'accept',
      ...(info !== undefined && {
        version: info.protocol,
        cipher: info.cipher,
        alpn: info.alpn,
        resumed: info.resumed,
        authorized: info.authorized,
      }),
      ...(this.servername !== '' && { servername: this.servername }),
      helloRetry: tap?.watch.helloRetry ?? false,
      ...(alertSent !== undefined && { alertSent }),
      ...(alertReceived !== undefined && { alertReceived }),
      closeNotify: this.#closeNotify(),
      ...(tap?.endedBy !== undefined && { endedBy: tap.endedBy }),
      ...(tap?.endedHow !== undefined && { endedHow: tap.endedHow }),
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  #closeNotify(): TlsOutcome['closeNotify'] {
    const { closeNotifySent: sent, closeNotifyReceived: received } = this.#live;
    if (sent) return received ? 'both' : 'sent';
    if (received) return 'received';
    return this.secured && this.tap?.endedBy !== undefined ? 'missing' : 'not-reached';
  }
}
