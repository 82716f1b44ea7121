import { App } from 'aws-cdk-lib';
import { LiveVideoStack } from './live-video-stack';

const app = new App();

new LiveVideoStack(app, 'LiveVideo', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  pageOrigin: app.node.tryGetContext('pageOrigin') ?? 'http://localhost:3000',
  chatEndpoint: app.node.tryGetContext('chatEndpoint'),
});
