/** Connections, deadlines, limits and network failures of the client, on real sockets. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect as connectSocket, createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import { CREDENTIALS, REGION } from './captured';
import { ROOM } from './inputs';
import {
  CreateChatTokenCommand, CreateRoomCommand, GetRoomCommand, IvschatClient, ListRoomsCommand, UntagResourceCommand,
  type Clock, type IvschatClientConfig,
} from '../../../lambda/client';

/** A clock on which time passes only by a call of `pass`. */
class ManualClock implements Clock {
  /** The milliseconds of all timers that were set. */
  readonly set: number[] = [];
  private readonly timers = new Map<object, { at: number; callback: () => void }>();
  private time = Date.UTC(2026, 0, 1);

  /** The number of timers that are set now. */
  get size() { return this.timers.size; }

  readonly now = () => this.time;

  readonly setTimeout = (callback: () => void, milliseconds: number) => {
    const timer = {};
    this.set.push(milliseconds);
    this.timers.set(timer, { at: this.time + milliseconds, callback });
    return timer;
  };

  readonly clearTimeout = (timer: any) => void this.timers.delete(timer);

  pass(milliseconds: number): void {
    this.time += milliseconds;
    for (const [timer, { at, callback }] of [...this.timers]) {
      if (at <= this.time && this.timers.delete(timer)) callback();
    }
  }
}

const opened: Array<{ close(): Promise<unknown> }> = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((thing) => thing.close()));
});

async function listening(server: Server | ReturnType<typeof createSocketServer>): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(resolve);
    }),
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (listener: RequestListener) => listening(createServer(listener));
const bodyOf = async (request: IncomingMessage) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};

function clientOf(endpoint: string, config: IvschatClientConfig = {}): IvschatClient {
  const client = new IvschatClient({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1, ...config });
  opened.push({ close: async () => client.destroy() });
  return client;
}
const getRoom = new GetRoomCommand({ identifier: ROOM });
const json = (response: ServerResponse, body: object) =>
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

test('the server receives the request of the command', async () => {
  const seen: any[] = [];
  const endpoint = await serve(async (request, response) => {
    seen.push({ method: request.method, url: request.url, headers: request.headers, body: await bodyOf(request) });
    json(response, { arn: ROOM });
  });
  const client = clientOf(endpoint);
  expect(await client.send(getRoom)).toMatchObject({
    arn: ROOM,
    $metadata: { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 },
  });
  await client.send(new UntagResourceCommand({ resourceArn: ROOM, tagKeys: ['a b', 'ü&='] }));
  expect(seen).toMatchObject([
    {
      method: 'POST',
      url: '/GetRoom',
      body: JSON.stringify({ identifier: ROOM }),
      headers: { 'content-type': 'application/json', 'host': endpoint.slice('http://'.length) },
    },
    { method: 'DELETE', url: `/tags/${encodeURIComponent(ROOM)}?tagKeys=%C3%BC%26%3D&tagKeys=a%20b`, body: '' },
  ]);
  expect(seen[0].headers['user-agent']).toBe('cdk-ivs-chat');
  expect(Object.keys(seen[0].headers).sort()).toEqual([
    'authorization', 'connection', 'content-length', 'content-type', 'host', 'user-agent', 'x-amz-date',
    'x-amz-security-token',
  ]);
});

test('characters of several bytes are sent and received', async () => {
  let userId;
  const endpoint = await serve(async (request, response) => {
    ({ userId } = JSON.parse(await bodyOf(request)));
    json(response, { token: 'tök€n😀' });
  });
  const command = new CreateChatTokenCommand({ roomIdentifier: ROOM, userId: 'ü€😀' });
  expect(await clientOf(endpoint).send(command)).toMatchObject({ token: 'tök€n😀' });
  expect(userId).toBe('ü€😀');
});

test('the path of the endpoint comes before the path of the operation', async () => {
  let url;
  const endpoint = await serve((request, response) => {
    url = request.url;
    json(response, {});
  });
  await clientOf(`${endpoint}/proxy/ivs/`).send(getRoom);
  expect(url).toBe('/proxy/ivs/GetRoom');
});

