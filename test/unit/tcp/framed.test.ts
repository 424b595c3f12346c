/** Services that get messages instead of chunks (row E6). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Deferred, deferred } from '../../../src/base/deferred';
import type { TcpError } from '../../../src/base/errors';
import { crlf } from '../../../src/framing/delimiter';
import type { Framer } from '../../../src/framing/framer';
import { idleGap } from '../../../src/framing/idle-gap';
import { lengthPrefix } from '../../../src/framing/length-prefix';
import { planFromSeed } from '../../../src/simulation/seed-plan';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import type { Caller } from '../../../src/tcp/caller';
import { Client } from '../../../src/tcp/client';
import type { CloseInfo } from '../../../src/tcp/close-info';
import { type FrameHandlers, framed } from '../../../src/tcp/framed';
import { Listener } from '../../../src/tcp/listener';
import type { ListenerConfiguration } from '../../../src/tcp/listener-configuration';
import type { ConnectionService } from '../../../src/tcp/service';

const bytes = (text: string): Buffer => Buffer.from(text);
const textOf = (data: Uint8Array): string => Buffer.from(data).toString();

/** A client, and what a framed service at the other end was told. */
interface Scene {
  readonly world: SimulatedWorld;
  readonly client: Client;
  readonly frames: string[];
  readonly errors: TcpError[];
  readonly handlerErrors: TcpError[];
  readonly over: Deferred<CloseInfo>;
}

interface SceneOptions {
  readonly framer?: Framer;
  readonly onFrame?: FrameHandlers<Uint8Array>['onFrame'];
  /** What `onConnect` returns, made of the framed service. */
  readonly returns?: (service: ConnectionService) => ConnectionService;
  readonly config?: ListenerConfiguration;
  readonly seed?: number;
}

/** Connects a client to a framed service that answers with what it got, unless told otherwise. */
async function scene(options: SceneOptions, body: (scene: Scene) => Promise<void>): Promise<void> {
  const { framer = crlf(), onFrame = (frame) => frame, returns = (service) => service } = options;
  const plan = options.seed === undefined ? {} : { plan: planFromSeed(options.seed, 'rough') };
  await simulatedWorld(plan).run(async (world) => {
    const frames: string[] = [];
    const errors: TcpError[] = [];
    const handlerErrors: TcpError[] = [];
    const over = deferred<CloseInfo>();
    const service = framed(framer, {
      onFrame(frame, caller: Caller) {
        frames.push(textOf(frame));
        return onFrame(frame, caller);
      },
      onError: (error) => void errors.push(error),
      onClose: (info) => over.resolve(info),
    });
    const listener = new Listener(0, { world, ...options.config })
      .on('handlerError', (error) => void handlerErrors.push(error))
      .attach(() => returns(service));
    await listener.start();
    const client = await Client.connect(listener.address, { world });
    await body({ world, client, frames, errors, handlerErrors, over });
    await client.close();
    await over.promise;
    await listener.gracefulStop();
  });
}

const lines = fc.array(fc.stringMatching(/^[a-z]{0,30}$/), { minLength: 1, maxLength: 12 });

