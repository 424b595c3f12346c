import { escapeHtml, htmlPage } from './page';
import { scriptlessSheet } from './page-assets';

/** What one case of the matrix came to, from what must never happen to what was expected. */
export type TlsVerdict = 'never' | 'wrong' | 'survived' | 'expected';

/** One fault at one place of a handshake, and what both ends made of it. */
export interface TlsMatrixCase {
  /** `TLS 1.3`. */
  readonly version: string;
  /** Whose bytes the fault hit. */
  readonly direction: 'to the server' | 'to the client';
  /** By record and phase, never by bytes: `ClientHello, header`. */
  readonly place: string;
  /** `flip`, `FIN`, `RST`, `stall`. */
  readonly fault: string;
  readonly verdict: TlsVerdict;
  /** What each end saw, by its kind. */
  readonly client: string;
  readonly server: string;
  /** How long it took, in words. */
  readonly lasted?: string;
  /** A command line that runs it again; it is shown, never run. */
  readonly replay?: string;
}

const letters: Readonly<Record<TlsVerdict, readonly [letter: string, words: string]>> = {
  never: ['\u2717', 'must never happen'],
  wrong: ['!', 'wrong kind'],
  survived: ['\u2713', 'survived as it should'],
  expected: ['\u00b7', 'expected failure'],
};
const worstFirst = Object.keys(letters) as readonly TlsVerdict[];

/** A case with its number on the page, and that of its outcome. */
interface NumberedCase extends TlsMatrixCase {
  readonly number: number;
  readonly outcome: number;
}

/**
 * A matrix of TLS faults as one page without script: a grid for each version and direction, places
 * across, faults down; the outcomes beside it, worst first. Choosing an outcome dims the others,
 * choosing a cell shows what it was and how to run it again.
 *
 * @param cases - in the order of their places
 * @returns one self-contained document, pure ASCII
 * @source docs/report.md#a-matrix-of-tls-faults
 */
export function tlsMatrixHtml(cases: readonly TlsMatrixCase[], title = 'TLS faults'): string {
  const outcomes = outcomesOf(cases);
  const numbered = cases.map((one, number) => ({
    ...one,
    number,
    outcome: outcomes.findIndex(({ key }) => key === keyOf(one)),
  }));
  const never = cases.filter(({ verdict }) => verdict === 'never').length;
  const grids = groupsOf(numbered);
  const dims = outcomes.map(
    (_, at) => `body:has(#o${at}:checked) .grid a:not(.o${at}){opacity:.2}`,
  );
  return htmlPage({
    title,
    styles: [scriptlessSheet('matrix'), dims.join('')],
    body: `<main>
<h1>${escapeHtml(title)}</h1>
<p class="sum ${never > 0 ? 'bad' : ''}">${cases.length} cases \u00b7 ${outcomes.length} outcomes \u00b7 ${never} that must never happen</p>
<div class="sides"><div>
${[...grids.values()].map(gridOf).join('\n')}
</div><form>
<h2>Outcomes</h2>
<label><input type="radio" name="o" checked> all</label>
${outcomes.map(outcomeRow).join('\n')}
</form></div>
${numbered.map(detailOf).join('\n')}
</main>`,
  });
}

function keyOf({ verdict, client, server }: TlsMatrixCase): string {
  return `${verdict} ${client} ${server}`;
}

interface Outcome {
  readonly key: string;
  readonly first: TlsMatrixCase;
  count: number;
}

/** Worst first, then by how often. */
function outcomesOf(cases: readonly TlsMatrixCase[]): readonly Outcome[] {
  const found = new Map<string, Outcome>();
  for (const one of cases) {
    const key = keyOf(one);
    const outcome = found.get(key) ?? { key, first: one, count: 0 };
    outcome.count++;
    found.set(key, outcome);
  }
  const rank = ({ first }: Outcome) => worstFirst.indexOf(first.verdict);
  return [...found.values()].sort(
    (left, right) => rank(left) - rank(right) || right.count - left.count,
  );
}

function groupsOf(cases: readonly NumberedCase[]): ReadonlyMap<string, readonly NumberedCase[]> {
  const groups = new Map<string, NumberedCase[]>();
  for (const one of cases) {
    const key = `${one.version}, ${one.direction}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

/** A row a fault; equal cells that follow each other are one, with their number. */
function gridOf(cases: readonly NumberedCase[]): string {
  const [first] = cases;
  const places = [...new Set(cases.map(({ place }) => place))];
  const rows = [...new Set(cases.map(({ fault }) => fault))].map((fault) => {
    const own = cases.filter((one) => one.fault === fault);
    const cells = places.map((place) => own.filter((one) => one.place === place));
    return `<tr><th scope="row">${escapeHtml(fault)}</th>${cells.map((cell) => `<td>${runsOf(cell).join('')}</td>`).join('')}</tr>`;
  });
  const heads = places.map((place) => `<th scope="col"><span>${escapeHtml(place)}</span></th>`);
  return `<table class="grid"><caption>${escapeHtml(`${first?.version}, ${first?.direction}`)}</caption>
<thead><tr><td></td>${heads.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

function runsOf(cell: readonly NumberedCase[]): readonly string[] {
  const runs: { readonly first: NumberedCase; count: number }[] = [];
  for (const one of cell) {
    const last = runs.at(-1);
    if (last?.first.outcome === one.outcome) last.count++;
    else runs.push({ first: one, count: 1 });
  }
  return runs.map(({ first, count }) => {
    const { verdict, number, outcome, fault, place } = first;
    const [letter, words] = letters[verdict];
    const times = count > 1 ? `<small>\u00d7${count}</small>` : '';
    const name = escapeHtml(`${fault} at ${place}: ${words}`);
    return `<a class="${verdict} o${outcome}" href="#c${number}" aria-label="${name}" title="${name}">${letter}${times}</a>`;
  });
}

function outcomeRow({ first, count }: Outcome, at: number): string {
  const { verdict, client, server } = first;
  const [letter] = letters[verdict];
  const words = escapeHtml(`client ${client}, server ${server}`);
  return `<label><input type="radio" name="o" id="o${at}"> <b class="${verdict}">${letter}</b> ${words} <i>${count}</i></label>`;
}

function detailOf(one: NumberedCase): string {
  const { number, fault, place, version, direction, client, server, lasted, replay, verdict } = one;
  const facts = [
    ['place', `${place} (${version}, ${direction})`],
    ['verdict', letters[verdict][1]],
    ['client', client],
    ['server', server],
    ['lasted', lasted],
    ['replay', replay],
  ].flatMap(([name = '', value]) =>
    value === undefined ? [] : [`<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`],
  );
  return `<section id="c${number}"><h2>${escapeHtml(`${fault} at ${place}`)}</h2><dl>${facts.join('')}</dl></section>`;
}
