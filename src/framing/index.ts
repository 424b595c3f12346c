/** The door `brine/framing`: framers, and the reader that holds a stream for them. */
export { type AsciiLengthOptions, asciiLength } from './ascii-length';
export { crlf, type DelimiterOptions, delimiter, line } from './delimiter';
export { type FixedLengthOptions, fixedLength } from './fixed-length';
export { FrameReader } from './frame-reader';
export type { Decoded, Frame, Framer, FramerOptions } from './framer';
export { type FramerName, framerNames } from './framer-names';
export { type FramingProblem, type FramingProblemCode, framingError } from './framing-problem';
export { http1 } from './http1';
export { idleGap } from './idle-gap';
export type { LengthType } from './length-field';
export { type LengthIncludes, type LengthPrefixOptions, lengthPrefix } from './length-prefix';
export { patternEnd } from './pattern-end';
export { iso8583, mllp, modbusTcp, stxEtx } from './protocols';
export { raw } from './raw';
export { resp } from './resp';
export { type StartEndOptions, startEnd } from './start-end';
export { varint } from './varint';
