/** What `brine proxy list`, `create`, `toxic add` … do: calls of a control API, and what is printed. */
import { suggestion } from '../base/closest-word';
import { ControlCallError, ControlClient, pathOf } from '../control/control-client';
import { faultTypes } from '../faults/fault-names';
import { CommandFailure, exitCodes } from './exit-codes';
import { paint, showsColour, type Terminal } from './print';
import {
  type AnsweredProxy,
  type AnsweredToxic,
  checkAttributes,
  enabledText,
  proxyPath,
  proxyTable,
  readAttributes,
  readJson,
  readToxicity,
  streamOf,
  type ToxicWords,
  toxicLine,
  toxicPath,
  usage,
} from './proxy-words';

/** What every verb is told. */
export interface VerbOptions {
  readonly host?: string;
  readonly json?: true;
}

/** One terminal and one API. */
export class ProxyVerbs {
  readonly #terminal: Terminal;
  readonly #client: ControlClient;
  readonly #json: boolean;

  constructor(terminal: Terminal, { host, json }: VerbOptions) {
    const { BRINE_URL, TOXIPROXY_URL } = process.env;
    this.#terminal = terminal;
    this.#client = new ControlClient(host ?? BRINE_URL ?? TOXIPROXY_URL ?? 'http://localhost:8474');
    this.#json = json === true;
  }

  async list(): Promise<void> {
    const proxies = await this.#call<Readonly<Record<string, AnsweredProxy>>>('GET', '/proxies');
    if (this.#json) return this.#printJson(proxies);
    const rows = Object.values(proxies).sort((left, right) => (left.name < right.name ? -1 : 1));
    if (showsColour(process.stdout)) this.#terminal.print(proxyTable(rows));
    else {
      for (const { name, listen, upstream, enabled, toxics } of rows) {
        const row = [name, listen, upstream, enabledText(enabled), toxics.length];
        this.#terminal.print(row.join('\t'));
      }
    }
  }

  async inspect(name: string): Promise<void> {
    const proxy = await this.#proxy(name);
    if (this.#json) return this.#printJson(proxy);
    for (const toxic of proxy.toxics) this.#terminal.print(toxicLine(toxic));
    if (proxy.toxics.length === 0 && showsColour(process.stdout)) {
      this.#terminal.print(paint('dim', 'no toxics'));
    }
  }

  async create(
    name: string,
    words: {
      readonly listen?: string;
      readonly upstream?: string;
      readonly toxic?: readonly string[];
    },
  ): Promise<void> {
    const { listen, upstream, toxic } = words;
    if (upstream === undefined) throw usage('create needs --upstream host:port');
    const proxy = await this.#call<AnsweredProxy>('POST', '/proxies', {
      name,
      upstream,
      ...(listen !== undefined && { listen }),
      ...(toxic !== undefined && { toxics: toxic.map((text) => readJson('--toxic', text)) }),
    });
    this.#say(`Created new proxy ${name}`, proxy);
  }

  async toggle(name: string): Promise<void> {
    const { enabled } = await this.#proxy(name);
    const proxy = await this.#call<AnsweredProxy>('POST', proxyPath(name), { enabled: !enabled });
    this.#say(`Proxy ${name} is now ${enabledText(proxy.enabled)}`, proxy);
  }

  async delete(name: string): Promise<void> {
    await this.#named(name, () => this.#call('DELETE', proxyPath(name)));
    this.#say(`Deleted proxy ${name}`, { deleted: name });
  }

