/** Whether curl trusts a listener of ours where it should, and nowhere else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListenerSecureSocket } from '../../src/tcp/secure-socket';
import { Program, whyMissing } from './program';
import { ownCertificates, withListener } from './tls-ends';

const interop = { skip: whyMissing({ curl: '--version' }, 'curl'), timeout: 30_000 };
/** What curl calls a certificate that it does not trust. */
const untrusted = 60;
const issued = ownCertificates('curl');

/** Asks a listener, which echoes the request; HTTP/0.9 is an answer without a head. */
async function ask(secureSocket: Partial<ListenerSecureSocket>, ...args: readonly string[]) {
  return await withListener({ key: issued.server, ...secureSocket }, async ({ port, next }) => {
    const curl = new Program('curl', [
      '--silent',
      '--show-error',
      '--http0.9',
      '--no-buffer',
      '--max-time',
      '10',
      ...['--noproxy', '*', '--resolve', `localhost:${port}:127.0.0.1`],
      ...args,
      `https://localhost:${port}/orders`,
    ]);
    const outcome = next();
    // An echo has no end: what came is enough.
    await curl.says(/^Host: localhost/m).then(
      () => curl.kill(),
      () => undefined,
    );
    const status = await curl.ended;
    return { status, curl, outcome: await outcome };
  });
}

test('curl that is told of the authority gets an answer', interop, async () => {
  const { curl, outcome } = await ask({}, '--cacert', issued.caFile);

  assert.match(curl.stdout, /^GET \/orders HTTP\/1\.1$/m);
  assert.deepEqual([outcome.secured, outcome.servername], [true, 'localhost']);
});

test('curl refuses what it does not trust, and the listener tells its alert', interop, async () => {
  const cases = [
    [issued.server, [], 'unknown_ca'],
    [
      await issued.ca.issue({ names: ['localhost'], preset: 'expired' }),
      trusting(),
      'certificate_expired',
    ],
    [
      await issued.ca.issue({ names: ['localhost'], preset: 'selfSigned' }),
      trusting(),
      'unknown_ca',
    ],
  ] as const;
  for (const [key, args, alert] of cases) {
    const { status, outcome } = await ask({ key }, ...args);

    assert.equal(status, untrusted);
    assert.deepEqual([outcome.secured, outcome.alertReceived], [false, alert]);
  }
});

test('curl refuses the certificate of another host', interop, async () => {
  const key = await issued.ca.issue({ names: ['localhost'], preset: 'wrongHost' });

  assert.equal((await ask({ key }, ...trusting())).status, untrusted);
});

test('curl shows a certificate where it has one, and is refused without', interop, async () => {
  const { certFile, keyFile } = await issued.files.paths(await issued.ca.issueClient('alice'));
  const wanting = { clientAuth: 'require', cert: issued.ca.trust() } as const;

  const good = await ask(wanting, ...trusting(), '--cert', certFile, '--key', keyFile);
  const none = await ask(wanting, ...trusting());

  assert.match(good.curl.stdout, /^GET \/orders/m);
  assert.equal(good.outcome.authorized, true);
  assert.notEqual(none.status, 0);
  assert.equal(none.outcome.error?.kind, 'client-cert-missing');
});

function trusting(): string[] {
  return ['--cacert', issued.caFile];
}
