import { configuration } from '../mutation/configuration.mjs';

/**
 * Mutates the local services and runs the tests that cover each mutant. All files take hours, so name some of them:
 * `npx projen mutation:local --mutate 'local/aws/s3/*.ts'`
 */
export default configuration({
  name: 'local',
  mutate: ['local/**/*.ts', '!local/**/generated/**', '!local/**/index.ts'],
  // Without the tests that start a CDK CLI or a browser. A mutant that only they notice counts as survived.
  testMatch: ['<rootDir>/test/local/**/!(cdk-cli|hotswap|nested-stacks|botocore|console|official-*).test.ts'],
  ignore: [],
  timeoutMS: 20_000,
  atLeast: 80,
});
