import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { redactEvents } from '../../../src/capture/redact-events';
import { Redaction } from '../../../src/capture/redaction';
import { realWorld } from '../../../src/network/real/world';
import type { World } from '../../../src/network/world';
import { buildTimeline } from '../../../src/report/timeline';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';
import {
  accepted,
  c1,
  client,
  ends,
  established,
  eventsTold,
  s1,
  sends,
  server,
  syn,
} from '../capture/told';
import { anyEvent, traceOf } from '../capture/wire-arbitraries';
import { sampleEvents, sampleFacts } from './sample-run';
import { shownRows } from './shown-rows';

test('a run is rows in the order of the trace: every arrow once, faults above what they touched', () => {
  const model = buildTimeline(sampleEvents(), sampleFacts);

  assert.deepEqual(shownRows(model), [
    'open c1 alice>edge connect 127.0.0.1:40112 → :2525 | 127.0.0.1:2525 +150',
    'open c2 edge>mail connect 127.0.0.1:40113 → :40211 | 127.0.0.1:40211 +150',
    'data c2 mail>edge "220 mail.test ready\\r\\n" +120',
    'fault c1 edge latency | 250 ms, jitter 0',
    'data c1 edge>alice "220 mail.test ready\\r\\n" +250080',
    'data c1 alice>edge "EHLO me\\r\\n" +120',
    'data c2 edge>mail "EHLO me\\r\\n" +120',
    'data c2 mail>edge "250-mail.test\\r\\n250 STARTTLS\\r\\n" +120',
    'data c1 edge>alice "250-mail.test\\r\\n250 STARTTLS\\r\\n" +250020',
    'data c1 alice>edge "STARTTLS\\r\\n" +120',
    'data c2 edge>mail "STARTTLS\\r\\n" +120',
    'data c2 mail>edge "220 go ahead\\r\\n" +120',
    'control - edge toxic removed | toxic latency',
    'data c1 edge>alice "220 go ahead\\r\\n" +120',
    'tls c1 alice>edge ClientHello +120',
    'tls c1 edge>alice ServerHello … Finished +120',
    'tls c1 alice>edge Finished +120',
    'secured c1 alice>edge secured TLS 1.3 | TLS_AES_128_GCM_SHA256 · 3.66 ms',
    'data c1 alice>edge encrypted, 1 record +120',
    'fault c2 edge slicer | pieces 3, apart 2 ms',
    'data c2 edge>mail "MAIL F" | in 3 pieces +2000',
    'data c2 edge>mail "ROM:<a" +4000',
    'data c2 edge>mail "@b>\\r\\n" +6000',
    'control - mail state mail | state waiting',
    'timeout c1 alice read timeout after 5 min (virtual)',
    'fin c1 alice>edge FIN +100',
    'fault c1 edge reset_peer | on FIN',
    'rst c1 edge>alice RST +100',
    'fin c2 edge>mail FIN +100',
    'rst c2 mail>edge RST | unread bytes in receive buffer +100',
    'mark - alice after login',
    'open c3 alice>edge connect 127.0.0.1:40114 → :2525 | 127.0.0.1:2525 +150',
    'open c4 edge>mail connect 127.0.0.1:40115 → :40211 | 127.0.0.1:40211 +150',
    'data c4 mail>edge "220 mail.test ready\\r\\n" +120',
    'data c3 edge>alice "220 mail.test ready\\r\\n" +120',
    'data c3 alice>edge "LIST inbox\\r\\n" +120',
    'data c4 edge>mail "LIST inbox\\r\\n" +120',
    'data c4 mail>edge "+OK 2 messages\\r\\n1 120\\r\\n2 200\\r\\n.\\r\\n" +120',
    'fault c3 edge corrupt | byte 16, xor 0x20',
    'data c3 edge>alice "+OK 2 messages\\r\\n\\u0011 120\\r\\n2 200\\r\\n.\\r\\n" +120',
    'check c3 alice client "alice" received other bytes than expected',
  ]);
  assert.deepEqual(
    model.lanes.map(({ name, role, address }) => [name, role, address]),
    [
      ['alice', 'client', undefined],
      ['edge', 'proxy', '127.0.0.1:2525'],
      ['mail', 'mock', '127.0.0.1:40211'],
    ],
  );
});

