/**
 * Alerts by the number that is on the wire.
 *
 * @source https://www.rfc-editor.org/rfc/rfc8446#section-6
 */
const numbers = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  record_overflow: 22,
  handshake_failure: 40,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  missing_extension: 109,
  unsupported_extension: 110,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  unknown_psk_identity: 115,
  certificate_required: 116,
  no_application_protocol: 120,
} as const;

/** An alert of TLS, as RFC 8446 writes it. */
export type AlertName = keyof typeof numbers;

/** Every alert that has a name, by its name. */
export const alertNumbers: Readonly<Record<AlertName, number>> = numbers;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(alertNumbers).map(([name, number]) => [number, name]),
);

/** The name of an alert; `alert 250` for one that has none. */
export function alertName(number: number): string {
  return names.get(number) ?? `alert ${number}`;
}
