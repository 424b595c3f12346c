/** Sentences about the failure that the step before kept. */
import assert from 'node:assert/strict';
import { TcpError } from '../src/index';
import type { Step } from '../src/steps/index';
import { lastFailure, own } from './own';

export const failureSteps: readonly Step[] = [
  own('Then', 'that fails with {word}', 'that fails with ESTATE', (world, code) => {
    assert.equal(tcpError(lastFailure(world)).code, code);
  }),
  own(
    'Then',
    'that fails with {word} at the option {string}',
    'that fails with ECONFIG at the option "onConnect"',
    (world, code, field) => {
      const error = tcpError(lastFailure(world));
      assert.equal(error.code, code);
      assert.equal(error.field, field);
    },
  ),
  own(
    'Then',
    'the failure says {string} in the words of the original',
    'the failure says "Read timed out" in the words of the original',
    (world, text) => {
      assert.equal(tcpError(lastFailure(world)).compatMessage, text);
    },
  ),
  own(
    'Then',
    'the failure tells the phase {string} and both addresses',
    'the failure tells the phase "read" and both addresses',
    (world, phase) => {
      const error = tcpError(lastFailure(world));
      assert.equal(error.phase, phase);
      assert.ok(error.local !== undefined && error.local.port > 0, 'no local address');
      assert.ok(error.remote !== undefined && error.remote.port > 0, 'no remote address');
      assert.match(error.message, /127\.0\.0\.1:\d+ → 127\.0\.0\.1:\d+/);
    },
  ),
];

function tcpError(error: unknown): TcpError {
  assert.ok(TcpError.is(error), `expected a TcpError, got ${String(error)}`);
  return error;
}
