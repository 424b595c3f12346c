import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { formatAddress } from '../../../src/base/address';
import { type TestedApi, withApi } from './api';

/** The value of a series, by its name and labels. */
async function series(api: TestedApi, name: string, labels: string): Promise<number | undefined> {
  const { text } = await api.call('GET /metrics');
  const line = text
    .split('\n')
    .find(
      (each) =>
        each.startsWith(`${name}{`) && labels.split(' ').every((label) => each.includes(label)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

test('metrics count live, by the names of Toxiproxy and by our own', () =>
  withApi(async (api) => {
    const { world, proxies } = api;
    const endpoint = await world.network.listen({ port: 0 }, (server) => {
      server.write('12345');
      server.resume();
    });
    const upstream = formatAddress(endpoint.address);
    await api.call('POST /proxies', {
      name: 'a',
      upstream,
      toxics: [{ type: 'latency', name: 'l', attributes: { latency: 500 } }],
    });
    const proxy = proxies.proxy('a');
    const client = world.network.connect({ host: proxy.listen.host, port: proxy.listen.port });
    client.write('abc');
    await once(client, 'data');

    const listener = `listener="${formatAddress(proxy.listen)}" upstream="${upstream}"`;
    const received = 'toxiproxy_proxy_received_bytes_total';
    assert.equal(await series(api, received, `direction="upstream" proxy="a" ${listener}`), 3);
    assert.equal(
      await series(api, 'toxiproxy_proxy_sent_bytes_total', 'direction="downstream"'),
      5,
    );
    assert.equal(await series(api, 'brine_proxy_connections', 'state="open"'), 1);
    assert.equal(await series(api, 'brine_proxy_enabled', 'proxy="a"'), 1);
    assert.equal(await series(api, 'brine_proxy_dial_seconds_count', 'proxy="a"'), 1);
    assert.equal(await series(api, 'brine_link_queued_bytes', 'direction="upstream"'), 0);
    assert.equal(await series(api, 'brine_link_stopped', 'cause="peer"'), 0);
    const toxic = 'toxic="l" type="latency" direction="downstream"';
    assert.equal(await series(api, 'brine_toxic_active', toxic), 1);
    assert.equal(await series(api, 'brine_toxic_acted_total', toxic), 1);
    assert.equal(await series(api, 'brine_toxic_bytes_total', `${toxic} action="delayed"`), 5);
    assert.equal(await series(api, 'brine_toxic_delay_seconds_total', toxic), 0.5);
    assert.ok(
      Number(await series(api, 'brine_api_requests_total', 'route="/metrics" status="200"')) > 5,
    );

    client.destroy();
    await world.clock.sleep('1s');
    assert.equal(await series(api, 'brine_proxy_connections_total', 'by="client"'), 1);
    await api.call('DELETE /proxies/a');
    const { text } = await api.call('GET /metrics');
    assert.doesNotMatch(text, /proxy="a"/);
  }));

test('bytes that a bandwidth holds back are counted as delayed by as much', () =>
  withApi(async (api) => {
    const { world, proxies } = api;
    const endpoint = await world.network.listen({ port: 0 }, (server) => {
      server.resume();
    });
    const upstream = formatAddress(endpoint.address);
    const toxic = { type: 'bandwidth', stream: 'upstream', attributes: { rate: 1 } };
    await api.call('POST /proxies', { name: 'a', upstream, toxics: [toxic] });
    const client = world.network.connect({
      host: '127.0.0.1',
      port: proxies.proxy('a').listen.port,
    });
    client.write(Buffer.alloc(1_000));
    await world.clock.sleep('3s');

    const delay = await series(api, 'brine_toxic_delay_seconds_total', 'type="bandwidth"');
    assert.ok(delay !== undefined && delay > 0.8 && delay < 1.2, `${delay} s`);
    client.destroy();
  }));

test('metrics of the runtime are there when asked for, and none when there shall be none', async () => {
  await withApi(
    async (api) => {
      const { text, type } = await api.call('GET /metrics');
      assert.match(text, /process_cpu_user_seconds_total/);
      assert.match(type ?? '', /^text\/plain/);
    },
    { runtimeMetrics: true },
  );
  await withApi(
    async (api) => {
      assert.equal((await api.call('GET /metrics')).status, 404);
    },
    { metrics: false },
  );
});
