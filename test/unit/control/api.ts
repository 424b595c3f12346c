import { type ControlOptions, createControlParts } from '../../../src/control/control-parts';
import type { World } from '../../../src/network/world';
import { ProxySet } from '../../../src/proxy/proxy-set';
import { simulatedWorld } from '../../../src/simulation/world';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  json<T = never>(): T;
}

/** A control API without sockets. */
export interface TestedApi {
  readonly world: World;
  readonly proxies: ProxySet;
  /** `GET /proxies`, with a body that is text or becomes JSON. */
  call(line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The answer while it still comes. */
  open(line: string, headers?: Record<string, string>): Promise<Response>;
}

/** Runs a test against an API in a world of its own, or in a given one. */
export async function withApi(
  body: (api: TestedApi) => Promise<void>,
  options: Omit<ControlOptions, 'proxies'> & { readonly world?: World } = {},
): Promise<void> {
  const { world, ...rest } = options;
  if (world === undefined) {
    await simulatedWorld().run((own) => withApi(body, { ...options, world: own }));
    return;
  }
  await using proxies = new ProxySet({ world });
  const { api, close } = createControlParts({ ...rest, proxies });
  const send = (line: string, init: RequestInit): Promise<Response> => {
    const [method = '', path = ''] = line.split(' ');
    return api.fetch(new Request(`http://localhost:8474${path}`, { method, ...init }));
  };
  try {
    await body({
      world,
      proxies,
      open: (line, headers = {}) => send(line, { headers }),
      async call(line, content, headers = {}) {
        const text = typeof content === 'string' ? content : JSON.stringify(content);
        const response = await send(line, {
          headers,
          ...(text !== undefined && { body: text }),
        });
        const answered = await response.text();
        return {
          status: response.status,
          type: response.headers.get('content-type'),
          headers: response.headers,
          text: answered,
          json: () => JSON.parse(answered),
        };
      },
    });
  } finally {
    close();
  }
}
