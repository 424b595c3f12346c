/**
 * What has to be played of TLS, and what the victim tells: the list by which the matrix is judged.
 *
 * Everything that two ends can do to each other is here; what takes somebody between them is not.
 */

/** A failure, or an oddity without one. `client` and `listener` are the kinds that each must tell. */
export interface Accepted {
  readonly what: string;
  readonly row: string;
  readonly client?: string;
  readonly listener?: string;
  /** Where Node lines differ: what the newer one tells. */
  readonly newer?: { readonly client: string; readonly listener: string };
}

const failure40 = 'alert-received handshake_failure';

function victims(side: 'client' | 'listener', text: string): readonly Accepted[] {
  return lines(text).map(([what, row, kind]) => ({ what, row, [side]: kind }));
}

function pairs(text: string): readonly Accepted[] {
  return lines(text).map(([what, row, client, listener]) => ({ what, row, client, listener }));
}

function lines(text: string): readonly (readonly [string, string, string, string])[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [what = '', row = '', one = '', two = one] = line.split('|').map((cell) => cell.trim());
      return [what, row, one, two] as const;
    });
}

const scripted = victims(
  'client',
  `
no ServerHello                     | stall                    | handshake-timeout
FIN at accept                      | fin-at-accept            | closed-in-handshake
FIN after the ClientHello          | fin                      | closed-in-handshake
RST after the ClientHello          | rst                      | reset-in-handshake
64 bytes of a7                     | garbage                  | not-tls
HTTP in the clear                  | plaintext-http           | not-tls
a greeting of SMTP                 | plaintext-smtp           | not-tls
handshake_failure                  | alert-handshake-failure  | ${failure40}
bad_certificate                    | alert-bad-certificate    | alert-received bad_certificate
unknown_ca                         | alert-unknown-ca         | alert-received unknown_ca
protocol_version                   | alert-protocol-version   | version-mismatch
internal_error                     | alert-internal-error     | alert-received internal_error
user_canceled, fatal               | alert-user-canceled      | alert-received user_canceled
unrecognized_name                  | alert-unrecognized-name  | alert-received unrecognized_name
an alert that is not defined       | alert-undefined          | handshake-timeout
a warning, then silence            | alert-warning            | handshake-timeout
close_notify in the handshake      | alert-close-notify       | closed-in-handshake
a record of 65,535 bytes           | record-too-long          | bad-record
a record of SSL 3.0                | record-ssl3              | bad-message
a record of version 9.9            | record-unknown-version   | not-tls
an undefined alert, then FIN       | alert-undefined-then-fin | closed-in-handshake
an empty handshake record          | empty-record             | handshake-timeout
application data first             | application-data-first   | bad-message
ChangeCipherSpec first             | change-cipher-first      | bad-message
the ClientHello comes back         | echo-hello               | bad-message
data without close_notify          | omit-close-notify        | truncated
data cut in the middle of a record | cut-data                 | truncated
RST after data                     | reset-after-data         | ECONNRESET
an alert in the clear under TLS    | plain-alert-under-tls    | bad-record
`,
);

const mutual = pairs(`
good, 1.2                 | client-certificate-good-1.2      | none                | none
missing, 1.2              | client-certificate-missing-1.2   | ${failure40}        | client-cert-missing
unknown authority, 1.2    | client-certificate-untrusted-1.2 | closed-in-handshake | cert-untrusted
expired, 1.2              | client-certificate-expired-1.2   | closed-in-handshake | cert-expired
for servers only, 1.2     | client-certificate-wrong-use-1.2 | closed-in-handshake | cert-wrong-usage
good, 1.3                 | client-certificate-good-1.3      | none                | none
missing, 1.3              | client-certificate-missing-1.3   | client-cert-missing | client-cert-missing
unknown authority, 1.3    | client-certificate-untrusted-1.3 | truncated           | cert-untrusted
expired, 1.3              | client-certificate-expired-1.3   | truncated           | cert-expired
for servers only, 1.3     | client-certificate-wrong-use-1.3 | truncated           | cert-wrong-usage
`);

