import { basename } from 'node:path';
import { wireLogOf } from '../capture/wire-log';
import { writePcapng } from '../capture/write-pcapng';
import type { RecordedEvents } from '../report/recorded-events';
import { summarizeRecording } from '../report/recording-summary';
import { buildTimeline } from '../report/timeline';
import { timelinePage } from '../report/timeline-html';
import type { ReportLimits } from '../report/timeline-model';
import { CommandFailure, exitCodes } from './exit-codes';
import { summaryText } from './summary-text';

/** The options of `brine report`, as they were given. */
export interface ReportOptions {
  readonly output?: string;
  readonly force?: true;
  readonly open?: true;
  readonly summary?: true;
  readonly title?: string;
  readonly connection?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly events?: number;
  readonly bytes?: number | false;
  readonly redact?: readonly string[];
  readonly name?: readonly string[];
  readonly theme: 'auto' | 'light' | 'dark';
  readonly json?: true;
}

/** A recording in the form that was asked for, or that the name of the output says. */
export function formOf(
  recording: RecordedEvents,
  file: string,
  output: string,
  options: ReportOptions,
): string | Uint8Array {
  const { events, epochUs, plan } = recording;
  const { network = 'real', warnings = [], ...more } = recording.facts;
  if (options.summary) {
    const summary = summarizeRecording(events, network);
    return options.json
      ? `${JSON.stringify({ file, ...summary, warnings })}\n`
      : summaryText(file, summary);
  }
  if (output.endsWith('.script')) {
    return wireLogOf(events, { network, payloadLimit: Number.POSITIVE_INFINITY });
  }
  if (output.endsWith('.pcapng')) {
    return writePcapng(events, { network, epochUs, ...(plan !== undefined && { plan }) });
  }
  const facts = {
    ...more,
    network,
    warnings,
    title: options.title ?? basename(file),
    names: { ...more.names, ...namesIn(options.name ?? []) },
  };
  const limits = limitsOf(options);
  return options.json || output.endsWith('.json')
    ? `${JSON.stringify(buildTimeline(events, facts, limits))}\n`
    : timelinePage(events, facts, { limits, theme: options.theme });
}

function limitsOf({ events, bytes }: ReportOptions): ReportLimits {
  return {
    ...(events !== undefined && { events }),
    bytes: bytes === false ? 0 : (bytes ?? 2 ** 21),
  };
}

/** What is hidden of a match: its first group, where there is one. */
export function ruleOf(regex: string): { regex: string; group?: number } {
  return /(?<!\\)\((?!\?)/.test(regex) ? { regex, group: 1 } : { regex };
}

function namesIn(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at > 0 && at < word.length - 1) return [word.slice(0, at), word.slice(at + 1)];
      const text = `--name must be an address and a name, such as 127.0.0.1:2525=edge, got ${word}`;
      throw new CommandFailure(text, exitCodes.usage);
    }),
  );
}
