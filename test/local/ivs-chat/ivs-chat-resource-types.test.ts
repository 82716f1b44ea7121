import { ivsChatResourceTypes } from '../../../local/ivs-chat/ivs-chat-resource-types';
import { startLocalIvsChat, type LocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';
import type { ResourceContext } from '../../../local/aws/cloudformation/resource-handler';
import { scriptedEngine } from '../aws/cloudformation/scripted-engine';

let chat: LocalIvsChat;
let app: ReturnType<typeof scriptedEngine>;
beforeEach(async () => {
  chat = await startLocalIvsChat({ region: 'us-east-1' });
  app = scriptedEngine(() => ({}), { types: ivsChatResourceTypes(chat.call) });
});
afterEach(() => chat.close());

const logging = (properties: object = {}) => ({
  Type: 'AWS::IVSChat::LoggingConfiguration',
  Properties: { DestinationConfiguration: { S3: { BucketName: 'logs' } }, ...properties },
});
const room = (properties: object = {}) => ({ Type: 'AWS::IVSChat::Room', Properties: properties });
const uri = 'arn:aws:lambda:us-east-1:123456789012:function:review';
const rooms = async () => (await chat.call('ListRooms')).rooms;

test('a stack creates, updates and deletes a room and its logging configuration', async () => {
  const first = await app.deploy(
    {
      Logging: logging({ Name: 'archive', Tags: [{ Key: 'a', Value: '1' }] }),
      Room: room({
        Name: 'lobby',
        MaximumMessageLength: '280',
        MaximumMessageRatePerSecond: 5,
        MessageReviewHandler: { Uri: uri, FallbackResult: 'DENY' },
        LoggingConfigurationIdentifiers: [{ Ref: 'Logging' }],
        Tags: [
          { Key: 'team', Value: 'chat' },
          { Key: 'gone', Value: 'soon' },
        ],
      }),
    },
    {
      tags: [
        { Key: 'stack', Value: 'yes' },
        { Key: 'team', Value: 'of the stack' },
      ],
      sections: {
        Outputs: {
          Ref: { Value: { Ref: 'Room' } },
          Arn: { Value: { 'Fn::GetAtt': 'Room.Arn' } },
          Id: { Value: { 'Fn::GetAtt': 'Room.Id' } },
          State: { Value: { 'Fn::GetAtt': 'Logging.State' } },
        },
      },
    },
  );
  expect(first.status).toBe('CREATE_COMPLETE');
  const identifier = first.resources.get('Room')!.physicalId!;
  const loggingArn = first.resources.get('Logging')!.physicalId!;
  const before = await chat.call('GetRoom', { identifier });
  expect(Object.fromEntries(first.outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))).toEqual({
    Ref: before.arn,
    Arn: before.arn,
    Id: before.id,
    State: 'ACTIVE',
  });
  expect(before).toMatchObject({
    name: 'lobby',
    maximumMessageLength: 280,
    maximumMessageRatePerSecond: 5,
    messageReviewHandler: { uri, fallbackResult: 'DENY' },
    loggingConfigurationIdentifiers: [loggingArn],
    tags: { stack: 'yes', team: 'chat', gone: 'soon' },
  });
  expect(await chat.call('GetLoggingConfiguration', { identifier: loggingArn })).toMatchObject({
    name: 'archive',
    destinationConfiguration: { s3: { bucketName: 'logs' } },
    tags: { a: '1', stack: 'yes' },
  });

  const second = await app.deploy({
    Logging: logging({ DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'group' } } }),
    Room: room({ Tags: [{ Key: 'team', Value: 'video' }] }),
  });
  expect([second.status, second.resources.get('Room')!.physicalId]).toEqual(['UPDATE_COMPLETE', identifier]);
  expect(await chat.call('GetRoom', { identifier })).toEqual({
    arn: identifier,
    id: before.id,
    createTime: before.createTime,
    updateTime: expect.any(String),
    name: '',
    maximumMessageLength: 500,
    maximumMessageRatePerSecond: 10,
    loggingConfigurationIdentifiers: [],
    tags: { stack: 'yes', team: 'video' },
  });
  expect(await chat.call('GetLoggingConfiguration', { identifier: loggingArn })).toMatchObject({
    name: '',
    destinationConfiguration: { cloudWatchLogs: { logGroupName: 'group' } },
    tags: { stack: 'yes' },
  });

  expect((await app.destroy()).status).toBe('DELETE_COMPLETE');
  expect([await rooms(), (await chat.call('ListLoggingConfigurations')).loggingConfigurations]).toEqual([[], []]);
});

