import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { shellLine, windowsShellLine } from '../../../src/steps/shell-line';

const posix = { skip: process.platform === 'win32' ? 'there is no sh' : false };

/** What `sh` prints for a line in which every reference has one value. */
function run(line: string, value: string): string {
  const { script, values } = shellLine(line, () => value);
  return execFileSync('/bin/sh', ['-c', script, 'sh', ...values], { encoding: 'utf8' });
}

const nasty = `a  b'c"d\\e$HOME$(echo x)\`echo y\`;*|&\n#`;

for (const line of [
  'printf %s ${match "v"}',
  'printf %s "${match "v"}"',
  "printf %s '${match 'v'}'",
  'printf %s "$(printf %s "${match "v"}")"',
  'printf %s "$( (printf %s "${match "v"}") )"',
  'sh -c \'printf %s "$1"\' x ${match "v"}',
] as const) {
  test(`a value is itself in the shell line ${line}`, posix, () => {
    assert.equal(run(line, nasty), nasty);
  });
}

test('values beside text and beside each other make one word', posix, () => {
  assert.equal(run('printf "<%s>" a${match "v"}\'b\'${match "v"}"c"', ' '), '<a b c>');
});

test('a shell line without references is left uncut', posix, () => {
  const line = 'a=1; printf "%s" "$((a + 1))" \'$a\' \\$a # rest';
  assert.deepEqual(
    shellLine(line, () => assert.fail()),
    { script: line, values: [] },
  );
});

test('$${ reaches the shell as ${', posix, () => {
  assert.equal(run('x=7; printf %s $${x}', ''), '7');
});

test('a line may take more than nine values', posix, () => {
  const { script, values } = shellLine('${a} '.repeat(11), ({ kind }) => kind);
  assert.ok(script.includes('"${11}"'));
  assert.equal(values.length, 11);
});

test('no value can inject anything into a shell line', posix, () => {
  const character = fc.constantFrom(...'\'"\\$()`;&|<> \n{}abc');
  const around = fc.constantFrom(['', ''], ['"', '"'], ["'", "'"], ['"$(printf %s "', '")"']);
  fc.assert(
    fc.property(fc.string({ unit: character }), around, (value, [before, after]) => {
      assert.equal(run(`printf '<%s>' ${before}\${match "v"}${after}`, `${value}.`), `<${value}.>`);
    }),
    { numRuns: 40 },
  );
});

test('the shell of Windows gets only values that mean nothing to it', () => {
  const line = 'type ${file "x"}';
  assert.equal(
    windowsShellLine(line, () => 'C:\\a\\b.txt'),
    'type C:\\a\\b.txt',
  );
  assert.throws(() => windowsShellLine(line, () => 'a & del b'), {
    message: 'the value of ${file "x"} cannot be quoted for the shell of Windows',
  });
});
