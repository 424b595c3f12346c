/** Faults beside those of Toxiproxy, on the virtual clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../../src/faults/fault';
import { onLink } from './link-bench';

interface Case {
  readonly claim: string;
  readonly fault: Fault;
  readonly sent: readonly string[];
  readonly out: readonly string[];
  readonly chance?: (purpose: string, n: number) => number;
}

const lines = { framing: 'crlf' };

const cases: readonly Case[] = [
  {
    claim: 'half_close passes exactly so many bytes, then FIN',
    fault: { type: 'half_close', attributes: { after: 3 } },
    sent: ['ab', 'cd'],
    out: ['0 ab', '0 c', '0 end fin'],
  },
  {
    claim: 'half_close after 0 bytes does not wait for one',
    fault: { type: 'half_close' },
    sent: [],
    out: ['0 end fin'],
  },
  {
    claim: 'truncate resets the receiver once the bytes had time',
    fault: { type: 'truncate', attributes: { after: 1, how: 'reset' } },
    sent: ['ab'],
    out: ['0 a', '30 reset client'],
  },
  {
    claim: 'truncate closes both sides',
    fault: { type: 'truncate', attributes: { after: 2, how: 'close' } },
    sent: ['abc'],
    out: ['0 ab', '0 end close'],
  },
  {
    claim: 'reset needs no byte',
    fault: { type: 'reset', attributes: { delay: 20, side: 'upstream' } },
    sent: ['a'],
    out: ['0 a', '20 reset upstream'],
  },
  {
    claim: 'reset at an offset passes what is before it',
    fault: { type: 'reset', attributes: { after: 2 } },
    sent: ['abc'],
    out: ['0 ab', '0 reset both'],
  },
  {
    claim: 'reset_mid_write passes a part of the chunk that crosses',
    fault: { type: 'reset_mid_write', attributes: { after: 5, keep: 0.5 } },
    sent: ['0123', '4567'],
    out: ['0 0123', '0 45', '0 reset client'],
  },
  {
    claim: 'close_unread resets the source',
    fault: { type: 'close_unread', attributes: { after: 1 } },
    sent: ['ab'],
    out: ['0 a', '0 reset upstream'],
  },
  {
    claim: 'blackhole lets bytes and FIN vanish',
    fault: { type: 'blackhole' },
    sent: ['ab', 'FIN'],
    out: [],
  },
  {
    claim: 'swallow_fin keeps the FIN',
    fault: { type: 'swallow_fin' },
    sent: ['ab', 'FIN'],
    out: ['0 ab'],
  },
  {
    claim: 'swallow_fin resets instead',
    // biome-ignore lint/suspicious/noThenProperty: data that is never awaited
    fault: { type: 'swallow_fin', attributes: { then: 'reset', delay: 5 } },
    sent: ['FIN'],
    out: ['5 reset both'],
  },
  {
    claim: 'drop removes exactly a range',
    fault: { type: 'drop', attributes: { from: 1, length: 3 } },
    sent: ['ab', 'cdef'],
    out: ['0 a', '0 ef'],
  },
  {
    claim: 'drop removes single bytes by chance',
    fault: { type: 'drop', attributes: { unit: 'byte', probability: 0.5 } },
    sent: ['abcd'],
    out: ['0 bd'],
    chance: (_purpose, n) => (n % 2 === 0 ? 0 : 0.9),
  },
  {
    claim: 'drop removes messages, however they were cut',
    fault: { type: 'drop', attributes: { unit: 'message', probability: 0.5, ...lines } },
    sent: ['a\r', '\nb\r\nc'],
    out: ['0 b\r\n', '99 c'],
    chance: (_purpose, n) => (n === 0 ? 0 : 0.9),
  },
  {
    claim: 'corrupt flips a bit at an offset',
    fault: { type: 'corrupt', attributes: { offset: 2, bit: 1 } },
    sent: ['aa', 'aa'],
    out: ['0 aa', '0 ca'],
  },
  {
    claim: 'corrupt sets each n-th byte',
    fault: { type: 'corrupt', attributes: { mode: 'set', value: 0x2d, every: 3 } },
    sent: ['abcd', 'efg'],
    out: ['0 ab-d', '0 e-g'],
  },
  {
    claim: 'corrupt xors, and takes random bytes',
    fault: { type: 'corrupt', attributes: { mode: 'random', probability: 0.6 } },
    sent: ['ab'],
    out: ['0 \u007f\u007f'],
    chance: () => 0.498,
  },
  {
    claim: 'replace rewrites across the border of chunks',
    fault: { type: 'replace', attributes: { find: 'STARTTLS', replace: 'XXXX' } },
    sent: ['a STAR', 'TTLS b'],
    out: ['0 a ', '0 XXXX', '0  b'],
  },
  {
    claim: 'replace lets the start of a match go after silence',
    fault: { type: 'replace', attributes: { find: '>>>', replace: '' } },
    sent: ['ready >'],
    out: ['0 ready ', '50 >'],
  },
  {
    claim: 'replace rewrites what an expression matches, however it was cut',
    fault: { type: 'replace', attributes: { find: 'port=\\d+', replace: 'port=1', regex: true } },
    sent: ['a port=8', '080;', 'FIN'],
    out: ['0 a ', '0 port=1', '0 ;', '0 fin'],
  },
  {
    claim: 'replace cuts a match that is longer than it may be',
    fault: { type: 'replace', attributes: { find: 'x+', regex: true, maxMatch: 3, limit: 1 } },
    sent: ['xxxxx'],
    out: ['0 xx'],
  },
  {
    claim: 'replace lets what may be a match go after silence, as it stands then',
    fault: { type: 'replace', attributes: { find: '[0-9]+', replace: 'N', regex: true } },
    sent: ['a 12'],
    out: ['50 a ', '50 N'],
  },
  {
    claim: 'coalesce writes once so many messages are there',
    fault: { type: 'coalesce', attributes: { message: 2, ...lines } },
    sent: ['a\r\n', 'b', '\r\nc'],
    out: ['0 a\r\nb\r\nc'],
  },
  {
    claim: 'inject puts bytes at an offset',
    fault: { type: 'inject', attributes: { bytes: '"\\r\\n"', offset: 3 } },
    sent: ['ab', 'cd'],
    out: ['0 ab', '0 c', '0 \r\n', '0 d'],
  },
  {
    claim: 'inject at 0 needs no byte',
    fault: { type: 'inject', attributes: { bytes: { hex: '4142' } } },
    sent: [],
    out: ['0 AB'],
  },
  {
    claim: 'inject repeats',
    fault: { type: 'inject', attributes: { bytes: '-', offset: 1, every: 2 } },
    sent: ['abcde'],
    out: ['0 a', '0 -', '0 bc', '0 -', '0 de', '0 -'],
  },
  {
    claim: 'duplicate sends messages again',
    fault: { type: 'duplicate', attributes: { unit: 'message', ...lines } },
    sent: ['a\r\n'],
    out: ['0 a\r\n', '0 a\r\n'],
  },
  {
    claim: 'duplicate sends a range again, behind itself',
    fault: { type: 'duplicate', attributes: { unit: 'range', from: 1, length: 2 } },
    sent: ['ab', 'cd'],
    out: ['0 ab', '0 c', '0 bc', '0 d'],
  },
  {
    claim: 'swap changes the places of two messages',
    fault: { type: 'swap', attributes: { message: 2, ...lines } },
    sent: ['1\r\n2\r\n3\r\n'],
    out: ['0 1\r\n', '0 3\r\n', '0 2\r\n'],
  },
  {
    claim: 'segments writes pieces with a gap between them',
    fault: { type: 'segments', attributes: { size: 2, gap: '3ms' } },
    sent: ['abcde'],
    out: ['0 ab', '3 cd', '6 e'],
  },
  {
    claim: 'coalesce writes once after its time, or when it is full',
    fault: { type: 'coalesce', attributes: { size: 5, time: 40 } },
    sent: ['ab', 'cd', 'ef', 'gh'],
    out: ['0 abcdef', '40 gh'],
  },
  {
    claim: 'coalesce lets everything out before the FIN',
    fault: { type: 'coalesce' },
    sent: ['ab', 'cd', 'FIN'],
    out: ['0 abcd', '0 fin'],
  },
  {
    claim: 'throttle_burst lets everything out at once',
    fault: { type: 'throttle_burst', attributes: { hold: 60 } },
    sent: ['ab', 'cd'],
    out: ['60 abcd'],
  },
  {
    claim: 'retransmit makes a chunk and all behind it late',
    fault: { type: 'retransmit', attributes: { probability: 0.5, delay: 20 } },
    sent: ['a', 'b'],
    out: ['60 a', '60 b'],
    chance: (_purpose, n) => (n < 2 ? 0 : 0.9),
  },
];

for (const { claim, fault, sent, out, chance } of cases) {
  test(claim, () =>
    onLink(
      [fault],
      async (link) => {
        for (const text of sent) {
          if (text === 'FIN') link.fin();
          else link.send(text);
        }
        await link.at(99);
        if (out.at(-1)?.startsWith('99 ') === true) link.remove(0);

        assert.deepEqual(link.out, out);
      },
      chance,
    ),
  );
}

test('throttle_burst passes for a while after each burst', () =>
  onLink([{ type: 'throttle_burst', attributes: { hold: 20, pass: 10 } }], async (link) => {
    link.send('ab');
    await link.at(25);
    link.send('cd');
    await link.at(31);
    link.send('ef');
    await link.at(60);

    assert.deepEqual(link.out, ['20 ab', '25 cd', '51 ef']);
  }));

test('hold reads on and stop_reading does not; both let everything go, in order', async () => {
  for (const type of ['hold', 'stop_reading'] as const) {
    await onLink([{ type, attributes: { after: 3 } }], async (link) => {
      link.send('ab');
      link.send('cd');
      link.send('ef');
      link.fin();
      assert.deepEqual(link.out, ['0 ab', '0 c']);
      assert.equal(link.pipeline.mayRead(1_000), type === 'hold');
      assert.equal(link.pipeline.held, 3);

      await link.at(5);
      link.remove(0);

      assert.deepEqual(link.out.slice(2), ['5 d', '5 ef', '5 fin']);
    });
  }
});

test('release lets everything go that waits, in order, and holds what comes later', async () => {
  for (const after of [0, 3]) {
    await onLink([{ type: 'hold', attributes: { after } }], async (link) => {
      for (const text of ['ab', 'cd', 'ef']) link.send(text);
      await link.at(5);
      const passed = link.bytes();

      link.release();

      assert.equal(passed, 'abc'.slice(0, after));
      assert.equal(link.bytes(), 'abcdef');
      link.send('gh');
      assert.equal(link.bytes(), 'abcdef');
      link.fin();
      link.release();
      assert.deepEqual(link.out.slice(-2), ['5 gh', '5 fin']);
    });
  }
});

const idle: readonly Fault[] = [
  { type: 'noop' },
  { type: 'corrupt', attributes: { offset: 99 } },
  { type: 'corrupt', attributes: { every: 99 } },
  { type: 'corrupt', attributes: { probability: 0.1 } },
  { type: 'drop', attributes: { probability: 0.1 } },
  { type: 'drop', attributes: { unit: 'byte', from: 99, length: 1 } },
  { type: 'drop', attributes: { unit: 'byte', probability: 0.1 } },
  { type: 'duplicate', attributes: { unit: 'range', from: 99, length: 2 } },
  { type: 'duplicate', attributes: { probability: 0.1 } },
  { type: 'inject', attributes: { bytes: 'x', offset: 99 } },
  { type: 'replace', attributes: { find: 'bcx', replace: '' } },
  { type: 'retransmit', attributes: { probability: 0.1 } },
  { type: 'packet_loss', attributes: { loss_rate: 0.1 } },
  { type: 'truncate', attributes: { after: 99 } },
  { type: 'half_close', attributes: { after: 99 } },
  { type: 'hold', attributes: { after: 99 } },
  { type: 'stop_reading', attributes: { after: 99 } },
  { type: 'reset', attributes: { after: 99 } },
  { type: 'reset_mid_write', attributes: { after: 99 } },
  { type: 'close_unread', attributes: { after: 99 } },
  { type: 'limit_data', attributes: { bytes: 99 } },
  { type: 'drop', attributes: { unit: 'message', probability: 0.1, framing: 'line' } },
  { type: 'duplicate', attributes: { unit: 'message', probability: 0.1, framing: 'line' } },
  { type: 'swap', attributes: { message: 9, framing: 'line' } },
  { type: 'slicer', attributes: { average_size: 99 } },
  { type: 'slow_close', attributes: { delay: 5 } },
];

for (const fault of idle) {
  test(`${JSON.stringify(fault)} has not acted while it changed nothing`, () =>
    onLink([fault], async (link) => {
      for (const text of ['abc', 'de\n', 'f\nbc']) link.send(text);
      await link.at(99);
      assert.deepEqual(link.acted, []);
      link.fin();

      assert.equal(link.bytes(), 'abcde\nf\nbc');
    }));
}

test('what ends a direction comes behind what a fault kept of it', async () => {
  const kept: readonly Fault[] = [
    { type: 'coalesce', attributes: { time: '1h' } },
    { type: 'replace', attributes: { find: 'c!', replace: '' } },
    { type: 'duplicate', attributes: { unit: 'message', framing: 'line' } },
    { type: 'swap', attributes: { framing: 'line' } },
  ];
  for (const fault of kept) {
    await onLink([fault], async (link) => {
      link.send('abc');
      link.broken();

      assert.equal(link.bytes(), 'abc', fault.type);
      assert.match(link.out.at(-1) ?? '', /broken$/, fault.type);
    });
  }
});

test('what vanishes takes the end of its direction with it, until the fault is removed', async () => {
  for (const type of ['blackhole', 'swallow_fin'] as const) {
    await onLink([{ type }], async (link) => {
      link.send('abc');
      link.broken();
      link.fin();

      assert.deepEqual(
        link.out.filter((line) => /fin|broken/.test(line)),
        type === 'blackhole' ? [] : ['0 broken'],
      );
    });
  }
});

test('a hold keeps the end of a stream back as well', async () => {
  for (const end of ['fin', 'broken'] as const) {
    await onLink([{ type: 'hold', attributes: { after: 3 } }], async (link) => {
      link.send('abc');
      link[end]();
      assert.deepEqual(link.out, ['0 abc']);
      link.update(0, { after: 3 });
      link.release();

      assert.deepEqual(link.out, ['0 abc', `0 ${end}`]);
    });
  }
});

test('bytes that are no message of a framing pass as they are from there on', () =>
  onLink([{ type: 'drop', attributes: { unit: 'message', framing: 'resp' } }], async (link) => {
    link.send('+OK\r\n');
    link.send('?what\r\n');
    link.send('+OK\r\n');

    assert.equal(link.bytes(), '?what\r\n+OK\r\n');
  }));

test('a timeout starts anew with other values, and closes when it is taken away', () =>
  onLink([{ type: 'timeout', attributes: { timeout: 50 } }], async (link) => {
    await link.at(40);
    link.update(0, { timeout: 30 });
    await link.at(69);
    assert.deepEqual(link.out, []);
    await link.at(71);

    assert.deepEqual(link.out, ['70 end close']);
  }));
