/** Instants as text in UTC, without the process's own calendar. */

const dayMs = 86_400_000;
/** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
const epochDays = 719_468;
const daysOf400Years = 146_097;

const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z$/;

/** `2023-11-14T22:13:20Z`, with three or six digits of a second where they are needed. */
export function printIsoTime(ms: number): string {
  // A microsecond count of its own would not be exact after 2255.
  const seconds = Math.floor(ms / 1_000);
  const rest = Math.min(999_999, Math.round((ms - seconds * 1_000) * 1_000));
  const days = Math.floor(seconds / 86_400);
  const clock = seconds - days * 86_400;
  const [year, month, day] = dateOf(days);
  const time = [Math.floor(clock / 3_600), Math.floor(clock / 60) % 60, clock % 60];
  const digits = String(rest).padStart(6, '0').replace(/000$/, '');
  const fraction = rest === 0 ? '' : `.${digits}`;
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${time.map((part) => pad(part)).join(':')}${fraction}Z`;
}

/** Milliseconds since 1970 of what {@link printIsoTime} prints; `undefined` for anything else. */
export function readIsoTime(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const days = daysTo(year, month, day);
  const [, sameMonth, sameDay] = dateOf(days);
  if (sameMonth !== month || sameDay !== day || hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  const us = Number((match[7] ?? '').padEnd(6, '0'));
  return days * dayMs + ((hour * 60 + minute) * 60 + second) * 1_000 + us / 1_000;
}

/** Days since 1970 → year, month, day. Years begin in March, so that the leap day is the last. */
function dateOf(days: number): readonly [number, number, number] {
  const shifted = days + epochDays;
  const era = Math.floor(shifted / daysOf400Years);
  const dayOfEra = shifted - era * daysOf400Years;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

function daysTo(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * daysOf400Years + yearOfEra * 365 + leaps + dayOfYear - epochDays;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
