import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ScenarioCommand } from '../../../src/steps/scenario-command';
import { isAlive } from './program-under-test';
import { openScenario } from './spoken-scenario';

const limits = { timeout: 60_000 };

test('a command that runs to its end has an empty stdin', limits, async (t) => {
  const { say } = await openScenario(t);

  await say('command runs `cat` successfully');

  await say('the command prints exactly "" on stdout');
});

test('a command that must succeed and does not shows what it said', limits, async (t) => {
  const { failure } = await openScenario(t);

  const text = await failure('command "probe" runs `sh -c \'echo lost >&2; exit 4\'` successfully');

  assert.match(
    text,
    /^command "probe" did not exit with code 0 \(it exited with code 4 after \d+ ms\)\n/,
  );
  assert.match(text, /\n {2}ran: sh -c 'echo lost >&2; exit 4'\n/);
  assert.match(text, /\n {2}stderr \(last line\):\n {4}lost\n {2}stdout: nothing\n/);
  assert.match(text, /\n {2}seed \d+ {3}folder kept: \S+a-scenario-3$/);
});

test('a program that is not found fails its step with a reason', limits, async (t) => {
  const { failure } = await openScenario(t);

  const text = await failure('a command "server" running `no-such-x --at home`');

  assert.match(text, /^command "server" could not start: "no-such-x" not found \(looked in/);
  assert.match(text, /\n {2}ran: no-such-x --at home\n/);
});

test('a command that does not end within its exit timeout says so', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say('a 50 ms exit timeout for command "slow"');

  const text = await failure('command "slow" runs `sleep 300`');

  assert.match(
    text,
    /^command "slow" did not end within 50 ms \(waited \d+ ms; it is still running\)/,
  );
});

test(
  'a step that waits for output fails at once when the program has exited',
  limits,
  async (t) => {
    const { say, failure } = await openScenario(t, { timeout: '50s' });
    await say('a command "server" running `sh -c \'echo reads; exit 1\'`');

    const text = await failure('the command "server" prints "ready"');

    assert.match(
      text,
      /^command "server" did not print "ready" \(waited \d+ ms; it exited with code 1/,
    );
  },
);

test(
  'a step that waits for output ends with its time while the program runs',
  limits,
  async (t) => {
    const { say, failure } = await openScenario(t);
    await say('a command "server" running `sh -c \'echo Ready; sleep 300\'`');
    await say('the command prints "Ready"');

    const text = await failure('the command "server" prints "ready" within 30 ms');

    assert.match(
      text,
      /^command "server" did not print "ready" \(waited \d+ ms; it is still running\)/,
    );
  },
);

for (const [what, script, sentence, hint] of [
  [
    'on the other channel',
    'echo ready >&2',
    'the command prints "ready" on stdout',
    'it is on stderr',
  ],
  [
    'in another case',
    'echo READY',
    'the command prints "ready"',
    'equal when case is ignored; matching is byte-exact, use output matching /…/i if you mean that',
  ],
  [
    'with other line ends',
    'printf "a\\r\\nb"',
    'the command prints "a\\nb"',
    'the same came with CR LF where LF was wanted',
  ],
] as const) {
  test(`output that came ${what} is pointed out`, limits, async (t) => {
    const { say, failure } = await openScenario(t);
    await say(`command runs \`sh -c '${script}'\``);

    assert.ok((await failure(sentence)).includes(`\n  hint: ${hint}\n`));
  });
}

test('output that an earlier step found is pointed out', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say('command runs `echo one two`');
  await say('the command prints "two"');

  const text = await failure('the command prints "one"');

  assert.match(text, /hint: it was printed before what an earlier step found/);
});

test('output that comes too late is told, with how late', limits, async (t) => {
  const { world, say, failure } = await openScenario(t);
  await say("a command running `sh -c 'read line; echo got $line'`");
  const waiting = failure('the command prints "got" within 1 ms');
  // The limit must have passed, which nothing tells; what comes is still watched for half a second.
  await world.clock.sleep('20ms');
  await say('the command is given "it\\n" on stdin');

  assert.match(await waiting, /hint: it came \d+ ms after the deadline/);
});

