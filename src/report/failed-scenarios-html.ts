import { escapeHtml, htmlPage } from './page';
import { scriptlessSheet } from './page-assets';
import { linkPath, safeLinks } from './safe-links';
import type { TimelineLink } from './timeline-model';
import { stripStyle } from './timeline-strip';

/** A scenario that has failed, as its run tells of it. */
export interface FailedScenario {
  readonly title: string;
  /** `features/mail.feature:18`. */
  readonly feature?: string;
  /** What went wrong, in one line. */
  readonly headline?: string;
  /** How long it took, in words. */
  readonly lasted?: string;
  /** What it left; only relative links to files of known kinds are kept. */
  readonly links?: readonly TimelineLink[];
  /** Its picture, as `timelineStrip` gives it. */
  readonly strip?: string;
}

/**
 * The failed scenarios of a run as one page, each with what went wrong, a picture of its wire, and
 * links to its evidence.
 *
 * @param scenarios - in the order in which they are shown
 * @returns one self-contained document without script, pure ASCII
 * @source docs/report.md#failed-scenarios
 */
export function failedScenariosHtml(scenarios: readonly FailedScenario[]): string {
  const count = `${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'} failed`;
  const title = scenarios.length === 0 ? 'No scenario failed' : count;
  return htmlPage({
    title,
    styles: [scriptlessSheet('failed')],
    pictureStyles: [stripStyle],
    body: `<main>
<h1>${title}</h1>
${scenarios.length === 0 ? '' : tableOf(scenarios)}</main>`,
  });
}

function tableOf(scenarios: readonly FailedScenario[]): string {
  const heads = ['Scenario', 'What went wrong', 'Lasted', 'Evidence'];
  return `<table>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
${scenarios.map(rowsOf).join('\n')}
</table>
`;
}

function rowsOf(scenario: FailedScenario): string {
  const { title, feature = '', headline = '', lasted = '', links = [], strip } = scenario;
  const anchors = safeLinks(links).map(
    ({ label, href }) => `<a href="${escapeHtml(linkPath(href))}">${escapeHtml(label)}</a>`,
  );
  const picture = strip?.startsWith('<svg ')
    ? `\n<tr><td class="strip" colspan="4">${strip.trimEnd()}</td></tr>`
    : '';
  return `<tbody>
<tr><th scope="row">${escapeHtml(title)}<span>${escapeHtml(feature)}</span></th>
<td class="why">${escapeHtml(headline)}</td><td class="lasted">${escapeHtml(lasted)}</td><td class="links">${anchors.join(' ')}</td></tr>${picture}
</tbody>`;
}
