import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { captureOf } from './scenario-capture';
import type { ScenarioProxy } from './scenario-proxy';
import type { StepWorld } from './step-world';
import { wireLogText } from './wire-text';

/**
 * Keeps the conversations of a proxy with its server: what the server was asked and what it said,
 * so that a mock can play its part.
 */
export async function record(world: StepWorld, proxy: ScenarioProxy, path: string): Promise<void> {
  if (path.endsWith('.pcapng')) {
    const label = `proxy ${proxy.name}`;
    await captureOf(world).start(path, {
      connections: ({ connection, from }) => connection.startsWith('c') && from === label,
    });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  world.atEnd(() => {
    const connections = proxy.legs.flatMap(({ upstream }) => upstream ?? []);
    const payloadLimit = Number.POSITIVE_INFINITY;
    const text = connections.length === 0 ? '' : wireLogText(world, { connections, payloadLimit });
    writeFileSync(path, text);
  });
}
