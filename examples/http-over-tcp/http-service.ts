import type { Caller, ConnectionService, Service } from '../../src/index';

/** How far one request has come. */
type Progress =
  | { readonly state: 'WAITING' }
  | { readonly state: 'RECEIVING_BODY'; readonly length: number; readonly headerEnd: number };

const blankLine = Buffer.from('\r\n\r\n');

/**
 * Answers an HTTP POST with its own body, over raw bytes: the header may come in any number of
 * chunks, so may the body, and one response leaves when the body is complete.
 */
export const httpService: Service = {
  onConnect: (): ConnectionService => {
    let received = Buffer.alloc(0);
    let progress: Progress = { state: 'WAITING' };

    return {
      async onBytes(data: Uint8Array, caller: Caller): Promise<Uint8Array | undefined> {
        received = Buffer.concat([received, data]);
        if (progress.state === 'WAITING') {
          const headerEnd = received.indexOf(blankLine);
          if (headerEnd < 0) return undefined;
          const header = readText(received.subarray(0, headerEnd));
          if (header === undefined) {
            await caller.writeBytes(badRequest());
            await caller.close();
            return undefined;
          }
          progress = {
            state: 'RECEIVING_BODY',
            length: contentLength(header),
            headerEnd: headerEnd + blankLine.length,
          };
        }
        const end = progress.headerEnd + progress.length;
        if (received.length < end) return undefined;
        const body = received.subarray(progress.headerEnd, end);
        received = received.subarray(end);
        progress = { state: 'WAITING' };
        return response(body);
      },
    };
  },
};

/** The text of a header, or `undefined` when its bytes are not UTF-8. */
function readText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function contentLength(header: string): number {
  return Number(/^content-length:\s*(\d+)\s*$/im.exec(header)?.[1] ?? 0);
}

function response(body: Uint8Array): Uint8Array {
  const header = `HTTP/1.1 200 Ok\r\nContent-Type:text/plain\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(header), body]);
}

function badRequest(): Uint8Array {
  return Buffer.from('HTTP/1.1 404 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
