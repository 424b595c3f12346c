import { runInNewContext } from 'node:vm';

/**
 * The machine's own time, in milliseconds since 1970.
 *
 * OpenSSL compares certificates with that, whatever the process believes the time to be: a fresh
 * context has a Date that nobody has replaced.
 */
export function realNow(): number {
  return runInNewContext('Date.now()') as number;
}

/** An instant in the form that the issuers take. */
// biome-ignore lint/style/noRestrictedGlobals: the type alone
export function dateAt(ms: number): Date {
  // biome-ignore lint/style/noRestrictedGlobals: a fixed instant, which no clock decides
  return new Date(ms);
}

/** Milliseconds since 1970 of a date as Node prints those of a certificate. */
export function readCertificateDate(text: string): number {
  // biome-ignore lint/style/noRestrictedGlobals: reads a text, which no clock decides
  return Date.parse(text);
}
