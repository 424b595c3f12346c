import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PhaseWatch } from '../../../src/base/tls-phase';
import { RecordReader } from '../../../src/base/tls-record-reader';
import { recordOf } from '../../../src/faults/tls-records';

/** A message of a handshake with so many bytes behind its header. */
function message(type: number, length: number, start: Uint8Array = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(4 + length);
  bytes.writeUInt8(type, 0);
  bytes.writeUIntBE(length, 1, 3);
  bytes.set(start, 4);
  return bytes;
}

type Step = readonly ['client' | 'server', Uint8Array];

function phasesOf(place: 'end' | 'outside', steps: readonly Step[]): string[] {
  const watch = new PhaseWatch(place);
  const readers = { client: new RecordReader(), server: new RecordReader() };
  return steps.map(([from, bytes]) => {
    readers[from].feed(bytes, (record) => watch.saw(record, from));
    return watch.phase;
  });
}

const hello = recordOf(22, message(1, 60));
const answer = recordOf(22, message(2, 60));
const change = recordOf(20, Buffer.from([1]));
const hidden = recordOf(23, Buffer.alloc(40));
const finished = recordOf(22, Buffer.alloc(40));

test('a handshake of TLS 1.2 is followed to its end by anybody', () => {
  const steps: Step[] = [
    ['client', hello],
    ['server', answer],
    ['server', recordOf(22, message(11, 500))],
    ['client', change],
    ['client', finished],
    ['server', change],
    ['server', finished],
    ['client', hidden],
    ['server', recordOf(21, Buffer.alloc(26))],
  ];

  assert.deepEqual(phasesOf('outside', steps), [
    'clientHello',
    'serverHello',
    'certificate',
    'certificate',
    'certificate',
    'certificate',
    'finished',
    'application',
    'closing',
  ]);
});

test('in TLS 1.3 somebody outside guesses, and an end waits to be told', () => {
  const steps: Step[] = [
    ['client', hello],
    ['server', answer],
    ['server', change],
    ['server', hidden],
    ['client', hidden],
    ['server', hidden],
  ];

  assert.deepEqual(phasesOf('outside', steps).slice(2), [
    'serverHello',
    'serverHello',
    'finished',
    'application',
  ]);
  assert.equal(phasesOf('end', steps).at(-1), 'serverHello');
});

test('messages are counted, not records: one may span several, and several share one', () => {
  const long = message(1, 60);
  const split: Step[] = [
    ['client', recordOf(22, long.subarray(0, 3))],
    ['client', recordOf(22, long.subarray(3, 40))],
    ['client', recordOf(22, long.subarray(40))],
  ];
  assert.deepEqual(phasesOf('outside', split), ['accept', 'accept', 'clientHello']);

  const shared = recordOf(22, Buffer.concat([message(2, 60), message(11, 80)]));
  assert.deepEqual(
    phasesOf('outside', [
      ['client', hello],
      ['server', shared],
    ]),
    ['clientHello', 'certificate'],
  );
});

test('a wish for another greeting is no ServerHello', () => {
  const random = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
  const retry = message(2, 60, Buffer.concat([Buffer.from([3, 3]), Buffer.from(random, 'hex')]));
  const watch = new PhaseWatch('outside');
  new RecordReader().feed(recordOf(22, retry), (record) => watch.saw(record, 'server'));

  assert.deepEqual([watch.helloRetry, watch.phase], [true, 'accept']);
});

test('phases are never left again', () => {
  const watch = new PhaseWatch('end');
  watch.reach('finished');
  watch.reach('serverHello');

  assert.deepEqual(
    [watch.phase, watch.has('serverHello'), watch.has('closing')],
    ['finished', true, false],
  );
});
