const { default: TestRunner } = require('jest-runner');

/** Runs no more test files after the first failure: to know that a mutant is noticed, one is enough. Stryker's own runs all of them. */
module.exports = class Runner extends TestRunner {
  /** Whether a test has failed in this run; set by the environment, in the same process. */
  static failed = false;

  async runTests(tests, watcher, options) {
    Runner.failed = false;
    for (const test of tests) if (!Runner.failed) await super.runTests([test], watcher, options);
  }
};
