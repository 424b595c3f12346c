/** Issuing through `selfsigned`. Every option is given: its own defaults are SHA-1 and half a name. */
import { type CertificateExtension, generate } from 'selfsigned';
import type { AlternativeName } from './alternative-name';
import type { CertificatePlan } from './certificate-plan';
import { pkcs8Of, signingAlgorithm, spkiOf } from './key-types';
import { withNewline } from './pem';
import { dateAt } from './real-date';

/** It writes names into a text without escaping them. */
const plainName = /^(?!\s)[^,+"\\;<>#=\p{Cc}]+(?<!\s)$/u;

/** Whether `selfsigned` can issue this, and not something else under the same name. */
export function fitsSelfsigned(plan: CertificatePlan): boolean {
  const { publicKey, issuer, subject, organization, hash, identifiers, mustStaple, random } = plan;
  return (
    !identifiers &&
    !mustStaple &&
    hash === 'sha256' &&
    random === undefined &&
    organization === undefined &&
    plainName.test(subject) &&
    publicKey.asymmetricKeyType === issuer.privateKey.asymmetricKeyType &&
    (publicKey.asymmetricKeyType === 'ec' || publicKey.asymmetricKeyType === 'rsa')
  );
}

/**
 * Issues a certificate.
 *
 * @param privateKey - of the subject; `selfsigned` wants both halves
 * @returns PEM that ends in a newline
 */
export async function issueWithSelfsigned(
  plan: CertificatePlan,
  privateKey: CertificatePlan['publicKey'],
): Promise<string> {
  const { subject, publicKey, period, issuer } = plan;
  const own = signingAlgorithm(publicKey, 'SHA-256');
  const { cert } = await generate([{ name: 'commonName', value: subject }], {
    algorithm: 'sha256',
    keyType: own.name === 'ECDSA' ? 'ec' : 'rsa',
    ...(own.name === 'ECDSA' && { curve: own.namedCurve as 'P-256' }),
    keyPair: { privateKey: pkcs8Of(privateKey), publicKey: spkiOf(publicKey) },
    notBeforeDate: dateAt(period.notBefore),
    notAfterDate: dateAt(period.notAfter),
    extensions: extensionsOf(plan),
    ...(issuer.cert !== undefined && {
      ca: { cert: issuer.cert, key: pkcs8Of(issuer.privateKey) },
    }),
  });
  return withNewline(cert);
}

function extensionsOf({ authority, names, usages }: CertificatePlan): CertificateExtension[] {
  if (authority !== undefined) {
    const { pathLength } = authority;
    return [
      {
        name: 'basicConstraints',
        cA: true,
        critical: true,
        ...(pathLength !== undefined && { pathLenConstraint: pathLength }),
      },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ];
  }
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    {
      name: 'extKeyUsage',
      serverAuth: usages.includes('server'),
      clientAuth: usages.includes('client'),
    },
    ...(names.length === 0 ? [] : [alternativeNames(names)]),
  ];
}

const nameTypes = { email: 1, dns: 2, url: 6, ip: 7 } as const;

function alternativeNames(names: readonly AlternativeName[]): CertificateExtension {
  return {
    name: 'subjectAltName',
    altNames: names.map(({ type, value }) =>
      type === 'ip' ? { type: nameTypes.ip, ip: value } : { type: nameTypes[type], value },
    ),
  };
}
