import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parsePattern } from '../../../src/base/byte-pattern';
import { parseByteRegex } from '../../../src/base/byte-regex';
import { ruleForPattern, ruleForRegex, ruleNameOf } from '../../../src/steps/mock-replies';
import { mocks } from '../../../src/steps/scenario-mock';
import { openScenario } from './spoken-scenario';

const quick = { timeout: 300, quiet: 20 } as const;
const once = { timeout: 20_000 };

test('a reply to an expression takes its groups by number and by name', () => {
  const rule = (regex: string, reply: string) => {
    const { when, then: answer } = ruleForRegex(parseByteRegex(regex), Buffer.from(reply));
    return [when, answer];
  };

  assert.deepEqual(rule('/^(a)(?:b)[(](?<n>\\))/', 'x'), [
    { regex: '^(a)(?:b)[(](?<n>\\))' },
    { send: Buffer.from('x') },
  ]);
  assert.deepEqual(rule('/^(a)(?:b)[(](?<n>\\))/i', '$2-$<n>$$1$1'), [
    { regex: '^(?<group1>a)(?:b)[(](?<n>\\))', flags: 'i' },
    {
      send: {
        concat: [
          { text: '${n}', template: true },
          Buffer.from('-'),
          { text: '${n}', template: true },
          Buffer.from('$1'),
          { text: '${group1}', template: true },
        ],
      },
    },
  ]);
  assert.throws(() => rule('/(a)/', '$2'), /^Error: \$2: \/\(a\)\/ has 1 groups/);
});

test('a rule is called as what it takes is written', () => {
  assert.equal(ruleNameOf(Buffer.from('LIST')), 'LIST');
  assert.equal(ruleNameOf(Buffer.from([0, 255])), 'hex "00 ff"');
  assert.equal(
    ruleForPattern(parsePattern('pattern "01 ?? 00"'), Buffer.from('x')).name,
    'pattern "01 ?? 00"',
  );
});

test('a frame that came late is waited for no longer than steps wait', once, async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a mock "mail" with line framing');
  await say('the mock "mail" answers "A" with "1"');
  await say('client "alice" connects to the mock "mail"');
  await say('client "alice" sends "A\\n"');

  assert.match(
    await failure('the mock "mail" received in order:', '"A"\n# a comment\n"B"'),
    /^mock "mail" did not receive "B" behind "A" \(item 2 of 2 in order\) \(waited 300 ms\)\n/,
  );
  await say('client "alice" resets the connection');
  assert.match(
    await failure('the mock "mail" received "B"'),
    /^mock "mail" did not receive "B" \(waited 300 ms; client "alice" reset the connection after /,
  );
});

test(
  'without framing a step looks behind what steps before it have found',
  once,
  async (context) => {
    const { say, failure } = await openScenario(context, quick);
    await say('a mock "sink" with no framing');
    await say('the mock "sink" is lenient');
    await say('client "alice" connects to the mock "sink"');
    await say('client "alice" sends "ab ab"');
    await say('the mock "sink" received "ab"');
    await say('the mock "sink" received "ab"');

    assert.match(
      await failure('the mock "sink" received "ab"'),
      /^mock "sink" did not receive "ab" again, behind what earlier steps have found \(waited 300 ms\)/,
    );
    assert.match(
      await failure('the mock "sink" received "x"'),
      /^mock "sink" did not receive "x" \(waited 300 ms\)/,
    );
  },
);

test('order is asked for with names in one column', once, async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a mock with line framing');
  const order = 'the mock received in order:';

  assert.match(await failure(order, '# nothing'), /nothing is in any order/);
  await assert.rejects(say(order, [['byte'], ['"A"']]), /one column "bytes", got byte/);
  assert.match(await failure('the mock played its whole script'), /^mock follows no script/);
});

