import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endScenario } from '../../../src/steps/scenario-end';
import { scriptedPeer } from '../../support/scripted-peer';
import { openScenario } from './spoken-scenario';

const quick = { timeout: 2_000, quiet: 20, strict: true } as const;

test('a scenario that opened nothing ends without a word', async (context) => {
  const { world } = await openScenario(context, quick);

  assert.deepEqual(await endScenario(world), []);
  assert.equal(world.opened, false);
});

test('a FIN of the peer and what a step saw are no failures', async (context) => {
  const { say, world } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a 10 ms read timeout for client "alice"');
  await say('a client "alice" connected to the listener "echo"');
  await say('client "alice" sees read timeout');
  await say('the listener "echo" closes every connection');

  assert.deepEqual(await endScenario(world), []);
});

test('a failure that no step asked for is told with its step', async (context) => {
  const { say, world } = await openScenario(context, quick);
  const address = await scriptedPeer(world, (connection) => {
    connection.once('data', () => connection.resetAndDestroy());
  });
  await say(`client "alice" connects to ${address}`);
  await say('client "alice" sends "x"');

  const [first, second, ...rest] = await endScenario(world);

  assert.match(
    first ?? '',
    /^client "alice" met connection reset \d+ ms into the scenario, during "client "alice" sends "x"", and no step asked for it$/,
  );
  assert.match(second ?? '', /^peer .*still listens$/);
  assert.deepEqual(rest, []);
});

test('silence behind the last step is no read timeout of the scenario', async (context) => {
  const { say, world } = await openScenario(context, { ...quick, quiet: 150 });
  await say('a listener "echo" that echoes');
  await say('a client "alice" connected to the listener "echo"');

  await say('a 100 ms read timeout for client "alice"');

  assert.deepEqual(await endScenario(world), []);
});

test('warnings are told with the rest', async (context) => {
  const { say, world } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  world.warnings.push('command "x" had to be killed');

  assert.deepEqual(await endScenario(world), ['command "x" had to be killed']);
});

test('everything the scenario opened is closed behind it', async (context) => {
  const { say, world } = await openScenario(context, quick);
  await say('a listener "echo" that echoes');
  await say('a client "alice" connected to the listener "echo"');
  await say('client "alice" stops reading');

  await endScenario(world);

  assert.equal(world.world.scope.leaks().clean, true);
});
