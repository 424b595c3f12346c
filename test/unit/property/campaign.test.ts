/** Running properties: what is kept, what is run again, and what counts as a failure. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { TcpError } from '../../../src/base/errors';
import { assertProperty, checkProperty } from '../../../src/property/campaign';
import { CounterexampleError } from '../../../src/property/counterexample';
import { echo } from '../../../src/property/properties/echo';
import { PropertyViolation } from '../../../src/property/property-violation';
import { tokenOf } from '../../../src/property/stored-case';
import { defineProperty, type WireProperty } from '../../../src/property/wire-property';
import { echoServer } from '../../planted-bugs/echo-server';

const quick = { database: false, stability: { simulated: 2, real: 0 }, seed: 7 } as const;

/** Holds for numbers below a limit; `from` 0 never fails before. */
function below(limit: number, scenario?: readonly string[]): WireProperty<number> {
  return defineProperty({
    id: 'below',
    title: 'a small number',
    statement: `numbers are below ${limit}`,
    worlds: ['simulated', 'real'],
    arbitrary: fc.nat({ max: 10_000 }),
    toPlan: () => ({ v: 1 }),
    toScenario: () => scenario,
    async check(_world, number) {
      if (number >= limit) throw new PropertyViolation(`${number} is too large`);
    },
  });
}

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'brine-failures-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return join(path, 'failures');
}

test('the smallest case comes back, the same for the same seed', async () => {
  const first = await checkProperty(below(500), quick);
  const second = await checkProperty(below(500), quick);

  assert.equal(first.counterexample?.example, 500);
  assert.equal(second.counterexample?.runs, first.counterexample?.runs);
  assert.equal(first.seed, 7);
});

test('runs is a limit that is met, and a property that holds says how many cases ran', async () => {
  const { counterexample, runs } = await checkProperty(below(20_000), { ...quick, runs: 130 });

  assert.equal(counterexample, undefined);
  assert.equal(runs, 130);
});

test('a violation that is asserted is thrown with the whole report', async () => {
  const scenario = [
    'Given a listener "l1" that echoes',
    'Then the listener "l1" has 3 open connections',
  ];

  await assert.rejects(assertProperty(below(500, scenario), quick, 'my server'), (error) => {
    assert.ok(error instanceof CounterexampleError);
    assert.equal(error.counterexample.verified, true);
    assert.match(
      error.message,
      /^below a small number does not hold for my server: 500 is too large\n/,
    );
    assert.match(
      error.message,
      /\n {2}@simulated\n {2}Scenario: shrunk counterexample of below a small number\n/,
    );
    assert.match(error.message, /\n {4}And a listener "l1" that echoes\n/);
    assert.match(error.message, /\n {2}stability: 2\/2 simulated \(deterministic\)\n/);
    assert.match(error.message, /\n {2}replay: BRINE=v1:\S+$/);
    return true;
  });
});

test('a scenario that does not fail is not shown as one', async () => {
  const scenario = ['Given a listener "l1" that echoes'];

  const { counterexample } = await checkProperty(below(500, scenario), quick);

  assert.equal(counterexample?.verified, false);
  assert.ok(counterexample !== undefined);
  assert.match(
    new CounterexampleError(counterexample).message,
    /scenario not verified; the case: 500\n/,
  );
});

test('a token runs its one case again, and says when it holds now', async () => {
  const { counterexample } = await checkProperty(below(500), quick);
  assert.ok(counterexample !== undefined);
  const replay = tokenOf(counterexample.stored);

  const again = await checkProperty(below(500), { ...quick, replay });
  const mended = await checkProperty(below(501), { ...quick, replay });

  assert.equal(again.counterexample?.example, 500);
  assert.equal(again.runs, 1);
  assert.equal(mended.counterexample, undefined);
  assert.ok(replay.length <= 500, `${replay.length} characters`);
});

test('a token that is cut short, or of another property, is refused', async () => {
  const { counterexample } = await checkProperty(below(500), quick);
  assert.ok(counterexample !== undefined);
  const token = tokenOf(counterexample.stored);
  const code = (replay: string, property: WireProperty<number> = below(500)): Promise<unknown> =>
    checkProperty(property, { ...quick, replay }).then(
      () => 'nothing',
      (error: unknown) => TcpError.is(error) && error.message,
    );

  assert.equal(await code(token.slice(0, 60)), 'the replay token is not whole: copy all of it');
  assert.equal(
    await code(token, { ...below(500), id: 'other' }),
    'the replay is a case of below, and the property is other',
  );
  assert.match(String(await code('no/such/case.json')), /there is no file "no\/such\/case.json"$/);
});

