import { App, CfnParameter } from 'aws-cdk-lib';
import { ChatRoom } from 'cdk-ivs-chat';
import { LiveChatStack } from '../../../examples/live-chat/live-chat-stack';

const app = new App();
const context = (name: string) => app.node.tryGetContext(name) as string | undefined;

const stack = new LiveChatStack(app, 'LiveChat', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  pageOrigin: context('pageOrigin')!,
  maximumMessageLength: context('maximumMessageLength') ? Number(context('maximumMessageLength')) : undefined,
});
if (context('second') === 'true') {
  // A token at synthesis. Only the custom resource sees that the name is invalid.
  const name = new CfnParameter(stack, 'SecondRoomName', { default: 'not a name, because of the spaces' });
  const second = new ChatRoom(stack, 'SecondRoom', { roomName: name.valueAsString });
  // The first room is updated before the second one fails, so the update of the first room is rolled back.
  second.node.addDependency(stack.node.findChild('Room'));
}
