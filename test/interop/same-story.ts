import assert from 'node:assert/strict';
import { alertNumbers } from '../../src/base/tls-alerts';
import type { TlsOutcome } from '../../src/base/tls-outcome';
import type { Told, ToldAlert } from './openssl';

const numbers: Readonly<Record<string, number | undefined>> = alertNumbers;

/** What OpenSSL at the other end says must be what we say. */
export function assertSameStory(told: Told, outcome: TlsOutcome): void {
  // Cut off in the middle, OpenSSL sends decode_error to somebody who has gone.
  const gone = outcome.endedBy === 'local' && outcome.endedHow === 'destroy';
  const sent = told.sent.filter(([, name]) => !(gone && name === 'decode_error'));
  assert.deepEqual(
    [sent, told.received].map(fatal),
    [outcome.alertReceived, outcome.alertSent].map((name) => (name ? [numbers[name]] : [])),
    'alerts that the other end has sent and received',
  );
  if (!told.secured || !outcome.secured) return;
  const { version, cipher, resumed, alpn } = outcome;
  assert.deepEqual(
    { version: told.version, cipher: told.cipher, resumed: told.resumed, alpn: told.alpn },
    { version, cipher, resumed, alpn },
  );
}

function fatal(alerts: readonly ToldAlert[]): number[] {
  return alerts.map(([number]) => number).filter((number) => number !== alertNumbers.close_notify);
}