test('a failure is kept, tried first, and moved away once it has passed three times', async (context) => {
  const database = folder(context);
  const options = { ...quick, database, runs: 100 };

  const found = await checkProperty(below(500), options);
  const again = await checkProperty(below(500), options);
  const passes = [];
  for (let pass = 0; pass < 3; pass++) passes.push(await checkProperty(below(20_000), options));

  assert.ok(found.counterexample?.file !== undefined);
  assert.equal(again.runs, 1);
  assert.deepEqual(
    passes.map(({ fixed }) => fixed.length),
    [0, 0, 1],
  );
  assert.deepEqual(readdirSync(database), []);
  assert.equal(readdirSync(join(database, '..', 'out', 'fixed')).length, 1);
});

test('a failure that is pinned stays, also when it passes', async (context) => {
  const database = folder(context);
  const options = { ...quick, database, runs: 100 };
  const { counterexample } = await checkProperty(below(500), options);
  const file = counterexample?.file ?? '';
  writeFileSync(file, readFileSync(file, 'utf8').replace('{', '{ "pinned": true,'));

  for (let pass = 0; pass < 4; pass++) await checkProperty(below(20_000), options);

  assert.ok(existsSync(file));
});

test('a file that is no case is left out with a warning', async (context) => {
  const database = folder(context);
  await checkProperty(below(500), { ...quick, database });
  writeFileSync(join(database, 'broken.json'), '{');

  const { warnings } = await checkProperty(below(20_000), { ...quick, database, runs: 10 });

  assert.deepEqual(warnings, [`${join(database, 'broken.json')} is no JSON`]);
});

test('the shards of a campaign run the cases of the whole, each once', async () => {
  const casesOf = async (index: number, count: number, runs: number): Promise<number[]> => {
    const seen: number[] = [];
    const property = defineProperty({
      ...below(20_000),
      async check(_world, number) {
        seen.push(number);
      },
    });
    await checkProperty(property, { ...quick, runs, shard: { index, count } });
    return seen;
  };

  const whole = await casesOf(1, 1, 400);
  const parts = [...(await casesOf(1, 2, 200)), ...(await casesOf(2, 2, 200))];

  const order = (left: number, right: number): number => left - right;
  assert.deepEqual(parts.sort(order), whole.sort(order));
});

test('a case that hangs does not hold, also while it is made smaller', async () => {
  const hangs = defineProperty({
    ...below(20_000),
    check: (_world, number) =>
      number < 50 ? Promise.resolve() : new Promise<void>(() => undefined),
  });

  const { counterexample } = await checkProperty(hangs, quick);

  assert.equal(counterexample?.example, 50);
  assert.equal(counterexample?.error.name, 'DeadlockError');
});

test('a promise that nobody heard counts against the case that ran', async () => {
  const rejects = defineProperty({
    ...below(20_000),
    async check(world, number) {
      if (number >= 50) void Promise.reject(new Error('nobody listens'));
      await world.clock.sleep(1);
    },
  });
  // The runner of these tests listens as well, and would fail them.
  const runners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');

  const { counterexample } = await checkProperty(rejects, quick);

  assert.equal(counterexample?.error.message, 'nobody listens');
  assert.equal(process.listenerCount('unhandledRejection'), 0);
  for (const runner of runners) process.on('unhandledRejection', runner);
});

test('a goal that was never reached is a warning', async () => {
  const property = defineProperty({
    ...below(20_000),
    async check(_world, number, probe) {
      probe.sometimes('a negative number', number < 0);
      probe.sometimes('a number', true);
    },
  });

  const { warnings, goals } = await checkProperty(property, { ...quick, runs: 20 });

  assert.deepEqual(warnings, ['never reached: a negative number (0 of 20)']);
  assert.deepEqual(goals.get('a number'), { reached: 20, asked: 20 });
});

test('a sound server holds on sockets of this machine', { timeout: 60_000 }, async () => {
  const property = echo(echoServer());
  const short = {
    ...property,
    arbitrary: property.arbitrary.filter(({ turns }) => turns.every((turn) => turn.do === 'send')),
  };

  const { counterexample, runs, world } = await checkProperty(short, {
    ...quick,
    world: 'real',
    runs: 10,
  });

  assert.equal(counterexample, undefined);
  assert.equal(runs, 10);
  assert.equal(world, 'real');
});

test('a wrong option is refused by its name', async () => {
  const message = (options: object): Promise<unknown> =>
    checkProperty(below(1), { ...quick, ...options }).then(
      () => 'nothing',
      (error: unknown) => TcpError.is(error) && error.message,
    );

  assert.match(String(await message({ rums: 1 })), /unknown key.*"runs"/);
  assert.match(String(await message({ runs: 0 })), /^runs must be a whole number of 1 or more/);
  assert.match(String(await message({ world: 'other' })), /^world must be one of/);
  assert.match(
    String(await message({ shard: { index: 3, count: 2 } })),
    /^shard.index must be at most 2, the count, got 3/,
  );
});
