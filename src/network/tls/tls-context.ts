/** Settings → what Node takes; everything that cannot work is refused here, by name. */
import { constants, type KeyObject, type X509Certificate } from 'node:crypto';
import {
  type ConnectionOptions,
  createSecureContext,
  DEFAULT_CIPHERS,
  type SecureContextOptions as NodeContextOptions,
  type SecureContext,
} from 'node:tls';
import { tlsRefusal } from '../../base/errors';
import { openPrivateKey } from '../../base/private-key';
import type { PreparedTls, TlsKey, TlsSettings, TlsSide } from '../tls-settings';
import { readCipherList } from './cipher-names';
import { certificatesIn } from './pem';
import { nodeCodeOf } from './tls-error-kind';
import { type ServedNames, TlsServer } from './tls-server';
import { versionRange } from './version-range';

/** With what Node knows from 20.18 on, and its types do not. */
type SecureContextOptions = NodeContextOptions & { readonly allowPartialTrustChain?: boolean };

const contextFailed = 'Failed to initialize the SSL context: ';

/** Settings in the form that Node takes. */
export class TlsContext implements PreparedTls {
  readonly side: TlsSide;
  readonly settings: TlsSettings;
  /** Who is trusted; empty for the roots of Node. */
  readonly anchors: readonly X509Certificate[];
  readonly knownIntermediates: readonly X509Certificate[];
  /** Of a client: the options of every connection. */
  readonly client: ConnectionOptions | undefined;
  readonly server: TlsServer | undefined;

  /** @throws TcpError `ETLSCONFIG` - they cannot be used */
  constructor(side: TlsSide, settings: TlsSettings) {
    this.side = side;
    this.settings = settings;
    this.anchors = (settings.anchors ?? []).flatMap((pem) => certificatesIn('cert', pem));
    this.knownIntermediates = (settings.knownIntermediates ?? []).flatMap((pem) =>
      certificatesIn('knownIntermediates', pem),
    );
    const options = contextOptions(settings);
    if (side === 'client') {
      this.client = clientOptions(settings, contextOf(options));
    } else {
      // Made once to find out whether it can be: a server tells in other words.
      contextOf(options);
      this.server = new TlsServer(settings, options, sniContexts(settings));
    }
  }
}

function contextOptions(settings: TlsSettings): SecureContextOptions {
  const { groups, sigalgs, crl, anchors, sessionTimeoutSeconds, tickets, key } = settings;
  const list = readCipherList(settings.ciphers);
  const range = versionRange(settings.versions, list.serves);
  const { minVersion, maxVersion, secureOptions = 0, weak } = range;
  const ciphers = weak ? `${list.ciphers ?? DEFAULT_CIPHERS}:@SECLEVEL=0` : list.ciphers;
  const bits = secureOptions | (tickets === 'off' ? constants.SSL_OP_NO_TICKET : 0);
  return {
    ...(minVersion !== undefined && { minVersion }),
    ...(maxVersion !== undefined && { maxVersion }),
    ...(bits !== 0 && { secureOptions: bits }),
    ...(ciphers !== undefined && { ciphers }),
    // Without a group of its own a server never agrees on a suite of DHE.
    ...(/(^|:)DHE-/.test(list.ciphers ?? '') && { dhparam: 'auto' }),
    ...(groups !== undefined && { ecdhCurve: groups.join(':') }),
    ...(sigalgs !== undefined && { sigalgs: sigalgs.join(':') }),
    ...(anchors !== undefined && { ca: anchors.map(withNewline).join('') }),
    ...(settings.allowPartialTrustChain && { allowPartialTrustChain: true }),
    ...(crl !== undefined && { crl: crl.map(withNewline) }),
    ...(sessionTimeoutSeconds !== undefined && { sessionTimeout: sessionTimeoutSeconds }),
    ...(key !== undefined && keyOptions('key', key)),
  };
}

function clientOptions(settings: TlsSettings, secureContext: SecureContext): ConnectionOptions {
  const { verify = 'strict', verifyHostname = true, alpn } = settings;
  return {
    secureContext,
    // The other two judge by themselves once the handshake is done, before a byte is handed on.
    rejectUnauthorized: verify === 'strict',
    ...((verify !== 'strict' || !verifyHostname) && { checkServerIdentity: () => undefined }),
    ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
    ...(settings.requestOcsp && { requestOCSP: true }),
  };
}

function sniContexts(settings: TlsSettings): ServedNames {
  const { key: _own, sni = {}, ...rest } = settings;
  const shared = contextOptions(rest);
  return new Map(
    Object.entries(sni).map(([name, key]) => [
      name.toLowerCase(),
      typeof key === 'string' ? key : contextOf({ ...shared, ...keyOptions(`sni.${name}`, key) }),
    ]),
  );
}

function contextOf(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch (cause) {
    const reason = reasonOf(cause);
    throw tlsRefusal('', `TLS cannot be had with these settings: ${reason}`, {
      cause,
      compatMessage: contextFailed + reason,
    });
  }
}

/** Node's words for what OpenSSL refuses, in ours where they are known. */
function reasonOf(cause: unknown): string {
  switch (nodeCodeOf(cause)) {
    case 'ERR_SSL_EE_KEY_TOO_SMALL':
      return 'the key of the certificate is too small for this OpenSSL';
    case 'ERR_SSL_CA_MD_TOO_WEAK':
      return 'the certificate is signed with a hash that is too weak for this OpenSSL';
    case 'ERR_SSL_NO_CIPHER_MATCH':
      return 'OpenSSL knows none of the ciphers';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}

function keyOptions(field: string, { cert, key, keyPassword }: TlsKey): SecureContextOptions {
  const [leaf] = certificatesIn(`${field}.cert`, cert);
  const own = privateKeyIn(`${field}.key`, key, keyPassword);
  if (leaf !== undefined && !leaf.checkPrivateKey(own)) {
    const reason = `the key does not belong to the certificate of ${leaf.subject}`;
    throw tlsRefusal(`${field}.key`, `${field}.key: ${reason}`, {
      compatMessage: contextFailed + reason,
    });
  }
  return { cert, key: own.export({ type: 'pkcs8', format: 'pem' }) };
}

function privateKeyIn(field: string, pem: string, password: string | undefined): KeyObject {
  const opened = openPrivateKey(pem, password);
  if ('key' in opened) return opened.key;
  const { reason, cause } = opened;
  throw tlsRefusal(field, `${field}: ${reason}`, { cause, compatMessage: contextFailed + reason });
}

function withNewline(pem: string): string {
  return pem.endsWith('\n') ? pem : `${pem}\n`;
}
