import { fileURLToPath } from 'node:url';

const mutation = (file) => fileURLToPath(new URL(`../../mutation/${file}`, import.meta.url));

/** Mutates lambda/client and runs the tests that cover each mutant. `npx projen mutation:client` */
export default {
  testRunner: 'jest',
  coverageAnalysis: 'perTest',
  ignoreStatic: true, // what runs as a module loads takes all tests for each mutant
  mutate: ['lambda/client/**/*.ts', '!lambda/client/{types,models,enums,index,platform,platform.browser,fetch-request-handler}.ts'],
  jest: {
    projectType: 'custom',
    enableFindRelatedTests: false,
    config: {
      runner: mutation('runner.cjs'),
      testEnvironment: mutation('environment.cjs'),
      testTimeout: 60_000,
      transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
      testMatch: ['<rootDir>/test/lambda/client/{answers,configuration,drop-in,logger,retries,transport,wire}.test.ts'],
    },
  },
  ignorePatterns: ['/lib', '/dist', '/assets', '/coverage', '/.declarations', 'cdk.out', '/examples', '/test/local', '/test/lambda/custom-resource', '/test/src', '/bench'],
  tempDirName: '.stryker-tmp',
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: 'coverage/mutation-client.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 2,
  timeoutMS: 10_000,
  thresholds: { high: 95, low: 90, break: 90 },
};
