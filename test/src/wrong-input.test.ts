/** Wrong input from plain JavaScript, where no compiler checks the types. */
import * as cdk from 'aws-cdk-lib';
import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnLoggingConfiguration, CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as library from '../../src';
import * as expectations from '../../src/private/expectations';
import * as properties from '../../src/private/properties';
import { similarName } from '../../src/private/similar-name';
import { described } from '../../src/private/validate';
import { newStack, onlyResource } from './stack';

const { ChatRoom, ChatRoomProvider, LoggingConfiguration } = library;
// The values of a JavaScript file have no types.
const {
  ChatRoomGrants, FallbackResult, LoggingConfigurationGrants, LoggingDestination, MessageReviewHandler, MessagingAction,
}: any = library;
const ROOM_ARN = 'arn:aws:ivschat:eu-west-1:123456789012:room/abcdefghijkl';
const LOGGING_ARN = ROOM_ARN.replace('room', 'logging-configuration');

function newFunction(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Review', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'),
  });
}
const newRoom = (stack: Stack, props?: any) => new ChatRoom(stack, 'Lobby', props);
const newLogging = (stack: Stack, props?: any) => new LoggingConfiguration(stack, 'Logging', props);
const newReview = (stack: Stack, options?: any) => MessageReviewHandler.lambdaFunction(newFunction(stack), options);
const configure = (stack: Stack, options: any) => ChatRoomProvider.configure(stack, options);
const toBucket = (stack: Stack) => LoggingDestination.s3(new s3.Bucket(stack, 'Bucket'));
function review(event: unknown) {
  return event;
}

const passHandler = 'pass `MessageReviewHandler.lambdaFunction(fn)`';
const passDestination = 'pass `LoggingDestination.s3(bucket)`, `LoggingDestination.cloudWatchLogs(logGroup)` or'
  + ' `LoggingDestination.firehose(deliveryStream)`';
const passRoom = 'pass a `ChatRoom`, a `CfnRoom` or `ChatRoom.fromRoomArn(scope, id, roomArn)`';
const passLogging = 'pass a `LoggingConfiguration`, a `CfnLoggingConfiguration` or'
  + ' `LoggingConfiguration.fromLoggingConfigurationArn(scope, id, loggingConfigurationArn)`';
const passGrantee = 'pass a construct with a role, such as a `lambda.Function`, or an `iam.Role`, `iam.User` or'
  + ' `iam.Group`';

