import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SecretLines } from '../../../src/capture/secret-lines';

test('a line that both ends report is new once', () => {
  const lines = new SecretLines();

  assert.equal(lines.add('c1', 'a'), true);
  assert.equal(lines.add('s1', 'a'), false);
  assert.equal(lines.add('s1', 'b'), true);
  assert.deepEqual(lines.all, ['a', 'b']);
});

test('lines of open connections stay, those of ended ones go after some time', () => {
  const lines = new SecretLines();
  lines.add('c1', 'open');
  for (let number = 2; number <= 1_000; number++) {
    lines.add(`c${number}`, `line ${number}`);
    lines.end(`c${number}`);
    lines.end(`s${number}`);
  }

  const { all } = lines;

  assert.equal(all.length, 65);
  assert.ok(all.includes('open'));
  assert.ok(all.includes('line 1000'));
});

test('the end of a connection without lines changes nothing', () => {
  const lines = new SecretLines();

  lines.end('c1');
  lines.add('c1', 'late');

  assert.deepEqual(lines.all, ['late']);
});