test('a fault leads to the rows it touched, and they to it', () => {
  const { items } = buildTimeline(sampleEvents(), sampleFacts);
  const relations = items.flatMap(({ k, p, on }) => (k === 'fault' ? [[p, on]] : []));

  assert.deepEqual(relations, [
    ['latency', [4, 8]],
    ['slicer', [20, 21, 22]],
    ['reset_peer', [27]],
    ['corrupt', [39]],
  ]);
  assert.deepEqual(items[39]?.fault, [38]);
});

test('a failed check makes the run failed, and tells where bytes differ', () => {
  const { status, headline, items } = buildTimeline(sampleEvents(), sampleFacts);
  const check = items.at(-1)?.check;

  assert.equal(status, 'failed');
  assert.equal(headline, 'client "alice" received other bytes than expected');
  assert.equal(check?.at, 16);
  assert.deepEqual(check?.runs, [
    ['same', 16],
    ['changed', 1],
    ['same', 16],
  ]);
  assert.equal(buildTimeline(sampleEvents()).status, 'none');
});

async function talk(world: World): Promise<void> {
  const listener = new Listener(0, { world, label: 'listener "echo"' }).attach(() => ({
    onBytes: (bytes) => bytes,
  }));
  const { host, port } = await listener.start();
  const client = await Client.connect(host, port, { world, label: 'client "alice"' });
  await client.writeBytes(Buffer.from('PING\r\n'));
  await client.readBytes(6);
  await client.close();
  await listener.gracefulStop();
}

const talked = [
  'open c1 alice>echo',
  'data c1 alice>echo "PING\\r\\n"',
  'data c1 echo>alice "PING\\r\\n"',
  'fin c1 alice>echo FIN',
  'fin c1 echo>alice FIN',
];

function withoutTimes(rows: readonly string[]): readonly string[] {
  return rows.map((row) => row.replace(/ \+\d+$/, '').replace(/ connect .*/, ''));
}

test('both ends of a connection over kernel sockets are one arrow each way', async () => {
  const world = realWorld({ trace: { mode: 'full' } });
  await talk(world);

  const model = buildTimeline(world.trace.events);

  assert.deepEqual(withoutTimes(shownRows(model)), talked);
  assert.deepEqual(
    model.lanes.map(({ role }) => role),
    ['client', 'listener'],
  );
});

test('the same run on the simulated network has the same rows', async () => {
  const world = simulatedWorld({ trace: 'full' });
  await world.run(() => talk(world));

  const model = buildTimeline(world.trace.events, { network: 'simulated' });

  assert.deepEqual(withoutTimes(shownRows(model)), talked);
});

test('a trace that keeps no bytes has rows with their lengths', async () => {
  const world = simulatedWorld();
  await world.run(() => talk(world));

  const rows = buildTimeline(world.trace.events).items.filter(({ k }) => k === 'data');

  assert.deepEqual(
    rows.map(({ n, b }) => [n, b]),
    [
      [6, undefined],
      [6, undefined],
    ],
  );
});

test('a secured connection shows its handshake by name, and what follows as encrypted', async () => {
  const world = simulatedWorld({ trace: 'full' });
  const certs = 'certs';
  const key = { certFile: `${certs}/server.pem`, keyFile: `${certs}/server.key` };
  await world.run(async () => {
    const listener = new Listener(0, { world, secureSocket: { key } }).attach(() => ({
      onBytes: (bytes) => bytes,
    }));
    const { host, port } = await listener.start();
    const trust = { cert: `${certs}/ca.pem`, servername: 'localhost' };
    const client = await Client.connect(host, port, {
      world,
      secureSocket: { ...trust, verifyHostname: false },
    });
    await client.writeBytes(Buffer.from('PING\r\n'));
    await client.readBytes(6);
    await client.close();
    await listener.gracefulStop();
  });

  const rows = withoutTimes(shownRows(buildTimeline(world.trace.events)));

  assert.deepEqual(
    rows.slice(1, 4).map((row) => row.replace(/^(\w+) c1 /, '$1 ')),
    [
      'tls client>listener ClientHello',
      'tls listener>client ServerHello … Finished',
      'tls client>listener Finished',
    ],
  );
  assert.equal(rows.filter((row) => row.startsWith('secured')).length, 1);
  assert.ok(rows.some((row) => /^data c1 client>listener encrypted, 1 record$/.test(row)));
  assert.ok(rows.every((row) => !row.includes('PING')));
});