test.each<[string, (stack: Stack) => unknown, string]>([
  ['a room without a scope', () => new (ChatRoom as any)(),
    '`scope` must be a construct, got undefined; pass `this` or a stack'],
  ['a room with its id as the scope', () => new (ChatRoom as any)('Lobby', {}),
    '`scope` must be a construct, got "Lobby"; pass `this` or a stack'],
  ['a room without an id', (stack) => new (ChatRoom as any)(stack, { maximumMessageLength: 5 }),
    '`id` must be a string, got an object with maximumMessageLength; pass the name of the construct in its scope'],
  ['a room with a function as its properties', (stack) => newRoom(stack, review),
    '`props` must be an object with properties, got the function review (at Stack/Lobby)'],
  ['a room with a list as its properties', (stack) => newRoom(stack, []),
    '`props` must be an object with properties, got a list (at Stack/Lobby)'],
  ['a room with text as its properties', (stack) => newRoom(stack, 'lobby'),
    '`props` must be an object with properties, got "lobby" (at Stack/Lobby)'],

  ['a function as messageReviewHandler', (stack) => newRoom(stack, { messageReviewHandler: review }),
    '`messageReviewHandler` must be a message review handler, got the function review;'
    + ` ${passHandler} (at Stack/Lobby)`],
  ['an arrow function as messageReviewHandler', (stack) => newRoom(stack, { messageReviewHandler: () => undefined }),
    '`messageReviewHandler` must be a message review handler, got the function messageReviewHandler;'],
  ['a lambda.Function as messageReviewHandler', (stack) => newRoom(stack, { messageReviewHandler: newFunction(stack) }),
    '`messageReviewHandler` must be a message review handler, got the Function Stack/Review;'
    + ` ${passHandler} (at Stack/Lobby)`],
  ['an ARN as messageReviewHandler', (stack) => newRoom(stack, { messageReviewHandler: 'arn:aws:lambda:fn' }),
    '`messageReviewHandler` must be a message review handler, got "arn:aws:lambda:fn";'],
  ['the L1 object as messageReviewHandler', (stack) => newRoom(stack, { messageReviewHandler: { uri: 'arn' } }),
    '`messageReviewHandler` must be a message review handler, got an object with uri;'],
  ['the class as messageReviewHandler', (stack) => newRoom(stack, { messageReviewHandler: MessageReviewHandler }),
    '`messageReviewHandler` must be a message review handler, got the class MessageReviewHandler;'],
  ['a promise as messageReviewHandler', (stack) => newRoom(stack, { messageReviewHandler: Promise.resolve() }),
    '`messageReviewHandler` must be a message review handler, got an instance of Promise;'],
  ['a destination as messageReviewHandler', (stack) => newRoom(stack, { messageReviewHandler: toBucket(stack) }),
    '`messageReviewHandler` must be a message review handler, got an instance of S3Destination;'],
  ['a handler with a bind that returns nothing',
    (stack) => newRoom(stack, { messageReviewHandler: { uri: 'x', bind: () => undefined } }),
    '`bind` of `messageReviewHandler` must return an object with `uri`, got undefined (at Stack/Lobby)'],
  ['a handler with a bind that returns an ARN',
    (stack) => newRoom(stack, { messageReviewHandler: { uri: 'x', bind: () => 'arn:x' } }),
    '`bind` of `messageReviewHandler` must return an object with `uri`, got "arn:x" (at Stack/Lobby)'],
  ['a handler with a bind that returns a promise',
    (stack) => newRoom(stack, { messageReviewHandler: { uri: 'x', bind: async () => ({ uri: 'x' }) } }),
    '`messageReviewHandler.uri` must be the ARN of a Lambda function, got undefined (at Stack/Lobby)'],
  ['a handler with an empty ARN',
    (stack) => newRoom(stack, { messageReviewHandler: { uri: '', bind: () => ({ uri: '' }) } }),
    '`messageReviewHandler.uri` must be the ARN of a Lambda function, got "" (at Stack/Lobby)'],
  ['a handler with a misspelt fallback result',
    (stack) => newRoom(stack, { messageReviewHandler: { uri: 'x', bind: () => ({ uri: 'x', fallbackResult: 'no' }) } }),
    '`messageReviewHandler.fallbackResult` must be one of ALLOW, DENY, got "no" (at Stack/Lobby)'],

  ['a single logging configuration',
    (stack) => newRoom(stack, { loggingConfigurations: newLogging(stack, { destination: toBucket(stack) }) }),
    '`loggingConfigurations` must be a list, got the LoggingConfiguration Stack/Logging;'
    + ' pass `[loggingConfiguration]` (at Stack/Lobby)'],
  ['an ARN in loggingConfigurations', (stack) => newRoom(stack, { loggingConfigurations: [LOGGING_ARN] }),
    `\`loggingConfigurations[0]\` must be a logging configuration, got "${LOGGING_ARN}";`
    + ` ${passLogging} (at Stack/Lobby)`],
  ['an ARN as the second of the loggingConfigurations', (stack) => newRoom(stack, {
    loggingConfigurations: [newLogging(stack, { destination: toBucket(stack) }), LOGGING_ARN],
  }), '`loggingConfigurations[1]` must be a logging configuration, got "arn:'],
  ['a destination in loggingConfigurations', (stack) => newRoom(stack, { loggingConfigurations: [toBucket(stack)] }),
    '`loggingConfigurations[0]` must be a logging configuration, got an instance of S3Destination;'],
  ['addLoggingConfiguration without a value', (stack) => (newRoom(stack) as any).addLoggingConfiguration(),
    `\`loggingConfiguration\` must be a logging configuration, got undefined; ${passLogging} (at Stack/Lobby)`],
  ['an ARN as existingRoom', (stack) => newRoom(stack, { existingRoom: ROOM_ARN }),
    `\`existingRoom\` must be a room, got "${ROOM_ARN}"; ${passRoom} (at Stack/Lobby)`],
  ['a logging configuration as existingRoom', (stack) => newRoom(stack, {
    existingRoom: LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Import', LOGGING_ARN),
  }), '`existingRoom` must be a room, got the Import Stack/Import;'],

  ['text as a message length', (stack) => newRoom(stack, { maximumMessageLength: '300' }),
    '`maximumMessageLength` must be an integer, got "300" (at Stack/Lobby)'],
  ['the tags of an L1', (stack) => newRoom(stack, { tags: [{ key: 'team', value: 'chat' }] }),
    '`tags` must be a map, got [{"key":"team","value":"chat"}] (at Stack/Lobby)'],
  ['a number as a tag', (stack) => newRoom(stack, { tags: { cost: 5 } }),
    '`tags.cost` must be a string, got 5 (at Stack/Lobby)'],
  ['a number as a Region', (stack) => newRoom(stack, { region: 5 }),
    '`region` must be a string, got 5 (at Stack/Lobby)'],
  ['the name of a removal policy', (stack) => newRoom(stack, { removalPolicy: 'RETAIN' }),
    '`removalPolicy` must be one of RemovalPolicy.DESTROY, RemovalPolicy.RETAIN,'
    + ' RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, got "RETAIN" (at Stack/Lobby)'],
  ['a snapshot', (stack) => newRoom(stack, { removalPolicy: 'snapshot' }), '`removalPolicy` must be one of'],

  ['a misspelt property', (stack) => newRoom(stack, { maximumMessageRate: 5 }),
    '`maximumMessageRate` is not a property; did you mean `maximumMessageRatePerSecond`? (at Stack/Lobby)'],
  ['a shortened property', (stack) => newRoom(stack, { maxMessageLength: 5 }),
    '`maxMessageLength` is not a property; did you mean `maximumMessageLength`? (at Stack/Lobby)'],
  ['a property with other capitals', (stack) => newRoom(stack, { RoomName: 'lobby' }),
    '`RoomName` is not a property; did you mean `roomName`? (at Stack/Lobby)'],
  ['the property of the L1', (stack) => newRoom(stack, { loggingConfigurationIdentifiers: [] }),
    '`loggingConfigurationIdentifiers` is not a property; did you mean `loggingConfigurations`? (at Stack/Lobby)'],
  ['a misspelt property of a logging configuration',
    (stack) => newLogging(stack, { destination: toBucket(stack), logingConfigurationName: 'x' }),
    '`logingConfigurationName` is not a property; did you mean `loggingConfigurationName`? (at Stack/Logging)'],
  ['a misspelt option of a handler', (stack) => newReview(stack, { fallBackResult: 'ALLOW' }),
    '`fallBackResult` is not a property; did you mean `fallbackResult`?'],

  ['a fallback result in small letters', (stack) => newReview(stack, { fallbackResult: 'allow' }),
    '`fallbackResult` must be one of FallbackResult.ALLOW, FallbackResult.DENY, got "allow"'],
  ['a fallback result instead of options', (stack) => newReview(stack, FallbackResult.ALLOW),
    '`options` must be an object with properties, got "ALLOW"'],
  ['a function for the handler', () => MessageReviewHandler.lambdaFunction(review),
    '`handler` must be a Lambda function, got the function review;'
    + ' pass a `lambda.Function`, an alias, a version or `lambda.Function.fromFunctionArn(scope, id, functionArn)`'],
  ['an ARN for the handler', () => MessageReviewHandler.lambdaFunction('arn:aws:lambda:fn'),
    '`handler` must be a Lambda function, got "arn:aws:lambda:fn";'],
  ['an L1 function for the handler', (stack) => MessageReviewHandler.lambdaFunction(
    new lambda.CfnFunction(stack, 'Cfn', { code: {}, role: 'role' })),
  '`handler` must be a Lambda function, got the CfnFunction Stack/Cfn;'],

  ['a logging configuration without properties', (stack) => newLogging(stack),
    `\`destination\` must be a logging destination, got undefined; ${passDestination} (at Stack/Logging)`],
  ['a bucket as the destination', (stack) => newLogging(stack, { destination: new s3.Bucket(stack, 'Bucket') }),
    '`destination` must be a logging destination, got the Bucket Stack/Bucket;'
    + ` ${passDestination} (at Stack/Logging)`],
  ['a function as the destination', (stack) => newLogging(stack, { destination: review }),
    '`destination` must be a logging destination, got the function review;'],
  ['a handler as the destination', (stack) => newLogging(stack, { destination: newReview(stack) }),
    '`destination` must be a logging destination, got an instance of LambdaMessageReviewHandler;'],
  ['a destination with a bind that returns nothing',
    (stack) => newLogging(stack, { destination: { bind: () => undefined } }),
    '`bind` of `destination` must return an object with `bucketName`, `logGroupName` or `deliveryStreamName`,'
    + ' got undefined (at Stack/Logging)'],
  ['a destination with a bind that returns a name',
    (stack) => newLogging(stack, { destination: { bind: () => 'bucket' } }),
    '`bind` of `destination` must return an object with `bucketName`, `logGroupName` or `deliveryStreamName`,'
    + ' got "bucket" (at Stack/Logging)'],
  ['an ARN as existingLoggingConfiguration',
    (stack) => newLogging(stack, { destination: toBucket(stack), existingLoggingConfiguration: LOGGING_ARN }),
    `\`existingLoggingConfiguration\` must be a logging configuration, got "${LOGGING_ARN}";`],
  ['the name of a bucket', () => LoggingDestination.s3('my-bucket'),
    '`bucket` must be a bucket, got "my-bucket"; pass an `s3.Bucket` or'
    + ' `s3.Bucket.fromBucketName(scope, id, bucketName)`'],
  ['the name of a log group', () => LoggingDestination.cloudWatchLogs('/chat'),
    '`logGroup` must be a log group, got "/chat"; pass a `logs.LogGroup` or'
    + ' `logs.LogGroup.fromLogGroupName(scope, id, logGroupName)`'],
  ['the name of a delivery stream', () => LoggingDestination.firehose('chat'),
    '`deliveryStream` must be a delivery stream, got "chat"; pass a `firehose.DeliveryStream` or'
    + ' `firehose.DeliveryStream.fromDeliveryStreamArn(scope, id, deliveryStreamArn)`'],
  ['text for a boolean',
    (stack) => LoggingDestination.s3(new s3.Bucket(stack, 'Bucket'), { manageDeliveryPermissions: 'false' }),
    '`manageDeliveryPermissions` must be a boolean, got "false"'],

  ['no grantee', (stack) => (newRoom(stack) as any).grantModerate(),
    `\`grantee\` must be a grantee, got undefined; ${passGrantee}`],
  ['the ARN of a role as a grantee', (stack) => (newRoom(stack) as any).grantRead('arn:aws:iam::1:role/x'),
    '`grantee` must be a grantee, got "arn:aws:iam::1:role/x";'],
  ['a room as a grantee', (stack) => {
    const room = newRoom(stack) as any;
    return room.grantCreateChatToken(room);
  }, '`grantee` must be a grantee, got the ChatRoom Stack/Lobby;'],
  ['a grant for an ARN instead of a room', () => ChatRoomGrants.fromRoom(ROOM_ARN),
    `\`room\` must be a room, got "${ROOM_ARN}"; ${passRoom}`],
  ['a grant for an empty object instead of a logging configuration',
    () => LoggingConfigurationGrants.fromLoggingConfiguration({}),
    '`loggingConfiguration` must be a logging configuration, got an object without properties;'],
  ['an ARN of another kind', (stack) => ChatRoom.fromRoomArn(stack, 'Import', LOGGING_ARN),
    '`roomArn` must be the ARN of a room (arn:aws:ivschat:REGION:ACCOUNT:room/ID),'
    + ` got "${LOGGING_ARN}" (at Stack/Import)`],
  ['an ID as an ARN', (stack) => ChatRoom.fromRoomArn(stack, 'Import', 'abcdefghijkl'),
    '`roomArn` must be the ARN of a room (arn:aws:ivschat:REGION:ACCOUNT:room/ID),'
    + ' got "abcdefghijkl" (at Stack/Import)'],
  ['a room as an ARN', (stack) => ChatRoom.fromRoomArn(stack, 'Import', newRoom(stack) as any),
    '`roomArn` must be a string, got the ChatRoom Stack/Lobby (at Stack/Import)'],
  ['an ARN as an ID', (stack) => ChatRoom.fromRoomId(stack, 'Import', ROOM_ARN),
    '`roomId` must be exactly 12 characters, got 56; pass an ARN to `fromRoomArn` (at Stack/Import)'],
  ['an ARN as attributes', (stack) => ChatRoom.fromChatRoomAttributes(stack, 'Import', ROOM_ARN as any),
    `\`attrs\` must be an object with properties, got "${ROOM_ARN}" (at Stack/Import)`],
  ['empty attributes', (stack) => ChatRoom.fromChatRoomAttributes(stack, 'Import', {} as any),
    '`roomArn` must be a string, got undefined (at Stack/Import)'],
  ['the ARN of a room for a logging configuration',
    (stack) => LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Import', ROOM_ARN),
    '`loggingConfigurationArn` must be the ARN of a logging configuration'
    + ` (arn:aws:ivschat:REGION:ACCOUNT:logging-configuration/ID), got "${ROOM_ARN}" (at Stack/Import)`],
  ['an ARN as the ID of a logging configuration',
    (stack) => LoggingConfiguration.fromLoggingConfigurationId(stack, 'Import', LOGGING_ARN),
    '`loggingConfigurationId` must be exactly 12 characters, got 73; pass an ARN to `fromLoggingConfigurationArn`'
    + ' (at Stack/Import)'],
  ['a short ID', (stack) => ChatRoom.fromRoomId(stack, 'Import', 'lobby'),
    '`roomId` must be exactly 12 characters, got 5 (at Stack/Import)'],
  ['a short ID of a logging configuration',
    (stack) => LoggingConfiguration.fromLoggingConfigurationId(stack, 'Import', 'logs'),
    '`loggingConfigurationId` must be exactly 12 characters, got 4 (at Stack/Import)'],
  ['an ARN of China as an ID', (stack) => ChatRoom.fromRoomId(stack, 'Import', 'arn:aws-cn:ivschat:'),
    '; pass an ARN to `fromRoomArn` (at Stack/Import)'],
  ['an ARN as attributes of a logging configuration',
    (stack) => LoggingConfiguration.fromLoggingConfigurationAttributes(stack, 'Import', LOGGING_ARN as any),
    `\`attrs\` must be an object with properties, got "${LOGGING_ARN}" (at Stack/Import)`],
  ['empty attributes of a logging configuration',
    (stack) => LoggingConfiguration.fromLoggingConfigurationAttributes(stack, 'Import', {} as any),
    '`loggingConfigurationArn` must be a string, got undefined (at Stack/Import)'],
  ['a table as the name of a ban list', (stack) => (library.BanList as any).fromTableName(stack, 'Import', {}),
    '`tableName` must be a string, got an object without properties (at Stack/Import)'],
  ['a grant on a ban list to an ARN', (stack) => (new library.BanList(stack, 'Bans') as any).grantRead('arn:x'),
    '`grantee` must be a grantee, got "arn:x"'],
  ['an import without a scope', () => (ChatRoom as any).fromRoomArn(ROOM_ARN),
    '`scope` must be a construct, got "arn:aws:ivschat'],

  ['text as the actions of a grant',
    (stack) => (newRoom(stack).grants as any).actions(newFunction(stack), 'ivschat:GetRoom'),
    '`actions` must be a list, got "ivschat:GetRoom"; pass `[\'ivschat:GetRoom\']`'],
  ['a grant of no actions', (stack) => newRoom(stack).grants.actions(newFunction(stack), []),
    '`actions` must not be empty'],
  ['a number as an action', (stack) => newRoom(stack).grants.actions(newFunction(stack), [5 as any]),
    '`actions[0]` must be an action of Amazon IVS Chat, got 5'],
  ['a misspelt action', (stack) => newRoom(stack).grants.actions(newFunction(stack), ['ivschat:CreateChatTokens']),
    '`actions[0]` must be an action of Amazon IVS Chat, got "ivschat:CreateChatTokens";'
    + ' did you mean "ivschat:CreateChatToken"?'],
  ['an action without a prefix', (stack) => newRoom(stack).grants.actions(newFunction(stack), ['CreateChatToken']),
    'did you mean "ivschat:CreateChatToken"?'],
  ['an action of another service', (stack) => newRoom(stack).grants.actions(newFunction(stack), ['s3:GetObject']),
    '`actions[0]` must be an action of Amazon IVS Chat, got "s3:GetObject"'],
  ['an action of another kind', (stack) => newRoom(stack).grants.actions(newFunction(stack), ['ivschat:ListRooms']),
    '`actions[0]` must apply to a room, got "ivschat:ListRooms"; set `resourceArns` to [\'*\']'],

  ['text as an action of a metric', () => (ChatRoom as any).metricAllRequests('SEND_MESSAGE'),
    '`action` must be a messaging action, got "SEND_MESSAGE"; pass `MessagingAction.SEND_MESSAGE`'],
  ['text as an action of a metric of deliveries', () => (ChatRoom as any).metricAllDeliveries('SEND_MESSAGE'),
    '`action` must be a messaging action, got "SEND_MESSAGE"; pass `MessagingAction.SEND_MESSAGE`'],
  ['a metric with the name of a member of each object', () => ChatRoom.metricAll('constructor'),
    '`metricName` must be one of ConcurrentChatConnections, MessagingRequests, MessagingDeliveries, got "constructor"'],
  ['text as the options of a metric of a logging configuration',
    (stack) => newLogging(stack, { destination: toBucket(stack) }).metric('LogDestinationErrors', 'Sum' as any),
    '`options` must be an object with properties, got "Sum" (at Stack/Logging)'],
  ['text as the options of a grant',
    (stack) => newRoom(stack).grants.actions(newFunction(stack), ['ivschat:GetRoom'], '*' as any),
    '`options` must be an object with properties, got "*"'],
  ['a number as a messaging action', () => MessagingAction.of(5), '`name` must be a string, got 5'],
  ['a misspelt property and a wrong value', (stack) => newRoom(stack, { rooomName: 'x', maximumMessageLength: 0 }),
    '`rooomName` is not a property; did you mean `roomName`?; `maximumMessageLength` must be between 1 and 500, got 0'
    + ' (at Stack/Lobby)'],
  ['a misspelt metric', () => ChatRoom.metricAll('MessagingRequest'),
    '`metricName` must be one of ConcurrentChatConnections, MessagingRequests, MessagingDeliveries,'
    + ' got "MessagingRequest"; use `cloudwatch.Metric` for other metrics'],
  ['a metric with another dimension', () => ChatRoom.metricAll('Requests'), '`metricName` must be one of'],
  ['text as the options of a metric of a handler', (stack) => newReview(stack).metric('InvocationErrors', 'Sum'),
    '`options` must be an object with properties, got "Sum"'],
  ['a misspelt metric of a handler', (stack) => newReview(stack).metric('InvocationError'),
    '`metricName` must be one of InvocationErrors, ResponseValidationErrors, got "InvocationError";'],
  ['a misspelt metric of a logging configuration',
    (stack) => newLogging(stack, { destination: toBucket(stack) }).metric('LogDestinationAccessDeniedErrors'),
    '`metricName` must be one of LogDestinationErrors, LogDestinationAccessDeniedError,'
    + ' LogDestinationResourceNotFoundErrors, got "LogDestinationAccessDeniedErrors";'],
  ['a statistic instead of options', () => (ChatRoom as any).metricAllMessagingRequests('Sum'),
    '`options` must be an object with properties, got "Sum"'],
  ['options of the provider without a scope', () => (ChatRoomProvider as any).configure({ memorySize: 512 }),
    '`scope` must be an app, a stage or a stack, got an object with memorySize'],
  ['options of the provider for a room', (stack) => (ChatRoomProvider as any).configure(newRoom(stack), {}),
    '`scope` must be an app, a stage or a stack, got the ChatRoom Stack/Lobby'],
  ['no options of the provider', (stack) => (ChatRoomProvider as any).configure(stack),
    '`options` must be an object with properties, got undefined (at Stack)'],
  ['a misspelt option of the provider', (stack) => configure(stack, { reservedConcurrentExecution: 5 }),
    '`reservedConcurrentExecution` is not a property; did you mean `reservedConcurrentExecutions`? (at Stack)'],
  ['too little memory', (stack) => configure(stack, { memorySize: 127 }),
    '`memorySize` must be between 128 and 10240, got 127 (at Stack)'],
  ['no concurrency', (stack) => configure(stack, { reservedConcurrentExecutions: 0 }),
    '`reservedConcurrentExecutions` must be at least 1, got 0 (at Stack)'],
  ['the name of an architecture', (stack) => configure(stack, { architecture: 'arm64' }),
    '`architecture` must be an architecture, got "arm64"; pass `lambda.Architecture.ARM_64` or'
    + ' `lambda.Architecture.X86_64` (at Stack)'],
  ['a boolean as tracing', (stack) => configure(stack, { tracing: true }),
    '`tracing` must be one of lambda.Tracing.ACTIVE, lambda.Tracing.PASS_THROUGH, lambda.Tracing.DISABLED, got true'],
  ['a log retention that does not exist', (stack) => configure(stack, { logRetention: 42 }),
    '`logRetention` must be a value of logs.RetentionDays, got 42; pass `logs.RetentionDays.ONE_YEAR` (at Stack)'],
  ['an L1 key', (stack) => configure(stack, { logEncryptionKey: new kms.CfnKey(stack, 'Key') }),
    '`logEncryptionKey` must be a key, got the CfnKey Stack/Key;'
    + ' pass a `kms.Key` or `kms.Key.fromKeyArn(scope, id, keyArn)` (at Stack)'],
  ['the name of a log retention', (stack) => configure(stack, { logRetention: 'ONE_DAY' }),
    '`logRetention` must be a value of logs.RetentionDays, got "ONE_DAY"'],
  ['a part of the name of an architecture', (stack) => configure(stack, { architecture: { name: 'arm' } }),
    '`architecture` must be an architecture, got an object with name'],
  ['the ARN of a key', (stack) => configure(stack, { logEncryptionKey: 'arn:aws:kms:x' }),
    '`logEncryptionKey` must be a key, got "arn:aws:kms:x";'],
  ['the ARN of the key of a ban list', (stack) => new library.BanList(stack, 'Bans', { encryptionKey: 'arn' as any }),
    '`encryptionKey` must be a key, got "arn"; pass a `kms.Key` or `kms.Key.fromKeyArn(scope, id, keyArn)`'
    + ' (at Stack/Bans)'],
  ['text as the roles of a chat API', (stack) => newChatApi(stack, { roles: 'moderator' }),
    '`roles` must be an object with properties, got "moderator"; pass `{ moderator: ChatRole.MODERATOR }`'
    + ' (at Stack/Chat)'],
  ['a path without a slash at the end', (stack) => configure(stack, { rolePath: '/platform' }),
    '`rolePath` must begin and end with a slash, got "/platform" (at Stack)'],
  ['the ID of a VPC', (stack) => configure(stack, { vpc: 'vpc-1' }),
    '`vpc` must be a VPC, got "vpc-1"; pass an `ec2.Vpc` or `ec2.Vpc.fromLookup(scope, id, options)` (at Stack)'],
  ['the ID of a security group', (stack) => configure(stack, { securityGroups: 'sg-1' }),
    '`securityGroups` must be a list, got "sg-1"; pass `[securityGroup]` (at Stack)'],
  ['IDs of security groups', (stack) => configure(stack, { securityGroups: ['sg-1'] }),
    '`securityGroups[0]` must be a security group, got "sg-1"; pass an `ec2.SecurityGroup` or'
    + ' `ec2.SecurityGroup.fromSecurityGroupId(scope, id, securityGroupId)` (at Stack)'],
  ['the ID of a second security group',
    (stack) => configure(stack, { securityGroups: [{ securityGroupId: 'sg-1' }, 'sg-2'] }),
    '`securityGroups[1]` must be a security group, got "sg-2"'],
  ['the ARN of a queue', (stack) => configure(stack, { deadLetterQueue: 'arn:aws:sqs:x' }),
    '`deadLetterQueue` must be a queue, got "arn:aws:sqs:x";'
    + ' pass an `sqs.Queue` or `sqs.Queue.fromQueueArn(scope, id, queueArn)` (at Stack)'],
  ['an empty messaging action', () => MessagingAction.of(''), '`name` must be at least 1 character'],
  ['no messaging action', () => MessagingAction.of(undefined as any), '`name` must be a string'],
])('%s', (_, use, message) => {
  const stack = newStack();
  let error: Error | undefined;
  try {
    use(stack);
  } catch (thrown) {
    error = thrown as Error;
  }
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(TypeError);
  expect(error!.message).toContain(message);
});

