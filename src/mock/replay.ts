/**
 * Replay: a recording → a mock that answers as the recorded server did.
 *
 * `masked-conversation.ts` takes the turns of a captured connection and hides what is secret,
 * `recorded-talk.ts` makes turns of a script of them, `conversation-tree.ts` makes one script of
 * those of several connections.
 *
 * @source docs/mocks.md#recording
 */
import { readOneOf, refuseUnknownKeys } from '../base/option-reader';
import type { CaptureFile } from '../capture/capture-file';
import type { CapturedConnection } from '../capture/captured-connection';
import { FrameReader } from '../framing/frame-reader';
import { framerFrom } from '../framing/framer-from';
import type { FramingDefinition } from '../framing/framing-definition';
import { Compiling } from './compiling';
import { type RecordedTalk, scriptOfTalks } from './conversation-tree';
import { loadModule } from './handler-files';
import { maskedConversation } from './masked-conversation';
import type { MockDefinition, RedactionDefinition } from './mock-model';
import { isStream } from './mock-settings';
import { talkOf } from './recorded-talk';

/** How a recording becomes a mock. */
export interface ReplayOptions {
  /** Default `replay`. */
  readonly name?: string;
  /** What a message is; without one, changes of direction cut. */
  readonly framing?: FramingDefinition;
  /** `recorded` keeps how long the server took to answer; default `none`. */
  readonly timing?: 'none' | 'recorded';
  /** What no output may show; what clients sent of it may then be anything as long. */
  readonly redact?: readonly RedactionDefinition[];
  /** Files of a framing are below it; default: the working folder. */
  readonly folder?: string;
}

/** A mock that was made of something else. */
export interface Converted {
  readonly definition: MockDefinition;
  /** What was lost or guessed, each once. */
  readonly warnings: readonly string[];
}

const keys = ['name', 'framing', 'timing', 'redact', 'folder'];

/**
 * The mock that answers as the server of a recording did.
 *
 * @throws TcpError `ECONFIG` - a wrong option, or no connection was recorded
 * @throws TcpError `ECAPTUREFORMAT` - the connections carry TLS, or payloads are missing
 * @example
 * await using file = await CaptureFile.open('mail.pcapng');
 * const { definition } = await mockOfCapture(file, { name: 'mail', framing: 'crlf' });
 * const server = await startMock(definition);
 */
export async function mockOfCapture(
  file: CaptureFile,
  options: ReplayOptions = {},
): Promise<Converted> {
  const connections: CapturedConnection[] = [];
  for await (const connection of file.connections()) connections.push(connection);
  const { definition, warnings } = mockOfConnections(connections, options);
  return { definition, warnings: [...new Set([...file.warnings, ...warnings])] };
}

/** As {@link mockOfCapture}, of connections in the order of their accepts. */
export function mockOfConnections(
  connections: readonly CapturedConnection[],
  options: ReplayOptions = {},
): Converted {
  refuseUnknownKeys('mockOfCapture', options, keys);
  const { name = 'replay', framing = 'none', redact = [] } = options;
  const timing = readOneOf('timing', options.timing ?? 'none', ['none', 'recorded']);
  const warnings = new Set<string>();
  const place = new Compiling('framing', options.folder ?? process.cwd());
  const load = (file: string): unknown => loadModule(file, place);
  const framer = isStream(framing)
    ? {}
    : {
        framer: () => new FrameReader(framerFrom(framing, { field: 'framing', loadModule: load })),
      };
  const talks: RecordedTalk[] = [];
  for (const one of connections) {
    if (one.ended === 'refused' || one.ended === 'no-answer') continue;
    const { turns, midstream, warnings: found } = maskedConversation(one, redact, framer);
    const connection = talks.length + 1;
    for (const text of found) warnings.add(text);
    if (midstream) warnings.add(`connection ${connection} began before the recording`);
    const warn = (text: string) => warnings.add(`connection ${connection}: ${text}`);
    talks.push(talkOf(turns, { connection, isTimed: timing === 'recorded' }, warn));
  }
  const definition: MockDefinition = {
    name,
    ...(isStream(framing) ? {} : { framing }),
    script: scriptOfTalks(talks),
    ...(redact.length > 0 && { redact }),
  };
  return { definition, warnings: [...warnings] };
}
