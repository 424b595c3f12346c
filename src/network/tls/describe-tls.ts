import type { TLSSocket } from 'node:tls';
import type { TlsOutcome } from '../../base/tls-outcome';
import type { TlsCertificateInfo, TlsInfo } from '../tls-info';
import type { TlsVersion } from '../tls-settings';
import { pemOf } from './pem';

/** What changes while a connection lives. */
export interface LiveTls {
  closeNotifySent: boolean;
  closeNotifyReceived: boolean;
  session: Buffer | undefined;
  ocspResponse: Buffer | undefined;
}

/** What two ends have agreed on, read from the socket once the handshake is done. */
export function describeTls(
  socket: TLSSocket,
  live: LiveTls,
  facts: {
    readonly servername: string;
    readonly authorized: boolean;
    readonly helloRetry: boolean;
    readonly outcome: () => TlsOutcome;
  },
): TlsInfo {
  const { standardName, name } = socket.getCipher();
  const chain = chainOf(socket);
  const [leaf] = chain;
  const refused = socket.authorizationError as Error | string | null | undefined;
  return {
    protocol: socket.getProtocol() as TlsVersion,
    cipher: standardName,
    cipherOpenssl: name,
    alpn: socket.alpnProtocol ?? false,
    ...(facts.servername !== '' && { servername: facts.servername }),
    authorized: facts.authorized,
    ...(!facts.authorized && refused && { authorizationError: String(refused) }),
    resumed: socket.isSessionReused(),
    helloRetry: facts.helloRetry,
    ...(leaf !== undefined && { peerCertificate: leaf }),
    peerChain: chain.map(({ pem }) => pem),
    get closeNotify() {
      const { closeNotifySent: sent, closeNotifyReceived: received } = live;
      if (sent) return received ? 'both' : 'sent';
      return received ? 'received' : 'none';
    },
    get session() {
      return live.session;
    },
    get ocspResponse() {
      return live.ocspResponse;
    },
    get outcome() {
      return facts.outcome();
    },
  } as TlsInfo;
}

function chainOf(socket: TLSSocket): TlsCertificateInfo[] {
  const chain: TlsCertificateInfo[] = [];
  const seen = new Set<string>();
  let certificate = socket.getPeerCertificate(true);
  while (certificate?.raw !== undefined && !seen.has(certificate.fingerprint256)) {
    seen.add(certificate.fingerprint256);
    chain.push({
      subject: subjectOf(certificate.subject),
      fingerprint256: certificate.fingerprint256,
      validFrom: certificate.valid_from,
      validTo: certificate.valid_to,
      pem: pemOf(certificate.raw),
    });
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

function subjectOf(subject: object): string {
  return Object.entries(subject)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
