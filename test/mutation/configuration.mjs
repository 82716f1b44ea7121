import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** The percentage of mutants that the tests must notice. */
const AT_LEAST = 95;

/** Returns the configuration of Stryker for one part of the project: the files to mutate, and their tests. */
export function configuration({ name, mutate, testMatch, ignore, timeoutMS }) {
  return {
    testRunner: 'jest',
    coverageAnalysis: 'perTest',
    mutate,
    jest: {
      projectType: 'custom',
      enableFindRelatedTests: false,
      config: {
        runner: here('runner.cjs'),
        testEnvironment: here('environment.cjs'),
        testTimeout: 60_000,
        transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
        testMatch,
      },
    },
    ignorePatterns: [
      '/lib', '/dist', '/coverage', '/.declarations', 'cdk.out', '/examples', '/bench', '/test/local', ...ignore,
    ],
    tempDirName: `.stryker-tmp-${name}`,
    reporters: ['progress-append-only', 'clear-text', 'json'],
    jsonReporter: { fileName: `coverage/mutation-${name}.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    concurrency: 2,
    timeoutMS,
    dryRunTimeoutMinutes: 30, // The tests of the custom resource need more than the default of 5 on a busy machine.
    thresholds: { high: 100, low: AT_LEAST, break: AT_LEAST },
  };
}
