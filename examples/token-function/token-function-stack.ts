import { join } from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { ChatRoom } from 'cdk-ivs-chat';
import type { Construct } from 'constructs';

export interface TokenFunctionStackProps extends StackProps {
  /** The origin of the chat page. Pages of other origins cannot read the tokens. */
  readonly pageOrigin: string;
  /**
   * The secret key of the moderators. If it is empty, no user is a moderator.
   *
   * In a product, your sign-in decides which users are moderators.
   */
  readonly moderatorKey: string;
  /** The maximum message length, in Unicode code points. */
  readonly maximumMessageLength?: number;
}

/**
 * A chat room, and a function that creates chat tokens for visitors without a sign-in.
 *
 * It shows the run-time functions without a chat API. Everyone can request a token, so do not copy it to production.
 * The example live-chat has a sign-in.
 */
export class TokenFunctionStack extends Stack {
  constructor(scope: Construct, id: string, props: TokenFunctionStackProps) {
    super(scope, id, props);

    const room = new ChatRoom(this, 'Room', {
      maximumMessageLength: props.maximumMessageLength,
      maximumMessageRatePerSecond: 50,
    });

    const tokenFunction = new NodejsFunction(this, 'TokenFunction', {
      entry: join(__dirname, 'function', 'index.ts'),
      runtime: lambda.Runtime.NODEJS_24_X,
      bundling: { mainFields: ['module', 'main'], externalModules: [] },
      environment: { ROOM_ARN: room.roomArn, MODERATOR_KEY: props.moderatorKey },
    });
    room.grantCreateChatToken(tokenFunction);

    // This example has no sign-in, so everyone can request a chat token. In a product, authorize the request here.
    const tokenUrl = tokenFunction.addFunctionUrl({
      authType: lambda.FunctionUrlAuthType.NONE,
      cors: {
        allowedOrigins: [props.pageOrigin],
        allowedMethods: [lambda.HttpMethod.POST],
        allowedHeaders: ['content-type'],
      },
    });

    new CfnOutput(this, 'RoomArn', { value: room.roomArn });
    new CfnOutput(this, 'TokenUrl', { value: tokenUrl.url });
  }
}
