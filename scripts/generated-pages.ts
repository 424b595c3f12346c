import { traceSchema } from '../src/capture/trace-schema';
import { tlsFaultPresets } from '../src/faults/tls-fault-presets';
import { catalogue } from '../src/steps/catalogue';
import { referencePage } from '../src/steps/step-reference';
import { tlsFaultPage } from './tls-fault-page';

/** A page that is written from the program. */
export interface GeneratedPage {
  readonly path: string;
  readonly text: string;
}

/** Every generated page, as it must be. */
export function generatedPages(): readonly GeneratedPage[] {
  return [
    { path: 'docs/steps.md', text: referencePage(catalogue) },
    { path: 'docs/tls-faults.md', text: tlsFaultPage(tlsFaultPresets) },
    { path: 'docs/trace.schema.json', text: `${JSON.stringify(traceSchema, undefined, 2)}\n` },
  ];
}
