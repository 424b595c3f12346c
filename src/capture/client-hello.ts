/**
 * The client random of a TLS ClientHello at the beginning of some bytes, as hex; `undefined` when
 * there is none.
 *
 * @source RFC 8446 section 4.1.2
 */
export function clientRandomOf(bytes: Uint8Array): string | undefined {
  const [handshake, clientHello, randomAt] = [22, 1, 11];
  const isRecord = bytes[0] === handshake && bytes[1] === 3 && (bytes[2] ?? 9) <= 4;
  if (!isRecord || bytes[5] !== clientHello || bytes.byteLength < randomAt + 32) return undefined;
  return Buffer.from(bytes.subarray(randomAt, randomAt + 32)).toString('hex');
}
