import { configuration, NOT_READ } from '../../mutation/configuration.mjs';

/** Mutates src/contract and runs its tests. `npx projen mutation:contract` */
export default configuration({
  name: 'contract',
  mutate: ['src/contract/**/*.ts', '!src/contract/generated/**'],
  testMatch: ['<rootDir>/test/src/contract/**/*.test.ts'],
  ignore: [...NOT_READ, '/test/lambda/client', '/test/lambda/http', '/local'],
  timeoutMS: 5_000,
});
