import type { WireLogLine } from './wire-log-lines';

interface Stream {
  readonly pieces: Uint8Array[];
  masked: Uint8Array;
  at: number;
}

/** Masks the stream of each direction of each connection, so that it does not matter where a secret was cut. */
export function maskLines(
  lines: readonly WireLogLine[],
  mask: (stream: Uint8Array) => Uint8Array,
): readonly WireLogLine[] {
  const streams = new Map<string, Stream>();
  const streamOf = (line: WireLogLine, sign: string): Stream => {
    const key = `${line.pair?.number} ${sign}`;
    const stream = streams.get(key) ?? { pieces: [], masked: new Uint8Array(), at: 0 };
    streams.set(key, stream);
    return stream;
  };
  for (const line of lines) {
    if (line.body.kind === 'bytes') streamOf(line, line.body.sign).pieces.push(line.body.bytes);
  }
  for (const stream of streams.values()) stream.masked = mask(Buffer.concat(stream.pieces));
  return lines.map((line) => {
    if (line.body.kind !== 'bytes') return line;
    const stream = streamOf(line, line.body.sign);
    const from = stream.at;
    stream.at += line.body.bytes.byteLength;
    return { ...line, body: { ...line.body, bytes: stream.masked.subarray(from, stream.at) } };
  });
}
