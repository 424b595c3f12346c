/**
 * Conversations: what two ends of a captured connection said to each other, turn by turn; what a
 * recording is made of.
 *
 * @source docs/captures.md#conversations
 */
import { readCount, refuseUnknownKeys } from '../base/option-reader';
import { formatByteCount, readSize, type Size } from '../base/size';
import { formatError } from './capture-errors';
import { type CapturedConnection, itemsOf } from './captured-connection';
import type { Turn } from './conversation-turn';
import { type FrameSource, TurnMaker } from './turn-maker';

/** A connection as turns. */
export interface Conversation {
  readonly turns: readonly Turn[];
  /** Its beginning is not in the capture; which side is the client is a guess. */
  readonly midstream: boolean;
  readonly warnings: readonly string[];
}

/** How a connection is read as a conversation. */
export interface ConversationOptions {
  /** Cuts the bytes of a side into messages: `() => new FrameReader(crlf())`. Called once a side. */
  readonly framer?: () => FrameSource;
  /** The same for the server alone, where it speaks in another framing. */
  readonly serverFramer?: () => FrameSource;
  /** Bytes that are taken; default 16 MiB. */
  readonly maxBytes?: Size;
  /** Turns that are taken; default 100,000. */
  readonly maxTurns?: number;
}

/** How all connections of a file are read. */
export interface ConversationsOptions extends ConversationOptions {
  /** Conversations that are given; default 10,000. */
  readonly maxConversations?: number;
}

/** A conversation, and whose it is. */
export interface NumberedConversation extends Conversation {
  /** Of its connection: from 1, in the order of the file. */
  readonly number: number;
}

/**
 * The turns of every connection of a capture, one connection at a time.
 *
 * A connection of TLS is given without turns and with the reason as its warning. Behind the limit
 * the last one given says how many there would be.
 *
 * @throws TcpError `ECAPTUREFORMAT` - every packet is cut by a snapshot length
 * @throws TcpError `ECONFIG` - a wrong option
 * @source docs/captures.md#conversations
 */
export async function* conversationsOf(
  file: { connections(): AsyncIterable<CapturedConnection> },
  options: ConversationsOptions = {},
): AsyncGenerator<NumberedConversation, void, undefined> {
  const { maxConversations = 10_000, ...each } = options;
  const limit = readCount('maxConversations', maxConversations, 1);
  let last: NumberedConversation | undefined;
  let count = 0;
  for await (const connection of file.connections()) {
    count++;
    if (count > limit) continue;
    if (last !== undefined) yield last;
    last = numbered(connection, each);
  }
  if (last === undefined) return;
  const cut = `cut after ${limit} conversations: the capture has ${count} connections`;
  yield count <= limit ? last : { ...last, warnings: [...last.warnings, cut] };
}

function numbered(
  connection: CapturedConnection,
  options: ConversationOptions,
): NumberedConversation {
  const { number, midstream, tls } = connection;
  if (!tls) return { number, ...conversationOf(connection, options) };
  return { number, turns: [], midstream, warnings: [tlsText(number)] };
}

const keys = ['framer', 'serverFramer', 'maxBytes', 'maxTurns'];
const defaults = { maxBytes: 16 * 2 ** 20, maxTurns: 100_000 } as const;

/**
 * The turns of a captured connection.
 *
 * A turn ends where the other side speaks. Bytes are read from the file as they are needed; behind
 * a limit the conversation is cut, with a warning.
 *
 * @throws TcpError `ECAPTUREFORMAT` - the connection carries TLS, which is not decrypted
 * @throws TcpError `ECONFIG` - a wrong option
 * @example
 * for await (const connection of file.connections()) {
 *   const { turns } = conversationOf(connection, { framer: () => new FrameReader(crlf()) });
 * }
 */
export function conversationOf(
  connection: CapturedConnection,
  options: ConversationOptions = {},
): Conversation {
  refuseUnknownKeys('conversationOf', options, keys);
  const maxBytes = readSize('maxBytes', options.maxBytes ?? defaults.maxBytes);
  const maxTurns = readCount('maxTurns', options.maxTurns ?? defaults.maxTurns, 1);
  const { number, tls, midstream, openedUs } = connection;
  if (tls) {
    throw formatError(tlsText(number));
  }
  const { framer, serverFramer = framer } = options;
  const maker = new TurnMaker({ client: framer?.(), server: serverFramer?.() });
  let taken = 0;
  let cut: string | undefined;
  const established = connection.moments.find(({ kind }) => kind === 'established');
  const begunUs = established?.atUs ?? openedUs;
  if (begunUs !== null) maker.begin(begunUs);
  for (const item of itemsOf(connection)) {
    const from = item.direction === 'out' ? 'client' : 'server';
    if ('bytes' in item) {
      const bytes = item.bytes.subarray(0, maxBytes - taken);
      taken += bytes.byteLength;
      if (bytes.byteLength > 0) maker.bytes(from, item.atUs, bytes);
      if (bytes.byteLength < item.bytes.byteLength) cut = formatByteCount(maxBytes);
    } else if (item.kind === 'fin' || item.kind === 'rst') {
      maker.end(from, item.atUs, item.kind);
    }
    if (maker.turns > maxTurns) cut = `${maxTurns} turns`;
    if (cut !== undefined) break;
  }
  const { turns, warnings } = maker.finish();
  const unframed = framer === undefined && serverFramer === undefined;
  return {
    turns: turns.slice(0, maxTurns),
    midstream,
    warnings: [
      ...connection.warnings,
      ...(unframed ? ['no framing given: direction changes cut the turns'] : []),
      ...warnings,
      ...(cut === undefined ? [] : [`cut after ${cut}`]),
    ],
  };
}

function tlsText(number: number): string {
  return `connection ${number} is TLS; Brine does not decrypt captures: record where TLS has ended, or read the trace`;
}
