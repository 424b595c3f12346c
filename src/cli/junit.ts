/** What came of one mock. */
export interface MockVerdict {
  readonly mock: string;
  /** One line each. */
  readonly failures: readonly string[];
  /** All of it for people; empty when nothing failed. */
  readonly text: string;
}

/** Verdicts as JUnit XML: a test case a mock. */
export function junitXml(verdicts: readonly MockVerdict[]): string {
  const failed = verdicts.filter(({ failures }) => failures.length > 0).length;
  const cases = verdicts.map(({ mock, failures, text }) => {
    const head = `    <testcase classname="brine mock" name="${escaped(mock)}"`;
    const [first] = failures;
    if (first === undefined) return `${head}/>`;
    return `${head}>\n      <failure message="${escaped(first)}">${escaped(text)}</failure>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${verdicts.length}" failures="${failed}">`,
    `  <testsuite name="brine mock" tests="${verdicts.length}" failures="${failed}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML allows no control characters but tab and line ends. */
function escaped(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (character) => entities[character] ?? character)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML refuses
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
  );
}
