/** The handler of the function: its environment, its network and its log. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Harness } from './world/harness';

const ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl';
const before = { ...process.env };
let server: Server;
let endpoint: string;
const requests: string[] = [];
const bodies: string[] = [];
const lengths: number[][] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers, rawHeaders } = request;
    lengths.push(rawHeaders.filter((_, index) => rawHeaders[index - 1] === 'content-length').map(Number));
    const key = /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1];
    requests.push([method, url, headers['user-agent'], key, headers['x-amz-security-token']].join(' '));
    bodies.push(body);
    if (url === '/GetRoom') response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' });
    response.end(`{"rooms":[]}${' '.repeat(15_000_000)}`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_REGION: 'us-west-2',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'AKID1',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
});

afterAll(async () => {
  process.env = before;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

test('the handler has the credentials of the environment, responds, and logs one line', async () => {
  const logged = jest.spyOn(console, 'log').mockImplementation(() => {});
  const { handler } = jest.requireActual('../../../lambda/custom-resource');
  process.env.AWS_ACCESS_KEY_ID = 'AKID2'; // Lambda can change the credentials.
  const event = new Harness().event({
    RequestType: 'Delete', RequestId: 'é', PhysicalResourceId: ARN, ResponseURL: `${endpoint}/response?a=b`,
  });
  await handler(event, { getRemainingTimeInMillis: () => 60_000 });
  const lines = logged.mock.calls.map(([line]) => JSON.parse(line));
  logged.mockRestore();

  const signed = 'cdk-ivs-chat AKID2 token';
  expect(requests).toEqual([
    `POST /GetRoom ${signed}`, `POST /ListRooms ${signed}`, 'PUT /response?a=b cdk-ivs-chat  ',
  ]);
  expect(lengths).toEqual(bodies.map((body) => [Buffer.byteLength(body)])); // HTTP servers refuse a second length.
  expect(JSON.parse(bodies.at(-1)!)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ARN });
  expect(lines).toMatchObject([{ message: 'Delete SUCCESS', physicalResourceId: ARN }]);
});
