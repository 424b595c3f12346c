import { refusal } from '../base/errors';
import { readOneOf } from '../base/option-reader';
import { wireLogOf } from '../capture/wire-log';
import type { WireEvent } from '../network/wire-event';
import { escapeHtml, htmlPage, safeJson } from './page';
import { timelineScript, timelineSheet } from './page-assets';
import { buildTimeline } from './timeline';
import type { TimelineFacts } from './timeline-facts';
import { type ReportLimits, type TimelineModel, timelineVersion } from './timeline-model';

/** How a page is made. */
export interface TimelinePageOptions {
  /** `auto` follows the reader's system; default `auto`. */
  readonly theme?: 'auto' | 'light' | 'dark';
  /** The last lines of the wire log, for readers without scripts. */
  readonly log?: string;
}

/** A page larger than this is made again with half the events. */
const longestPage = 8 * 2 ** 20;
/** Lines of the wire log that a page without script shows. */
const logLines = 12;

/**
 * One self-contained HTML page that draws a timeline: no script, style, font or picture from
 * elsewhere, and a policy that forbids the page to ask for any.
 *
 * @returns pure ASCII, whatever the peers sent
 * @throws TcpError `ECONFIG` - a model of another version, an unknown theme
 * @source docs/report.md
 */
export function timelineHtml(model: TimelineModel, options: TimelinePageOptions = {}): string {
  if (model.v !== timelineVersion) {
    throw refusal(
      'v',
      `this report was made by Brine ${model.brine} (model ${model.v}); this one makes pages of model ${timelineVersion}`,
    );
  }
  const theme = readOneOf('theme', options.theme ?? 'auto', ['auto', 'light', 'dark']);
  const { title, status, headline, items } = model;
  return htmlPage({
    title: `${status === 'failed' ? 'Failed: ' : ''}${title}`,
    theme,
    styles: [timelineSheet()],
    body: `<main id="plain">
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(headline ?? `${items.length} events`)}</p>
<pre>${escapeHtml(options.log ?? '')}</pre>
</main>
<script type="application/json" id="model">${safeJson(model)}</script>`,
    script: timelineScript(),
  });
}

/**
 * The timeline of events as a page: {@link buildTimeline} and {@link timelineHtml} in one, within
 * 8 MiB. A page that would be larger is made of fewer events, and says so.
 *
 * @param events - of a trace, a trace file, or a capture that was read back
 * @param facts - title, status, and in `checks` the expectation that failed
 * @throws TcpError `ECONFIG` - an unknown fact, limit or theme, or a wrong one
 * @example
 * const html = timelinePage(world.trace.events, {
 *   title: 'The list arrives after a lost connection',
 *   network: world.kind,
 *   checks: [{ headline, step, connection: 'c1', expected, received }],
 * });
 */
export function timelinePage(
  events: Iterable<WireEvent>,
  facts: TimelineFacts = {},
  options: TimelinePageOptions & { readonly limits?: ReportLimits } = {},
): string {
  const list = [...events];
  const { limits = {}, log = tailOf(list, facts), ...page } = options;
  let model = buildTimeline(list, facts, limits);
  let html = timelineHtml(model, { ...page, log });
  while (html.length > longestPage && model.items.length > 2) {
    model = buildTimeline(list, facts, {
      ...limits,
      events: Math.floor(model.items.length / 2),
    });
    html = timelineHtml(model, { ...page, log });
  }
  return html;
}

function tailOf(events: readonly WireEvent[], { network = 'real' }: TimelineFacts): string {
  return wireLogOf(events.slice(-2_000), { network, last: logLines });
}
