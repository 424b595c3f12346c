import type { CaptureValue } from '../base/byte-pattern-result';
import type { CaptureDefinition } from './mock-model';
import { readField } from './predicate-at';

/** What a `capture` takes out of a frame; a part that lies outside of it is left out. */
export function takeCaptures(
  definition: CaptureDefinition,
  frame: Uint8Array,
): Readonly<Record<string, CaptureValue>> {
  const taken: Record<string, CaptureValue> = {};
  for (const [name, part] of Object.entries(definition)) {
    if (part === 'frame') {
      taken[name] = frame;
      continue;
    }
    const from = part.offset < 0 ? frame.length + part.offset : part.offset;
    if (from < 0 || from + part.length > frame.length) continue;
    const bytes = frame.subarray(from, from + part.length);
    const number = part.type === undefined ? undefined : readField(bytes, part.type);
    taken[name] = number ?? bytes;
  }
  return taken;
}
