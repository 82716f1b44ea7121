import { App, CfnParameter } from 'aws-cdk-lib';
import { ChatRoom } from 'cdk-ivs-chat';
import { LiveChatStack } from '../../../examples/live-chat/live-chat-stack';

const app = new App();
const context = (name: string) => app.node.tryGetContext(name) as string | undefined;

const stack = new LiveChatStack(app, 'LiveChat', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  pageOrigin: context('pageOrigin')!,
  moderatorKey: context('moderatorKey')!,
  maximumMessageLength: context('maximumMessageLength') ? Number(context('maximumMessageLength')) : undefined,
});
if (context('second') === 'true') {
  // a token at synthesis, so that only the custom resource can see what is wrong with it
  const name = new CfnParameter(stack, 'SecondRoomName', { default: 'not a name, because of the spaces' });
  const second = new ChatRoom(stack, 'SecondRoom', { roomName: name.valueAsString });
  second.node.addDependency(stack.node.findChild('Room')); // so that the first is updated, and has to be rolled back
}
