/** An echo server with one bug behind a switch. */
import type { World } from '../../src/network/world';
import type { RunningServer, SystemUnderTest } from '../../src/property/system-under-test';
import type { Caller } from '../../src/tcp/caller';
import { Listener } from '../../src/tcp/listener';
import type { ConnectionService } from '../../src/tcp/service';

/** What can be wrong with it, by the number that the tests give. */
export const echoBugs = {
  B02: 'takes one piece for one message when it begins with a line feed',
  B07: 'reads every piece as UTF-8 text of its own',
  B08: 'drops the first byte after three seconds of silence',
  B10: 'leaves a timer behind for every piece',
  B16: 'answers pieces at the same time, long ones later',
  B17: 'ends all connections when one is reset',
  B18: 'serves one connection at a time',
  B19: 'keeps what it has not returned yet in one place for all connections',
  B23: 'forgets what it has not returned yet when the client ends its side',
  B38: 'never answers anybody again after a zero byte',
} as const;

export type EchoBug = keyof typeof echoBugs;

/** The server as something to look at; without a bug it holds every property. */
export function echoServer(bug?: EchoBug): SystemUnderTest {
  return {
    name: bug === undefined ? 'a sound echo server' : `an echo server that ${echoBugs[bug]}`,
    worlds: ['simulated', 'real'],
    features: { echo: true },
    server: (world) => start(world, bug),
    ...(bug === undefined && {
      inScenario: {
        given: ['Given a listener "l1" that echoes'],
        server: 'the listener "l1"',
      },
    }),
  };
}

async function start(world: World, bug: EchoBug | undefined): Promise<RunningServer> {
  const shared = { held: Buffer.alloc(0), busy: undefined as Caller | undefined, dead: false };
  const listener: Listener = new Listener(0, { world });
  const echo = (caller: Caller): ConnectionService => {
    const service = buggy(bug)({ world, caller, shared, listener });
    return service ?? { onBytes: (data) => data };
  };
  listener.attach(echo);
  const { host, port } = await listener.start();
  return { host, port, close: async () => void (await listener.immediateStop()) };
}

interface Surroundings {
  readonly world: World;
  readonly caller: Caller;
  readonly listener: Listener;
  readonly shared: { held: Buffer; busy: Caller | undefined; dead: boolean };
}

type Maker = (surroundings: Surroundings) => ConnectionService | undefined;

const makers: Readonly<Record<EchoBug, Maker>> = {
  B02: () => ({ onBytes: (data) => (data[0] === 0x0a ? data.subarray(0, 1) : data) }),
  B07: () => ({ onBytes: (data) => Buffer.from(Buffer.from(data).toString('utf8')) }),
  B08({ world }) {
    let lastUs = world.clock.now();
    return {
      onBytes(data) {
        const idleUs = world.clock.now() - lastUs;
        lastUs = world.clock.now();
        return idleUs > 3_000_000 ? data.subarray(1) : data;
      },
    };
  },
  B10: ({ world }) => ({
    onBytes(data) {
      world.clock.after(60_000_000, () => undefined, 'a reply that was given long ago');
      return data;
    },
  }),
  B16: ({ world, caller }) => ({
    onBytes(data) {
      const later = world.clock.sleep(data.length, { label: 'work' });
      void later.then(() => caller.writeBytes(data)).catch(() => undefined);
    },
  }),
  B17: ({ listener }) => ({
    onBytes: (data) => data,
    onError: () => void listener.immediateStop(),
  }),
  B18({ shared, caller }) {
    shared.busy ??= caller;
    void caller.closed.then(() => {
      if (shared.busy === caller) shared.busy = undefined;
    });
    return { onBytes: (data) => (shared.busy === caller ? data : undefined) };
  },
  B19: ({ world, shared }) => ({
    async onBytes(data) {
      shared.held = Buffer.concat([shared.held, data]);
      await world.clock.sleep(1, { label: 'work' });
      const { held } = shared;
      shared.held = Buffer.alloc(0);
      return held;
    },
  }),
  B23({ world, caller }) {
    return {
      onBytes(data) {
        const later = world.clock.sleep(5, { label: 'work' });
        void later.then(() => caller.writeBytes(data)).catch(() => undefined);
      },
    };
  },
  B38: ({ shared }) => ({
    onBytes(data) {
      shared.dead ||= data.includes(0);
      return shared.dead ? undefined : data;
    },
  }),
};

function buggy(bug: EchoBug | undefined): Maker {
  return bug === undefined ? () => undefined : makers[bug];
}
