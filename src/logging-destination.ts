import { ArnFormat, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct, IDependable } from 'constructs';
import { LOG_DELIVERY_SERVICE } from './private/log-delivery-permissions';
import { mustBeWhere } from './private/region';

/**
 * How a destination of logs is used.
 */
export interface LoggingDestinationOptions {
  /**
   * Whether the stack declares what the log delivery service needs at the destination: the bucket's policy and key, the
   * account's log resource policy, the delivery stream's tag.
   *
   * When it does not, the service adds what is missing by itself, behind CloudFormation's back, and the next change
   * that CloudFormation makes there takes it away again.
   *
   * @default true
   */
  readonly manageDeliveryPermissions?: boolean;
}

/**
 * What a logging configuration gets to know of its destination. Exactly one name.
 */
export interface LoggingDestinationConfig {
  /**
   * The name of an S3 bucket.
   *
   * @default - another destination
   */
  readonly bucketName?: string;

  /**
   * The name of a CloudWatch Logs log group.
   *
   * @default - another destination
   */
  readonly logGroupName?: string;

  /**
   * The name of a Data Firehose delivery stream.
   *
   * @default - another destination
   */
  readonly deliveryStreamName?: string;

  /**
   * What lets the logs in, and has to be there before the logging configuration.
   *
   * @default - nothing is declared: the service adds what is missing by itself
   */
  readonly dependable?: IDependable;
}

/**
 * Where a logging configuration sends the messages and events of its rooms: a bucket, a log group or a delivery stream
 * of its own account and Region.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/chat-logging.html
 */
export abstract class LoggingDestination {
  /**
   * Sends to an S3 bucket, within some five minutes.
   *
   * The bucket's policy is extended, and so is the policy of the key if it is encrypted with one of yours. Logs in a
   * bucket that is encrypted with a key managed by AWS can't be read.
   */
  public static s3(bucket: s3.IBucketRef, options: LoggingDestinationOptions = {}): LoggingDestination {
    return new S3Destination(bucket, options);
  }

  /**
   * Sends to a CloudWatch Logs log group, within some ten seconds.
   *
   * All log groups of a stack share one log resource policy, of which an account may have ten in a Region. The service
   * may also put a policy of its own on the log group.
   */
  public static cloudWatchLogs(logGroup: logs.ILogGroupRef, options: LoggingDestinationOptions = {}): LoggingDestination {
    return new CloudWatchLogsDestination(logGroup, options);
  }

  /**
   * Sends to a Data Firehose delivery stream, within some ten seconds.
   *
   * The stream gets the tag `LogDeliveryEnabled=true`.
   */
  public static firehose(deliveryStream: firehose.IDeliveryStreamRef, options: LoggingDestinationOptions = {}): LoggingDestination {
    return new FirehoseDestination(deliveryStream, options);
  }

  /**
   * Called by the logging configuration that is given the destination.
   *
   * @param loggingConfiguration the logging configuration, before it has an ARN
   */
  public abstract bind(loggingConfiguration: IResource): LoggingDestinationConfig;
}

/** Only on behalf of this account's logging configurations in this Region: the log delivery service works for everybody. */
function deliveryConditions(loggingConfiguration: IResource) {
  const { stack, env } = loggingConfiguration;
  return {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', region: env.region, resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME }) },
  };
}

function warn(
  loggingConfiguration: IResource, id: string, destination: IConstruct, remedy: string, otherwise = 'the service will do so behind CloudFormation\'s back',
): void {
  Validations.of(loggingConfiguration).addWarning(`cdk-ivs-chat:${id}`,
    `the destination ${destination.node.path} can't be changed from here; ${remedy}, or ${otherwise}`);
}

class S3Destination extends LoggingDestination {
  constructor(private readonly bucket: s3.IBucketRef, private readonly options: LoggingDestinationOptions) {
    super();
  }

  public bind(loggingConfiguration: IResource): LoggingDestinationConfig {
    mustBeWhere(loggingConfiguration, 'the bucket of `destination`', this.bucket);
    const { bucketName } = this.bucket.bucketRef;
    if (this.options.manageDeliveryPermissions === false) return { bucketName };
    return { bucketName, dependable: this.letIn(loggingConfiguration) };
  }

