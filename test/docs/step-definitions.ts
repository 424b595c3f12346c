import type { Block } from './markdown';

/** Whether a block is loaded by a runner beside the scenarios of its page, not run by itself. */
export function isStepDefinitions({ language, code }: Block): boolean {
  if (language !== 'ts' && language !== 'js') return false;
  return /['"](@cucumber\/cucumber|cucumber|brine\/cucumber(\/\w+)?)['"]/.test(code);
}
