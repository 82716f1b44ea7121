import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LoggingConfiguration, LoggingDestination } from '../../src';
import { newStack, onlyResource, warningsOf } from './stack';

const arn = (service: string, rest: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      `:${service}:`,
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      `:${rest}`,
    ],
  ],
});
const ours = {
  StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
  ArnLike: { 'aws:SourceArn': arn('logs', '*') },
};
const delivery = { Service: 'delivery.logs.amazonaws.com' };

const log = (stack: Stack, destination: LoggingDestination, id = 'Logging') =>
  new LoggingConfiguration(stack, id, { destination });
const dependencies = (stack: Stack): string[] => onlyResource(stack, 'Custom::IVSChatLoggingConfiguration').DependsOn;
const acknowledgeable = (stack: Stack) => warningsOf(stack).map((warning) => /\[ack: (.*)\]$/.exec(warning)?.[1]);

const bucketStatements = (bucket: unknown) => [
  {
    Sid: 'AWSLogDeliveryAclCheck',
    Effect: 'Allow',
    Principal: delivery,
    Action: 's3:GetBucketAcl',
    Resource: bucket,
    Condition: ours,
  },
  {
    Sid: 'AWSLogDeliveryWrite',
    Effect: 'Allow',
    Principal: delivery,
    Action: 's3:PutObject',
    Resource: { 'Fn::Join': ['', [bucket, '/AWSLogs/', { Ref: 'AWS::AccountId' }, '/*']] },
    Condition: { ...ours, StringEquals: { ...ours.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
  },
];

describe('a bucket', () => {
  test.each<[string, (stack: Stack) => s3.IBucketRef]>([
    ['Bucket', (stack) => new s3.Bucket(stack, 'ChatLog')],
    ['CfnBucket', (stack) => new s3.CfnBucket(stack, 'ChatLog')],
  ])('allows log delivery in its policy (%s)', (_, newBucket) => {
    const stack = newStack();
    const bucket = newBucket(stack);
    log(stack, LoggingDestination.s3(bucket));
    const { Bucket, PolicyDocument } = onlyResource(stack, 'AWS::S3::BucketPolicy').Properties;
    expect(Bucket).toEqual(stack.resolve(bucket.bucketRef.bucketName));
    expect(PolicyDocument.Statement).toEqual(bucketStatements({ 'Fn::GetAtt': [Bucket.Ref, 'Arn'] }));
    expect(onlyResource(stack, 'Custom::IVSChatLoggingConfiguration').Properties.DestinationConfiguration)
      .toEqual({ S3: { BucketName: Bucket } });
    expect(dependencies(stack)).toContainEqual(expect.stringMatching(/^ChatLog.*Policy/));
    expect(warningsOf(stack)).toEqual([]);
  });

  test('keeps the other statements of its policy', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'ChatLog', { enforceSSL: true });
    log(stack, LoggingDestination.s3(bucket));
    log(stack, LoggingDestination.s3(bucket), 'SecondLogging');
    const { Statement } = onlyResource(stack, 'AWS::S3::BucketPolicy').Properties.PolicyDocument;
    expect(Statement.map(({ Sid, Effect }: any) => Sid ?? Effect))
      .toEqual(['Deny', 'AWSLogDeliveryAclCheck', 'AWSLogDeliveryWrite']);
  });

  test('has one set of statements for two logging configurations (CfnBucket)', () => {
    const stack = newStack();
    const bucket = new s3.CfnBucket(stack, 'ChatLog');
    log(stack, LoggingDestination.s3(bucket));
    log(stack, LoggingDestination.s3(bucket), 'SecondLogging');
    expect(onlyResource(stack, 'AWS::S3::BucketPolicy').Properties.PolicyDocument.Statement).toHaveLength(2);
  });

  const keyStatement = {
    Effect: 'Allow',
    Principal: delivery,
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    Resource: '*',
    Condition: ours,
  };

  const encryptedWith = (kmsMasterKeyId: string): s3.CfnBucketProps => ({
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        { serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms:dsse', kmsMasterKeyId } },
      ],
    },
  });

  test.each<[string, (stack: Stack) => s3.IBucketRef]>([
    ['Bucket', (stack) => new s3.Bucket(stack, 'ChatLog', { encryptionKey: new kms.Key(stack, 'Key') })],
    ['CfnBucket', (stack) => {
      const keyPolicy = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'kms:Encrypt', Resource: '*' }],
      };
      return new s3.CfnBucket(stack, 'ChatLog', encryptedWith(new kms.CfnKey(stack, 'Key', { keyPolicy }).attrArn));
    }],
    [
      'imported Bucket',
      (stack) => s3.Bucket.fromBucketAttributes(stack, 'ChatLog', {
        bucketName: 'my-bucket',
        encryptionKey: new kms.Key(stack, 'Key'),
      }),
    ],
  ])('allows log delivery to use its customer managed key (%s)', (_, newBucket) => {
    const stack = newStack();
    log(stack, LoggingDestination.s3(newBucket(stack)));
    expect(acknowledgeable(stack)).not.toContain('cdk-ivs-chat:logDeliveryKey');
    expect(onlyResource(stack, 'AWS::KMS::Key').Properties.KeyPolicy.Statement[1]).toEqual(keyStatement);
  });

  test.each<[string, (stack: Stack) => s3.IBucketRef]>([
    ['an AWS managed key', (stack) => new s3.Bucket(stack, 'ChatLog', { encryption: s3.BucketEncryption.KMS_MANAGED })],
    ['an imported key', (stack) => new s3.Bucket(stack, 'ChatLog', {
      encryptionKey: kms.Key.fromKeyArn(
        stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555',
      ),
    })],
    ['the alias of a key', (stack) => new s3.CfnBucket(stack, 'ChatLog', encryptedWith('alias/chat'))],
  ])('adds a warning if it is encrypted with %s', (_, newBucket) => {
    const stack = newStack();
    log(stack, LoggingDestination.s3(newBucket(stack)));
    expect(acknowledgeable(stack)).toEqual(['cdk-ivs-chat:logDeliveryKey']);
  });

  test.each([
    s3.BucketEncryption.S3_MANAGED,
    undefined,
  ])('adds no warning if it is encrypted without a key (%s)', (encryption) => {
    const stack = newStack();
    log(stack, LoggingDestination.s3(new s3.Bucket(stack, 'ChatLog', { encryption })));
    expect(warningsOf(stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => s3.IBucketRef]>([
    ['it is imported', (stack) => s3.Bucket.fromBucketName(stack, 'ChatLog', 'my-bucket')],
    ['another library defines it', (stack) => {
      const bucketRef = { bucketName: 'my-bucket', bucketArn: 'arn:aws:s3:::my-bucket' };
      return Object.assign(new Construct(stack, 'ChatLog'), { bucketRef, env: stack.env });
    }],
  ])('adds a warning if %s', (_, newBucket) => {
    const stack = newStack();
    log(stack, LoggingDestination.s3(newBucket(stack)));
    expect(acknowledgeable(stack)).toEqual(['cdk-ivs-chat:logDeliveryBucketPolicy']);
    expect(warningsOf(stack)[0]).toContain(
      'cannot change the bucket policy of the destination Stack/ChatLog;'
      + ' allow delivery.logs.amazonaws.com to write to AWSLogs/ in the bucket policy',
    );
    expect(dependencies(stack)).toHaveLength(1);
  });
});

describe('a log group', () => {
  const policyOf = (stack: Stack) => {
    const document = onlyResource(stack, 'AWS::Logs::ResourcePolicy').Properties.PolicyDocument;
    return JSON.parse(
      document['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : `\${${part.Ref}}`)).join(''),
    );
  };

  test.each<[string, (stack: Stack) => logs.ILogGroupRef, string]>([
    ['LogGroup', (stack) => new logs.LogGroup(stack, 'ChatLog'), '${ChatLog[0-9A-F]{8}}'],
    ['CfnLogGroup', (stack) => new logs.CfnLogGroup(stack, 'ChatLog'), '${ChatLog}'],
    ['imported LogGroup', (stack) => logs.LogGroup.fromLogGroupName(stack, 'ChatLog', '/chat/log'), '/chat/log'],
  ])('allows log delivery in a log resource policy (%s)', (_, newLogGroup, name) => {
    const escaped = name.replace(/[$]/g, '\\$&').replace('{Chat', '\\{Chat');
    const stack = newStack();
    log(stack, LoggingDestination.cloudWatchLogs(newLogGroup(stack)));
    expect(policyOf(stack)).toEqual({
      Version: '2012-10-17',
      Statement: [{
        Sid: 'AWSLogDeliveryWrite20150319',
        Effect: 'Allow',
        Principal: delivery,
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: expect.stringMatching(
          new RegExp(`^arn:\\$\\{AWS::Partition\\}:logs:.*:log-group:${escaped}:log-stream:\\*$`),
        ),
        Condition: {
          StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' },
          ArnLike: { 'aws:SourceArn': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*' },
        },
      }],
    });
    expect(dependencies(stack)).toContainEqual(expect.stringMatching(/^IvsChatLogDeliveryPolicy/));
    expect(warningsOf(stack)).toEqual([]);
  });

  test('shares the policy with the other log groups of the stack', () => {
    const stack = newStack();
    for (const id of ['One', 'Two', 'Three']) {
      log(stack, LoggingDestination.cloudWatchLogs(new logs.CfnLogGroup(stack, id)), `Logging${id}`);
    }
    const [statement, ...others] = policyOf(stack).Statement;
    expect(others).toEqual([]);
    expect(statement.Resource.map((resource: string) => /log-group:(.*):log-stream/.exec(resource)![1]))
      .toEqual(['${One}', '${Two}', '${Three}']);
  });

  test('in another stack has its policy in that stack', () => {
    const app = new App();
    const [groups, loggings] = [new Stack(app, 'Groups'), new Stack(app, 'Loggings')];
    log(loggings, LoggingDestination.cloudWatchLogs(new logs.LogGroup(groups, 'ChatLog')));
    Template.fromStack(groups).resourceCountIs('AWS::Logs::ResourcePolicy', 1);
    Template.fromStack(loggings).resourceCountIs('AWS::Logs::ResourcePolicy', 0);
    expect(loggings.dependencies.map(({ node }) => node.path)).toEqual(['Groups']);
  });

  test('names the account and the Region of the logging configuration in its policy', () => {
    const app = new App();
    const env = { account: '123456789012', region: 'eu-west-1' };
    const [groups, loggings] = [new Stack(app, 'Groups'), new Stack(app, 'Loggings', { env })];
    log(loggings, LoggingDestination.cloudWatchLogs(logs.LogGroup.fromLogGroupName(groups, 'ChatLog', 'chat')));
    expect(policyOf(groups).Statement[0].Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': '123456789012' },
      ArnLike: { 'aws:SourceArn': 'arn:${AWS::Partition}:logs:eu-west-1:123456789012:*' },
    });
  });

  test('adds a warning if it is in another account than its stack', () => {
    const app = new App();
    const groups = new Stack(app, 'Groups', { env: { account: '999999999999', region: 'eu-west-1' } });
    const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    log(stack, LoggingDestination.cloudWatchLogs(
      logs.LogGroup.fromLogGroupArn(groups, 'ChatLog', 'arn:aws:logs:eu-west-1:123456789012:log-group:chat')));
    expect(acknowledgeable(stack)).toEqual(['cdk-ivs-chat:logDeliveryResourcePolicy']);
    Template.fromStack(groups).resourceCountIs('AWS::Logs::ResourcePolicy', 0);
  });

  test('adds a warning if it is in another Region than the stack', () => {
    const stack = newStack({ env: { account: '123456789012', region: 'us-east-1' } });
    const destination = LoggingDestination.cloudWatchLogs(
      logs.LogGroup.fromLogGroupArn(stack, 'ChatLog', 'arn:aws:logs:eu-west-1:123456789012:log-group:chat'),
    );
    new LoggingConfiguration(stack, 'Logging', { region: 'eu-west-1', destination });
    Template.fromStack(stack).resourceCountIs('AWS::Logs::ResourcePolicy', 0);
    expect(acknowledgeable(stack)).toEqual(['cdk-ivs-chat:logDeliveryResourcePolicy']);
  });
});

describe('a delivery stream', () => {
  const newStream = (stack: Stack) => new firehose.DeliveryStream(stack, 'Stream', {
    destination: new firehose.S3Bucket(new s3.Bucket(stack, 'Bucket')),
  });

  test.each<[string, (stack: Stack) => firehose.IDeliveryStreamRef]>([
    ['DeliveryStream', newStream],
    [
      'CfnDeliveryStream',
      (stack) => new firehose.CfnDeliveryStream(stack, 'Stream', { tags: [{ key: 'team', value: 'chat' }] }),
    ],
  ])('has the tag that allows log delivery (%s)', (_, newDeliveryStream) => {
    const stack = newStack();
    log(stack, LoggingDestination.firehose(newDeliveryStream(stack)));
    expect(onlyResource(stack, 'AWS::KinesisFirehose::DeliveryStream').Properties.Tags)
      .toContainEqual({ Key: 'LogDeliveryEnabled', Value: 'true' });
    expect(onlyResource(stack, 'Custom::IVSChatLoggingConfiguration').Properties.DestinationConfiguration)
      .toEqual({ Firehose: { DeliveryStreamName: { Ref: expect.stringMatching(/^Stream/) } } });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('adds a warning if it is imported', () => {
    const stack = newStack();
    const stream = firehose.DeliveryStream.fromDeliveryStreamName(stack, 'Stream', 'my-stream');
    log(stack, LoggingDestination.firehose(stream));
    expect(acknowledgeable(stack)).toEqual(['cdk-ivs-chat:logDeliveryEnabledTag']);
  });
});

type NewDestination = (stack: Stack, options?: { manageDeliveryPermissions?: boolean }) => LoggingDestination;

describe.each<[string, NewDestination, string]>([
  [
    'a bucket',
    (stack, options) => LoggingDestination.s3(new s3.CfnBucket(stack, 'Destination'), options),
    'AWS::S3::BucketPolicy',
  ],
  [
    'a log group',
    (stack, options) => LoggingDestination.cloudWatchLogs(new logs.CfnLogGroup(stack, 'Destination'), options),
    'AWS::Logs::ResourcePolicy',
  ],
  [
    'a delivery stream',
    (stack, options) => LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'Destination'), options),
    'none',
  ],
])('%s', (_, destination, policy) => {
  test('has no permissions if manageDeliveryPermissions is false', () => {
    const stack = newStack();
    log(stack, destination(stack, { manageDeliveryPermissions: false }));
    Template.fromStack(stack).resourceCountIs(policy, 0);
    const resources = Object.values(Template.fromStack(stack).toJSON().Resources);
    const { Properties = {} } = resources.find(({ Type }: any) => /Bucket|LogGroup|DeliveryStream/.test(Type)) as any;
    expect(Properties).toEqual({});
    expect(warningsOf(stack)).toEqual([]);
    expect(dependencies(stack)).toHaveLength(1);
  });

  test('has permissions by default', () => {
    for (const options of [undefined, {}, { manageDeliveryPermissions: true }]) {
      const stack = newStack();
      log(stack, destination(stack, options));
      expect(dependencies(stack)).toHaveLength(2);
    }
  });
});

test('the policy of a bucket names the Region of the logging configuration', () => {
  const app = new App();
  const [stack, buckets] = ['eu-west-1', 'us-east-1'].map((region) =>
    new Stack(app, region, { env: { account: '123456789012', region } })) as [Stack, Stack];
  const destination = LoggingDestination.s3(new s3.Bucket(buckets, 'Bucket', { bucketName: 'chat' }));
  new LoggingConfiguration(stack, 'Logging', { region: 'us-east-1', destination });
  const { Statement } = onlyResource(buckets, 'AWS::S3::BucketPolicy').Properties.PolicyDocument;
  for (const { Condition } of Statement) {
    expect(Condition.ArnLike['aws:SourceArn']['Fn::Join'][1].at(-1)).toBe(':logs:us-east-1:123456789012:*');
  }
});

test('fails on a destination in another Region', () => {
  const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
  const elsewhere = newStack({ env: { account: '123456789012', region: 'us-east-1' } });
  for (const [destination, what] of [
    [LoggingDestination.s3(new s3.Bucket(elsewhere, 'Bucket')), 'bucket'],
    [LoggingDestination.cloudWatchLogs(new logs.LogGroup(elsewhere, 'LogGroup')), 'log group'],
    [LoggingDestination.firehose(new firehose.CfnDeliveryStream(elsewhere, 'Stream')), 'delivery stream'],
  ] as const) {
    expect(() => log(stack, destination, `Logging${what}`))
      .toThrow(
        `the ${what} of \`destination\` must be in the same Region as Stack/Logging${what} (eu-west-1), got us-east-1`,
      );
  }
});
