/** One end of a connection: a literal IP address and a port. */
export interface Address {
  /** Literal IPv4 or IPv6 address, without brackets. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6';
}

/** Prints an address as `127.0.0.1:80` or `[::1]:80`. */
export function formatAddress(address: { readonly host: string; readonly port: number }): string {
  return address.host.includes(':')
    ? `[${address.host}]:${address.port}`
    : `${address.host}:${address.port}`;
}

/** The family of a literal address, by its form alone; `undefined` for a name. */
export function familyOf(host: string): 'IPv4' | 'IPv6' | undefined {
  if (host.includes(':')) return 'IPv6';
  const parts = host.split('.');
  if (parts.length !== 4) return undefined;
  // As for Node, a leading zero makes it a name: some systems would read the number as octal.
  const fits = (part: string) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255;
  return parts.every(fits) ? 'IPv4' : undefined;
}
