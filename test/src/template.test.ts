/**
 * The whole templates and warnings of stacks with every construct, property and grant. Other tests explain their parts.
 * These tests show each change of a template, also an accidental one.
 */
import { App, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  HttpIamAuthorizer, HttpJwtAuthorizer, HttpLambdaAuthorizer, HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  BanList, ChatApi, ChatCapability, ChatOperation, ChatRole, ChatRoom, ChatRoomGrants, ChatRoomProvider, FallbackResult,
  LoggingConfiguration, LoggingDestination, MessageReviewHandler, MessagingAction, Provisioning, type IChatRoom,
} from '../../src';
import { warningsOf } from './stack';

const env = { account: '123456789012', region: 'us-west-2' };
const ROOM_ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/abcdefghijkl';
const LOGGING_ARN = 'arn:aws:ivschat:us-west-2:123456789012:logging-configuration/abcdefghijkl';

const newFunction = (stack: Stack, id: string) => new lambda.Function(stack, id, {
  runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'),
});
const newRole = (stack: Stack, id: string) =>
  new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

/** Rooms and their logs, with each property and each destination. */
function rooms(stack: Stack, provisioning: Provisioning): void {
  const key = new kms.Key(stack, 'Key');
  const bucket = new s3.Bucket(stack, 'Bucket', { enforceSSL: true });
  const destinations = {
    Bucket: LoggingDestination.s3(bucket),
    LogGroup: LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'ChatLog', { encryptionKey: key })),
    Stream: LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'DeliveryStream')),
    OwnPermissions: LoggingDestination.s3(s3.Bucket.fromBucketName(stack, 'Imported', 'imported-bucket'), {
      manageDeliveryPermissions: false,
    }),
    EncryptedBucket: LoggingDestination.s3(new s3.Bucket(stack, 'EncryptedBucket', { encryptionKey: key })),
    OtherStream: LoggingDestination.firehose(firehose.DeliveryStream.fromDeliveryStreamAttributes(
      stack, 'ImportedStream', { deliveryStreamName: 'imported' })),
    OtherLogGroup: LoggingDestination.cloudWatchLogs(logs.LogGroup.fromLogGroupName(stack, 'OtherLog', 'other-log')),
  };
  const loggingConfigurations = Object.entries(destinations).map(([id, destination]) =>
    new LoggingConfiguration(stack, `${id}Logging`, { destination, provisioning }));
  const named = new LoggingConfiguration(stack, 'NamedLogging', {
    loggingConfigurationName: 'named',
    destination: LoggingDestination.s3(bucket),
    tags: { team: 'chat' },
    removalPolicy: RemovalPolicy.RETAIN,
    provisioning,
  });
  named.metricLogDestinationErrors().createAlarm(stack, 'LogErrors', { threshold: 1, evaluationPeriods: 1 });

  new ChatRoom(stack, 'Room', { provisioning, loggingConfigurations: loggingConfigurations.slice(0, 3) });
  const reviewed = new ChatRoom(stack, 'ReviewedRoom', {
    roomName: 'reviewed',
    maximumMessageLength: 100,
    maximumMessageRatePerSecond: 5,
    messageReviewHandler: MessageReviewHandler.lambdaFunction(newFunction(stack, 'Review'), {
      fallbackResult: FallbackResult.ALLOW,
    }),
    loggingConfigurations: loggingConfigurations.slice(-3),
    tags: { team: 'chat' },
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    provisioning,
  });
  Tags.of(reviewed).add('stage', 'test');
  for (const metric of [
    reviewed.messageReviewHandler!.metricInvocationErrors(),
    reviewed.messageReviewHandler!.metricResponseValidationErrors(),
    ChatRoom.metricAllConcurrentChatConnections(),
    ChatRoom.metricAllMessagingDeliveries(),
    ChatRoom.metricAllRequests(MessagingAction.SEND_MESSAGE),
    ChatRoom.metricAllDeliveries(MessagingAction.DELETE_MESSAGE),
    named.metricLogDestinationAccessDeniedError(),
    named.metricLogDestinationResourceNotFoundErrors(),
  ]) {
    metric.createAlarm(stack, `${metric.metricName}Alarm`, { threshold: 1, evaluationPeriods: 1 });
  }
}

