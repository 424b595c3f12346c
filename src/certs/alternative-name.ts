import { configError } from '../base/errors';
import { ipBytes } from '../base/ip-bytes';
import { readText } from '../base/option-reader';

/** A name that a certificate is for. */
export interface AlternativeName {
  readonly type: 'dns' | 'ip' | 'email' | 'url';
  readonly value: string;
}

const dnsName = /^(?:\*\.)?[\w-]{1,63}(?:\.[\w-]{1,63})*$/;
const mailAddress = /^[^\s@]+@[\w.-]+$/;

/**
 * Reads a name: an address, a mail address, a URI, or a DNS name, which may begin with `*.`.
 *
 * @throws TcpError `ECONFIG` - anything else
 */
export function readAlternativeName(field: string, value: unknown): AlternativeName {
  const name = alternativeNameOf(readText(field, value));
  if (name !== undefined) return name;
  throw configError(field, 'a DNS name, an IP address, a mail address or a URI', value);
}

/** The same for a text that need not be one. */
export function alternativeNameOf(value: string): AlternativeName | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value)) return { type: 'url', value };
  if (ipBytes(value) !== undefined) return { type: 'ip', value };
  if (mailAddress.test(value)) return { type: 'email', value };
  return dnsName.test(value) ? { type: 'dns', value } : undefined;
}
