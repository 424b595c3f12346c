import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { mock } from '../../../../src/mock/mock-builder';
import { certificatePath } from '../../../support/test-certificates';
import { runBrine, startBrine } from '../run-brine';
import { temporaryFolder } from '../temporary-folder';

async function redis(context: TestContext) {
  const server = await mock('redis', { framing: 'crlf', mode: 'lenient' })
    .when('PING')
    .reply('+PONG')
    .when('RAW')
    .reply({ raw: { hex: '00 ff' } }, { close: 'end' })
    .when('RESET')
    .reply({ close: 'reset' })
    .when('BYE')
    .reply('bye', { close: 'end' })
    .start();
  context.after(() => server.stop({ how: 'reset' }));
  return server;
}

test('brine send prints what comes back, until the peer closes or a message for each sent', {
  timeout: 60_000,
}, async (context) => {
  const { address } = await redis(context);
  const send = async (...words: readonly string[]) => {
    const { exitCode, stdout, stderr } = await runBrine(['send', address, ...words]);
    return [exitCode, stdout, stderr];
  };

  assert.deepEqual(await send('PING', 'PING', '--framing', 'crlf'), [0, '+PONG\n+PONG\n', '']);
  assert.deepEqual(await send('"PING\\r\\nBYE\\r\\n"'), [0, '+PONG\r\nbye\n', '']);
  assert.deepEqual(await send('line "PING"', '--half-close'), [0, '+PONG\n', '']);
  assert.deepEqual(await send('line "PING"', '--within', '50ms', '--hex'), [
    0,
    '00000000  2b 50 4f 4e 47 0d 0a                              +PONG..\n',
    '',
  ]);
  assert.match(String((await send('line "RAW"'))[1]), /^00000000 {2}00 ff /);
  const [exitCode, , problem] = await send('line "RESET"');
  assert.deepEqual([exitCode, problem], [1, `${address} reset the connection\n`]);
});

test('brine send checks what comes back, and says what came instead', {
  timeout: 60_000,
}, async (context) => {
  const { address } = await redis(context);
  const send = (...words: readonly string[]) => runBrine(['send', address, ...words]);

  for (const words of [
    ['line "PING"', '--expect', '"+PONG\\r\\n"'],
    ['line "PING"', '--expect', '/^\\+po/i', '--expect', '/NG\\r\\n/'],
    ['PING', 'BYE', '--framing', 'crlf', '--expect', '+PONG', '--expect', "pattern \"'b' ?? 'e'\""],
    ['line "PING"', '--chunks', '2', '--every', '1ms', '--expect', '+PONG'],
  ]) {
    const { exitCode, stderr } = await send(...words);
    assert.equal(exitCode, 0, stderr);
  }
  for (const [words, text] of [
    [
      ['PING', '--framing', 'crlf', '--expect', '+PING'],
      `${address} did not send "+PING" (it sent something else)\n  received "+PONG" (5 bytes)\n  bytes differ at byte 2: expected 49 "I", got 4f "O"\n`,
    ],
    [
      ['line "PING"', '--expect', '+PING'],
      `${address} did not send "+PING" (it sent something else)\n  received "+PONG\\r\\n" (7 bytes)\n  bytes differ at byte 2: expected 49 "I", got 4f "O"\n`,
    ],
    [
      ['NOOP', '--expect', '/x/', '--within', '20ms'],
      `${address} did not send /x/ (waited 20 ms)\n  received nothing\n`,
    ],
    [
      ['line "BYE"', '--expect', 'bye!'],
      `${address} did not send "bye!" (it sent something else)\n  received "bye\\r\\n" (5 bytes)\n  bytes differ at byte 3: expected 21 "!", got 0d "\\r"\n`,
    ],
    [
      ['line "BYE"', '--expect', '/never/'],
      `${address} did not send /never/ (it closed)\n  received "bye\\r\\n" (5 bytes)\n  /never/ does not match\n`,
    ],
    [
      ['line "RESET"', '--expect', '/never/'],
      `${address} did not send /never/ (it reset the connection)\n  received nothing\n`,
    ],
  ] as const) {
    const { exitCode, stderr } = await send(...words);
    assert.deepEqual([exitCode, stderr], [3, text]);
  }
});

