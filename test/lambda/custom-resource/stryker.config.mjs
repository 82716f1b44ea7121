/** Mutates lambda/custom-resource and src/contract and runs the tests that cover each mutant. `npx projen mutation:custom-resource` */
export default {
  testRunner: 'jest',
  coverageAnalysis: 'perTest',
  mutate: ['lambda/custom-resource/**/*.ts', '!lambda/custom-resource/index.ts', 'src/contract/**/*.ts', '!src/contract/shape.ts'],
  jest: {
    projectType: 'custom',
    enableFindRelatedTests: false,
    config: {
      transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
      // Without the simulation and the throttling, which take long: what only they notice counts as survived.
      testMatch: ['<rootDir>/test/lambda/custom-resource/{failure-modes,lifecycle,matrix,registry-contract,respond,secrets,effects}.test.ts', '<rootDir>/test/src/contract/**/*.test.ts'],
    },
  },
  ignorePatterns: ['/lib', '/dist', '/assets', '/coverage', '/.declarations', 'cdk.out', '/examples', '/test/local', '/test/lambda/client', '/bench'],
  tempDirName: '.stryker-tmp-custom-resource',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: 'coverage/mutation-custom-resource.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 2,
  timeoutMS: 5_000,
  ignoreStatic: true,
  thresholds: { high: 95, low: 90, break: 90 },
};
