import 'reflect-metadata';
import { X509Certificate, X509CrlGenerator } from '@peculiar/x509';
import { algorithmOf, authorityIdentifier, importKey } from './issue-x509';
import { pemBlock } from './pem';
import { dateAt } from './real-date';
import type { Signer } from './signer';
import type { Period } from './validity';

/**
 * The list of what an authority has taken back, signed by it.
 *
 * @returns PEM under the header that Node and OpenSSL read, which is not that of the library
 */
export async function revocationList(signer: Signer, period: Period): Promise<string> {
  const { cert, keys, revoked } = signer;
  const issuer = new X509Certificate(cert);
  const list = await X509CrlGenerator.create({
    issuer: issuer.subjectName,
    thisUpdate: dateAt(period.notBefore),
    nextUpdate: dateAt(period.notAfter),
    entries: revoked.map(({ serial, at }) => ({
      serialNumber: positive(serial),
      revocationDate: dateAt(at),
    })),
    extensions: [await authorityIdentifier(issuer)],
    signingKey: await importKey(keys.privateKey, 'SHA-256'),
    signingAlgorithm: algorithmOf(keys.privateKey, 'SHA-256'),
  });
  return pemBlock('X509 CRL', Buffer.from(list.rawData));
}

/** A number in DER is negative when its first bit is set. */
function positive(serial: string): string {
  const even = serial.length % 2 === 0 ? serial : `0${serial}`;
  return /^[89a-f]/i.test(even) ? `00${even}` : even;
}
