/** Door `brine/control`: the HTTP control API, which clients of Toxiproxy can call. */
export { type ControlOptions, ControlServer } from './control-server';
