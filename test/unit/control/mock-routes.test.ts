import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Connection } from '../../../src/network/connection';
import { type TestedApi, withApi } from './api';

const mail = {
  name: 'mail',
  framing: 'line',
  mode: 'lenient',
  state: { initial: 'new', vars: { user: 'none' } },
  rules: [
    { name: 'ping', when: { equals: 'PING' }, then: [{ send: 'PONG' }] },
    { name: 'list', when: { equals: 'LIST', state: 'ready' }, then: [{ send: 'nothing' }] },
  ],
};

async function create(api: TestedApi): Promise<() => Promise<Connection>> {
  const answer = await api.call('POST /mocks', mail);
  assert.equal(answer.status, 201, answer.text);
  const { listen } = answer.json<{ listen: string }>();
  return async () => {
    const client = api.world.network.connect({
      host: '127.0.0.1',
      port: Number(listen.split(':')[1]),
    });
    client.on('error', () => undefined);
    await once(client, 'connect');
    return client;
  };
}

async function ask(client: Connection, line: string): Promise<string> {
  client.write(`${line}\r\n`);
  return String((await once(client, 'data'))[0]).trim();
}

test('a mock is created, listed, read and deleted', () =>
  withApi(async (api) => {
    const dial = await create(api);
    const client = await dial();
    assert.equal(await ask(client, 'PING'), 'PONG');

    const [row] = (await api.call('GET /mocks')).json<Record<string, unknown>[]>();
    const facts = (await api.call('GET /mocks/mail')).json<Record<string, unknown>>();

    assert.match(String(row?.['listen']), /^127\.0\.0\.1:\d+$/);
    assert.deepEqual(
      { ...row, listen: '' },
      {
        name: 'mail',
        listen: '',
        framing: 'line',
        mode: 'lenient',
        connections: 1,
        accepted: 1,
        unmatched: 0,
      },
    );
    assert.deepEqual(facts['definition'], mail);
    assert.deepEqual(facts['answers'], { ping: 1 });
    client.destroy();
    assert.equal((await api.call('DELETE /mocks/mail')).status, 204);
    assert.equal((await api.call('GET /mocks')).text, '[]\n');
    const gone = await api.call('GET /mocks/mail');
    assert.equal(gone.text, '{"error":"mock not found","status":404}\n');
  }));

test('a whole file creates all of its mocks or none; names and ports that are taken are 409', () =>
  withApi(async (api) => {
    await create(api);
    const two = [
      { name: 'a', rules: [] },
      { name: 'b', rules: [] },
    ];
    const both = await api.call('POST /mocks', { version: 1, mocks: two });
    assert.equal(both.json<unknown[]>().length, 2);

    const { listen } = (await api.call('GET /mocks/mail')).json<{ listen: string }>();
    const port = Number(listen.split(':')[1]);
    const refused = await api.call('POST /mocks', {
      version: 1,
      mocks: [
        { name: 'c', rules: [] },
        { name: 'd', listen: port, rules: [] },
      ],
    });
    assert.equal(refused.status, 409, refused.text);
    assert.equal((await api.call('GET /mocks/c')).status, 404);
    const again = await api.call('POST /mocks', mail);
    assert.equal(again.text, '{"error":"mock already exists","status":409}\n');
  }));

test('a definition that is wrong is refused with its place, an address outside with 403', () =>
  withApi(async (api) => {
    const wrong = await api.call('POST /mocks', { ...mail, rules: [{ wen: {} }] });
    assert.equal(wrong.status, 400);
    const { error, path } = wrong.json<{ error: string; path: string }>();
    assert.match(error, /mocks\[0\]\.rules\[0\]/);
    assert.match(path, /^mocks\[0\]\.rules\[0\]/);
    const remote = await api.call('POST /mocks', { ...mail, listen: { host: '0.0.0.0', port: 0 } });
    assert.equal(remote.status, 403);
    assert.equal((await api.call('POST /mocks', { mocks: 1 })).status, 400);
    assert.equal((await api.call('PATCH /mocks', {})).status, 405);
  }));

test('rules are replaced while connections are open', () =>
  withApi(async (api) => {
    const dial = await create(api);
    const client = await dial();
    const rules = [{ when: { equals: 'PING' }, then: [{ send: 'AGAIN' }] }];

    assert.equal((await api.call('PUT /mocks/mail/rules', rules)).status, 200);
    assert.equal(await ask(client, 'PING'), 'AGAIN');
    assert.equal((await api.call('PUT /mocks/mail/rules', { rules })).status, 200);
    assert.equal((await api.call('PUT /mocks/mail/rules', { rules: [{ wen: 1 }] })).status, 400);
    assert.equal((await api.call('PUT /mocks/mail/rules', {})).status, 400);
    assert.equal((await api.call('PUT /mocks/none/rules', rules)).status, 404);
    client.destroy();
  }));

