/** The door `brine/framing`: framers, and the reader that holds a stream for them. */
export { crlf, type DelimiterOptions, delimiter, line } from './delimiter';
export { FrameReader } from './frame-reader';
export type { Decoded, Frame, Framer, FramerOptions } from './framer';
export { type FramingProblem, type FramingProblemCode, framingError } from './framing-problem';
export type { LengthType } from './length-field';
export { type LengthIncludes, type LengthPrefixOptions, lengthPrefix } from './length-prefix';