const gone = 'gone';
const certificates: readonly Accepted[] = [
  ...pairs(`
good                       | certificate-good                   | none
expired                    | certificate-expired                | cert-expired            | gone
not yet valid              | certificate-early                  | cert-not-yet-valid      | gone
another host               | certificate-other-name             | cert-host-mismatch      | gone
unknown authority          | certificate-stranger               | cert-untrusted          | gone
address without its name   | certificate-address-missing        | cert-host-mismatch      | gone
CN alone                   | certificate-by-name-only           | none
wildcard, one too deep     | certificate-wildcard-too-deep      | cert-host-mismatch      | gone
self-signed                | certificate-self-signed            | cert-self-signed        | gone
self-signed and trusted    | certificate-self-signed-trusted    | none
with its intermediate      | certificate-complete               | none
intermediate missing       | certificate-incomplete             | cert-incomplete-chain   | gone
the same, of a stranger    | certificate-incomplete-unknown     | cert-untrusted          | gone
root sent, not trusted     | certificate-stranger-with-root     | cert-untrusted          | gone
anchor is no root          | certificate-anchor-is-no-root      | cert-incomplete-chain   | gone
the same, and allowed      | certificate-anchor-need-not-be-a-root | none
expired intermediate       | certificate-expired-between        | cert-expired            | gone
path too long              | certificate-chain-too-long         | cert-chain-invalid      | gone
issuer is no authority     | certificate-issuer-is-no-authority | cert-chain-invalid      | gone
expired root               | certificate-expired-root           | cert-expired            | gone
for clients only           | certificate-wrong-use              | cert-wrong-usage        | gone
RSA 512                    | certificate-rsa-512                | not dialled             | config
RSA 512, level 0           | certificate-rsa-512-forced         | ${failure40}            | no-shared-sigalg
SHA-1, level 0             | certificate-sha-1-forced           | cert-weak               | gone
MD5, level 0               | certificate-md5-forced             | cert-weak               | gone
revoked                    | certificate-revoked                | cert-revoked            | gone
not revoked                | certificate-not-revoked            | none
list out of date           | certificate-old-list               | cert-revocation-unknown | gone
list of another authority  | certificate-other-list             | cert-revocation-unknown | gone
leaf is not the first      | certificate-leaf-not-first         | not dialled             | config
others in any order        | certificate-chain-in-disorder      | none
key of another certificate | key-of-another-certificate         | not dialled             | config
Ed25519                    | certificate-ed25519                | none
must-staple                | certificate-must-staple            | none
OCSP asked, none sent      | certificate-ocsp-asked             | none
another than was pinned    | certificate-not-pinned             | cert-untrusted          | gone
`),
  {
    what: 'RSA 1024',
    row: 'certificate-rsa-1024',
    client: 'none',
    listener: 'none',
    newer: { client: 'not dialled', listener: 'config' },
  },
  {
    what: 'RSA 1024, level 0',
    row: 'certificate-rsa-1024-forced',
    client: 'none',
    listener: 'none',
    newer: { client: 'cert-weak', listener: gone },
  },
];

const negotiation = pairs(`
1.3 meets 1.2            | version-1.2-meets-1.3           | version-mismatch    | version-mismatch
1.2 meets 1.3            | version-1.3-meets-1.2           | version-mismatch    | version-mismatch
1.2 meets 1.1            | version-1.1-meets-1.2           | version-mismatch    | version-mismatch
suites, 1.2              | cipher-1.2                      | ${failure40}        | no-shared-cipher
suites, 1.3              | cipher-1.3                      | ${failure40}        | no-shared-cipher
suites for another key   | cipher-for-another-key          | ${failure40}        | no-shared-cipher
signature algorithms     | signature-algorithm             | ${failure40}        | no-shared-sigalg
groups, 1.3              | group-1.3                       | ${failure40}        | no-shared-group
groups, 1.2              | group-1.2                       | ${failure40}        | no-shared-cipher
HelloRetryRequest        | hello-retry-request             | none                | none
ALPN                     | alpn                            | no-alpn             | no-alpn
name refused             | name-refused                    | closed-in-handshake | sni-rejected
name unknown             | name-unknown                    | none                | none
name, other certificate  | name-with-the-wrong-certificate | cert-host-mismatch  | gone
name never answered      | name-without-answer             | handshake-timeout   | gone
no certificate at all    | no-certificate                  | ${failure40}        | no-shared-sigalg
a client renegotiates    | client-asks-to-renegotiate      | none                | none
and may not              | client-asks-to-renegotiate-in-vain | gone             | renegotiation-refused
a listener renegotiates  | listener-asks-to-renegotiate    | none                | none
`);

const listeners = victims(
  'listener',
  `
nothing is said                | client-stall-at-once         | handshake-timeout
FIN at once                    | client-fin-at-once           | closed-in-handshake
RST at once                    | client-rst-at-once           | reset-in-handshake
half a ClientHello             | client-half-hello            | handshake-timeout
half a ClientHello, then FIN   | client-half-hello-then-fin   | closed-in-handshake
half a ClientHello, then RST   | client-half-hello-then-rst   | reset-in-handshake
HTTP in the clear              | client-http                  | not-tls
garbage                        | client-garbage               | not-tls
a banner of SSH                | client-ssh                   | not-tls
a ClientHello of SSL 3.0       | client-ssl3-hello            | version-mismatch
a ClientHello of a wrong length | client-record-too-long      | handshake-timeout
a ClientHello in single bytes  | client-in-single-bytes       | none
a ClientHello in small records | client-fragment              | none
no Finished                    | client-stall                 | handshake-timeout
garbage after the ClientHello  | client-garbage-after-hello   | bad-record
unknown_ca                     | client-alert                 | alert-received unknown_ca
FIN after the ClientHello      | client-fin                   | closed-in-handshake
RST after the ClientHello      | client-rst                   | reset-in-handshake
`,
);

export const acceptance: readonly Accepted[] = [
  ...scripted,
  ...mutual,
  ...certificates,
  ...negotiation,
  ...listeners,
];
