/** The door `brine/capture`: what was on a wire, to files and back. */
export { capture } from './capture';
export { CaptureFile, type CaptureFileOptions } from './capture-file';
export type { CaptureOptions, PacketOptions } from './capture-options';
export type { Capturable, CaptureSource } from './capture-source';
export {
  type CapturedConnection,
  type CapturedEnding,
  type CapturedMoment,
  eventsOf,
} from './captured-connection';
export type { CapturedChunk, CapturedStream } from './captured-stream';
export type { SideOptions } from './connection-table';
export {
  type Conversation,
  type ConversationOptions,
  type ConversationsOptions,
  conversationOf,
  conversationsOf,
  type NumberedConversation,
} from './conversation';
export type { Turn } from './conversation-turn';
export type { RedactionRule } from './mask-rule';
export type { CapturedInterface, CapturedPacket, PacketRecord } from './packet-record';
export type { CaptureLeg } from './pcapng-writer';
export { redact } from './redaction';
export type { Capture, CaptureCounters, CaptureSummary } from './running-capture';
export type {
  EventTurn,
  Expectation,
  Payload,
  PlainVerb,
  ReceiveTurn,
  Script,
  ScriptBlock,
  ScriptEvent,
  ScriptLine,
  SendTurn,
  Turn as ScriptTurn,
  TurnHead,
  TurnTime,
} from './script';
export {
  compareScript,
  type ScriptComparison,
  type ScriptComparisonOptions,
  searchScript,
} from './script-compare';
export { parseScript, type ScriptSource } from './script-parser';
export { printScript } from './script-printer';
export { parseTrace, printTrace, readTrace, type TraceFileOptions, writeTrace } from './trace-file';
export type { TraceHeader } from './trace-header';
export type { TraceFile } from './trace-parser';
export { traceSchema } from './trace-schema';
export type { FrameSource } from './turn-maker';
export type { NetworkKind } from './wire-belief';
export { readWireLog, type WireLogOptions, wireLogOf, wireLogScript } from './wire-log';
export type { WireLogLayout } from './wire-log-printer';
export type { WorldFacts } from './world-facts';
export { type PcapngOptions, type ScenarioStep, writePcapng } from './write-pcapng';
