/** Every kind of trigger, from end to end: where in the stream its fault begins, and where it ends. */
import assert from 'node:assert/strict';
import type { Fault, Trigger } from '../../src/faults/fault';
import { type Claim, contract, settle } from './maker';
import { proxyBench, watch } from './proxy-pair';

/** What happens, in order: bytes of a side, its FIN, or time that passes. */
type Turn =
  | { readonly down: string }
  | { readonly up: string }
  | { readonly end: 'client' | 'server' }
  | { readonly wait: number };

interface Case {
  readonly claim: string;
  readonly faults: readonly Fault[];
  readonly turns: readonly Turn[];
  /** What the client got in the end. */
  readonly got: string;
  /** A busy machine may let the mark come earlier on a real clock. */
  readonly timed?: true;
}

/** Puts `|` in where it begins to act. */
const mark = (trigger: Trigger): Fault => ({
  type: 'inject',
  name: 'mark',
  attributes: { bytes: '|' },
  trigger,
});

/** Makes every byte a star while it acts. */
const stars = (trigger: Trigger): Fault => ({
  type: 'corrupt',
  name: 'stars',
  attributes: { mode: 'set', value: 42, every: 1 },
  trigger,
});

const lines = { framing: 'crlf' } as const;
const tlsRecords = { kind: 'length-prefix', type: 'u16be', offset: 3, keep: true };

