/** The token function of the example, without AWS: which capabilities each request gets. */
import { handler } from '../../../examples/token-function/function';

const mockRequests: any[] = [];

jest.mock('cdk-ivs-chat/runtime', () => ({
  createChatToken: async (request: object) => {
    mockRequests.push(request);
    return { token: 'a token' };
  },
}), { virtual: true });

const MODERATOR_KEY = 'key-of-the-moderators';
const ROOM_ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/AAAAAAAAAAAA';
const before = { ...process.env };

beforeEach(() => {
  mockRequests.length = 0;
  Object.assign(process.env, { ROOM_ARN, MODERATOR_KEY });
});

afterAll(() => {
  process.env = before;
});

const visitor = { name: 'Ada', visitorKey: 'sixteen letters!' };
const headers = { 'content-type': 'application/json' };

/** Calls the function and returns its only request for a chat token. */
async function requestFor(body: object) {
  const response = await handler({ body: JSON.stringify(body) });
  expect(response.statusCode).toBe(200);
  expect(mockRequests).toHaveLength(1);
  return mockRequests[0];
}

test('the answer has the token and the user ID', async () => {
  const userId = '68fb0c55b0d37de0';
  expect(await handler({ body: JSON.stringify(visitor) })).toEqual({
    statusCode: 200, headers, body: JSON.stringify({ token: 'a token', userId }),
  });
  expect(mockRequests).toMatchObject([{ userId }]);
});

test('a name can have 40 characters', async () => {
  const name = 'x'.repeat(40);
  expect((await requestFor({ ...visitor, name })).attributes).toEqual({ name, role: 'viewer' });
});

test('the moderator key gives the capabilities of a moderator', async () => {
  expect(await requestFor({ ...visitor, moderatorKey: MODERATOR_KEY })).toEqual({
    roomIdentifier: ROOM_ARN,
    userId: expect.stringMatching(/^[0-9a-f]{16}$/),
    capabilities: ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'],
    attributes: { name: 'Ada', role: 'moderator' },
  });
});

const wrongKeys: unknown[] = [
  undefined, null, '', 0, true, [], {}, [MODERATOR_KEY], { length: MODERATOR_KEY.length },
  'x'.repeat(MODERATOR_KEY.length), MODERATOR_KEY.toUpperCase(), MODERATOR_KEY.slice(0, -1) + 'x',
  MODERATOR_KEY.slice(0, -1), `${MODERATOR_KEY} `, MODERATOR_KEY.slice(1), 'x' + MODERATOR_KEY.slice(1), 'undefined',
];
const configuredKeys: [string, string | undefined][] = [
  ['is set', MODERATOR_KEY], ['is empty, which is the default of the app', ''], ['is not set', undefined],
];

describe.each(configuredKeys)('when MODERATOR_KEY %s', (_, configured) => {
  beforeEach(() => {
    if (configured === undefined) delete process.env.MODERATOR_KEY;
    else process.env.MODERATOR_KEY = configured;
  });

  const keys = configured ? wrongKeys : [...wrongKeys, MODERATOR_KEY];

  test.each(keys.map((key) => [key]))('the key %j gives the capabilities of a viewer', async (moderatorKey) => {
    expect(await requestFor({ ...visitor, moderatorKey })).toMatchObject({
      capabilities: ['SEND_MESSAGE'],
      attributes: { name: 'Ada', role: 'viewer' },
    });
  });
});

test('a request cannot choose its user ID, capabilities, room or role', async () => {
  const request = await requestFor({
    ...visitor,
    userId: 'grace',
    capabilities: ['DELETE_MESSAGE'],
    roomIdentifier: 'another room',
    role: 'moderator',
    attributes: { role: 'moderator' },
  });
  expect(request).toEqual({
    roomIdentifier: ROOM_ARN,
    userId: expect.stringMatching(/^[0-9a-f]{16}$/),
    capabilities: ['SEND_MESSAGE'],
    attributes: { name: 'Ada', role: 'viewer' },
  });
});

test('the user ID depends on the visitor key only, and does not show the key', async () => {
  const userIdOf = async (body: object) => {
    mockRequests.length = 0;
    return (await requestFor(body)).userId;
  };
  const first = await userIdOf(visitor);
  expect(await userIdOf({ ...visitor, name: 'Grace' })).toBe(first);
  expect(await userIdOf({ ...visitor, visitorKey: 'sixteen letters?' })).not.toBe(first);
  expect(first).not.toContain(visitor.visitorKey);
});

test('a body in Base64 is decoded', async () => {
  const body = Buffer.from(JSON.stringify({ ...visitor, name: 'Adä' })).toString('base64');
  expect((await handler({ body, isBase64Encoded: true })).statusCode).toBe(200);
  expect(mockRequests[0].attributes.name).toBe('Adä');
});

test.each<[string, string | undefined]>([
  ['no body', undefined], ['an empty body', ''], ['no JSON', '{'],
  ['null', 'null'], ['a list', '[]'], ['a text', '"Ada"'],
  ['no name', JSON.stringify({ visitorKey: visitor.visitorKey })],
  ['an empty name', JSON.stringify({ ...visitor, name: '' })],
  ['a name of 41 characters', JSON.stringify({ ...visitor, name: 'x'.repeat(41) })],
  ['a name that is not a string', JSON.stringify({ ...visitor, name: ['Ada'] })],
  ['no visitor key', JSON.stringify({ name: 'Ada' })],
  ['a visitor key of 15 characters', JSON.stringify({ ...visitor, visitorKey: 'x'.repeat(15) })],
  ['a visitor key that is not a string', JSON.stringify({ ...visitor, visitorKey: Array(16).fill('x') })],
])('a request with %s is answered with 400 and gets no chat token', async (title, body) => {
  const message = title.includes('visitor key')
    ? 'visitorKey must be at least 16 random characters' : 'name must be 1 to 40 characters';
  expect(await handler({ body })).toEqual({ statusCode: 400, headers, body: JSON.stringify({ message }) });
  expect(mockRequests).toEqual([]);
});
