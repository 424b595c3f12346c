/** Failures to listen in the words of Go, which clients of Toxiproxy know. */
import { formatAddress } from '../base/address';
import type { TcpError } from '../base/errors';

/** Why a text is no address to listen on, or nothing. As Go's `net.SplitHostPort` has it. */
export function badAddressText(text: string): string | undefined {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon);
  const port = text.slice(colon + 1);
  const why = (reason: string): string => `address ${text}: ${reason}`;
  if (colon < 0 || text.endsWith(']')) return why('missing port in address');
  if (host.startsWith('[')) {
    if (!host.endsWith(']')) return why("missing ']' in address");
  } else if (host.includes(':')) return why('too many colons in address');
  if (/^\d+$/.test(port) && Number(port) <= 65_535) return undefined;
  if (/^-?\d+$/.test(port)) return `address ${port}: invalid port`;
  return port === '' ? why('missing port in address') : `lookup tcp/${port}: unknown port`;
}

const bindTexts: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'cannot assign requested address',
};

const lookupCodes: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NONAME'];

interface SystemFacts {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

/** A failure to listen as Go words it, or nothing when it is something else. */
export function goListenText(error: TcpError): string | undefined {
  if (error.phase !== 'accept') return undefined;
  const cause = (error.cause ?? {}) as SystemFacts;
  const { code = error.code, address, port, hostname } = cause;
  const asked = /^listen on (\S+) refused/.exec(error.message)?.[1] ?? '';
  if (lookupCodes.includes(code)) {
    return noSuchHost(hostname ?? asked.slice(0, asked.lastIndexOf(':')));
  }
  const text = bindTexts[code] ?? bindTexts[error.code];
  if (text === undefined) return undefined;
  const where =
    address === undefined || port === undefined ? asked : formatAddress({ host: address, port });
  return `listen tcp ${where}: bind: ${text}`;
}

/** A name without an address, as Go words it. */
export function noSuchHost(host: string): string {
  return `listen tcp: lookup ${host}: no such host`;
}
