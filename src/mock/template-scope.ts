import type { CaptureValue } from '../base/byte-pattern-result';

/** What a name stands for. */
export type TemplateValue = CaptureValue | string | boolean | null;

/** Where a template finds its values while it is filled in. */
export interface TemplateScope {
  /** `undefined` where nothing of that name was caught or set. */
  value(name: string): TemplateValue | undefined;
  random(length: number): Uint8Array;
}

/** Bytes that are known, or that are made anew each time. */
export interface BytesSource {
  /** Present when they are always the same. */
  readonly constant?: Uint8Array;
  bytes(scope: TemplateScope): Uint8Array;
}

/** Nothing was caught, and chance gives nothing. */
export const emptyScope: TemplateScope = {
  value: () => undefined,
  random: () => new Uint8Array(),
};
