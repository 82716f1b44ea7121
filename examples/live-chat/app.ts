import { App } from 'aws-cdk-lib';
import { LiveChatStack } from './live-chat-stack';

const app = new App();
const context = (name: string) => app.node.tryGetContext(name) as string | undefined;

new LiveChatStack(app, 'LiveChat', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  pageOrigin: context('pageOrigin') ?? 'http://localhost:3000',
  maximumMessageLength: context('maximumMessageLength') ? Number(context('maximumMessageLength')) : undefined,
});
