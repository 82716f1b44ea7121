const { TestEnvironment } = require('jest-environment-node');
const runner = require('./runner.cjs');

/** Skips the tests after the first failure. */
module.exports = class Environment extends TestEnvironment {
  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) runner.failed = true;
    if (name === 'test_start' && runner.failed) test.mode = 'skip';
  }
};
