import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as ivschat from 'aws-cdk-lib/aws-ivschat';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  BanList, ChatApi, ChatCapability, ChatOperation, ChatRole, ChatRoom, ChatRoomGrants, ChatRoomProvider, FallbackResult,
  LoggingConfiguration, LoggingConfigurationGrants, LoggingDestination, MessageReviewHandler, MessagingAction,
  Provisioning,
} from 'cdk-ivs-chat';
import { Construct } from 'constructs';

/** Chat rooms, their logs, and the functions that use them. */
export class ChatStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    ChatRoomProvider.configure(this, { memorySize: 512, logRetention: logs.RetentionDays.ONE_WEEK });

    const tokenFunction = this.createFunction('TokenFunction');
    const moderationFunction = this.createFunction('ModerationFunction');
    const reviewFunction = this.createFunction('ReviewFunction');

    const room = new ChatRoom(this, 'Room', {
      maximumMessageLength: 300,
      maximumMessageRatePerSecond: 50,
    });
    room.grantCreateChatToken(tokenFunction);
    room.grantModerate(moderationFunction);
    new CfnOutput(this, 'RoomArn', { value: room.roomArn });

    const bucket = new s3.Bucket(this, 'Archive', { enforceSSL: true });
    const archive = new LoggingConfiguration(this, 'ArchiveLogging', {
      loggingConfigurationName: 'archive',
      destination: LoggingDestination.s3(bucket),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const logGroup = new LoggingConfiguration(this, 'LogGroupLogging', {
      destination: LoggingDestination.cloudWatchLogs(new logs.LogGroup(this, 'ChatLog')),
      tags: { team: 'chat' },
    });
    const deliveryStream = new firehose.DeliveryStream(this, 'Stream', { destination: new firehose.S3Bucket(bucket) });
    const stream = new LoggingConfiguration(this, 'StreamLogging', {
      destination: LoggingDestination.firehose(deliveryStream, { manageDeliveryPermissions: false }),
    });

    const reviewedRoom = new ChatRoom(this, 'ReviewedRoom', {
      roomName: 'reviewed',
      messageReviewHandler: MessageReviewHandler.lambdaFunction(reviewFunction, {
        fallbackResult: FallbackResult.ALLOW,
      }),
      loggingConfigurations: [archive, logGroup],
      tags: { team: 'chat' },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    reviewedRoom.addLoggingConfiguration(stream);
    reviewedRoom.grants.deleteMessage(moderationFunction);
    reviewedRoom.grants.disconnectUser(moderationFunction);
    reviewedRoom.messageReviewHandler!.metricInvocationErrors().createAlarm(this, 'ReviewErrors', {
      threshold: 1,
      evaluationPeriods: 1,
    });
    archive.metricLogDestinationErrors().createAlarm(this, 'LogErrors', { threshold: 1, evaluationPeriods: 1 });
    archive.grants.read(moderationFunction);
    ChatRoom.metricAllRequests(MessagingAction.SEND_MESSAGE).createAlarm(this, 'ManyMessages', {
      threshold: 1000,
      evaluationPeriods: 1,
    });

    new ChatRoom(this, 'AdoptedRoom', {
      existingRoom: ChatRoom.fromRoomId(this, 'ExistingRoom', 'g1H2I3j4k5L6'),
    });
    new ChatRoom(this, 'RoomInIreland', { region: 'eu-west-1' });
    new ChatRoom(this, 'NativeRoom', { provisioning: Provisioning.CLOUDFORMATION });
    const native = new Construct(this, 'Native');
    native.node.setContext('cdk-ivs-chat:provisioning', 'CLOUDFORMATION');
    new ChatRoom(native, 'Room', {
      loggingConfigurations: [
        new LoggingConfiguration(native, 'Logging', { destination: LoggingDestination.s3(bucket) }),
      ],
    });
    new ChatRoom(native, 'FastRoom', {
      maximumMessageRatePerSecond: 100,
      provisioning: Provisioning.CUSTOM_RESOURCE,
    });
    ChatRoom.fromRoomArn(this, 'ImportedRoom', 'arn:aws:ivschat:us-west-2:123456789012:room/abcdefghijkl')
      .grantSendEvent(moderationFunction);
    ChatRoomGrants.fromRoom(new ivschat.CfnRoom(this, 'CfnRoom')).createChatToken(tokenFunction);
    LoggingConfigurationGrants.fromLoggingConfiguration(stream).manage(moderationFunction);

    const banList = new BanList(this, 'BanList', { pointInTimeRecovery: true, removalPolicy: RemovalPolicy.DESTROY });
    BanList.fromTableName(this, 'ImportedBanList', 'bans').grantWrite(moderationFunction);
    const chatApi = new ChatApi(this, 'ChatApi', {
      rooms: { lobby: room, reviewed: reviewedRoom },
      authorizer: new HttpJwtAuthorizer('Users', 'https://issuer.example.com', { jwtAudience: ['chat'] }),
      claims: { displayName: 'nickname', role: 'groups' },
      roles: {
        staff: ChatRole.MODERATOR,
        reporter: ChatRole.of({
          capabilities: [ChatCapability.SEND_MESSAGE],
          operations: [ChatOperation.CREATE_CHAT_TOKEN, ChatOperation.REPORT_MESSAGE],
        }),
      },
      banList,
      policy: { contact: 'chat@example.com', termsUrl: 'https://example.com/terms' },
      requiredTerms: '2026-11',
      throttle: { rateLimit: 50, burstLimit: 100 },
      sessionDuration: Duration.minutes(120),
      allowOrigins: ['https://example.com'],
    });
    chatApi.banList.grantRead(reviewFunction);
    new CfnOutput(this, 'ChatUrl', { value: chatApi.url });
  }

  private createFunction(id: string): lambda.Function {
    return new lambda.Function(this, id, {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => ({});'),
    });
  }
}
