import type { TimelineLink } from './timeline-model';

/** What a link may end in: files that a run leaves behind. */
const kinds = /\.(pcapng|script|html|json|ndjson|feature|svg|hex)$/;

/**
 * Only links to files beside the page: relative, of a known kind, without a scheme and without
 * `..`. What is refused is left out.
 */
export function safeLinks(links: readonly TimelineLink[]): readonly TimelineLink[] {
  return links.filter(({ href }) => isSafe(href)).map(({ label, href }) => ({ label, href }));
}

function isSafe(href: string): boolean {
  if (!kinds.test(href) || /[\\:?#%]|\p{C}/u.test(href) || href.startsWith('/')) return false;
  return !href.split('/').includes('..');
}

/** A link that was found safe, as an address has it. */
export function linkPath(href: string): string {
  return href.split('/').map(encodeURIComponent).join('/');
}
