import { createPrivateKey, type KeyObject } from 'node:crypto';

/** A private key, or why there is none. */
export type OpenedKey =
  | { readonly key: KeyObject }
  | { readonly reason: string; readonly cause: unknown };

/**
 * Opens a private key in PEM: PKCS#8, PKCS#1 or SEC1, encrypted or not; text around it is skipped.
 *
 * @param password - blank: none
 */
export function openPrivateKey(pem: string, password: string | undefined): OpenedKey {
  const passphrase = password === undefined || password.trim() === '' ? undefined : password;
  try {
    return { key: createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) }) };
  } catch (cause) {
    const reason = !/ENCRYPTED/.test(pem)
      ? 'no private key in PEM'
      : passphrase === undefined
        ? 'the key is encrypted, and keyPassword is missing'
        : 'the key does not open with this keyPassword';
    return { reason, cause };
  }
}
