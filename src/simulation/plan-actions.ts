import { configError } from '../base/errors';
import type { ControlledNetwork } from './controls';
import type { PlannedAction } from './plan';
import { resetSegment } from './segment';
import type { TcpEnd } from './tcp-end';

/**
 * Does what a plan says.
 *
 * @param connection - number of the connection whose trigger was met
 */
export function actOn(
  network: ControlledNetwork,
  action: PlannedAction,
  connection: number | undefined,
): void {
  switch (action.type) {
    case 'reset':
    case 'halfClose':
      endConnection(network, action, action.connection ?? connection);
      return;
    case 'refuse':
      network.refused.add(needed(action.type, action.connection ?? connection));
      return;
    case 'blackhole':
      silence(network, needed(action.type, action.connection ?? connection));
      return;
    case 'hold':
      network.link(action.from, action.to).hold();
      return;
    case 'release':
      network.link(action.from, action.to).release();
      return;
    case 'partition': {
      const { a, b, type: _type, ...options } = action;
      network.partition(a, b, options);
      return;
    }
    case 'heal':
      network.heal(action.a, action.b);
      return;
    case 'clog':
      network.clog(action.from, action.to, action.duration);
      return;
    case 'kill':
      network.host(action.host).kill(action.how);
      return;
    case 'restart':
      void network.host(action.host).restart();
      return;
    case 'skew':
      network.host(action.host).setSkew(action.skew);
      return;
    case 'dns':
      network.dns.set(
        action.name,
        action.answer,
        action.delay === undefined ? {} : { delay: action.delay },
      );
      return;
    case 'link': {
      const { from, to, type: _type, ...settings } = action;
      network.link(from, to).set(settings);
    }
  }
}

function endConnection(
  network: ControlledNetwork,
  action: Extract<PlannedAction, { readonly type: 'reset' | 'halfClose' }>,
  connection: number | undefined,
): void {
  const number = needed(action.type, connection);
  const { side } = action;
  network.note(action.type, { connection: number, side: side ?? 'both' });
  const ends = endsOf(network, number);
  if (action.type === 'halfClose') {
    ends[side ?? 'dialler']?.shutdown();
    return;
  }
  // As something between the two sends it: behind what is on its way already.
  if (side !== 'listener') ends.listener?.wire.send(resetSegment('plan'));
  if (side !== 'dialler') ends.dialler?.wire.send(resetSegment('plan'));
}

function silence(network: ControlledNetwork, number: number): void {
  network.note('blackhole', { connection: number });
  const { dialler, listener } = endsOf(network, number);
  if (dialler === undefined) network.silent.add(number);
  dialler?.wire.silence();
  listener?.wire.silence();
}

function endsOf(
  network: ControlledNetwork,
  number: number,
): { readonly dialler: TcpEnd | undefined; readonly listener: TcpEnd | undefined } {
  const ends = [...network.topology.hosts.values()].flatMap((host) => [...host.ends]);
  return {
    dialler: ends.find((end) => end.log.connection === `c${number}`),
    listener: ends.find((end) => end.log.connection === `s${number}`),
  };
}

function needed(type: string, connection: number | undefined): number {
  if (connection !== undefined) return connection;
  throw configError(
    'plan.faults',
    `a connection for "${type}" when its trigger has none`,
    undefined,
  );
}
