/** What `brine/cucumber/register` and `brine/steps` promise to the compiler. */
import * as modern from '@cucumber/cucumber';
import * as legacy from 'cucumber';
import { expectTypeOf } from 'expect-type';
import type { BytePattern } from '../../src/base/byte-pattern';
import { register } from '../../src/cucumber/register';
import type { EntityReference } from '../../src/steps/named-entities';
import {
  type DataTable,
  type DocString,
  type Step,
  step,
  type ValuesOf,
} from '../../src/steps/step';
import type { StepWorld } from '../../src/steps/step-world';
import type { Times } from '../../src/steps/times-words';

// Either runner can be handed over as it is.
expectTypeOf(register).toBeCallableWith(modern);
expectTypeOf(register).toBeCallableWith(legacy);

// A group that does not exist is refused by the compiler too.
// @ts-expect-error a misspelt group
register(modern, { groups: ['cleint'] });

// The values of a step have the types that its expression gives.
expectTypeOf<ValuesOf<'{client} sends {bytes} every {duration} {times}'>>().toEqualTypeOf<
  [EntityReference, Uint8Array, number, Times]
>();
expectTypeOf<ValuesOf<'no placeholder (at all)'>>().toEqualTypeOf<[]>();
expectTypeOf<ValuesOf<'like {pattern} and {colour}'>>().toEqualTypeOf<[BytePattern, unknown]>();

const words = {
  id: 'own.test',
  group: 'own',
  level: 'advanced',
  keyword: 'When',
  example: '',
  summary: '',
  failure: '',
} as const;

const defined = step({
  ...words,
  expression: '{client} waits for {string} {int} time(s)',
  run(world, client, text, count) {
    expectTypeOf(world).toEqualTypeOf<StepWorld>();
    expectTypeOf(client).toEqualTypeOf<EntityReference>();
    expectTypeOf(text).toEqualTypeOf<string>();
    expectTypeOf(count).toEqualTypeOf<number>();
  },
});
expectTypeOf(defined).toEqualTypeOf<Step>();

// What stands below a step comes last.
step({
  ...words,
  expression: '{client} says:',
  argument: 'docString',
  run: (_world, _client, lines) => expectTypeOf(lines).toEqualTypeOf<DocString>(),
});
step({
  ...words,
  expression: '{client} says these:',
  argument: 'either',
  run: (_world, _client, lines) => expectTypeOf(lines).toEqualTypeOf<DocString | DataTable>(),
});
