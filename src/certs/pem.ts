/** A PEM text as OpenSSL wants it: the issuers leave out the last newline. */
export function withNewline(pem: string): string {
  return pem.endsWith('\n') ? pem : `${pem}\n`;
}

/** DER in PEM, with a newline at its end. */
export function pemBlock(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The blocks of a PEM text whose label ends in `label`, each with a newline at its end. */
export function pemBlocks(label: string, text: string): readonly string[] {
  const block = new RegExp(
    `-----BEGIN ([A-Z0-9 ]*${label})-----\\r?\\n[^-]+-----END \\1-----`,
    'g',
  );
  return (text.match(block) ?? []).map(withNewline);
}
