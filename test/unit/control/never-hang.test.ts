import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { test } from 'node:test';
import { formatAddress } from '../../../src/base/address';
import { faultTypes } from '../../../src/faults/fault-names';
import type { Connection } from '../../../src/network/connection';
import type { World } from '../../../src/network/world';
import { simulatedWorld } from '../../../src/simulation/world';
import { realNet } from '../../support/both-networks';
import { type TestedApi, withApi } from './api';

/** A network, and an upstream on it whose dial never ends. */
interface HangingNet {
  readonly name: string;
  run(body: (world: World, hanging: string) => Promise<void>): Promise<void>;
}

const simulated: HangingNet = {
  name: 'the simulated network',
  run: (body) =>
    simulatedWorld().run(async (world) => {
      world.simulation.host('app');
      world.simulation.host('far');
      world.simulation.partition('app', 'far');
      await world.simulation.on('app', () => body(world, 'far:80'));
    }),
};

const real: HangingNet = {
  name: 'a real network',
  run: (body) =>
    realNet.run(0, async (world) => {
      const full = await fullBacklog();
      try {
        await body(world, full.address);
      } finally {
        full.end();
      }
    }),
};

/** A server that does not accept, behind a backlog that is full: the kernel answers no SYN. */
async function fullBacklog(): Promise<{ readonly address: string; end(): void }> {
  const code = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 },
    function () { console.log(this.address().port); });`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(child.stdout, 'data');
  const port = Number(printed);
  child.kill('SIGSTOP');
  const fillers = Array.from({ length: 3 }, () => connectSocket(port, '127.0.0.1'));
  for (const filler of fillers) filler.on('error', () => undefined);
  await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, 'connect')));
  return {
    address: `127.0.0.1:${port}`,
    end: () => {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
    },
  };
}

/** What a case has: the API, an upstream that takes connections, and one that never does. */
interface Scene extends TestedApi {
  readonly hanging: string;
  /** Where a server listens that sends so many bytes and never reads. */
  serve(bytes: number): Promise<string>;
  /** A client of a proxy that never reads. */
  dial(proxy: string): Promise<Connection>;
  /** Waits until something holds. */
  until(holds: () => boolean): Promise<void>;
  /** The call, and `GET /proxies` meanwhile, are answered at once. */
  atOnce(line: string, body?: unknown): Promise<number>;
}

function claim(title: string, body: (scene: Scene) => Promise<void>): void {
  for (const { name, run } of [real, simulated]) {
    test(`${title}, on ${name}`, { timeout: 30_000 }, () =>
      run((world, hanging) =>
        withApi(
          async (api) => {
            const left: Connection[] = [];
            try {
              await body({ ...sceneOf(api, left), hanging });
            } finally {
              for (const connection of left) connection.destroy();
            }
          },
          { world },
        ),
      ),
    );
  }
}

function sceneOf(api: TestedApi, left: Connection[]): Omit<Scene, 'hanging'> {
  const { world, proxies } = api;
  const keep = (connection: Connection): Connection => {
    connection.on('error', () => undefined);
    left.push(connection);
    return connection;
  };
  return {
    ...api,
    async serve(bytes) {
      const endpoint = await world.network.listen({ port: 0 }, (connection) => {
        keep(connection).write(Buffer.alloc(bytes, 'x'));
      });
      return formatAddress(endpoint.address);
    },
    async dial(proxy) {
      const { host, port } = proxies.proxy(proxy).listen;
      const client = keep(world.network.connect({ host, port }));
      await once(client, 'connect');
      return client;
    },
    async until(holds) {
      while (!holds()) await world.clock.sleep(1);
    },
    async atOnce(line, body) {
      const beganUs = world.clock.now();
      const call = api.call(line, body);
      const meanwhile = await api.call('GET /proxies');
      const { status } = await call;
      const tookUs = world.clock.now() - beganUs;
      assert.equal(meanwhile.status, 200);
      if (world.kind === 'simulated') assert.ok(tookUs < 100_000, `${line} took ${tookUs} µs`);
      return status;
    },
  };
}

async function create(
  scene: TestedApi,
  upstream: string,
  toxics: readonly object[] = [],
): Promise<void> {
  const answer = await scene.call('POST /proxies', { name: 'p', upstream, toxics });
  assert.equal(answer.status, 201, answer.text);
}

const mib = 1_048_576;

claim('H1: a latency is removed while the client never reads', async (scene) => {
  await create(scene, await scene.serve(16 * mib), [
    { type: 'latency', name: 'l', attributes: { latency: 1 } },
  ]);
  await scene.dial('p');
  const proxy = scene.proxies.proxy('p');
  await scene.until(() => proxy.connections[0]?.stopped('downstream') !== undefined);

  assert.equal(await scene.atOnce('DELETE /proxies/p/toxics/l'), 204);
  assert.equal(await scene.atOnce('POST /proxies/p/toxics', { type: 'noop' }), 200);
});

claim('H2: a proxy whose dial hangs is changed, disabled and deleted', async (scene) => {
  await create(scene, scene.hanging);
  await scene.dial('p');
  await scene.until(() => scene.proxies.proxy('p').connections[0]?.state === 'dialling');

  assert.equal(await scene.atOnce('PATCH /proxies/p', { enabled: false }), 200);
  assert.equal(await scene.atOnce('PATCH /proxies/p', { enabled: true }), 200);
  await scene.dial('p');
  assert.equal(await scene.atOnce('POST /proxies/p', { upstream: '127.0.0.1:9' }), 200);
  assert.equal(await scene.atOnce('DELETE /proxies/p'), 204);
});

claim('H3: a second client is served while the dial of the first hangs', async (scene) => {
  await create(scene, scene.hanging);
  await scene.dial('p');
  const proxy = scene.proxies.proxy('p');
  await scene.until(() => proxy.connections[0]?.state === 'dialling');
  const upstream = await scene.serve(5);
  const reached = proxy.waitFor('connection.dialled', {}, { timeout: '5s' });

  await scene.atOnce('PATCH /proxies/p', { upstream, how: 'keep' });
  const client = await scene.dial('p');
  client.resume();
  await Promise.all([reached, once(client, 'data')]);
});

claim('H4: a reset_peer is changed and removed during its wait', async (scene) => {
  await create(scene, await scene.serve(5), [
    { type: 'reset_peer', name: 'r', attributes: { timeout: 60_000 } },
  ]);
  await scene.dial('p');
  const proxy = scene.proxies.proxy('p');
  await scene.until(() => proxy.toxic('r').acted > 0);

  const change = { attributes: { timeout: 50_000 } };
  assert.equal(await scene.atOnce('PATCH /proxies/p/toxics/r', change), 200);
  assert.equal(await scene.atOnce('DELETE /proxies/p/toxics/r'), 204);
});

claim('H5: a bandwidth of 0 with much that waits is changed and removed', async (scene) => {
  await create(scene, await scene.serve(64 * mib), [{ type: 'bandwidth', name: 'b' }]);
  await scene.dial('p');
  const proxy = scene.proxies.proxy('p');
  await scene.until(() => proxy.connections[0]?.stopped('downstream') !== undefined);

  const change = { attributes: { rate: 1 } };
  assert.equal(await scene.atOnce('PATCH /proxies/p/toxics/b', change), 200);
  assert.equal(await scene.atOnce('DELETE /proxies/p/toxics/b'), 204);
});

claim('H6: a reset with many open connections whose peers all stand still', async (scene) => {
  await create(scene, await scene.serve(5), [{ type: 'timeout' }]);
  await Promise.all(Array.from({ length: 100 }, () => scene.dial('p')));
  const proxy = scene.proxies.proxy('p');
  await scene.until(() => proxy.connections.every(({ state }) => state === 'open'));

  assert.equal(await scene.atOnce('POST /reset'), 204);
});

claim('H7: a toxic is added and removed many times on a link under load', async (scene) => {
  await create(scene, await scene.serve(8 * mib));
  const client = await scene.dial('p');
  let received = 0;
  client.on('data', ({ length }: Buffer) => {
    received += length;
  });
  const body = { type: 'latency', name: 'l', attributes: { latency: 1 } };

  for (let round = 0; round < 200; round++) {
    assert.equal((await scene.call('POST /proxies/p/toxics', body)).status, 200);
    assert.equal((await scene.call('DELETE /proxies/p/toxics/l')).status, 204);
  }
  assert.equal(await scene.atOnce('GET /proxies/p'), 200);
  await scene.until(() => received === 8 * mib);
});

claim(
  'H8: toxics are changed on a connection in its dial, and on one that has gone',
  async (scene) => {
    await create(scene, scene.hanging);
    const client = await scene.dial('p');
    await scene.until(() => scene.proxies.proxy('p').connections[0]?.state === 'dialling');
    const body = { type: 'latency', name: 'l', attributes: { latency: 1 } };

    assert.equal(await scene.atOnce('POST /proxies/p/toxics', body), 200);
    client.destroy();
    const change = { attributes: { latency: 2 } };
    assert.equal(await scene.atOnce('PATCH /proxies/p/toxics/l', change), 200);
    assert.equal(await scene.atOnce('DELETE /proxies/p/toxics/l'), 204);
  },
);

claim('H9: a reader of events that never reads is cut off', async (scene) => {
  await create(scene, '127.0.0.1:9');
  const response = await scene.open('GET /brine/events');
  const body = { type: 'noop', name: 'n'.repeat(2_000) };

  for (let round = 0; round < 300; round++) {
    await scene.call('POST /proxies/p/toxics', body);
    await scene.call(`DELETE /proxies/p/toxics/${body.name}`);
  }

  assert.equal(await scene.atOnce('GET /proxies/p'), 200);
  const text = await response.text();
  assert.ok(text.endsWith('event: dropped\ndata: {"type":"dropped"}\n\n'), text.slice(-200));
  assert.ok(text.length < mib, `${text.length} bytes`);
});

claim(
  'H11: a proxy that leads to itself, also through others, ends its connections',
  async (scene) => {
    for (const name of ['a', 'b', 'c']) {
      await scene.call('POST /proxies', { name, upstream: '127.0.0.1:9' });
    }
    const [a, b, c] = ['a', 'b', 'c'].map((name) => scene.proxies.proxy(name));
    assert.ok(a !== undefined && b !== undefined && c !== undefined);
    await scene.call('PATCH /proxies/a', { upstream: formatAddress(b.listen) });
    await scene.call('PATCH /proxies/b', { upstream: `localhost:${c.listen.port}` });
    await scene.call('PATCH /proxies/c', { upstream: formatAddress(c.listen) });
    const warned = c.waitFor('warning', {}, { timeout: '5s' });

    const alone = await scene.dial('c');
    alone.resume();
    await Promise.all([warned, once(alone, 'close')]);
    assert.match(
      String((await warned)['message']),
      /^the proxy leads back to itself at 127\.0\.0\.1:/,
    );

    await scene.call('PATCH /proxies/c', { upstream: formatAddress(a.listen) });
    const client = await scene.dial('a');
    client.resume();
    await once(client, 'close');
    await scene.until(() => [a, b, c].every(({ connections }) => connections.length === 0));
    const accepted = [a, b, c].reduce((sum, { counters }) => sum + counters.accepted, 0);
    assert.ok(accepted < 32, `${accepted} connections`);
  },
);

claim(
  'H12: no value of any attribute of any type under traffic ends the process',
  async (scene) => {
    await create(scene, await scene.serve(4 * mib));
    const client = await scene.dial('p');
    client.resume();
    const values = [
      '-1',
      '-9007199254740993',
      '1e308',
      '1e999',
      '1.5',
      '"x"',
      'null',
      'true',
      '[]',
      '{}',
    ];

    for (const { type, attributes } of faultTypes.values()) {
      for (const name of Object.keys(attributes)) {
        for (const value of values) {
          const body = `{"type":"${type}","toxicity":0,"attributes":{"${name}":${value}}}`;
          const { status, text } = await scene.call('POST /proxies/p/toxics', body);
          assert.ok([200, 400].includes(status), `${body}: ${status} ${text}`);
          await scene.call(`DELETE /proxies/p/toxics/${type}_downstream`);
        }
      }
      const bare = await scene.call('POST /proxies/p/toxics', { type, connections: { from: 2 } });
      assert.ok([200, 400].includes(bare.status), bare.text);
    }
    assert.equal(await scene.atOnce('POST /reset'), 204);
  },
);