  /** The two statements that the service would add, and the key's. */
  private letIn(loggingConfiguration: IResource): IDependable | undefined {
    const { bucketArn } = this.bucket.bucketRef;
    const conditions = deliveryConditions(loggingConfiguration);
    const principal = new iam.ServicePrincipal(LOG_DELIVERY_SERVICE, { conditions });
    const key = iam.EncryptedResources.of(this.bucket)?.grantOnKey(principal,
      'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*').grant;
    const { encryptionKey } = this.bucket as Partial<s3.IBucket>; // a grant on an imported key changes nothing, and says that it succeeded
    if (encryptionKey ? !ownResource(encryptionKey) : !key && this.isEncryptedWithKey()) {
      warn(loggingConfiguration, 'logDeliveryKey', this.bucket, `encrypt the bucket with a key of yours whose policy lets ${LOG_DELIVERY_SERVICE} use it`,
        'the logs can\'t be written or read');
    }

    const policy = iam.ResourceWithPolicies.of(this.bucket);
    const statement = (props: iam.PolicyStatementProps) => new iam.PolicyStatement({ principals: [principal], ...props });
    policy?.addToResourcePolicy(statement({ sid: 'AWSLogDeliveryAclCheck', actions: ['s3:GetBucketAcl'], resources: [bucketArn] }));
    const added = policy?.addToResourcePolicy(statement({
      sid: 'AWSLogDeliveryWrite',
      actions: ['s3:PutObject'],
      resources: [`${bucketArn}/AWSLogs/${loggingConfiguration.stack.account}/*`],
      conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }));
    if (!added?.statementAdded) {
      warn(loggingConfiguration, 'logDeliveryBucketPolicy', this.bucket, `let ${LOG_DELIVERY_SERVICE} write to AWSLogs/ in the bucket's policy yourself`);
    }
    return added?.policyDependable;
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

  public bind(loggingConfiguration: IResource): LoggingDestinationConfig {
    mustBeWhere(loggingConfiguration, 'the log group of `destination`', this.logGroup);
    const { logGroupName } = this.logGroup.logGroupRef;
    if (this.options.manageDeliveryPermissions === false) return { logGroupName };
    return { logGroupName, dependable: this.letIn(loggingConfiguration, logGroupName) };
  }

  private letIn(loggingConfiguration: IResource, logGroupName: string): IDependable | undefined {
    const stack = Stack.of(this.logGroup);
    if (this.logGroup.env.region !== stack.region || this.logGroup.env.account !== stack.account) { // a log resource policy counts where its stack is
      warn(loggingConfiguration, 'logDeliveryResourcePolicy', this.logGroup, `let ${LOG_DELIVERY_SERVICE} write in a log resource policy yourself`);
      return undefined;
    }
    const logGroupArn = stack.formatArn({
      service: 'logs', resource: 'log-group', resourceName: `${logGroupName}:log-stream:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const id = 'IvsChatLogDeliveryPolicy';
    const existing = stack.node.tryFindChild(id) as LogDeliveryPolicy | undefined;
    const policy = existing ?? new LogDeliveryPolicy(stack, id, deliveryConditions(loggingConfiguration));
    policy.statement.addResources(logGroupArn);
    return policy;
  }
}

/** One for all log groups of a stack: an account has only ten of them in a Region. */
class LogDeliveryPolicy extends logs.ResourcePolicy {
  readonly statement: iam.PolicyStatement;

  constructor(stack: Stack, id: string, conditions: { [operator: string]: object }) {
    const statement = new iam.PolicyStatement({
      sid: 'AWSLogDeliveryWrite20150319',
      principals: [new iam.ServicePrincipal(LOG_DELIVERY_SERVICE)],
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      conditions,
    });
    super(stack, id, { policyStatements: [statement] });
    this.statement = statement;
  }
}

class FirehoseDestination extends LoggingDestination {
  constructor(private readonly deliveryStream: firehose.IDeliveryStreamRef, private readonly options: LoggingDestinationOptions) {
    super();
  }

  public bind(loggingConfiguration: IResource): LoggingDestinationConfig {
    mustBeWhere(loggingConfiguration, 'the delivery stream of `destination`', this.deliveryStream);
    const { deliveryStreamName } = this.deliveryStream.deliveryStreamRef;
    if (this.options.manageDeliveryPermissions === false) return { deliveryStreamName };
    const resource = ownResource(this.deliveryStream) as (CfnResource & Pick<firehose.CfnDeliveryStream, 'tags'>) | undefined;
    resource?.tags.setTag('LogDeliveryEnabled', 'true');
    if (!resource) warn(loggingConfiguration, 'logDeliveryEnabledTag', this.deliveryStream, 'give the stream the tag LogDeliveryEnabled=true yourself');
    return { deliveryStreamName, dependable: resource };
  }
}

/** The CloudFormation resource of what the app itself makes; nothing for what it imports. */
function ownResource(construct: IConstruct & IEnvironmentAware): CfnResource | undefined {
  return [construct, construct.node.defaultChild].find((candidate) => CfnResource.isCfnResource(candidate)) as CfnResource | undefined;
}