/** Each grant, for a role of its own. */
function grants(stack: Stack): void {
  const room: IChatRoom = ChatRoom.fromRoomArn(stack, 'Room', ROOM_ARN);
  const logging = LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Logging', LOGGING_ARN);
  const banList = BanList.fromTableName(stack, 'BanList', 'bans');
  const all: { readonly [id: string]: (grantee: iam.IGrantable) => iam.Grant } = {
    CreateChatToken: (grantee) => room.grantCreateChatToken(grantee),
    SendEvent: (grantee) => room.grantSendEvent(grantee),
    Moderate: (grantee) => room.grantModerate(grantee),
    DeleteMessage: (grantee) => room.grants.deleteMessage(grantee),
    DisconnectUser: (grantee) => room.grants.disconnectUser(grantee),
    Read: (grantee) => room.grants.read(grantee),
    Manage: (grantee) => room.grants.manage(grantee),
    Actions: (grantee) => room.grants.actions(grantee, ['ivschat:GetRoom', 'ivschat:UpdateRoom']),
    CfnRoom: (grantee) => ChatRoomGrants.fromRoom(new CfnRoom(stack, 'OtherRoom')).createChatToken(grantee),
    ReadLogging: (grantee) => logging.grants.read(grantee),
    ManageLogging: (grantee) => logging.grants.manage(grantee),
    ReadBans: (grantee) => banList.grantRead(grantee),
    WriteBans: (grantee) => banList.grantWrite(grantee),
  };
  for (const [id, grant] of Object.entries(all)) grant(newRole(stack, id));
}

/** A provider function with each option. */
function provider(stack: Stack): void {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-west-2a'],
    privateSubnetIds: ['subnet-1'],
    privateSubnetRouteTableIds: ['rtb-1'],
  });
  ChatRoomProvider.configure(stack, {
    memorySize: 512,
    architecture: lambda.Architecture.X86_64,
    reservedConcurrentExecutions: 2,
    deadLetterQueue: new sqs.Queue(stack, 'Queue', { enforceSSL: true }),
    tracing: lambda.Tracing.ACTIVE,
    logRetention: logs.RetentionDays.ONE_WEEK,
    logEncryptionKey: new kms.Key(stack, 'Key'),
    rolePath: '/chat/',
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'SecurityGroup', 'sg-1')],
  });
  new ChatRoom(stack, 'Room');
  new ChatRoom(stack, 'RoomInIreland', { region: 'eu-west-1' });
  const imported = ChatRoom.fromRoomId(stack, 'ExistingRoom', 'abcdefghijkl');
  new ChatRoom(stack, 'AdoptedRoom', { existingRoom: imported });
  new LoggingConfiguration(stack, 'AdoptedLogging', {
    existingLoggingConfiguration: LoggingConfiguration.fromLoggingConfigurationId(stack, 'Existing', 'abcdefghijkl'),
    destination: LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'ChatLog')),
  });
}

/** A chat API with its defaults, and one with each property. */
function chatApis(stack: Stack): void {
  const room = ChatRoom.fromRoomArn(stack, 'Room', ROOM_ARN);
  const key = new kms.Key(stack, 'Key');
  new ChatApi(stack, 'SmallChat', { rooms: { lobby: room }, authorizer: new HttpIamAuthorizer() });
  new ChatApi(stack, 'Chat', {
    rooms: { lobby: room, stage: new CfnRoom(stack, 'Stage') },
    authorizer: new HttpJwtAuthorizer('Users', 'https://issuer.example.com', { jwtAudience: ['chat'] }),
    claims: { userId: 'uid', displayName: 'nickname', role: 'groups' },
    roles: {
      staff: ChatRole.MODERATOR,
      reporter: ChatRole.of({
        capabilities: [ChatCapability.SEND_MESSAGE],
        operations: [ChatOperation.CREATE_CHAT_TOKEN, ChatOperation.REPORT_MESSAGE],
      }),
      guest: ChatRole.GUEST,
    },
    defaultRole: 'reporter',
    banList: new BanList(stack, 'BanList', {
      tableName: 'bans', encryptionKey: key, pointInTimeRecovery: true, removalPolicy: RemovalPolicy.DESTROY,
    }),
    allowOrigins: ['https://example.com'],
    sessionDuration: Duration.hours(2),
    requiredTerms: '2026-11',
    policy: { contact: 'chat@example.com', termsUrl: 'https://example.com/terms' },
    allowGuests: true,
    throttle: { rateLimit: 50, burstLimit: 100 },
    logRetention: logs.RetentionDays.ONE_WEEK,
    logEncryptionKey: key,
    tracing: lambda.Tracing.ACTIVE,
  });
}

