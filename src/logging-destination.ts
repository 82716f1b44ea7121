import { ArnFormat, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct, IDependable } from 'constructs';
import { environmentOf, validateSameEnvironment } from './private/environment';
import { BUCKET, DELIVERY_STREAM, LOG_GROUP, type Expectation } from './private/expectations';
import { DESTINATION_OPTIONS } from './private/properties';
import { LOG_DELIVERY_SERVICE } from './private/provider/log-delivery-permissions';
import { validateArgument, validateProperties } from './private/validate';

/**
 * Options for a logging destination.
 */
export interface LoggingDestinationOptions {
  /**
   * Whether the stack declares the permissions that the log delivery service needs: the bucket policy and the key
   * policy, the log resource policy of the account, or the tag of the delivery stream.
   *
   * If you set this to false, the service adds missing permissions itself, outside of CloudFormation. The next change
   * that CloudFormation makes to the policy or the tags removes them again.
   *
   * @default true
   */
  readonly manageDeliveryPermissions?: boolean;
}

/**
 * The destination of a logging configuration, returned by `bind`. Exactly one of `bucketName`, `logGroupName` and
 * `deliveryStreamName` is set.
 */
export interface LoggingDestinationConfig {
  /**
   * The name of an S3 bucket. Exactly one of `bucketName`, `logGroupName` and `deliveryStreamName` is set.
   *
   * @default - the destination is not an S3 bucket
   */
  readonly bucketName?: string;

  /**
   * The name of a CloudWatch Logs log group. Exactly one of `bucketName`, `logGroupName` and `deliveryStreamName` is
   * set.
   *
   * @default - the destination is not a log group
   */
  readonly logGroupName?: string;

  /**
   * The name of a Data Firehose delivery stream. Exactly one of `bucketName`, `logGroupName` and `deliveryStreamName`
   * is set.
   *
   * @default - the destination is not a delivery stream
   */
  readonly deliveryStreamName?: string;

  /**
   * A dependency of the logging configuration that permits the delivery of logs, such as a bucket policy.
   *
   * @default - no dependency; the service adds missing permissions itself
   */
  readonly dependable?: IDependable;
}

/**
 * The destination to which a logging configuration sends the messages and events of its rooms: an S3 bucket, a log
 * group or a delivery stream in the account and Region of the logging configuration.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/chat-logging.html
 */
export abstract class LoggingDestination {
  /**
   * Sends messages and events to an S3 bucket, within about five minutes.
   *
   * The library adds statements to the bucket policy. If the bucket is encrypted with a customer managed key, the
   * library also adds a statement to the key policy. You cannot read logs in a bucket that is encrypted with an AWS
   * managed key.
   */
  public static s3(bucket: s3.IBucketRef, options: LoggingDestinationOptions = {}): LoggingDestination {
    validateDestination('bucket', bucket, BUCKET, options);
    return new S3Destination(bucket, options);
  }

  /**
   * Sends messages and events to a CloudWatch Logs log group, within about ten seconds.
   *
   * All log groups of a stack share one log resource policy. An account can have ten log resource policies in a Region.
   * The service can also add its own policy to the log group.
   */
  public static cloudWatchLogs(
    logGroup: logs.ILogGroupRef, options: LoggingDestinationOptions = {},
  ): LoggingDestination {
    validateDestination('logGroup', logGroup, LOG_GROUP, options);
    return new CloudWatchLogsDestination(logGroup, options);
  }

  /**
   * Sends messages and events to a Data Firehose delivery stream, within about ten seconds.
   *
   * The library adds the tag `LogDeliveryEnabled=true` to the stream.
   */
  public static firehose(
    deliveryStream: firehose.IDeliveryStreamRef, options: LoggingDestinationOptions = {},
  ): LoggingDestination {
    validateDestination('deliveryStream', deliveryStream, DELIVERY_STREAM, options);
    return new FirehoseDestination(deliveryStream, options);
  }

  /**
   * Binds the destination to a logging configuration. The logging configuration calls this method.
   *
   * @param scope The logging configuration. It does not have an ARN yet.
   */
  public abstract bind(scope: Construct): LoggingDestinationConfig;
}

function validateDestination(
  name: string, value: unknown, expectation: Expectation, options: LoggingDestinationOptions,
): void {
  validateArgument(name, value, expectation);
  validateProperties('options', options, DESTINATION_OPTIONS, []);
}