test.each<[string, (...args: any[]) => unknown]>([
  ['a room', (...args) => new (ChatRoom as any)(...args)],
  ['a logging configuration', (...args) => new (LoggingConfiguration as any)(...args)],
  ['a ban list', (...args) => new (library.BanList as any)(...args)],
  ['a chat API', (...args) => new (library.ChatApi as any)(...args)],
  ['the ARN of a room', ChatRoom.fromRoomArn],
  ['the ID of a room', ChatRoom.fromRoomId],
  ['the attributes of a room', ChatRoom.fromChatRoomAttributes],
  ['the ARN of a logging configuration', LoggingConfiguration.fromLoggingConfigurationArn],
  ['the ID of a logging configuration', LoggingConfiguration.fromLoggingConfigurationId],
  ['the attributes of a logging configuration', LoggingConfiguration.fromLoggingConfigurationAttributes],
  ['the name of a ban list', library.BanList.fromTableName],
])('%s needs a scope and an ID', (_, use) => {
  expect(() => use('Chat', {})).toThrow('`scope` must be a construct, got "Chat"; pass `this` or a stack');
  expect(() => use(newStack(), {})).toThrow(
    '`id` must be a string, got an object without properties; pass the name of the construct in its scope');
});

/** The properties of constructs and arguments, each with its rule. The compiler demands each name. */
type Rules<Struct> = { readonly [Name in keyof Required<Struct>]: string };
const ofRoom: Rules<library.ChatRoomProps> = {
  roomName: 'a string',
  maximumMessageLength: 'an integer',
  maximumMessageRatePerSecond: 'an integer',
  messageReviewHandler: 'a message review handler',
  loggingConfigurations: 'a list',
  tags: 'a map',
  region: 'a string',
  existingRoom: 'a room',
  removalPolicy:
    'one of RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE',
  provisioning: 'one of Provisioning.CUSTOM_RESOURCE, Provisioning.CLOUDFORMATION',
};
const { tags, region, removalPolicy, provisioning } = ofRoom;
const ofLogging: Rules<library.LoggingConfigurationProps> = {
  destination: 'a logging destination',
  loggingConfigurationName: 'a string',
  existingLoggingConfiguration: 'a logging configuration',
  tags,
  region,
  removalPolicy,
  provisioning,
};
const ofProvider: Rules<library.ChatRoomProviderOptions> = {
  memorySize: 'an integer',
  architecture: 'an architecture',
  reservedConcurrentExecutions: 'an integer',
  deadLetterQueue: 'a queue',
  tracing: 'one of lambda.Tracing.ACTIVE, lambda.Tracing.PASS_THROUGH, lambda.Tracing.DISABLED',
  logRetention: 'a value of logs.RetentionDays',
  logEncryptionKey: 'a key',
  rolePath: 'a string',
  vpc: 'a VPC',
  vpcSubnets: 'an object with properties',
  securityGroups: 'a list',
};
const { tracing, logRetention, logEncryptionKey } = ofProvider;
const ofBanList: Rules<library.BanListProps> = {
  tableName: 'a string', encryptionKey: 'a key', pointInTimeRecovery: 'a boolean', removalPolicy,
};
const ofChatApi: Rules<library.ChatApiProps> = {
  rooms: 'an object with properties',
  authorizer: 'an authorizer of an HTTP API',
  claims: 'an object with properties',
  roles: 'an object with properties',
  defaultRole: 'a string',
  banList: 'a ban list',
  allowOrigins: 'a list',
  sessionDuration: 'a duration',
  requiredTerms: 'a string',
  policy: 'an object with properties',
  allowGuests: 'a boolean',
  throttle: 'an object with properties',
  logRetention,
  logEncryptionKey,
  tracing,
};
const ofClaims: Rules<library.ChatClaims> = { userId: 'a string', displayName: 'a string', role: 'a string' };
const ofPolicy: Rules<library.ChatPolicy> = { contact: 'a string', termsUrl: 'a string' };
const ofRole: Rules<library.ChatRoleOptions> = { capabilities: 'a list', operations: 'a list' };
const ofHandler: Rules<library.LambdaMessageReviewHandlerOptions> = {
  fallbackResult: 'one of FallbackResult.ALLOW, FallbackResult.DENY',
};
const ofDestination: Rules<library.LoggingDestinationOptions> = { manageDeliveryPermissions: 'a boolean' };

