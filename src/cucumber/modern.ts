/**
 * The door `brine/cucumber`: importing it registers the step language with the
 * `@cucumber/cucumber` of the project.
 */
import { findRunner } from './find-runner';
import { register } from './register';

register(
  findRunner({
    name: '@cucumber/cucumber',
    door: 'brine/cucumber',
    install: '@cucumber/cucumber',
  }),
);
