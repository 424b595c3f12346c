import { allSteps } from './catalogue';
import { parameterTypes } from './parameter-types';
import type { Step, StepGroup } from './step';
import { printExample } from './step-printer';

/** Headings of the groups, in the order of the page. */
const chapters: Readonly<Record<StepGroup, string>> = {
  client: 'Clients',
  listener: 'Listeners',
  proxy: 'Proxies',
  fault: 'Faults',
  command: 'Programs under test',
  time: 'Time and the choice of the network',
  network: 'The simulated network',
  certificate: 'Certificates',
  tls: 'TLS',
  assertion: 'What holds for the whole scenario',
  capture: 'What was on the wire',
  own: 'Your own',
};

/**
 * The reference of the step language as Markdown: by noun, core sentences first, then the
 * placeholders.
 *
 * @param steps - default: the catalogue and what {@link defineSteps} added
 */
export function referencePage(steps: readonly Step[] = allSteps()): string {
  const groups = (Object.keys(chapters) as StepGroup[]).filter((group) =>
    steps.some((step) => step.group === group),
  );
  return [
    '# Steps',
    '',
    'Every sentence of the step language. `(x)` is optional text, `a/b` are alternatives, `{name}` is one of the [placeholders](#placeholders). A runner does not mind whether a line begins with Given, When, Then, And or But.',
    '',
    'The same list, on a terminal: `brine steps`. Written by `npm run docs:update`.',
    ...groups.flatMap((group) =>
      chapter(
        chapters[group],
        steps.filter((step) => step.group === group),
      ),
    ),
    ...placeholderChapter(),
    '',
  ].join('\n');
}

function chapter(heading: string, steps: readonly Step[]): readonly string[] {
  const core = steps.filter(({ level }) => level === 'core');
  const advanced = steps.filter(({ level }) => level === 'advanced');
  return [
    '',
    `## ${heading}`,
    ...table(core),
    ...(advanced.length === 0 ? [] : ['', `### More about ${heading.toLowerCase()}`]),
    ...table(advanced),
    ...[...core, ...advanced].flatMap(argumentExample),
  ];
}

function table(steps: readonly Step[]): readonly string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ keyword, expression, example, summary, failure }) =>
    [keyword, code(expression), code(example), summary, failure].map(cell).join(' | '),
  );
  return [
    '',
    '| | Sentence | Example | Does | When it fails |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ];
}

/** A sentence with a doc string or a table below it does not fit into a cell. */
function argumentExample(step: Step): readonly string[] {
  if (step.exampleArgument === undefined) return [];
  return ['', `${code(step.expression)}:`, '', '````text', printExample(step), '````'];
}

function placeholderChapter(): readonly string[] {
  const rows = parameterTypes.map(({ name, description, examples }) =>
    [code(`{${name}}`), description, examples.map(code).join(', ')].map(cell).join(' | '),
  );
  return [
    '',
    '## Placeholders',
    '',
    '| Name | Is | Examples |',
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ];
}

/** Inline code, also of text with backticks in it. */
function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}
