import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Stryker's configuration for one part of the project: what is mutated, the tests that are to notice, and how many of a hundred they have to. */
export function configuration({ name, mutate, testMatch, ignore, atLeast, timeoutMS, ...more }) {
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
    ignorePatterns: ['/lib', '/dist', '/assets', '/coverage', '/.declarations', 'cdk.out', '/examples', '/bench', '/test/local', ...ignore],
    tempDirName: `.stryker-tmp-${name}`,
    reporters: ['progress-append-only', 'clear-text', 'json'],
    jsonReporter: { fileName: `coverage/mutation-${name}.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    concurrency: 2,
    timeoutMS,
    thresholds: { high: 100, low: atLeast, break: atLeast },
    ...more,
  };
}
