import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWireTotals, countEvents } from '../../../../scripts/showcase/wire-totals';
import type { WireEvent } from '../../../../src/network/wire-event';

function event(
  connection: string,
  kind: WireEvent['kind'],
  more: Partial<WireEvent> = {},
): WireEvent {
  return { index: 0, atUs: 0, connection, from: '', to: '', direction: '-', kind, ...more };
}

const talk: readonly WireEvent[] = [
  event('c1', 'established'),
  event('s1', 'accepted'),
  event('c1', 'write', { direction: 'out', length: 5 }),
  event('s1', 'data', { direction: 'out', length: 5 }),
  event('c1', 'fin', { direction: 'out' }),
  event('s1', 'fin', { direction: 'out' }),
  event('s1', 'fin', { direction: 'in' }),
  event('c1', 'fin', { direction: 'in' }),
  event('c2', 'refused'),
];

test('an ending that both ends report is counted once, for the end that sent it', () => {
  const totals = countEvents(talk, { listeners: 1, programs: 0, proxies: 0 });

  assert.equal(totals.finsSent, 2);
  assert.equal(totals.resetsSent, 0);
});

test('connections, bytes and failures of a scenario are counted', () => {
  const { dialled, accepted, refused, bytesSent, bytesReceived, failures } = countEvents(talk, {
    listeners: 1,
    programs: 0,
    proxies: 0,
  });

  assert.deepEqual([dialled, accepted, refused], [1, 1, 1]);
  assert.deepEqual([bytesSent, bytesReceived, failures], [5, 5, 1]);
});

test('totals of scenarios are summed, and of none are nothing', () => {
  const one = countEvents(talk, { listeners: 1, programs: 2, proxies: 3 });

  const { scenarios, listeners, programs, proxies, bytesSent } = addWireTotals([one, one]);
  assert.deepEqual([scenarios, listeners, programs, proxies, bytesSent], [2, 2, 4, 6, 10]);
  assert.ok(Object.values(addWireTotals([])).every((value) => value === 0));
});
