/** Scripts as text and as turns, and what is matched on a stream. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScript } from '../../../src/capture/script-parser';
import { printScript } from '../../../src/capture/script-printer';
import type { MockDefinition, ScriptTurn } from '../../../src/mock/mock-model';
import { scriptOfTurns } from '../../../src/mock/script-export';
import { turnsOfScript } from '../../../src/mock/script-import';
import { startMock } from '../../../src/mock/start-mock';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';

const limit = { timeout: 20_000 };

const whole = `< "220 ready"
> /^EHLO (?<who>\\S+)/i within 2 s as greeting
+10 ms < "250 ok"
? > "NOOP"
> pattern "02 ?? *"
> anything
> ...
> line "a\\"b"
< raw hex "00 ff"
< 3 bytes of "ab"
< 5 bytes of random data
< file "body.bin"
< base64 "YWI="
* start TLS
* start TLS with "leaf"
* wait 50 ms
* stop reading
* read again
* notify x
* await y
* goto state
unordered:
  > "a"
  > "b"
repeat 2 times:
  > "PING"
  < "PONG"
* half-close
* peer closes
* peer resets
* close
* reset
`;

test('a script says the same as turns, and turns the same as a script', () => {
  const turns = turnsOfScript(parseScript(whole));
  const again = turnsOfScript(scriptOfTurns(turns));

  assert.deepEqual(again, turns);
  assert.equal(printScript(scriptOfTurns(again)), printScript(scriptOfTurns(turns)));
  assert.equal(turns.length, 28);
});

test('what the script language has no words for is refused', () => {
  const refused = (turn: ScriptTurn, message: RegExp): void => {
    assert.throws(() => scriptOfTurns([turn]), { code: 'ECONFIG', message });
  };

  refused({ send: 'a', goto: 'b' }, /no words for goto/);
  refused({}, /no words for an empty turn/);
  refused({ expect: 'a', capture: { x: { offset: 0, length: 1 } } }, /capture of a part as "x"/);
  refused({ expect: { contains: 'a' } }, /no words for contains/);
  refused({ expect: {} }, /an empty predicate/);
  refused({ send: '${conn.n}' }, /no words for a template/);
  refused({ send: { concat: [] } }, /no words for concat/);
  refused({ then: 'a' }, /no words for then/);
});

for (const { network, run } of networks) {
  const talk = (
    definition: Omit<MockDefinition, 'name'>,
    pieces: readonly string[],
    answer: string,
  ): Promise<void> =>
    run(async (world) => {
      const server = await startMock({ name: 'm', ...definition }, { world });
      const client = await Client.connect({ host: '127.0.0.1', port: server.port }, { world });
      for (const piece of pieces) await client.writeBytes(Buffer.from(piece));
      const heard = await client.readBytes(answer.length);
      assert.equal(String(heard), answer);
      await client.close();
      await server.stop();
      server.verify().scriptFinished();
    });

  test(`${network}: turns match on a stream, whatever they look at`, limit, () =>
    talk(
      {
        script: [
          { expect: 'ab' },
          { expect: { pattern: '63 (n:1)' } },
          { expect: { contains: 'x' } },
          { expect: { length: 2 } },
          { expect: { startsWith: 'y', connection: 1 } },
          { expect: { regex: 'z+$' }, send: 'done' },
        ],
      },
      ['a', 'bc', '1..x', '12', 'yz'],
      'done',
    ),
  );

  test(`${network}: silence ends a message where that is its framing`, limit, () =>
    talk(
      {
        framing: { kind: 'idle-gap', gap: 5 },
        rules: [{ when: { any: true }, then: '<${frame}>' }],
      },
      ['ab'],
      '<ab>',
    ),
  );

  test(`${network}: a turn that waits too long fails the run`, limit, () =>
    run(async (world) => {
      const script: readonly ScriptTurn[] = [{ expect: 'never', within: 5 }, { close: 'end' }];
      const server = await startMock({ name: 'm', framing: 'line', script }, { world });
      const client = await Client.connect({ host: '127.0.0.1', port: server.port }, { world });
      await server.waitFor('x', { within: 20 }).catch(() => undefined);
      await client.close();
      await server.stop();

      assert.throws(() => server.verify().promisesKept(), {
        message: /script stopped at turn 1 \(expect "never"\): nothing came within 5 ms/,
      });
      assert.throws(() => server.verify().scriptFinished(), { message: /stopped at turn 1/ });
    }),
  );

  test(`${network}: what the journal has dropped is no ground for claims`, limit, () =>
    run(async (world) => {
      const limits = { journalEvents: 3 };
      const rules = [{ when: { any: true as const }, then: { echo: true as const } }];
      const server = await startMock({ name: 'm', framing: 'line', limits, rules }, { world });
      const client = await Client.connect({ host: '127.0.0.1', port: server.port }, { world });
      await client.writeBytes(Buffer.from('a\nb\na\nc\n'));
      await client.readBytes(8);

      assert.equal(server.count('a'), 2);
      assert.ok(server.dropped > 0);
      assert.throws(() => server.count({ connection: 1 }), { message: /journal dropped/ });
      assert.throws(() => server.verify().inOrder('a', 'b'), {
        message: /raise limits\.journalEvents/,
      });
      await client.close();
      await server.stop();
    }),
  );
}
