import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  EventQueue,
  type Priority,
  priorities,
  type QueuedEvent,
} from '../../../src/simulation/event-queue';

const nothing = (): void => {};

test('events come by time, then control before delivery before timers, then by creation', () => {
  const queue = new EventQueue();
  queue.add(20, priorities.control, nothing, 'late control');
  queue.add(10, priorities.timer, nothing, 'timer');
  queue.add(10, priorities.delivery, nothing, 'first delivery');
  queue.add(10, priorities.last, nothing, 'last');
  queue.add(10, priorities.delivery, nothing, 'second delivery');
  queue.add(10, priorities.control, nothing, 'control');

  assert.deepEqual(drain(queue), [
    'control',
    'first delivery',
    'second delivery',
    'timer',
    'last',
    'late control',
  ]);
});

test('a tie-break goes over the order of creation, until the tape has run out', () => {
  const queue = new EventQueue([2, 1]);
  queue.add(0, priorities.delivery, nothing, 'tape 2');
  queue.add(0, priorities.delivery, nothing, 'tape 1');
  queue.add(0, priorities.delivery, nothing, 'no tape left');

  assert.deepEqual(drain(queue), ['no tape left', 'tape 1', 'tape 2']);
});

test('controls take nothing from the tape', () => {
  const queue = new EventQueue([5, 0]);
  queue.add(0, priorities.control, nothing, 'control');
  queue.add(0, priorities.delivery, nothing, 'tape 5');
  queue.add(0, priorities.delivery, nothing, 'tape 0');

  assert.deepEqual(drain(queue), ['control', 'tape 0', 'tape 5']);
});

test('a cancelled event does not come, and counts no more', () => {
  const queue = new EventQueue();
  const event = queue.add(5, priorities.delivery, nothing, 'cancelled');
  queue.add(6, priorities.timer, nothing, 'kept');
  assert.equal(queue.networkBusy, true);

  queue.cancel(event);
  queue.cancel(event);

  assert.equal(queue.size, 1);
  assert.equal(queue.networkBusy, false);
  assert.deepEqual(drain(queue), ['kept']);
});

test('cancelling most of a large queue leaves the rest in order', () => {
  const queue = new EventQueue();
  const events = Array.from({ length: 5_000 }, (_, index) =>
    queue.add((index * 7_919) % 5_003, priorities.delivery, nothing, String(index)),
  );
  const kept = events.filter((_, index) => index % 10 === 0);

  for (const event of events) if (!kept.includes(event)) queue.cancel(event);

  assert.equal(queue.size, kept.length);
  assert.deepEqual(
    drain(queue),
    [...kept].sort((left, right) => left.timeUs - right.timeUs).map(({ label }) => label),
  );
});

test('any mix of additions, cancellations and removals gives the order of a sorted list', () => {
  const action = fc.oneof(
    fc.record({
      add: fc.integer({ min: 0, max: 20 }),
      priority: fc.constantFrom<Priority>(0, 1, 2, 3),
    }),
    fc.record({ cancel: fc.nat() }),
    fc.constant({ pop: true }),
  );
  fc.assert(
    fc.property(fc.array(action), fc.array(fc.nat(5)), (actions, tape) => {
      const queue = new EventQueue(tape);
      let model: QueuedEvent[] = [];
      for (const step of actions) {
        if ('add' in step) model.push(queue.add(step.add, step.priority, nothing, ''));
        else if ('cancel' in step) {
          const [event] = model.splice(step.cancel % Math.max(1, model.length), 1);
          if (event !== undefined) queue.cancel(event);
        } else {
          model = model.sort(byOrder);
          assert.equal(queue.pop(), model.shift());
        }
        assert.equal(queue.size, model.length);
      }
      assert.deepEqual(queue.list(), model.sort(byOrder));
    }),
  );
});

function drain(queue: EventQueue): string[] {
  const labels: string[] = [];
  for (let event = queue.pop(); event !== undefined; event = queue.pop()) labels.push(event.label);
  return labels;
}

function byOrder(left: QueuedEvent, right: QueuedEvent): number {
  return (
    left.timeUs - right.timeUs ||
    left.priority - right.priority ||
    left.tieBreak - right.tieBreak ||
    left.sequence - right.sequence
  );
}