test('an address in the output is called by the name of its owner', limits, async (t) => {
  const { world, say, failure } = await openScenario(t);
  await say('a listener "mail" that echoes');
  await say('a free port "web"');
  await say(
    'command runs `echo cannot reach ${listener "mail"}, localhost:${port "web"} or 127.0.0.1:1`',
  );

  const text = await failure('the command prints "ok"');

  const mail = world.named('listener').get({ name: 'mail' }).address;
  assert.match(
    text,
    new RegExp(
      `hint: 127.0.0.1:${mail?.port} is listener "mail"; it accepted 0 connections and is listening`,
    ),
  );
  assert.match(
    text,
    new RegExp(`hint: localhost:${world.freePorts.get('web')} is the free port "web"`),
  );
  assert.ok(!text.includes('127.0.0.1:1 is'));
});

test('colours and control characters of a program do not reach a message', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say("command runs `printf '\\033[31mred\\033[0m\\a\\tx\\n'`");

  const text = await failure('the command prints "green"');

  assert.match(text, /\n {4}red\\x07\tx\n/);
});

test('what is compared exactly shows the first difference', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say("command runs `printf 'one\\ntwo\\n'`");

  await say('the command prints exactly:', 'one\ntwo');
  await say('the command prints exactly "one\\ntwo\\n" on output');
  const text = await failure('the command prints exactly:', 'one\ntoo');

  assert.match(text, /^command printed something else than expected \(it exited with code 0/);
  assert.match(text, /first difference at byte 5 \(line 2, column 2\)/);
});

test('line ends may be CR LF where text is compared', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say("command runs `printf 'one\\r\\ntwo\\r\\nthree'`");

  await say('the command prints:', 'one\ntwo');
  await say('the command prints exactly:', 'one\ntwo\nthree');
  await failure('the command prints exactly "one\\ntwo\\nthree" on stdout');
});

test('output where nothing was expected is shown', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say("command runs `sh -c 'echo oops >&2'`");

  await say('the command prints nothing on stdout');
  assert.match(
    await failure('the command prints nothing on stderr'),
    /^command printed 5 bytes on stderr, where nothing was expected/,
  );
});

test('what must not be printed is found on either channel, with its place', limits, async (t) => {
  const { say, failure } = await openScenario(t, { redact: ['s3cret'] });
  await say("command runs `sh -c 'echo hello; echo the s3cret is out >&2'`");

  await say('the command has not printed "password"');
  const text = await failure('the command has not printed "s3cret"');

  assert.match(text, /^command has printed "\*{6}", at byte 4 of stderr/);
  assert.ok(!text.includes('s3cret'));
});

test('output that was not kept cannot be judged', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say('command runs `node -e "process.stdout.write(\'x\'.repeat(2_000_000))"`');

  const text = await failure('the command has not printed "y"');

  assert.match(
    text,
    /^command printed too much to judge: of .* on stdout, .* in the middle were not kept/,
  );
});

test('named groups of a match are values for later steps', limits, async (t) => {
  const { say } = await openScenario(t);
  await say('command runs `echo port 4711`');
  await say('the command prints output matching /port (?<number>\\d+)/');

  await say('command runs `echo ${match "number"}`');

  await say('the command prints exactly "4711\\n" on stdout');
});

test('a command cannot be changed or started while it runs', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say('a command "server" running `sleep 300`');
  const text = 'command "server" is already running; say this before it starts';

  assert.equal(await failure('the command has the environment variable "A" set to "b"'), text);
  assert.equal(await failure('the command has no environment variable "A"'), text);
  assert.equal(await failure('the command starts in the directory "fixtures"'), text);
  assert.equal(await failure('the command has the file "x" containing:', 'y'), text);
  assert.equal(
    await failure('a command "server" running `true`'),
    'command "server" is already running; end it first, or give the other program a name of its own',
  );
});

