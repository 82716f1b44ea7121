import { App } from 'aws-cdk-lib';
import { ChatStack } from './chat-stack';

const app = new App();
new ChatStack(app, 'Chat', { env: { account: '123456789012', region: 'us-west-2' } });
app.synth();
