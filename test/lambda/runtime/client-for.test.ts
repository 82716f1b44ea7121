/** The client that each function of cdk-ivs-chat/runtime sends its request with. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as client from '../../../lambda/client';
import * as runtime from '../../../lambda/runtime';
import { regions } from '../../../src/contract/regions';

/** The Regions of all clients that were made, in order. `undefined` stands for the Region of the environment. */
const mockClients: unknown[] = [];

jest.mock('../../../lambda/client/basic-client', () => {
  const actual = jest.requireActual('../../../lambda/client/basic-client');
  class BasicClient extends actual.BasicClient {
    constructor(config: { region?: string }) {
      super(config);
      mockClients.push(config.region);
    }
  }
  return { BasicClient };
});

const before = { ...process.env };
const requests: string[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    const scope = /Credential=[^/]+\/\d{8}\/([^/]+)\//.exec(request.headers.authorization!)![1];
    requests.push(`${request.url} in ${scope}`);
    request.resume();
    response.end('{"id":"AAAAAAAAAAAA","token":"t"}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'a secret access key',
    AWS_ENDPOINT_URL_IVSCHAT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  delete process.env.AWS_SESSION_TOKEN;
});

beforeEach(() => {
  requests.length = 0;
});

afterAll(async () => {
  process.env = before;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const functions: { [operation: string]: (roomIdentifier: any) => Promise<unknown> } = {
  CreateChatToken: (roomIdentifier) => runtime.createChatToken({ roomIdentifier, userId: 'ada' }),
  DeleteMessage: (roomIdentifier) => runtime.deleteMessage({ roomIdentifier, id: 'AAAAAAAAAAA1' }),
  DisconnectUser: (roomIdentifier) => runtime.disconnectUser({ roomIdentifier, userId: 'ada' }),
  SendEvent: (roomIdentifier) => runtime.sendEvent({ roomIdentifier, eventName: 'app:EVENT' }),
};
const roomIn = (region: string) => `arn:aws:ivschat:${region}:123456789012:room/AAAAAAAAAAAA`;

const notAnArn = [
  undefined, null, 42, true, {}, [], { split: 1 }, { toString: 1 }, Object.create(null), Symbol('room'), 10n, () => '',
  '', 'room', ':::', ':::eu-west-1', ':::__proto__:', ':::constructor:', [roomIn('eu-west-1')],
];

describe.each(Object.keys(functions))('the function for %s', (operation) => {
  const call = functions[operation]!;

  test('sends each request to the Region of its room, for rooms of all Regions in turn', async () => {
    const rooms = [...regions, ...[...regions].reverse()];
    for (const region of rooms) await call(roomIn(region));
    expect(requests).toEqual(rooms.map((region) => `/${operation} in ${region}`));
  });

  test('sends requests for rooms of two Regions at the same time', async () => {
    await Promise.all(['us-west-2', 'eu-west-1', 'us-west-2'].map((region) => call(roomIn(region))));
    expect(requests.sort()).toEqual(
      ['eu-west-1', 'us-west-2', 'us-west-2'].map((region) => `/${operation} in ${region}`));
  });

  test('sends the request to the Region of the environment if the package does not know the Region', async () => {
    await call(roomIn('eu-north-7'));
    expect(requests).toEqual([`/${operation} in us-east-1`]);
  });

  test.each(notAnArn.map((value) => [value]))('throws a ValidationException for the room %p', async (value) => {
    const error: any = await call(value).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(client.ValidationException);
    expect(error.$metadata.attempts).toBe(0);
    expect(new Set(error.fieldList.map(({ name }: { name: string }) => name))).toEqual(new Set(['roomIdentifier']));
    expect(requests).toEqual([]);
  });
});

test.each([undefined, null, 'text', 42])('createChatToken(%j) throws a ValidationException', async (request) => {
  await expect(runtime.createChatToken(request as never)).rejects.toBeInstanceOf(client.ValidationException);
});

test('10,000 refused calls with 10,000 Regions make no more clients than there are Regions', async () => {
  mockClients.length = 0;
  let createChatToken!: typeof runtime.createChatToken;
  jest.isolateModules(() => ({ createChatToken } = jest.requireActual('../../../lambda/runtime')));
  const refused = async (roomIdentifier: string) => {
    const error = await createChatToken({ roomIdentifier, userId: 'ada' }).catch((thrown) => thrown);
    expect(error.name).toBe('ValidationException');
  };

  for (let index = 0; index < 10_000; index++) await refused(`arn:aws:ivschat:region-${index}:1:no-room`);
  expect(mockClients).toEqual([undefined]);

  for (let index = 0; index < 1000; index++) {
    await refused(`arn:aws:ivschat:${regions[index % regions.length]}:1:no-room-${index}`);
  }
  expect(mockClients).toEqual([undefined, ...regions]);
  expect(requests).toEqual([]);
});