test(
  'a command that was never started is told apart from one that is unknown',
  limits,
  async (t) => {
    const { say, failure } = await openScenario(t);
    await say('a 1 s exit timeout for command "server"');

    assert.equal(
      await failure('the command "server" prints "x"'),
      'command "server" was never started',
    );
    assert.match(
      await failure('the command "sever" prints "x"'),
      /^there is no command "sever" \(did you mean "server"\?/,
    );
  },
);

test('the environment is inherited, without the options of the runner', limits, async (t) => {
  const { world, say } = await openScenario(t);
  process.env['BRINE_TEST_INHERITED'] = 'yes';
  process.env['BRINE_TEST_REMOVED'] = 'no';
  process.env['NODE_OPTIONS'] = '--stack-trace-limit=11';
  t.after(() => {
    for (const name of ['BRINE_TEST_INHERITED', 'BRINE_TEST_REMOVED', 'NODE_OPTIONS']) {
      Reflect.deleteProperty(process.env, name);
    }
  });
  await say('the command has no environment variable "BRINE_TEST_REMOVED"');
  await say('the command has the environment:', [
    ['name', 'value'],
    ['GREETING', "it's ${seed}"],
  ]);

  await say('command runs `env`');

  const { output } = world.named<ScenarioCommand>('command').get({}).program;
  const lines = output.whole('stdout')?.toString().split('\n') ?? [];
  assert.ok(lines.includes('BRINE_TEST_INHERITED=yes'));
  assert.ok(lines.includes(`GREETING=it's ${world.seed}`));
  assert.ok(lines.includes(`BRINE_SEED=${world.seed}`));
  assert.ok(lines.includes(`BRINE_SCENARIO_DIR=${world.folder.path}`));
  assert.ok(!lines.some((line) => /^(BRINE_TEST_REMOVED|NODE_OPTIONS)=/.test(line)));
});

test('an environment table needs its columns', limits, async (t) => {
  const { say } = await openScenario(t);

  await assert.rejects(say('the command has the environment:', [['A', 'b']]), {
    message: 'the environment is a table with the columns "name" and "value"',
  });
});

test('a file is written into the folder of the scenario, and nowhere else', limits, async (t) => {
  const { world, say, failure } = await openScenario(t);
  await say('the command has the file "etc/app.conf" containing:', 'at ${directory}\nto $${x}');

  await say('command runs `cat etc/app.conf` successfully');

  await say('the command prints exactly:', `at ${world.folder.path}\nto \${x}`);
  for (const path of ['../x', '/tmp/x', 'etc/../../x', '.']) {
    assert.equal(
      await failure(`the command has the file "${path}" containing:`, 'x'),
      `the path "${path}" leaves the scenario folder`,
    );
  }
  assert.equal(existsSync(join(world.folder.path, '..', 'x')), false);
});

test(
  'a command starts in the folder that was named, relative to the feature',
  limits,
  async (t) => {
    const { feature, say, failure } = await openScenario(t);
    await say('the command starts in the directory "fixtures"');

    await say('command runs `pwd -P`');

    await say(`the command prints "${join(feature, 'fixtures')}\\n"`);
    assert.match(
      await failure('the command starts in the directory "gone"'),
      /^folder "gone" not found/,
    );
  },
);

test('a shell line redirects, and its values stay whole', limits, async (t) => {
  const { world, say } = await openScenario(t);
  await say("command runs `printf '%s' \"a 'b' $HOME;\"`");
  await say('the command prints output matching /(?<odd>.*)/');

  await say(
    'command runs `echo ${match "odd"} > out.txt; echo "<${match "odd"}>" >> out.txt` in a shell',
  );

  const written = readFileSync(world.folder.inside('out.txt'), 'utf8');
  assert.equal(written, "a 'b' $HOME;\n<a 'b' $HOME;>\n");
});

for (const [reference, message] of [
  ['${mock "mial"}', 'nothing called mock "mial" to put here'],
  ['${listener "ecko"}', 'nothing called listener "ecko" to put here (did you mean "echo"?)'],
  ['${port "wbe"}', 'nothing called port "wbe" to put here (did you mean "web"?)'],
  ['${match "x"}', 'nothing called match "x" to put here'],
  ['${listener "echo" prt}', '${listener "echo" prt}: expected host or port at its end'],
  ['${command "server"}', '${command "server"}: expected pid at its end'],
  ['${port}', '${port} needs a name, as in ${port "x"}'],
  [
    '${HOMER}',
    'nothing called HOMER to put here; write ${env HOMER} for a variable of the environment, $${ for a literal ${',
  ],
  ['${env BRINE_NOT_SET_X}', 'nothing called env "BRINE_NOT_SET_X" to put here'],
] as const) {
  test(`${reference} is refused when there is no such thing`, limits, async (t) => {
    const { say, failure } = await openScenario(t);
    await say('a listener "echo" that echoes');
    await say('a free port "web"');

    assert.equal(await failure(`command runs \`echo ${reference}\``), message);
  });
}

test(
  'values give addresses, ports, process ids, paths, the seed and the environment',
  limits,
  async (t) => {
    const { world, feature, say } = await openScenario(t);
    await say('a listener "echo" that echoes');
    await say('a command "server" running `sleep 300`');
    const { address } = world.named('listener').get({});
    const { pid } = world.named<ScenarioCommand>('command').get({}).program;

    await say(
      'command "x" runs `echo ${listener} ${listener "echo" host} ${listener port} ${command "server" pid} ${file "fixtures"} ${directory} ${seed} ${env PATH}`',
    );

    const port = address?.port;
    await say(
      'the command "x" prints exactly:',
      [
        `127.0.0.1:${port} 127.0.0.1 ${port} ${pid} ${join(feature, 'fixtures')}`,
        `${world.folder.path} ${world.seed} ${process.env['PATH']}`,
      ].join(' '),
    );
  },
);

test(
  'bytes for a command that has exited, or whose stdin has ended, are refused',
  limits,
  async (t) => {
    const { say, failure } = await openScenario(t);
    await say('a command "server" running `sleep 300`');
    await say('the stdin of the command ends');
    assert.match(
      await failure('the command is given "x" on stdin'),
      /^command "server" cannot be given anything: its stdin has ended \(it is still running\)/,
    );
    assert.match(await failure('the stdin of the command ends'), /its stdin has ended/);

    await say('the command is killed');
    assert.match(
      await failure('the command is given "x" on stdin'),
      /^command "server" cannot be given anything: it has exited \(it was ended by SIGKILL after/,
    );
  },
);

test('a command that is not running cannot be ended', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say('command "x" runs `true`');

  assert.match(
    await failure('the command is stopped'),
    /^command "x" could not be stopped: it was not running/,
  );
  assert.match(
    await failure('the command is killed'),
    /^command "x" could not be killed: it was not running/,
  );
  assert.match(
    await failure('the command is frozen'),
    /^command "x" was not running, so SIGSTOP reached nobody/,
  );
});

test('an unknown signal is refused', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say('a command running `sleep 300`');

  assert.equal(
    await failure('the command is sent the signal "SIGHUB"'),
    'unknown signal "SIGHUB" (did you mean "SIGHUP"?)',
  );
});