  async addToxic(name: string, words: ToxicWords): Promise<void> {
    const { type, toxicName, toxicity, trigger, for: duration } = words;
    if (type === undefined) throw usage('toxic add needs --type, such as latency');
    const attributes = readAttributes(words.attribute ?? []);
    checkAttributes(type, attributes);
    const body = {
      type,
      stream: streamOf(words),
      attributes,
      ...(toxicName !== undefined && { name: toxicName }),
      ...(toxicity !== undefined && { toxicity: readToxicity(toxicity) }),
      ...(trigger !== undefined && { trigger: readJson('--trigger', trigger) }),
      ...(duration !== undefined && { schedule: { duration } }),
    };
    const path = `${proxyPath(name)}/toxics`;
    const toxic = await this.#named(name, () =>
      this.#call<AnsweredToxic>('POST', path, body).catch((error: Error) => {
        if (error.message !== 'invalid toxic type') throw error;
        const near = suggestion(type, faultTypes.keys());
        const message = `${error.message}: ${JSON.stringify(type)}${near}`;
        throw new CommandFailure(message, exitCodes.runtime);
      }),
    );
    const what = `${toxic.stream} ${toxic.type} toxic '${toxic.name}'`;
    this.#say(`Added ${what} on proxy '${name}'`, toxic);
  }

  async updateToxic(name: string, words: ToxicWords): Promise<void> {
    const path = toxicPath(name, words);
    const { type } = await this.#named(name, () => this.#call<AnsweredToxic>('GET', path));
    const attributes = readAttributes(words.attribute ?? []);
    checkAttributes(type, attributes);
    const toxic = await this.#call<AnsweredToxic>('POST', path, {
      attributes,
      // Left out unless given, so that a change of an attribute does not make it 1 again.
      ...(words.toxicity !== undefined && { toxicity: readToxicity(words.toxicity) }),
    });
    this.#say(`Updated toxic '${toxic.name}' on proxy '${name}'`, toxic);
  }

  async removeToxic(name: string, words: ToxicWords): Promise<void> {
    await this.#named(name, () => this.#call('DELETE', toxicPath(name, words)));
    this.#say(`Removed toxic '${words.toxicName}' on proxy '${name}'`, {
      removed: words.toxicName,
    });
  }

  async populate(list: unknown): Promise<void> {
    const { proxies } = await this.#call<{ readonly proxies: readonly AnsweredProxy[] }>(
      'POST',
      '/populate',
      list,
    );
    const names = proxies.map(({ name }) => name).join(', ');
    this.#say(
      `Populated ${proxies.length} ${proxies.length === 1 ? 'proxy' : 'proxies'}${names === '' ? '' : `: ${names}`}`,
      proxies,
    );
  }

  async reset(): Promise<void> {
    await this.#call('POST', '/reset');
    this.#say('Reset: all proxies are enabled and have no toxics', { reset: true });
  }

  async serverVersion(): Promise<void> {
    const answer = await this.#call<{ readonly version: string }>('GET', '/version');
    this.#say(answer.version, answer);
  }

  async connections(name: string | undefined): Promise<void> {
    const query = name === undefined ? '' : `?proxy=${pathOf(name)}`;
    const list = await this.#call<readonly Record<string, unknown>[]>(
      'GET',
      `/brine/connections${query}`,
    );
    if (this.#json) return this.#printJson(list);
    for (const { id, state, client, upstream, age } of list) {
      this.#terminal.print([id, state, client, upstream ?? '-', `${age} ms`].join('\t'));
    }
  }

  async kill(id: string, how: string): Promise<void> {
    await this.#call('DELETE', `/brine/connections/${pathOf(id)}?how=${pathOf(how)}`);
    this.#say(`Ended connection ${id}`, { ended: id, how });
  }

  async heal(name: string): Promise<void> {
    const path = `/brine/proxies/${pathOf(name)}/heal`;
    const proxy = await this.#named(name, () => this.#call('POST', path));
    this.#say(`Proxy ${name} is enabled and has no toxics`, proxy);
  }

  async profile(name: string, profile: string): Promise<void> {
    const path = `/brine/proxies/${pathOf(name)}/profile`;
    const body = { name: profile };
    const toxics = await this.#named(name, () => this.#call('PUT', path, body));
    this.#say(`Proxy ${name} is on ${profile}`, toxics);
  }

  async faults(): Promise<void> {
    const list = await this.#call<
      readonly { readonly type: string; readonly attributes: Readonly<Record<string, object>> }[]
    >('GET', '/brine/faults');
    if (this.#json) return this.#printJson(list);
    for (const { type, attributes } of list) {
      this.#terminal.print(`${type}\t${Object.keys(attributes).join(', ')}`.trimEnd());
    }
  }

  /** Prints events until the API ends them. */
  async events(name: string | undefined): Promise<void> {
    const query = name === undefined ? '' : `?proxy=${pathOf(name)}`;
    let rest = '';
    const status = await this.#reached(() =>
      this.#client.stream(
        'GET',
        `/brine/events${query}`,
        (text) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) if (line !== '') this.#terminal.print(line);
        },
        { accept: 'application/x-ndjson', endless: true },
      ),
    );
    if (status >= 400) throw new CommandFailure(`no events: status ${status}`, exitCodes.runtime);
  }

  #proxy(name: string): Promise<AnsweredProxy> {
    return this.#named(name, () => this.#call<AnsweredProxy>('GET', proxyPath(name)));
  }

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#reached(() => this.#client.json<T>(method, path, body));
  }

  /** Adds to the refusal of a proxy that is not there the name that may have been meant. */
  async #named<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { message } = error as Error;
      if (message !== 'proxy not found') throw error;
      const known = Object.keys(await this.#call<object>('GET', '/proxies'));
      const near = suggestion(name, known);
      throw new CommandFailure(`${message}: ${JSON.stringify(name)}${near}`, exitCodes.runtime);
    }
  }

  async #reached<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ControlCallError)) throw error;
      const hint = error.status === undefined ? '; "brine proxy serve" starts a server' : '';
      throw new CommandFailure(`${error.message}${hint}`, exitCodes.runtime);
    }
  }

  #say(words: string, data: unknown): void {
    if (this.#json) this.#printJson(data);
    else this.#terminal.print(words);
  }

  #printJson(data: unknown): void {
    this.#terminal.print(JSON.stringify(data, undefined, 2));
  }
}
