/** Door `brine/control`: the HTTP control API, which clients of Toxiproxy can call. */
export type { ControlOptions } from './control-parts';
export { ControlServer } from './control-server';
export { MockSet } from './mock-set';
