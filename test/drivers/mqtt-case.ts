import assert from 'node:assert/strict';
import { MqttClient } from 'mqtt';
import { forMqtt } from '../../src/simulation/drivers';
import type { SimulatedWorld } from '../../src/simulation/world';
import { mqttBroker } from '../support/mqtt-broker';
import { serveOnHost } from '../support/serve-on-host';
import type { DriverRow } from './driver-case';

export const row: DriverRow = {
  name: 'mqtt',
  hook: '`new MqttClient(forMqtt(world), options)`',
  answered: 'subscribe, publish with QoS 1, unsubscribe, over MQTT 3.1.1',
  waited: 'keep-alive notices a dead link, reconnects every 30 s get through after 10 minutes',
  seconds: [600, 700],
  sameTrace: 'yes',
  ownWorker: false,
  preload: false,
};

const target = { hostname: 'broker' };

export async function answered(world: SimulatedWorld): Promise<void> {
  await serveOnHost({ world, host: 'broker', port: 1_883 }, mqttBroker());
  const client = new MqttClient(forMqtt(world), target);
  await connected(client);
  await client.subscribeAsync('news');

  const message = new Promise((resolve) => {
    client.once('message', (topic, payload) => resolve([topic, payload.toString()]));
  });
  await client.publishAsync('news', 'hello', { qos: 1 });
  assert.deepEqual(await message, ['news', 'hello']);

  await client.unsubscribeAsync('news');
  await client.endAsync();
}

export async function waited(world: SimulatedWorld): Promise<number> {
  await serveOnHost({ world, host: 'broker', port: 1_883 }, mqttBroker());
  const options = { ...target, keepalive: 60, reconnectPeriod: 30_000, connectTimeout: 30_000 };
  const client = new MqttClient(forMqtt(world), options);
  client.on('error', () => {});
  await connected(client);

  const start = world.clock.now();
  world.simulation.partition('local', 'broker', { how: 'blackhole' });
  await new Promise<void>((resolve) => client.once('close', () => resolve()));
  const noticed = (world.clock.now() - start) / 1_000_000;
  assert.ok(noticed >= 60 && noticed <= 120, `noticed after ${noticed} s`);

  await world.advance('10 minutes');
  world.simulation.heal();
  await connected(client);
  const passed = world.clock.now() - start - noticed * 1_000_000;
  await client.publishAsync('news', 'back again', { qos: 1 });
  await client.endAsync();
  return passed;
}

function connected(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('connect', () => resolve()));
}