test('what was written and never read is marked, where the reader was watched', () => {
  const watched = eventsTold([syn, accepted, established, sends('c1', 'out', 'PING')]);
  const alone = eventsTold([syn, established, sends('c1', 'out', 'PING')]);

  assert.equal(buildTimeline(watched).items.at(-1)?.lost, 1);
  assert.equal(buildTimeline(alone).items.at(-1)?.lost, undefined);
});

test('a FIN of which the kernel made RST is shown as RST alone', () => {
  const closing = { ...ends('c1', 'fin', 'out'), detail: { by: 'destroy', mayBeReset: true } };
  const events = eventsTold([syn, accepted, established, closing, ends('s1', 'rst', 'out')]);

  assert.deepEqual(
    buildTimeline(events).items.map(({ k }) => k),
    ['open', 'rst'],
  );
});

test('a refused connection is an attempt and its refusal', () => {
  const refused = {
    ...c1,
    kind: 'refused' as const,
    direction: 'in' as const,
    local: client,
    remote: server,
  };
  const failed = {
    ...c1,
    kind: 'error' as const,
    detail: { code: 'ECONNREFUSED', message: 'refused' },
  };
  const rows = shownRows(buildTimeline(eventsTold([syn, refused, failed])));

  assert.deepEqual(
    rows.map((row) => row.split(' ')[0]),
    ['open', 'refused'],
  );
});

test('a pause lasts until reading goes on; one that ended at once, or delayed nothing, is none', () => {
  const pause = { ...s1, kind: 'pause' as const };
  const resume = { ...s1, kind: 'resume' as const };
  const events = eventsTold([
    syn,
    accepted,
    pause,
    { ...resume, after: 0 },
    pause,
    { ...resume, after: 300 },
    pause,
    sends('c1', 'out', 'PING'),
    { ...resume, after: 700 },
  ]);

  const { items } = buildTimeline(events);
  const lasted = (kind: string) =>
    items.flatMap(({ k, t, e = t, p }) => (k === kind && p === 'reading paused' ? [e - t] : []));

  assert.deepEqual(lasted('pause'), [1_700]);
  assert.deepEqual(lasted('internal'), [300]);
});

test('more participants than fit share a lane', () => {
  const told = Array.from({ length: 9 }, (_, index) => ({
    ...syn,
    connection: `c${index + 1}`,
    remote: { ...server, port: 8_000 + index },
  })).map((one) => ({ ...one, to: `127.0.0.1:${one.remote.port}`, from: 'client "a"' }));

  const { lanes, connections } = buildTimeline(eventsTold(told));

  assert.equal(lanes.length, 6);
  assert.deepEqual(lanes.at(-1), { name: '5 others', role: 'others' });
  assert.ok(connections.every(({ a, b }) => a < 6 && b < 6));
});

test('rows beyond the limit leave a row that counts them; problems and what is around them stay', () => {
  const chatter = Array.from({ length: 3_000 }, (_, index) => sends('c1', 'out', 'x', index));
  const fault = { ...c1, kind: 'fault' as const, detail: { type: 'corrupt' } };
  const events = eventsTold([syn, ...chatter.slice(0, 1_500), fault, ...chatter.slice(1_500)]);

  const { items, left } = buildTimeline(events, {}, { events: 300 });
  const shown = items.filter(({ k }) => k !== 'left');
  const at = items.findIndex(({ k }) => k === 'fault');

  assert.equal(shown.length, 300);
  assert.equal(left.events, 3_002 - 300);
  assert.equal(
    items.reduce((sum, { k, n = 0 }) => sum + (k === 'left' ? n : 0), 0),
    left.events,
  );
  assert.ok(items.slice(at - 40, at + 10).every(({ k }) => k !== 'left'));
  assert.match(
    items.find(({ k }) => k === 'left')?.p ?? '',
    /^\d+ events? left out here \(.+\): limits\.events$/,
  );
});

