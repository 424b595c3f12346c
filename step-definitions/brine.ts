/** One line brings the step language: what a user writes as `import 'brine/cucumber'`. */
import '../src/cucumber/modern';
