/** The step language and the own steps of this repository, for `cucumber` 6. */
import '../../src/cucumber/legacy';
import '../../step-definitions/own-steps';