for (const [sentence, text] of [
  ['the command exits with code 0', 'did not exit with code 0 (it exited with code 3'],
  ['the command exits successfully', 'did not exit with code 0 (it exited with code 3'],
  [
    'the command is ended by the signal "SIGTERM"',
    'was not ended by SIGTERM (it exited with code 3',
  ],
  ['the command is still running', 'is not running (it exited with code 3'],
  ['the command exits with code 3 within 1 s', ''],
  ['the command exits with an error', ''],
] as const) {
  test(`"${sentence}" of an exit with 3 ${text === '' ? 'passes' : 'fails'}`, limits, async (t) => {
    const { say, failure } = await openScenario(t);
    await say("command runs `sh -c 'exit 3'`");

    if (text === '') await say(sentence);
    else assert.ok((await failure(sentence)).startsWith(`command ${text}`));
  });
}

test('an end by a signal is neither a success nor an error', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say('a command running `sleep 300`');
  await say('the command is sent the signal "SIGINT"');

  await say('the command is ended by the signal "SIGINT"');
  assert.match(await failure('the command exits with an error'), /it was ended by SIGINT after/);
  assert.match(await failure('the command exits successfully'), /it was ended by SIGINT after/);
});

test('a command can be started again when it has exited, with new output', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say('command "x" runs `echo first`');
  await say('command "x" runs `echo second`');

  await say('the command "x" prints exactly "second\\n" on stdout');
  assert.match(await failure('the command "x" prints "first"'), /did not print "first"/);
});