const newChatApi = (stack: Stack, props: object) => new library.ChatApi(stack, 'Chat', {
  rooms: { lobby: ChatRoom.fromRoomArn(stack, 'Lobby', ROOM_ARN) },
  authorizer: new authorizers.HttpIamAuthorizer(),
  ...props,
});
const newBanList = (stack: Stack, props: object) => new library.BanList(stack, 'BanList', props);
const structs: { readonly [name: string]: [Rules<any>, (stack: Stack, props: any) => unknown] } = {
  'a room': [ofRoom, newRoom],
  'a logging configuration': [
    ofLogging, (stack, props) => newLogging(stack, { destination: toBucket(stack), ...props }),
  ],
  'the provider function': [ofProvider, configure],
  'a ban list': [ofBanList, newBanList],
  'a chat API': [ofChatApi, newChatApi],
  'claims': [ofClaims, (stack, claims) => newChatApi(stack, { claims })],
  'a policy': [ofPolicy, (stack, policy) => newChatApi(stack, { policy: { contact: 'x', ...policy } })],
  'a role': [ofRole, (_stack, options) => library.ChatRole.of(options)],
  'a handler': [ofHandler, newReview],
  'the destination of a log group': [
    ofDestination, (stack, options) => LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup'), options),
  ],
  'the destination of a stream': [
    ofDestination, (stack, options) => LoggingDestination.firehose(new CfnDeliveryStream(stack, 'Stream'), options),
  ],
  'the destination of a bucket': [
    ofDestination, (stack, options) => LoggingDestination.s3(new s3.Bucket(stack, 'Bucket'), options),
  ],
};

