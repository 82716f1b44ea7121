import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * Options for the provider function.
 */
export interface ChatRoomProviderOptions {
  /**
   * The memory of the function, in MiB, from 128 to 10,240.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * The instruction set of the function.
   *
   * @default lambda.Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * The number of instances of the function that can run at the same time, at least 1. The number is reserved: other
   * functions of the account cannot use it.
   *
   * CloudFormation sends the requests of many rooms at the same time. With a low number, they wait for each other, and
   * Lambda discards a request that waits for more than 10 minutes. Choose at least 10 for a stack with many rooms.
   *
   * @default - no reserved concurrency
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * The queue that receives the requests that the function could not handle. The queue must be encrypted: a request
   * contains the response URL, which is a secret for as long as CloudFormation waits for the response.
   *
   * The library does not read the queue. CloudFormation reports a lost request after 20 minutes, with or without it.
   *
   * @default - no dead-letter queue
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * The mode of AWS X-Ray tracing. `ACTIVE` and `PASS_THROUGH` add the permissions to write traces.
   *
   * @default lambda.Tracing.DISABLED
   */
  readonly tracing?: lambda.Tracing;

  /**
   * The time that CloudWatch Logs keeps the log of the function.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The key that encrypts the log of the function. The key must be in the account and Region of the stack. The library
   * adds the permission of CloudWatch Logs to the key policy. It cannot change the policy of an imported key.
   *
   * @default - encryption with a key that CloudWatch Logs manages
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * The path of the role of the function. It begins and ends with a slash, and has up to 512 characters. A change of
   * the path replaces the role, but not the function.
   *
   * @default /
   */
  readonly rolePath?: string;

  /**
   * The VPC of the function. The subnets need a route to the internet, for example through a NAT gateway, because
   * Amazon IVS Chat has no VPC endpoint.
   *
   * @default - the function is not in a VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the function. Requires `vpc`.
   *
   * @default - the private subnets of the VPC
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the function. They must allow HTTPS to all addresses. Requires `vpc`.
   *
   * @default - a new security group that allows all outbound traffic
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}
