import fc, { type Arbitrary } from 'fast-check';
import { TcpError } from '../../base/errors';
import type { Framer } from '../../framing/framer';
import { bytes } from './bytes';

/** A message and the bytes that carry it. */
export interface Message<F = Uint8Array> {
  readonly payload: F;
  readonly frame: Uint8Array;
}

/** What {@link message} generates. */
export interface MessageOptions<F> {
  /** Default {@link bytes} of at most `maxLength`. Needed where a message is not its bytes. */
  readonly payload?: Arbitrary<F>;
  /** Longest payload, in bytes; default 256. */
  readonly maxLength?: number;
}

/**
 * Messages that a framer can carry, each with its frame. Payloads that it cannot carry, such as one
 * that contains the delimiter, are left out.
 *
 * Shrinks towards an empty payload, then as {@link bytes} do.
 *
 * @source docs/fuzzing.md#what-is-generated
 */
export function message<F = Uint8Array>(
  framer: Framer<F>,
  options: MessageOptions<F> = {},
): Arbitrary<Message<F>> {
  const { maxLength = 256 } = options;
  const payload = options.payload ?? (bytes({ max: maxLength }) as unknown as Arbitrary<F>);
  return payload
    .map((carried) => ({ payload: carried, frame: encoded(framer, carried) }))
    .filter((made): made is Message<F> => made.frame !== undefined);
}

function encoded<F>(framer: Framer<F>, payload: F): Uint8Array | undefined {
  try {
    return framer.encode(payload);
  } catch (error) {
    if (TcpError.is(error) && error.code === 'EFRAME') return undefined;
    throw error;
  }
}

/** Lists of messages, at least one. */
export function messages<F>(
  framer: Framer<F>,
  options: MessageOptions<F> & { readonly most?: number } = {},
): Arbitrary<Message<F>[]> {
  return fc.array(message(framer, options), { minLength: 1, maxLength: options.most ?? 6 });
}