const cases: readonly Case[] = [
  {
    claim: 'a byte is where its offset is reached',
    faults: [mark({ byte: 3 })],
    turns: [{ down: 'ab' }, { down: 'cdef' }],
    got: 'abc|def',
  },
  {
    claim: 'a pattern counts its matches, also across chunks',
    faults: [mark({ pattern: 'xy', occurrence: 2 })],
    turns: [{ down: 'xy1x' }, { down: 'y2xy' }],
    got: 'xy1xy|2xy',
  },
  {
    claim: 'a pattern may fire before its first byte, also across chunks',
    faults: [mark({ pattern: 'STOP', where: 'before' })],
    turns: [{ down: 'go ST' }, { down: 'OP now' }],
    got: 'go |STOP now',
  },
  {
    claim: 'a message is where it begins',
    faults: [mark({ message: 2, ...lines })],
    turns: [{ down: 'one\r\ntwo\r\nthree\r\n' }],
    got: 'one\r\n|two\r\nthree\r\n',
  },
  {
    claim: 'a message has places in it, counted from its start',
    faults: [mark({ message: 2, offset: 2, ...lines })],
    turns: [{ down: 'one\r' }, { down: '\ntw' }, { down: 'o\r\n' }],
    got: 'one\r\ntw|o\r\n',
  },
  {
    claim: 'a message has places in it, counted from its end',
    faults: [mark({ message: 1, offset: -2, ...lines })],
    turns: [{ down: 'one\r\ntwo\r\n' }],
    got: 'one|\r\ntwo\r\n',
  },
  ...(['connection', 'toxic', 'proxy'] as const).map((since) => ({
    claim: `a time since the ${since} comes without a byte`,
    faults: [mark({ at: '60ms', since })],
    turns: [{ down: 'early' }, { wait: 60 }, { down: 'late' }],
    got: 'early|late',
    timed: true as const,
  })),
  {
    claim: 'a time since the first byte waits for one',
    faults: [mark({ at: '20ms', since: 'firstByte' })],
    turns: [{ wait: 30 }, { down: 'first' }, { wait: 30 }, { down: 'late' }],
    got: 'first|late',
    timed: true,
  },
  {
    claim: 'silence is time without a byte, whatever was before',
    faults: [mark({ idle: '60ms' })],
    turns: [{ down: 'a' }, { down: 'b' }, { wait: 80 }, { down: 'c' }],
    got: 'ab|c',
    timed: true,
  },
  {
    claim: 'silence before a pattern is the silence right before it',
    faults: [mark({ idle: '60ms', pattern: '!' })],
    turns: [{ wait: 80 }, { down: 'a' }, { down: '!b' }, { wait: 80 }, { down: 'c' }],
    got: 'a!b|c',
    timed: true,
  },
  {
    claim: 'established is before the first byte, and needs none',
    faults: [mark({ event: 'established' })],
    turns: [{ wait: 5 }, { down: 'a' }],
    got: '|a',
  },
  {
    claim: 'the first byte is an event',
    faults: [mark({ event: 'firstByte' })],
    turns: [{ down: 'a' }],
    got: '|a',
  },
  {
    claim: 'the end of a stream is an event before its FIN',
    faults: [mark({ event: 'fin' })],
    turns: [{ down: 'all' }, { end: 'server' }],
    got: 'all|',
  },
  {
    claim: 'the end of the other direction is an event too',
    faults: [mark({ event: 'fin', stream: 'upstream' })],
    turns: [{ down: 'a' }, { end: 'client' }, { down: 'b' }],
    got: 'a|b',
  },
  {
    claim: 'a byte of the other direction counts there',
    faults: [mark({ byte: 3, stream: 'upstream' })],
    turns: [{ down: 'abcdef' }, { up: '12' }, { down: 'g' }, { up: '3' }, { down: 'h' }],
    got: 'abcdefg|h',
  },
  {
    claim: 'records of TLS are messages, with a framing for their headers',
    faults: [mark({ message: 2, framing: tlsRecords, offset: 5 })],
    turns: [{ down: '\x16\x03\x03\x00\x02ab\x17\x03\x03\x00' }, { down: '\x01c' }],
    got: '\x16\x03\x03\x00\x02ab\x17\x03\x03\x00\x01|c',
  },
  {
    claim: 'the first record of a handshake is an event of TLS, the first encrypted one another',
    faults: [
      stars({ event: 'tls:established', until: { byte: 1 } }),
      mark({ event: 'tls:clientHello' }),
    ],
    turns: [
      { down: '\x16\x03\x03\x00' },
      { down: '\x01a\x14\x03\x03\x00\x01b' },
      { down: '\x16\x03\x03\x00\x01cde' },
    ],
    got: '\x16\x03\x03\x00\x01a|\x14\x03\x03\x00\x01b\x16\x03\x03\x00\x01c*e',
  },
  {
    claim: 'what is no TLS never reaches an event of TLS',
    faults: [mark({ any: [{ event: 'tls:established' }, { event: 'tls:clientHello' }] })],
    turns: [{ down: `GET / HTTP/1.1\r\n${'x'.repeat(70)}` }, { down: 'more' }],
    got: `GET / HTTP/1.1\r\n${'x'.repeat(70)}more`,
  },
  {
    claim: 'another fault counts once it has changed something',
    faults: [
      { type: 'replace', name: 'first', stream: 'upstream', attributes: { find: 'x' } },
      mark({ after: 'first' }),
    ],
    turns: [{ up: 'a' }, { down: 'b' }, { up: 'x' }, { down: 'c' }],
    got: 'b|c',
  },
  {
    claim: 'every key must hold',
    faults: [mark({ byte: 4, pattern: 'b' })],
    turns: [{ down: 'ab' }, { down: 'cdef' }],
    got: 'abcd|ef',
  },
  {
    claim: 'any of several is enough',
    faults: [mark({ any: [{ byte: 100 }, { pattern: 'b' }, { event: 'fin' }] })],
    turns: [{ down: 'abc' }],
    got: 'ab|c',
  },
  {
    claim: 'an effect lasts until bytes have come, to the byte',
    faults: [stars({ byte: 1, until: { pattern: 'END' } })],
    turns: [{ down: 'abc' }, { down: 'dENDe' }],
    got: 'a******e',
  },
  {
    claim: 'an effect lasts until bytes of the other direction have come',
    faults: [stars({ stream: 'upstream', pattern: '(', until: { pattern: ')' } })],
    turns: [{ down: 'a' }, { up: '(' }, { down: 'b' }, { up: ')' }, { down: 'c' }],
    got: 'a*c',
  },
  {
    claim: 'an effect lasts until a time has passed since it began',
    faults: [stars({ byte: 1, until: { at: '60ms', since: 'toxic' } })],
    turns: [{ down: 'ab' }, { wait: 80 }, { down: 'c' }],
    got: 'a*c',
  },
  {
    claim: 'an effect lasts until the stream ends, and what it kept comes before the FIN',
    faults: [{ type: 'hold', trigger: { byte: 1, until: { event: 'fin' } } }],
    turns: [{ down: 'abc' }, { end: 'server' }],
    got: 'abc',
  },
  {
    claim: 'an effect lasts for so many chunks',
    faults: [stars({ byte: 1, times: 2 })],
    turns: [{ down: 'ab' }, { down: 'c' }, { down: 'd' }],
    got: 'a**d',
  },
  {
    claim: 'what comes behind the last chunk of an effect does not overtake it',
    faults: [{ type: 'latency', attributes: { latency: 60 }, trigger: { byte: 1, times: 1 } }],
    turns: [{ down: 'abc' }, { down: 'd' }, { end: 'server' }],
    got: 'abcd',
  },
];