test('a framed service gets every message once and in order, however the bytes are cut (E6, I5)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 0x7fff_ffff }),
      lines,
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (seed, messages, sizes, later) => {
        const onFrame = (frame: Uint8Array) => (later ? Promise.resolve(frame) : frame);
        await scene({ seed, onFrame }, async ({ client, frames, errors }) => {
          const all = bytes(messages.map((text) => `${text}\r\n`).join(''));
          let from = 0;
          for (let turn = 0; from < all.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            await client.writeBytes(all.subarray(from, from + size));
            from += size;
          }

          const answered = await client.readBytes(all.length);

          assert.ok(Buffer.from(answered).equals(all));
          assert.deepEqual(frames, messages);
          assert.deepEqual(errors, []);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test('what onFrame returns is encoded by the framer, and nothing writes nothing (E6)', async () => {
  const onFrame = (frame: Uint8Array) => (textOf(frame) === 'hush' ? undefined : bytes('pong'));
  await scene({ framer: lengthPrefix('u16be'), onFrame }, async ({ client, frames }) => {
    await client.writeBytes(Buffer.concat([Buffer.of(0, 4), bytes('hush')]));
    await client.writeBytes(Buffer.concat([Buffer.of(0, 4), bytes('ping')]));

    const answer = Buffer.from(await client.readBytes(6));

    assert.deepEqual(answer, Buffer.concat([Buffer.of(0, 4), bytes('pong')]));
    assert.deepEqual(frames, ['hush', 'ping']);
  });
});

test('bytes that onFrame writes itself keep their place before its answer (E6, I6)', async () => {
  const onFrame = (frame: Uint8Array, caller: Caller) => {
    void caller.writeBytes(bytes('raw '));
    return frame;
  };
  await scene({ onFrame }, async ({ client }) => {
    await client.writeBytes(bytes('a\r\nb\r\n'));

    assert.equal(textOf(await client.readBytes(14)), 'raw a\r\nraw b\r\n');
  });
});

test('FIN between two messages is no error (E6, E14)', async () => {
  await scene({}, async ({ client, frames, errors, over }) => {
    await client.writeBytes(bytes('whole\r\n'));
    await client.end();

    assert.equal(textOf(await client.readBytes(7)), 'whole\r\n');
    await assert.rejects(client.readBytes(), { code: 'EPEERCLOSED' });
    assert.equal((await over.promise).hadError, false);
    assert.deepEqual(frames, ['whole']);
    assert.deepEqual(errors, []);
  });
});

test('FIN inside a message is told with what came of it, behind the whole ones (E6)', async () => {
  await scene({}, async ({ client, frames, errors, over }) => {
    await client.writeBytes(bytes('whole\r\npart'));
    await client.end();
    const info = await over.promise;

    assert.deepEqual(frames, ['whole']);
    assert.equal(errors.length, 1);
    assert.equal(errors[0]?.code, 'EPEERCLOSED');
    assert.equal(errors[0]?.phase, 'read');
    assert.equal(textOf(errors[0]?.partial ?? Buffer.alloc(0)), 'part');
    assert.equal(info.error, errors[0]);
  });
});

test('a message above the limit of the framer is ELIMIT, once, and ends the connection (E6)', async () => {
  await scene({ framer: crlf({ max: 8 }) }, async ({ client, frames, errors, over }) => {
    await client.writeBytes(bytes('short\r\n'));
    await client.writeBytes(bytes('much too long\r\nshort\r\n'));
    const info = await over.promise;

    assert.deepEqual(frames, ['short']);
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['ELIMIT'],
    );
    assert.equal(info.reason, 'error');
    assert.equal(info.error, errors[0]);
  });
});

test('bytes that break the framing are EFRAME, once, and end the connection (E6)', async () => {
  const framer = lengthPrefix('u16be', { includes: 'prefix' });
  await scene({ framer }, async ({ client, frames, errors, over }) => {
    await client.writeBytes(Buffer.of(0, 3, 65, 0, 1, 66, 67));
    await over.promise;

    assert.deepEqual(frames, ['A']);
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['EFRAME'],
    );
  });
});

test('an onFrame that fails is told as onBytes, and the messages behind it are still handed over (E7)', async () => {
  const onFrame = (frame: Uint8Array) => {
    if (textOf(frame) === 'bad') throw new Error('no such order');
    return frame;
  };
  await scene({ onFrame }, async ({ client, frames, errors, handlerErrors }) => {
    await client.writeBytes(bytes('one\r\nbad\r\ntwo\r\n'));

    assert.equal(textOf(await client.readBytes(10)), 'one\r\ntwo\r\n');
    assert.deepEqual(frames, ['one', 'bad', 'two']);
    assert.equal(errors.length, 1);
    assert.equal(errors[0]?.code, 'EHANDLER');
    assert.equal(errors[0]?.handler, 'onBytes');
    assert.match(errors[0]?.message ?? '', /no such order$/);
    assert.deepEqual(handlerErrors, errors);
  });
});

test('an answer that the framer cannot carry is a failure of the handler (E7)', async () => {
  await scene({ onFrame: () => bytes('a\r\nb') }, async ({ world, client, errors }) => {
    await client.writeBytes(bytes('x\r\n'));
    await world.settle();

    assert.deepEqual(
      errors.map(({ code, handler }) => `${code} ${handler}`),
      ['EHANDLER onBytes'],
    );
  });
});

test('no message is handed over behind a close that a handler asked for', async () => {
  const onFrame = (_frame: Uint8Array, caller: Caller) => void caller.close();
  await scene({ onFrame }, async ({ client, frames, errors, over }) => {
    await client.writeBytes(bytes('quit\r\nmore\r\n'));
    await over.promise;

    assert.deepEqual(frames, ['quit']);
    assert.deepEqual(errors, []);
  });
});

test('a gap of silence ends a message, measured from its last byte', async () => {
  await scene({ framer: idleGap('10ms') }, async ({ world, client, frames }) => {
    await client.writeBytes(bytes('first '));
    await world.advance('9ms');
    await client.writeBytes(bytes('half'));
    await world.advance('9ms');
    assert.deepEqual(frames, []);
    await world.advance('2ms');
    assert.deepEqual(frames, ['first half']);

    await client.writeBytes(bytes('second'));
    await world.advance('11ms');
    assert.deepEqual(frames, ['first half', 'second']);
  });
});

test('one framed service serves many connections, each with bytes of its own (I1)', async () => {
  await simulatedWorld().run(async (world) => {
    const service = framed(crlf(), { onFrame: (frame) => frame });
    const listener = new Listener(0, { world }).attach(() => service);
    await listener.start();
    const clients = [
      await Client.connect(listener.address, { world }),
      await Client.connect(listener.address, { world }),
    ];

    for (const [number, client] of clients.entries())
      await client.writeBytes(bytes(`to-${number}`));
    await world.settle();
    for (const client of clients) await client.writeBytes(bytes('!\r\n'));

    for (const [number, client] of clients.entries()) {
      assert.equal(textOf(await client.readBytes(7)), `to-${number}!\r\n`);
      await client.close();
    }
    await listener.gracefulStop();
  });
});

/** A copy of a framed service, as spreading and delegating by hand make it. */
const copies: readonly (readonly [string, (service: ConnectionService) => ConnectionService])[] = [
  [
    'spread with its onBytes taken over',
    (service) => ({ ...service, onBytes: (data, caller) => service.onBytes(data, caller) }),
  ],
  [
    'bound by hand',
    (service) => ({
      onBytes: service.onBytes.bind(service),
      onError: (error, caller) => service.onError?.(error, caller),
      onClose: (info) => service.onClose?.(info),
    }),
  ],
];

for (const [how, returns] of copies) {
  test(`a framed service that was ${how} fails aloud instead of dropping bytes (I13)`, async () => {
    await scene({ returns }, async ({ world, client, frames, errors, handlerErrors }) => {
      await client.writeBytes(bytes('lost?\r\n'));
      await world.settle();

      assert.deepEqual(frames, []);
      assert.equal(errors.length, 1);
      assert.equal(errors[0]?.code, 'EHANDLER');
      assert.match(
        errors[0]?.message ?? '',
        /a framed service must be returned by onConnect as framed\(\) gave it$/,
      );
      assert.deepEqual(handlerErrors, errors);
    });
  });
}

test('a framed service that was spread has no onBytes, and its connection is refused (G2, E3)', async () => {
  await simulatedWorld().run(async (world) => {
    const handlerErrors: TcpError[] = [];
    const listener = new Listener(0, { world })
      .on('handlerError', (error) => void handlerErrors.push(error))
      .attach(() => ({ ...framed(crlf(), { onFrame: () => undefined }) }));
    await listener.start();
    const client = await Client.connect(listener.address, { world });

    await assert.rejects(client.readBytes(), { code: 'EPEERCLOSED' });

    assert.equal(handlerErrors.length, 1);
    assert.equal(handlerErrors[0]?.handler, 'onConnect');
    assert.equal((handlerErrors[0]?.cause as TcpError | undefined)?.field, 'onBytes');
    await client.close();
    await listener.gracefulStop();
  });
});
