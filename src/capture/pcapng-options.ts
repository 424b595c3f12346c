/** One option of a block. */
export interface BlockOption {
  readonly code: number;
  readonly value: Uint8Array;
}

/** The options of a block from an offset on; what is cut or does not fit ends them. */
export function* optionsIn(
  view: DataView,
  from: number,
  to: number,
  little: boolean,
): Generator<BlockOption, void, undefined> {
  for (let at = from; at + 4 <= to; ) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === 0 || at + 4 + length > to) return;
    yield { code, value: new Uint8Array(view.buffer, view.byteOffset + at + 4, length) };
    at += 4 + ((length + 3) & ~3);
  }
}

/** Texts of the options with a code. */
export function textsOf(options: Iterable<BlockOption>, code: number): string[] {
  return [...options].flatMap((option) =>
    option.code === code ? [Buffer.from(option.value).toString().replace(/\0+$/, '')] : [],
  );
}