test.each(Object.entries(structs).flatMap(([struct, [rules, use]]) =>
  Object.entries<string>(rules).map(([property, rule]) => [struct, property, rule, use] as const),
))('%s refuses a function as %s', (_, property, rule, use) => {
  expect(() => use(newStack(), { [property]: review })).toThrow(`\`${property}\` must be ${rule}, got`);
});

test.each(Object.entries(structs).slice(0, 5))('%s accepts properties of other constructs', (_, [rules, use]) => {
  const all = Object.values(structs).flatMap(([others]) => Object.keys(others));
  const foreign = all.filter((name) => !(name in rules) && !(name in { ...ofClaims, ...ofPolicy, ...ofRole }));
  expect(() => use(newStack(), Object.fromEntries(foreign.map((name) => [name, 'x'])))).not.toThrow();
});

test.each(Object.entries(structs).flatMap(([struct, [rules, use]]) =>
  Object.values(library.Provisioning).map((from) => [struct, from, rules, use] as const),
))('null as each property of %s means the same as no property (%s)', (_, from, rules, use) => {
  const templateWithout = (names: string[]) => {
    const stack = newStack();
    stack.node.setContext('cdk-ivs-chat:provisioning', from);
    use(stack, Object.fromEntries(names.map((name) => [name, null])));
    new ChatRoom(stack, 'Room');
    return Template.fromStack(stack).toJSON();
  };
  const required = ['destination', 'rooms', 'authorizer', 'contact'];
  const optional = Object.keys(rules).filter((name) => !required.includes(name));
  expect(templateWithout(optional)).toEqual(templateWithout([]));
});

