/** Functions that say more about a fault: where, when, how often. Each returns a new one. */
import type { Duration } from '../base/duration';
import type { Fault } from './fault';
import { readToxicity } from './fault-reader';
import { readSchedule } from './schedule';
import { readTrigger } from './trigger';

/** The fault in the direction to the server. */
export function upstream(fault: Fault): Fault {
  return { ...fault, stream: 'upstream' };
}

/** The fault in the direction to the client. */
export function downstream(fault: Fault): Fault {
  return { ...fault, stream: 'downstream' };
}

/** The fault in both directions. */
export function both(fault: Fault): Fault {
  return { ...fault, stream: 'both' };
}

/** The fault on one connection, by its number from 1. */
export function onConnection(number: number, fault: Fault): Fault {
  return { ...fault, connections: { ...fault.connections, numbers: [number] } };
}

/** The fault from an offset on. @throws TcpError `EINVALIDFAULT` */
export function afterBytes(byte: number, fault: Fault): Fault {
  return { ...fault, trigger: readTrigger({ ...fault.trigger, byte }) };
}

/** The fault behind a match: a byte literal, or text that stands for itself. @throws TcpError `EINVALIDFAULT` */
export function afterPattern(pattern: string, fault: Fault): Fault {
  return { ...fault, trigger: readTrigger({ ...fault.trigger, pattern }) };
}

/** The fault for a while; then it removes itself. @throws TcpError `EINVALIDFAULT` */
export function forTime(duration: Duration, fault: Fault): Fault {
  return { ...fault, schedule: readSchedule({ ...fault.schedule, duration }) };
}

/** The fault on a share of connections, 0 to 1. @throws TcpError `EINVALIDFAULT` */
export function sometimes(toxicity: number, fault: Fault): Fault {
  return { ...fault, toxicity: readToxicity(toxicity) };
}
