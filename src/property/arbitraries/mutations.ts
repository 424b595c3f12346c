import fc, { type Arbitrary } from 'fast-check';

/** One change of a recorded conversation. Indices are taken modulo what there is. */
export type Mutation =
  | { readonly kind: 'flip'; readonly message: number; readonly byte: number; readonly bit: number }
  | { readonly kind: 'set'; readonly message: number; readonly byte: number; readonly to: number }
  | {
      readonly kind: 'insert';
      readonly message: number;
      readonly byte: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'cut'; readonly message: number; readonly byte: number }
  | { readonly kind: 'repeat' | 'drop' | 'swap'; readonly message: number };

const message = fc.nat({ max: 15 });
const byte = fc.nat({ max: 255 });

/**
 * Changes of a recorded conversation: bits flipped, bytes set to edges of numbers, messages cut,
 * repeated, dropped and swapped.
 *
 * Shrinks towards none, the first message and the first byte.
 *
 * @source docs/fuzzing.md#what-is-generated
 */
export function mutations(options: { readonly max?: number } = {}): Arbitrary<Mutation[]> {
  const edges = fc.constantFrom(0x00, 0xff, 0x7f, 0x80, 0x01, 0x0a, 0x0d);
  const one: Arbitrary<Mutation> = fc.oneof(
    { withCrossShrink: true },
    fc.record({ kind: fc.constant('set' as const), message, byte, to: edges }),
    fc.record({ kind: fc.constant('flip' as const), message, byte, bit: fc.nat({ max: 7 }) }),
    fc.record({ kind: fc.constant('cut' as const), message, byte }),
    fc.record({
      kind: fc.constant('insert' as const),
      message,
      byte,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    }),
    fc.record({
      kind: fc.constantFrom('repeat' as const, 'drop' as const, 'swap' as const),
      message,
    }),
  );
  return fc.array(one, { maxLength: options.max ?? 3 });
}

/** The conversation with its changes. */
export function mutate(
  recording: readonly Uint8Array[],
  changes: readonly Mutation[],
): readonly Uint8Array[] {
  const messages = recording.map((bytes) => Uint8Array.from(bytes));
  for (const change of changes) {
    if (messages.length > 0) apply(messages, change, change.message % messages.length);
  }
  return messages;
}

function apply(messages: Uint8Array[], change: Mutation, index: number): void {
  const bytes = messages[index] ?? new Uint8Array();
  if ('byte' in change) messages[index] = changed(bytes, change);
  else if (change.kind === 'repeat') messages.splice(index, 0, bytes);
  else if (change.kind === 'drop') messages.splice(index, 1);
  else {
    const other = (index + 1) % messages.length;
    messages[index] = messages[other] ?? bytes;
    messages[other] = bytes;
  }
}

function changed(
  bytes: Uint8Array,
  change: Extract<Mutation, { readonly byte: number }>,
): Uint8Array {
  const at = bytes.length === 0 ? 0 : change.byte % bytes.length;
  if (change.kind === 'cut') return bytes.subarray(0, at);
  if (change.kind === 'insert') {
    return Buffer.concat([bytes.subarray(0, at), change.bytes, bytes.subarray(at)]);
  }
  const copy = Uint8Array.from(bytes);
  if (at < copy.length) {
    copy[at] = change.kind === 'set' ? change.to : (copy[at] ?? 0) ^ (1 << change.bit);
  }
  return copy;
}
