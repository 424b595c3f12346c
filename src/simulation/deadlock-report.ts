import type { Scope } from '../network/scope';
import type { WireEvent } from '../network/wire-event';
import type { Engine } from './engine';
import { seconds } from './figures';
import { netstat, stuckLinks } from './netstat';
import type { CoreNetwork } from './network';
import { nativeResources } from './quiescence';
import { DeadlockError } from './verdicts';

/** What the report looks at. */
export interface DeadlockScene {
  readonly engine: Engine;
  readonly network: CoreNetwork;
  readonly scope: Scope;
  readonly events: number;
  /** Faults of the plan that have not happened. */
  readonly neverFired: readonly string[];
}

/** Wire events that are shown. */
const lastEvents = 10;

/**
 * The verdict when nothing is scheduled and the body still waits: who waits for what.
 *
 * @source docs/simulation.md
 */
export function deadlock(scene: DeadlockScene): DeadlockError {
  const { engine, network } = scene;
  const pending = pendingOperations(scene);
  const links = stuckLinks(network);
  const text = [
    `nothing can happen any more, and the body still waits, at ${seconds(engine.nowUs)} after ${scene.events} events`,
    ...section('pending', pending),
    ...section('sockets', netstat(network).split('\n')),
    ...section('links', links),
    ...section('plan', scene.neverFired),
    ...section('native resources', resources()),
    ...section('last events', engine.trace.events.slice(-lastEvents).map(eventLine)),
    ...section('hints', hints(scene, pending, links)),
  ];
  return new DeadlockError(text.join('\n'));
}

/** What is waited for; who merely exists stands in the table of sockets. */
function pendingOperations({ scope, network }: DeadlockScene): readonly string[] {
  const { pendingReads, pendingWrites, others } = scope.leaks();
  const present = new Set([
    ...[...network.connections].map(({ id }) => id),
    ...[...network.endpoints].map(({ label }) => label),
  ]);
  return [...pendingReads, ...pendingWrites, ...others.filter((text) => !present.has(text))];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function resources(): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of nativeResources()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} x ${count}`));
}

function eventLine(event: WireEvent): string {
  const { atUs, connection, from, to, direction, kind, length, detail } = event;
  const size = length === undefined ? '' : ` ${length} bytes`;
  const facts = Object.entries(detail ?? {}).map(([key, value]) => ` ${key}=${value}`);
  const ends = direction === '-' ? from : `${from} → ${to}`;
  return `${seconds(atUs)}  ${connection} ${kind}${size}${facts.join('')}  ${ends}`.trimEnd();
}

function hints(
  scene: DeadlockScene,
  pending: readonly string[],
  links: readonly string[],
): readonly string[] {
  const infos = [...scene.network.connections].map((connection) => connection.info());
  const found: string[] = [];
  if (pending.some((text) => /no (limit|timeout)/.test(text)))
    found.push('the read has no timeout');
  found.push(...links.map((line) => line.replace(/,.*$/, '')));
  const blocked = infos.find(({ unsent }) => unsent > 0);
  if (blocked !== undefined) {
    found.push(`a write of ${blocked.id} waits for room: its peer has paused or reads too little`);
  }
  const silent = infos.filter(
    ({ state, unsent, inFlight }) => state === 'established' && unsent + inFlight === 0,
  );
  if (silent.length >= 2 && blocked === undefined && links.length === 0) {
    found.push('both sides wait to read');
  }
  if (resources().includes('Timeout')) {
    found.push(
      'a real timer is pending: time it with world.clock, or install the globals of the world',
    );
  }
  return found;
}
