/**
 * Cases as JSON and back. Byte arrays are written as `{"$hex": "0d 0a"}`; everything else is what
 * JSON has.
 */

/** A case as a value that JSON can hold. @throws Error - it holds something else, such as a function */
export function toJson(value: unknown, path = 'case'): unknown {
  if (value instanceof Uint8Array) return { $hex: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map((item, index) => toJson(item, `${path}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, toJson(item, `${path}.${key}`)]),
    );
  }
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  throw new Error(`${path} must be plain data to be stored, got ${typeof value}`);
}

/** The case that {@link toJson} has written. */
export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  if ('$hex' in value && typeof value.$hex === 'string') {
    return Uint8Array.from(Buffer.from(value.$hex, 'hex'));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
}