test('bytes beyond the limits keep head, tail and true length', () => {
  const long = Buffer.alloc(10_000, 'ab');
  long.write('tail', 9_996);
  const events = eventsTold([
    syn,
    { ...sends('c1', 'out', ''), bytes: long },
    sends('c1', 'out', 'abc', 10_000),
  ]);

  const cut = buildTimeline(events).items[1];
  assert.equal(Buffer.from(cut?.b ?? '', 'base64').byteLength, 3_072);
  assert.equal(
    Buffer.from(cut?.z ?? '', 'base64')
      .toString()
      .slice(-4),
    'tail',
  );
  assert.equal(cut?.n, 10_000);

  const none = buildTimeline(events, {}, { bytes: 0 });
  assert.ok(none.items.every(({ b }) => b === undefined));
  assert.equal(none.left.bytes, 10_003);
});

test('a repetition is given as its literal', () => {
  const events = eventsTold([syn, { ...sends('c1', 'out', ''), bytes: Buffer.alloc(65_536, 'a') }]);

  assert.equal(buildTimeline(events).items[1]?.l, '64 KiB of "a"');
});

test('only relative links to files of known kinds are kept', () => {
  const hrefs = [
    'run-1.pcapng',
    'a/b.html',
    '../up.html',
    '/etc/x.json',
    '//host/x.html',
    'javascript:alert(1)//.html',
    'data:text/html,x.html',
    'run.exe',
    'a\\b.html',
  ];
  const links = hrefs.map((href) => ({ label: 'x', href }));

  assert.deepEqual(
    buildTimeline([], { links }).links.map(({ href }) => href),
    ['run-1.pcapng', 'a/b.html'],
  );
});

test('unknown facts and limits are refused by name', () => {
  assert.throws(() => buildTimeline([], { titel: 'x' } as never), {
    code: 'ECONFIG',
    message: 'facts: unknown key "titel" (did you mean "title"?)',
  });
  assert.throws(() => buildTimeline([], {}, { events: 0 }), { code: 'ECONFIG' });
});

test('any events give a model that is the same every time and holds every byte once', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (told) => {
      const { events } = traceOf(told);
      const model = buildTimeline(events, { checks: [{ headline: 'x', connection: 'c1' }] });

      assert.equal(
        JSON.stringify(model),
        JSON.stringify(buildTimeline(events, { checks: [{ headline: 'x', connection: 'c1' }] })),
      );
      for (const { f, o, c, why, on = [], fault = [] } of model.items) {
        for (const place of [...on, ...fault, ...(why === undefined ? [] : [why])])
          assert.ok(model.items[place]);
        assert.ok(c === undefined || model.connections[c] !== undefined);
        assert.ok(
          model.lanes.length === 0 ||
            (model.lanes[f] !== undefined && model.lanes[o] !== undefined),
        );
      }
      const order = model.items.map(({ i }) => i);
      assert.deepEqual(
        order,
        order.toSorted((left, right) => left - right),
      );
    }),
  );
});

