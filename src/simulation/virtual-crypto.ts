import type { Random } from '../base/random';
import type { Patches } from './patches';
import { realSetImmediate } from './real-time';

type AnyFunction = (...values: never[]) => unknown;

/**
 * Lets `crypto.randomUUID`, `randomBytes` and `getRandomValues` come from a seed. Never for TLS.
 *
 * @param chance - of the calling code's world; `undefined` where the real one is meant
 */
export function virtualCrypto(
  patches: Patches,
  crypto: object,
  chance: () => Random | undefined,
): void {
  const target = crypto as Record<string, AnyFunction>;
  patches.replace(target, 'randomBytes', (real) => (...values: never[]) => {
    const found = chance();
    const [size, callback] = values as unknown as [number, ((e: null, b: Buffer) => void)?];
    if (found === undefined || typeof size !== 'number') return real(...values);
    const bytes = Buffer.from(found.bytes(size).buffer);
    if (callback === undefined) return bytes;
    realSetImmediate(() => callback(null, bytes));
    return undefined;
  });
  patches.replace(target, 'randomUUID', (real) => (...values: never[]) => {
    const found = chance();
    return found === undefined ? real(...values) : uuid(found.bytes(16));
  });
  // `crypto.getRandomValues` of the module cannot be replaced; that of the global object can.
  const web = Object.getPrototypeOf(globalThis.crypto) as Record<string, AnyFunction>;
  patches.replace(web, 'randomUUID', (real) => (...values: never[]) => {
    const found = chance();
    return found === undefined
      ? Reflect.apply(real, globalThis.crypto, values)
      : uuid(found.bytes(16));
  });
  patches.replace(web, 'getRandomValues', (real) => (...values: never[]) => {
    const found = chance();
    const [array] = values as unknown as [ArrayBufferView];
    if (found === undefined) return Reflect.apply(real, globalThis.crypto, values);
    const { buffer, byteOffset, byteLength } = array;
    new Uint8Array(buffer, byteOffset, byteLength).set(found.bytes(byteLength));
    return array;
  });
}

/** Version 4, variant 1. @source RFC 9562 section 5.4 */
function uuid(bytes: Uint8Array): string {
  const marked = Uint8Array.from(bytes, (byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40;
    return index === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = Buffer.from(marked).toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}
