/** The parts of resource types that need no service: names, attributes, and the types without an effect. */
import { cloudFormationResourceTypes } from '../../../../local/aws/cloudformation/cloudformation-resource-types';
import { unknownResourceType } from '../../../../local/aws/cloudformation/no-op-resource-types';
import { physicalName } from '../../../../local/aws/cloudformation/physical-name';
import type { ResourceContext } from '../../../../local/aws/cloudformation/resource-handler';
import { resourceTypeHandler, tagsOf, type ResourceType } from '../../../../local/aws/cloudformation/resource-type';
import { byName, scriptedEngine, thing } from './scripted-engine';

const context: ResourceContext = {
  stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/App/1',
  stackName: 'App',
  logicalId: 'One',
  type: 'Test::Type',
  region: 'us-east-1',
  accountId: '123456789012',
  stackTags: { team: 'chat', stage: 'test' },
  signal: new AbortController().signal,
};

describe('a generated name', () => {
  test.each<[string, string, number | undefined, string]>([
    ['App', 'One', undefined, 'App-One-'],
    ['S'.repeat(24), 'L'.repeat(26), undefined, `${'S'.repeat(24)}-${'L'.repeat(26)}-`],
    ['S'.repeat(40), 'L'.repeat(40), undefined, `${'S'.repeat(25)}-${'L'.repeat(25)}-`],
    ['S'.repeat(60), 'L'.repeat(5), undefined, `${'S'.repeat(45)}-LLLLL-`],
    ['S'.repeat(5), 'L'.repeat(60), undefined, `SSSSS-${'L'.repeat(45)}-`],
    ['S'.repeat(40), 'L'.repeat(40), 33, `${'S'.repeat(9)}-${'L'.repeat(10)}-`],
  ])('of %s and %s with the maximum %s begins with %s', (stackName, logicalId, maximum, start) => {
    const name = physicalName({ ...context, stackName, logicalId }, maximum);
    expect(name.slice(0, start.length)).toBe(start);
    expect(name.slice(start.length)).toMatch(/^[A-Z0-9]{12}$/);
    expect(name.length).toBeLessThanOrEqual(maximum ?? 64);
    expect(physicalName({ ...context, stackName, logicalId }, maximum)).not.toBe(name);
  });
});

