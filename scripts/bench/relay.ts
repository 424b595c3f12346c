/**
 * What stands between a load and a server: `net` is bare Node with data, write and drain, `brine` a
 * Proxy without faults. Started as `relay <net|brine> <port of the upstream>`.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Proxy } from '../../src/proxy/proxy';
import { answer, cpuUs } from './child';

const [maker = '', upstream = ''] = process.argv.slice(2);

let listening: Promise<number> | undefined;

function port(): Promise<number> {
  listening ??= maker === 'net' ? listenBare() : listenBrine();
  return listening;
}

async function listenBare(): Promise<number> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const server = connect({
      host: '127.0.0.1',
      port: Number(upstream),
      noDelay: true,
      allowHalfOpen: true,
    });
    pass(client, server);
    pass(server, client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function pass(source: Socket, destination: Socket): void {
  source.on('data', (chunk) => {
    if (!destination.write(chunk)) source.pause();
  });
  destination.on('drain', () => source.resume());
  source.on('end', () => destination.end());
  source.on('error', () => destination.resetAndDestroy());
}

async function listenBrine(): Promise<number> {
  const proxy = await Proxy.start({ upstream: `127.0.0.1:${upstream}` });
  return proxy.listen.port;
}

answer({ port, cpu: cpuUs });
