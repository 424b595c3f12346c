/**
 * What both ends of TLS tell when a proxy between them breaks the records of the listener. Places
 * are phases, records and bytes within a record, since sizes differ between versions of Node.
 *
 * @source https://www.rfc-editor.org/rfc/rfc8446#section-5
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TlsRecordAction, TlsRecordPlace } from '../../src/faults/tls-record-action';
import { tls } from '../../src/faults/tls-record-fault';
import { realWorld } from '../../src/network/real/world';
import { Proxy } from '../../src/proxy/proxy';
import { simulatedWorld } from '../../src/simulation/world';
import { inWorld, type Maker } from './maker';
import { converse } from './tls-conversation';

const makers: readonly Maker[] = [
  { name: 'the real network', simulated: false, makeWorld: async () => realWorld() },
  {
    name: 'the simulated network',
    simulated: true,
    makeWorld: async () => simulatedWorld(),
    run: (world, body) => (world as ReturnType<typeof simulatedWorld>).run(body),
  },
];

type Row = readonly [
  fault: string,
  on: TlsRecordPlace,
  action: TlsRecordAction,
  client: string,
  listener: string,
  greetings?: number,
];

const closed = 'closed-in-handshake';
const reset = 'reset-in-handshake';
const gone = 'gone';
const alert = (name: string) => `alert-received ${name}`;

/** Inside a header, at its end, inside ServerHello: the same in both versions. */
const cuts: readonly Row[] = [
  ['FIN in a header', { byte: 3, inRecord: 1 }, 'fin', closed, gone],
  ['RST in a header', { byte: 3, inRecord: 1 }, 'rst', reset, gone],
  ['FIN behind a header', { byte: 5, inRecord: 1 }, 'fin', closed, gone],
  ['FIN in ServerHello', { byte: 40, inRecord: 1 }, 'fin', closed, gone],
  ['RST in ServerHello', { byte: 40, inRecord: 1 }, 'rst', reset, gone],
  ['one byte at a time', 'accept', { drip: { bytes: 1, every: 0.02 } }, 'none', 'none'],
  ['slow drip', 'accept', { drip: { bytes: 1, every: '20ms' } }, 'handshake-timeout', gone],
  ['suite 0', 'accept', { cipher: 0 }, 'bad-message', alert('illegal_parameter')],
];

const endings: readonly Row[] = [
  ['FIN after data', 'application', 'fin', 'truncated', gone],
  ['FIN within data', 'finished', 'cutMidRecord', 'truncated', gone],
  ['RST after data', 'application', 'rst', 'ECONNRESET', gone],
  ['no close_notify', 'closing', 'omitCloseNotify', 'truncated', 'none'],
];

const rows12: readonly Row[] = [
  ...cuts,
  ['FIN in the certificate', { byte: 100, inRecord: 2 }, 'fin', closed, gone],
  ['RST in the certificate', { byte: 100, inRecord: 2 }, 'rst', reset, gone],
  ['flip in random', 'clientHello', { flip: 15 }, 'bad-message', alert('decrypt_error')],
  ['drop record 2', { record: 2 }, 'drop', 'bad-message', alert('unexpected_message')],
  ['record 1 twice', { record: 1 }, 'duplicate', 'bad-message', alert('unexpected_message')],
  ['flip in data', 'finished', { flip: 'last' }, 'bad-record', alert('bad_record_mac')],
  ['data twice', 'finished', 'duplicate', 'bad-record', alert('bad_record_mac')],
  ['data dropped', 'finished', 'drop', 'bad-record', alert('bad_record_mac'), 2],
  [
    'plain data',
    'finished',
    { inject: '170303000568656c6c6f' },
    'bad-record',
    alert('internal_error'),
  ],
  ['plain alert', 'finished', { alert: 'internal_error' }, 'bad-record', alert('internal_error')],
  ['too long', 'finished', { recordLength: 0x4a01 }, 'bad-record', alert('record_overflow')],
  ...endings,
];

const rows13: readonly Row[] = [
  ...cuts,
  ['FIN behind the hello', { byte: 50, inRecord: 3 }, 'fin', closed, gone],
  ['RST behind the hello', { byte: 50, inRecord: 3 }, 'rst', reset, gone],
  ['flip in random', 'clientHello', { flip: 15 }, 'bad-record', alert('bad_record_mac')],
  ['flip behind the hello', { record: 3 }, { flip: 'last' }, 'bad-record', alert('bad_record_mac')],
  ['drop record 2', { record: 2 }, 'drop', 'none', 'none'],
  ['record 1 twice', { record: 1 }, 'duplicate', 'bad-record', alert('unexpected_message')],
  ['flip in data', 'finished', { flip: 'last' }, 'bad-record', alert('bad_record_mac')],
  ['data twice', 'finished', 'duplicate', 'bad-record', alert('bad_record_mac')],
  ['data dropped', 'finished', 'drop', 'bad-record', alert('bad_record_mac'), 2],
  ['data swapped', 'finished', 'swap', 'bad-record', alert('bad_record_mac'), 2],
  [
    'plain data',
    'finished',
    { inject: '170303000568656c6c6f' },
    'bad-record',
    alert('bad_record_mac'),
  ],
  [
    'plain alert',
    'finished',
    { alert: 'internal_error' },
    'bad-record',
    alert('unexpected_message'),
  ],
  ['too long', 'finished', { recordLength: 0x4a01 }, 'bad-record', alert('record_overflow')],
  ...endings,
];

/** The peer has ended, in whichever way the kernel made it known. */
const isGone = (kind: string): boolean =>
  [closed, reset, 'truncated', 'ECONNRESET', 'none'].includes(kind);

for (const maker of makers) {
  for (const [version, rows] of [
    ['TLSv1.2', rows12],
    ['TLSv1.3', rows13],
  ] as const) {
    for (const [fault, on, action, client, listener, greetings = 1] of rows) {
      const title = `${maker.name}, ${version}: ${fault} is ${client} / ${listener}`;
      test(title, { timeout: 20_000 }, () =>
        inWorld(maker, async (world) => {
          const handshakeTimeout = client === 'handshake-timeout' ? '900ms' : '10s';
          const told = await converse(
            world,
            { protocol: { versions: [version] }, handshakeTimeout },
            {},
            'both',
            {
              greetings,
              through: async (port) => {
                const toxics = [tls({ on, do: action })];
                const proxy = await Proxy.start({ world, upstream: `127.0.0.1:${port}`, toxics });
                return proxy.listen.port;
              },
            },
          );
          const theirs = listener === gone && isGone(told.listener) ? gone : told.listener;
          assert.deepEqual([told.client, theirs], [client, listener]);
        }),
      );
    }
  }
}
