import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { certificatePath } from '../../support/test-certificates';

const program = `
const { Client } = require('./src/tcp/client');
const { Listener } = require('./src/tcp/listener');
const { keyOf } = require('./test/support/test-certificates');
async function main() {
  const listener = new Listener(0, { secureSocket: { key: keyOf('server') } });
  listener.attach(() => undefined);
  const { port } = await listener.start();
  const told = await Client.connect('localhost', port, { secureSocket: {} }).then(
    async (client) => {
      await client.close();
      return 'secured';
    },
    (error) => error.kind,
  );
  await listener.gracefulStop();
  console.log(told);
}
void main();
`;

/** What a client tells that names nobody to trust, in a process of its own. */
function told(extra: Record<string, string>): string {
  const words = ['-r', './scripts/register-typescript.js', '-e', program];
  const env = { ...process.env, ...extra };
  return spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env,
    timeout: 20_000,
  }).stdout.trim();
}

test('the roots of Node are those it has and those of NODE_EXTRA_CA_CERTS (F4)', () => {
  assert.equal(told({}), 'cert-untrusted');
  assert.equal(told({ NODE_EXTRA_CA_CERTS: certificatePath('ca.pem') }), 'secured');
});
