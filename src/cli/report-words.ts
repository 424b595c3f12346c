import { InvalidArgumentError } from 'commander';
import { readSize } from '../base/size';

/** Of an option that may be given again: all that was given. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** A count above 0. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

/** A size in bytes, or with a unit. */
export function size(text: string): number {
  try {
    return readSize('--bytes', /^\d+$/.test(text) ? Number(text) : text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
