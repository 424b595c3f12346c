import type { CertificatePlan } from './certificate-plan';
import { fitsSelfsigned, issueWithSelfsigned } from './issue-selfsigned';
import { issueWithX509 } from './issue-x509';
import type { KeyPair } from './key-types';

/** Issues a certificate, with the simpler issuer where it can. @returns PEM */
export async function issue(
  plan: Omit<CertificatePlan, 'publicKey'>,
  keys: KeyPair,
): Promise<string> {
  const full = { ...plan, publicKey: keys.publicKey };
  if (fitsSelfsigned(full)) return await issueWithSelfsigned(full, keys.privateKey);
  return await issueWithX509(full);
}
