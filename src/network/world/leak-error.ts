import type { ConnectionInfo } from '../connection';
import type { LeakReport, Scope } from '../scope';

/**
 * The verdict on a run that left something open, or in which a failure went unheard.
 *
 * Not a TcpError: it judges the run, no call failed. The message lists what the report holds.
 */
export class LeakError extends Error {
  declare readonly name: string;
  readonly report: LeakReport;

  constructor(where: string, report: LeakReport) {
    super([`${where} is not clean: ${summary(report)}`, ...lines(report)].join('\n  '));
    this.report = report;
  }
}

Object.defineProperty(LeakError.prototype, 'name', {
  value: 'LeakError',
  configurable: true,
  writable: true,
});

/**
 * Passes when a scope holds nothing and no failure went unheard.
 *
 * @throws LeakError otherwise
 */
export function assertClean(scope: Scope): void {
  const report = scope.leaks();
  if (!report.clean) throw new LeakError(`scope "${scope.label}"`, report);
}

function summary(report: LeakReport): string {
  const counts: readonly (readonly [number, string])[] = [
    [report.connections.length, 'connection'],
    [report.endpoints.length, 'endpoint'],
    [report.timers.length, 'timer'],
    [report.pendingReads.length, 'pending read'],
    [report.pendingWrites.length, 'pending write'],
    [report.others.length, 'other thing'],
    [report.unhandledErrors.length, 'unhandled error'],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, noun]) => `${count} ${noun}${count === 1 ? '' : 's'}`)
    .join(', ');
}

function lines(report: LeakReport): string[] {
  return [
    ...report.connections.map(connectionLine),
    ...report.endpoints.map((text) => `endpoint    ${text}`),
    ...report.timers.map(({ label, dueUs }) => `timer       ${label}, due at ${seconds(dueUs)}`),
    ...report.pendingReads.map((text) => `read        ${text}`),
    ...report.pendingWrites.map((text) => `write       ${text}`),
    ...report.others.map((text) => `other       ${text}`),
    ...report.unhandledErrors.map((error) => `unhandled   ${error.name}: ${error.message}`),
  ];
}

function connectionLine(info: ConnectionInfo): string {
  const name = info.label === info.id ? info.id : `${info.id} ${info.label}`;
  const unread = info.unreadInStream > 0 ? `, ${info.unreadInStream} bytes unread` : '';
  const unsent = info.unsent > 0 ? `, ${info.unsent} bytes unsent` : '';
  return `connection  ${name}: ${info.state}${unread}${unsent}`;
}

function seconds(us: number): string {
  return Number.isFinite(us) ? `${(us / 1_000_000).toFixed(3)} s` : 'never';
}
