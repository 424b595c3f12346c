import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Connection } from '../../../src/network/connection';
import type { Plan, PlannedFault } from '../../../src/simulation/plan';
import { parsePlan, printPlan, readPlan } from '../../../src/simulation/plan-reader';
import { planSchema } from '../../../src/simulation/plan-schema';
import { planFromSeed } from '../../../src/simulation/seed-plan';
import { planFromTrace } from '../../../src/simulation/trace-plan';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import { connectPair, dial, failureOf, journalOf, listenOnce } from '../../conformance/pair';
import { problemsOf } from '../capture/matches-schema';

const limit = { timeout: 20_000 };

test('a plan is printed on one line and read back as the same', () => {
  fc.assert(
    fc.property(
      fc.maxSafeInteger(),
      fc.constantFrom('calm' as const, 'rough' as const),
      (seed, profile) => {
        const plan = planFromSeed(seed, profile);
        const text = printPlan(plan);

        assert.equal(text.includes('\n'), false);
        assert.deepEqual(parsePlan(text), plan);
        assert.deepEqual(planFromSeed(seed, profile), plan);
      },
    ),
    { numRuns: 30 },
  );
});

for (const [plan, message] of [
  ['[]', /^plan must be an object of options, got an array of 0$/],
  ['{', /^plan must be JSON \(/],
  ['{}', /^plan\.v must be 1, the version of the format, got undefined$/],
  ['{"v":1,"link":[]}', /^plan: unknown key "link" \(did you mean "links"\?\)$/],
  ['{"v":1,"seed":0.5}', /^plan\.seed must be a whole number/],
  ['{"v":1,"epoch":"now"}', /^plan\.epoch must be a date and time/],
  ['{"v":1,"links":{}}', /^plan\.links must be an array/],
  [
    '{"v":1,"links":[{"from":"*","to":"*","latncy":1}]}',
    /^plan\.links\[0\]: unknown key "latncy" \(did you mean "latency"\?\)$/,
  ],
  ['{"v":1,"links":[{"from":"*"}]}', /^plan\.links\[0\]\.to must be text/],
  ['{"v":1,"hosts":{"db":{"skew":"soon"}}}', /^plan\.hosts\.db\.skew must be a duration/],
  [
    '{"v":1,"cuts":[{"connection":0,"direction":"out"}]}',
    /^plan\.cuts\[0\]\.connection must be a whole number of 1 or more/,
  ],
  [
    '{"v":1,"cuts":[{"connection":1,"direction":"up"}]}',
    /^plan\.cuts\[0\]\.direction must be one of "out", "in"/,
  ],
  ['{"v":1,"tape":{"tieBreak":[-1]}}', /^plan\.tape\.tieBreak\[0\] must be a whole number/],
  [
    '{"v":1,"faults":[{"on":{},"do":{"type":"heal"}}]}',
    /^plan\.faults\[0\]\.on must be a trigger with "at", "connection" or "host"/,
  ],
  [
    '{"v":1,"faults":[{"on":{"at":1},"do":{"type":"corrupt","connection":1}}]}',
    /^plan\.faults\[0\]\.do\.byte must be a whole number of 0 or more, got undefined$/,
  ],
  [
    '{"v":1,"faults":[{"on":{"at":1},"do":{"type":"stall"}}]}',
    /^plan\.faults\[0\]\.do\.connection must be a whole number of 1 or more, got undefined$/,
  ],
  [
    '{"v":1,"faults":[{"on":{"connection":1,"state":"established"},"do":{"type":"tls","on":"accept","do":"explode"}}]}',
    /^plan\.faults\[0\]\.do\.do must be one of "stall", /,
  ],
  [
    '{"v":1,"faults":[{"on":{"at":1},"do":{"type":"explode"}}]}',
    /^plan\.faults\[0\]\.do\.type must be one of "reset", /,
  ],
  [
    '{"v":1,"faults":[{"on":{"at":1},"do":{"type":"kill"}}]}',
    /^plan\.faults\[0\]\.do\.host must be text/,
  ],
  [
    '{"v":1,"faults":[{"on":{"at":1},"do":{"type":"clog","from":"a","to":"b","for":1}}]}',
    /^plan\.faults\[0\]\.do: unknown key "for"/,
  ],
  [
    '{"v":1,"faults":[{"on":{"at":1},"do":{"type":"dns","name":"x","answer":"EFAIL"}}]}',
    /^plan\.faults\[0\]\.do\.answer must be an array of addresses, "ENOTFOUND" or "EAI_AGAIN"/,
  ],
] as const) {
  test(`the plan ${plan} is refused with its path`, () => {
    assert.throws(() => parsePlan(plan), { code: 'ECONFIG', message });

    if (plan === '{') return;
    assert.notDeepEqual(problemsOf(planSchema, JSON.parse(plan)), []);
  });
}

test('a seed beside a plan is the seed of programs, unless the plan has one', () => {
  assert.equal(simulatedWorld({ seed: 7, plan: { v: 1 } }).random.seed, 7);
  assert.equal(simulatedWorld({ seed: 7, plan: { v: 1, seed: 8 } }).plan.seed, 8);
  assert.deepEqual(simulatedWorld({ seed: 7 }).plan, planFromSeed(7));
});

test('a plan makes hosts, with their addresses and clocks', limit, async () => {
  const plan = readPlan({
    v: 1,
    epoch: '2020-02-02T00:00:00Z',
    hosts: { db: { addresses: ['10.1.1.1'], skew: '1 h' }, local: { skew: '-1 s' } },
  });
  await simulatedWorld({ plan }).run(async ({ simulation, clock }) => {
    const start = Date.parse('2020-02-02T00:00:00Z');
    assert.deepEqual(simulation.host('db').addresses, ['10.1.1.1']);
    assert.equal(
      simulation.on('db', () => clock.wallTime()),
      start + 3_600_000,
    );
    assert.equal(clock.wallTime(), start - 1_000);
  });
});

for (const [claim, cut, chunks] of [
  ['from the end of a write', { unit: 1, offset: -1 }, ['hello', 'worl', 'd']],
  ['wrapped around the write', { unit: 1, offset: 7 }, ['hello', 'wo', 'rld']],
  ['at an offset of the stream', { at: 3 }, ['hel', 'lo', 'world']],
  ['where a segment ends anyway', { at: 5 }, ['hello', 'world']],
  ['in a write that never comes', { unit: 9, offset: 1 }, ['hello', 'world']],
] as const) {
  test(`a stream is cut ${claim}`, limit, async () => {
    const cuts = [{ connection: 1, direction: 'out', ...cut }] as const;
    await simulatedWorld({ plan: { v: 1, cuts } }).run(async (world) => {
      const { client, server } = await connectPair(world);
      const seen: string[] = [];
      server.on('data', (chunk) => seen.push(String(chunk)));

      client.write('hello');
      client.write('world');
      await world.settle();

      assert.deepEqual(seen, chunks);
    });
  });
}

test('whatever the cuts, the bytes are the same', limit, async () => {
  const cut = fc.record({
    connection: fc.constant(1),
    direction: fc.constantFrom('out' as const, 'in' as const),
  });
  const place = fc.oneof(
    fc.record({ at: fc.nat(60) }),
    fc.record({ unit: fc.nat(4), offset: fc.integer({ min: -30, max: 30 }) }),
  );
  const cuts = fc.array(fc.tuple(cut, place).map(([one, two]) => ({ ...one, ...two })));
  await fc.assert(
    fc.asyncProperty(cuts, fc.array(fc.string(), { maxLength: 5 }), async (list, texts) => {
      await simulatedWorld({ plan: { v: 1, cuts: list } }).run(async (world) => {
        const { client, server } = await connectPair(world);
        server.pipe(server);
        for (const text of texts) client.write(text);
        client.end();

        const echoed = Buffer.concat(await client.toArray());
        assert.equal(echoed.toString(), texts.join(''));
      });
    }),
    { numRuns: 50 },
  );
});

test('the plan of a trace gives the same chunks again', limit, async () => {
  const chunksOf = async (plan: Plan): Promise<{ chunks: string[]; again: Plan }> => {
    const world = simulatedWorld({ plan });
    const chunks: string[] = [];
    await world.run(async () => {
      const { client, server } = await connectPair(world);
      server.on('data', (chunk) => chunks.push(`out ${chunk}`));
      client.on('data', (chunk) => chunks.push(`in ${chunk}`));
      client.write('hello world');
      server.write('answer');
      await world.settle();
    });
    return { chunks, again: planFromTrace(world.trace.events) };
  };
  const links = [{ from: '*', to: '*', segmenter: { each: 4 } }] as const;

  const recorded = await chunksOf({ v: 1, links });
  const replayed = await chunksOf(parsePlan(printPlan(recorded.again)));

  assert.equal(recorded.chunks.length, 5);
  assert.deepEqual(replayed.chunks, recorded.chunks);
});

/** A world with one fault; the body says what it does. */
function planned(
  claim: string,
  fault: PlannedFault,
  body: (world: SimulatedWorld) => Promise<void>,
): void {
  test(`in a plan, ${claim}`, limit, async () => {
    const plan: Plan = { v: 1, hosts: { app: {}, db: {} }, faults: [fault] };
    const world = simulatedWorld({ plan });
    await world.run(async () => {
      assert.equal(world.neverFired().length, 1);
      await body(world);
    });
    assert.deepEqual(world.neverFired(), []);
  });
}

planned(
  'a reset just before a byte lets the bytes before it arrive',
  { on: { connection: 1, direction: 'out', byte: 3 }, do: { type: 'reset' } },
  async (world) => {
    const { client, server } = await connectPair(world);
    const failures = [failureOf(client), failureOf(server)];
    client.write('hello');

    for (const { code } of await Promise.all(failures)) assert.equal(code, 'ECONNRESET');
    assert.equal(server.bytesRead, 3);
  },
);

planned(
  'a reset may show at one side',
  {
    on: { connection: 1, direction: 'in', message: 1, offset: -1 },
    do: { type: 'reset', side: 'dialler' },
  },
  async (world) => {
    const { client, server } = await connectPair(world);
    const failure = failureOf(client);
    server.write('first');
    server.write('second');

    assert.equal((await failure).code, 'ECONNRESET');
    assert.equal(client.bytesRead, 10);
    assert.equal(server.readyState, 'open');
  },
);

planned(
  'a half-close ends one direction',
  { on: { connection: 1, direction: 'out', byte: 2 }, do: { type: 'halfClose' } },
  async (world) => {
    const { client, server } = await connectPair(world, { listen: { allowHalfOpen: true } });
    client.on('error', () => {});
    const journal = journalOf(server);
    const over = once(server.resume(), 'end');
    client.write('ab');
    client.write('cd');
    await over;

    assert.deepEqual(journal, ['end']);
    assert.equal(server.readyState, 'writeOnly');
  },
);

planned(
  'a dial is refused although somebody listens',
  { on: { connection: 2, state: 'connecting' }, do: { type: 'refuse' } },
  async (world) => {
    const { endpoint } = await listenOnce(world);
    await once(dial(world, endpoint), 'connect');

    assert.equal((await failureOf(dial(world, endpoint))).code, 'ECONNREFUSED');
    await once(dial(world, endpoint), 'connect');
  },
);

planned(
  'a dial goes unanswered',
  { on: { connection: 1, state: 'connecting' }, do: { type: 'blackhole' } },
  async (world) => {
    const { endpoint } = await listenOnce(world);

    assert.equal((await failureOf(dial(world, endpoint))).code, 'ETIMEDOUT');
  },
);

planned(
  'an open connection falls silent, and stays',
  { on: { at: '5 ms' }, do: { type: 'blackhole', connection: 1 } },
  async (world) => {
    const { client, server } = await connectPair(world);
    await world.advance('10 ms');
    client.write(Buffer.alloc(300_000));
    client.end();
    await once(client, 'finish');
    await world.advance('2 h');

    assert.equal(server.bytesRead, 0);
    assert.equal(server.readyState, 'open');
    assert.equal(client.info().unsent + client.info().inFlight, 0);
  },
);

planned(
  'a partition comes at a time',
  { on: { at: '1 s' }, do: { type: 'partition', a: 'app', b: 'db' } },
  async (world) => {
    const { client, server } = await fromAppToDb(world);
    await world.advance('2 s');
    client.write('x');
    await world.advance('2 s');
    assert.equal(server.bytesRead, 0);
    server.resume();

    world.simulation.heal();
    await world.settle();
    assert.equal(server.bytesRead, 1);
  },
);

planned(
  'a host is killed when a connection stands',
  { on: { connection: 1, state: 'established' }, do: { type: 'kill', host: 'db' } },
  async (world) => {
    const { endpoint } = await world.simulation.on('db', () => listenOnce(world));
    const client = dial(world, endpoint, { from: 'app' });

    assert.equal((await failureOf(client)).code, 'ECONNRESET');
    assert.equal(world.simulation.host('db').running, false);
  },
);

planned(
  'a link changes at the second accept of a host',
  { on: { host: 'db', accepts: 2 }, do: { type: 'link', from: '*', to: '*', latency: '1 s' } },
  async (world) => {
    const { server, client } = await fromAppToDb(world);
    await fromAppToDb(world);
    const startUs = world.clock.now();
    client.write('x');
    await once(server, 'data');

    assert.equal(world.clock.now() - startUs, 1_000_000);
  },
);

for (const [action, check] of [
  [
    { type: 'skew', host: 'db', skew: '1 h' },
    async (world) => {
      assert.equal(
        world.simulation.on('db', () => world.clock.wallTime()) - world.clock.wallTime(),
        3_600_000,
      );
    },
  ],
  [
    { type: 'dns', name: 'x.test', answer: ['10.9.9.9'] },
    async (world) => {
      assert.equal((await world.network.lookup('x.test'))[0]?.host, '10.9.9.9');
    },
  ],
  [
    { type: 'hold', from: 'app', to: 'db' },
    async (world) => {
      const { client } = await fromAppToDb(world, false);
      assert.equal(client.connecting, true);
    },
  ],
  [
    { type: 'clog', from: 'app', to: 'db', duration: '1 s' },
    async (world) => {
      const { client } = await fromAppToDb(world);
      assert.equal(client.connecting, false);
      assert.ok(world.clock.now() > 1_000_000);
    },
  ],
] as [PlannedFault['do'], (world: SimulatedWorld) => Promise<void>][]) {
  planned(`${action.type} happens`, { on: { at: 0 }, do: action }, async (world) => {
    await world.advance('1 ms');
    await check(world);
  });
}

test('a plan undoes what it has done', limit, async () => {
  const faults = [
    { on: { at: '5 ms' }, do: { type: 'partition', a: 'app', b: 'db' } },
    { on: { at: '10 ms' }, do: { type: 'heal', a: 'app', b: 'db' } },
    { on: { at: '20 ms' }, do: { type: 'hold', from: 'db', to: 'app' } },
    { on: { at: '30 ms' }, do: { type: 'release', from: 'db', to: 'app' } },
    { on: { at: '40 ms' }, do: { type: 'kill', host: 'db' } },
    { on: { at: '50 ms' }, do: { type: 'restart', host: 'db' } },
  ] as const;
  await simulatedWorld({ plan: { v: 1, hosts: { app: {}, db: {} }, faults } }).run(
    async (world) => {
      const { client, server } = await fromAppToDb(world);
      const times: number[] = [];
      const note = (): number => times.push(Math.floor(world.clock.now() / 1_000));
      server.on('data', note).on('error', () => {});
      client.on('data', note).on('error', () => {});
      await world.advance('5 ms');
      client.write('x');
      await world.advance('16 ms');
      server.write('y');
      await world.advance('20 ms');

      assert.deepEqual(times, [10, 30]);
      assert.equal(world.simulation.host('db').running, false);
      await world.advance('20 ms');
      assert.equal(world.simulation.host('db').running, true);
    },
  );
});

test('a fault whose trigger is never met is told, and is no error', limit, async () => {
  const fault = { on: { connection: 7, state: 'established' }, do: { type: 'reset' } } as const;
  const world = simulatedWorld({ plan: { v: 1, faults: [fault] } });

  await world.run(() => connectPair(world));

  assert.deepEqual(world.neverFired(), [`never fired: ${JSON.stringify(fault)}`]);
});

test('a fault fires as often as it says', limit, async () => {
  const fault = { on: { host: 'local', accepts: 2 }, do: { type: 'reset' }, times: 2 } as const;
  await simulatedWorld({ plan: { v: 1, faults: [fault] } }).run(async (world) => {
    const endpoint = await world.network.listen({ port: 0 }, (server) => {
      server.on('error', () => {});
    });
    const outcomes: string[] = [];
    for (let index = 0; index < 4; index++) {
      const client = dial(world, endpoint);
      client.on('error', () => {});
      await once(client, 'connect');
      await world.settle();
      outcomes.push(client.info().ended);
    }
    assert.deepEqual(outcomes, ['none', 'rst', 'rst', 'none']);
  });
});

async function fromAppToDb(
  world: SimulatedWorld,
  wait = true,
): Promise<{ client: Connection; server: Connection }> {
  const pair = world.simulation.on('db', () => connectPair(world, { connect: { from: 'app' } }));
  if (wait) return pair;
  await world.settle();
  const client = world.simulation.connection('c1') as unknown as Connection;
  pair.catch(() => {});
  return { client, server: client };
}
