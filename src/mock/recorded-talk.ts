import { printHex } from '../base/byte-encodings';
import { literalOf } from '../base/byte-literal-printer';
import type { BytesDefinition } from './bytes-definition';
import type { RecordedTalk } from './conversation-tree';
import type { MaskedTurn } from './masked-conversation';
import type { Predicate, ScriptTurn } from './mock-model';
import { definitionOf } from './script-import';

/** How turns are taken over. */
export interface TalkOptions {
  /** In order of accept, from 1. */
  readonly connection: number;
  /** Whether what the server says waits as long as it did. */
  readonly isTimed: boolean;
}

/** The turns of one connection, as its server tells them. What cannot be played is told to `warn`. */
export function talkOf(
  turns: readonly MaskedTurn[],
  { connection, isTimed }: TalkOptions,
  warn: (text: string) => void,
): RecordedTalk {
  const said: ScriptTurn[][] = [[]];
  const heard: ScriptTurn[] = [];
  let clientEnded = false;
  for (const [index, turn] of turns.entries()) {
    if (turn.from === 'client') {
      if (turn.raw === true) warn('its last message is cut short and left out');
      for (const expect of expectationsOf(turn)) {
        heard.push({ expect });
        said.push([]);
      }
      if (turn.end !== undefined) {
        heard.push({ expectClose: turn.end === 'rst' ? 'reset' : 'end' });
        said.push([]);
        clientEnded = true;
      }
      if (turn.end === 'rst') break;
    } else {
      const goesOn = turns
        .slice(index + 1)
        .some(({ from, frames }) => from === 'client' && frames.length > 0);
      const how = endOf(turn, goesOn && !clientEnded);
      const speech = [...sendsOf(turn), ...(how === undefined ? [] : [{ close: how }])];
      said.at(-1)?.push(...(isTimed ? timed(speech, turn.afterUs) : speech));
      if (how === 'end' || how === 'reset') break;
    }
  }
  return { connection, said, heard };
}

function endOf({ end }: MaskedTurn, clientGoesOn: boolean): 'end' | 'half' | 'reset' | undefined {
  if (end === undefined) return undefined;
  if (end === 'rst') return 'reset';
  return clientGoesOn ? 'half' : 'end';
}

function timed(speech: readonly ScriptTurn[], afterUs: number): readonly ScriptTurn[] {
  const [first, ...others] = speech;
  if (first === undefined || afterUs === 0) return speech;
  return [{ wait: afterUs / 1_000, ...first }, ...others];
}

function sendsOf({ frames, raw }: MaskedTurn): readonly ScriptTurn[] {
  return frames.map((frame, at) => {
    const bytes = bytesDefinition(frame);
    return raw === true && at === frames.length - 1 ? { raw: bytes } : { send: bytes };
  });
}

function expectationsOf({ frames, raw, masks }: MaskedTurn): readonly Predicate[] {
  const whole = raw === true ? frames.slice(0, -1) : frames;
  return whole.map((frame, at) => {
    const mask = masks?.[at];
    return mask?.includes(1) === true
      ? { pattern: patternOf(frame, mask) }
      : bytesDefinition(frame);
  });
}

/** Bytes as a file writes them: text, hex or a repetition, whatever is shortest. */
export function bytesDefinition(bytes: Uint8Array): BytesDefinition {
  return definitionOf(literalOf(bytes));
}

/** A pattern in which hidden bytes may be any. */
function patternOf(frame: Uint8Array, mask: Uint8Array): string {
  const elements: string[] = [];
  for (let at = 0; at < frame.length; ) {
    const isHidden = mask[at] === 1;
    let end = at + 1;
    while (end < frame.length && (mask[end] === 1) === isHidden) end++;
    elements.push(
      ...(isHidden ? Array<string>(end - at).fill('??') : knownPart(frame.subarray(at, end))),
    );
    at = end;
  }
  return elements.join(' ');
}

/** Text between quotes where it reads as such, else hex. */
function knownPart(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes).toString('latin1');
  const parts = text.match(/[ !#-&(-[\]-~]{2,}|[\s\S]/g) ?? [];
  return parts.map((part) =>
    part.length > 1 ? `'${part}'` : printHex(Buffer.from(part, 'latin1')),
  );
}
