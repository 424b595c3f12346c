/** The door `brine/cucumber/legacy`: importing it registers the step language with `cucumber` 6. */
import { findRunner } from './find-runner';
import { register } from './register';

register(findRunner({ name: 'cucumber', door: 'brine/cucumber/legacy', install: 'cucumber@6' }));
