import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The transforms of Jest are those of all tests. */
const { jest: { transform, transformIgnorePatterns } } = JSON.parse(readFileSync('package.json', 'utf8'));

/** The folders that most tests do not read: the build, the examples, and the tests of the local services. */
export const NOT_READ = ['/lib', '/.declarations', '/examples', '/test/local'];

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Returns the configuration of Stryker for one part of the project: the files to mutate, their tests, and the percentage
 * of mutants that the tests must notice.
 */
export function configuration({ name, mutate, testMatch, ignore, timeoutMS, atLeast = 95 }) {
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
        transform,
        transformIgnorePatterns,
        testMatch,
      },
    },
    ignorePatterns: ['/dist', '/coverage', 'cdk.out', '/bench', ...ignore],
    tempDirName: `.stryker-tmp-${name}`,
    reporters: ['progress-append-only', 'clear-text', 'json'],
    jsonReporter: { fileName: `coverage/mutation-${name}.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    concurrency: 2,
    timeoutMS,
    dryRunTimeoutMinutes: 30, // The tests of the custom resource need more than the default of 5 on a busy machine.
    thresholds: { high: 100, low: atLeast, break: atLeast },
  };
}
