import { join } from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { ChatRoom } from 'cdk-ivs-chat';
import type { Construct } from 'constructs';

export interface LiveChatStackProps extends StackProps {
  /** Where the chat page is served from; no other page may ask for tokens. */
  readonly pageOrigin: string;
  /** Who knows it moderates. In a product, your sign-in says who does. */
  readonly moderatorKey: string;
  readonly maximumMessageLength?: number;
}

/** A room, and a function that lets people in. */
export class LiveChatStack extends Stack {
  constructor(scope: Construct, id: string, props: LiveChatStackProps) {
    super(scope, id, props);

    const room = new ChatRoom(this, 'Room', {
      maximumMessageLength: props.maximumMessageLength,
      maximumMessageRatePerSecond: 50,
    });

    const tokenFunction = new NodejsFunction(this, 'TokenFunction', {
      entry: join(__dirname, 'token-function', 'index.ts'),
      runtime: lambda.Runtime.NODEJS_24_X,
      bundling: { mainFields: ['module', 'main'], externalModules: [] },
      environment: { ROOM_ARN: room.roomArn, MODERATOR_KEY: props.moderatorKey },
    });
    room.grantCreateChatToken(tokenFunction);

    // Anybody may join this chat, so anybody may ask for a token. In a product, put your sign-in in front.
    const tokenUrl = tokenFunction.addFunctionUrl({
      authType: lambda.FunctionUrlAuthType.NONE,
      cors: { allowedOrigins: [props.pageOrigin], allowedMethods: [lambda.HttpMethod.POST], allowedHeaders: ['content-type'] },
    });

    new CfnOutput(this, 'RoomArn', { value: room.roomArn });
    new CfnOutput(this, 'TokenUrl', { value: tokenUrl.url });
  }
}