test.each([
  [{ MaximumMessageRatePerSecond: 11 }, '#/MaximumMessageRatePerSecond: 11 is not less or equal to 10'],
  [{ MaximumMessageRatePerSecond: 0 }, 'must be between 1 and 100, got 0'],
  [{ MaximumMessageLength: 0 }, 'must be between 1 and 500, got 0'],
  [
    { Name: 'has spaces' },
    'name failed to satisfy the constraints: must contain only letters, digits, hyphens and underscores',
  ],
])('%j fails the stack with the message of the service, and creates nothing', async (properties, reason) => {
  const stack = await app.deploy({ Room: room(properties) });
  expect(stack.status).toBe('ROLLBACK_COMPLETE');
  expect(app.reasonOf('Room', 'CREATE_FAILED')).toContain(reason);
  expect(await rooms()).toEqual([]);
});

test('the delete of a missing room succeeds', async () => {
  const stack = await app.deploy({ Room: room() });
  await chat.call('DeleteRoom', { identifier: stack.resources.get('Room')!.physicalId });
  expect((await app.destroy()).status).toBe('DELETE_COMPLETE');
});

test('an unknown or failing operation returns the error of the service', async () => {
  await expect(chat.call('NoSuchOperation')).rejects.toMatchObject({
    code: 'ValidationException',
    members: { reason: 'UNKNOWN_OPERATION' },
  });
  await expect(
    chat.call('GetRoom', { identifier: 'arn:aws:ivschat:us-east-1:123456789012:room/AAAAAAAAAAAA' }),
  ).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
});

