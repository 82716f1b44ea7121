import { configuration, NOT_READ } from '../../mutation/configuration.mjs';

/** Mutates lambda/custom-resource and runs the tests that cover each mutant. `npx projen mutation:custom-resource` */
export default configuration({
  name: 'custom-resource',
  mutate: ['lambda/custom-resource/**/*.ts', '!lambda/custom-resource/index.ts'],
  // The tests of the simulation and of throttling take too long. A mutant that only they notice counts as survived.
  testMatch: ['<rootDir>/test/lambda/custom-resource/!(simulation|throttling).test.ts'],
  ignore: [...NOT_READ, '/test/lambda/client', '/test/lambda/http'],
  timeoutMS: 30_000,
});
