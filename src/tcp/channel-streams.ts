import { Duplex } from 'node:stream';
import { ReadableStream, WritableStream } from 'node:stream/web';
import { busyError } from './call-errors';
import { claimReader, endsInOrder } from './channel-iteration';
import { chunkBytes } from './intake';
import type { Want } from './read-call';
import type { Wire } from './wire';

const oneChunk: Want = { kind: 'chunk', most: chunkBytes };

/** A Node stream over a wire: FIN is `end`, RST is `destroy`. */
export function duplexOf(wire: Wire): Duplex {
  claimBoth(wire, 'a Duplex');
  const { allowHalfOpen } = wire.settings;
  // The stream answers a FIN itself, behind what it has not handed on yet.
  wire.halfOpen = true;
  return new Duplex({
    allowHalfOpen,
    readableHighWaterMark: wire.settings.readHighWaterMark,
    writableHighWaterMark: wire.settings.writeHighWaterMark,
    read() {
      wire.read(oneChunk, wire.settings.read).then(
        (bytes) => this.push(bytes),
        (error: Error) => {
          if (endsInOrder(wire, error)) this.push(null);
          else this.destroy(error);
        },
      );
    },
    write(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.from(chunk);
      wire.outlet.write(bytes, wire.settings.write, { resolve: done, reject: done });
    },
    final(done) {
      wire.end().then(() => done(), done);
    },
    destroy(error, done) {
      const ended = wire.intake.finMet && wire.ending.sent === 'fin';
      if (!ended) wire.reset();
      done(error);
    },
  });
}

/** Web streams over a wire: `close` is FIN, `cancel` and `abort` are RST. */
export function webStreamsOf(wire: Wire): {
  readable: ReadableStream<Uint8Array>;
  writable: WritableStream<Uint8Array>;
} {
  claimBoth(wire, 'a web stream');
  const readable = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          controller.enqueue(await wire.read(oneChunk, wire.settings.read));
        } catch (error) {
          if (endsInOrder(wire, error)) controller.close();
          else controller.error(error);
        }
      },
      cancel: () => wire.reset(),
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) =>
      new Promise((resolve, reject) => {
        wire.outlet.write(Buffer.from(chunk), wire.settings.write, { resolve, reject });
      }),
    close: () => wire.end(),
    abort: () => wire.reset(),
  });
  return { readable, writable };
}

function claimBoth(wire: Wire, name: string): void {
  if (wire.writer !== undefined) throw busyError(name, 'write', wire.writer.name, wire.facts());
  wire.writer = claimReader(wire, name);
}
