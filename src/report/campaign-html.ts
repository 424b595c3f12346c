import { escapeHtml, htmlPage } from './page';
import { scriptlessSheet } from './page-assets';
import { stripStyle } from './timeline-strip';

/** A scenario in which a property did not hold, shrunk. */
export interface CampaignCounterexample {
  readonly property: string;
  /** The scenario as Gherkin. */
  readonly scenario: string;
  readonly expected?: string;
  readonly received?: string;
  /** `fails 10 of 10 replays`. */
  readonly stability?: string;
  /** What of it matters, in words. */
  readonly matters?: string;
  /** A command line that runs it again. */
  readonly replay?: string;
  /** Its wire, as `timelineStrip` gives it. */
  readonly strip?: string;
}

/** What a campaign found. Numbers are shown as they are; nothing is computed twice. */
export interface CampaignFacts {
  readonly title?: string;
  readonly runs: number;
  readonly counterexamples: readonly CampaignCounterexample[];
  readonly goals?: readonly { readonly name: string; readonly reached: number }[];
  readonly faults?: readonly {
    readonly type: string;
    readonly planned: number;
    readonly fired: number;
  }[];
  readonly properties?: readonly {
    readonly name: string;
    readonly runs: number;
    readonly skipped: number;
    /** Traces that differ from each other. */
    readonly distinct: number;
    /** Of these, new in the last tenth of the runs. */
    readonly late: number;
    readonly perSecond: number;
  }[];
  /** New traces in equal parts of the campaign, in order. */
  readonly novelty?: readonly number[];
  /** `profile`, `seed`, `shards`, versions and what else is known, by name. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Counterexamples that are shown; the rest is counted. */
const mostShown = 20;
/** Faults that never fired in more than this share of their plans are flagged. */
const mostUnfired = 0.2;

/**
 * What a campaign of properties found, as one page without script: the verdict, the smallest
 * scenarios that break something, and whether the campaign was any good.
 *
 * @returns one self-contained document, pure ASCII
 * @source docs/report.md#a-campaign
 */
export function campaignHtml(campaign: CampaignFacts): string {
  const { runs, counterexamples, title = 'Campaign' } = campaign;
  const violated = new Set(counterexamples.map(({ property }) => property)).size;
  const verdict =
    violated === 0
      ? `held over ${grouped(runs)} runs`
      : `${violated} ${violated === 1 ? 'property' : 'properties'} violated in ${grouped(runs)} runs`;
  const rest = counterexamples.length - mostShown;
  return htmlPage({
    title: `${title}: ${verdict}`,
    styles: [scriptlessSheet('campaign')],
    pictureStyles: [stripStyle],
    body: `<main>
<h1>${escapeHtml(title)}</h1>
<p class="verdict ${violated > 0 ? 'bad' : 'ok'}">${verdict}</p>
${counterexamples.slice(0, mostShown).map(exampleOf).join('\n')}
${rest > 0 ? `<p>${grouped(rest)} more in .brine/failures</p>` : ''}
${goalsOf(campaign)}
${faultsOf(campaign)}
${propertiesOf(campaign)}
${noveltyOf(campaign)}
${factsOf(campaign)}
</main>`,
  });
}

function exampleOf(example: CampaignCounterexample): string {
  const { property, scenario, expected, received, stability, matters, replay, strip } = example;
  const facts = [
    ['expected', expected],
    ['received', received],
    ['stability', stability],
    ['what matters', matters],
    ['replay', replay],
  ].flatMap(([name = '', value]) =>
    value === undefined ? [] : [`<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`],
  );
  const picture = strip?.startsWith('<svg ') ? strip.trimEnd() : '';
  return `<article><h2>${escapeHtml(property)} does not hold</h2>
<pre>${escapeHtml(scenario)}</pre><dl>${facts.join('')}</dl>${picture}</article>`;
}

function goalsOf({ goals = [], runs }: CampaignFacts): string {
  const order = [...goals].sort((left, right) => left.reached - right.reached);
  const rows = order.map(({ name, reached }) => {
    const words =
      reached === 0 ? 'never reached' : `reached ${grouped(reached)} of ${grouped(runs)} runs`;
    const share = `<meter max="${Math.max(1, runs)}" value="${reached}"></meter>`;
    return [escapeHtml(name), share, reached === 0 ? `<b class="bad">${words}</b>` : words];
  });
  return tableOf('Goals', ['goal', 'share', 'reached'], rows);
}

function faultsOf({ faults = [] }: CampaignFacts): string {
  const rows = faults.map(({ type, planned, fired }) => {
    const isIdle = planned > 0 && (planned - fired) / planned > mostUnfired;
    const flag = isIdle ? `<b class="bad">${grouped(planned - fired)} never fired</b>` : '';
    return [escapeHtml(type), grouped(planned), grouped(fired), flag];
  });
  return tableOf('Faults', ['fault', 'planned', 'fired', ''], rows);
}

function propertiesOf({ properties = [] }: CampaignFacts): string {
  const rows = properties.map(({ name, runs, skipped, distinct, late, perSecond }) => [
    escapeHtml(name),
    ...[runs, skipped, distinct, late, Math.round(perSecond)].map(grouped),
  ]);
  const heads = [
    'property',
    'runs',
    'skipped',
    'distinct traces',
    'new in the last 10 %',
    'cases/s',
  ];
  return tableOf('Properties', heads, rows);
}

/** A line that ends flat says that nothing new comes any more. */
function noveltyOf({ novelty = [] }: CampaignFacts): string {
  if (novelty.length < 2) return '';
  const [width, height, most] = [600, 80, Math.max(1, ...novelty)];
  const points = novelty.map((count, at) => {
    const x = (at / (novelty.length - 1)) * width;
    return `${Math.round(x * 10) / 10},${Math.round((height - (count / most) * (height - 4)) * 10) / 10}`;
  });
  const first = novelty[0] ?? 0;
  const label = `New traces over time, from ${first} to ${novelty.at(-1)}`;
  return `<h2>New traces</h2>
<svg class="line" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><title>${label}</title><polyline points="${points.join(' ')}"/></svg>`;
}

function factsOf({ facts = {} }: CampaignFacts): string {
  const rows = Object.entries(facts).map(([name, value]) => [escapeHtml(name), escapeHtml(value)]);
  return tableOf('Circumstances', ['', ''], rows);
}

/** Cells are markup already. */
function tableOf(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return '';
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('');
  const body = rows.map(
    ([first = '', ...cells]) =>
      `<tr><th scope="row">${first}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`,
  );
  return `<h2>${title}</h2>\n<table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, '\u00a0');
}
