import { formatDuration } from '../base/duration';
import { formatByteCount } from '../base/size';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/** Why waiting stopped, and how long it had lasted. */
export interface Ending {
  readonly by: 'found' | 'deadline' | 'over' | 'timeout' | 'quiet';
  readonly waitedMs: number;
}

/** `waited 2 s: nothing came`, `stopped after 3 ms: the peer closed with FIN`. */
export function endingWords(world: StepWorld, client: ScenarioClient, ending: Ending): string {
  const after = formatDuration(rounded(ending.waitedMs));
  const count = client.transcript.unread.byteLength;
  const came = count === 0 ? 'nothing came' : `${formatByteCount(count)} came`;
  switch (ending.by) {
    case 'over':
      return `stopped after ${after}: ${overWords(client)}`;
    case 'timeout':
      return `stopped after ${after}: read timeout, ${came}`;
    case 'quiet':
      return `stopped after ${after}: ${formatByteCount(count)}, then ${quietWords(world)}`;
    default:
      return `waited ${after}: ${came}${client.paused ? '; a step stopped its reading' : ''}`;
  }
}

/** How the connection of a client ended. */
export function overWords(client: ScenarioClient): string {
  if (client.transcript.full) return 'a client keeps at most 64 MiB of a stream';
  const info = client.closeInfo;
  if (info?.received === 'rst') return 'the peer reset the connection (RST)';
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

/** Times on a real clock are told to the millisecond. */
function rounded(ms: number): number {
  return ms < 1 ? Math.round(ms * 1_000) / 1_000 : Math.round(ms);
}
