const { TestEnvironment } = require('jest-environment-node');
const jsdom = require('jsdom');

/** Has jsdom, which takes a second to load. Jest loads an environment once for all test files of a worker. */
module.exports = class Environment extends TestEnvironment {
  constructor(...values) {
    super(...values);
    Object.defineProperty(this.global, 'jsdom', { get: () => jsdom });
  }
};
