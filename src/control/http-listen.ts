import type { Server } from 'node:http';
import { listenFailure } from '../tcp/system-error';

/** Failures of a second address that this machine does not have. */
const missing: readonly string[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/**
 * Servers that listen at a host; `localhost` is 127.0.0.1, and ::1 where there is one.
 *
 * @throws TcpError `EADDRINUSE`, `EADDRNOTAVAIL`, `ESYSTEM`
 */
export async function listenOn(
  host: string,
  port: number,
  create: () => Server,
): Promise<readonly Server[]> {
  const isBoth = host.toLowerCase() === 'localhost';
  const first = await listen(create(), isBoth ? '127.0.0.1' : host, port);
  if (!isBoth) return [first];
  const address = first.address();
  const same = typeof address === 'object' && address !== null ? address.port : port;
  try {
    return [first, await listen(create(), '::1', same)];
  } catch (error) {
    const { code = '' } = (error as { cause?: { code?: string } }).cause ?? {};
    // A port that was free on one address may be taken on the other, when any would do.
    if (missing.includes(code) || port === 0) return [first];
    first.close();
    throw error;
  }
}

function listen(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(listenFailure(cause, { host, port })));
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      // What goes wrong with one connection ends that connection only.
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}
