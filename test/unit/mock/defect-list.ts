/** What other mock servers get wrong, as far as it was seen, and must not be wrong here. */
export const defects: ReadonlyMap<number, string> = new Map(
  [
    'binary data is compared as text: FF equals FE, 81 00 equals 9C 00, 41 equals 61',
    'regular expressions are refused for binary data',
    'two requests that came together are one',
    'a wait on one reply lets the next one overtake it',
    'a reset is a FIN: the client sees a clean end',
    'no greeting and no push',
    'no control over how a connection ends',
    'a saved configuration lacks a part of what was configured',
    'bytes are altered on the way through a proxy',
    'the log of requests has no bound',
    'replay depends on the order of connections',
    'a recorded greeting becomes an answer when the client writes first',
    'secrets stay in recordings',
    'code in configuration files, behind a flag',
    'unknown configuration keys are ignored',
    'an unmatched request is silent, so that the test hangs',
    'an expectation that nothing met passes',
    'it listens on every interface by default',
    'no TLS in the middle of a stream',
    'interception in the process hangs on raw sockets',
    'text only: no hex and no base64',
    'a catastrophic expression blocks the server',
    'an incomplete frame at the end is as if none had come',
    'the documentation is somewhere else, and gone',
  ].map((text, index) => [index + 1, text]),
);

/** A test of the list. */
export interface DefectTest {
  readonly title: string;
  readonly options: { readonly timeout?: number };
  readonly body: () => unknown;
}

/** The tests, in the order in which they were said. */
export const defectTests: DefectTest[] = [];

const shown = new Set<number>();

/** Says a test that shows defects not to be there. */
export function shows(
  numbers: readonly number[],
  title: string,
  ...rest: [body: () => unknown] | [options: DefectTest['options'], body: () => unknown]
): void {
  for (const number of numbers) shown.add(number);
  const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  defectTests.push({ title: `${title} (${numbers.join(', ')})`, options, body });
}

/** Defects that no test shows not to be there. */
export function notShown(): readonly string[] {
  return [...defects].flatMap(([number, text]) =>
    shown.has(number) ? [] : [`${number}: ${text}`],
  );
}
