import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '../../../../src/base/deferred';
import type { Owned, Scope } from '../../../../src/network/scope';
import { LeakError } from '../../../../src/network/world/leak-error';
import { createScope, currentScope } from '../../../../src/network/world/scope';

/** A thing that writes down when it is ended. */
function thing(kind: Owned['kind'], journal: string[] = [], end?: () => unknown): Owned {
  return {
    kind,
    dispose: () => {
      journal.push(kind);
      return end?.();
    },
  };
}

function dispose(scope: Scope): Promise<void> {
  return Promise.resolve(scope[Symbol.asyncDispose]());
}

test('a new scope is clean', () => {
  const scope = createScope('world');

  assert.equal(scope.leaks().clean, true);
  assert.equal(scope.label, 'world');
  assert.equal(scope.signal.aborted, false);
});

test('a scope lists things by kind, with what they say of themselves', () => {
  const scope = createScope('world');
  scope.own(thing('read'), 'read of alice');
  scope.own({ ...thing('write'), describe: () => '3 bytes of bob' }, 'write of bob');
  scope.own({ ...thing('timer'), dueUs: 7 }, 'patience');
  scope.own(thing('endpoint'), 'mail');
  scope.own(thing('other'), 'proxy');

  const { pendingReads, pendingWrites, timers, endpoints, others, clean } = scope.leaks();

  assert.deepEqual(
    { pendingReads, pendingWrites, timers, endpoints, others, clean },
    {
      pendingReads: ['read of alice'],
      pendingWrites: ['3 bytes of bob'],
      timers: [{ label: 'patience', dueUs: 7 }],
      endpoints: ['mail'],
      others: ['proxy'],
      clean: false,
    },
  );
});

test('own gives the thing back, and what is released is forgotten', async () => {
  const scope = createScope('world');
  const journal: string[] = [];
  const owned = thing('other', journal);

  assert.equal(scope.own(owned, 'proxy'), owned);
  scope.release(owned);
  scope.release(owned);
  await dispose(scope);

  assert.deepEqual(journal, []);
});

test('the end of a scope settles, then ends, in a fixed order', async () => {
  const scope = createScope('world');
  const journal: string[] = [];
  for (const kind of ['other', 'timer', 'endpoint', 'connection', 'write', 'read'] as const) {
    scope.own(thing(kind, journal), kind);
  }
  scope.signal.addEventListener('abort', () => journal.push('abort'));

  await dispose(scope);

  assert.deepEqual(journal, ['abort', 'read', 'write', 'connection', 'endpoint', 'timer', 'other']);
});

test('the end of a scope waits until everything has ended', async () => {
  const scope = createScope('world');
  const gate = deferred();
  scope.own(
    thing('connection', [], () => gate.promise),
    'c1',
  );
  let over = false;

  const ending = dispose(scope).then(() => {
    over = true;
  });
  await new Promise(setImmediate);
  assert.equal(over, false);
  gate.resolve();
  await ending;

  assert.equal(over, true);
});

test('the signal of a scope that has ended gives the reason', async () => {
  const scope = createScope('scenario 1');
  await dispose(scope);

  const { reason } = scope.signal;
  assert.deepEqual([reason.code, reason.message], ['ABORT_ERR', 'scope "scenario 1" ended']);
});

test('children end with their parent, and leave it when they end before', async () => {
  const scope = createScope('world');
  const journal: string[] = [];
  const first = scope.child('one');
  const second = scope.child('two');
  first.own(thing('other', journal), 'first');
  second.child('three').own(thing('timer', journal), 'deep');

  await dispose(first);
  assert.deepEqual(journal, ['other']);
  await dispose(scope);

  assert.deepEqual(journal, ['other', 'timer']);
  assert.equal(second.signal.aborted, true);
});

