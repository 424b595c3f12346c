import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WriteStream } from 'node:tty';
import { countOf, paint, showsColour } from '../../../src/cli/print';

/** A stream that answers `hasColors` as Node's terminals do, for the environment given. */
function stream(isTTY: boolean, environment: NodeJS.ProcessEnv): NodeJS.WriteStream {
  const getColorDepth = () => WriteStream.prototype.getColorDepth.call(undefined, environment);
  const hasColors = () => getColorDepth() >= 4;
  return { isTTY, getColorDepth, hasColors } as unknown as NodeJS.WriteStream;
}

test('a terminal shows colour', () => {
  const terminal = stream(true, { TERM: 'xterm-256color' });

  assert.equal(showsColour(terminal), true);
  assert.equal(paint('red', 'refused', terminal), '\u001b[31mrefused\u001b[39m');
});

for (const [reason, refusing] of [
  ['NO_COLOR', stream(true, { TERM: 'xterm-256color', NO_COLOR: '1' })],
  ['a dumb terminal', stream(true, { TERM: 'dumb' })],
  ['a pipe', stream(false, { TERM: 'xterm-256color' })],
] as const) {
  test(`${reason} leaves text plain`, () => {
    assert.equal(paint('green', 'created', refusing), 'created');
  });
}

test('a count agrees with its noun', () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => countOf(count, 'step')),
    ['0 steps', '1 step', '2 steps'],
  );
});
