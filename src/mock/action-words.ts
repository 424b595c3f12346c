import type { Action, Actions } from './mock-model';

/** Actions for messages: `send "500 what?"`, `wait 50ms, close reset`, `nothing`. */
export function describeActions(actions: Actions | undefined): string {
  if (actions === undefined) return 'nothing';
  if (typeof actions === 'string') return `send ${JSON.stringify(actions)}`;
  const list: readonly (string | Action)[] = Array.isArray(actions) ? actions : [actions as Action];
  return list
    .map((action) =>
      typeof action === 'string'
        ? `send ${JSON.stringify(action)}`
        : Object.entries(action)
            .map(([key, value]) => `${key} ${wordsOf(value)}`)
            .join(', '),
    )
    .join(', ');
}

function wordsOf(value: unknown): string {
  return typeof value === 'function' ? 'of the program' : JSON.stringify(value);
}
