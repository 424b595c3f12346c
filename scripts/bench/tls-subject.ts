/** The servers of the benchmark of TLS. Started as `tls-subject <tls|brine>`. */
import { once } from 'node:events';
import { createServer } from 'node:tls';
import { Listener } from '../../src/tcp/listener';
import { answer, cpuUs } from './child';
import { shown } from './tls-key';

let secured = 0;

async function listenBare(): Promise<number> {
  const server = createServer({ ...shown, noDelay: true }, (socket) => {
    secured++;
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('error', () => socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function listenBrine(): Promise<number> {
  const listener = new Listener(0, { secureSocket: { key: shown } }).attach(() => {
    secured++;
    return { onBytes: (data) => data };
  });
  return (await listener.start()).port;
}

let listening: Promise<number> | undefined;

/** Listens when it is asked for the first time. */
function port(): Promise<number> {
  listening ??= process.argv[2] === 'tls' ? listenBare() : listenBrine();
  return listening;
}

answer({ port, state: () => ({ cpu: cpuUs(), secured }) });
