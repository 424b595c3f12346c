import { formatDuration } from '../base/duration';
import { formatByteCount } from '../base/size';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/** Why waiting stopped, and how long it had lasted. */
export interface Ending {
  readonly by: 'deadline' | 'over' | 'timeout' | 'quiet' | 'mismatch';
  readonly waitedMs: number;
  /** Bytes that had come of what was looked at; default: those that are unread. */
  readonly count?: number;
}

/** A length of time for people: whole milliseconds, since a real clock promises no more. */
export function shortTime(ms: number): string {
  return formatDuration(Math.round(ms));
}

/** `waited 2 s: nothing came`, `stopped after 3 ms: the peer closed with FIN`. */
export function endingWords(world: StepWorld, client: ScenarioClient, ending: Ending): string {
  const stopped =
    ending.waitedMs < 1 ? 'stopped at once' : `stopped after ${shortTime(ending.waitedMs)}`;
  const { count = client.transcript.unread.byteLength } = ending;
  const came = count === 0 ? 'nothing came' : `${formatByteCount(count)} came`;
  switch (ending.by) {
    case 'over':
      return `${stopped}: ${overWords(client)}`;
    case 'timeout':
      return `${stopped}: read timeout, ${came}`;
    case 'quiet':
      return `${stopped}: ${formatByteCount(count)}, then ${quietWords(world)}`;
    case 'mismatch':
      return `${stopped}: ${came}, and no more can make them match`;
    default:
      return `waited ${shortTime(ending.waitedMs)}: ${came}${client.paused ? '; a step stopped its reading' : ''}`;
  }
}

/** How the connection of a client ended. */
export function overWords(client: ScenarioClient): string {
  if (client.transcript.full) return 'a client keeps at most 64 MiB of a stream';
  const info = client.closeInfo;
  const isReset = client.failures.at(-1)?.error.code === 'ECONNRESET';
  if (isReset || info?.received === 'rst') return 'the peer reset the connection (RST)';
  if (info?.reason === 'local-reset') return 'the client had reset the connection (RST)';
  if (info?.reason === 'local-close') return 'the client had closed (FIN)';
  if (client.peerEnded) return 'the peer closed with FIN';
  if (!client.used) return 'the client is not connected';
  return info === undefined ? 'the reading ended' : `the connection ended by ${info.reason}`;
}

function quietWords(world: StepWorld): string {
  return world.clock.kind === 'virtual'
    ? 'the network was at rest'
    : `quiet for ${formatDuration(world.settings.quietMs)}`;
}