test('a connection stays open after an error, and the client closes it', async () => {
  const connections = new Set<Socket>();
  const endpoint = await serve((request, response) => {
    connections.add(request.socket);
    if (request.url === '/GetRoom') response.statusCode = 404;
    json(response, { rooms: [] });
  });
  const client = clientOf(endpoint);
  for (let i = 0; i < 5; i++) {
    await client.send(getRoom).catch(() => {});
    await client.send(new ListRoomsCommand({}));
  }
  expect(connections.size).toBe(1);
  const closed = new Promise((resolve) => [...connections][0]!.once('close', resolve));
  client.destroy();
  await closed;
  // The client opens a new connection, like the client of the SDK.
  await client.send(new ListRoomsCommand({}));
});

test('a connection that the server closed while it was idle is replaced', async () => {
  const endpoint = await listening(createSocketServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
  }));
  const client = clientOf(endpoint, { maxAttempts: 3 });
  for (let i = 0; i < 5; i++) await client.send(getRoom);
});

test('an attempt without a response ends at its deadline', async () => {
  const clock = new ManualClock();
  const endpoint = await serve(() => clock.pass(50));
  await expect(clientOf(endpoint, { clock, requestHandler: { requestTimeout: 50 } }).send(getRoom))
    .rejects.toMatchObject({ name: 'TimeoutError', message: 'no response within 50 ms' });
});

test('an attempt with an endless response ends at its deadline', async () => {
  const clock = new ManualClock();
  let closed!: Promise<unknown>;
  const endpoint = await serve((request, response) => {
    closed = new Promise((resolve) => response.on('close', resolve));
    response.writeHead(200);
    const more = () => {
      if (request.socket.destroyed) return; // `response.destroyed` stays false on Node 26
      clock.pass(1);
      response.write(' ', () => setImmediate(more));
    };
    more();
  });
  await expect(clientOf(endpoint, { clock, requestHandler: { requestTimeout: 100 } }).send(getRoom))
    .rejects.toMatchObject({ name: 'TimeoutError' });
  await closed;
});

test('an attempt without a connection ends at the deadline of connections, and the outcome is known', async () => {
  let connect: any;
  const agent = { destroy() {}, addRequest() {} };
  jest.spyOn(agent, 'addRequest').mockImplementation(((outgoing: any) => {
    const { Socket: NodeSocket } = jest.requireActual('node:net');
    const socket = new NodeSocket();
    socket.connecting = true; // The socket never connects.
    connect = socket;
    outgoing.onSocket(socket);
  }) as any);
  const client = clientOf('http://127.0.0.1:1', { requestHandler: { connectionTimeout: 30, httpAgent: agent as any } });
  await expect(client.send(new CreateRoomCommand({}))).rejects.toMatchObject({
    name: 'TimeoutError',
    code: 'ETIMEDOUT',
    message: 'no connection to 127.0.0.1 within 30 ms',
    $metadata: { attempts: 1 },
  });
  expect(connect.destroyed).toBe(true);
});

test('the deadline of connections does not limit the wait for a response', async () => {
  const clock = new ManualClock();
  const endpoint = await serve((_, response) => {
    clock.pass(4999);
    json(response, {});
  });
  await clientOf(endpoint, { clock, requestHandler: { connectionTimeout: 40 } }).send(getRoom);
  expect(clock.set).toEqual([5000, 40]);
});

test('a connection that an agent already has established has no deadline', async () => {
  const clock = new ManualClock();
  const endpoint = await serve((_, response) => {
    clock.pass(4999);
    json(response, {});
  });
  const agent = {
    addRequest(outgoing: any) {
      const socket = connectSocket(Number(new URL(endpoint).port), '127.0.0.1', () => outgoing.onSocket(socket));
    },
    destroy() {},
  };
  await clientOf(endpoint, { clock, requestHandler: { connectionTimeout: 40, httpAgent: agent } }).send(getRoom);
  expect(clock.set).toEqual([5000]);
});

