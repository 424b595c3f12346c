import type { RedactionDefinition } from './mock-model';

/**
 * Secrets that a recording hides unless it is told to keep them: `PASS`, `AUTH` with the lines and
 * the arguments that follow it, and `Authorization` of HTTP.
 *
 * @source docs/mocks.md#recording
 */
export const secretRules: readonly RedactionDefinition[] = [
  { regex: String.raw`^PASS (?<secret>[^\r\n]+)`, flags: 'im', group: 'secret' },
  {
    regex: String.raw`^AUTH (?!(?:PLAIN|LOGIN|NTLM|EXTERNAL|CRAM-MD5|XOAUTH2|SCRAM-[-\w]+)\s*$)(?:[A-Z][-A-Z0-9]+ )?(?<secret>[^\r\n]+)`,
    flags: 'im',
    group: 'secret',
  },
  // The answers to `AUTH LOGIN` and `AUTH PLAIN`, which are lines of their own.
  { regex: String.raw`(?<=^AUTH (?:LOGIN|PLAIN)(?: [^\r\n]+)?\r?\n)[^\r\n]+`, flags: 'im' },
  { regex: String.raw`(?<=^AUTH LOGIN\r?\n[^\r\n]*\r?\n)[^\r\n]+`, flags: 'im' },
  // Redis: one argument, or a name and one.
  { regex: String.raw`(?<=^AUTH\r\n(?:\$\d+\r\n[^\r\n]*\r\n)?\$\d+\r\n)[^\r\n]+`, flags: 'im' },
  {
    regex: String.raw`^(?:Proxy-)?Authorization:[ \t]*(?:[A-Za-z]+[ \t]+)?(?<secret>[^\r\n]+)`,
    flags: 'im',
    group: 'secret',
  },
];
