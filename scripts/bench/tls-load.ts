/** The clients of the benchmark of TLS: bare `node:tls`, in a process of its own. */
import { once } from 'node:events';
import { connect } from 'node:tls';
import { answer } from './child';
import { pem } from './tls-key';

interface Work {
  readonly port: number;
  readonly inFlight: number;
  readonly count: number;
}

async function handshakes({ port, inFlight, count }: Work) {
  const ca = pem('ca.pem');
  const host = '127.0.0.1';
  let left = count;
  const begin = performance.now();
  const lane = async () => {
    while (left-- > 0) {
      const socket = connect({ host, port, ca, servername: 'localhost' }).setNoDelay(true);
      await once(socket, 'secureConnect');
      if (socket.getProtocol() !== 'TLSv1.3' || socket.isSessionReused()) {
        throw new Error('no full handshake of TLS 1.3');
      }
      const closed = once(socket, 'close');
      socket.resume().end();
      await closed;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { units: count, seconds: (performance.now() - begin) / 1_000 };
}

answer({ handshakes });
