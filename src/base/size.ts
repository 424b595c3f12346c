import { suggestion } from './closest-word';
import { configError, refusal } from './errors';

/** An amount of bytes: a whole number, or text with a unit such as `'200 bytes'` or `'64 KiB'`. */
export type Size = number | string;

/** Bytes a second: a number, or text such as `'16 KiB/s'` or `'16 KiB per second'`. */
export type Rate = number | string;

/** Bytes of each unit. Letter case counts: 1 kB is 1000 bytes, 1 KiB is 1024. */
export const bytesOfUnit: Readonly<Record<string, number>> = {
  byte: 1,
  bytes: 1,
  B: 1,
  kB: 1_000,
  KB: 1_000,
  KiB: 1_024,
  MB: 1_000_000,
  MiB: 1_048_576,
  GB: 1_000_000_000,
  GiB: 1_073_741_824,
};

const sizeForm = /^(\d+(?:\.\d+)?)\s?([A-Za-z]+)$/;
const rateForm = /^(\d+(?:\.\d+)?)\s?([A-Za-z]+)(?:\/s| per second)$/;
const sizeExpectation = "a size such as 512 (bytes), '200 bytes' or '64 KiB'";
const rateExpectation = "a rate above 0 such as 1024 (bytes a second) or '16 KiB/s'";

/**
 * Reads an amount of bytes.
 *
 * @param field - name used in the refusal
 * @returns whole bytes, 0 or more; a fraction such as `'1.5 KiB'` is rounded to whole bytes
 * @throws TcpError `ECONFIG` - no size, no unit, an unknown unit, or more than 2^53 − 1
 */
export function readSize(field: string, value: unknown): number {
  const bytes =
    typeof value === 'string'
      ? Math.round(amountOf(field, value, sizeForm, sizeExpectation))
      : value;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) {
    throw configError(field, sizeExpectation, value);
  }
  return bytes;
}

/**
 * Reads a rate.
 *
 * @param field - name used in the refusal
 * @returns bytes a second, above 0; may carry a fraction
 * @throws TcpError `ECONFIG` - no rate, no unit, an unknown unit, or 0
 */
export function readRate(field: string, value: unknown): number {
  const rate =
    typeof value === 'string' ? amountOf(field, value, rateForm, rateExpectation) : value;
  if (typeof rate !== 'number' || !Number.isFinite(rate) || rate <= 0) {
    throw configError(field, rateExpectation, value);
  }
  return rate;
}

/** A size that {@link readSize} reads back exactly: `64 KiB`, `1536 bytes`, `1 byte`. */
export function formatSize(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB']) {
    const size = bytesOfUnit[unit] ?? 1;
    if (bytes > 0 && bytes % size === 0) return `${bytes / size} ${unit}`;
  }
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

/** A rate that {@link readRate} reads back exactly: `16 KiB/s`, `10 B/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatSize(bytesPerSecond).replace(/ bytes?$/, ' B')}/s`;
}

/** A count of bytes for people, in groups of three digits: `61 440 bytes`. */
export function formatByteCount(bytes: number): string {
  const digits = String(bytes).replace(/\B(?=(?:\d{3})+$)/g, ' ');
  return `${digits} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

function amountOf(field: string, text: string, form: RegExp, expectation: string): number {
  const match = form.exec(text.trim());
  if (match === null) throw configError(field, expectation, text);
  const unit = match[2] ?? '';
  if (!Object.hasOwn(bytesOfUnit, unit)) {
    const near = suggestion(unit, Object.keys(bytesOfUnit));
    throw refusal(field, `${configError(field, expectation, text).message}${near}`);
  }
  return Number(match[1]) * (bytesOfUnit[unit] ?? 1);
}
