import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** How many mutants of a hundred the tests have to notice. */
const AT_LEAST = 95;

/** Stryker's configuration for one part of the project: what is mutated, and the tests that are to notice. */
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
    ignorePatterns: ['/lib', '/dist', '/coverage', '/.declarations', 'cdk.out', '/examples', '/bench', '/test/local', ...ignore],
    tempDirName: `.stryker-tmp-${name}`,
    reporters: ['progress-append-only', 'clear-text', 'json'],
    jsonReporter: { fileName: `coverage/mutation-${name}.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    concurrency: 2,
    timeoutMS,
    thresholds: { high: 100, low: AT_LEAST, break: AT_LEAST },
  };
}