describe('the limits of', () => {
  const text = (length: number) => 'x'.repeat(length);
  const { VIEWER } = library.ChatRole;
  type Limits = [string, (stack: Stack, value: any) => unknown, unknown[], [unknown, string][]];
  test.each<Limits>([
    ['the memory', (stack, memorySize) => configure(stack, { memorySize }),
      [128, 10_240], [[127, 'between 128 and 10240, got 127'], [10_241, 'between 128 and 10240, got 10241']]],
    ['the concurrency', (stack, reservedConcurrentExecutions) => configure(stack, { reservedConcurrentExecutions }),
      [1], [[0, 'at least 1, got 0']]],
    ['the path of the role', (stack, rolePath) => configure(stack, { rolePath }),
      ['/', '/a/', '/a/b/', `/${text(510)}/`],
      [['', 'got 0'], [`/${text(511)}/`, 'between 1 and 512 characters, got 513'],
        ['a/', 'begin and end with a slash, got "a/"'], ['/a', 'begin and end'], ['/a b/', 'begin and end']]],
    ['the name of a table', (stack, tableName) => newBanList(stack, { tableName }),
      ['a_1', 'A-b.c', text(255)],
      [['ab', 'between 3 and 255 characters, got 2'], [text(256), 'got 256'],
        ['a/b', 'only letters, digits, hyphens, underscores and periods']]],
    ['the default role', (stack, defaultRole) => newChatApi(stack, { defaultRole, roles: { [defaultRole]: VIEWER } }),
      [], [['', '`defaultRole` must be between 1 and 64 characters, got 0'], [text(65), 'got 65']]],
    ['the name of a role', (stack, name) => newChatApi(stack, { roles: { [name]: VIEWER } }),
      [],
      [[text(65), 'between 1 and 64 characters, got 65'],
        ...['a b', 'a\tb', '[a', 'a]', 'a,b'].map((name): [string, string] =>
          [name, `contain no blanks, brackets and commas, got ${JSON.stringify(name)}`])]],
    ['the key of a room', (stack, key) => newChatApi(stack, { rooms: { [key]: new CfnRoom(stack, 'Room') } }),
      [], [['', 'got 0'], [text(65), 'between 1 and 64 characters, got 65'], ['a.b', '"a.b"']]],
    ['the number of rooms', (stack, length: number) => {
      const rooms = Array.from({ length }, (_, index) => ChatRoom.fromRoomArn(stack, `Room${index}`, ROOM_ARN));
      return newChatApi(stack, { rooms: { ...rooms } });
    }, [], [[0, 'between 1 and 25 rooms, got 0'], [26, 'between 1 and 25 rooms, got 26']]],
    ['the duration of a session',
      (stack, minutes) => newChatApi(stack, { sessionDuration: Duration.minutes(minutes) }),
      [], [[0, 'between 1 and 180, got 0'], [181, 'between 1 and 180, got 181']]],
    ['the required terms', (stack, requiredTerms) => newChatApi(stack, { requiredTerms }),
      [], [['', 'between 1 and 64 characters, got 0'], [text(65), 'got 65']]],
    ...['userId', 'displayName', 'role'].map((name): Limits => [
      `the claim ${name}`, (stack, claim) => newChatApi(stack, { claims: { [name]: claim } }),
      [], [['', 'between 1 and 256 characters, got 0'], [text(257), 'got 257']],
    ]),
    ['the contact', (stack, contact) => newChatApi(stack, { policy: { contact } }),
      [], [['', 'between 1 and 256 characters, got 0'], [text(257), 'got 257']]],
    ['the URL of the terms', (stack, termsUrl) => newChatApi(stack, { policy: { contact: 'x', termsUrl } }),
      [], [['', 'between 1 and 512 characters, got 0'], [text(513), 'got 513']]],
  ])('%s are exact', (_, use, accepted, refused) => {
    for (const value of accepted) expect(() => use(newStack(), value)).not.toThrow();
    for (const [value, message] of refused) expect(() => use(newStack(), value)).toThrow(message);
  });

  test.each([
    ['least', 1, 25, 1],
    ['most', 64, 1, 180],
  ])('a chat API include the %s', (_, length, count, minutes) => {
    const stack = newStack();
    const key = (index: number) => (count === 1 ? `Z9-_${text(length - 4)}` : String.fromCharCode(97 + index));
    const claim = text(length * 4).slice(0, length === 1 ? 1 : 256);
    const rooms = Array.from({ length: count }, (__, index) =>
      [key(index), ChatRoom.fromRoomArn(stack, `Room${index}`, ROOM_ARN)]);
    expect(() => newChatApi(stack, {
      rooms: Object.fromEntries(rooms),
      defaultRole: text(length),
      roles: { [text(length)]: VIEWER, 'chat-admin:1': VIEWER },
      requiredTerms: text(length),
      claims: { userId: claim, displayName: claim, role: claim },
      policy: { contact: claim, termsUrl: length === 1 ? 'x' : text(512) },
      sessionDuration: Duration.minutes(minutes),
    })).not.toThrow();
  });
});

