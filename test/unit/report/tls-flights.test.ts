import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startsTls, TlsDirection } from '../../../src/report/tls-flights';

/** A record of TLS: its type, and its body. */
function record(type: number, ...body: readonly number[]): Buffer {
  return Buffer.from([type, 3, 3, body.length >> 8, body.length & 0xff, ...body]);
}

/** A message of a handshake with so many bytes in it. */
function message(type: number, length = 2): number[] {
  return [type, 0, 0, length, ...Array.from({ length }, () => 0)];
}

const [changeCipher, alert, handshake, data] = [20, 21, 22, 23];

/** What flights of one side are called. */
function namesOf(isServer: boolean, ...flights: readonly Buffer[]): string[] {
  const direction = new TlsDirection(isServer);
  return flights.map((bytes) => direction.name(bytes, false).text);
}

test('flights of TLS 1.2 are called by their messages, the last of them by what it must be', () => {
  const hello = record(handshake, ...message(1));
  const server = Buffer.concat([2, 11, 12, 14].map((type) => record(handshake, ...message(type))));
  const finish = [
    record(handshake, ...message(16)),
    record(changeCipher, 1),
    record(handshake, 9, 9),
  ];

  assert.deepEqual(namesOf(false, hello, Buffer.concat(finish)), [
    'ClientHello',
    'ClientKeyExchange, Finished',
  ]);
  assert.deepEqual(namesOf(true, server), ['ServerHello … ServerHelloDone']);
});

test('flights of TLS 1.3 are named as far as they can be read', () => {
  const server = Buffer.concat([
    record(handshake, ...message(2)),
    record(changeCipher, 1),
    record(data, 1, 2, 3),
  ]);

  assert.deepEqual(namesOf(true, server, record(data, 4), record(data, 5)), [
    'ServerHello … Finished',
    'encrypted, 1 record',
    'encrypted, 1 record',
  ]);
  assert.deepEqual(namesOf(true, record(data, 1)), ['encrypted handshake']);
});

test('alerts, foreign bytes and parts of records are called what they are', () => {
  const direction = new TlsDirection(false);
  const whole = record(data, ...Array.from({ length: 300 }, () => 0));

  assert.deepEqual(namesOf(false, record(alert, 2, 40)), ['Alert handshake_failure']);
  assert.deepEqual(namesOf(false, record(alert, 1, 2, 3)), ['encrypted alert']);
  assert.deepEqual(namesOf(false, record(99, 1)), ['no record of TLS']);
  assert.equal(direction.name(whole.subarray(0, 100), false).text, 'part of a record, 100 bytes');
  assert.equal(direction.name(whole.subarray(100), true).text, 'encrypted, 1 record');
  assert.equal(direction.name(Buffer.alloc(0), true).text, 'nothing');
  const unread = direction.name(undefined, true);
  assert.deepEqual([typeof unread.text, unread.handshake], ['string', false]);
});

test('a ClientHello is known by its first bytes', () => {
  assert.equal(startsTls(record(handshake, ...message(1))), true);
  assert.equal(startsTls(Buffer.from('GET / HTTP/1.1')), false);
});
