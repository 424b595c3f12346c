import type { CapturedConnection } from '../capture/captured-connection';
import type { CapturedChunk, CapturedStream } from '../capture/captured-stream';
import {
  type Conversation,
  type ConversationOptions,
  conversationOf,
} from '../capture/conversation';
import type { Turn } from '../capture/conversation-turn';
import type { RedactionRule } from '../capture/mask-rule';
import { Redaction } from '../capture/redaction';
import type { RedactionDefinition } from './mock-model';

/** A turn, and which of its bytes are masks. */
export interface MaskedTurn extends Turn {
  /** For each frame: 1 where a byte is hidden. Absent where nothing is. */
  readonly masks?: readonly Uint8Array[];
}

/** A conversation whose secrets are masks. */
export interface MaskedConversation extends Conversation {
  readonly turns: readonly MaskedTurn[];
}

/**
 * The turns of a connection, masked.
 *
 * Rules look at whole streams, framing at masked ones, which are as long. Two different masks show
 * which bytes are hidden, also in a capture that was masked when it was written.
 *
 * @throws TcpError - as `conversationOf`
 */
export function maskedConversation(
  connection: CapturedConnection,
  rules: readonly RedactionDefinition[],
  options: ConversationOptions,
): MaskedConversation {
  if (rules.length === 0) return conversationOf(connection, options);
  const first = conversationOf(masked(connection, rules.map(ruleOf)), options);
  const second = conversationOf(masked(connection, rules.map(otherMask)), options);
  const turns = first.turns.map((turn, index): MaskedTurn => {
    const other = second.turns[index]?.frames ?? [];
    const masks = turn.frames.map((frame, at) => differences(frame, other[at] ?? frame));
    return masks.some((mask) => mask.includes(1)) ? { ...turn, masks } : turn;
  });
  return { ...first, turns };
}

/** A rule as captures take it. */
export function ruleOf({ regex, pattern, ...rest }: RedactionDefinition): RedactionRule {
  const { group, flags, with: mask } = rest;
  const common = mask === undefined ? {} : { with: mask };
  if (regex === undefined) {
    return { pattern: pattern ?? '', ...common, ...(group !== undefined && { group }) };
  }
  const number = group !== undefined && /^\d+$/.test(group) ? Number(group) : group;
  return {
    regex,
    ...common,
    ...(flags !== undefined && { flags }),
    ...(number !== undefined && { group: number }),
  };
}

function otherMask(definition: RedactionDefinition): RedactionRule {
  return { ...ruleOf(definition), with: (definition.with ?? '*') === '+' ? '-' : '+' };
}

function masked(
  connection: CapturedConnection,
  rules: readonly RedactionRule[],
): CapturedConnection {
  const redaction = new Redaction(rules);
  const stream = (of: CapturedStream): CapturedStream => {
    const chunks: CapturedChunk[] = [];
    const mask = redaction.stream();
    for (const chunk of of.chunks()) {
      const bytes = Uint8Array.from(chunk.bytes);
      mask.add(bytes);
      chunks.push({ ...chunk, bytes });
    }
    mask.end();
    const all = (): Uint8Array => Buffer.concat(chunks.map(({ bytes }) => bytes));
    return { length: of.length, chunks: () => chunks, bytes: all };
  };
  return { ...connection, out: stream(connection.out), in: stream(connection.in) };
}

function differences(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, index) => Number(byte !== right[index]));
}
