import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Owned } from '../../../../src/network/scope';
import { OwnedThings } from '../../../../src/network/world/owned-things';

const some = (): Owned => ({ kind: 'other', dispose: () => {} });

test('two books of owned things agree with Maps, whatever comes and goes, also in both', () => {
  const steps = fc.array(
    fc.record({
      book: fc.nat({ max: 1 }),
      thing: fc.nat({ max: 5 }),
      label: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    }),
  );
  fc.assert(
    fc.property(steps, (all) => {
      // One of them cannot keep its place itself.
      const things = [Object.freeze(some()), ...Array.from({ length: 5 }, some)];
      const books = [new OwnedThings(), new OwnedThings()];
      const maps = [new Map<Owned, string>(), new Map<Owned, string>()];
      for (const { book, thing: index, label } of all) {
        const thing = things[index] as Owned;
        if (label === undefined) {
          books[book]?.delete(thing);
          maps[book]?.delete(thing);
        } else {
          books[book]?.set(thing, label);
          maps[book]?.set(thing, label);
        }
      }
      for (const [index, map] of maps.entries()) {
        assert.deepEqual(new Map(books[index]), map);
        assert.equal(books[index]?.size, map.size);
      }
    }),
  );
});
