import customResource from '../../lambda/custom-resource/stryker.config.mjs';

/** Mutates src/contract and runs its tests. `npx projen mutation:contract` */
export default {
  ...customResource,
  mutate: ['src/contract/**/*.ts', '!src/contract/shape.ts'],
  jest: { ...customResource.jest, config: { ...customResource.jest.config, testMatch: ['<rootDir>/test/src/contract/**/*.test.ts'] } },
  tempDirName: '.stryker-tmp-contract',
  jsonReporter: { fileName: 'coverage/mutation-contract.json' },
};
