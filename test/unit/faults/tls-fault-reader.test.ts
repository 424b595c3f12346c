import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TcpError } from '../../../src/base/errors';
import { layerOf } from '../../../src/faults/tls-fault';
import { tlsFaultPresets } from '../../../src/faults/tls-fault-presets';
import { readTlsFault } from '../../../src/faults/tls-fault-reader';
import type { TlsSide } from '../../../src/network/tls-settings';

function refusalOf(value: unknown, side: TlsSide = 'server'): string {
  try {
    readTlsFault('tlsFault', value, side);
  } catch (error) {
    if (TcpError.is(error) && error.code === 'ECONFIG') return error.message;
    throw error;
  }
  return 'accepted';
}

test('every preset is a fault that its own side reads, by its name and as data', () => {
  for (const { name, fault, side, layer } of tlsFaultPresets) {
    assert.deepEqual(readTlsFault('tlsFault', name, side), fault);
    const copy: unknown = JSON.parse(JSON.stringify(fault));
    assert.equal(layerOf(readTlsFault('tlsFault', copy, side)), layer);
    assert.match(refusalOf(name, side === 'client' ? 'server' : 'client'), /is a fault of a/);
  }
});

test('names of presets are unique', () => {
  const names = tlsFaultPresets.map(({ name }) => name);

  assert.equal(new Set(names).size, names.length);
});

const refused: readonly [unknown, RegExp, TlsSide?][] = [
  ['stal', /no fault is named "stal" \(did you mean "stall"\?\)/],
  [7, /tlsFault must be an object of options/],
  [{ do: 'stall' }, /tlsFault must be \{ on, do \}, \{ negotiate \} or \{ certificate \}/],
  [{ on: 'hello', do: 'stall' }, /tlsFault.on must be one of "accept", "clientHello"/],
  [{ on: 'accept', do: 'explode' }, /tlsFault.do must be one of "stall"/],
  [{ on: 'accept', do: 'stall', ending: 'bang' }, /tlsFault.ending must be one of/],
  [{ on: 'accept', do: 'stall', than: 'fin' }, /unknown key "than"/],
  [{ on: 'accept', do: {} }, /tlsFault.do must be one action/],
  [{ on: 'accept', do: { alert: 40, inject: 'ff' } }, /tlsFault.do must be one action/],
  [{ on: 'accept', do: { alert: 'handshake_failed' } }, /did you mean "handshake_failure"\?/],
  [{ on: 'accept', do: { alert: 256 } }, /tlsFault.do.alert must be a whole number from 0 to 255/],
  [{ on: 'accept', do: { inject: 'f' } }, /tlsFault.do.inject must be bytes, or pairs of hex/],
  [{ on: 'accept', do: { fragment: 0 } }, /tlsFault.do.fragment must be a whole number of 1/],
  [{ on: 'accept', do: { drip: { bytes: 1 } } }, /tlsFault.do.drip.every must be a duration/],
  [{ on: 'accept', do: 'omitCloseNotify' }, /tlsFault.on must be "closing" for omitCloseNotify/],
  [{ on: 'clientHello', do: 'echoHello' }, /echoHello only at a listener/, 'client'],
  [{ on: { record: 2 }, do: 'stall' }, /places within records are for a proxy/],
  [{ on: 'application', do: 'drop' }, /drop is about the records of a peer, which takes a proxy/],
  [{ on: 'application', do: { flip: 3 } }, /flip is about the records of a peer/],
  [{ negotiate: { version: 'TLSv1.2' } }, /unknown key "version" \(did you mean "versions"\?\)/],
  [{ negotiate: { alpn: 'h2' } }, /tlsFault.negotiate.alpn must be a list of texts/],
  [{ negotiate: { maxSendFragment: 100 } }, /maxSendFragment must be a whole number of 512/],
  [{ negotiate: { maxSendFragment: 20_000 } }, /maxSendFragment must be at most 16384/],
  [{ negotiate: { helloRetry: true } }, /helloRetry is something that only a listener/, 'client'],
  [{ negotiate: {}, on: 'accept' }, /unknown key "on"/],
];

for (const [value, message, side = 'server'] of refused) {
  test(`a ${side} refuses ${JSON.stringify(value)} and says why`, () => {
    assert.match(refusalOf(value, side), message);
  });
}