test('what is owned after the end is ended at once, also during the end', async () => {
  const scope = createScope('world');
  const journal: string[] = [];
  const gate = deferred();
  scope.own(
    thing('connection', journal, () => gate.promise),
    'c1',
  );
  const ending = dispose(scope);

  scope.own(thing('timer', journal), 'late');
  assert.deepEqual(journal, ['connection', 'timer']);
  gate.resolve();
  await ending;
  scope.own(thing('endpoint', journal), 'later');
  const child = scope.child('latest');

  assert.deepEqual(journal, ['connection', 'timer', 'endpoint']);
  assert.equal(child.signal.aborted, true);
});

test('a thing that opens another when it ends leaves nothing behind', async () => {
  const scope = createScope('world');
  const journal: string[] = [];
  let left = 3;
  const again = (): void => {
    if (left-- > 0) scope.own(thing('other', journal, again), 'again');
  };
  scope.own(thing('other', journal, again), 'first');

  await dispose(scope);

  assert.equal(journal.length, 4);
  assert.equal(scope.leaks().clean, true);
});

test('a thing that fails to end is reported, and the rest ends', async () => {
  const scope = createScope('world');
  const journal: string[] = [];
  scope.own(
    thing('connection', journal, () => {
      throw new Error('no way');
    }),
    'c1',
  );
  scope.own(
    thing('endpoint', journal, () => Promise.reject(new Error('never'))),
    'mail',
  );
  scope.own(thing('timer', journal), 'patience');

  await dispose(scope);

  assert.deepEqual(journal, ['connection', 'endpoint', 'timer']);
  const messages = scope.leaks().unhandledErrors.map(({ message }) => message);
  assert.deepEqual(messages.sort(), ['never', 'no way']);
});

test('a scope without end is given up when its patience is over, and named', async () => {
  const patience = deferred();
  const scope = createScope('world', { patience: () => patience.promise });
  scope.own(
    thing('other', [], () => new Promise(() => undefined)),
    'proxy mail',
  );
  const ending = dispose(scope);

  patience.resolve();

  await assert.rejects(ending, (error) => {
    assert.equal(error instanceof LeakError, true);
    assert.match((error as LeakError).message, /scope "world", which does not end/);
    assert.match((error as LeakError).message, /other {7}proxy mail/);
    return true;
  });
});

test('patience is called off when everything has ended', async () => {
  const signals: AbortSignal[] = [];
  const scope = createScope('world', {
    patience: (signal) => {
      signals.push(signal);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    },
  });
  scope.own(thing('other'), 'proxy');

  await dispose(scope);

  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true],
  );
});

test('a reported error makes a scope unclean, and its parent', () => {
  const scope = createScope('world');
  const child = scope.child('scenario');
  const error = new Error('nobody listened');

  child.report(error);

  assert.deepEqual(scope.leaks().unhandledErrors, [error]);
  assert.equal(scope.leaks().clean, false);
});

test('run charges to a scope what is started inside, also later', async () => {
  const root = createScope('world');
  const one = root.child('one');
  const two = root.child('two');
  const seen: Scope[] = [currentScope(root)];

  await one.run(async () => {
    await Promise.resolve();
    seen.push(currentScope(root));
    seen.push(two.run(() => currentScope(root)));
    seen.push(currentScope(root));
  });

  assert.deepEqual(seen, [root, one, two, one]);
});

test('run does not charge to a scope what belongs to another world', () => {
  const root = createScope('one world');
  const other = createScope('another world');
  const inner = root.child('scenario');

  const charged = inner.run(() => currentScope(other));

  assert.equal(charged, other);
});

test('many may wait for the end of a scope without a warning', async () => {
  const warnings: Error[] = [];
  const collect = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', collect);
  const scope = createScope('world');
  for (let index = 0; index < 50; index++) {
    scope.signal.addEventListener('abort', () => undefined);
  }
  await new Promise(setImmediate);
  process.off('warning', collect);

  assert.deepEqual(warnings, []);
});