export const triggerContract: readonly Claim[] = contract((claim) => {
  for (const { claim: text, faults, turns, got, timed } of cases) {
    claim(`trigger: ${text}`, async (world) => {
      const { proxy, dial } = await proxyBench(world, { toxics: faults });
      const { client, server } = await dial();
      const seen = watch(world, client);
      const atServer = watch(world, server);
      for (const turn of turns) {
        if ('down' in turn) server.write(turn.down);
        else if ('up' in turn) client.write(turn.up);
        else if ('end' in turn) (turn.end === 'client' ? client : server).end();
        else await world.clock.sleep(turn.wait);
        await settle(world);
      }
      if (turns.some((turn) => 'end' in turn && turn.end === 'server')) await seen.ended;
      else await seen.has(Buffer.byteLength(got));

      const bytes = seen.bytes.toString();
      if (timed === true && world.kind === 'real') {
        assert.equal(bytes.replace('|', ''), got.replace('|', ''));
        assert.ok(bytes.includes('|') && bytes.indexOf('|') <= got.indexOf('|'), bytes);
      } else assert.equal(bytes, got);
      assert.notEqual(atServer.end, 'rst');
      await proxy.close();
    });
  }

  claim('trigger: one that is changed counts on open connections too', async (world) => {
    const { proxy, dial } = await proxyBench(world, { toxics: [mark({ byte: 1_000 })] });
    const { client, server } = await dial();
    const [seen] = [watch(world, client), watch(world, server)];
    server.write('a');
    await seen.has(1);

    proxy.updateToxic('mark', { trigger: { pattern: '!' } });
    server.write('b!c');
    await seen.has(5);

    assert.equal(seen.bytes.toString(), 'ab!|c');
    await proxy.close();
  });

  claim('trigger: what it holds is released, changed and let go while it acts', async (world) => {
    const hold: Fault = { type: 'hold', name: 'hold', trigger: { byte: 1 } };
    const slow: Fault = {
      type: 'latency',
      name: 'slow',
      attributes: { latency: 3_600_000 },
      trigger: { byte: 1, times: 2 },
    };
    const { proxy, dial } = await proxyBench(world, { toxics: [hold, slow] });
    const { client, server, connection } = await dial();
    const [seen] = [watch(world, client), watch(world, server)];
    server.write('abc');
    await proxy.waitFor('toxic.acted', { toxic: 'hold' }, { timeout: '15s' });
    assert.equal(connection.queued.downstream, 2);

    connection.release('downstream');
    await settle(world);
    assert.equal(seen.bytes.toString(), 'a');
    proxy.updateToxic('slow', { attributes: { latency: 0 } });
    await seen.has(3);
    server.write('d');
    await settle(world);
    proxy.removeToxic('hold');
    await seen.has(4);

    assert.equal(seen.bytes.toString(), 'abcd');
    await proxy.close();
  });

  claim('trigger: what has fired is told, and what has not', async (world) => {
    const { proxy, dial } = await proxyBench(world, {
      toxics: [mark({ byte: 1 }), { ...mark({ byte: 1_000 }), name: 'never' }],
    });
    const { client, server } = await dial();
    const told: string[] = [];
    proxy.on('*', ({ type, toxic }) => {
      if (type === 'toxic.triggered' || type === 'toxic.neverFired') told.push(`${type} ${toxic}`);
    });
    const [seen] = [watch(world, client), watch(world, server)];
    server.end('abc');
    await seen.ended;
    client.end();
    await settle(world);

    assert.deepEqual(told, ['toxic.triggered mark', 'toxic.neverFired never']);
    await proxy.close();
  });
});
