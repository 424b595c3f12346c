/** Door `brine/report`: what was on the wire, as one page to look at. */

export type { AlignedRun } from './aligned-runs';
export {
  type CampaignCounterexample,
  type CampaignFacts,
  campaignHtml,
} from './campaign-html';
export { type FailedScenario, failedScenariosHtml } from './failed-scenarios-html';
export { type RecordedEvents, readRecordedEvents } from './recorded-events';
export { buildTimeline } from './timeline';
export type { TimelineCheck, TimelineFacts } from './timeline-facts';
export { type TimelinePageOptions, timelineHtml, timelinePage } from './timeline-html';
export type {
  ItemCheck,
  ItemKind,
  LaneRole,
  ReportLimits,
  TimelineConnection,
  TimelineItem,
  TimelineLane,
  TimelineLeft,
  TimelineLink,
  TimelineModel,
} from './timeline-model';
export { timelineStrip } from './timeline-strip';
export { type TlsMatrixCase, type TlsVerdict, tlsMatrixHtml } from './tls-matrix-html';