describe('a type', () => {
  const context = { stackTags: { stack: 'yes' } } as unknown as ResourceContext;
  const types = () => ivsChatResourceTypes(chat.call);
  const arn = (kind: string) => `arn:aws:ivschat:us-east-1:123456789012:${kind}/AAAAAAAAAAAA`;

  test('reads all properties and attributes of a resource, without the tags of the stack', async () => {
    const { arn: loggingArn, id: loggingId } = await chat.call('CreateLoggingConfiguration', {
      name: 'archive', destinationConfiguration: { firehose: { deliveryStreamName: 's' } }, tags: { stack: 'no' },
    });
    const created = await chat.call('CreateRoom', {
      name: 'lobby',
      maximumMessageLength: 280,
      maximumMessageRatePerSecond: 5,
      messageReviewHandler: { uri, fallbackResult: 'DENY' },
      loggingConfigurationIdentifiers: [loggingArn],
      tags: { stack: 'yes', team: 'chat' },
    });
    const { 'AWS::IVSChat::Room': roomType, 'AWS::IVSChat::LoggingConfiguration': loggingType } = types();
    expect([roomType!.identifier, loggingType!.identifier]).toEqual(['Arn', 'Arn']);
    expect([roomType!.required, loggingType!.required]).toEqual([undefined, ['DestinationConfiguration']]);
    const { physicalId, attributes } = await roomType!.create!({}, context);
    const [, id] = physicalId!.split('/');
    expect(attributes).toEqual({ Arn: physicalId, Id: id, State: undefined });
    expect(await roomType!.read!(created.arn, context)).toEqual({
      properties: {
        Name: 'lobby',
        MaximumMessageLength: 280,
        MaximumMessageRatePerSecond: 5,
        MessageReviewHandler: { Uri: uri, FallbackResult: 'DENY' },
        LoggingConfigurationIdentifiers: [loggingArn],
        Tags: [{ Key: 'team', Value: 'chat' }],
      },
      attributes: { Arn: created.arn, Id: created.id, State: undefined },
    });
    expect(await loggingType!.read!(loggingArn, context)).toEqual({
      properties: {
        Name: 'archive',
        DestinationConfiguration: { Firehose: { DeliveryStreamName: 's' } },
        Tags: [{ Key: 'stack', Value: 'no' }],
      },
      attributes: { Arn: loggingArn, Id: loggingId, State: 'ACTIVE' },
    });
    const plain = await chat.call('CreateRoom');
    expect(await roomType!.read!(plain.arn, context)).toMatchObject({
      properties: { MessageReviewHandler: undefined, LoggingConfigurationIdentifiers: [], Tags: [] },
    });
  });

  const kinds = ['Room', 'LoggingConfiguration'];
  test.each(kinds)('finds no %s that does not exist, and reports other errors', async (kind) => {
    const type = types()[`AWS::IVSChat::${kind}`]!;
    const physicalId = arn(kind === 'Room' ? 'room' : 'logging-configuration');
    const current = { physicalId, properties: {}, attributes: {} };
    expect(await type.read!(physicalId, context)).toBeUndefined();
    await expect(type.delete!(current, context)).resolves.toBeUndefined();
    await expect(type.read!('x', context)).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(type.delete!({ ...current, physicalId: 'x' }, context)).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  test('updates only what changed of the tags', async () => {
    const calls: string[] = [];
    const call: LocalIvsChat['call'] = (operation, input) => {
      calls.push(operation);
      return chat.call(operation, input);
    };
    const { arn: physicalId } = await chat.call('CreateRoom', { tags: { a: '1', b: '2' } });
    const type = ivsChatResourceTypes(call)['AWS::IVSChat::Room']!;
    const current = { physicalId, properties: {}, attributes: {} };
    const update = (tags: object) => type.update!({
      MaximumMessageRatePerSecond: '10', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }, current, context);
    await update({ a: '1', b: '3' });
    expect(calls.splice(0)).toEqual(['UpdateRoom', 'TagResource']);
    await update({ b: '3', constructor: 'x' });
    expect(calls.splice(0)).toEqual(['UpdateRoom', 'UntagResource', 'TagResource']);
    expect((await rooms())[0].tags).toEqual({ b: '3', constructor: 'x', stack: 'yes' });
    await update({ b: '3' });
    expect((await rooms())[0].tags).toEqual({ b: '3', stack: 'yes' });
  });
});

describe('an import', () => {
  const retained = (properties: object = {}) => ({ ...room(properties), DeletionPolicy: 'Retain' });
  const importInto = async (resources: object, ids: { [id: string]: object }, sections: object = {}) => {
    const { stack, changeSet } = app.engine.createChangeSet('App', {
      changeSetName: 'import',
      changeSetType: 'IMPORT',
      templateBody: JSON.stringify({ Resources: resources, ...sections }),
      resourcesToImport: Object.entries(ids).map(([LogicalResourceId, ResourceIdentifier]) => ({
        LogicalResourceId, ResourceType: 'AWS::IVSChat::Room', ResourceIdentifier: { ...ResourceIdentifier },
      })),
    });
    expect(changeSet.changes.map(({ Action }) => Action)).toEqual(Object.keys(ids).map(() => 'Import'));
    app.engine.executeChangeSet(changeSet.id, undefined, {});
    await stack.operation;
    return stack;
  };

  test('takes a room into a new stack without a change, and the stack owns it from then on', async () => {
    const { arn } = await chat.call('CreateRoom', { name: 'by-hand' });
    const stack = await importInto({ Room: retained({ Name: 'other' }) }, { Room: { Arn: arn } });
    expect(stack.status).toBe('IMPORT_COMPLETE');
    expect(app.statuses().slice(-4)).toEqual([
      'App IMPORT_IN_PROGRESS', 'Room IMPORT_IN_PROGRESS', 'Room IMPORT_COMPLETE', 'App IMPORT_COMPLETE',
    ]);
    expect(await rooms()).toMatchObject([{ arn, name: 'by-hand' }]);
    const [drift] = await app.engine.detectDrift('App');
    expect(drift).toMatchObject({
      status: 'MODIFIED',
      differences: [{ PropertyPath: '/Name', ExpectedValue: 'other', ActualValue: 'by-hand' }],
    });

    const properties = { Name: 'lobby', MessageReviewHandler: { Uri: uri, FallbackResult: 'DENY' } };
    await app.deploy({ Room: room(properties) });
    expect(await rooms()).toMatchObject([{ name: 'lobby', messageReviewHandler: { uri, fallbackResult: 'DENY' } }]);
    await app.deploy({ Room: room({ ...properties, MessageReviewHandler: { Uri: uri } }) });
    expect(await rooms()).toMatchObject([{ arn, messageReviewHandler: { uri, fallbackResult: 'ALLOW' } }]);
    await app.destroy();
    expect(await rooms()).toEqual([]);
  });

  test('of a room that does not exist is rolled back', async () => {
    await app.deploy({ Kept: room() });
    const arn = 'arn:aws:ivschat:us-east-1:123456789012:room/abcdefghijkl';
    const stack = await importInto({ Kept: room(), Room: retained() }, { Room: { Arn: arn } });
    expect(stack.status).toBe('IMPORT_ROLLBACK_COMPLETE');
    expect(app.reasonOf('Room', 'IMPORT_FAILED')).toBe(
      `Resource of type 'AWS::IVSChat::Room' with identifier '${arn}' was not found.`);
    expect([...stack.resources.keys()]).toEqual(['Kept']);
    await app.deploy({ Kept: room({ Name: 'kept' }) });
    expect(await rooms()).toMatchObject([{ name: 'kept' }]);
  });

  test.each<[string, object, object, RegExp]>([
    ['another change', { Kept: room({ Name: 'changed' }), Room: retained() }, {}, /modified resources \[Kept\]/],
    ['a new resource', { Kept: room(), More: room(), Room: retained() }, {}, /modified resources \[More\]/],
    ['no deletion policy', { Kept: room(), Room: room() }, {}, /\[Room\] to import must have a DeletionPolicy/],
    [
      'a new output', { Kept: room(), Room: retained() }, { Outputs: { New: { Value: 'x' } } },
      /you cannot modify or add \[Outputs\]/,
    ],
  ])('is refused with %s', async (_, resources, sections, message) => {
    await app.deploy({ Kept: room() });
    await expect(importInto(resources, { Room: { Arn: 'arn' } }, sections)).rejects.toThrow(message);
  });

  test('is refused for a resource of a stack, for another identifier and for another type', async () => {
    const stack = await app.deploy({ Kept: room() });
    const arn = stack.resources.get('Kept')!.physicalId!;
    await expect(importInto({ Kept: room(), Room: retained() }, { Room: { Arn: arn } }))
      .rejects.toThrow(`${arn} already exists in stack ${stack.id}`);
    await expect(importInto({ Kept: room(), Room: retained() }, { Room: { Id: 'x' } }))
      .rejects.toThrow('Invalid ResourceIdentifier for ResourceToImport Room: [Id] Expected [Arn]');
    expect(() => app.engine.createChangeSet('App', {
      changeSetName: 'other',
      changeSetType: 'IMPORT',
      templateBody: JSON.stringify({
        Resources: { Kept: room(), Queue: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain' } },
      }),
      resourcesToImport: [{
        LogicalResourceId: 'Queue', ResourceType: 'AWS::SQS::Queue', ResourceIdentifier: { QueueUrl: 'x' },
      }],
    })).toThrow('ResourceTypes [AWS::SQS::Queue] are not supported for Import');
  });
});

test('drift detection finds edits and deletions, and ignores the order of tags and the tags of the stack', async () => {
  const tags = [{ Key: 'b', Value: '2' }, { Key: 'a', Value: '1' }];
  const stack = await app.deploy({
    Same: room({ MaximumMessageLength: '280', Tags: tags, MessageReviewHandler: { Uri: uri, FallbackResult: 'DENY' } }),
    Edited: room({ MaximumMessageLength: 280 }),
    Deleted: room(),
    Logging: logging(),
  }, { tags: [{ Key: 'stack', Value: 'yes' }] });
  const identifier = (id: string) => ({ identifier: stack.resources.get(id)!.physicalId! });
  const { identifier: resourceArn } = identifier('Same');
  await chat.call('UntagResource', { resourceArn, tagKeys: ['b'] });
  await chat.call('TagResource', { resourceArn, tags: { b: '2' } });
  await chat.call('UpdateRoom', { ...identifier('Edited'), maximumMessageLength: 99 });
  await chat.call('DeleteRoom', identifier('Deleted'));
  const drifts = await app.engine.detectDrift('App');
  expect(Object.fromEntries(drifts.map(({ resource, status }) => [resource.logicalId, status]))).toEqual({
    Same: 'IN_SYNC', Edited: 'MODIFIED', Deleted: 'DELETED', Logging: 'IN_SYNC',
  });
});