test('what must be said before anybody connects is refused afterwards', once, async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a mock "mail" with line framing');
  await say('a self-signed certificate "leaf" for "localhost"');
  await say('client "alice" connects to the mock "mail"');

  const late = /^mock "mail" has accepted connections already; say this before/;
  assert.match(await failure('the mock "mail" speaks TLS with certificate "leaf"'), late);
  assert.match(await failure('the mock "mail" upgrades to TLS after "STARTTLS"'), late);
  assert.match(await failure('the mock "mail" pushes "x" to client "bob"'), /no client "bob"/);
  await say('a listener "other" that echoes');
  await say('client "carol" connects to the listener "other"');
  assert.match(
    await failure('the mock "mail" pushes "x" to client "carol"'),
    /^client "carol" is not connected to mock "mail"/,
  );
});

test('a mock speaks TLS in one way', once, async (context) => {
  const { say, failure } = await openScenario(context, quick);
  await say('a self-signed certificate "leaf" for "localhost"');
  await say('a mock "one" with line framing');
  await say('the mock "one" upgrades to TLS after "STARTTLS"');
  await say('a mock "other" with line framing');
  await say('the mock "other" speaks TLS with certificate "leaf"');

  assert.match(
    await failure('the mock "one" speaks TLS with certificate "leaf"'),
    /^mock "one" already upgrades to TLS/,
  );
  assert.match(
    await failure('the mock "other" upgrades to TLS after "STARTTLS"'),
    /^mock "other" already speaks TLS/,
  );
});

test('a mock that cannot listen says so', once, async (context) => {
  const { say, failure, feature, world } = await openScenario(context, quick);
  await say('a mock "first" with line framing');
  const { address } = mocks(world).get({ name: 'first' });
  writeFileSync(
    join(feature, 'taken.yaml'),
    `version: 1\nmocks: [ { name: late, listen: ${address?.port} } ]\n`,
  );
  writeFileSync(join(feature, 'bad.script'), '> "A"\n= "B"\n');
  writeFileSync(join(feature, 'x.pcapng'), '');

  assert.match(await failure('a mock "late" from "taken.yaml"'), /^mock "late" could not listen: /);
  assert.match(
    await failure('a mock from recording "bad.script"'),
    /bad\.script:2: expected <, > or \* \(got "= /,
  );
  assert.match(await failure('a mock from recording "x.pcapng"'), /x\.pcapng/);
});

test(
  'a strict mock fails its scenario at the end, a lenient one keeps quiet',
  once,
  async (context) => {
    const { say, world } = await openScenario(context, quick);
    for (const [name, mode] of [
      ['a', 'strict'],
      ['b', 'lenient'],
    ]) {
      await say(`a mock "${name}" with line framing`);
      await say(`the mock "${name}" answers "QUIT" with "bye"`);
      await say(`the mock "${name}" is ${mode}`);
      await say(`client "${name}" connects to the mock "${name}"`);
      await say(`client "${name}" sends "QUTI\\n"`);
    }

    await world.end();

    assert.equal(world.problems.length, 1);
    assert.match(
      world.problems[0] ?? '',
      /^mock "a" received "QUTI" on connection 1, which no rule takes: nearest is rule "QUIT"/,
    );
  },
);

test('a mock plays the part of the server that a capture holds', once, async (context) => {
  const { say, feature } = await openScenario(context, { ...quick, timeout: 2_000 });
  const path = join(feature, 'talk.pcapng');
  await say('a mock "first" with line framing');
  await say('the mock "first" answers "PING" with "PONG"');
  await say('client "alice" connects to the mock "first"');
  await say('client "alice" sends "PING\\n"');
  await say('client "alice" receives "PONG\\n"');
  await say('client "alice" closes');
  await say(`the capture is saved as "${path}"`);

  await say('a mock "again" from recording "talk.pcapng"');
  await say('client "bob" connects to the mock "again"');
  await say('client "bob" sends "PING\\n"');
  await say('client "bob" receives exactly "PONG\\n"');
});
