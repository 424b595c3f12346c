import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FailedScenario, failedScenariosHtml } from '../report/failed-scenarios-html';

/** Where the failed scenarios of a run are listed. */
export interface EvidenceIndexPlace {
  /** The folder of all evidence. */
  readonly out: string;
  /** This process among those that run scenarios side by side: 0, 1, … */
  readonly worker: number;
  /** How many of them there are. */
  readonly workers: number;
  /** The same for all processes of one run, and another one for every run. */
  readonly run: string;
}

/**
 * The page that lists the failed scenarios of a run with links to their evidence, `index.html`.
 *
 * Processes that run side by side each keep a list on the disk; whichever ends writes the page of
 * all lists there are, so that the last one writes it whole.
 */
export class EvidenceIndex {
  readonly #place: EvidenceIndexPlace;
  readonly #scenarios: FailedScenario[] = [];

  /** Takes away what an earlier run has left of this process. */
  constructor(place: EvidenceIndexPlace) {
    this.#place = place;
    rmSync(this.#listOf(place.worker), { force: true });
  }

  /** Adds a scenario; its links start from `out`. */
  add(scenario: FailedScenario): void {
    this.#scenarios.push(scenario);
    const { out, worker, run } = this.#place;
    mkdirSync(out, { recursive: true });
    writeFileSync(this.#listOf(worker), JSON.stringify({ run, scenarios: this.#scenarios }));
  }

  /** Writes the page. Where nothing has failed there is none, also not that of an earlier run. */
  write(): void {
    const page = join(this.#place.out, 'index.html');
    for (let written = ''; ; ) {
      const scenarios = this.#all();
      const html = scenarios.length === 0 ? '' : failedScenariosHtml(scenarios);
      // Another process may have added its list while this one wrote.
      if (html !== '' && html === written) return;
      if (html === '') {
        rmSync(page, { force: true });
        return;
      }
      writeFileSync(page, html);
      written = html;
    }
  }

  #all(): readonly FailedScenario[] {
    const { workers, run } = this.#place;
    return Array.from({ length: workers }, (_, worker) => worker).flatMap((worker) => {
      try {
        const list = JSON.parse(readFileSync(this.#listOf(worker), 'utf8')) as List;
        return list.run === run ? list.scenarios : [];
      } catch {
        // Not there, or not written to its end: that process writes the page again.
        return [];
      }
    });
  }

  #listOf(worker: number): string {
    return join(this.#place.out, `failed-${worker}.json`);
  }
}

interface List {
  readonly run: string;
  readonly scenarios: readonly FailedScenario[];
}
