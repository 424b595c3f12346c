import type { TimelineLink } from '../report/timeline-model';

export type Links = readonly TimelineLink[];

/** The files that a failed scenario leaves and a reader opens first, by what they are. */
export const mainEvidence = { timeline: 'wire.html', capture: 'wire.pcapng' } as const;

/** What the page of a scenario links to, and what its index calls the files. */
const fileLabels: Readonly<Record<string, string>> = {
  'wire.html': 'Timeline',
  'wire.pcapng': 'Capture',
  'wire.script': 'Wire log',
  'wire.hex': 'Bytes',
  'wire.ndjson': 'Trace',
};

/** Links to files that were left, as they are called; those that need no link of their own go. */
export function linksTo(files: readonly { readonly file: string }[], folder = ''): Links {
  return files.flatMap(({ file }) => {
    const label = fileLabels[file];
    return label === undefined ? [] : [{ label, href: folder + file }];
  });
}