/** Restricts the log delivery service, which acts for all accounts, to the account and Region of the scope. */
function deliveryConditions(scope: Construct) {
  const stack = Stack.of(scope);
  const logDeliveryArn = stack.formatArn({
    service: 'logs',
    region: environmentOf(scope).region,
    resource: '*',
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
  return {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': logDeliveryArn },
  };
}

function warn(scope: Construct, id: string, message: string): void {
  Validations.of(scope).addWarning(`cdk-ivs-chat:${id}`, message);
}

class S3Destination extends LoggingDestination {
  constructor(private readonly bucket: s3.IBucketRef, private readonly options: LoggingDestinationOptions) {
    super();
  }

  public bind(scope: Construct): LoggingDestinationConfig {
    validateSameEnvironment(scope, 'the bucket of `destination`', this.bucket);
    const { bucketName } = this.bucket.bucketRef;
    if (this.options.manageDeliveryPermissions === false) return { bucketName };
    return { bucketName, dependable: this.addPermissions(scope) };
  }

  /** Adds the two statements that the service would add to the bucket policy, and the statement of the key policy. */
  private addPermissions(scope: Construct): IDependable | undefined {
    const { bucketArn } = this.bucket.bucketRef;
    const conditions = deliveryConditions(scope);
    const principal = new iam.ServicePrincipal(LOG_DELIVERY_SERVICE, { conditions });
    this.grantOnKey(scope, principal);

    const policy = iam.ResourceWithPolicies.of(this.bucket);
    policy?.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AWSLogDeliveryAclCheck',
      principals: [principal],
      actions: ['s3:GetBucketAcl'],
      resources: [bucketArn],
    }));
    const added = policy?.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AWSLogDeliveryWrite',
      principals: [principal],
      actions: ['s3:PutObject'],
      resources: [`${bucketArn}/AWSLogs/${Stack.of(scope).account}/*`],
      conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }));
    if (!added?.statementAdded) {
      warn(scope, 'logDeliveryBucketPolicy', 'cannot change the bucket policy of the destination'
        + ` ${this.bucket.node.path}; allow ${LOG_DELIVERY_SERVICE} to write to AWSLogs/ in the bucket policy,`
        + ' otherwise the service changes the policy outside of CloudFormation');
    }
    return added?.policyDependable;
  }

  private grantOnKey(scope: Construct, principal: iam.ServicePrincipal): void {
    const actions = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];
    const granted = iam.EncryptedResources.of(this.bucket)?.grantOnKey(principal, ...actions).grant;

    // A grant on an imported key has no effect, but reports success.
    const { encryptionKey } = this.bucket as Partial<s3.IBucket>;
    const isMissing = encryptionKey ? !ownResource(encryptionKey) : !granted && this.isEncryptedWithKey();
    if (isMissing) {
      warn(scope, 'logDeliveryKey', `cannot change the key policy of the destination ${this.bucket.node.path};`
        + ` encrypt the bucket with a customer managed key that allows ${LOG_DELIVERY_SERVICE} to use it,`
        + ' otherwise logs cannot be written or read');
    }
  }

  private isEncryptedWithKey(): boolean {
    const { bucketEncryption } = (ownResource(this.bucket) ?? {}) as Partial<s3.CfnBucket>;
    return JSON.stringify(Stack.of(this.bucket).resolve(bucketEncryption) ?? '').includes('aws:kms');
  }
}

class CloudWatchLogsDestination extends LoggingDestination {
  constructor(private readonly logGroup: logs.ILogGroupRef, private readonly options: LoggingDestinationOptions) {
    super();
  }

  public bind(scope: Construct): LoggingDestinationConfig {
    validateSameEnvironment(scope, 'the log group of `destination`', this.logGroup);
    const { logGroupName } = this.logGroup.logGroupRef;
    if (this.options.manageDeliveryPermissions === false) return { logGroupName };
    return { logGroupName, dependable: this.addPermissions(scope, logGroupName) };
  }

  private addPermissions(scope: Construct, logGroupName: string): IDependable | undefined {
    const stack = Stack.of(this.logGroup);
    const { env } = this.logGroup;
    // A log resource policy applies to the account and Region of its stack.
    if (env.region !== stack.region || env.account !== stack.account) {
      warn(scope, 'logDeliveryResourcePolicy', 'cannot add a log resource policy in the account and Region of the'
        + ` destination ${this.logGroup.node.path}; allow ${LOG_DELIVERY_SERVICE} to write to the log group in a log`
        + ' resource policy, otherwise the service adds a policy outside of CloudFormation');
      return undefined;
    }

    const logGroupArn = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${logGroupName}:log-stream:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const id = 'IvsChatLogDeliveryPolicy';
    const existing = stack.node.tryFindChild(id) as LogDeliveryPolicy | undefined;
    const policy = existing ?? new LogDeliveryPolicy(stack, id, deliveryConditions(scope));
    policy.statement.addResources(logGroupArn);
    return policy;
  }
}

/** The policy for all log groups of a stack. An account can have ten log resource policies in a Region. */
class LogDeliveryPolicy extends logs.ResourcePolicy {
  readonly statement: iam.PolicyStatement;

  constructor(stack: Stack, id: string, conditions: iam.Conditions) {
    const statement = new iam.PolicyStatement({
      sid: 'AWSLogDeliveryWrite20150319',
      principals: [new iam.ServicePrincipal(LOG_DELIVERY_SERVICE)],
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      conditions,
    });
    super(stack, id, { policyStatements: [statement] });
    // Without it, `applyRemovalPolicy` throws.
    this.node.defaultChild = this.node.findChild('ResourcePolicy');
    this.statement = statement;
  }
}

type TaggableResource = CfnResource & Pick<firehose.CfnDeliveryStream, 'tags'>;

class FirehoseDestination extends LoggingDestination {
  constructor(
    private readonly deliveryStream: firehose.IDeliveryStreamRef,
    private readonly options: LoggingDestinationOptions,
  ) {
    super();
  }

  public bind(scope: Construct): LoggingDestinationConfig {
    validateSameEnvironment(scope, 'the delivery stream of `destination`', this.deliveryStream);
    const { deliveryStreamName } = this.deliveryStream.deliveryStreamRef;
    if (this.options.manageDeliveryPermissions === false) return { deliveryStreamName };

    const resource = ownResource(this.deliveryStream) as TaggableResource | undefined;
    resource?.tags.setTag('LogDeliveryEnabled', 'true');
    if (!resource) {
      warn(scope, 'logDeliveryEnabledTag', `cannot tag the destination ${this.deliveryStream.node.path}; add the tag`
        + ' LogDeliveryEnabled=true to the delivery stream, otherwise the service adds it outside of CloudFormation');
    }
    return { deliveryStreamName, dependable: resource };
  }
}

/** Returns the CloudFormation resource of a construct, or undefined if the construct is imported. */
function ownResource(construct: IConstruct & IEnvironmentAware): CfnResource | undefined {
  const candidates = [construct, construct.node.defaultChild];
  return candidates.find((candidate) => CfnResource.isCfnResource(candidate)) as CfnResource | undefined;
}
