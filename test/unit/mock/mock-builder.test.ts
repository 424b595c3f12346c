import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crlf } from '../../../src/framing/delimiter';
import { fail, reply, reset, send, wait } from '../../../src/mock/builder-steps';
import { mock, mockFromScript } from '../../../src/mock/mock-builder';
import { readMockText } from '../../../src/mock/mock-file';
import { hex, pattern } from '../../../src/mock/predicate-like';
import { once } from '../../../src/mock/times';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';
import { certificatePath, pem } from '../../support/test-certificates';

const line = (text: string): Buffer => Buffer.from(`${text}\r\n`);

test('a builder makes the definition that a file holds, and prints it', () => {
  const built = mock('mail', { framing: 'crlf' })
    .onConnect(send('220 ready'))
    .when(/^HELO (?<host>\S+)$/)
    .named('helo')
    .reply('250 hello ${host}')
    .when(pattern`02 ?? ?? 10 *`)
    .reply(hex`02 06`)
    .inState('ready')
    .when('LIST')
    .inSequence(reply('a'), reply('b').after('50ms'), reset())
    .unmatched(wait(5), fail());

  const report = readMockText(built.toYAML());

  assert.deepEqual(report.problems, []);
  assert.deepEqual(report.mocks[0]?.definition, built.toDefinition());
});

test('a builder with a function cannot be written as a file', () => {
  const built = mock('mail')
    .when('X')
    .reply(({ text }) => `${text}!`);

  assert.throws(() => built.toYAML(), /rule 1 has a function; write it as a handler file/);
});

for (const { network, run } of networks) {
  test(`${network}: a function answers with what it makes of the frame`, { timeout: 20_000 }, () =>
    run(async (world) => {
      const server = await mock('mail', { framing: crlf() })
        .when(/^HELO (?<host>\S+)$/)
        .reply(({ captures }) => `250 hello ${captures['host']}`)
        .start(world);
      const client = await Client.connect(server, { world });

      await client.writeBytes(line('HELO me'));

      assert.equal(String(await client.readUntil(line(''))), '250 hello me\r\n');
      await client.close();
      await server.stop();
      server.verify().all();
    }),
  );

  test(`${network}: a script is followed, with STARTTLS in the middle`, { timeout: 20_000 }, () =>
    run(async (world) => {
      const server = await mockFromScript(
        `< 220 mail.test
> expect /^EHLO (?<who>\\S+)/ within 2 s
< 250-mail.test
< 250 STARTTLS
? > NOOP
> STARTTLS
+10 ms < 220 go ahead
* start TLS
unordered:
  > expect /^MAIL /
  > expect pattern "'RCPT ' *"
< raw "250 ok\\r"
* reset`,
        {
          name: 'mail',
          framing: 'crlf',
          tls: {
            mode: 'starttls',
            cert: certificatePath('server.pem'),
            key: certificatePath('server.key'),
          },
        },
      ).start(world);
      const client = await Client.connect(server, { world });

      await client.writeBytes(line('EHLO me'));
      await client.readUntil(line('STARTTLS'));
      await client.writeBytes(line('STARTTLS'));
      await client.readUntil(line('go ahead'));
      await client.upgradeToTls({ cert: { pem: pem('ca.pem') }, servername: 'localhost' });
      await client.writeBytes(line('RCPT TO:<b@c>\r\nMAIL FROM:<a@b>'));
      assert.equal(String(await client.readBytes(7)), '250 ok\r');
      await assert.rejects(client.readBytes(), { code: 'ECONNRESET' });

      await client.close();
      await server.stop();
      server.verify().scriptFinished().nothingUnexpected().promisesKept();
    }),
  );

  test(`${network}: plain bytes behind STARTTLS are refused`, { timeout: 20_000 }, () =>
    run(async (world) => {
      const server = await mock('mail', {
        framing: 'crlf',
        tls: {
          mode: 'starttls',
          cert: certificatePath('server.pem'),
          key: certificatePath('server.key'),
        },
      })
        .when('STARTTLS')
        .reply({ send: '220 go ahead', startTls: true })
        .start(world);
      const client = await Client.connect(server, { world });

      await client.writeBytes(line('STARTTLS\r\nQUIT'));

      await client.readUntil(line('go ahead'));
      await assert.rejects(client.readBytes(), { code: 'ECONNRESET' });
      await client.close();
      await server.stop();
      assert.throws(
        () => server.verify().promisesKept(),
        /plain bytes left before the TLS upgrade/,
      );
    }),
  );

  test(
    `${network}: a connection taken by hand answers where the test is`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await mock('chat', { framing: 'line' })
          .onConnect(send('hello'))
          .start(world);
        const client = await Client.connect(server, { world });
        const connection = await server.accepts();
        connection.autoRespond('NOOP', 'ok');

        await client.writeBytes(Buffer.from('NOOP\nPING\n'));
        await connection.expect('PING', { within: '2s' });
        await connection.send('PONG');
        assert.equal(String(await client.readUntil(Buffer.from('PONG\n'))), 'hello\nok\nPONG\n');
        await client.writeBytes(Buffer.from('BYE\n'));
        assert.equal(await connection.race({ bye: /^BYE$/, end: 'end', late: '1s' }), 'bye');
        assert.equal(await connection.race({ bye: 'BYE', late: '20ms' }), 'late');
        const closed = client.close();
        await connection.closes();
        await connection.close();
        await closed;

        await server.stop();
        server.verify().received('PING', once()).all();
      }),
  );

  test(
    `${network}: a frame that does not come is shown with what came instead`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await mock('mail', { framing: 'crlf' })
          .when('EHLO me')
          .named('ehlo')
          .reply('250 STARTTLS')
          .when('LIST')
          .named('list')
          .reply('a')
          .unmatched('500 what?')
          .start(world);
        const client = await Client.connect(server, { world });
        await client.writeBytes(line('EHLO me'));
        await client.readUntil(line(''));
        await client.writeBytes(line('list'));
        await client.readUntil(line(''));
        await client.close();

        const error = await server.waitFor('LIST', { within: '100ms' }).then(
          () => undefined,
          (reason: Error) => reason,
        );

        const text = (error?.message ?? '').replace(/\d+(\.\d+)? ms/g, '_').replace(/ +/g, ' ');
        assert.match(
          text,
          /^mock "mail" did not receive "LIST" \(waited _; connection 1 closed with FIN after _\)$/m,
        );
        assert.match(
          text,
          /^ received 2 frames on connection 1:\n 1 \+_ "EHLO me" rule "ehlo"\n 2 \+_ "list" UNMATCHED$/m,
        );
        assert.match(
          text,
          /^ nearest: rule "list" differs at byte 0: expected 4c "L", got 6c "l"$/m,
        );
        assert.match(
          text,
          /^ hint: equal when case is ignored; matching is byte-exact, use \/\^LIST\$\/i if you mean that$/m,
        );
        assert.match(text, /^ \+_ \[1\] < "500 what\?"$/m);
        await server.stop();
      }),
  );
}
