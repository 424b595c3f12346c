import { printStep } from '../steps/step-printer';
import { type Conversation, isBroken, sentBytes } from './conversation';
import type { SystemUnderTest } from './system-under-test';

/**
 * A conversation with an echo server as sentences of the catalogue.
 *
 * @param atEnd - sentences behind the last turn, without a keyword
 * @returns `undefined` when the target has no words of its own
 */
export function conversationInWords(
  { inScenario }: SystemUnderTest,
  example: Conversation,
  atEnd: readonly string[] = [],
): readonly string[] | undefined {
  if (inScenario === undefined) return undefined;
  const client = { kind: 'client', name: 'c1' };
  const turns = example.turns.map((turn) =>
    turn.do === 'send'
      ? printStep('client.sends', [client, turn.bytes])
      : printStep('time.passes', [turn.ms]),
  );
  const expected = sentBytes(example).length > 0 && !isBroken(example);
  return [
    ...inScenario.given,
    `Given a client "c1" connected to ${inScenario.server}`,
    ...turns,
    ...atEnd.map((sentence) => `When ${sentence}`),
    ...(expected ? ['Then client "c1" receives everything it sent'] : []),
  ];
}
