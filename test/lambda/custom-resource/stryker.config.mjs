import { fileURLToPath } from 'node:url';

const mutation = (file) => fileURLToPath(new URL(`../../mutation/${file}`, import.meta.url));

/** Mutates lambda/custom-resource and runs the tests that cover each mutant. `npx projen mutation:custom-resource` */
export default {
  testRunner: 'jest',
  coverageAnalysis: 'perTest',
  mutate: ['lambda/custom-resource/**/*.ts', '!lambda/custom-resource/index.ts'],
  jest: {
    projectType: 'custom',
    enableFindRelatedTests: false,
    config: {
      runner: mutation('runner.cjs'),
      testEnvironment: mutation('environment.cjs'),
      transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
      // Without the simulation and the throttling, which take long: what only they notice counts as survived.
      testMatch: ['<rootDir>/test/lambda/custom-resource/!(simulation|throttling).test.ts'],
    },
  },
  ignorePatterns: ['/lib', '/dist', '/assets', '/coverage', '/.declarations', 'cdk.out', '/examples', '/test/local', '/test/lambda/client', '/bench', '/local'],
  tempDirName: '.stryker-tmp-custom-resource',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: 'coverage/mutation-custom-resource.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 2,
  timeoutMS: 5_000,
  thresholds: { high: 95, low: 90, break: 90 },
};
