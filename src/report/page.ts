/** The shell of a page: one document with everything in it, and a policy that forbids the net. */
import { createHash } from 'node:crypto';

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  /** Default `auto`: the reader's system decides. */
  readonly theme?: 'auto' | 'light' | 'dark';
  /** Sheets, each an element of its own. */
  readonly styles: readonly string[];
  /** Markup, with everything that is not ours escaped. */
  readonly body: string;
  readonly script?: string;
  /** Sheets inside pictures of the body, which the policy must name too. */
  readonly pictureStyles?: readonly string[];
}

/** One self-contained document in pure ASCII, which may load nothing and send nothing. */
export function htmlPage(parts: PageParts): string {
  const { title, theme = 'auto', styles, body, script, pictureStyles = [] } = parts;
  const attribute = theme === 'auto' ? '' : ` data-theme="${theme}"`;
  return ascii(`<!doctype html>
<html lang="en"${attribute}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([...styles, ...pictureStyles], script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
${styles.map((style) => `<style>${style}</style>`).join('\n')}
</head>
<body>
${body}${script === undefined ? '' : `\n<script>${script}</script>`}
</body>
</html>
`);
}

/**
 * JSON that can stand in a script element: nothing in it ends the element or opens a comment, and
 * all of it is ASCII.
 */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text as HTML shows it: no markup, and what would turn its order around made visible. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']|(?!\n)\p{C}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return /\p{C}/u.test(character) ? `\\u{${code.toString(16)}}` : `&#${code};`;
  });
}

/** Everything else that is not ASCII, as references. */
function ascii(html: string): string {
  // Models are ASCII already, and long.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  if (!/[^\u0000-\u007f]/.test(html)) return html;
  return html.replace(/[^\p{ASCII}]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function policy(styles: readonly string[], script: string | undefined): string {
  return [
    "default-src 'none'",
    `style-src ${styles.map(digest).join(' ')}`,
    ...(script === undefined ? [] : [`script-src ${digest(script)}`]),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