test.each<[string, expectations.Expectation, { [member: string]: unknown }]>([
  ['a room', expectations.ROOM, { roomRef: {} }],
  ['a logging configuration', expectations.LOGGING_CONFIGURATION, { loggingConfigurationRef: {} }],
  ['a handler', expectations.MESSAGE_REVIEW_HANDLER, { uri: 'x', bind() {} }],
  ['a function', expectations.LAMBDA_FUNCTION, { functionArn: 'x', addPermission() {} }],
  ['a destination', expectations.LOGGING_DESTINATION, { bind() {} }],
  ['a bucket', expectations.BUCKET, { bucketRef: {} }],
  ['a log group', expectations.LOG_GROUP, { logGroupRef: {} }],
  ['a stream', expectations.DELIVERY_STREAM, { deliveryStreamRef: {} }],
  ['a grantee', expectations.GRANTEE, { grantPrincipal: {} }],
  ['an action', expectations.MESSAGING_ACTION, { name: 'x' }],
  ['a VPC', expectations.VPC, { vpcId: 'x', selectSubnets() {} }],
  ['a security group', expectations.SECURITY_GROUP, { securityGroupId: 'x' }],
  ['a key', expectations.KEY, { keyArn: 'x', addToResourcePolicy() {} }],
  ['a queue', expectations.QUEUE, { queueArn: 'x', grantSendMessages() {} }],
  ['a key reference', expectations.KEY_REFERENCE, { keyRef: {} }],
  ['an authorizer', expectations.AUTHORIZER, { bind() {} }],
  ['a ban list', expectations.BAN_LIST, { tableName: 'x' }],
  ['a role', expectations.CHAT_ROLE, { capabilities: [], operations: [] }],
  ['a duration', expectations.DURATION, { toMinutes() {} }],
])('%s has each of its members', (_, { accepts }, value) => {
  expect(accepts(value)).toBe(true);
  for (const name of Object.keys(value)) {
    const { [name]: member, ...others } = value;
    expect([others, { ...value, [name]: null }, { ...value, [name]: 5 }, [value]].map(accepts))
      .toEqual([false, false, false, false]);
  }
});

test.each<[unknown, string]>([
  ['x'.repeat(98), `"${'x'.repeat(98)}"`],
  ['x'.repeat(99), `"${'x'.repeat(99)}… (101 characters)`],
  [5, '5'], [null, 'null'], [undefined, 'undefined'], [true, 'true'], [5n, '5'],
  [[1], 'a list'],
  [review, 'the function review'],
  [(() => () => 'class')(), 'a function'],
  [class {}, 'a class'],
  [class Own2 {}, 'the class Own2'],
  [new (class Own2 {})(), 'an instance of Own'],
  [new Date(0), 'an instance of Date'],
  [{}, 'an object without properties'],
  [{ one: 1 }, 'an object with one'],
  [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, 'an object with a, b, c, d, e'],
  [Object.create(null), 'an object without properties'],
  [new Stack(undefined, 'Stack'), 'the Stack Stack'],
])('%#: a message describes the value', (value, expected) => {
  expect(described(value)).toBe(expected);
});

test.each<[string, string[], string | undefined]>([
  ['abcd', ['xbcd'], 'xbcd'],
  ['abcd', ['xycd'], undefined],
  ['ABCD', ['xbcd'], 'xbcd'],
  ['abcdefgh', ['xycdefgh'], 'xycdefgh'],
  ['abcdefg', ['xycdefg'], undefined],
  ['abcdefgh', ['abxxcdefgh'], 'abxxcdefgh'],
  ['abxxcdefgh', ['abcdefgh'], 'abcdefgh'],
  ['abcd', ['acbd'], undefined],
  ['abcdefgh', ['abcdefghijkl'], 'abcdefghijkl'],
  ['abcdefghi', ['abcdefghijklmno'], 'abcdefghijklmno'],
  ['abcdefgh', ['abcdefghijklmn'], undefined],
  ['abcdefg', ['abcdefghij'], undefined],
  ['abcd', ['xbcd', 'abcde'], 'abcde'],
  ['abcd', ['xbcd', 'ybcd'], 'xbcd'],
  ['abcd', [], undefined],
])('the name %j is similar to one of %j: %j', (misspelt, names, expected) => {
  expect(similarName(misspelt, names)).toBe(expected);
});

