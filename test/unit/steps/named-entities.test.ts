import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entityTitle, NamedEntities } from '../../../src/steps/named-entities';

function mocks(...names: readonly string[]): NamedEntities<{ readonly name: string }> {
  const entities = new NamedEntities<{ readonly name: string }>('mock');
  for (const name of names) entities.add({ name }, `features/mail.feature:${name.length}`);
  return entities;
}

test('an unnamed reference means the entity mentioned last', () => {
  const entities = mocks('mail', 'redis');
  assert.equal(entities.get({}).name, 'redis');

  entities.get({ name: 'mail' });

  assert.equal(entities.get({}).name, 'mail');
});

test('an unnamed new entity gets the name of its kind', () => {
  const entities = mocks();

  assert.equal(entities.newName({}), 'mock');
  assert.equal(entityTitle('mock', 'mock'), 'mock');
  assert.equal(entityTitle('mock', 'mail'), 'mock "mail"');
});

test('an unknown name is refused with the nearest one and all of them', () => {
  assert.throws(() => mocks('mail', 'redis').get({ name: 'mial' }), {
    message: 'there is no mock "mial" (did you mean "mail"? this scenario has: "mail", "redis")',
  });
});

test('an unknown name that is near to none is refused with all names', () => {
  assert.throws(() => mocks('mail').get({ name: 'postgres' }), {
    message: 'there is no mock "postgres" (this scenario has: "mail")',
  });
});

test('a reference in a scenario without such an entity says so', () => {
  assert.throws(() => mocks().get({}), {
    message: 'there is no mock (this scenario has no mock yet)',
  });
});

test('a second entity of the same kind and name is refused with the place of the first', () => {
  assert.throws(() => mocks('mail').add({ name: 'mail' }), {
    message: 'mock "mail" already exists (defined at features/mail.feature:4)',
  });
});

test('entities are listed in the order in which they were made', () => {
  assert.deepEqual(
    mocks('b', 'a', 'c').all.map(({ name }) => name),
    ['b', 'a', 'c'],
  );
});
