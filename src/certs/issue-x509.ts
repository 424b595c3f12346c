/** Issuing through `@peculiar/x509`, for everything that `selfsigned` has no option for. */
import 'reflect-metadata';
import { type KeyObject, X509Certificate as NodeCertificate, sign, webcrypto } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate as AsnCertificate } from '@peculiar/asn1-x509';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { CertificatePlan } from './certificate-plan';
import { signingAlgorithm } from './key-types';
import { pemBlock } from './pem';
import { dateAt } from './real-date';
import { drawSerial } from './serial';

cryptoProvider.set(webcrypto);

/** status_request, that is: an answer of OCSP comes with the certificate. */
const mustStaple = { oid: '1.3.6.1.5.5.7.1.24', value: Buffer.from('3003020105', 'hex') };
const md5WithRsa = '1.2.840.113549.1.1.4';

/** Issues a certificate. @returns PEM that ends in a newline */
export async function issueWithX509(plan: CertificatePlan): Promise<string> {
  const { publicKey, period, issuer, hash, random } = plan;
  const name = nameOf(plan);
  const above = issuer.cert === undefined ? undefined : new X509Certificate(issuer.cert);
  const key = await importKey(issuer.privateKey, hash === 'sha1' ? 'SHA-1' : 'SHA-256');
  const made = await X509CertificateGenerator.create({
    subject: name,
    issuer: above?.subjectName ?? name,
    publicKey: publicKeyOf(publicKey),
    signingKey: key,
    signingAlgorithm: algorithmOf(issuer.privateKey, hash === 'sha1' ? 'SHA-1' : 'SHA-256'),
    notBefore: dateAt(period.notBefore),
    notAfter: dateAt(period.notAfter),
    extensions: await extensionsOf(plan, above),
    ...(random !== undefined && { serialNumber: drawSerial(random) }),
  });
  const der = Buffer.from(made.rawData);
  return pemBlock('CERTIFICATE', hash === 'md5' ? signWithMd5(der, issuer.privateKey) : der);
}

/** A private key in the form that WebCrypto signs with. */
export async function importKey(key: KeyObject, hash: string): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return await webcrypto.subtle.importKey('pkcs8', der, algorithmOf(key, hash), false, ['sign']);
}

/** In the form that takes any text as it is: the others read quotes and commas. */
function nameOf({ subject, organization = '' }: CertificatePlan): Name {
  const parts = Object.entries({ O: organization, CN: subject });
  return new Name(
    parts.flatMap(([type, value]) => (value === '' ? [] : [{ [type]: [{ utf8String: value }] }])),
  );
}

/** The algorithm in the words of the library, which takes them for those of a browser. */
export function algorithmOf(key: KeyObject, hash: string): { name: string; hash: string } {
  return { hash, ...signingAlgorithm(key, hash) };
}

async function extensionsOf(
  plan: CertificatePlan,
  above: X509Certificate | undefined,
): Promise<Extension[]> {
  const { authority, names, usages, publicKey, identifiers } = plan;
  const own = publicKeyOf(publicKey);
  const list: Extension[] =
    authority === undefined
      ? [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(leafUsage(publicKey), true),
          new ExtendedKeyUsageExtension(usages.map((usage) => usageIds[usage])),
        ]
      : [
          new BasicConstraintsExtension(true, authority.pathLength, true),
          new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        ];
  // Where the subject has no name, the others must not be overlooked (RFC 5280, 4.1.2.6).
  const nameless = plan.subject === '' && plan.organization === undefined;
  if (names.length > 0) list.push(new SubjectAlternativeNameExtension([...names], nameless));
  if (identifiers) {
    list.push(await SubjectKeyIdentifierExtension.create(own));
    if (above !== undefined) list.push(await authorityIdentifier(above));
  }
  if (plan.mustStaple) list.push(new Extension(mustStaple.oid, false, mustStaple.value));
  return list;
}

/** What the issuer calls its key, which need not be the hash that one would take. */
export async function authorityIdentifier(issuer: X509Certificate): Promise<Extension> {
  const named = issuer.getExtension(SubjectKeyIdentifierExtension);
  if (named !== null) return new AuthorityKeyIdentifierExtension(named.keyId);
  return await AuthorityKeyIdentifierExtension.create(issuer.publicKey);
}

const usageIds = { server: ExtendedKeyUsage.serverAuth, client: ExtendedKeyUsage.clientAuth };

/** Only RSA keys wrap others. */
function leafUsage(key: KeyObject): number {
  const wraps = key.asymmetricKeyType === 'rsa' ? KeyUsageFlags.keyEncipherment : 0;
  return KeyUsageFlags.digitalSignature | wraps;
}

function publicKeyOf(key: KeyObject): PublicKey {
  return new PublicKey(key.export({ type: 'spki', format: 'der' }));
}

/** WebCrypto has no MD5: the finished certificate names it, and is signed once more. */
function signWithMd5(der: Uint8Array, key: KeyObject): Uint8Array {
  const certificate = AsnConvert.parse(der, AsnCertificate);
  const algorithm = new AlgorithmIdentifier({
    algorithm: md5WithRsa,
    parameters: new Uint8Array([5, 0]).buffer,
  });
  certificate.tbsCertificate.signature = algorithm;
  certificate.signatureAlgorithm = algorithm;
  // What was parsed is kept beside it, and would be written instead of the change.
  delete certificate.tbsCertificateRaw;
  const body = Buffer.from(AsnConvert.serialize(certificate.tbsCertificate));
  certificate.signatureValue = new Uint8Array(sign('md5', body, key)).buffer;
  return new NodeCertificate(Buffer.from(AsnConvert.serialize(certificate))).raw;
}
