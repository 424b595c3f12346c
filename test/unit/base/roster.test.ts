import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Place, Roster } from '../../../src/base/roster';

test('a roster lists what is there in the order it came', () => {
  const roster = new Roster<string>();

  roster.add('first');
  const second = roster.add('second');
  roster.add('third');
  roster.leave(second);

  assert.deepEqual([...roster], ['first', 'third']);
  assert.equal(roster.size, 2);
});

test('a place given back twice leaves once', () => {
  const roster = new Roster<string>();
  const place = roster.add('one');
  roster.add('two');

  roster.leave(place);
  roster.leave(place);

  assert.deepEqual([...roster], ['two']);
  assert.equal(roster.size, 1);
});

test('what leaves during a listing was listed all the same', () => {
  const roster = new Roster<number>();
  const places = [1, 2, 3].map((item) => roster.add(item));
  const seen: number[] = [];

  for (const item of roster) {
    seen.push(item);
    for (const place of places) roster.leave(place);
  }

  assert.deepEqual(seen, [1, 2, 3]);
  assert.deepEqual([...roster], []);
});

test('what has left points to nothing', () => {
  const roster = new Roster<string>();
  const places = ['one', 'two', 'three'].map((item) => roster.add(item));

  for (const place of places) roster.leave(place);

  for (const { before, after } of places) assert.deepEqual([before, after], [undefined, undefined]);
});

test('a roster behaves like a list, whatever comes and goes', () => {
  const steps = fc.array(fc.oneof(fc.constant('add' as const), fc.nat(20)), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (actions) => {
      const roster = new Roster<number>();
      const places: Place<number>[] = [];
      let model: number[] = [];

      actions.forEach((action, index) => {
        if (action === 'add') {
          places.push(roster.add(index));
          model.push(index);
          return;
        }
        const place = places[action % Math.max(1, places.length)];
        if (place === undefined) return;
        roster.leave(place);
        model = model.filter((item) => item !== place.item);
      });

      assert.deepEqual([...roster], model);
      assert.equal(roster.size, model.length);
    }),
  );
});
