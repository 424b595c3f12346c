import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
// The other end is Node's own, over a wire that keeps back what it says.
import { connect } from 'node:tls';
import type { Connection } from '../../../../src/network/connection';
import { realWorld } from '../../../../src/network/real/world';
import type { SecuredConnection } from '../../../../src/network/tls-info';
import { authority, keyOf } from '../../../support/test-certificates';

/** Says the greeting at once, and everything after it in one piece with its FIN. */
function hoarding(raw: Connection): Duplex {
  const kept: Buffer[] = [];
  let answered = false;
  const wire = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      if (answered) kept.push(chunk);
      else raw.write(chunk);
      done();
    },
    final(done) {
      raw.end(Buffer.concat(kept));
      done();
    },
  });
  raw.on('data', (chunk: Buffer) => {
    answered = true;
    wire.push(chunk);
  });
  return wire;
}

for (const closeNotify of ['record', 'require'] as const) {
  const title = `an end in one piece with the last word of the handshake is met (${closeNotify})`;
  test(title, { timeout: 10_000 }, async (context) => {
    const world = realWorld();
    // After a test that is late, too, which else would keep its process.
    context.after(() => world.scope[Symbol.asyncDispose]());
    const { network } = world;
    const served = network.prepareTls('server', {
      handshakeTimeoutMs: 5_000,
      key: keyOf('server'),
      closeNotify,
    });
    let securing: Promise<SecuredConnection> | undefined;
    const endpoint = await network.listen({ port: 0 }, (raw) => {
      securing = network.startTls(raw, served);
    });
    const raw = network.connect({ host: '127.0.0.1', port: endpoint.address.port });
    const client = connect({ socket: hoarding(raw), ca: authority, servername: 'localhost' });
    await once(client, 'secureConnect');
    client.end();
    const server = await securing;
    assert.ok(server);
    server.resume();
    await once(server, 'end');

    assert.equal(server.tls.closeNotify, 'received');
    server.end();
    await once(server, 'close');
    assert.equal(server.tls.outcome.closeNotify, 'both');
  });
}
