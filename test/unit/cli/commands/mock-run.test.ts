import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { annotate } from '../../../../src/cli/annotations';
import { mock } from '../../../../src/mock/mock-builder';
import { readMockText } from '../../../../src/mock/mock-file';
import { Client } from '../../../../src/tcp/client';
import { BrineProcess } from '../brine-process';
import { runBrine } from '../run-brine';
import { temporaryFolder } from '../temporary-folder';

const script = `version: 1
mocks:
  - name: mail
    framing: crlf
    script: [{ send: 220 ready }, { expect: QUIT }, { close: end }]
`;

test('brine mock run ends when scripts were played, with a verdict for JUnit', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'mail.yaml'), script);
  const run = new BrineProcess(context, folder, [
    'mock',
    'run',
    'mail.yaml',
    '--exit-after-script',
    '--junit',
    'j.xml',
  ]);
  const { port } = await run.event('listening');
  const client = await Client.connect('127.0.0.1', Number(port));
  await client.readUntil(Buffer.from('\n'));
  await client.writeBytes(Buffer.from('QUIT\r\n'));
  await client.close();

  const { code, reason } = await run.event('stopped');
  assert.deepEqual([code, reason, await run.end()], [0, 'script', 0]);
  assert.match(
    readFileSync(join(folder, 'j.xml'), 'utf8'),
    /<testcase classname="brine mock" name="mail"\/>/,
  );
});

test('brine mock run ends with 3 when a script was not played, and with 1 when a port is taken', {
  timeout: 60_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'mail.yaml'), script);
  const late = await runBrine(
    ['mock', 'run', 'mail.yaml', '--exit-after', '1ms', '--seed', '7'],
    folder,
  );
  assert.equal(late.exitCode, 3);
  assert.match(late.stderr, /mock "mail" did not play its script: nobody connected/);
  assert.match(late.stdout, /"event":"starting".*"seed":7/);

  await using other = await mock('other').start();
  writeFileSync(
    join(folder, 'taken.yaml'),
    `version: 1\nmocks: [{ name: taken, listen: ${other.port} }]\n`,
  );
  const taken = await runBrine(['mock', 'run', 'taken.yaml'], folder);
  assert.equal(taken.exitCode, 1);
  assert.match(taken.stdout, /"event":"stopped".*"code":1/);
  const twice = await runBrine(['mock', 'run', 'mail.yaml', 'mail.yaml'], folder);
  assert.deepEqual(
    [twice.exitCode, twice.stderr],
    [2, 'mock "mail" is in mail.yaml and in mail.yaml: names must differ\n'],
  );
  const seed = await runBrine(['mock', 'run', 'mail.yaml', '--seed', 'x'], folder);
  assert.deepEqual([seed.exitCode, seed.stderr], [2, '--seed must be a whole number\n']);
  const limit = await runBrine(['mock', 'run', 'mail.yaml', '--exit-after', 'soon'], folder);
  assert.equal(limit.exitCode, 2);
});

test('failures become annotations where GitHub Actions runs, and nowhere else', (context) => {
  const { GITHUB_ACTIONS: before } = process.env;
  context.after(() => {
    if (before === undefined) delete process.env['GITHUB_ACTIONS'];
    else process.env['GITHUB_ACTIONS'] = before;
  });
  const lines: string[] = [];
  const terminal = {
    folder: '.',
    print: () => undefined,
    printProblem: (text: string) => lines.push(text),
  };
  const reports = [readMockText(script)];
  const verdicts = [{ mock: 'mail', failures: ['50 %\nof it'], text: '' }];

  delete process.env['GITHUB_ACTIONS'];
  annotate(terminal, reports, verdicts);
  process.env['GITHUB_ACTIONS'] = 'true';
  annotate(terminal, reports, verdicts);

  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^::error file=.*,line=3::50 %25%0Aof it$/);
});

test('brine mock explain and validate say what is wrong with their words', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(
    join(folder, 'two.yaml'),
    'version: 1\nmocks: [{ name: a }, { name: b, rules: [{ when: { any: true }, then: x }, { when: A, then: y }, { when: { any: true } , then: z }] }]\n',
  );
  const explain = await runBrine(['mock', 'explain', 'two.yaml', 'A'], folder);
  assert.deepEqual(
    [explain.exitCode, explain.stderr.trim().split('\n').at(-1)],
    [2, 'say which mock with --mock: "a", "b"'],
  );
  const found = await runBrine(
    ['mock', 'explain', 'two.yaml', 'hex "41"', '--mock', 'b', '--json'],
    folder,
  );
  assert.equal(found.exitCode, 0, found.stderr);
  const strict = await runBrine(['mock', 'validate', 'two.yaml', '--warnings-as-errors'], folder);
  assert.equal(strict.exitCode, 2);
  assert.match(strict.stderr, /never reached: .*\(warning\)/);
  const gone = await runBrine(['mock', 'validate', 'gone.yaml'], folder);
  assert.match(gone.stderr, /^gone\.yaml:1:1 {2}there is no such file/);
});
