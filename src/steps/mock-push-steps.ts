/** Sentences by which a mock speaks first. */
import { clients } from './scenario-clients';
import { mocks } from './scenario-mock';
import { type Step, step } from './step';

export const mockPushSteps: readonly Step[] = [
  step({
    id: 'mock.pushes',
    group: 'mock',
    level: 'core',
    keyword: 'When',
    expression: 'the {mock} pushes {bytes} to {client}',
    example: 'the mock "mail" pushes "* BYE" to client "alice"',
    summary: 'sends it on the connection of that client, through the framing, between two answers',
    failure: 'the client is not connected to that mock',
    async run(world, reference, bytes, its) {
      const [mock, client] = [mocks(world).get(reference), clients(world).get(its)];
      const { localPort } = client;
      const number = localPort === undefined ? undefined : mock.connectionFrom(localPort);
      const count = number === undefined ? 0 : await mock.server.push(bytes, { to: number });
      if (count > 0) return;
      throw new Error(`${client.title} is not connected to ${mock.title}`);
    },
  }),
  step({
    id: 'mock.pushes.all',
    group: 'mock',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {mock} pushes {bytes} to every client',
    example: 'the mock pushes "tick" to every client',
    summary: 'sends it on every connection',
    failure: 'nobody is connected',
    async run(world, reference, bytes) {
      const mock = mocks(world).get(reference);
      if ((await mock.server.push(bytes)) > 0) return;
      throw new Error(`nobody is connected to ${mock.title}; ${mock.facts}`);
    },
  }),
];
