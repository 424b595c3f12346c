import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TlsMatrixCase, tlsMatrixHtml } from '../../../src/report/tls-matrix-html';

const base: TlsMatrixCase = {
  version: 'TLS 1.3',
  direction: 'to the server',
  place: 'ClientHello, header',
  fault: 'flip',
  verdict: 'expected',
  client: 'alert',
  server: 'not-tls',
};
const cases: readonly TlsMatrixCase[] = [
  base,
  base,
  { ...base, place: 'ClientHello, random', verdict: 'never', client: 'secured', server: 'secured' },
  { ...base, fault: 'FIN', client: 'closed', replay: 'brine fuzz --case 4', lasted: '3 ms' },
  { ...base, version: 'TLS 1.2', fault: 'stall', verdict: 'survived', client: 'secured' },
  { ...base, direction: 'to the client', verdict: 'wrong', client: 'closed' },
];

test('a matrix has a grid for each version and direction, and folds equal cells', () => {
  const html = tlsMatrixHtml(cases);

  const captions = [...html.matchAll(/<caption>(.*?)<\/caption>/g)].map((match) => match[1]);
  assert.deepEqual(captions, [
    'TLS 1.3, to the server',
    'TLS 1.2, to the server',
    'TLS 1.3, to the client',
  ]);
  assert.match(html, /&#183;<small>&#215;2<\/small>/);
  assert.match(html, /<th scope="row">FIN<\/th>/);
  assert.match(html, /<th scope="col"><span>ClientHello, random<\/span>/);
});

test('a matrix says first how many cases must never happen, and lists outcomes worst first', () => {
  const html = tlsMatrixHtml(cases, 'cuts');

  assert.match(
    html,
    /<p class="sum bad">6 cases &#183; 5 outcomes &#183; 1 that must never happen/,
  );
  const order = [...html.matchAll(/<b class="(\w+)">/g)].map((match) => match[1]);
  assert.deepEqual(order, ['never', 'wrong', 'survived', 'expected', 'expected']);
  assert.match(html, /client alert, server not-tls <i>2<\/i>/);
  assert.match(tlsMatrixHtml([]), /<p class="sum ">0 cases/);
});

test('each cell of a matrix leads to what it was, and to the command that runs it again', () => {
  const html = tlsMatrixHtml(cases);

  assert.match(html, /href="#c3" aria-label="FIN at ClientHello, header: expected failure"/);
  assert.match(html, /<section id="c3">.*<dd>brine fuzz --case 4<\/dd>/);
  assert.match(html, /body:has\(#o0:checked\) \.grid a:not\(\.o0\)\{opacity:\.2\}/);
});

test('a matrix has no script, and none can come in by names', () => {
  const html = tlsMatrixHtml([{ ...base, place: '<script>alert(1)</script>', client: '"><b>' }]);

  assert.doesNotMatch(html, /<script|<b>|script-src/);
  assert.match(html, /^[\n\x20-\x7e]*$/);
});
