/** What the records of TLS go through in a proxy, on the virtual clock; tls-proxy.test.ts plays it between real ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageContext, Stream, Verdict } from '../../../src/faults/fault';
import { PASS } from '../../../src/faults/fault';
import type { TlsRecordValues } from '../../../src/faults/tls-record-action';
import { tls } from '../../../src/faults/tls-record-fault';
import { RecordStage } from '../../../src/faults/tls-record-stage';
import { recordOf } from '../../../src/faults/tls-records';
import { onLink } from './link-bench';

const hello = (type: number, length = 60): Buffer =>
  recordOf(22, Buffer.concat([Buffer.from([type, 0, 0, length]), Buffer.alloc(length, 9)]));
const clientHello = hello(1);
const serverHello = hello(2);
const data = recordOf(23, Buffer.from('secret'));

/** A stage alone, with what it warns of and the timers it asks for. */
function staged(values: TlsRecordValues, stream: Stream = 'downstream') {
  const warnings: string[] = [];
  const timers: number[] = [];
  const context: StageContext = {
    arrivedUs: 0,
    nowUs: 0,
    startedUs: 0,
    offset: 0,
    connection: 1,
    stream,
    decide: () => 0.5,
    warn: (text) => warnings.push(text),
    timer: (us) => timers.push(us),
  };
  const stage = new RecordStage(values);
  return { stage, warnings, timers, context };
}

/** A verdict in words: lengths of what leaves, and what else is done. */
function told(verdict: Verdict): readonly unknown[] {
  if (verdict === PASS) return ['pass'];
  return verdict.map((act) => ('emit' in act ? act.emit.length : act));
}

test('a stream that is not TLS passes as it is, with one warning', () => {
  const { stage, warnings, context } = staged({ on: 'accept', do: 'drop' });

  assert.deepEqual(told(stage.onChunk(Buffer.from('GET / HTTP/1.1\r\n'), context)), [16]);
  assert.deepEqual(told(stage.onChunk(Buffer.from('more'), context)), ['pass']);
  assert.equal(warnings.length, 1);
});

test('half a record waits, and leaves at the end or when the fault goes', () => {
  for (const leave of ['onFin', 'onReset', 'onRemove'] as const) {
    const { stage, context } = staged({ on: { record: 3 }, do: 'drop' });
    assert.deepEqual(told(stage.onChunk(serverHello.subarray(0, 20), context)), []);
    assert.equal(stage.held, 20);

    const [first] = told(stage[leave]() as Verdict);
    assert.equal(first, 20);
    assert.equal(stage.held, 0);
  }
});

test('what the other direction says makes a fault speak, though its own is silent', () => {
  const { stage, timers, context } = staged({ on: 'clientHello', do: 'echoHello', ending: 'fin' });
  stage.onOther(clientHello, context);
  assert.deepEqual(timers, [0]);

  assert.deepEqual(told(stage.onTimer(context)), [clientHello.length, { end: 'fin' }]);
  assert.deepEqual(told(stage.onTimer(context)), []);
  stage.onOther(clientHello, context);
  assert.deepEqual(timers, [0]);
});

test('a record of the other direction is a place as well', () => {
  const on = { record: 1, direction: 'upstream' } as const;
  const { stage, context } = staged({ on, do: 'duplicate' });
  assert.deepEqual(told(stage.onChunk(serverHello, context)), [serverHello.length]);
  stage.onOther(clientHello, context);

  const twice = [data.length, data.length];
  assert.deepEqual(told(stage.onChunk(data, context)), twice);
  assert.deepEqual(told(stage.onChunk(data, context)), ['pass']);
});

test('a fault on accept speaks before the first byte', () => {
  const { stage, context } = staged({ on: 'accept', do: 'plaintextSmtp' });

  assert.deepEqual(told(stage.onStart(context)), [16, { stall: true }]);
});

test('an action behind a phase of its own direction is carried out at once', () => {
  const { stage, context } = staged({ on: 'clientHello', do: 'rst' }, 'upstream');

  const settled = [clientHello.length, { wait: 30_000 }, { reset: 'upstream' }];
  assert.deepEqual(told(stage.onChunk(clientHello, context)), settled);
});

const changes: readonly (readonly [TlsRecordValues['do'], (record: Buffer) => boolean])[] = [
  [{ flip: 0 }, (record) => record[0] === 23],
  [{ recordVersion: 0x0300 }, (record) => record.readUInt16BE(1) === 0x0300],
  [{ recordType: 20 }, (record) => record[0] === 20],
  [{ recordLength: 7 }, (record) => record.readUInt16BE(3) === 7],
  [{ cipher: 0x1301 }, (record) => record.readUInt16BE(44 + 9) === 0x1301],
];

for (const [action, isRight] of changes) {
  test(`${JSON.stringify(action)} changes one record and no length`, () => {
    const { stage, context } = staged({ on: 'accept', do: action });
    const verdict = stage.onChunk(Buffer.concat([serverHello, data]), context);
    assert.ok(verdict !== PASS);
    const [first, second] = verdict.map((act) =>
      'emit' in act ? Buffer.from(act.emit) : undefined,
    );

    assert.ok(first !== undefined && isRight(first), first?.toString('hex'));
    assert.equal(first.length, serverHello.length);
    assert.ok(second?.equals(data));
  });
}

test('fragments are records of the size that was asked for', () => {
  const { stage, context } = staged({ on: 'accept', do: { fragment: 40 } });

  assert.deepEqual(told(stage.onChunk(serverHello, context)), [45, 29]);
  assert.deepEqual(told(stage.onChunk(data, context)), [data.length]);
});

test('a delay holds one record back, and what comes behind it', () =>
  onLink([tls({ on: 'accept', do: { delay: '20ms' } })], async (link) => {
    link.send(serverHello.toString('latin1').slice(0, 9));
    link.send(serverHello.toString('latin1').slice(9));
    link.send('x');
    await link.at(30);

    assert.deepEqual(
      link.out.map((line) => line.split(' ')[0]),
      ['20', '20'],
    );
  }));

test('a place and an action that are none are refused by their path', () => {
  const refused = [
    [{ on: 'never', do: 'drop' }, 'attributes.on'],
    [{ on: { record: 0 }, do: 'drop' }, 'attributes.on'],
    [{ on: { byte: 1 }, do: 'fin' }, 'attributes.on'],
    [{ on: { record: 1, direction: 'sideways' }, do: 'drop' }, 'attributes.on'],
    [{ on: 'accept', do: { flip: -1 } }, 'attributes.do'],
    [{ on: 'accept', do: 'flap' }, 'attributes.do'],
  ] as const;
  for (const [attributes, field] of refused) {
    assert.throws(() => tls(attributes as object), { code: 'EINVALIDFAULT', field });
  }
});