/** Provokes each warning. */
function provokeWarnings(stack: Stack, elsewhere: Stack): void {
  const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-west-2:123456789012:key/x');
  const logGroup = logs.LogGroup.fromLogGroupArn(
    elsewhere, 'LogGroup', 'arn:aws:logs:us-west-2:123456789012:log-group:chat');
  const isolated = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-west-2a'],
    isolatedSubnetIds: ['subnet-1'],
    isolatedSubnetRouteTableIds: ['rtb-1'],
  });
  ChatRoomProvider.configure(stack, { vpc: isolated, vpcSubnets: { subnets: isolated.isolatedSubnets } });
  const destinations = {
    Bucket: LoggingDestination.s3(s3.Bucket.fromBucketName(stack, 'Bucket', 'bucket')),
    EncryptedBucket: LoggingDestination.s3(new s3.Bucket(stack, 'EncryptedBucket', { encryptionKey: key })),
    Stream: LoggingDestination.firehose(firehose.DeliveryStream.fromDeliveryStreamName(stack, 'Stream', 'stream')),
  };
  const loggingConfigurations = Object.entries(destinations).map(([id, destination]) =>
    new LoggingConfiguration(stack, `${id}Logging`, { destination }));
  new LoggingConfiguration(elsewhere, 'Logging', {
    region: env.region, destination: LoggingDestination.cloudWatchLogs(logGroup),
  });
  const review = new lambda.Function(stack, 'Review', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('-'),
    vpc: isolated,
    vpcSubnets: { subnets: isolated.isolatedSubnets },
    timeout: Duration.seconds(4),
  });
  new ChatRoom(stack, 'Room', {
    loggingConfigurations,
    removalPolicy: RemovalPolicy.RETAIN,
    messageReviewHandler: MessageReviewHandler.lambdaFunction(review),
  });
  const imported = lambda.Function.fromFunctionAttributes(stack, 'ImportedReview', {
    functionArn: 'arn:aws:lambda:us-west-2:123456789012:function:review', sameEnvironment: false,
  });
  const messageReviewHandler = MessageReviewHandler.lambdaFunction(imported);
  const room = new ChatRoom(stack, 'OtherRoom', { messageReviewHandler });
  room.grantRead(iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::999999999999:role/other'));
  new ChatApi(stack, 'Chat', {
    rooms: { room },
    authorizer: new HttpLambdaAuthorizer('Authorizer', review, { responseTypes: [HttpLambdaResponseType.SIMPLE] }),
    claims: { role: 'custom:role' },
    allowGuests: true,
  });
}

test('the warnings', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env });
  const elsewhere = new Stack(app, 'Elsewhere', { env: { ...env, region: 'us-east-1' } });
  provokeWarnings(stack, elsewhere);
  const texts = [stack, elsewhere].flatMap(warningsOf);
  expect(texts.filter((text) => text.includes('cdk-ivs-chat'))).toMatchSnapshot();
});

test.each<[string, (stack: Stack) => void]>([
  ['rooms and logs of custom resources', (stack) => rooms(stack, Provisioning.CUSTOM_RESOURCE)],
  ['rooms and logs of CloudFormation', (stack) => rooms(stack, Provisioning.CLOUDFORMATION)],
  ['grants', grants],
  ['a provider function with each option', provider],
  ['chat APIs', chatApis],
])('%s', (_, build) => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env });
  build(stack);
  const { Resources, Outputs } = Template.fromStack(stack).toJSON();
  const template = JSON.stringify({ Resources, Outputs }).replace(/[0-9a-f]{64}\.zip/g, 'asset.zip');
  expect({ ...JSON.parse(template), warnings: warningsOf(stack) }).toMatchSnapshot();
});
