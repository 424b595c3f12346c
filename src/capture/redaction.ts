/**
 * Masking: hides secrets in what is printed or written, by masks of the same length.
 *
 * The trace in memory keeps what was on the wire. `mask-rule.ts` finds what a rule hides,
 * `stream-mask.ts` applies rules to one direction of a connection as its bytes come,
 * `redacting-sink.ts` to packets.
 *
 * @source docs/captures.md#redaction
 */
import { type MaskRule, type RedactionRule, readRules } from './mask-rule';
import { maskWindow, StreamMask, type StreamMaskOptions } from './stream-mask';

export type { RedactionRule };

/** Rules that can be applied. */
export class Redaction {
  readonly rules: readonly MaskRule[];
  readonly #options: StreamMaskOptions;

  /** @throws TcpError `ECONFIG` - a rule that cannot be read */
  constructor(
    rules: readonly RedactionRule[],
    options: StreamMaskOptions & { readonly field?: string } = {},
  ) {
    this.rules = readRules(options.field ?? 'redact', rules);
    this.#options = options;
  }

  /** What masks one direction of one connection; `masked` hears of every part that is. */
  stream(masked?: NonNullable<StreamMaskOptions['masked']>): StreamMask {
    return new StreamMask(this.rules, {
      ...this.#options,
      ...(masked !== undefined && { masked }),
    });
  }

  /** Text with every match masked; as long as before in UTF-8. */
  text(text: string): string {
    return Buffer.from(this.bytes(Buffer.from(text))).toString();
  }

  /** A copy of a whole stream with every match masked. */
  bytes(stream: Uint8Array): Uint8Array {
    const copy = new Uint8Array(stream);
    const mask = this.stream();
    // In steps, so that what a rule may take is the same however long the stream is.
    for (let at = 0; at < copy.byteLength; at += maskWindow) {
      mask.add(copy.subarray(at, at + maskWindow));
    }
    mask.end();
    return copy;
  }
}

/**
 * What masks a stream: for the option `mask` of `wireLogOf`.
 *
 * @throws TcpError `ECONFIG` - a rule that cannot be read
 * @example
 * const mask = redact([{ regex: 'PASS (\\S+)', group: 1 }]);
 * Buffer.from(mask(Buffer.from('PASS secret'))).toString(); // 'PASS ******'
 */
export function redact(rules: readonly RedactionRule[]): (stream: Uint8Array) => Uint8Array {
  const redaction = new Redaction(rules);
  return (stream) => redaction.bytes(stream);
}
