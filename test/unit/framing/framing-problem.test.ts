import assert from 'node:assert/strict';
import { test } from 'node:test';
import { framingError } from '../../../src/framing/framing-problem';

const rows = {
  'frame-too-large': 'ELIMIT',
  'bad-length': 'EFRAME',
  'bad-delimiter': 'EFRAME',
  'bad-escape': 'EFRAME',
  'bad-syntax': 'EFRAME',
  incomplete: 'EPEERCLOSED',
} as const;

for (const [code, wanted] of Object.entries(rows)) {
  test(`a ${code} problem is raised as ${wanted}`, () => {
    const problem = { code: code as keyof typeof rows, message: 'expected a, got b', offset: 7 };

    const error = framingError(problem, { connectionId: 'c1', bytesRead: 12 });

    assert.equal(error.code, wanted);
    assert.equal(error.phase, 'read');
    assert.equal(
      error.message,
      `read of a frame: expected a, got b (${code}, at byte 7 of the stream)`,
    );
    assert.equal(error.cause, problem);
    assert.equal(error.connectionId, 'c1');
    assert.equal(error.bytesRead, 12);
  });
}
