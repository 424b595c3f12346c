import { printIsoTime } from '../base/iso-time';
import type { World } from '../network/world';
import type { ProxyEvent } from '../proxy/proxy-events';
import type { Terminal } from './print';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** How much is logged. */
export type LogLevel = (typeof levels)[number];

/** What `LOG_LEVEL` says, as Toxiproxy reads it; `info` when it says nothing that is known. */
export function readLogLevel(text: string | undefined): LogLevel {
  const word = text?.toLowerCase();
  if (word === 'panic') return 'fatal';
  return levels.find((level) => level === word) ?? 'info';
}

/** Tells what happens: events as JSON on standard output, words for people on standard error. */
export class ProxyLog {
  readonly #world: World;
  readonly #terminal: Terminal;
  readonly #least: number;

  constructor(world: World, terminal: Terminal, level: LogLevel) {
    this.#world = world;
    this.#terminal = terminal;
    this.#least = levels.indexOf(level);
  }

  /** One event, as one line of JSON. */
  tell(event: string, facts: object): void {
    const time = printIsoTime(this.#world.clock.wallTime());
    this.#terminal.print(JSON.stringify({ v: 1, event, time, ...facts }));
  }

  /** An event of a proxy. Decisions are for those who read them from the API. */
  follow(happened: ProxyEvent): void {
    const { type, time: _time, atUs: _atUs, cause: _cause, ...facts } = happened;
    if (type === 'decision') return;
    this.tell(type, facts);
    const { proxy, id: _id, ...rest } = facts;
    this.log(levelOf(type), `${proxy}: ${type} ${printFacts(rest)}`.trimEnd());
  }

  log(level: LogLevel, message: string): void {
    if (levels.indexOf(level) < this.#least) return;
    const time = printIsoTime(this.#world.clock.wallTime());
    this.#terminal.printProblem(`${time} ${level.toUpperCase().padEnd(5)} ${message}`);
  }
}

function levelOf(type: ProxyEvent['type']): LogLevel {
  if (type === 'warning') return 'warn';
  if (type === 'proxy.failed') return 'error';
  return type.startsWith('proxy.') || type.startsWith('toxic.added') ? 'info' : 'debug';
}

function printFacts(facts: object): string {
  return Object.entries(facts)
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
}
