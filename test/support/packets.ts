import type { Awaitable } from '../../src/tcp/service';

/**
 * Cuts the bytes of one connection into packets and answers each.
 *
 * @param sizeOf - size of the packet that the bytes begin with; `undefined` until it can be told
 * @param answer - what is written back; `undefined` for nothing
 * @returns an `onBytes`
 */
export function inPackets(
  sizeOf: (bytes: Buffer) => number | undefined,
  answer: (packet: Buffer) => Uint8Array | undefined,
): (data: Uint8Array) => Awaitable<Uint8Array> {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    const answers: Uint8Array[] = [];
    for (;;) {
      const size = sizeOf(rest);
      if (size === undefined || rest.length < size) return Buffer.concat(answers);
      const packet = rest.subarray(0, size);
      rest = rest.subarray(size);
      const answered = answer(packet);
      if (answered !== undefined) answers.push(answered);
    }
  };
}
