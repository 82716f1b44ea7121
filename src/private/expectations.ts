import { RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { isGiven } from '../contract/check';
import { Provisioning } from '../provisioning';

/**
 * A condition for a value that has no shape in the service model, such as a construct. jsii checks the types of values
 * from other languages, but nothing checks the values from plain JavaScript.
 */
export interface Expectation {
  /** The condition in words, to follow "must". */
  readonly must: string;
  /** The value to pass instead. */
  readonly pass?: string;
  accepts(value: any): boolean;
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns an expectation of an object with members of the given types. */
function object(
  name: string, pass: string, members: { [name: string]: 'string' | 'function' | 'object' },
): Expectation {
  const accepts = (value: any) => isObject(value)
    && Object.entries(members).every(([member, type]) => isGiven(value[member]) && typeof value[member] === type);
  return { must: `be ${name}`, pass, accepts };
}

function oneOf(enumName: string, values: { [name: string]: string }): Expectation {
  const names = Object.keys(values).map((name) => `${enumName}.${name}`);
  return { must: `be one of ${names.join(', ')}`, accepts: (value) => Object.values(values).includes(value) };
}

export const SCOPE: Expectation = { must: 'be a construct', pass: '`this` or a stack', accepts: Construct.isConstruct };
export const CONSTRUCT_ID: Expectation = {
  must: 'be a string', pass: 'the name of the construct in its scope', accepts: (value) => typeof value === 'string',
};
export const TEXT: Expectation = { must: 'be a string', accepts: (value) => typeof value === 'string' };
export const BOOLEAN: Expectation = { must: 'be a boolean', accepts: (value) => typeof value === 'boolean' };
export const OBJECT: Expectation = { must: 'be an object with properties', accepts: isObject };
export const list = (pass: string): Expectation => ({ must: 'be a list', pass, accepts: Array.isArray });

export const ROOM = object(
  'a room', 'a `ChatRoom`, a `CfnRoom` or `ChatRoom.fromRoomArn(scope, id, roomArn)`', { roomRef: 'object' });
export const LOGGING_CONFIGURATION = object(
  'a logging configuration',
  'a `LoggingConfiguration`, a `CfnLoggingConfiguration` or'
  + ' `LoggingConfiguration.fromLoggingConfigurationArn(scope, id, loggingConfigurationArn)`',
  { loggingConfigurationRef: 'object' },
);
export const MESSAGE_REVIEW_HANDLER = object(
  'a message review handler', '`MessageReviewHandler.lambdaFunction(fn)`', { uri: 'string', bind: 'function' });
export const LAMBDA_FUNCTION = object(
  'a Lambda function',
  'a `lambda.Function`, an alias, a version or `lambda.Function.fromFunctionArn(scope, id, functionArn)`',
  { functionArn: 'string', addPermission: 'function' },
);
const DESTINATION = object(
  'a logging destination',
  '`LoggingDestination.s3(bucket)`, `LoggingDestination.cloudWatchLogs(logGroup)` or'
  + ' `LoggingDestination.firehose(deliveryStream)`',
  { bind: 'function' },
);
export const LOGGING_DESTINATION: Expectation = {
  ...DESTINATION, accepts: (value) => DESTINATION.accepts(value) && !MESSAGE_REVIEW_HANDLER.accepts(value),
};
export const BUCKET = object(
  'a bucket', 'an `s3.Bucket` or `s3.Bucket.fromBucketName(scope, id, bucketName)`', { bucketRef: 'object' });
export const LOG_GROUP = object(
  'a log group', 'a `logs.LogGroup` or `logs.LogGroup.fromLogGroupName(scope, id, logGroupName)`',
  { logGroupRef: 'object' },
);
export const DELIVERY_STREAM = object(
  'a delivery stream',
  'a `firehose.DeliveryStream` or `firehose.DeliveryStream.fromDeliveryStreamArn(scope, id, deliveryStreamArn)`',
  { deliveryStreamRef: 'object' },
);
export const GRANTEE = object(
  'a grantee',
  'a construct with a role, such as a `lambda.Function`, or an `iam.Role`, `iam.User` or `iam.Group`',
  { grantPrincipal: 'object' },
);
export const MESSAGING_ACTION = object('a messaging action', '`MessagingAction.SEND_MESSAGE`', { name: 'string' });

export const CONFIGURABLE_SCOPE: Expectation = {
  must: 'be an app, a stage or a stack', accepts: (value) => Stage.isStage(value) || Stack.isStack(value),
};
export const VPC = object(
  'a VPC', 'an `ec2.Vpc` or `ec2.Vpc.fromLookup(scope, id, options)`', { vpcId: 'string', selectSubnets: 'function' });
export const SECURITY_GROUP = object(
  'a security group', 'an `ec2.SecurityGroup` or `ec2.SecurityGroup.fromSecurityGroupId(scope, id, securityGroupId)`',
  { securityGroupId: 'string' },
);
export const KEY = object(
  'a key', 'a `kms.Key` or `kms.Key.fromKeyArn(scope, id, keyArn)`',
  { keyArn: 'string', addToResourcePolicy: 'function' },
);
export const QUEUE = object(
  'a queue', 'an `sqs.Queue` or `sqs.Queue.fromQueueArn(scope, id, queueArn)`',
  { queueArn: 'string', grantSendMessages: 'function' },
);
export const ARCHITECTURE: Expectation = {
  must: 'be an architecture',
  pass: '`lambda.Architecture.ARM_64` or `lambda.Architecture.X86_64`',
  accepts: (value) => isObject(value) && ['arm64', 'x86_64'].includes(value.name),
};
export const LOG_RETENTION: Expectation = {
  must: 'be a value of logs.RetentionDays',
  pass: '`logs.RetentionDays.ONE_YEAR`',
  accepts: (value) => typeof value === 'number' && value in RetentionDays,
};
const { ACTIVE, PASS_THROUGH, DISABLED } = Tracing;
export const TRACING = oneOf('lambda.Tracing', { ACTIVE, PASS_THROUGH, DISABLED });

export const KEY_REFERENCE = object(
  'a key', 'a `kms.Key` or `kms.Key.fromKeyArn(scope, id, keyArn)`', { keyRef: 'object' });
export const AUTHORIZER = object(
  'an authorizer of an HTTP API',
  'an `HttpUserPoolAuthorizer`, an `HttpJwtAuthorizer`, an `HttpLambdaAuthorizer` or an `HttpIamAuthorizer`',
  { bind: 'function' },
);
export const BAN_LIST = object(
  'a ban list', 'a `BanList` or `BanList.fromTableName(scope, id, tableName)`', { tableName: 'string' });
export const CHAT_ROLE = object(
  'a role', '`ChatRole.MODERATOR` or `ChatRole.of(options)`', { capabilities: 'object', operations: 'object' });
export const DURATION = object('a duration', '`Duration.minutes(60)`', { toMinutes: 'function' });

const { DESTROY, RETAIN, RETAIN_ON_UPDATE_OR_DELETE } = RemovalPolicy;
export const REMOVAL_POLICY = oneOf('RemovalPolicy', { DESTROY, RETAIN, RETAIN_ON_UPDATE_OR_DELETE });
export const PROVISIONING = oneOf('Provisioning', { ...Provisioning });
export const FALLBACK_RESULT = oneOf('FallbackResult', { ALLOW: 'ALLOW', DENY: 'DENY' });
