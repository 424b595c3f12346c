/** Pieces of regular expressions that placeholders share; none has a capture group. */

/** A quoted text; it ends at the first unescaped quote of its kind. */
export const quoted: string = /(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/.source;

/** `64 KiB` */
export const size: string = /\d+(?:\.\d+)?\s?(?:bytes?|B|kB|KB|KiB|MB|MiB|GB|GiB)/.source;

/** `250 ms` */
export const duration: string =
  /\d+(?:\.\d+)?\s?(?:microseconds?|milliseconds?|seconds?|minutes?|hours?|us|ms|s|min|h)/.source;

/** `10%` */
export const percentage: string = /\d+(?:\.\d+)?\s?%/.source;

/** A byte literal that is neither repeated nor random. */
export const simpleBytes: string = `(?:hex |base64 |file |line )?${quoted}`;
