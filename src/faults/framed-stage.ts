import type { Framer } from '../framing/framer';
import type { Act, FaultStage, StageContext, Verdict } from './fault';

/**
 * A stage that works on whole messages: bytes wait until a message is complete.
 *
 * Bytes that are no message of the framing pass as they are from there on.
 *
 * @param onMessage - the bytes of one message, its framing included, and its number from 1
 */
export function framedStage(
  framer: Pick<Framer<unknown>, 'decode'>,
  onMessage: (message: Uint8Array, number: number, c: StageContext) => readonly Act[],
  atEnd: () => readonly Act[] = () => [],
): FaultStage {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  let broken = false;
  let acted = false;
  const flush = (): readonly { readonly emit: Uint8Array }[] => {
    const bytes = rest;
    rest = Buffer.alloc(0);
    acted = false;
    const kept = atEnd().flatMap((act) => ('emit' in act ? [act] : []));
    return bytes.length === 0 ? kept : [...kept, { emit: bytes }];
  };
  return {
    get held() {
      return rest.length;
    },
    get acted() {
      return acted;
    },
    onChunk: (chunk: Uint8Array, c: StageContext): Verdict => {
      rest = Buffer.concat([rest, chunk]);
      if (broken) return flush();
      const { frames, consumed, error } = framer.decode(rest, false);
      const acts: Act[] = [];
      acted = false;
      for (const { start, end } of frames) {
        number++;
        const message = rest.subarray(start, end);
        const made = onMessage(message, number, c);
        const [first] = made;
        acted ||= made.length !== 1 || first === undefined || !isSame(first, message);
        acts.push(...made);
      }
      rest = rest.subarray(consumed);
      if (error === undefined) return acts;
      broken = true;
      const changed = acted;
      acts.push(...flush());
      acted = changed;
      return acts;
    },
    onFin: () => [...flush(), { pass: true }],
    onReset: () => [...flush(), { pass: true }],
    onRemove: () => flush(),
  };
}

function isSame(act: Act, message: Uint8Array): boolean {
  return 'emit' in act && act.emit === message;
}
