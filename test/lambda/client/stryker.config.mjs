import { configuration, NOT_READ } from '../../mutation/configuration.mjs';

/** Mutates lambda/client and lambda/http and runs the tests that cover each mutant. `npx projen mutation:client` */
export default configuration({
  name: 'client',
  mutate: [
    'lambda/client/**/*.ts',
    '!lambda/client/{generated/**,index.ts}',
    'lambda/http/**/*.ts',
    '!lambda/http/{types,platform,platform.browser,fetch-request-handler}.ts',
  ],
  testMatch: [
    '<rootDir>/test/lambda/client/{answers,configuration,drop-in,logger,retries,transport,wire}.test.ts',
    '<rootDir>/test/lambda/http/*.test.ts',
  ],
  ignore: [...NOT_READ, '/test/lambda/custom-resource', '/test/src'],
  timeoutMS: 10_000,
});
