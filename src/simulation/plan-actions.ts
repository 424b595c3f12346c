import { readDuration, toMicroseconds } from '../base/duration';
import { readTlsFault } from '../faults/tls-fault-reader';
import type { ControlledNetwork } from './controls';
import type { PlannedAction } from './plan';
import { connectionActionTypes } from './plan-fault-reader';
import { endsOf, type PlannedStreams, resetEnds } from './planned-streams';

/** Where a trigger was met. */
export interface TriggerPlace {
  /** Number of the connection. */
  readonly connection?: number;
  readonly direction?: 'out' | 'in';
}

/** Does what a plan says. */
export function actOn(
  network: ControlledNetwork,
  streams: PlannedStreams,
  action: PlannedAction,
  place: TriggerPlace,
): void {
  if (isOfConnection(action)) actOnConnection(network, streams, action, place);
  else actOnHosts(network, action);
}

type OfConnection = Extract<PlannedAction, { readonly connection?: number }>;
type OfHosts = Exclude<PlannedAction, OfConnection>;

/** Whether an action is one on a single connection. */
function isOfConnection(action: PlannedAction): action is OfConnection {
  return connectionActionTypes.includes(action.type);
}

function actOnConnection(
  network: ControlledNetwork,
  streams: PlannedStreams,
  action: OfConnection,
  place: TriggerPlace,
): void {
  // The reader has seen to it that one of the two says which.
  const number = action.connection ?? place.connection ?? 0;
  switch (action.type) {
    case 'refuse':
      network.refused.add(number);
      return;
    case 'reset':
    case 'halfClose': {
      const { after } = action;
      if (after !== undefined) streams.put({ ...action, after }, number, place.direction);
      else endConnection(network, action, number);
      return;
    }
    case 'slowAccept':
      network.slowAccepts.set(number, toMicroseconds(readDuration('delay', action.delay ?? 1_000)));
      network.note(action.type, { connection: number });
      return;
    case 'tls': {
      const { side = 'listener', type, connection: _connection, ...fault } = action;
      const listener = side === 'listener';
      const read = readTlsFault('plan', fault, listener ? 'server' : 'client');
      if ('on' in read) network.tlsFaults.set(`${listener ? 's' : 'c'}${number}`, read);
      network.note(type, { connection: number, side });
      return;
    }
    case 'blackhole':
      if (endsOf(network, number).dialler !== undefined)
        streams.put(action, number, place.direction);
      else {
        network.note(action.type, { connection: number });
        network.silent.add(number);
      }
      return;
    default:
      streams.put(action, number, place.direction);
  }
}

function actOnHosts(network: ControlledNetwork, action: OfHosts): void {
  switch (action.type) {
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
  { type, side }: Extract<PlannedAction, { readonly type: 'reset' | 'halfClose' }>,
  number: number,
): void {
  network.note(type, { connection: number, side: side ?? 'both' });
  const ends = endsOf(network, number);
  if (type === 'halfClose') ends[side ?? 'dialler']?.shutdown();
  else resetEnds(ends, side);
}
