import type { RedactionRule } from '../capture/mask-rule';
import type { Capture } from '../capture/running-capture';
import type { WireEvent } from '../network/wire-event';
import type { World } from '../network/world';
import type { MockPlan } from './mock-plan';

/**
 * Captures the connections of a mock that listens, into the file that its definition names; an
 * older one is replaced. With `redact` payloads are masked, else the secrets of TLS are in it.
 *
 * @returns `undefined` when no file is named
 * @throws TcpError `ECAPTUREFILE` - the file cannot be written
 */
export async function captureMock(
  { name, capture: path, definition, tls }: MockPlan,
  world: World,
  port: number,
): Promise<Capture | undefined> {
  if (path === undefined) return undefined;
  // Few mocks are captured.
  const { capture } = require('../capture/capture') as typeof import('../capture/capture');
  const { redact: redaction = [] } = definition;
  const own = new Set<string>();
  const source = {
    world,
    label: `mock ${name}`,
    owns(event: WireEvent): boolean {
      if (event.kind === 'accepted' && event.local?.port === port) own.add(event.connection);
      return own.has(event.connection);
    },
    // The schema and `compileRedactor` have looked at the rules.
    redaction: redaction as readonly RedactionRule[],
  };
  const isMasked = redaction.length > 0;
  return await capture(source, path, {
    overwrite: true,
    redact: isMasked,
    secrets: tls !== undefined && !isMasked,
  });
}
