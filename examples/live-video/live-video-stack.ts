import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as ivs from 'aws-cdk-lib/aws-ivs';
import { ChatApi, ChatRoom } from 'cdk-ivs-chat';
import type { Construct } from 'constructs';

export interface LiveVideoStackProps extends StackProps {
  /** The origin of the page. Pages of other origins cannot call the chat API. */
  readonly pageOrigin: string;
  /** The `ws://` URL of a local IVS Chat. @default - the Region of the stack */
  readonly chatEndpoint?: string;
}

/** A channel for live video, and a chat room with its chat API for the users of a user pool. */
export class LiveVideoStack extends Stack {
  constructor(scope: Construct, id: string, props: LiveVideoStackProps) {
    super(scope, id, props);

    const channel = new ivs.CfnChannel(this, 'Channel', { latencyMode: 'LOW', type: 'STANDARD' });
    const streamKey = new ivs.CfnStreamKey(this, 'StreamKey', { channelArn: channel.attrArn });

    // Votes are messages. When a poll starts, many viewers send one at the same time.
    const room = new ChatRoom(this, 'Room', { maximumMessageRatePerSecond: 100 });

    // The users in the groups `moderator` and `host` have the roles of the same names. All others are viewers.
    const users = new cognito.UserPool(this, 'Users', { selfSignUpEnabled: true });
    for (const groupName of ['moderator', 'host']) users.addGroup(groupName, { groupName });
    const client = users.addClient('Page', { authFlows: { adminUserPassword: true } });
    const chat = new ChatApi(this, 'Chat', {
      rooms: { lobby: room },
      authorizer: new HttpUserPoolAuthorizer('Users', users, { userPoolClients: [client] }),
      allowOrigins: [props.pageOrigin],
    });

    new CfnOutput(this, 'PlaybackUrl', { value: channel.attrPlaybackUrl });
    new CfnOutput(this, 'IngestEndpoint', { value: channel.attrIngestEndpoint });
    // The stream key is a secret. `aws ivs get-stream-key` prints it, and the outputs of a stack do not contain it.
    new CfnOutput(this, 'StreamKeyArn', { value: streamKey.attrArn });
    new CfnOutput(this, 'ChatUrl', { value: chat.url });
    new CfnOutput(this, 'ChatEndpoint', { value: props.chatEndpoint ?? this.region });
    new CfnOutput(this, 'UserPoolId', { value: users.userPoolId });
    new CfnOutput(this, 'ClientId', { value: client.userPoolClientId });
  }
}
