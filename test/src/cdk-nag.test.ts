import { App, Aspects, CfnResource, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { ChatRoom, LoggingConfiguration, LoggingDestination, MessageReviewHandler } from '../../src';

/** Returns the findings in the resources of the library, without the destinations and functions of the user. */
function findings(...packs: (new () => { visit(node: never): void })[]): string[] {
  const app = new App();
  const stack = new Stack(app, 'Stack');
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
  for (const Pack of packs) Aspects.of(app).add(new Pack());
  const annotations = Annotations.fromStack(stack);
  return [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())]
    .map(({ id, entry }) => `${id}: ${String(entry.data).split('\n')[0]}`)
    .filter((finding) => !finding.startsWith('/Stack/Users') && !finding.includes('cdk-ivs-chat:'));
}

test.each([
  ['AwsSolutions', AwsSolutionsChecks],
  ['Serverless', ServerlessChecks],
])('%s has no findings', (_, Pack) => {
  expect(findings(Pack as never)).toEqual([]);
});

test('every suppression has a reason', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new ChatRoom(stack, 'Lobby');
  const resources = stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct)) as CfnResource[];
  const acknowledged = resources.flatMap((resource) => resource.getMetadata('cdk_nag')?.rules_to_suppress ?? []);
  expect(acknowledged.length).toBeGreaterThan(0);
  for (const { reason } of acknowledged) expect(reason.length).toBeGreaterThan(60);
});
