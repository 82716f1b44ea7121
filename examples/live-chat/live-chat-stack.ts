import { join } from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { ChatApi, ChatRoom, MessageReviewHandler } from 'cdk-ivs-chat';
import type { Construct } from 'constructs';

export interface LiveChatStackProps extends StackProps {
  /** The origin of the chat page. Pages of other origins cannot call the chat API. */
  readonly pageOrigin: string;
  /** The maximum message length, in Unicode code points. */
  readonly maximumMessageLength?: number;
}

/** A chat room with message review, and its chat API for the users of a user pool. */
export class LiveChatStack extends Stack {
  constructor(scope: Construct, id: string, props: LiveChatStackProps) {
    super(scope, id, props);

    const review = new NodejsFunction(this, 'Review', {
      entry: join(__dirname, 'review-function', 'index.ts'),
      runtime: lambda.Runtime.NODEJS_24_X,
      bundling: { mainFields: ['module', 'main'] },
    });
    // Amazon IVS Chat waits 200 ms for a review, and a cold start takes longer.
    const warmReview = review.addAlias('live', { provisionedConcurrentExecutions: 1 });
    const room = new ChatRoom(this, 'Room', {
      maximumMessageLength: props.maximumMessageLength,
      maximumMessageRatePerSecond: 50,
      messageReviewHandler: MessageReviewHandler.lambdaFunction(warmReview),
    });

    // The users in the groups `moderator` and `host` have the roles of the same names. All others are viewers.
    const userPool = new cognito.UserPool(this, 'Users', { selfSignUpEnabled: true });
    for (const groupName of ['moderator', 'host']) userPool.addGroup(groupName, { groupName });
    const chat = new ChatApi(this, 'Chat', {
      rooms: { lobby: room },
      authorizer: new HttpUserPoolAuthorizer('Users', userPool, { userPoolClients: [userPool.addClient('Page')] }),
      allowOrigins: [props.pageOrigin],
      policy: { contact: 'help@example.com' },
    });

    new CfnOutput(this, 'RoomArn', { value: room.roomArn });
    new CfnOutput(this, 'ChatUrl', { value: chat.url });
    new CfnOutput(this, 'UserPoolId', { value: userPool.userPoolId });
  }
}
