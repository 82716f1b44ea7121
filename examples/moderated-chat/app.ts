import { App } from 'aws-cdk-lib';
import { ModeratedChatStack } from './moderated-chat-stack';

const app = new App();

new ModeratedChatStack(app, 'ModeratedChat', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
