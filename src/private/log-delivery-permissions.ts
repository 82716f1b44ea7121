import type { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

/** The principal that writes the logs. */
export const LOG_DELIVERY_SERVICE = 'delivery.logs.amazonaws.com';

/** Where the logs go, and whether the stack itself lets them in there. */
export interface LogDelivery {
  readonly bucketName?: string;
  readonly logGroupName?: string;
  readonly deliveryStreamName?: string;
  readonly declared: boolean;
}

/**
 * What the caller of the logging configuration operations needs besides them: the service makes a log delivery in its
 * name, and, where the stack does not declare it, changes the destination's policy.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
export function logDeliveryPermissions(stack: Stack, region: string, delivery: LogDelivery): iam.PolicyStatementProps[] {
  const statements: iam.PolicyStatementProps[] = [{
    sid: 'LogDelivery', // none of these actions takes a resource
    actions: ['Create', 'Get', 'Update', 'Delete'].map((verb) => `logs:${verb}LogDelivery`).concat('logs:ListLogDeliveries'),
    resources: ['*'],
  }];
  if (delivery.bucketName !== undefined) {
    const resources = [stack.formatArn({ service: 's3', region: '', account: '', resource: delivery.bucketName })];
    statements.push({ sid: 'ReadBucketPolicy', actions: ['s3:GetBucketPolicy'], resources });
    if (!delivery.declared) statements.push({ sid: 'WriteBucketPolicy', actions: ['s3:PutBucketPolicy'], resources });
  }
  if (delivery.logGroupName !== undefined) {
    const resources = ['*']; // nor do these
    statements.push({ sid: 'ReadLogsPolicies', actions: ['logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'], resources });
    if (!delivery.declared) statements.push({ sid: 'WriteLogsPolicy', actions: ['logs:PutResourcePolicy'], resources });
  }
  if (delivery.deliveryStreamName !== undefined) {
    statements.push({
      sid: 'TagDeliveryStream',
      actions: ['firehose:TagDeliveryStream'],
      resources: [stack.formatArn({ service: 'firehose', region, resource: 'deliverystream', resourceName: delivery.deliveryStreamName })],
    }, {
      sid: 'LogDeliveryRole',
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [stack.formatArn({
        service: 'iam', region: '', resource: 'role', resourceName: `aws-service-role/${LOG_DELIVERY_SERVICE}/AWSServiceRoleForLogDelivery`,
      })],
      conditions: { StringEquals: { 'iam:AWSServiceName': LOG_DELIVERY_SERVICE } },
    });
  }
  return statements;
}
