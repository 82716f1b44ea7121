import { App } from 'aws-cdk-lib';
import { TokenFunctionStack } from './token-function-stack';

const app = new App();
const context = (name: string) => app.node.tryGetContext(name) as string | undefined;

new TokenFunctionStack(app, 'TokenFunction', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  pageOrigin: context('pageOrigin') ?? 'http://localhost:3000',
  moderatorKey: context('moderatorKey') ?? '',
  maximumMessageLength: context('maximumMessageLength') ? Number(context('maximumMessageLength')) : undefined,
});
