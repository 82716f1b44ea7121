import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aspects, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks,
  type NagPack,
} from 'cdk-nag';
import {
  ChatRoom, ChatRoomProvider, LoggingConfiguration, LoggingDestination, MessageReviewHandler,
  type ChatRoomProviderOptions,
} from '../../src';

/** Sets the options that answer all findings of the packs, except for one option. */
function configure(stack: Stack, without?: string): void {
  const options: ChatRoomProviderOptions = {
    deadLetterQueue: new sqs.Queue(stack, 'UsersQueue', { encryptionMasterKey: new kms.Key(stack, 'UsersQueueKey') }),
    logEncryptionKey: new kms.Key(stack, 'UsersLogKey'),
    reservedConcurrentExecutions: 10,
    tracing: lambda.Tracing.ACTIVE,
    vpc: new ec2.Vpc(stack, 'UsersVpc'),
  };
  ChatRoomProvider.configure(stack, { ...options, ...without && { [without]: undefined } });
}

type PackClass = new () => NagPack;

/** Returns the findings in the resources of the library, without the destinations and functions of the user. */
function findings(Pack: PackClass, prepare: (stack: Stack) => void = () => {}): string[] {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  prepare(stack);
  const review = new lambda.Function(stack, 'UsersReview', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('-'),
  });
  const loggingConfigurations = [
    LoggingDestination.s3(new s3.Bucket(stack, 'UsersBucket', { encryptionKey: new kms.Key(stack, 'UsersKey') })),
    LoggingDestination.s3(s3.Bucket.fromBucketName(stack, 'UsersOtherBucket', 'other-bucket')),
    LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'UsersLogGroup')),
    LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'UsersStream')),
  ].map((destination, index) => new LoggingConfiguration(stack, `Logging${index}`, { destination }));
  new ChatRoom(stack, 'Lobby', {
    loggingConfigurations: loggingConfigurations.slice(1),
    messageReviewHandler: MessageReviewHandler.lambdaFunction(review),
  });
  new ChatRoom(stack, 'Stage', { region: 'eu-west-1' });
  Aspects.of(app).add(new Pack());
  const annotations = Annotations.fromStack(stack);
  return [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())]
    .map(({ id, entry }) => `${id}: ${String(entry.data).split('\n')[0]}`)
    .filter((finding) => !finding.startsWith('/Stack/Users') && !finding.includes('cdk-ivs-chat:'));
}

const FUNCTION = '/Stack/IvsChatControlPlaneProvider/Function/Resource';
const LOG_GROUP = '/Stack/IvsChatControlPlaneProvider/LogGroup/Resource';

/** Returns the rows of the table of findings, by the name of the rule. */
function documentedFindings(): Map<string, { readonly packs: string[]; readonly answer: string }> {
  const document = readFileSync(join(__dirname, '..', '..', 'docs', 'provider.md'), 'utf8');
  const [header, , ...rows] = document.match(/^\| Rule \| HIPAA.*\n(\|.*\n)+/m)![0].trim().split('\n')
    .map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()));
  return new Map(rows.map(([rule, ...cells]) => [rule!, {
    packs: header!.slice(1).filter((_, index) => cells[index] === 'finding'),
    answer: cells.at(-1)!,
  }]));
}

describe.each<[string, PackClass, { [rule: string]: string }]>([
  ['AwsSolutions', AwsSolutionsChecks, {}],
  ['Serverless', ServerlessChecks, {}],
  ['HIPAA.Security', HIPAASecurityChecks, {
    LambdaConcurrency: FUNCTION, LambdaDLQ: FUNCTION, LambdaInsideVPC: FUNCTION, CloudWatchLogGroupEncrypted: LOG_GROUP,
  }],
  ['NIST.800.53.R4', NIST80053R4Checks, { LambdaInsideVPC: FUNCTION, CloudWatchLogGroupEncrypted: LOG_GROUP }],
  ['NIST.800.53.R5', NIST80053R5Checks, {
    LambdaConcurrency: FUNCTION, LambdaDLQ: FUNCTION, LambdaInsideVPC: FUNCTION, CloudWatchLogGroupEncrypted: LOG_GROUP,
  }],
  ['PCI.DSS.321', PCIDSS321Checks, { LambdaInsideVPC: FUNCTION, CloudWatchLogGroupEncrypted: LOG_GROUP }],
])('%s', (pack, Pack, withoutOptions) => {
  test('has these findings without options', () => {
    const found = findings(Pack).map((finding) => finding.replace(/: \[Error at .*?\] |: /, ' ').split(':')[0]);
    expect(found.sort()).toEqual(Object.entries(withoutOptions).map(([rule, id]) => `${id} ${pack}-${rule}`).sort());
  });

  test('has the same findings in docs/provider.md', () => {
    const documented = [...documentedFindings()].filter(([, { packs }]) => packs.includes(pack));
    expect(documented.map(([rule]) => rule).sort()).toEqual(Object.keys(withoutOptions).sort());
  });

  test('has no findings with options', () => {
    expect(findings(Pack, configure)).toEqual([]);
  });
});

test('a provider function without tracing has the same findings if tracing is disabled explicitly', () => {
  const disabled = (stack: Stack) => ChatRoomProvider.configure(stack, { tracing: lambda.Tracing.DISABLED });
  expect(findings(ServerlessChecks, disabled)).toEqual(findings(ServerlessChecks));
});

test.each([...documentedFindings()])('%s needs the option of docs/provider.md', (rule, { packs, answer }) => {
  const option = answer.replace(/`/g, '');
  const found = findings(HIPAASecurityChecks, (stack) => configure(stack, option));
  expect(packs).toContain('HIPAA.Security');
  expect(found).toEqual([expect.stringContaining(`HIPAA.Security-${rule}:`)]);
});

test('every suppression has a reason', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new ChatRoom(stack, 'Lobby');
  const resources = stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct)) as CfnResource[];
  const rulesOf = (resource: CfnResource): { id: string; reason: string; applies_to?: string[] }[] =>
    resource.getMetadata('cdk_nag')?.rules_to_suppress ?? [];
  const acknowledged = resources.flatMap(rulesOf);
  expect(acknowledged.length).toBeGreaterThan(0);
  for (const { reason } of acknowledged) expect(reason.length).toBeGreaterThan(60);

  // Later versions of cdk-nag read the acknowledgments of the CDK.
  for (const resource of resources) {
    const acknowledgments = resource.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
    const expected = rulesOf(resource).flatMap(({ id, reason, applies_to: parts }) =>
      (parts ?? ['']).map((part) => [part ? `${id}[${part}]` : id, reason]));
    expect(Object.assign({}, ...acknowledgments.map(({ data }) => data))).toEqual(Object.fromEntries(expected));
  }
});
