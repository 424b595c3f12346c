/** How a dial becomes two ends: SYN, SYN+ACK, ACK, and everything that may come instead. */
import type { Address } from '../base/address';
import type { ConnectionLog } from './connection-log';
import type { CutPlan } from './cuts';
import type { SimulatedEndpoint } from './endpoint';
import type { Engine } from './engine';
import { priorities } from './event-queue';
import type { Host } from './host';
import { Segment } from './segment';
import { Sender } from './sender';
import { TcpEnd } from './tcp-end';
import type { Topology } from './topology';
import { type Receiver, Wire } from './wire';

/** A dialler whose SYN found a full backlog tries again so long after the first, in seconds. */
const retriesAfter = [1, 3, 7, 15, 31, 63];

/** What a dial needs to know of the network. */
export interface HandshakeNetwork {
  readonly engine: Engine;
  readonly topology: Topology;
  /** What the plan or a control has in store for a dial. */
  fateOf(number: number, remote: Address): DialFate;
  cutsOf(number: number, direction: 'out' | 'in'): CutPlan | undefined;
  /** How long the port of one who ended first stays taken. */
  readonly timeWaitUs: number;
  /** The log of the accepting end. */
  acceptedLog(number: number, endpoint: SimulatedEndpoint, dialler: ConnectionLog): ConnectionLog;
}

/** What becomes of a dial, whoever listens. */
export type DialFate = 'open' | 'refused' | 'unanswered';

/** One attempt to reach one address. */
export interface DialRequest {
  readonly number: number;
  readonly host: Host;
  readonly local: Address;
  readonly remote: Address;
  readonly log: ConnectionLog;
  /** Whether it is only to see who listens. */
  readonly probe: boolean;
}

/** Sends SYN. The end that is returned tells its owner what came of it. */
export function dial(network: HandshakeNetwork, request: DialRequest): TcpEnd {
  const { engine } = network;
  const { host, local, remote, log, number, probe } = request;
  const target = network.topology.hostAt(remote.host, host);
  const link = network.topology.link(host.name, target?.name ?? remote.host);
  const back = network.topology.link(target?.name ?? remote.host, host.name);
  const destination = target ?? { powered: true };
  const wire = new Wire(engine, link, destination, nobody, `c${number} out`);
  const answers = new Wire(engine, back, host, nobody, `c${number} in`);
  const end = new TcpEnd('connecting', {
    engine,
    log,
    local,
    remote,
    wire,
    sender: new Sender(engine, wire, log, network.cutsOf(number, 'out')),
    onReleased: (released) => {
      const timeWaitUs = released.endedFirst ? network.timeWaitUs : 0;
      host.ports.giveBack(local.port, engine.nowUs, timeWaitUs);
      host.ends.leave(place);
      answers.finish();
    },
  });
  answers.receiver = end;
  const place = host.ends.add(end);
  log.sent('syn', probe ? { probe } : undefined, { local, remote });
  if (network.fateOf(number, remote) === 'unanswered') {
    end.failAfter(link.settings.connectLimitUs, 'ETIMEDOUT');
  } else if (target === undefined) {
    end.failAfter(link.arrivalUs(engine.nowUs, 0) - engine.nowUs, noRoute(remote.host));
  } else if (link.state === 'unreachable') {
    end.failAfter(link.arrivalUs(engine.nowUs, 0) - engine.nowUs, 'EHOSTUNREACH');
  } else {
    wire.receiver = new Greeting(network, request, target, end, answers);
    wire.send(new Segment('syn'));
  }
  return end;
}

const nobody: Receiver = { receive: () => {} };

/** Simulated machines live in 10.0.0.0/8; one that is not there is unreachable, everything else has no route. */
function noRoute(address: string): 'EHOSTUNREACH' | 'ENETUNREACH' {
  return address.startsWith('10.') ? 'EHOSTUNREACH' : 'ENETUNREACH';
}

/** The kernel of the host that is dialled, until a connection stands. */
class Greeting implements Receiver {
  readonly #network: HandshakeNetwork;
  readonly #request: DialRequest;
  readonly #target: Host;
  readonly #dialler: TcpEnd;
  readonly #answers: Wire;
  readonly #firstUs: number;
  #tries = 0;

  constructor(
    network: HandshakeNetwork,
    request: DialRequest,
    target: Host,
    dialler: TcpEnd,
    answers: Wire,
  ) {
    this.#network = network;
    this.#request = request;
    this.#target = target;
    this.#dialler = dialler;
    this.#answers = answers;
    this.#firstUs = network.engine.nowUs;
  }

  receive(segment: Segment): void {
    if (segment.kind !== 'syn') return;
    const { remote, number } = this.#request;
    const endpoint = this.#target.endpointAt(remote.host, remote.port);
    const refused = this.#network.fateOf(number, remote) === 'refused';
    if (endpoint === undefined || refused) {
      this.#refuse();
      return;
    }
    if (!endpoint.full) {
      this.#welcome(endpoint);
      return;
    }
    if (endpoint.overflow === 'reset') {
      this.#refuse();
      return;
    }
    this.#tryAgain();
  }

  #refuse(): void {
    this.#answers.send(new Segment('refused'));
    this.#answers.finish();
  }

  #welcome(endpoint: SimulatedEndpoint): void {
    const { engine } = this.#network;
    const { local, remote, number, log: diallerLog } = this.#request;
    const log = this.#network.acceptedLog(number, endpoint, diallerLog);
    const target = this.#target;
    const end = new TcpEnd('synReceived', {
      engine,
      log,
      local: remote,
      remote: local,
      wire: this.#answers,
      sender: new Sender(engine, this.#answers, log, this.#network.cutsOf(number, 'in')),
      onReleased: () => target.ends.leave(place),
    });
    this.#dialler.wire.receiver = end;
    const place = target.ends.add(end);
    endpoint.greet(end);
    this.#answers.send(new Segment('synAck'));
  }

  /** The SYN is lost: the dialler sends it again, later and later, until its limit. */
  #tryAgain(): void {
    const { engine } = this.#network;
    const { connectLimitUs } = this.#dialler.wire.link.settings;
    const limitUs = this.#firstUs + connectLimitUs - engine.nowUs;
    const after = retriesAfter[this.#tries++];
    if (after === undefined) {
      this.#dialler.failAfter(limitUs, 'ETIMEDOUT');
      return;
    }
    engine.schedule(
      Math.max(0, this.#firstUs + after * 1_000_000 - engine.nowUs),
      priorities.timer,
      () => {
        if (this.#dialler.state === 'connecting') this.#dialler.wire.send(new Segment('syn'));
      },
      `SYN of c${this.#request.number} again`,
    );
  }
}
