/** How common programs are told whom to trust: the path of a PEM file, under these names. */
export interface TrustEnvironment {
  /** Node: in addition to its own roots. */
  readonly NODE_EXTRA_CA_CERTS: string;
  /** OpenSSL, and what is built on it: Python, Ruby, PHP; also Go and Rust. */
  readonly SSL_CERT_FILE: string;
  /** Python's requests. */
  readonly REQUESTS_CA_BUNDLE: string;
  /** curl. */
  readonly CURL_CA_BUNDLE: string;
}

/** Variables that name one file. */
export function trustEnvironment(path: string): TrustEnvironment {
  return {
    NODE_EXTRA_CA_CERTS: path,
    SSL_CERT_FILE: path,
    REQUESTS_CA_BUNDLE: path,
    CURL_CA_BUNDLE: path,
  };
}
