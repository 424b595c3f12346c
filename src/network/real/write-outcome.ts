import type { ConnectionFacts, WriteCallback } from './connection-facts';

/**
 * The callback to give to Node for a write, instead of the stream's own.
 *
 * Node 20 calls back without an error for a write that `destroy()` cut off; from Node 22 on it is
 * ECANCELED, and so it is here. A stream uses one and the same callback for all its writes, so one
 * wrapper per connection does.
 *
 * @source docs/notes/write-cut-off.md
 */
export function honestCallback(facts: ConnectionFacts, asked: WriteCallback): WriteCallback {
  if (facts.writeAnswered !== undefined && facts.writeAsked === asked) return facts.writeAnswered;
  const answered: WriteCallback = (error) => {
    asked(error ?? (facts.connection.destroyed ? writeCutOff() : error));
  };
  facts.writeAsked = asked;
  facts.writeAnswered = answered;
  return answered;
}

function writeCutOff(): Error {
  return Object.assign(new Error('write ECANCELED'), {
    errno: -125,
    code: 'ECANCELED',
    syscall: 'write',
  });
}
