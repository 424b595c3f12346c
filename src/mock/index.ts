/** Door `brine/mock`: TCP servers that follow rules and scripts, and tell what they met. */

export {
  ActionStep,
  close,
  echo,
  fail,
  goto,
  type Reply,
  reply,
  reset,
  send,
  sendRaw,
  silence,
  startTls,
  wait,
} from './builder-steps';
export type {
  BytesDefinition,
  BytesKeys,
  Checksum,
  FieldDefinition,
  FieldType,
} from './bytes-definition';
export type { Explanation } from './explanation';
export type { JournalEntry, JournalKind, JournalQuery } from './journal-entry';
export {
  MockBuilder,
  type MockSettings,
  mock,
  mockFromFile,
  mockFromScript,
} from './mock-builder';
export { type Contender, MockConnection, type ReceivedFrame } from './mock-connection';
export {
  type FileMock,
  type FileProblem,
  type MockFileReport,
  printMocks,
  printProblem,
  readMockFile,
  readMockText,
  requireMocks,
} from './mock-file';
export type {
  Action,
  Actions,
  CaptureDefinition,
  Handler,
  HandlerAnswer,
  HandlerContext,
  HandlerTest,
  LimitsDefinition,
  MockDefinition,
  MockFile,
  MockMode,
  Predicate,
  PredicateKeys,
  RedactionDefinition,
  RepeatedActions,
  RuleDefinition,
  Scalar,
  ScriptBranch,
  ScriptTurn,
  SendModifiers,
  StateDefinition,
  WaitDefinition,
} from './mock-model';
export { captureOfMock } from './mock-recording';
export { type AcceptsOptions, MockServer } from './mock-server';
export { type HandlerStub, type ImportedMocks, importMountebank } from './mountebank-import';
export { hex, type PredicateLike, pattern } from './predicate-like';
export { type Converted, mockOfCapture, type ReplayOptions } from './replay';
export type { ReplayDefinition } from './replay-definition';
export { RuleBuilder } from './rule-builder';
export { secretRules } from './secret-rules';
export { type MockOptions, startMock } from './start-mock';
export { atLeast, atMost, between, exactly, never, once, type Times, twice } from './times';
export type { TlsDefinition, TlsVersionNumber } from './tls-definition';
export { Verification } from './verification';
export { VerificationError } from './verification-error';
