import type { WireEvent } from '../network/wire-event';
import type { ItemCheck, ItemKind } from './timeline-model';

/** A row while a timeline is made: its bytes as bytes, its relations as events. */
export interface DraftItem {
  readonly k: ItemKind;
  /** The event that stands for the row. */
  readonly i: number;
  t: number;
  c?: number;
  f: number;
  o: number;
  e?: number;
  lost?: 1;
  bytes?: Uint8Array;
  n?: number;
  s?: number;
  x?: 1;
  h?: number;
  p?: string;
  q?: string;
  y?: string;
  check?: ItemCheck;
  /** Every event that this row shows. */
  events: readonly WireEvent[];
  on?: DraftItem[];
  fault?: DraftItem[];
  why?: DraftItem;
}
