/** Files with key material, and what is said when they cannot be used. */
import { readFile } from 'node:fs/promises';
import { tlsRefusal } from '../base/errors';
import { readText } from '../base/option-reader';

/** What Ballerina's connector says before every reason of its TLS library. */
export const contextFailed = 'Failed to initialize the SSL context: ';

/** What Ballerina's connector says when nothing was given, by what is missing. */
export const blankTexts = {
  certificate: 'Certificate file location must be provided for secure connection',
  key: 'Private key file location must be provided for secure connection',
  trustStore: 'TrustStore file location must be provided for secure connection',
  trustStorePassword: 'TrustStore password must be provided for secure connection',
  keyStore: 'KeyStore file location must be provided for secure connection',
  keyStorePassword: 'KeyStore password must be provided for secure connection',
} as const;

/**
 * Text that is not blank.
 *
 * @param field - path below `secureSocket`
 * @param what - what it must be, such as `the path of a PEM file`
 * @throws TcpError `ETLSCONFIG` - blank, with Ballerina's text
 * @throws TcpError `ECONFIG` - no text
 */
export function readFilled(
  field: string,
  value: unknown,
  what: string,
  blank: keyof typeof blankTexts,
): string {
  const text = readText(`secureSocket.${field}`, value);
  if (text.trim() !== '') return text;
  throw tlsRefusal(field, `secureSocket.${field} must be ${what}, got nothing`, {
    compatMessage: blankTexts[blank],
  });
}

/**
 * The bytes of a file.
 *
 * @throws TcpError `ETLSCONFIG` - it cannot be read; `cause` tells why
 */
export async function readKeyFile(
  field: string,
  path: string,
  compatMessage?: string,
): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw tlsRefusal(field, `secureSocket.${field}: ${path} cannot be read: ${reason}`, {
      cause,
      compatMessage: compatMessage ?? `${contextFailed}${path} cannot be read: ${reason}`,
    });
  }
}

/** What a file may be that is no PEM, for the end of a message; empty when nobody knows. */
export function otherForm(bytes: Buffer): string {
  if (bytes[0] === 0x30) return ', but DER; a PKCS#12 store is given as { path, password }';
  const magic = bytes.length < 4 ? 0 : bytes.readUInt32BE();
  return magic === 0xfeed_feed ? ', but a JKS store, which is not supported' : '';
}
