import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page. */
export interface Block {
  /** The page, from the top of the repository. */
  readonly page: string;
  /** Line of the page on which the code begins, from 1. */
  readonly line: number;
  /** First word behind the fence; empty when there is none. */
  readonly language: string;
  readonly code: string;
}

/** A link of a page, as written. */
export interface Link {
  readonly page: string;
  readonly line: number;
  readonly target: string;
}

/** The pages that are held to be true: every Markdown file at the top and below docs/. */
export function pages(): readonly string[] {
  const top = readdirSync('.').filter((name) => name.endsWith('.md'));
  const below = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return [...top, ...below].sort();
}

/** Every fenced block of every page. */
export function allBlocks(): readonly Block[] {
  return pages().flatMap((page) => readBlocks(page, readFileSync(page, 'utf8')));
}

/** The fenced blocks of one page. */
export function readBlocks(page: string, text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open:
    | { fence: string; indent: number; language: string; line: number; code: string[] }
    | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', fence = '', info = ''] =
      /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)/.exec(line) ?? [];
    if (open === undefined) {
      if (fence === '') continue;
      open = { fence, indent: indent.length, language: info, line: index + 2, code: [] };
    } else if (fence.startsWith(open.fence) && info === '') {
      const { language, line: begin, code } = open;
      blocks.push({ page, line: begin, language, code: `${code.join('\n')}\n` });
      open = undefined;
    } else {
      open.code.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.line - 1} opens a block that never ends`);
  return blocks;
}

/** The links of one page, outside its blocks and its inline code. */
export function readLinks(page: string, text: string): readonly Link[] {
  return withoutBlocks(text).flatMap((line, index) =>
    [...line.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].map((match) => ({
      page,
      line: index + 1,
      target: match[1] ?? '',
    })),
  );
}

/** The names under which the headings of a page can be linked to, as GitHub makes them. */
export function readAnchors(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const line of withoutBlocks(text)) {
    const heading = /^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

/** The lines of a page with those of its blocks left empty. */
function withoutBlocks(text: string): readonly string[] {
  let fence = '';
  return text.split('\n').map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence === '' && mark === '') return line;
    if (fence === '') fence = mark;
    else if (mark.startsWith(fence)) fence = '';
    return '';
  });
}
