import { crlf, line } from './delimiter';
import type { Framer, FramerOptions } from './framer';
import { http1 } from './http1';
import { iso8583, mllp, modbusTcp, stxEtx } from './protocols';
import { raw } from './raw';
import { resp } from './resp';
import { varint } from './varint';

/** The name of a framing that needs no more than its name. */
export type FramerName =
  | 'none'
  | 'line'
  | 'crlf'
  | 'stx-etx'
  | 'varint'
  | 'mllp'
  | 'resp'
  | 'http1'
  | 'modbus-tcp'
  | 'iso8583';

/** Name → framer. @source docs/framing.md#the-framers */
export const framerNames: Readonly<Record<FramerName, (options?: FramerOptions) => Framer>> = {
  none: raw,
  line,
  crlf,
  'stx-etx': stxEtx,
  varint,
  mllp,
  resp,
  http1,
  'modbus-tcp': modbusTcp,
  iso8583,
};
