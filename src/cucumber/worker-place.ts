import type { EvidenceIndexPlace } from '../steps/evidence-index';

/** Which of the processes of a run this is; both runners tell it by variables of their own. */
export function workerPlace(
  environment: Readonly<Record<string, string | undefined>>,
): Omit<EvidenceIndexPlace, 'out'> {
  const { CUCUMBER_PARALLEL: parallel } = environment;
  const id = environment['CUCUMBER_WORKER_ID'] ?? environment['CUCUMBER_SLAVE_ID'];
  const total = environment['CUCUMBER_TOTAL_WORKERS'] ?? environment['CUCUMBER_TOTAL_SLAVES'];
  const worker = wholeNumber(id) ?? 0;
  return {
    worker,
    workers: Math.max(wholeNumber(total) ?? 1, worker + 1),
    // Processes that run side by side have one parent; their parent starts no others.
    run: String(parallel === undefined ? process.pid : process.ppid),
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
