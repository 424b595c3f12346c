import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delimiter, line } from '../../../src/framing/delimiter';
import type { Framer } from '../../../src/framing/framer';
import { http1 } from '../../../src/framing/http1';
import { resp } from '../../../src/framing/resp';
import { startEnd } from '../../../src/framing/start-end';

interface Case {
  readonly framer: Framer;
  /** Looked at by both calls: a start, or a header. */
  readonly head?: string;
  /** Looked at by the first call alone. */
  readonly seen: string;
  /** Looked at by both calls, since it may be the start of what follows. */
  readonly tail?: string;
  /** Completes the frame. */
  readonly rest: string;
  /** What a look would react to, of the length of `seen` when repeated. */
  readonly spoilt: string;
}

const head = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';
const cases: Readonly<Record<string, Case>> = {
  'a line': { framer: line(), seen: 'abcd', rest: 'e\n', spoilt: '\n' },
  'a delimiter of two bytes': {
    framer: delimiter(Buffer.from('||')),
    seen: 'abcd',
    tail: '|',
    rest: '|',
    spoilt: '||',
  },
  'a start and an end': {
    framer: startEnd(Buffer.from('<'), Buffer.from('>')),
    head: '<',
    seen: 'abcd',
    rest: '>',
    spoilt: '>',
  },
  'a start and an end with an escape': {
    framer: startEnd(Buffer.from('<'), Buffer.from('>'), { escape: Buffer.from('\\') }),
    head: '<',
    seen: 'ab\\>',
    rest: 'c>',
    spoilt: '>',
  },
  'a Redis line': { framer: resp(), head: '+', seen: 'abcd', rest: '\r\n', spoilt: '\n' },
  'a Redis array': { framer: resp(), seen: '*2\r\n:1\r\n', tail: ':', rest: '2\r\n', spoilt: '!' },
  'an HTTP head': {
    framer: http1(),
    seen: 'GET / HTTP/1.1\r\n',
    tail: 'A: ',
    rest: 'b\r\n\r\n',
    spoilt: '\n',
  },
  'HTTP chunks': { framer: http1(), seen: `${head}3\r\nabc\r\n`, rest: '0\r\n\r\n', spoilt: '\n' },
};

// The hint is trusted: what it covers may be spoilt without a look noticing.
for (const [name, row] of Object.entries(cases)) {
  test(`${name} is not looked at again when more has come`, () => {
    const { framer, head: start = '', seen, tail = '', rest, spoilt } = row;
    const spoiltBytes = spoilt.repeat(seen.length).slice(0, seen.length);
    const first = framer.decode(Buffer.from(start + seen + tail), false);
    const buffer = Buffer.from(start + spoiltBytes + tail + rest);

    const resumed = framer.decode(buffer, false, first.resume);
    const fresh = framer.decode(buffer, false);

    assert.deepEqual(
      resumed.frames.map(({ end }) => end),
      [buffer.length],
    );
    assert.notEqual(fresh.frames[0]?.end, buffer.length);
  });
}
