import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CaptureFile } from '../../../src/capture/capture-file';
import type { CapturedConnection } from '../../../src/capture/captured-connection';
import {
  type ConversationOptions,
  conversationOf,
  conversationsOf,
} from '../../../src/capture/conversation';
import type { Turn } from '../../../src/capture/conversation-turn';
import { writePcapng } from '../../../src/capture/write-pcapng';
import { crlf } from '../../../src/framing/delimiter';
import { FrameReader } from '../../../src/framing/frame-reader';
import { lengthPrefix } from '../../../src/framing/length-prefix';
import { readConnections } from './read-back';
import { ends, established, eventsTold, sends, syn, type Told } from './told';

const lines: ConversationOptions = { framer: () => new FrameReader(crlf()) };

async function connectionOf(told: readonly Told[]): Promise<CapturedConnection> {
  const [connection] = await readConnections(writePcapng(eventsTold(told)));
  assert.ok(connection);
  return connection;
}

/** Turns in short: `client +5: EHLO a | NOOP (fin)`. */
function inShort(turns: readonly Turn[]): string[] {
  return turns.map(({ from, frames, raw, afterUs, end }) =>
    [
      `${from} +${afterUs}:`,
      ...frames.map((frame) => JSON.stringify(Buffer.from(frame).toString())),
      ...(raw ? ['raw'] : []),
      ...(end === undefined ? [] : [end]),
    ].join(' '),
  );
}

/** A conversation of the client's lines (`> text`) and the server's (`< text`), 1 ms apart. */
function said(...parts: readonly string[]): Told[] {
  const at = { out: 0, in: 0 };
  return parts.map((part) => {
    const direction = part.startsWith('>') ? 'out' : 'in';
    const text = part.slice(2);
    const stream = at[direction];
    at[direction] += text.length;
    return sends('c1', direction, text, stream);
  });
}

const open = [syn, established];

test('a conversation has a turn for each change of direction, with the time it took to answer', async () => {
  const connection = await connectionOf([
    ...open,
    ...said('< 220 ready\r\n', '> EHLO a\r\n', '> NOOP\r\n', '< 250-mail\r\n', '< 250 ok\r\n'),
  ]);

  const { turns, midstream, warnings } = conversationOf(connection, lines);

  assert.deepEqual(inShort(turns), [
    'server +1000: "220 ready"',
    'client +1000: "EHLO a" "NOOP"',
    'server +1000: "250-mail" "250 ok"',
  ]);
  assert.deepEqual([midstream, warnings], [false, []]);
});

test('without a framer a turn is one frame, and a warning says so', async () => {
  const connection = await connectionOf([...open, ...said('> EH', '> LO', '< 250')]);

  const { turns, warnings } = conversationOf(connection);

  assert.deepEqual(inShort(turns), ['client +1000: "EHLO"', 'server +1000: "250"']);
  assert.deepEqual(warnings, ['no framing given: direction changes cut the turns']);
});

test('an end stands on the turn behind which it came, or on one of its own', async () => {
  const half = await connectionOf([
    ...open,
    ...said('> QUIT\r\n'),
    ends('c1', 'fin', 'out'),
    ...said('< bye\r\n'),
    ends('c1', 'fin', 'in'),
  ]);
  const later = await connectionOf([
    ...open,
    ...said('> QUIT\r\n', '< bye\r\n'),
    ends('c1', 'rst', 'out'),
  ]);

  assert.deepEqual(inShort(conversationOf(half, lines).turns), [
    'client +1000: "QUIT" fin',
    'server +2000: "bye" fin',
  ]);
  assert.deepEqual(inShort(conversationOf(later, lines).turns), [
    'client +1000: "QUIT"',
    'server +1000: "bye"',
    'client +1000: rst',
  ]);
});

