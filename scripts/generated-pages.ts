import { readFileSync } from 'node:fs';
import { traceSchema } from '../src/capture/trace-schema';
import { tlsFaultPresets } from '../src/faults/tls-fault-presets';
import { planSchema } from '../src/simulation/plan-schema';
import { catalogue } from '../src/steps/catalogue';
import { referencePage } from '../src/steps/step-reference';
import { withDriverTable } from '../test/drivers/driver-table';
import { type SeenLine, tlsFaultPage } from './tls-fault-page';
import { readSeen, seenLines } from './tls-seen-file';

/** A page that is written from the program. */
export interface GeneratedPage {
  readonly path: string;
  readonly text: string;
}

const simulation = 'docs/simulation.md';

/** Every generated page, as it must be. */
export function generatedPages(): readonly GeneratedPage[] {
  return [
    { path: 'docs/steps.md', text: referencePage(catalogue) },
    { path: simulation, text: withDriverTable(readFileSync(simulation, 'utf8')) },
    { path: 'docs/trace.schema.json', text: printSchema(traceSchema) },
    { path: 'docs/plan.schema.json', text: printSchema(planSchema) },
    { path: 'docs/tls-faults.md', text: tlsFaultPage(tlsFaultPresets, seenLines.map(seenOn)) },
  ];
}

function printSchema(schema: object): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function seenOn(line: number): SeenLine {
  return { line, rows: readSeen(line) ?? [] };
}
