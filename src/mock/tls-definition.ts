/**
 * How a mock speaks TLS; all paths are relative to the file.
 *
 * @source docs/mocks.md#tls
 */
export interface TlsDefinition {
  /** Default `implicit`; `starttls` is plain until the action `startTls`. */
  readonly mode?: 'implicit' | 'starttls' | 'off';
  /** PEM files. */
  readonly cert?: string;
  readonly key?: string;
  /** Default when there is no `cert`: made for localhost and the loopback addresses. */
  readonly selfSigned?: { readonly hosts?: readonly string[]; readonly preset?: string };
  readonly sni?: Readonly<Record<string, { readonly cert: string; readonly key: string }>>;
  readonly requestClientCert?: boolean;
  readonly requireClientCert?: boolean;
  /** PEM file of who may sign the certificates of clients. */
  readonly ca?: string;
  /** Defaults 1.2 and 1.3. */
  readonly minVersion?: TlsVersionNumber;
  readonly maxVersion?: TlsVersionNumber;
  readonly ciphers?: string;
  readonly alpn?: readonly string[];
  /** Default 10 s. */
  readonly handshakeTimeout?: number | string;
  readonly rejectTickets?: boolean;
  /** Default `true`. */
  readonly closeNotify?: boolean;
  /** File that gets the secrets. */
  readonly keyLog?: string;
  readonly fault?: { readonly on: string; readonly do: unknown };
}

/** A version of TLS in a file. */
export type TlsVersionNumber = '1.0' | '1.1' | '1.2' | '1.3';
