const { default: TestRunner } = require('jest-runner');

/** The number of mutants that each test file has noticed. */
const noticed = new Map();

/**
 * Runs no test after the first failure, because one failure shows that the mutant is noticed. The runner of Stryker
 * would run all tests. The files that have noticed the most mutants run first.
 */
module.exports = class Runner extends TestRunner {
  /** Whether a test has failed in this run. The environment sets it in the same process. */
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
