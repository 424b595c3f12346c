import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScript } from '../../../src/capture/script-parser';
import { printScript } from '../../../src/capture/script-printer';
import { mockFromScript } from '../../../src/mock/mock-builder';
import { scriptOfTurns } from '../../../src/mock/script-export';
import { turnsOfScript } from '../../../src/mock/script-import';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';

const everything = `< "220 ready"
< raw hex "00 ff 10"
< 1 KiB of "ab"
< 16 B of random data
> "EHLO \\"me\\" \${x}" within 2 s
> expect /^MAIL \\/(?<who>\\S+)/i as mail
> expect pattern "02 ?? 'OK' *"
? > "NOOP"
> anything
> ...
> "QUIT"
+15 ms < "221 bye"
unordered:
  > "A"
  > "B"
repeat 2 times:
  > "PING"
  < "PONG"
* start TLS
* start TLS with "leaf"
* stop reading
* wait 50 ms
* read again
* notify here
* await there
* goto ready
* peer closes
* peer resets
* half-close
* reset
* close
`;

test('a script says the same after it was turns of a file', () => {
  const turns = turnsOfScript(parseScript(everything));

  const again = turnsOfScript(scriptOfTurns(turns));

  assert.deepEqual(again, turns);
  assert.equal(printScript(scriptOfTurns(again)), printScript(scriptOfTurns(turns)));
});

test('what a script has no words for is refused by its name', () => {
  for (const [turn, words] of [
    [{ oneOf: [{ turns: [] }] }, 'oneOf'],
    [{ send: '${name}' }, 'a template'],
    [{ send: { concat: ['a'] } }, 'concat'],
    [{ expect: { length: 2 } }, 'length'],
    [{ expect: 'a', then: 'b' }, 'then'],
    [{ expect: 'a', capture: { x: { offset: 0, length: 1 } } }, 'capture of a part as "x"'],
    [{}, 'an empty turn'],
    [{ set: { a: 1 } }, 'set'],
  ] as const) {
    assert.throws(() => scriptOfTurns([turn]), {
      message: `the script language has no words for ${words}`,
    });
  }
});

test('lines that only a log has are left out of turns', () => {
  assert.deepEqual(turnsOfScript(parseScript('* accept\n@10 ms < a\n* mark "x"\n@30 ms < b\n')), [
    { wait: 10, send: 'a' },
    { wait: 20, send: 'b' },
  ]);
});

test(
  'on a stream a script finds its turns however bytes are cut, and skips what it is told to',
  { timeout: 20_000 },
  () =>
    simulatedWorld({ seed: 4 }).run(async (world) => {
      const script = '> "HELLO"\n> ...\n> "END"\n< "done"\n? > "MORE"\n> expect /^BYE/\n* close\n';
      const bytes = Buffer.from('HELLOxxENENDBYE');
      const server = await mockFromScript(script).start(world);
      for (let cut = 1; cut < bytes.length; cut++) {
        const client = await Client.connect(server, { world });
        await client.writeBytes(bytes.subarray(0, cut));
        await world.clock.sleep(1);
        await client.writeBytes(bytes.subarray(cut));
        assert.equal(String(await client.readBytes(4)), 'done', `cut at ${cut}`);
        await assert.rejects(client.readBytes(), { code: 'EPEERCLOSED' });
        await client.close();
      }
      await server.stop();
      server.verify().all();
    }),
);
