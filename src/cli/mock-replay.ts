import type { MockFileReport } from '../mock/mock-file';
import type { MockDefinition, MockMode } from '../mock/mock-model';
import type { ReplayDefinition } from '../mock/replay-definition';
import { secretRules } from '../mock/secret-rules';
import { isCapture, planned, readForm } from './mock-forms';
import { redactionsOf } from './mock-redaction';
import { type RunOptions, runReports } from './mock-run';
import type { Terminal } from './print';

/** The options of the command, as they were written. */
export interface ReplayWords extends RunOptions {
  readonly listen?: string;
  readonly name?: string;
  readonly framing?: string;
  readonly timing?: 'none' | 'recorded' | 'scaled';
  readonly scale?: number;
  readonly strict?: true;
  readonly lenient?: true;
  readonly redact?: readonly string[];
  readonly keepSecrets?: true;
}

/** Runs a mock that answers as the server of a recording did. @throws CommandFailure */
export async function replayMock(
  terminal: Terminal,
  recording: string,
  words: ReplayWords,
): Promise<void> {
  const { listen, name, framing, timing, scale, strict, lenient, redact = [], ...options } = words;
  const secrets = words.keepSecrets === true ? [] : secretRules;
  const replay = replayOf(timing, scale);
  const reports = await readForm(terminal, recording, {
    ...(name !== undefined && { name }),
    ...(framing !== undefined && { framing }),
    ...(replay !== undefined && replay.timing !== 'none' && { timing: 'recorded' }),
    ...(isCapture(recording) && { redact: [...secrets, ...redactionsOf(redact)] }),
  });
  const mode: MockMode | undefined = lenient ? 'lenient' : strict && 'strict';
  const changes: Partial<MockDefinition> = {
    ...(listen !== undefined && { listen }),
    ...(replay !== undefined && { replay }),
    ...(mode !== undefined && { mode }),
  };
  const changed = reports.map(
    (report): MockFileReport => ({
      ...report,
      mocks: report.mocks.map((mock) => planned(mock, { ...mock.definition, ...changes })),
    }),
  );
  await runReports(terminal, changed, { files: [recording], options });
}

function replayOf(
  timing: ReplayDefinition['timing'] | undefined,
  scale: number | undefined,
): ReplayDefinition | undefined {
  if (timing === undefined && scale === undefined) return undefined;
  return { timing: timing ?? 'scaled', ...(scale !== undefined && { scale }) };
}