test('bytes behind the last whole message are kept as they are', async () => {
  for (const [end, how] of [
    [[], ''],
    [[ends('c1', 'fin', 'out')], ' fin'],
  ] as const) {
    const connection = await connectionOf([...open, ...said('> NOOP\r\n', '> QUI'), ...end]);

    const { turns, warnings } = conversationOf(connection, lines);

    assert.deepEqual(inShort(turns), [`client +1000: "NOOP" "QUI" raw${how}`]);
    assert.match(warnings.join(), /^3 bytes of the client after its last whole message/);
  }
});

test('bytes that break the framing, and all behind them, are kept as they are', async () => {
  const framer = () => new FrameReader(lengthPrefix('u8', { max: 4 }));
  const connection = await connectionOf([
    ...open,
    ...said('> \x02ab', '> \x09xyz', '< \x01c', '> more'),
  ]);

  const { turns, warnings } = conversationOf(connection, { framer });

  assert.deepEqual(inShort(turns), [
    'client +1000: "ab" "\\txyz" raw',
    'server +1000: "c"',
    'client +1000: "more" raw',
  ]);
  assert.match(
    warnings.join(),
    /^4 bytes of the client after its last whole message: .*frame-too-large/,
  );
});

test('a message belongs to the turn in which it ends, and who spoke into it is warned of', async () => {
  const connection = await connectionOf([
    ...open,
    ...said('> EH', '< 220 hello\r\n', '> LO a\r\n', '< 250 ok\r\n'),
  ]);

  const { turns, warnings } = conversationOf(connection, lines);

  assert.deepEqual(inShort(turns), [
    'server +1000: "220 hello"',
    'client +1000: "EHLO a"',
    'server +1000: "250 ok"',
  ]);
  assert.deepEqual(warnings, ['overlapping turns at 2 ms']);
});

test('a server may have a framing of its own', async () => {
  const connection = await connectionOf([...open, ...said('> GET\r\n', '< \x02ok')]);

  const { turns, warnings } = conversationOf(connection, {
    ...lines,
    serverFramer: () => new FrameReader(lengthPrefix('u8')),
  });

  assert.deepEqual(inShort(turns), ['client +1000: "GET"', 'server +1000: "ok"']);
  assert.deepEqual(warnings, []);
});

test('a conversation is cut at its limits, with a warning', async () => {
  const connection = await connectionOf([...open, ...said('> one', '< two', '> three')]);

  const bytes = conversationOf(connection, { maxBytes: 5 });
  const turns = conversationOf(connection, { maxTurns: 2 });

  assert.deepEqual(inShort(bytes.turns), ['client +1000: "one"', 'server +1000: "tw"']);
  assert.equal(bytes.warnings.at(-1), 'cut after 5 bytes');
  assert.deepEqual(inShort(turns.turns), ['client +1000: "one"', 'server +1000: "two"']);
  assert.equal(turns.warnings.at(-1), 'cut after 2 turns');
});

/** A ClientHello up to its client random. */
const hello = `\x16\x03\x01\x00\x26\x01\x00\x00\x22\x03\x03${'r'.repeat(32)}`;

test('a connection that carries TLS is refused, since nobody could read its turns', async () => {
  const connection = await connectionOf([...open, sends('c1', 'out', hello)]);

  assert.throws(() => conversationOf(connection), {
    code: 'ECAPTUREFORMAT',
    message: /^connection 1 is TLS; Brine does not decrypt captures/,
  });
});

test('a wrong option of a conversation is refused', async () => {
  const connection = await connectionOf(open);

  assert.throws(() => conversationOf(connection, { maxTurns: 0 }), { code: 'ECONFIG' });
  assert.throws(
    () => conversationOf(connection, { maxturns: 1 } as object),
    /did you mean "maxTurns"/,
  );
});

const anyTalk = fc.array(
  fc.record({
    out: fc.boolean(),
    text: fc.stringMatching(/^[a-z\r\n]{1,12}$/),
    after: fc.nat({ max: 3 }),
  }),
  { maxLength: 20 },
);

