/** The client and the AWS SDK write the same log entries. */
import { bothClients } from './captured';
import { INPUTS, ROOM } from './inputs';
import { GetRoomCommand } from '../../../lambda/client';
import { logged } from '../../../lambda/client/log';

/** Creates both clients with loggers that collect their entries. */
function logs(options: object = {}) {
  const entries = { ours: [] as any[], sdk: [] as any[] };
  const logger = (who: 'ours' | 'sdk') => ({
    trace() {},
    debug() {},
    warn() {},
    info: (entry: object) => entries[who].push(['info', entry]),
    error: (entry: object) => entries[who].push(['error', entry]),
  });
  return {
    entries,
    ours: bothClients({ ...options, maxAttempts: 1, logger: logger('ours') }),
    sdk: bothClients({ ...options, maxAttempts: 1, logger: logger('sdk') }),
  };
}

const MASK = '***SensitiveInformation***';
const TOKEN = {
  roomIdentifier: ROOM,
  userId: 'canary-user',
  capabilities: ['SEND_MESSAGE'],
  attributes: { name: 'canary-name' },
};
const NOT_FOUND = {
  statusCode: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{"message":"no"}',
};

test('a success is logged with command, input, output and metadata, and sensitive members are masked', async () => {
  const { entries, ours, sdk } = logs();
  ours.transports.ours.answer = sdk.transports.sdk.answer = () => ({
    body: '{"token":"canary-token","tokenExpirationTime":"2026-01-01T00:00:00Z"}',
  });
  await ours.send.ours('CreateChatToken', TOKEN);
  await sdk.send.sdk('CreateChatToken', TOKEN);
  expect(entries.ours).toEqual([['info', {
    clientName: 'IvschatClient',
    commandName: 'CreateChatTokenCommand',
    input: { ...TOKEN, userId: MASK, attributes: MASK },
    output: { token: MASK, tokenExpirationTime: new Date('2026-01-01T00:00:00Z') },
    metadata: expect.objectContaining({ httpStatusCode: 200, attempts: 1 }),
  }]]);
  expect(JSON.stringify(entries.ours)).not.toContain('canary');
  const [[level, { clientName, commandName, metadata }]] = entries.sdk as any;
  expect(entries.ours[0]).toMatchObject([level, { clientName, commandName, metadata }]);
});

test.each([
  ['ListRooms', { rooms: [{ arn: ROOM, tags: { a: 'b' } }, null] }],
  ['DeleteRoom', {}],
  ['GetRoom', { arn: ROOM, messageReviewHandler: { uri: '' } }],
] as const)('the entry of %s is the entry of the SDK', async (operation, body) => {
  const { entries, ours, sdk } = logs();
  ours.transports.ours.answer = sdk.transports.sdk.answer = () => ({ body: JSON.stringify(body) });
  await ours.send.ours(operation, INPUTS[operation]);
  await sdk.send.sdk(operation, INPUTS[operation]);
  expect(entries.ours).toHaveLength(1);
  expect(entries.ours).toEqual(entries.sdk);
});

test('absent members of an input are not logged, like with the SDK', async () => {
  const { entries, ours, sdk } = logs({ validateInput: false });
  const input = { ...TOKEN, attributes: null, capabilities: undefined };
  await ours.send.ours('CreateChatToken', input);
  await sdk.send.sdk('CreateChatToken', input);
  expect(entries.ours[0][1].input).toStrictEqual({ roomIdentifier: ROOM, userId: MASK });
  expect(entries.ours[0][1].input).toEqual(entries.sdk[0][1].input);
});

test('an input with members of wrong types is logged like it is sent', async () => {
  const { entries, ours } = logs({ validateInput: false });
  await ours.send.ours('CreateRoom', {
    messageReviewHandler: 'text', loggingConfigurationIdentifiers: ['text', null], tags: ['a'],
  });
  const { input } = entries.ours[0][1];
  expect(input).toEqual(JSON.parse(ours.transports.ours.requests[0].body));
  expect(input).toEqual({
    messageReviewHandler: 'text', loggingConfigurationIdentifiers: ['text'], tags: { 0: 'a' },
  });
});

test('sensitive members of the structures in a list are masked', async () => {
  const text = { type: 'string' };
  const Item = { type: 'structure', members: { open: text, secret: { ...text, sensitive: true } } };
  const All = { type: 'structure', members: { all: { type: 'list', member: Item } } };
  const operation = { name: 'Sample', input: All } as any;
  const info = jest.fn();
  const input = { all: [{ open: 'open', secret: 'canary' }, null] };
  await logged({ info } as any, { operation, input } as any, Promise.resolve({ $metadata: {} }));
  expect(info).toHaveBeenCalledWith(expect.objectContaining({ input: { all: [{ open: 'open', secret: MASK }] } }));
});

test('a logger without the methods info and error is not called', async () => {
  const { clients, transports } = bothClients({ maxAttempts: 1, logger: {} as any });
  const getRoom = () => clients.ours.send(new GetRoomCommand({ identifier: ROOM }));
  await getRoom();
  transports.ours.answer = () => NOT_FOUND;
  await expect(getRoom()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a failure is logged with command, input, error and metadata', async () => {
  const { entries, ours, sdk } = logs();
  ours.transports.ours.answer = sdk.transports.sdk.answer = () => NOT_FOUND;
  await ours.send.ours('GetRoom', INPUTS.GetRoom).catch(() => {});
  await sdk.send.sdk('GetRoom', INPUTS.GetRoom).catch(() => {});
  const [[level, { error, ...entry }]] = entries.ours as any;
  expect(entries.sdk).toMatchObject([[level, { ...entry, error: { name: error.name, message: error.message } }]]);
});

test('an input that is not valid is logged without unknown members', async () => {
  const { entries, ours } = logs();
  await ours.send.ours('CreateRoom', { name: 'a room', secret: 'canary' }).catch(() => {});
  const entry = { commandName: 'CreateRoomCommand', error: { name: 'ValidationException' } };
  expect(entries.ours).toMatchObject([['error', entry]]);
  expect(entries.ours[0][1].input).toEqual({ name: 'a room' });
});