test('an agent receives an IPv6 address without brackets', async () => {
  const agent = {
    addRequest: jest.fn((outgoing: any, _options: object) => {
      process.nextTick(() => outgoing.emit('error', new Error('seen')));
    }),
    destroy() {},
  };
  await expect(clientOf('http://[::1]:4001', { requestHandler: { httpAgent: agent } }).send(getRoom)).rejects.toThrow('seen');
  expect(agent.addRequest.mock.calls[0]![1]).toMatchObject({ host: '::1', port: 4001 });
});

test('no timer remains after a connection fails', async () => {
  const clock = new ManualClock();
  await expect(clientOf('http://127.0.0.1:1', { clock }).send(getRoom)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  for (let turn = 0; turn < 100 && clock.size > 0; turn++) await new Promise(setImmediate);
  expect(clock.set).toHaveLength(2);
  expect(clock.size).toBe(0);
});

describe('over TLS', () => {
  // A self-signed certificate for localhost, which is valid for a century.
  const tls = (name: string) => readFileSync(join(__dirname, 'tls', `${name}.pem`), 'utf8');
  const secure = async (listener: RequestListener) => {
    const server = createSecureServer({ key: tls('key'), cert: tls('certificate') }, listener);
    return (await listening(server)).replace('http://127.0.0.1', 'https://localhost');
  };
  const trusting = { ca: tls('certificate') };

  test('the deadline of connections does not limit the wait for a response', async () => {
    const clock = new ManualClock();
    const endpoint = await secure((request, response) => {
      clock.pass(4999);
      json(response, { arn: request.url });
    });
    const client = clientOf(endpoint, { clock, requestHandler: { connectionTimeout: 120, httpsAgent: trusting } });
    expect(await client.send(getRoom)).toMatchObject({ arn: '/GetRoom' });
  });

  test('an endless handshake ends at the deadline of connections, and the outcome is known', async () => {
    const clock = new ManualClock();
    const silent = createSocketServer((socket) => void socket.once('data', () => clock.pass(50)));
    const endpoint = (await listening(silent)).replace('http:', 'https:');
    const client = clientOf(endpoint, { clock, requestHandler: { connectionTimeout: 50 } });
    await expect(client.send(new CreateRoomCommand({})))
      .rejects.toMatchObject({ name: 'TimeoutError', message: 'no connection to 127.0.0.1 within 50 ms' });
  });

  test('the outcome is known after a broken handshake and with an untrusted certificate', async () => {
    const breaking = createSocketServer((socket) => void socket.once('data', () => socket.destroy()));
    const broken = (await listening(breaking)).replace('http:', 'https:');
    await expect(clientOf(broken).send(new CreateRoomCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
    const untrusted = await secure((_, response) => json(response, {}));
    await expect(clientOf(untrusted).send(new CreateRoomCommand({})))
      .rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
});

test('a character of a response can be in two chunks', async () => {
  const body = Buffer.from('{"name":"né"}');
  const half = body.indexOf('é') + 1;
  const endpoint = await serve((_, response) => {
    response.write(body.subarray(0, half));
    response.end(body.subarray(half));
  });
  expect(await clientOf(endpoint).send(getRoom)).toMatchObject({ name: 'né' });
});

test('a call that waits for a connection until its deadline is not sent, and the outcome is known', async () => {
  const clock = new ManualClock();
  const endpoint = await serve(() => clock.pass(100));
  const client = clientOf(endpoint, { clock, requestHandler: { requestTimeout: 100, httpAgent: { maxSockets: 1 } } });
  const create = () => client.send(new CreateRoomCommand({})).catch((error) => error.name);
  const [sent, waited] = await Promise.all([create(), create()]);
  expect([sent, waited]).toEqual(['AmbiguousOutcomeError', 'TimeoutError']);
});

test('an infinite deadline sets the longest timer of Node.js', async () => {
  const clock = new ManualClock();
  const endpoint = await serve((_, response) => json(response, {}));
  const client = clientOf(endpoint, { clock, callTimeout: Infinity, requestHandler: { requestTimeout: Infinity } });
  await client.send(getRoom);
  expect(clock.set).toEqual([2_147_483_647, 2000]);
});

test('a refused connection throws ECONNREFUSED, and the outcome is known', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await expect(clientOf(`http://127.0.0.1:${port}`).send(new CreateRoomCommand({})))
    .rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

describe.each<[string, string]>([
  ['that ends in its head', 'HTTP/1.1 200 OK\r\ncontent-le'],
  ['that ends in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"arn":'],
  ['that ends between chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"arn\r\n'],
  ['that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['that is empty', ''],
])('a response %s', (_, bytes) => {
  test('throws an error with a code, and the outcome of CreateRoom is ambiguous', async () => {
    const server = createSocketServer((socket) => void socket.once('data', () => socket.end(bytes)));
    const endpoint = await listening(server);
    const error: any = await clientOf(endpoint).send(getRoom).catch((thrown) => thrown);
    expect(error.code).toMatch(/^(ECONNRESET|HPE_)/);
    await expect(clientOf(endpoint).send(new CreateRoomCommand({})))
      .rejects.toMatchObject({ name: 'AmbiguousOutcomeError' });
  });
});

test('the client stops reading a response that is too long', async () => {
  let written = 0;
  const endpoint = await serve((request, response) => {
    response.writeHead(200);
    const more = () => {
      if (request.socket.destroyed) return; // `response.destroyed` stays false on Node 26
      written += 65536;
      response.write(Buffer.alloc(65536, ' '), more);
    };
    more();
  });
  await expect(clientOf(endpoint, { maximumResponseBytes: 100_000, maxAttempts: 3 }).send(getRoom))
    .rejects.toMatchObject({
      name: 'ResponseTooLargeError',
      message: 'the response is longer than 100000 bytes (maximumResponseBytes)',
      $metadata: { attempts: 1 },
    });
  expect(written).toBeLessThan(10_000_000);
});

test('a response with the maximum length is read', async () => {
  const body = JSON.stringify({ arn: 'a'.repeat(1000) });
  const endpoint = await serve((_, response) => response.end(body));
  const withMaximum = (maximumResponseBytes: number) => clientOf(endpoint, { maximumResponseBytes }).send(getRoom);
  expect((await withMaximum(body.length)).arn).toHaveLength(1000);
  await expect(withMaximum(body.length - 1)).rejects.toMatchObject({ name: 'ResponseTooLargeError' });
});

test.each([301, 302, 303, 307, 308])('the client does not follow a redirect with status %d', async (status) => {
  let elsewhere = 0;
  const target = await serve((_, response) => {
    elsewhere++;
    json(response, {});
  });
  const endpoint = await serve((_, response) => response.writeHead(status, { location: `${target}/GetRoom` }).end());
  await expect(clientOf(endpoint).send(getRoom))
    .rejects.toMatchObject({ name: 'Unknown', $metadata: { httpStatusCode: status } });
  expect(elsewhere).toBe(0);
});

test('an abort closes the connection of the call', async () => {
  const controller = new AbortController();
  const { signal: abortSignal } = controller;
  let closed!: Promise<unknown>;
  const endpoint = await serve((request) => {
    closed = new Promise((resolve) => request.socket.once('close', resolve));
    controller.abort();
  });
  await expect(clientOf(endpoint).send(getRoom, { abortSignal })).rejects.toMatchObject({ name: 'AbortError' });
  await closed;
});

test('destroy ends the calls in progress', async () => {
  let arrived!: () => void;
  const arrival = new Promise<void>((resolve) => arrived = resolve);
  const client = clientOf(await serve(() => arrived()));
  const call = client.send(getRoom).catch((thrown) => thrown);
  await arrival;
  client.destroy();
  expect(await call).toMatchObject({ code: 'ECONNRESET' });
});

describe('a request handler of the application', () => {
  /** Creates a client with a request handler that returns the body. */
  const handled = (bodyFor: (request: any, options: any) => any, config: IvschatClientConfig = {}) => {
    const handle = async (request: any, options: any) =>
      ({ response: { headers: {}, statusCode: 200, body: await bodyFor(request, options) } });
    return clientOf('https://example.com', { requestHandler: { handle }, ...config });
  };
  const bytes = Buffer.from('{"name":"tök€n😀"}');
  async function* chunks() {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }

  test.each<[string, () => unknown]>([
    ['text', () => bytes.toString()],
    ['bytes', () => new Uint8Array(bytes)],
    ['a Blob', () => new Blob([bytes])],
    ['a web stream', () => new Blob([bytes]).stream()],
    ['bytes one by one', chunks],
    ['pieces of text', () => ['{"name":', '"tök€n😀"}']],
  ])('can return %s', async (_, body) => {
    expect((await handled(body).send(getRoom)).name).toBe('tök€n😀');
    if (typeof body() === 'string') return;
    const withMaximum = (maximumResponseBytes: number) => handled(body, { maximumResponseBytes }).send(getRoom);
    expect((await withMaximum(bytes.length)).name).toBe('tök€n😀');
    await expect(withMaximum(bytes.length - 1)).rejects.toMatchObject({
      name: 'ResponseTooLargeError',
      message: `the response is longer than ${bytes.length - 1} bytes (maximumResponseBytes)`,
    });
  });

  test.each([null, undefined, ''])('can return %j as the body', async (body) => {
    expect(await handled(() => body).send(getRoom))
      .toEqual({ $metadata: expect.objectContaining({ httpStatusCode: 200 }) });
  });

  /** Returns the error of a call if the request handler throws this value. */
  const errorAfter = (thrown: unknown) => {
    const client = handled(() => {
      throw thrown;
    });
    return client.send(getRoom).then(() => 'no error', (error) => error);
  };

  test.each<[unknown, string]>([
    [undefined, 'the request handler failed'],
    [null, 'the request handler failed'],
    ['boom', 'the request handler failed'],
    [{ name: 'Nameless' }, 'the request handler failed'],
    [{ message: 'no name' }, 'no name'],
    [{ name: 5, message: 'no name' }, 'no name'],
    [{ name: 'Name', message: 5 }, '5'],
    [Object.freeze(new Error('frozen')), 'frozen'],
  ])('can throw %p, which becomes the cause of an error', async (thrown, message) => {
    const error = await errorAfter(thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'Error', message, cause: thrown, $metadata: { attempts: 1 } });
  });

  test('can return bodies that fail with the same error in each attempt', async () => {
    const error = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    async function* failing(): AsyncGenerator<string> {
      yield '{';
      throw error;
    }
    const client = handled(failing, { maxAttempts: 2, random: () => 0 });
    expect(await client.send(getRoom).catch((thrown) => thrown)).toBe(error);
    expect(error).toMatchObject({ $metadata: { attempts: 2 } });
  });

  test('can ask for a delay, by the clock of the client, which also signs the requests', async () => {
    const set: number[] = [];
    const clock: Clock = {
      now: () => 1000,
      setTimeout(callback, milliseconds) {
        set.push(milliseconds);
        if (milliseconds !== 5000) callback();
      },
      clearTimeout() {},
    };
    const headers = { 'retry-after': '2', 'date': new Date(0).toUTCString() };
    const answers = [{ statusCode: 503, headers }, { statusCode: 200, headers: {} }];
    const dates: string[] = [];
    const handle = async (request: any) => {
      dates.push(request.headers['x-amz-date']);
      return { response: answers.shift()! };
    };
    await clientOf('https://example.com', { clock, maxAttempts: 2, requestHandler: { handle } as any }).send(getRoom);
    expect(set).toEqual([5000, 2000, 5000]);
    expect(dates).toEqual(['19700101T000001Z', '19700101T000001Z']);
  });

  test('can throw an error of another realm, which the client throws unchanged', async () => {
    const foreign = { name: 'ForeignError', message: 'from another realm' };
    expect(await errorAfter(foreign)).toBe(foreign);
  });

  test('can read the abort signal of the attempt after its deadline', async () => {
    let options: any;
    const client = handled((_, given) => {
      options = given;
      return new Promise(() => {});
    });
    await expect(client.send(getRoom, { requestTimeout: 20 })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(options.abortSignal.aborted).toBe(true);
    expect(options.abortSignal.reason).toMatchObject({ name: 'TimeoutError' });
    expect(options.abortSignal).toBe(options.abortSignal);
  });
});

describe.each([
  ['NodeHttpHandler', () => new NodeHttpHandler()],
  ['FetchHttpHandler', () => new FetchHttpHandler()],
  ['UndiciHttpHandler', () => new UndiciHttpHandler()],
])('%s of the SDK', (_, createHandler) => {
  test('sends the requests of the client', async () => {
    const requests: any[] = [];
    const endpoint = await serve(async (request, response) => {
      requests.push([request.method, request.url, await bodyOf(request)]);
      if (request.url === '/CreateRoom') {
        response.writeHead(409, { 'x-amzn-errortype': 'ConflictException' }).end('{"message":"no"}');
        return;
      }
      json(response, { arn: ROOM, name: 'ü€😀'.repeat(10_000) });
    });
    const requestHandler = createHandler();
    const client = clientOf(endpoint, { requestHandler });
    expect((await client.send(getRoom)).name).toBe('ü€😀'.repeat(10_000));
    await expect(client.send(new CreateRoomCommand({}))).rejects.toMatchObject({ name: 'ConflictException' });
    await client.send(new UntagResourceCommand({ resourceArn: ROOM, tagKeys: ['a', 'b'] }));
    expect(requests[2]).toEqual(['DELETE', `/tags/${encodeURIComponent(ROOM)}?tagKeys=a&tagKeys=b`, '']);

    const limited = clientOf(endpoint, { requestHandler, maximumResponseBytes: 1000 });
    await expect(limited.send(getRoom)).rejects.toMatchObject({ name: 'ResponseTooLargeError' });
  });

  test('closes the connection at the deadline', async () => {
    const clock = new ManualClock();
    let closed!: Promise<unknown>;
    const endpoint = await serve((request) => {
      closed = new Promise((resolve) => request.socket.once('close', resolve));
      clock.pass(60);
    });
    const client = clientOf(endpoint, { clock, requestHandler: createHandler() });
    await expect(client.send(getRoom, { requestTimeout: 60 })).rejects.toMatchObject({ name: 'TimeoutError' });
    await closed;
  });
});

test.each(['http', 'https'])('the agent for %s keeps at most 50 connections open by default', async (protocol) => {
  const Agent = jest.spyOn(process.getBuiltinModule(`node:${protocol}` as 'node:http'), 'Agent');
  await expect(clientOf(`${protocol}://127.0.0.1:1`).send(getRoom)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(Agent.mock.calls).toEqual([[{ keepAlive: true, maxSockets: 50 }]]);
  Agent.mockRestore();
});

test('the client uses an agent of the application, or creates one with the options of the application', async () => {
  const { Agent } = jest.requireActual('node:http');
  const endpoint = await serve((_, response) => json(response, {}));
  const agent = new Agent({ keepAlive: false });
  const used = jest.spyOn(agent, 'addRequest');
  await clientOf(endpoint, { requestHandler: { httpAgent: agent } }).send(getRoom);
  expect(used).toHaveBeenCalledTimes(1);

  // The server answers two requests when both have arrived, so the client needs two connections.
  const sockets = new Set<Socket>();
  let waiting: ServerResponse | undefined;
  const pairs = await serve((request, response) => {
    sockets.add(request.socket);
    if (waiting) {
      json(waiting, {});
      json(response, {});
      waiting = undefined;
    } else {
      waiting = response;
    }
  });
  const client = clientOf(pairs, { requestHandler: { httpAgent: { maxSockets: 2, keepAlive: true } } });
  await Promise.all(Array.from({ length: 8 }, () => client.send(getRoom)));
  expect(sockets.size).toBe(2);
});

