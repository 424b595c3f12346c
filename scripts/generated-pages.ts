import { traceSchema } from '../src/capture/trace-schema';
import { tlsFaultPresets } from '../src/faults/tls-fault-presets';
import { catalogue } from '../src/steps/catalogue';
import { referencePage } from '../src/steps/step-reference';
import { type SeenLine, tlsFaultPage } from './tls-fault-page';
import { readSeen, seenLines } from './tls-seen-file';

/** A page that is written from the program. */
export interface GeneratedPage {
  readonly path: string;
  readonly text: string;
}

/** Every generated page, as it must be. */
export function generatedPages(): readonly GeneratedPage[] {
  return [
    { path: 'docs/steps.md', text: referencePage(catalogue) },
    { path: 'docs/tls-faults.md', text: tlsFaultPage(tlsFaultPresets, seenLines.map(seenOn)) },
    { path: 'docs/trace.schema.json', text: `${JSON.stringify(traceSchema, undefined, 2)}\n` },
  ];
}

function seenOn(line: number): SeenLine {
  return { line, rows: readSeen(line) ?? [] };
}
