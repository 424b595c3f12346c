import { readFileSync } from 'node:fs';
import { traceSchema } from '../src/capture/trace-schema';
import { presetNames, presetOutcomes } from '../src/certs/preset-names';
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
    {
      path: 'docs/certificates.md',
      text: filled('docs/certificates.md', 'presets', presetTable()),
    },
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

/** A page that is written by hand but for one part, between two marks. */
function filled(path: string, mark: string, part: string): string {
  const page = readFileSync(path, 'utf8');
  const [head, rest = ''] = page.split(`<!-- ${mark} -->`);
  const [, tail] = rest.split(`<!-- /${mark} -->`);
  if (tail === undefined) throw new Error(`${path} has no part ${mark}`);
  return `${head}<!-- ${mark} -->\n\n${part}\n\n<!-- /${mark} -->${tail}`;
}

function presetTable(): string {
  const rows = presetNames.map((name) => {
    const { summary, node20 = 'none', node24 = 'none', when = '' } = presetOutcomes[name];
    const kind = node20 === node24 ? node20 : `${node24}; on Node 20 and 22 ${node20}`;
    return `| \`${name}\` | ${summary} | ${kind} | ${when} |`;
  });
  return ['| Preset | Is | Kind | When |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
