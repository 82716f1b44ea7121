const { default: TestRunner } = require('jest-runner');

/**
 * Runs the short test files first, and none after the first failure: to know that a mutant is noticed, one is enough.
 * Stryker's own way is to run all of them.
 */
module.exports = class Runner extends TestRunner {
  /** Whether a test has failed in this run; set by the environment, in the same process. */
  static failed = false;

  async runTests(tests, watcher, options) {
    Runner.failed = false;
    for (const test of [...tests].sort((a, b) => (a.duration ?? 0) - (b.duration ?? 0))) {
      if (!Runner.failed) await super.runTests([test], watcher, options);
    }
  }
};