test('the turns of any talk carry every byte once, in order, and change sides', async () => {
  await fc.assert(
    fc.asyncProperty(anyTalk, async (talk) => {
      const at = { out: 0, in: 0 };
      const told = talk.map(({ out, text, after }): Told => {
        const direction = out ? 'out' : 'in';
        at[direction] += text.length;
        return { ...sends('c1', direction, text, at[direction] - text.length), after };
      });
      const connection = await connectionOf([...open, ...told]);
      const spoken = (out: boolean) =>
        talk.flatMap((part) => (part.out === out ? [part.text] : [])).join('');

      const { turns } = conversationOf(connection);

      for (const [out, from] of [
        [true, 'client'],
        [false, 'server'],
      ] as const) {
        const frames = turns.flatMap((turn) => (turn.from === from ? turn.frames : []));
        assert.equal(Buffer.concat(frames).toString(), spoken(out));
      }
      assert.ok(turns.every(({ from }, index) => from !== turns[index - 1]?.from));

      // With framing, messages and what is left are the same as without a network between.
      const framed = conversationOf(connection, lines).turns;
      const reader = new FrameReader(crlf());
      reader.push(Buffer.from(spoken(true)));
      const whole = [];
      while (reader.ready > 0) whole.push(Buffer.from(reader.take() ?? '').toString());
      const rest = Buffer.from(reader.rest()).toString();
      const got = framed
        .filter(({ from }) => from === 'client')
        .flatMap(({ frames }) => frames.map((frame) => Buffer.from(frame).toString()));
      if (reader.error() === undefined)
        assert.deepEqual(got, rest === '' ? whole : [...whole, rest]);
    }),
    { numRuns: 200 },
  );
});

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of source) found.push(item);
  return found;
}

/** A capture of connections that each say their number. */
function manyConnections(count: number): CaptureFile {
  const told = Array.from({ length: count }, (_, at) => at + 1).flatMap((number): Told[] => {
    const connection = `c${number}`;
    const local = { host: '127.0.0.1', port: 10_000 + number, family: 'IPv4' } as const;
    return [
      { ...syn, connection, local },
      { ...established, connection, local },
      sends(connection, 'out', `I am ${number}`, 0),
    ];
  });
  return CaptureFile.from(writePcapng(eventsTold(told)));
}

test('the conversations of a capture are those of its connections, up to a limit that is said', async () => {
  const file = manyConnections(7);
  const read = async (maxConversations?: number) => {
    const options = maxConversations === undefined ? {} : { maxConversations };
    const found = await all(conversationsOf(file, { ...lines, ...options }));
    return found.map(({ number, turns }) => [number, String(turns[0]?.frames[0])]);
  };

  const seven = Array.from({ length: 7 }, (_, at) => [at + 1, `I am ${at + 1}`]);
  assert.deepEqual(await read(), seven);
  assert.deepEqual(await read(7), seven);
  assert.deepEqual(await read(3), seven.slice(0, 3));
  const cut = await all(conversationsOf(file, { maxConversations: 3 }));
  assert.equal(
    cut.at(-1)?.warnings.at(-1),
    'cut after 3 conversations: the capture has 7 connections',
  );
  await assert.rejects(all(conversationsOf(file, { maxConversations: 0 })), {
    code: 'ECONFIG',
  });
});

test('a connection of TLS is among the conversations, without turns and with the reason', async () => {
  const file = CaptureFile.from(writePcapng(eventsTold([...open, sends('c1', 'out', hello)])));

  const [found] = await all(conversationsOf(file));

  assert.deepEqual(found?.turns, []);
  assert.match(found?.warnings.join() ?? '', /^connection 1 is TLS; Brine does not decrypt/);
});

test('a capture without connections has no conversations', async () => {
  assert.deepEqual(await all(conversationsOf(manyConnections(0))), []);
});
