import type { WireEvent } from '../network/wire-event';
import type { WireSource } from '../network/wire-source';
import type { World } from '../network/world';
import type { RedactionRule } from './mask-rule';
import type { CaptureLeg } from './pcapng-writer';

/**
 * What can be captured beside a whole world: a part of one that knows which connections are its
 * own. Its label names its interface; `legs` are several interfaces.
 */
export interface CaptureSource extends WireSource {
  /** What is to be hidden in everything that is printed of it. */
  readonly redaction?: readonly RedactionRule[];
}

/** What has a part of a world: a Client, a Listener, a Proxy, a MockServer. */
export interface Capturable {
  readonly wire: CaptureSource;
}

/** What is captured, whatever it was given as. */
export function partOf(source: World | Capturable | CaptureSource): CaptureSource {
  if ('wire' in source) return source.wire;
  if ('world' in source) return source;
  return { world: source, label: 'wire', legs: [wholeWorld] };
}

const wholeWorld: CaptureLeg = { name: 'wire', description: 'every connection of the world' };

/**
 * In a simulated world each byte is told by the end that receives it, and both ends of a connection
 * share their number: with one of them the other is meant.
 */
export function withBothEnds({ world, owns = () => true, legOf, pairOf }: CaptureSource): {
  owns: (event: WireEvent) => boolean;
  legOf: ((id: string) => number) | undefined;
  pairOf: ((id: string) => number | undefined) | undefined;
} {
  if (world.kind === 'real') return { owns, legOf: legOf && ((id) => legOf(id) ?? 0), pairOf };
  return {
    owns: (event) => owns(event) || owns({ ...event, connection: otherEnd(event.connection) }),
    legOf: legOf && ((id) => legOf(id) ?? legOf(otherEnd(id)) ?? 0),
    pairOf: pairOf && ((id) => pairOf(id) ?? pairOf(otherEnd(id))),
  };
}

function otherEnd(id: string): string {
  return id.replace(/^[cs]/, (end) => (end === 'c' ? 's' : 'c'));
}
