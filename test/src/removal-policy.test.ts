import { App, Aspects, CfnResource, RemovalPolicies, RemovalPolicy, Resource, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ChatRoom, LoggingConfiguration, LoggingDestination, MessageReviewHandler } from '../../src';
import { newStack, onlyResource, warningsOf } from './stack';

const kinds: [string, string, (stack: Stack) => Resource][] = [
  ['room', 'Custom::IVSChatRoom', (stack) => new ChatRoom(stack, 'Chat')],
  ['logging configuration', 'Custom::IVSChatLoggingConfiguration', (stack) => new LoggingConfiguration(stack, 'Chat', {
    destination: LoggingDestination.s3(s3.Bucket.fromBucketName(stack, 'Bucket', 'bucket')),
  })],
];

describe.each(kinds)('the default child of a %s', (_, type, make) => {
  test('is the resource of the template', () => {
    const stack = newStack();
    const child = make(stack).node.defaultChild as CfnResource;
    expect(CfnResource.isCfnResource(child)).toBe(true);
    expect(child.cfnResourceType).toBe(type);

    child.addPropertyOverride('Name', 'escaped');
    child.addMetadata('team', 'chat');
    expect(onlyResource(stack, type)).toMatchObject({ Properties: { Name: 'escaped' }, Metadata: { team: 'chat' } });
  });

  const retain = RemovalPolicy.RETAIN;
  test.each<[string, (resource: Resource, stack: Stack) => void]>([
    ['applyRemovalPolicy', (resource) => resource.applyRemovalPolicy(retain)],
    ['the default child', (resource) => (resource.node.defaultChild as CfnResource).applyRemovalPolicy(retain)],
    ['the options of the default child', (resource) => {
      const child = resource.node.defaultChild as CfnResource;
      child.cfnOptions.deletionPolicy = child.cfnOptions.updateReplacePolicy = 'Retain' as never;
    }],
    ['an override', (resource) => {
      const child = resource.node.defaultChild as CfnResource;
      child.addOverride('DeletionPolicy', 'Retain');
      child.addOverride('UpdateReplacePolicy', 'Retain');
    }],
    ['RemovalPolicies', (_resource, stack) => RemovalPolicies.of(stack).retain()],
    ['an aspect', (_resource, stack) => Aspects.of(stack).add({
      visit: (node) => { if (Resource.isOwnedResource(node)) (node as Resource).applyRemovalPolicy(retain); },
    })],
  ])('has the deletion policy of %s, and so does its property', (__, apply) => {
    const stack = new Stack(new App(), 'Stack');
    const resource = make(stack);
    apply(resource, stack);
    expect(onlyResource(stack, type)).toMatchObject({
      DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { DeletionPolicy: 'Retain' },
    });
  });

  test('has no DeletionPolicy property after the policy is set back', () => {
    const stack = newStack();
    const resource = make(stack);
    resource.applyRemovalPolicy(retain);
    resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
    expect(onlyResource(stack, type)).toMatchObject({ DeletionPolicy: 'Delete' });

    const again = newStack();
    const escaped = make(again).node.defaultChild as CfnResource;
    escaped.addOverride('DeletionPolicy', 'Retain');
    escaped.addDeletionOverride('DeletionPolicy');
    const { DeletionPolicy, Properties } = onlyResource(again, type);
    expect([DeletionPolicy, Properties.DeletionPolicy]).toEqual([undefined, undefined]);
  });
});

test('an aspect can apply a removal policy to every resource of the library', () => {
  const stack = newStack();
  const review = new lambda.Function(stack, 'Review', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'),
  });
  const logGroup = new logs.LogGroup(stack, 'LogGroup');
  new ChatRoom(stack, 'Lobby', {
    messageReviewHandler: MessageReviewHandler.lambdaFunction(review),
    loggingConfigurations: [
      new LoggingConfiguration(stack, 'Logging', { destination: LoggingDestination.cloudWatchLogs(logGroup) }),
    ],
  });
  Aspects.of(stack).add({
    visit: (node) => {
      if (Resource.isOwnedResource(node)) {
        (node as Resource).applyRemovalPolicy(RemovalPolicy.RETAIN);
      }
    },
  });
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: any } };
  const library = Object.entries(Resources).filter(([id]) => id.startsWith('IvsChat'));
  expect(library.length).toBeGreaterThan(5);
  for (const [id, { DeletionPolicy }] of library) expect([id, DeletionPolicy]).toEqual([id, 'Retain']);
});

describe('the warning that a retained room uses a deleted logging configuration', () => {
  const make = () => {
    const stack = newStack();
    const [toBucket] = kinds[1]!.slice(2) as [(stack: Stack) => LoggingConfiguration];
    const logging = toBucket(stack);
    const room = new ChatRoom(stack, 'Lobby', { loggingConfigurations: [logging] });
    const warnings = () => warningsOf(stack).filter((warning) => warning.includes('cdk-ivs-chat:retainedRoom'));
    return { stack, logging, room, warnings };
  };

  test('follows a removal policy that is applied later', () => {
    const { room, logging, warnings } = make();
    room.applyRemovalPolicy(RemovalPolicy.RETAIN);
    expect(warnings()).toHaveLength(1);

    const both = make();
    both.room.applyRemovalPolicy(RemovalPolicy.RETAIN);
    both.logging.applyRemovalPolicy(RemovalPolicy.RETAIN);
    expect(both.warnings()).toEqual([]);
    expect(logging).toBeDefined();
  });

  test('follows an aspect', () => {
    const { stack, warnings } = make();
    RemovalPolicies.of(stack).retain();
    expect(warnings()).toEqual([]);

    const rooms = make();
    RemovalPolicies.of(rooms.stack).retain({ applyToResourceTypes: ['Custom::IVSChatRoom'] });
    expect(rooms.warnings()).toHaveLength(1);
  });

  test('knows that CloudFormation deletes a resource without a deletion policy', () => {
    const { room, warnings } = make();
    (room.node.defaultChild as CfnResource).cfnOptions.deletionPolicy = undefined;
    expect(warnings()).toEqual([]);

    const retained = make();
    retained.room.applyRemovalPolicy(RemovalPolicy.RETAIN);
    (retained.logging.node.defaultChild as CfnResource).cfnOptions.deletionPolicy = undefined;
    expect(retained.warnings()).toHaveLength(1);
  });

  test('can be acknowledged', () => {
    const { room, warnings } = make();
    room.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(room).acknowledge({ id: 'cdk-ivs-chat:retainedRoom', reason: 'removed by hand' });
    expect(warnings()).toEqual([]);
  });
});
