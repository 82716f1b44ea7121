const { default: TestRunner } = require('jest-runner');

/** How many mutants each test file has noticed. */
const noticed = new Map();

/**
 * Runs no test after the first failure: to know that a mutant is noticed, one is enough. Stryker's own way is to run
 * all of them. First come the files that have noticed most so far.
 */
module.exports = class Runner extends TestRunner {
  /** Whether a test has failed in this run; set by the environment, in the same process. */
  static failed = false;

  async runTests(tests, watcher, options) {
    Runner.failed = false;
    const count = ({ path }) => noticed.get(path) ?? 0;
    for (const test of [...tests].sort((a, b) => count(b) - count(a) || (a.duration ?? 0) - (b.duration ?? 0))) {
      await super.runTests([test], watcher, options);
      if (!Runner.failed) continue;
      noticed.set(test.path, count(test) + 1);
      break;
    }
  }
};
