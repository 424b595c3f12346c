import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '../../../../src/base/address';
import type { RealConnection } from '../../../../src/network/real/connection-facts';
import { Pairing } from '../../../../src/network/real/pairing';

function at(host: string, port: number): Address {
  return { host, port, family: host.includes(':') ? 'IPv6' : 'IPv4' };
}

/** As much of a dial as pairing looks at. */
function dialled(local: Address, remote: Address): RealConnection {
  return { local, remote } as RealConnection;
}

const near = at('127.0.0.1', 50_000);
const far = at('127.0.0.1', 80);

test('the accepted end finds the dial with mirrored addresses, once', () => {
  const pairing = new Pairing();
  pairing.opened(80, 'mail');
  const dial = dialled(near, far);

  pairing.expect(dial);

  assert.equal(pairing.match(far, at('127.0.0.1', 50_001)), undefined);
  assert.equal(pairing.match(at('127.0.0.2', 80), near), undefined);
  assert.equal(pairing.match(far, near), dial);
  assert.equal(pairing.match(far, near), undefined);
});

test('an endpoint for both families finds the dial behind a mapped address', () => {
  const pairing = new Pairing();
  pairing.opened(80, 'mail');
  const dial = dialled(near, far);

  pairing.expect(dial);

  assert.equal(pairing.match(at('::ffff:127.0.0.1', 80), at('::ffff:127.0.0.1', 50_000)), dial);
});

test('a dial towards strangers leaves nothing', () => {
  const pairing = new Pairing();

  pairing.expect(dialled(near, far));
  pairing.opened(80, 'mail');

  assert.equal(pairing.match(far, near), undefined);
});

test('a dial that came to nothing is forgotten, unless its addresses are in use again', () => {
  const pairing = new Pairing();
  pairing.opened(80, 'mail');
  const first = dialled(near, far);
  const second = dialled(near, far);

  pairing.expect(first);
  pairing.forget(first);
  assert.equal(pairing.match(far, near), undefined);
  pairing.expect(first);
  pairing.expect(second);
  pairing.forget(first);

  assert.equal(pairing.match(far, near), second);
});

test('dials that differ only in their hosts are told apart', () => {
  const pairing = new Pairing();
  pairing.opened(80, 'mail');
  const first = dialled(near, far);
  const second = dialled(at('127.0.0.2', 50_000), at('127.0.0.3', 80));
  pairing.expect(first);
  pairing.expect(second);

  assert.equal(pairing.match(at('127.0.0.3', 80), at('127.0.0.2', 50_000)), second);
  pairing.forget(second);
  assert.equal(pairing.match(far, near), first);
});

test('nothing is expected any more at a port that was closed', () => {
  const pairing = new Pairing();
  pairing.opened(80, 'mail');
  pairing.opened(80, 'more mail');
  const dial = dialled(near, far);
  pairing.expect(dial);

  pairing.closed(80, 'mail');
  assert.equal(pairing.labelAt(80), 'more mail');
  assert.equal(pairing.match(far, near), dial);
  pairing.expect(dial);
  pairing.closed(80, 'more mail');

  assert.equal(pairing.labelAt(80), undefined);
  assert.equal(pairing.match(far, near), undefined);
});
