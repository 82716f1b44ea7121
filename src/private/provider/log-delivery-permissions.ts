import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { suppressInlinePolicyRules, suppressNagRule } from '../nag-suppressions';

/** The service principal of the log delivery service. */
export const LOG_DELIVERY_SERVICE = 'delivery.logs.amazonaws.com';

/** The destination of logs, and whether the stack declares the permission to write to it. */
export interface LogDelivery {
  readonly bucketName?: string;
  readonly logGroupName?: string;
  readonly deliveryStreamName?: string;
  readonly declared: boolean;
}

/**
 * The permissions that the caller of CreateLoggingConfiguration, UpdateLoggingConfiguration and
 * DeleteLoggingConfiguration needs for the destinations. The service creates a log delivery on behalf of the caller.
 * If the destination does not allow the service to write, the service also changes the policy of the destination on
 * behalf of the caller.
 *
 * The logging configurations depend on this policy, so CloudFormation deletes it after the last logging configuration.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
export class LogDeliveryPermissions extends iam.Policy {
  private readonly bySid = new Map<string, iam.PolicyStatement>();

  constructor(scope: Construct, id: string, role: iam.IRole) {
    super(scope, id, { roles: [role] });
    // Every destination requires these actions. The documentation lists no others for a delete.
    this.allow('LogDelivery', [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
    ], '*');
    suppressInlinePolicyRules(this);
    suppressNagRule(this, 'AwsSolutions-IAM5',
      'The actions on log deliveries and on log resource policies require the resource *', ['Resource::*']);
  }

  /** Allows the delivery of logs to a destination in a Region. */
  allowDelivery(region: string, delivery: LogDelivery): void {
    const { bucketName, logGroupName, deliveryStreamName, declared } = delivery;
    if (bucketName !== undefined) {
      const bucketArn = this.stack.formatArn({ service: 's3', region: '', account: '', resource: bucketName });
      // The service reads the bucket policy, and adds its statements if the stack does not declare them.
      this.allow('ReadBucketPolicy', ['s3:GetBucketPolicy'], bucketArn);
      if (!declared) this.allow('WriteBucketPolicy', ['s3:PutBucketPolicy'], bucketArn);
    }
    if (logGroupName !== undefined) {
      // DescribeLogGroups and DescribeResourcePolicies: the service looks for a policy that lets it write to the log
      // group. PutResourcePolicy: since 2025, the service puts a policy on the log group itself, unless a policy of
      // the account allows the delivery with wildcards. The policy that the stack declares names its log groups
      // instead, so the service may put its own policy there even if the stack declares one.
      this.allow('LogGroupPolicy',
        ['logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:PutResourcePolicy'], '*');
    }
    if (deliveryStreamName !== undefined) {
      // The service tags the stream, and creates the service-linked role with which it writes to tagged streams.
      this.allow('TagDeliveryStream', ['firehose:TagDeliveryStream'], this.stack.formatArn({
        service: 'firehose',
        region,
        resource: 'deliverystream',
        resourceName: deliveryStreamName,
      }));
      this.allow('LogDeliveryRole', ['iam:CreateServiceLinkedRole'], this.stack.formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: `aws-service-role/${LOG_DELIVERY_SERVICE}/AWSServiceRoleForLogDelivery`,
      }), { StringEquals: { 'iam:AWSServiceName': LOG_DELIVERY_SERVICE } });
    }
  }

  private allow(sid: string, actions: string[], resource: string, conditions?: iam.Conditions): void {
    const existing = this.bySid.get(sid);
    if (existing) {
      existing.addResources(resource);
      return;
    }
    const statement = new iam.PolicyStatement({ sid, actions, resources: [resource], conditions });
    this.bySid.set(sid, statement);
    this.addStatements(statement);
  }
}