describe('a resource type without an effect', () => {
  const types: { [type: string]: object } = {
    'AWS::CloudWatch::Alarm': { AlarmName: 'named', ComparisonOperator: '>', EvaluationPeriods: 1 },
    'AWS::CloudWatch::Dashboard': { DashboardName: 'named', DashboardBody: '{}' },
    'AWS::ECR::Repository': { RepositoryName: 'named' },
    'AWS::KinesisFirehose::DeliveryStream': { DeliveryStreamName: 'named' },
    'AWS::KMS::Alias': { AliasName: 'named', TargetKeyId: 'k' },
    'AWS::SQS::Queue': { QueueName: 'named' },
  };
  const queue = 'https://sqs.eu-west-1.amazonaws.com/123456789012/named';

  test.each<[string, string, { [attribute: string]: string }]>([
    ['AWS::CloudWatch::Alarm', 'named', { Arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:named' }],
    ['AWS::CloudWatch::Dashboard', 'named', {}],
    ['AWS::ECR::Repository', 'named', {
      Arn: 'arn:aws:ecr:eu-west-1:123456789012:repository/named',
      RepositoryUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/named',
    }],
    ['AWS::KinesisFirehose::DeliveryStream', 'named', {
      Arn: 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/named',
    }],
    ['AWS::KMS::Alias', 'named', {}],
    ['AWS::SQS::Queue', queue, {
      Arn: 'arn:aws:sqs:eu-west-1:123456789012:named', QueueName: 'named', QueueUrl: queue,
    }],
  ])('%s has its name, Ref and attributes, and another name is a replacement', async (Type, ref, attributes) => {
    const { deploy, engine } = scriptedEngine(byName, { region: 'eu-west-1' });
    const stack = await deploy({ One: { Type, Properties: types[Type] } });
    expect(stack.resources.get('One')!.state).toEqual({ physicalId: ref, properties: types[Type], attributes });
    const [name] = Object.keys(types[Type]!);
    const properties = { ...types[Type], [name!]: 'other' };
    const { changeSet: { changes } } = engine.createChangeSet('App', {
      changeSetName: 'set', templateBody: JSON.stringify({ Resources: { One: { Type, Properties: properties } } }),
    });
    expect(changes).toMatchObject([{ Replacement: 'True' }]);
  });

  test.each<[string, object]>([
    ...Object.entries(types),
    ['AWS::CDK::Metadata', {}],
    ['AWS::KMS::Key', {}],
    ['AWS::SQS::QueuePolicy', { PolicyDocument: {}, Queues: [] }],
  ])('%s keeps its ID when another property changes', async (Type, Properties) => {
    const { deploy } = scriptedEngine(byName);
    const stack = await deploy({ One: { Type, Properties } });
    const { state } = stack.resources.get('One')!;
    const properties = { ...Properties, Own: 1 };
    await deploy({ One: { Type, Properties: properties } });
    expect([stack.status, stack.resources.get('One')!.state]).toEqual(['UPDATE_COMPLETE', { ...state, properties }]);
  });

  test('has a generated name, if it has no other', async () => {
    const { deploy } = scriptedEngine(byName, { types: { ...cloudFormationResourceTypes } });
    const stack = await deploy({
      Queue: { Type: 'AWS::SQS::Queue' },
      Key: { Type: 'AWS::KMS::Key' },
      Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: {}, Queues: [] } },
      Metadata: { Type: 'AWS::CDK::Metadata' },
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    });
    expect(stack.status).toBe('CREATE_COMPLETE');
    const states = Object.fromEntries([...stack.resources].map(([id, { state }]) => [id, state!]));
    expect(states.Queue!.physicalId).toMatch(
      /^https:\/\/sqs\.us-east-1\.amazonaws\.com\/123456789012\/App-Queue-[A-Z0-9]{12}$/);
    expect(states.Queue!.attributes.QueueName).toBe(states.Queue!.physicalId.split('/').at(-1));
    const keyId = states.Key!.physicalId;
    expect(keyId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(states.Key!.attributes).toEqual({
      Arn: `arn:aws:kms:us-east-1:123456789012:key/${keyId}`, KeyId: keyId,
    });
    expect(states.Policy!.physicalId).toMatch(/^App-Policy-[A-Z0-9]{12}$/);
    expect(states.Metadata!.physicalId).toBe('App-metadata');
    expect(states.Handle!.physicalId).toMatch(
      /^https:\/\/cloudformation-waitcondition\.s3\.amazonaws\.com\/App\/Handle\/[0-9a-f-]{36}$/);
  });

  test.each<[string, string[]]>([
    ['AWS::CloudWatch::Alarm', ['ComparisonOperator', 'EvaluationPeriods']],
    ['AWS::CloudWatch::Dashboard', ['DashboardBody']],
    ['AWS::KMS::Alias', ['AliasName', 'TargetKeyId']],
    ['AWS::SQS::QueuePolicy', ['PolicyDocument', 'Queues']],
  ])('%s requires %j', async (Type, names) => {
    const { deploy, reasonOf } = scriptedEngine(byName);
    await deploy({ One: { Type } });
    expect(reasonOf('One', 'CREATE_FAILED')).toBe(
      'Properties validation failed for resource One with message: '
      + names.map((name) => `#: required key [${name}] not found`).join(', '));
  });

  test.each([
    ['Arn', 'arn:aws:sns:eu-west-1:123456789012:topic/Physical'],
    ['TopicARN', 'arn:aws:sns:eu-west-1:123456789012:topic/Physical'],
    ['Url', 'https://physical.sns.eu-west-1.amazonaws.com'],
    ['QueueURI', 'https://physical.sns.eu-west-1.amazonaws.com'],
    ['Endpoint', 'physical.sns.eu-west-1.amazonaws.com'],
    ['RegionalDomainName', 'physical.sns.eu-west-1.amazonaws.com'],
    ['Endpoint.Address', 'physical.sns.eu-west-1.amazonaws.com'],
    ['TopicName', 'Physical'],
    ['ArnOfNothing', 'Physical'],
    ['EndpointName', 'Physical'],
    ['AddressId', 'Physical'],
    ['UrlPath', 'Physical'],
  ])('that is not known has the attribute %s', (name, expected) => {
    const state = { physicalId: 'Physical', properties: {}, attributes: {} };
    const other = { ...context, type: 'AWS::SNS::Topic', region: 'eu-west-1' };
    expect(unknownResourceType.attribute!(name, state, other)).toBe(expected);
  });
});

describe('the handler of a resource type', () => {
  const create = jest.fn<ReturnType<ResourceType['create']>, Parameters<ResourceType['create']>>(
    ({ Name }) => ({ physicalId: `made-${String(Name)}`, attributes: { Made: Name } }));
  const state = { physicalId: 'now', properties: { Name: 'a', Size: 1 }, attributes: { Old: true } };
  const handlerOf = (type: Partial<ResourceType> = {}) => {
    create.mockClear();
    return resourceTypeHandler({ create, required: ['Name', 'Size'], createOnly: ['Name'], ...type });
  };

  test('creates with the required properties only', async () => {
    const handler = handlerOf();
    const properties = { Name: 'a', Size: 0 };
    expect(await handler.create(context, properties)).toEqual({
      physicalId: 'made-a', properties, attributes: { Made: 'a' },
    });
    expect(create.mock.calls).toEqual([[properties, context]]);
    await expect(handler.create(context, {})).rejects.toMatchObject({
      name: 'ResourceFailure',
      message:
        'Properties validation failed for resource One with message: #: required key [Name] not found, '
        + '#: required key [Size] not found',
      physicalId: undefined,
    });
    await expect(handler.update(context, state, { Name: 'a' })).rejects.toThrow('#: required key [Size] not found');
    expect(create).toHaveBeenCalledTimes(1);
    expect(await handlerOf({ required: undefined, create: () => ({ physicalId: 'x' }) }).create(context, {})).toEqual({
      physicalId: 'x', properties: {}, attributes: {},
    });
  });

  test('updates in place, or creates a replacement if a create-only property changes', async () => {
    const update = jest.fn(() => ({ New: true }));
    const handler = handlerOf({ update });
    const bigger = { Name: 'a', Size: 2 };
    expect(await handler.update(context, state, bigger)).toEqual({
      physicalId: 'now', properties: bigger, attributes: { New: true },
    });
    expect(update.mock.calls).toEqual([[bigger, state, context]]);
    expect(create).not.toHaveBeenCalled();
    const renamed = { Name: 'b', Size: 1 };
    expect(await handler.update(context, state, renamed)).toEqual({
      physicalId: 'made-b', properties: renamed, attributes: { Made: 'b' },
    });
    expect(await handler.update(context, { ...state, properties: { Size: 1 } }, renamed)).toMatchObject({
      physicalId: 'made-b',
    });
    expect(update).toHaveBeenCalledTimes(1);
    expect(await handlerOf().update(context, state, bigger)).toEqual({ ...state, properties: bigger });
    expect(await handlerOf({ update: () => {} }).update(context, state, bigger)).toEqual({
      ...state, properties: bigger,
    });
  });

  test.each<[ResourceType['createOnly'], string[], 'True' | 'False']>([
    [['Name'], ['Size', 'Name'], 'True'],
    [['Name'], ['Size'], 'False'],
    [['Name'], [], 'False'],
    ['*', ['Size'], 'True'],
    ['*', [], 'False'],
    [undefined, ['Name'], 'False'],
  ])('with the create-only properties %j, a change of %j replaces: %s', (createOnly, changed, expected) => {
    expect(handlerOf({ createOnly }).replaces(changed)).toBe(expected);
  });

  test('restores an update in place, and needs no action for a replacement', async () => {
    const update = jest.fn();
    const handler = handlerOf({ update });
    const after = { ...state, properties: { Name: 'a', Size: 2 } };
    expect(await handler.restore(context, after, state)).toEqual(state);
    expect(update.mock.calls).toEqual([[state.properties, after, context]]);
    expect(await handler.restore(context, { ...after, physicalId: 'other' }, state)).toBe(state);
    expect(await handler.restore(context, { ...state, properties: { Name: 'b', Size: 1 } }, state)).toBe(state);
    expect(update).toHaveBeenCalledTimes(1);
    expect(create).not.toHaveBeenCalled();
  });

  test('has only the abilities of its type', async () => {
    const bare = handlerOf();
    expect([bare.identifier, bare.read]).toEqual([undefined, undefined]);
    expect(await bare.delete(context, state)).toBeUndefined();
    expect(bare.attribute!(context, state, 'Arn')).toBeUndefined();
    expect(bare.missingAttribute(context, 'Arn')).toBe(
      'Template error: resource One of type Test::Type does not support attribute type Arn in Fn::GetAtt');
  });
});

test.each<[string, unknown, object]>([
  ['the tags of the stack', undefined, { team: 'chat', stage: 'test' }],
  ['its own tags first', [{ Key: 'team', Value: 'video' }, { Key: 'x', Value: 'y' }], {
    team: 'video', stage: 'test', x: 'y',
  }],
  ['no tags from other values', { team: 'video' }, { team: 'chat', stage: 'test' }],
])('a resource has %s', (_, Tags, expected) => {
  expect(tagsOf({ Tags }, context)).toEqual(expected);
});

test('an attribute that a type does not have fails the resource that uses it', async () => {
  const { deploy, reasonOf } = scriptedEngine(byName);
  await deploy({ Queue: { Type: 'AWS::SQS::Queue' }, One: thing({ Name: { 'Fn::GetAtt': ['Queue', 'Carrot'] } }) });
  expect(reasonOf('One', 'CREATE_FAILED')).toBe(
    'Template error: resource Queue of type AWS::SQS::Queue does not support attribute type Carrot in Fn::GetAtt');
});
