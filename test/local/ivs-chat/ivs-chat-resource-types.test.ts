import { ivsChatResourceTypes } from '../../../local/ivs-chat/ivs-chat-resource-types';
import { startLocalIvsChat, type LocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';
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
