/** Sentences about what was on either side of a proxy. */
import { parseScript } from '../capture/script-parser';
import { entityTitle } from './named-entities';
import { serverNamed } from './proxy-connecting';
import { clients } from './scenario-clients';
import { proxies } from './scenario-proxy';
import { type Step, step } from './step';
import { expectLog } from './wire-assertions';

const failure = 'difference of the lines, first line that differs';

export const proxyLogSteps: readonly Step[] = [
  step({
    id: 'proxy.wire-log.client',
    group: 'proxy',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the wire log between the {client} and the {proxy} is:',
    argument: 'docString',
    example: 'the wire log between the client and the proxy is:',
    exampleArgument: '"""\n> "PING"\n< "PING"\n* peer closes\n"""',
    summary: 'a script equals what was between that client and the proxy',
    failure,
    async run(world, client, proxy, { text }) {
      const [one, other] = [clients(world).get(client), proxies(world).get(proxy)];
      const connections = one.connections
        .filter(({ peer }) => peer === other.title)
        .map(({ id }) => id);
      if (connections.length === 0) {
        throw new Error(`${one.title} was never connected to ${other.title}`);
      }
      const what = `the wire log between ${one.title} and ${other.title}`;
      await expectLog(world, parseScript(text), { what, how: 'whole', connections });
    },
  }),
  step({
    id: 'proxy.wire-log.server',
    group: 'proxy',
    level: 'advanced',
    keyword: 'Then',
    expression: 'the wire log between the {proxy} and the {server} is:',
    argument: 'docString',
    example: 'the wire log between the proxy and the listener is:',
    exampleArgument: '"""\n> "PING"\n< "PING"\n* peer closes\n"""',
    summary: 'a script equals what was between the proxy and the server behind it',
    failure,
    async run(world, proxy, server, { text }) {
      const one = proxies(world).get(proxy);
      const title = entityTitle(server.kind, serverNamed(world, server).name);
      const connections = one.legs.flatMap(({ upstream }) => upstream ?? []);
      if (connections.length === 0) throw new Error(`${one.title} was never connected to ${title}`);
      const what = `the wire log between ${one.title} and ${title}`;
      await expectLog(world, parseScript(text), { what, how: 'whole', connections });
    },
  }),
];