test('connections are accepted, and what the server says first is not reset', limits, async (t) => {
  const { world, say } = await openScenario(t);
  await say('a free port "web"');
  const server =
    "require('net').createServer((s) => s.on('error', (e) => console.log(e.code)).on('close', () => console.log('closed')).end('welcome'))";
  await say(`a command running \`node -e "${server}.listen(\${port 'web'}, '127.0.0.1')"\``);

  await say('the command accepts connections on the free port "web" within 20 s');

  await say('the command prints "closed"');
  await say('the command has not printed "ECONNRESET"');
  assert.deepEqual(world.world.scope.leaks().connections, []);
});

test('a server that has ended is not waited for', limits, async (t) => {
  const { say, failure } = await openScenario(t, { timeout: '50s' });
  await say('a free port "web"');
  await say('a command "server" running `sh -c \'echo no; exit 1\'`');

  const text = await failure('the command accepts connections on the free port "web"');

  assert.match(
    text,
    /^command "server" does not accept connections on 127\.0\.0\.1:\d+, last attempt: ECONNREFUSED \(waited \d+ ms; it exited with code 1/,
  );
});

test('a server that does not listen is waited for as long as was said', limits, async (t) => {
  const { say, failure } = await openScenario(t);
  await say('a free port "web"');
  await say('a command "server" running `sleep 300`');

  const text = await failure(
    'the command accepts connections on the free port "web" within 120 ms',
  );

  assert.match(text, /last attempt: ECONNREFUSED \(waited \d+ ms; it is still running\)/);
});

test(
  'everything a scenario has started is gone when it ends, and force is told',
  limits,
  async (t) => {
    const { world, say } = await openScenario(t);
    await say(
      'a command "stubborn" running `sh -c \'trap "" TERM; sleep 300 & echo $!; while :; do wait; done\'`',
    );
    await say('the command prints output matching /(?<child>\\d+)/');
    await say('a command "gentle" running `sleep 300`');
    const pids = world.named<ScenarioCommand>('command').all.map(({ program }) => program.pid);
    const child = Number(Buffer.from(world.matches.get('child') ?? []).toString());

    const leaks = await world.end();

    assert.deepEqual([...pids, child].filter(isAlive), []);
    assert.deepEqual(world.warnings, [
      'command "stubborn" did not end within 2 s of SIGTERM and was killed',
    ]);
    assert.equal(leaks?.clean, true);
  },
);

test('commands refuse the simulated network', limits, async (t) => {
  const { world, failure } = await openScenario(t, { network: 'simulated' });
  const text =
    'command steps run real programs and need the real network; this scenario is @simulated';
  Object.defineProperty(world, 'run', { value: (body: () => unknown) => body() });
  Object.defineProperty(world, 'clock', { value: { kind: 'virtual' } });

  assert.equal(await failure('command runs `true`'), text);
  assert.equal(await failure('the command prints "x"'), text);
  assert.equal(await failure('the command has no environment variable "A"'), text);
});
