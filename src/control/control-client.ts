import { request } from 'node:http';
import { packageInfo } from '../base/package-info';

/** What an API has answered. */
export interface ControlAnswer {
  readonly status: number;
  readonly text: string;
}

/** A call that an API refused, or that did not reach one. */
export class ControlCallError extends Error {
  /** Absent: nobody answered. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}

/** How long an answer may take. */
const limitMs = 10_000;

/** Speaks to a control API: to Brine's, and to Toxiproxy's. */
export class ControlClient {
  /** Where it is, such as `http://localhost:8474`. */
  readonly url: string;
  readonly #agent: string;

  /** @param url - also without `http://` */
  constructor(url: string) {
    this.url = (/^\w+:\/\//.test(url) ? url : `http://${url}`).replace(/\/+$/, '');
    this.#agent = `brine/${packageInfo().version}`;
  }

  /**
   * Makes a call and reads what is answered as JSON.
   *
   * @throws ControlCallError - it was refused, with the words of the API, or nobody answered
   */
  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, text } = await this.call(method, path, body);
    if (status >= 400) throw new ControlCallError(reasonOf(status, text), status);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Makes a call. @throws ControlCallError - nobody answered */
  async call(method: string, path: string, body?: unknown): Promise<ControlAnswer> {
    let text = '';
    const status = await this.stream(
      method,
      path,
      (chunk) => {
        text += chunk;
      },
      body === undefined ? {} : { body: JSON.stringify(body) },
    );
    return { status, text };
  }

  /** Hands over what is answered, as it comes; resolves with the status. @throws ControlCallError */
  stream(
    method: string,
    path: string,
    take: (text: string) => void,
    options: { readonly body?: string; readonly accept?: string; readonly endless?: true } = {},
  ): Promise<number> {
    const { body, accept, endless } = options;
    return new Promise((resolve, reject) => {
      const failed = (cause: Error): void => reject(this.#unreachable(cause));
      const asked = request(`${this.url}${path}`, {
        method,
        agent: false,
        headers: {
          'user-agent': this.#agent,
          ...(accept !== undefined && { accept }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(endless !== true && { timeout: limitMs }),
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${limitMs} ms`)));
      asked.on('error', failed);
      asked.on('response', (answer) => {
        answer.setEncoding('utf8');
        answer.on('data', take);
        answer.on('error', failed);
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      });
      asked.end(body);
    });
  }

  #unreachable(cause: Error & { readonly code?: string }): ControlCallError {
    const why = cause.code === 'ECONNREFUSED' ? 'connection refused' : cause.message || cause.code;
    return new ControlCallError(`cannot reach ${this.url}: ${why}`, undefined, cause);
  }
}

/** A part of a path. */
export function pathOf(name: string): string {
  return encodeURIComponent(name);
}

function reasonOf(status: number, text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: string };
    if (typeof error === 'string') return error;
  } catch {
    // Not JSON: what an API of another kind says, or none at all.
  }
  return text.trim() === '' ? `answered with status ${status}` : text.trim();
}
