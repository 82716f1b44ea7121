/** The logger is told what the SDK's is told. */
import { bothClients } from './captured';
import { INPUTS, ROOM } from './inputs';
import { GetRoomCommand } from '../../../lambda/client';
import { logged } from '../../../lambda/client/log';

function logs(options: object = {}) {
  const entries = { ours: [] as any[], sdk: [] as any[] };
  const logger = (who: 'ours' | 'sdk') => ({
    trace() {},
    debug() {},
    warn() {},
    info: (entry: object) => entries[who].push(['info', entry]),
    error: (entry: object) => entries[who].push(['error', entry]),
  });
  return { entries, ours: bothClients({ ...options, maxAttempts: 1, logger: logger('ours') }), sdk: bothClients({ ...options, maxAttempts: 1, logger: logger('sdk') }) };
}
const TOKEN = { roomIdentifier: ROOM, userId: 'canary-user', capabilities: ['SEND_MESSAGE'], attributes: { name: 'canary-name' } };

test('of a success: command, input, output and metadata, with what is sensitive masked', async () => {
  const { entries, ours, sdk } = logs();
  ours.transports.ours.answer = sdk.transports.sdk.answer = () => ({ body: '{"token":"canary-token","tokenExpirationTime":"2026-01-01T00:00:00Z"}' });
  await ours.send.ours('CreateChatToken', TOKEN);
  await sdk.send.sdk('CreateChatToken', TOKEN);
  expect(entries.ours).toEqual([['info', {
    clientName: 'IvschatClient',
    commandName: 'CreateChatTokenCommand',
    input: { ...TOKEN, userId: '***SensitiveInformation***', attributes: '***SensitiveInformation***' },
    output: { token: '***SensitiveInformation***', tokenExpirationTime: new Date('2026-01-01T00:00:00Z') },
    metadata: expect.objectContaining({ httpStatusCode: 200, attempts: 1 }),
  }]]);
  expect(JSON.stringify(entries.ours)).not.toContain('canary');
  const [[level, { clientName, commandName, metadata }]] = entries.sdk as any;
  expect(entries.ours[0]).toMatchObject([level, { clientName, commandName, metadata }]);
});

test.each([['ListRooms', { rooms: [{ arn: ROOM, tags: { a: 'b' } }, null] }], ['DeleteRoom', {}], ['GetRoom', { arn: ROOM, messageReviewHandler: { uri: '' } }]] as const)(
  'of %s is the SDK\'s', async (operation, body) => {
    const { entries, ours, sdk } = logs();
    ours.transports.ours.answer = sdk.transports.sdk.answer = () => ({ body: JSON.stringify(body) });
    await ours.send.ours(operation, INPUTS[operation]);
    await sdk.send.sdk(operation, INPUTS[operation]);
    expect(entries.ours).toHaveLength(1);
    expect(entries.ours).toEqual(entries.sdk);
  });

test('of what is not given: nothing, as with the SDK', async () => {
  const { entries, ours, sdk } = logs({ validateInput: false });
  const input = { ...TOKEN, attributes: null, capabilities: undefined };
  await ours.send.ours('CreateChatToken', input);
  await sdk.send.sdk('CreateChatToken', input);
  expect(entries.ours[0][1].input).toStrictEqual({ roomIdentifier: ROOM, userId: '***SensitiveInformation***' });
  expect(entries.ours[0][1].input).toEqual(entries.sdk[0][1].input);
});

test('of an input of wrong types: what is sent of it', async () => {
  const { entries, ours } = logs({ validateInput: false });
  await ours.send.ours('CreateRoom', { messageReviewHandler: 'text', loggingConfigurationIdentifiers: ['text', null], tags: ['a'] });
  expect(entries.ours[0][1].input).toEqual(JSON.parse(ours.transports.ours.requests[0].body));
  expect(entries.ours[0][1].input).toEqual({ messageReviewHandler: 'text', loggingConfigurationIdentifiers: ['text'], tags: { 0: 'a' } });
});

test('masks what is sensitive in lists, too', async () => {
  const Secret = { type: 'structure', members: { open: { type: 'string' }, secret: { type: 'string', sensitive: true } } } as const;
  const operation = { name: 'Sample', input: { type: 'structure', members: { all: { type: 'list', member: Secret } } } } as any;
  const info = jest.fn();
  await logged({ info } as any, operation, { all: [{ open: 'open', secret: 'canary' }, null] }, Promise.resolve({ $metadata: {} }));
  expect(info).toHaveBeenCalledWith(expect.objectContaining({ input: { all: [{ open: 'open', secret: '***SensitiveInformation***' }] } }));
});

test('a logger that has nothing to say it with is not asked', async () => {
  const { clients, transports } = bothClients({ maxAttempts: 1, logger: {} as any });
  await clients.ours.send(new GetRoomCommand({ identifier: ROOM }));
  transports.ours.answer = () => ({ statusCode: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } });
  await expect(clients.ours.send(new GetRoomCommand({ identifier: ROOM }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('of a failure: command, input, error and metadata', async () => {
  const { entries, ours, sdk } = logs();
  ours.transports.ours.answer = sdk.transports.sdk.answer = () => ({ statusCode: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{"message":"no"}' });
  await ours.send.ours('GetRoom', INPUTS.GetRoom).catch(() => {});
  await sdk.send.sdk('GetRoom', INPUTS.GetRoom).catch(() => {});
  const [[level, { error, ...entry }]] = entries.ours as any;
  expect(entries.sdk).toMatchObject([[level, { ...entry, error: { name: error.name, message: error.message } }]]);
});

test('of an input that is refused, too, and of one with members that nobody knows', async () => {
  const { entries, ours } = logs();
  await ours.send.ours('CreateRoom', { name: 'a room', secret: 'canary' }).catch(() => {});
  expect(entries.ours).toMatchObject([['error', { commandName: 'CreateRoomCommand', input: { name: 'a room' }, error: { name: 'ValidationException' } }]]);
  expect(entries.ours[0][1].input).toEqual({ name: 'a room' });
});
