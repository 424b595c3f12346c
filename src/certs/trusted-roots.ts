/** Whom a peer trusts; fits `cert` of a secure socket. */
export interface TrustedRoots {
  /** The root, PEM. */
  readonly pem: string;
  /** All that the root has issued that may issue, PEM: they tell a chain with a gap from a stranger's. */
  readonly intermediates: readonly string[];
}
