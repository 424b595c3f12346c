import { asBuffer } from '../base/bytes';
import { recordTypes } from '../base/tls-phase';
import { copyOf, framerOf } from '../framing/frame-rules';
import type { Framer } from '../framing/framer';
import type { FramerMaker, FramingSources } from '../framing/framer-from';
import type { FramingProblem } from '../framing/framing-problem';
import type { Condition } from './trigger-conditions';

/** A type, a version, a length. */
const headerBytes = 5;
/** With the most that a cipher may add. */
const longestBody = 16_384 + 2_048;

/**
 * Records of TLS as messages, their headers included. No key is needed for that.
 *
 * @source https://www.rfc-editor.org/rfc/rfc8446#section-5.1
 */
export const tlsRecords: FramerMaker = () =>
  framerOf({
    max: headerBytes + longestBody,
    look(window) {
      const [type, major] = window;
      if (type !== undefined && (type < 20 || type > 23)) return foreignAt(0, 'type', type);
      if (major !== undefined && major !== 3) return foreignAt(1, 'version', major);
      if (window.length < headerBytes) return { needs: headerBytes };
      const end = headerBytes + window.readUInt16BE(3);
      return window.length < end ? { needs: end } : { payload: copyOf(window, 0, end), end };
    },
    encode: (record) => copyOf(asBuffer(record)),
  });

function foreignAt(offset: number, what: string, got: number): FramingProblem {
  return {
    code: 'bad-syntax',
    message: `expected the ${what} of a record of TLS, got ${got}`,
    offset,
  };
}

/** The framings that faults know beside the presets. */
export const faultFramings: FramingSources = { named: { tls: tlsRecords } };

/** Moments of a handshake that can be seen without a key. */
export type TlsEvent = 'tls:clientHello' | 'tls:established';

/** Met behind a record: the first of a handshake, or the first that is encrypted. */
export function watchTls(event: TlsEvent): Condition {
  const framer: Framer = tlsRecords();
  let rest: Buffer = Buffer.alloc(0);
  let changed = false;
  let met = false;
  let foreign = false;
  const isMeant = (type: number | undefined): boolean => {
    if (event === 'tls:clientHello') return type === recordTypes.handshake;
    if (type === recordTypes.changeCipherSpec) changed = true;
    // In TLS 1.3 Finished looks like data, in TLS 1.2 it is what follows ChangeCipherSpec.
    return type === recordTypes.applicationData || (changed && type === recordTypes.handshake);
  };
  return {
    back: 0,
    get met() {
      return met;
    },
    feed(chunk, known) {
      if (met) return 0;
      if (foreign) return undefined;
      rest = Buffer.concat([rest, chunk.subarray(known)]);
      const first = chunk.length - rest.length;
      const { frames, consumed, error } = framer.decode(rest, false);
      const found = frames.find(({ start }) => isMeant(rest[start]));
      if (found !== undefined) {
        met = true;
        return Math.max(0, first + found.end);
      }
      foreign = error !== undefined;
      rest = Buffer.from(rest.subarray(consumed));
      return undefined;
    },
  };
}