test('the journal is read in pages, streamed, and emptied', () =>
  withApi(async (api) => {
    const dial = await create(api);
    const client = await dial();
    await ask(client, 'PING');

    const page = (await api.call('GET /mocks/mail/journal?limit=2')).json<{
      entries: { seq: number }[];
      next: number;
    }>();
    assert.deepEqual([page.entries.map(({ seq }) => seq), page.next], [[1, 2], 2]);
    const rest = await api.call('GET /mocks/mail/journal?after=2&connection=1');
    assert.match(rest.text, /"bytes":\{"hex":"504f4e47/);
    assert.match((await api.call('GET /mocks/mail/journal?connection=9')).text, /"entries":\[\]/);

    const stream = await api.open('GET /mocks/mail/journal?connection=1', {
      accept: 'application/x-ndjson',
    });
    assert.ok(stream.body !== null);
    const reader = stream.body.getReader();
    await ask(client, 'PING');
    let text = '';
    while (text.split('"kind":"sent"').length < 3)
      text += Buffer.from((await reader.read()).value ?? []);
    await reader.cancel();
    assert.ok(
      text
        .split('\n')
        .slice(0, -1)
        .every((line) => JSON.parse(line).mock === 'mail'),
    );

    assert.equal((await api.call('DELETE /mocks/mail/journal')).status, 204);
    assert.match((await api.call('GET /mocks/mail/journal')).text, /"entries":\[\]/);
    client.destroy();
  }));

test('a mock is verified: as its mode asks, and by predicates with times', () =>
  withApi(async (api) => {
    const dial = await create(api);
    const client = await dial();
    await ask(client, 'PING');
    client.destroy();
    await api.world.clock.sleep('1s');

    assert.equal((await api.call('POST /mocks/mail/verify')).text, '{"ok":true,"failures":[]}\n');
    const when = { equals: 'PING' };
    const right = await api.call('POST /mocks/mail/verify', [
      { when },
      { when, times: 1 },
      { when, times: { min: 1, max: 2 } },
    ]);
    assert.equal(right.json<{ ok: boolean }>().ok, true, right.text);
    const wrong = await api.call('POST /mocks/mail/verify', { when, times: { min: 2 } });
    const { ok, failures } = wrong.json<{ ok: boolean; failures: string[] }>();
    assert.equal(ok, false);
    assert.match(failures[0] ?? '', /at least 2 times/);
    assert.equal((await api.call('POST /mocks/mail/verify', { when: 1 })).status, 400);
  }));

test('a frame is waited for, or told with what came instead', () =>
  withApi(async (api) => {
    const dial = await create(api);
    const client = await dial();

    const waiting = api.call('POST /mocks/mail/wait', { when: { equals: 'PING' }, within: '5s' });
    await ask(client, 'PING');
    assert.match((await waiting).text, /"kind":"frame"/);
    const late = await api.call('POST /mocks/mail/wait', { when: { equals: 'PONG' }, within: 100 });
    assert.equal(late.status, 408);
    assert.match(late.json<{ error: string }>().error, /PING/);
    assert.equal((await api.call('POST /mocks/mail/wait', {})).status, 400);
    client.destroy();
  }));

test('a frame is explained', () =>
  withApi(async (api) => {
    await create(api);

    const known = await api.call('POST /mocks/mail/explain', { bytes: 'PING' });
    const unknown = await api.call('POST /mocks/mail/explain', { bytes: 'LIST', state: 'new' });

    assert.equal(known.json<{ rule: string }>().rule, 'ping');
    assert.equal(unknown.json<{ rule: null }>().rule, null);
    assert.match(unknown.text, /rule wants/);
    assert.equal((await api.call('POST /mocks/mail/explain', {})).status, 400);
  }));

test('state and variables are read and set, of the mock and of a connection; reset puts them back', () =>
  withApi(async (api) => {
    const dial = await create(api);
    const client = await dial();
    await ask(client, 'PING');

    const before = await api.call('GET /mocks/mail/state?connection=1');
    assert.equal(before.text, '{"state":"new","vars":{"user":"none"},"connection":1}\n');
    const body = { state: 'ready', connection: 1, vars: { user: 'ann' } };
    const after = await api.call('PUT /mocks/mail/state', body);
    assert.equal(after.text, '{"state":"ready","vars":{"user":"ann"},"connection":1}\n');
    assert.equal(await ask(client, 'LIST'), 'nothing');
    assert.equal((await api.call('PUT /mocks/mail/state', { vars: 1 })).status, 400);
    client.destroy();
    assert.equal((await api.call('POST /mocks/reset')).status, 204);
    assert.match((await api.call('GET /mocks/mail/journal')).text, /"entries":\[\]/);
  }));

test('bytes are pushed, connections are listed and ended', () =>
  withApi(async (api) => {
    const dial = await create(api);
    const client = await dial();
    await ask(client, 'PING');

    const got = once(client, 'data');
    assert.equal(
      (await api.call('POST /mocks/mail/push', { send: 'NEWS' })).text,
      '{"connections":1}\n',
    );
    assert.equal(String((await got)[0]).trim(), 'NEWS');
    assert.equal(
      (await api.call('POST /mocks/mail/push', { send: 'X', to: 7 })).text,
      '{"connections":0}\n',
    );
    assert.equal((await api.call('POST /mocks/mail/push', { send: 'X', to: 'some' })).status, 400);
    assert.equal((await api.call('POST /mocks/mail/push', {})).status, 400);
    const [row] = (await api.call('GET /mocks/mail/connections')).json<
      { id: number; state: string }[]
    >();
    assert.deepEqual([row?.id, row?.state], [1, 'new']);
    const over = once(client, 'error');
    assert.equal((await api.call('DELETE /mocks/mail/connections/1?how=reset')).status, 204);
    await over;
    assert.equal((await api.call('DELETE /mocks/mail/connections/9')).status, 404);
  }));