test('brine send plays the client of a script', { timeout: 60_000 }, async (context) => {
  const folder = temporaryFolder(context);
  const { address } = await redis(context);
  const play = (script: string) => {
    writeFileSync(join(folder, 'a.script'), script);
    return runBrine(
      ['send', address, '--script', 'a.script', '--framing', 'crlf', '--within', '1s'],
      folder,
    );
  };

  for (const script of [
    'repeat 2 times:\n  > PING\n  < +PONG\n* wait 1 ms\n> BYE\n< "bye"\n* close\n',
    '> PING\n< +PONG\n* peer closes\n* close\n',
    '> RESET\n* reset\n',
    '> PING\n< +PONG\n* peer resets\n',
    'unordered:\n  > PING\n  > PING\n< +PONG\n< raw "+PONG"\n',
  ]) {
    const { exitCode, stderr } = await play(script);
    assert.equal(exitCode, 0, `${script}${stderr}`);
  }
  for (const [script, code, text] of [
    ['> PING\n* close\n', 3, /did not close \(it sent more\)/],
    ['> BYE\n< bye\n* reset\n', 3, /did not reset the connection \(it closed\)/],
    ['> expect /x/\n', 2, /a client can send bytes, and not \/x\//],
    ['* goto ready\n', 2, /a client cannot play goto/],
    ['= x\n', 2, /line 1/],
  ] as const) {
    const { exitCode, stderr } = await play(script);
    assert.equal(exitCode, code, stderr);
    assert.match(stderr, text);
  }
  const both = await runBrine(['send', address, 'x', '--script', 'a.script'], folder);
  assert.deepEqual(
    [both.exitCode, both.stderr],
    [2, '--script says all that is sent and expected\n'],
  );
  const gone = await runBrine(['send', address, '--script', 'gone.script'], folder);
  assert.match(gone.stderr, /gone\.script: there is no such file/);
});

test('brine send speaks TLS to who it is told to trust', { timeout: 60_000 }, async (context) => {
  const tls = { cert: certificatePath('server.pem'), key: certificatePath('server.key') };
  const server = await mock('secure', { framing: 'line', tls }).when('PING').reply('PONG').start();
  context.after(() => server.stop({ how: 'reset' }));
  const send = (...words: readonly string[]) =>
    runBrine(['send', server.address, 'PING', '--framing', 'line', ...words]);

  const trusted = await send('--ca', certificatePath('ca.pem'), '--servername', 'localhost');
  assert.deepEqual([trusted.exitCode, trusted.stdout, trusted.stderr], [0, 'PONG\n', '']);
  const unknown = await send('--tls');
  assert.equal(unknown.exitCode, 1);
  assert.match(unknown.stderr, /certificate/);
});

test('brine send writes what comes into a file, and takes standard input', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  const { address } = await redis(context);

  const { stdout } = await runBrine(['send', address, 'line "RAW"', '--output', 'out.bin'], folder);
  assert.equal(stdout, '');
  assert.deepEqual([...readFileSync(join(folder, 'out.bin'))], [0x00, 0xff]);
  const empty = await startBrine(['send', address, '-', '--within', '10ms']);
  assert.deepEqual([empty.exitCode, empty.stdout], [0, '']);
});

test('brine send ends with 2 for wrong words, and with 1 where nobody listens', {
  timeout: 60_000,
}, async (context) => {
  const server = await redis(context);
  for (const words of [
    ['nowhere', 'x'],
    [server.address, 'x', '--framing', 'crfl'],
    [server.address, 'x', '--within', 'soon'],
    [server.address, 'hex "0"'],
    [server.address, 'x', '--expect', '/(/'],
  ]) {
    assert.equal((await runBrine(['send', ...words])).exitCode, 2, words.join(' '));
  }
  const { address } = server;
  await server.stop();
  const refused = await runBrine(['send', address, 'x']);
  assert.equal(refused.exitCode, 1);
  assert.match(refused.stderr, /refused/);
});