test('files of the page script are short and plain ASCII, and make no markup from text', () => {
  const page = readFileSync('src/report/page-assets.ts', 'utf8');
  const names = [...page.matchAll(/'([\w-]+\.(?:mjs|css))'/g)].map((match) => match[1] ?? '');
  assert.ok(names.length > 10);
  for (const name of names) {
    const source = readFileSync(`src/report/assets/${name}`, 'utf8');
    assert.match(source, /^[\n\x20-\x7e]*$/, name);
    assert.doesNotMatch(
      source,
      /innerHTML|outerHTML|insertAdjacentHTML|\beval\b|new Function|document\.write|\bfetch\(|XMLHttpRequest|WebSocket|url\(|@import/,
      name,
    );
    // Indent is taken out, so that no text may go on in the next line.
    if (name.endsWith('.mjs')) {
      for (const line of source.split('\n')) assert.equal(line.split('`').length % 2, 1, line);
    }
    if (name.endsWith('.mjs')) assert.ok(source.split('\n').length <= 301, name);
  }
});

/** A client, a proxy that tells of its faults, and a server, as a proxy's own words have them. */
function proxied(stream: 'upstream' | 'downstream'): readonly string[] {
  const proxy = { ...c1, from: 'client "alice"', to: 'proxy edge' };
  const far = { from: 'proxy edge', to: 'listener "mail"' };
  const [own, other] = ['proxy edge', 'client "alice"'];
  const [from, to] = stream === 'upstream' ? [other, own] : [own, other];
  const detail = {
    fault: 'slow',
    type: 'latency',
    proxy: 'edge',
    stream,
    action: 'delay',
    proxied: 'edge-1',
  };
  const fault = { ...s1, kind: 'fault' as const, from, to, length: 4, detail };
  const { items, lanes, connections } = buildTimeline(
    eventsTold([
      { ...syn, ...proxy },
      { ...accepted, from: own, to: other },
      { ...syn, ...far, connection: 'c2' },
      { ...accepted, from: 'listener "mail"', to: own, connection: 's2' },
      ...(stream === 'upstream'
        ? [
            { ...sends('c1', 'out', 'PING'), ...proxy },
            { ...sends('s1', 'out', 'PING'), from: own },
            fault,
          ]
        : [{ ...sends('c2', 'in', 'PONG'), ...far }, fault]),
      ...(stream === 'upstream'
        ? [{ ...sends('c2', 'out', 'PING'), ...far }]
        : [{ ...sends('s1', 'in', 'PONG'), from: own, to: other }]),
    ]),
  );
  const row = items.find(({ k }) => k === 'fault');
  const touched = items[row?.on?.[0] ?? -1];
  return [
    lanes.map(({ name }) => name).join(' '),
    `${connections[0]?.id} with ${connections[connections[0]?.pair ?? -1]?.id}`,
    `${row?.p} on ${lanes[row?.f ?? -1]?.name}: ${row?.q}`,
    `${connections[touched?.c ?? -1]?.id} ${lanes[touched?.f ?? -1]?.name}>${lanes[touched?.o ?? -1]?.name}`,
  ];
}

test('a fault that a proxy tells of stands on the lane of the proxy and touches what leaves it', () => {
  assert.deepEqual(proxied('upstream'), [
    'alice edge mail',
    'c1 with c2',
    'latency on edge: "slow", stream upstream, action delay',
    'c2 edge>mail',
  ]);
  assert.deepEqual(proxied('downstream'), [
    'alice edge mail',
    'c1 with c2',
    'latency on edge: "slow", stream downstream, action delay',
    'c1 edge>alice',
  ]);
});

test('connections of a proxy are joined only where it is clear which belongs to which', () => {
  const near = { from: 'proxy edge', to: 'client "alice"' };
  const far = { from: 'proxy edge', to: 'listener "mail"' };
  const told = ['s1', 's2'].map((connection) => ({ ...accepted, ...near, connection }));
  const dials = ['c3', 'c4'].map((connection) => ({
    ...syn,
    ...far,
    connection,
    local: { ...client, port: 41_000 },
  }));

  const { connections } = buildTimeline(eventsTold([...told, ...dials]));

  assert.deepEqual(
    connections.map(({ id, pair }) => [id, pair]),
    [
      ['s1', undefined],
      ['s2', undefined],
      ['c3', undefined],
      ['c4', undefined],
    ],
  );
});

test('what goes wrong under TLS is a failure by its kind, what was done to it a fault', () => {
  const failed = { event: 'failed', kind: 'cert-untrusted', alert: 'unknown_ca' };
  const fault = { event: 'fault', fault: 'flip the last byte', phase: 'handshake' };
  const events = eventsTold([
    syn,
    { ...s1, kind: 'tls', detail: fault },
    { ...c1, kind: 'tls', detail: failed },
  ]);

  assert.deepEqual(
    buildTimeline(events)
      .items.slice(1)
      .map(({ k, p, q }) => [k, p, q]),
    [
      ['fault', 'flip the last byte', 'phase handshake'],
      ['error', 'TLS failed: cert-untrusted', 'alert unknown_ca'],
    ],
  );
});

test('a row says which of its bytes are masked, wherever a match was cut', () => {
  const redaction = new Redaction([{ regex: 'PASS (\\w+)', group: 1 }]);
  const events = eventsTold([
    syn,
    sends('c1', 'out', 'x PASS hun', 0),
    sends('c1', 'out', 'ter2 PASS a\r\n', 10),
    sends('c1', 'out', 'bye', 23),
  ]);

  const { items } = buildTimeline(redactEvents(events, redaction));

  const rows = items.filter(({ k }) => k === 'data');
  assert.deepEqual(
    rows.map(({ m }) => m),
    [
      [[7, 10]],
      [
        [0, 4],
        [10, 11],
      ],
      undefined,
    ],
  );
  assert.equal(Buffer.from(rows[1]?.b ?? '', 'base64').toString(), '**** PASS *\r\n');
  assert.equal(
    buildTimeline(events).items.some(({ m }) => m !== undefined),
    false,
  );
});
