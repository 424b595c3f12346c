import { PropertyViolation } from './property-violation';

/** What a check tells about a case while it runs. */
export interface Probe {
  /** Counts how often something was so; a campaign warns when it never was. */
  sometimes(name: string, condition: boolean): void;
  /** Something that must be so at this moment. @throws PropertyViolation - it is not */
  always(name: string, condition: boolean, detail?: unknown): void;
  /** Counts occurrences, for the statistics. */
  event(name: string, value?: string | number): void;
}

/** How often a goal was looked at, and how often it was reached. */
export interface Goal {
  reached: number;
  asked: number;
}

/** Gathers what the checks of a campaign tell. */
export class Findings implements Probe {
  readonly goals: Map<string, Goal> = new Map();
  readonly events: Map<string, number> = new Map();

  sometimes(name: string, condition: boolean): void {
    const goal = this.goals.get(name) ?? { reached: 0, asked: 0 };
    goal.asked++;
    if (condition) goal.reached++;
    this.goals.set(name, goal);
  }

  always(name: string, condition: boolean, detail?: unknown): void {
    if (condition) return;
    const more = detail === undefined ? '' : `: ${JSON.stringify(detail)}`;
    throw new PropertyViolation(`${name} does not hold${more}`);
  }

  event(name: string, value?: string | number): void {
    const key = value === undefined ? name : `${name}=${value}`;
    this.events.set(key, (this.events.get(key) ?? 0) + 1);
  }

  /** Goals that were looked at and never reached. */
  neverReached(): readonly string[] {
    return [...this.goals].filter(([, goal]) => goal.reached === 0).map(([name]) => name);
  }
}