test('everything that a message suggests exists', () => {
  const { aws_ec2, aws_iam, aws_kms, aws_lambda, aws_logs, aws_s3, aws_sqs, aws_kinesisfirehose } = cdk;
  const modules: { [name: string]: any } = {
    ec2: aws_ec2,
    iam: aws_iam,
    kms: aws_kms,
    lambda: aws_lambda,
    logs: aws_logs,
    s3: aws_s3,
    sqs: aws_sqs,
    firehose: aws_kinesisfirehose,
  };
  const others = { CfnRoom, CfnLoggingConfiguration, Duration, RemovalPolicy };
  const names: { [name: string]: any } = { ...library, ...authorizers, ...others };
  const values = [expectations, ...Object.values(properties)].flatMap((table) => Object.values<any>(table));
  const texts = values.map(({ must = '', pass = '' }) => `${must} ${pass}`);
  const code = texts.flatMap((text) => text.match(/\b([a-z]\w*\.)?[A-Z]\w+(\.\w+)+|`[^`]+`/g) ?? []);
  const missing = code.flatMap((text) => [...text.matchAll(/(?:\b([a-z]\w+)\.)?\b([A-Z]\w+)(?:\.(\w+))?/g)])
    .filter(([, module, name, member]) => {
      const value = (module ? modules[module] : names)?.[name!];
      return value === undefined || (member !== undefined && !(member in value));
    });
  expect(missing.map(([text]) => text)).toEqual([]);
  expect(code.length).toBeGreaterThan(40);
});

describe('correct input is accepted:', () => {
  test.each<[string, (stack: Stack) => unknown]>([
    ['absent properties', (stack) => newRoom(stack, { roomName: undefined, messageReviewHandler: null, tags: null })],
    ['null as properties', (stack) => newRoom(stack, null)],
    ['null as the properties of a ban list', (stack) => newBanList(stack, null as never)],
    ['the properties of a stack that extend the properties of the constructs', (stack) => newRoom(stack, {
      stage: 'prod', name: 'x', env: {}, description: 'x', destination: 'x', loggingConfigurationName: 'x',
    })],
    ['a property of the application with the same beginning as another property',
      (stack) => newRoom(stack, { maximumMessageLengthInCharactersOfTheText: 5 })],
    ['a wildcard of actions',
      (stack) => newRoom(stack).grants.actions(newFunction(stack), ['ivschat:Get*', 'ivschat:*'])],
    ['an action in other capitals', (stack) => newRoom(stack).grants.actions(newFunction(stack), ['ivschat:getroom'])],
    ['an action as a token',
      (stack) => newRoom(stack).grants.actions(newFunction(stack), [Token.asString({ Ref: 'Action' })])],
    ['actions on all rooms', (stack) =>
      newRoom(stack).grants.actions(newFunction(stack), ['ivschat:ListRooms'], { resourceArns: ['*'] })],
    ['a handler of another copy of the library', (stack) => newRoom(stack, {
      messageReviewHandler: {
        uri: 'arn:aws:lambda:eu-west-1:123456789012:function:x',
        bind: () => ({ uri: 'arn:aws:lambda:eu-west-1:123456789012:function:x' }),
      },
    })],
    ['an L1 key for a ban list and for a chat API', (stack) => {
      const key = new kms.CfnKey(stack, 'Key');
      newChatApi(stack, { banList: newBanList(stack, { encryptionKey: key }), logEncryptionKey: key });
    }],
    ['an L1 room as existingRoom', (stack) => newRoom(stack, { existingRoom: new CfnRoom(stack, 'Cfn') })],
    ['a service principal as a grantee',
      (stack) => newRoom(stack).grantRead(new iam.Role(stack, 'Role', { assumedBy: new iam.AnyPrincipal() }))],
  ])('%s', (_, use) => {
    const stack = newStack();
    use(stack);
    Template.fromStack(stack);
  });
});

describe('a value of valueFromLookup that is not known yet', () => {
  const env = { account: '123456789012', region: 'eu-west-1' };
  const dummy = (stack: Stack) => ssm.StringParameter.valueFromLookup(stack, '/chat/a value');

  test.each<[string, (stack: Stack) => unknown]>([
    ['the ARN of a room', (stack) => {
      const existingRoom = ChatRoom.fromRoomArn(stack, 'Import', dummy(stack));
      newRoom(stack, { existingRoom });
      existingRoom.grantRead(newFunction(stack));
      return existingRoom.roomId;
    }],
    ['the ID of a room',
      (stack) => newRoom(stack, { existingRoom: ChatRoom.fromRoomId(stack, 'Import', dummy(stack)) })],
    ['the ARN of a logging configuration', (stack) => newRoom(stack, {
      loggingConfigurations: [LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Import', dummy(stack))],
    })],
    ['the ID of a logging configuration', (stack) =>
      LoggingConfiguration.fromLoggingConfigurationId(stack, 'Import', dummy(stack)).loggingConfigurationArn],
    ['a name', (stack) => newRoom(stack, { roomName: dummy(stack) })],
    ['a tag', (stack) => {
      const team = ssm.StringParameter.valueFromLookup(stack, `/${'long/'.repeat(60)}`);
      newRoom(stack, { tags: { team } });
    }],
    ['the key of a tag', (stack) => {
      const key = ssm.StringParameter.valueFromLookup(stack, `/${'long/'.repeat(30)}`);
      newRoom(stack, { tags: { [key]: 'chat' } });
    }],
    ['a Region', (stack) => newRoom(stack, { region: dummy(stack) })],
    ['the ARN of a function', (stack) => newRoom(stack, {
      messageReviewHandler: { uri: dummy(stack), bind: () => ({ uri: dummy(stack) }) },
    })],
    ['the name of a log group', (stack) => newLogging(stack, {
      destination: LoggingDestination.cloudWatchLogs(logs.LogGroup.fromLogGroupName(stack, 'LogGroup', dummy(stack))),
    })],
  ])('is accepted as %s', (_, use) => {
    const stack = newStack({ env });
    use(stack);
    Template.fromStack(stack);
  });

  test('does not stop an app with a stack in another Region', () => {
    const stack = newStack({ env: { ...env, region: 'eu-north-1' } });
    newRoom(stack, { region: dummy(stack) });
    expect(onlyResource(stack, 'Custom::IVSChatRoom').Properties.Region).toContain('dummy-value-for-');
  });
});
