import { X509Certificate } from 'node:crypto';
import { tlsRefusal } from '../../base/errors';

const block =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * All certificates of a PEM text, in order; text around them is skipped.
 *
 * @throws TcpError `ETLSCONFIG` - there is none, or one cannot be read
 */
export function certificatesIn(field: string, pem: string): readonly X509Certificate[] {
  const blocks = pem.match(block) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((text) => new X509Certificate(text));
  } catch (cause) {
    throw noCertificate(field, cause);
  }
  throw noCertificate(field);
}

/** A certificate in PEM. */
export function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function noCertificate(field: string, cause?: unknown): Error {
  return tlsRefusal(field, `${field}: no certificate in PEM`, {
    ...(cause !== undefined && { cause }),
    compatMessage: 'Failed to initialize the SSL context: no certificate in PEM',
  });
}
