import { http1 } from '../../src/framing/http1';
import { framed } from '../../src/tcp/framed';
import type { ConnectionService } from '../../src/tcp/service';

/**
 * HTTP/1.1, as far as drivers in tests ask: connections are kept alive, requests are answered in
 * order, and a body comes with its length.
 *
 * `/echo` gives the body of the request back, `/silence` never answers, everything else is 404. No
 * chunks are read, and HEAD is no method of it.
 *
 * @source RFC 9112
 */
export function httpService(): () => ConnectionService {
  return () =>
    framed(http1(), {
      onFrame(request) {
        const text = Buffer.from(request).toString('latin1');
        const [, path] = text.split(' ', 2);
        if (path === '/silence') return undefined;
        const body = text.slice(text.indexOf('\r\n\r\n') + 4);
        return path === '/echo' ? response('200 OK', body) : response('404 Not Found', '');
      },
    });
}

function response(status: string, body: string): Buffer {
  const head = [`HTTP/1.1 ${status}`, 'Content-Type: text/plain', `Content-Length: ${body.length}`];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}
