/** Messages of text protocols, valid ones and nearly valid ones. */
import fc from 'fast-check';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const binary = fc
  .uint8Array({ maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));
const word = fc.string({ unit: fc.constantFrom('a', 'B', '7', ' '), maxLength: 8 });

const redisTexts: fc.Arbitrary<string> = fc.letrec<{ value: string; leaf: string; group: string }>(
  (tie) => ({
    leaf: fc.oneof(
      fc.tuple(fc.constantFrom('+', '-', ':', '(', ',', '#'), word).map(([t, w]) => `${t}${w}\r\n`),
      fc.constantFrom('_\r\n', '$-1\r\n', '*-1\r\n', '*0\r\n', '%0\r\n', '$?\r\n;0\r\n'),
      fc
        .tuple(fc.constantFrom('$', '!', '='), binary)
        .map(([type, data]) => `${type}${data.length}\r\n${data}\r\n`),
      fc
        .array(
          binary.filter((part) => part !== ''),
          { maxLength: 3 },
        )
        .map((parts) =>
          ['$?\r\n', ...parts.map((p) => `;${p.length}\r\n${p}\r\n`), ';0\r\n'].join(''),
        ),
    ),
    group: fc.oneof(
      fc
        .tuple(fc.constantFrom('*', '~', '>'), fc.array(tie('value'), { maxLength: 3 }))
        .map(([type, items]) => `${type}${items.length}\r\n${items.join('')}`),
      fc
        .tuple(fc.constantFrom('*?', '~?'), fc.array(tie('value'), { maxLength: 3 }))
        .map(([type, items]) => `${type}\r\n${items.join('')}.\r\n`),
      fc
        .array(fc.tuple(tie('leaf'), tie('value')), { maxLength: 2 })
        .map((pairs) => `%${pairs.length}\r\n${pairs.flat().join('')}`),
      fc
        .array(fc.tuple(tie('leaf'), tie('value')), { maxLength: 2 })
        .map((pairs) => `%?\r\n${pairs.flat().join('')}.\r\n`),
      fc.tuple(tie('leaf'), tie('value')).map(([key, value]) => `|1\r\n${key}:1\r\n${value}`),
    ),
    value: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('group')),
  }),
).value;

/** Whole Redis values of all types, nested ones and streamed ones too. */
export const redisValues: fc.Arbitrary<Uint8Array> = redisTexts.map(latin1);

/** Pieces of Redis values, whole and broken. */
export const redisNoise: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.constantFrom(
      '*2\r\n',
      '$',
      '*?\r\n',
      '.\r\n',
      ';3\r\n',
      '-1\r\n',
      '%?\r\n',
      '\n',
      '\r',
      '9',
    ),
    { maxLength: 5 },
  )
  .map((parts) => latin1(parts.join('')));

const heads = fc.constantFrom(
  'GET /a?b HTTP/1.1\r\n',
  'POST / HTTP/1.0\r\n',
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 404\r\n',
);
const fields = fc.constantFrom('', 'Host: a\r\n', 'x: \r\nY-z:\tb, c \r\n');
const trailers = fc.constantFrom('', 'Digest: a\r\n', 'A: b\r\nC: d\r\n');
const extensions = fc.constantFrom('', ';a=b', ' ;q="x"');

const bodies: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(binary, fc.constantFrom('Content-Length', 'content-length'))
    .map(([body, name]) => `${name}: ${body.length}\r\n\r\n${body}`),
  fc
    .tuple(fc.array(fc.tuple(binary, extensions), { maxLength: 3 }), trailers)
    .map(([chunks, fieldsBehind]) => {
      const parts = chunks
        .filter(([data]) => data !== '')
        .map(([data, extension]) => `${data.length.toString(16)}${extension}\r\n${data}\r\n`);
      return `Transfer-Encoding: gzip, Chunked\r\n\r\n${parts.join('')}0\r\n${fieldsBehind}\r\n`;
    }),
);
const bodyless = fc
  .tuple(
    fc.constantFrom('HTTP/1.1 204 No Content', 'HTTP/1.1 100 Continue', 'GET / HTTP/1.1'),
    fields,
  )
  .map(([start, rest]) => `${start}\r\n${rest}\r\n`);

/** Whole HTTP/1 messages whose end is in the message. */
export const httpMessages: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    bodyless,
    fc.tuple(heads, fields, bodies).map((parts) => parts.join('')),
  )
  .map(latin1);

/** Pieces of HTTP/1 messages, whole and broken. */
export const httpNoise: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.constantFrom(
      '\r\n',
      '\n',
      'HTTP/1.1 200 OK\r\n',
      'Content-Length: 3\r\n',
      'Transfer-Encoding: chunked\r\n',
      ' folded\r\n',
      '0\r\n',
      '5;x\r\n',
    ),
    { maxLength: 5 },
  )
  .map((parts) => latin1(parts.join('')));
