import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Fixture, TestConnection } from './fixture';
import { VirtualClock } from '../../../local/clock';
import * as contract from '../../../src/contract/generated/operations';
import type { Operation } from '../../../src/contract/operation';
import type { Shape } from '../../../src/contract/shape';

const clock = new VirtualClock();
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({
    clock,
    verifySignatures: false,
    quotas: { messagingRequestsPerConnection: Infinity },
  });
});
afterAll(async () => {
  agent.destroy();
  await fixture.end();
});

interface Answer { status: number; errorType?: string; body: any }

/** Sends a request without any encoding or additional headers. */
function send(
  method: string,
  path: string,
  body?: string | Buffer,
  headers: { [name: string]: string } = { 'content-type': 'application/json' },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(fixture.chat.controlPlane);
    const request = httpRequest(
      {
        hostname,
        port,
        method,
        path,
        agent,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      },
      (response) => {
        let text = '';
        response
          .on('data', (chunk) => (text += chunk))
          .on('end', () => {
            try {
              resolve({
                status: response.statusCode!,
                errorType: response.headers['x-amzn-errortype'] as string,
                body: text ? JSON.parse(text) : undefined,
              });
            } catch (error) {
              reject(error);
            }
          });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/AAAAAAAAAAAA';
const valid: { [member: string]: unknown } = {
  roomIdentifier: ARN,
  userId: 'u',
  id: 'AAAAAAAAAAAA',
  eventName: 'e',
  resourceArn: ARN,
  tags: { a: 'b' },
  tagKeys: ['a'],
  destinationConfiguration: { s3: { bucketName: 'logs' } },
};
const identifierOf = (name: string) =>
  name.includes('Logging') ? ARN.replace('room/', 'logging-configuration/') : ARN;

/** Returns values that each violate one constraint of the shape, with the path of the problem. */
function* wrongValues(shape: Shape): Generator<[string, unknown]> {
  switch (shape.type) {
    case 'string':
      for (const value of [0, true, [], {}, ['x']]) yield [`${JSON.stringify(value)} for a string`, value];
      if (shape.minimum) yield ['too short', shape.pattern ? 'a'.repeat(shape.minimum - 1) : ''];
      if (shape.maximum !== undefined) yield ['too long', 'a'.repeat(shape.maximum + 1)];
      if (shape.maximum !== undefined && !shape.pattern) {
        yield ['too many characters beyond the first plane', '👋'.repeat(shape.maximum + 1)];
      }
      if (shape.pattern) {
        for (const value of ['not this', 'é', 'a/../b', 'x\n', '\u0000', ' ']) {
          if (!shape.pattern.test(value)) yield [`${JSON.stringify(value)} against the pattern`, value];
        }
      }
      if (shape.values) yield ['no such value', 'NO_SUCH_VALUE'], yield ['lower case', shape.values[0]!.toLowerCase()];
      return;
    case 'integer':
      for (const value of ['1', true, [], {}, 1.5, 1e300]) yield [`${JSON.stringify(value)} for an integer`, value];
      if (shape.minimum !== undefined) yield ['too small', shape.minimum - 1], yield ['negative', -1];
      if (shape.maximum !== undefined) yield ['too large', shape.maximum + 1];
      return;
    case 'list':
      for (const value of ['x', 1, {}]) yield [`${JSON.stringify(value)} for a list`, value];
      if (shape.maximum !== undefined) yield ['too many', Array(shape.maximum + 1).fill('a')];
      for (const [what, value] of wrongValues(shape.member)) yield [`a member: ${what}`, [value]];
      yield ['a null member', [null]];
      return;
    case 'map':
      for (const value of ['x', 1, []]) yield [`${JSON.stringify(value)} for a map`, value];
      if (shape.maximum !== undefined) {
        yield ['too many', Object.fromEntries([...Array(shape.maximum + 1)].map((_, i) => [`k${i}`, 'v']))];
      }
      if (shape.maximumBytes !== undefined) yield ['too many bytes', { a: 'é'.repeat(shape.maximumBytes / 2) }];
      if (shape.key.maximum) yield ['a key that is too long', { ['k'.repeat(shape.key.maximum + 1)]: 'v' }];
      if (shape.key.minimum) yield ['an empty key', { '': 'v' }];
      for (const [what, value] of wrongValues(shape.value)) yield [`a value: ${what}`, { a: value }];
      return;
    case 'structure':
      for (const value of ['x', 1, []]) yield [`${JSON.stringify(value)} for a structure`, value];
      if (shape.union) {
        yield ['no member', {}];
        yield ['two members', { s3: { bucketName: 'aaa' }, firehose: { deliveryStreamName: 'a' } }];
      }
      for (const [member, memberShape] of Object.entries(shape.members)) {
        for (const [what, value] of wrongValues(memberShape)) yield [`${member}: ${what}`, { [member]: value }];
      }
  }
}

const cases: [string, Operation, { [member: string]: unknown }, string][] = [];
for (const operation of Object.values(contract)) {
  if (operation.path.startsWith('/tags/') && operation.method !== 'POST') continue;
  const members = Object.entries(operation.input.members).filter(([member]) => !operation.path.includes(`{${member}}`));
  const base = Object.fromEntries(
    Object.keys(operation.input.members)
      .filter((member) => operation.input.required?.includes(member))
      .map((member) => [member, member === 'identifier' ? identifierOf(operation.name) : valid[member]]),
  );
  for (const [member, shape] of members) {
    for (const [what, value] of wrongValues(shape)) {
      cases.push([`${operation.name} ${member} ${what}`, operation, { ...base, [member]: value }, member]);
    }
    if (operation.input.required?.includes(member)) {
      cases.push([`${operation.name} ${member} missing`, operation, { ...base, [member]: undefined }, member]);
      cases.push([`${operation.name} ${member} null`, operation, { ...base, [member]: null }, member]);
    }
  }
}

test(`each of ${cases.length} wrong values is a 400 that names the field`, async () => {
  expect(cases.length).toBeGreaterThanOrEqual(345);
  const surprises: unknown[] = [];
  for (const [what, operation, input, member] of cases) {
    const answer = await send(
      operation.method,
      operation.path.replace('{resourceArn}', encodeURIComponent(ARN)),
      JSON.stringify(input),
    );
    const names: string[] = answer.body?.fieldList?.map(({ name }: { name: string }) => name) ?? [];
    if (
      answer.status !== 400
      || answer.errorType !== 'ValidationException'
      || answer.body.reason !== 'FIELD_VALIDATION_FAILED'
      || !names.length
      || !names.every((name) => name.startsWith(member))
    ) {
      surprises.push([what, answer]);
    }
  }
  expect(surprises).toEqual([]);
});

test('a wrong label or query parameter of a tag operation is a 400', async () => {
  for (const label of [
    '',
    'x',
    '%',
    '%zz',
    '%FF',
    encodeURIComponent('arn:aws:ivschat:us-west-2:1:stage/A'),
    encodeURIComponent(`${ARN}/x`),
    encodeURIComponent(`${ARN}${'x'.repeat(128)}`),
  ]) {
    for (const [method, query] of [
      ['GET', ''],
      ['DELETE', '?tagKeys=a'],
    ]) {
      expect(await send(method!, `/tags/${label}${query}`)).toMatchObject({
        status: 400,
        errorType: 'ValidationException',
      });
    }
  }
  const path = `/tags/${encodeURIComponent(ARN)}`;
  for (const query of [
    '',
    '?other=a',
    '?tagKeys=',
    `?tagKeys=${'k'.repeat(129)}`,
    `?${'tagKeys=a&'.repeat(51)}`,
    '?tagKeys=aws:x',
  ]) {
    expect(await send('DELETE', path + query)).toMatchObject({ status: 400, errorType: 'ValidationException' });
  }
});

test('tag keys that begin with aws: and more than 50 tags are refused', async () => {
  const arn = await fixture.createRoom({ tags: Object.fromEntries([...Array(50)].map((_, i) => [`k${i}`, ''])) });
  const tag = (tags: object) => send('POST', `/tags/${encodeURIComponent(arn)}`, JSON.stringify({ tags }));
  expect(await tag({ one: 'more' })).toMatchObject({ status: 400, errorType: 'ValidationException' });
  expect(await tag({ k7: 'changed' })).toMatchObject({ status: 200 });
  expect(await tag({ 'aws:mine': 'x' })).toMatchObject({ status: 400 });
});

test('the label of a tag operation takes precedence over a member of the body', async () => {
  const [arn, other] = [await fixture.createRoom(), await fixture.createRoom()];
  const body = JSON.stringify({ resourceArn: other, tags: { a: 'b' } });
  expect(await send('POST', `/tags/${encodeURIComponent(arn)}`, body)).toMatchObject({ status: 200 });
  const tagsOf = async (resourceArn: string) => (await fixture.chat.call('ListTagsForResource', { resourceArn })).tags;
  expect([await tagsOf(arn), await tagsOf(other)]).toEqual([{ a: 'b' }, {}]);
});

test('a null member is the same as a missing member', async () => {
  expect(
    await send('POST', '/ListRooms', '{"name":null,"loggingConfigurationIdentifier":null,"nextToken":null}'),
  ).toMatchObject({ status: 200 });
  const { body } = await send(
    'POST',
    '/CreateRoom',
    '{"name":null,"tags":null,"messageReviewHandler":{"uri":null,"fallbackResult":null}}',
  );
  expect(body).toMatchObject({ name: '', tags: {} });
  const destinationConfiguration = { s3: null, firehose: { deliveryStreamName: 'f' } };
  expect(
    (await send('POST', '/CreateLoggingConfiguration', JSON.stringify({ destinationConfiguration }))).body
      .destinationConfiguration,
  ).toEqual({ firehose: { deliveryStreamName: 'f' } });
});

test('an unknown member has no effect, also inside of another one', async () => {
  const destinationConfiguration = { s3: { bucketName: 'logs', toString: 'x' }, constructor: { bucketName: 'more' } };
  const { body } = await send('POST', '/CreateLoggingConfiguration', JSON.stringify({ destinationConfiguration }));
  expect(body.destinationConfiguration).toEqual({ s3: { bucketName: 'logs' } });
});

test('__proto__ is a valid tag key', async () => {
  const { body } = await send(
    'POST',
    '/CreateRoom',
    '{"tags":{"__proto__":"x","constructor":"y"},"__proto__":{"name":"polluted"}}',
  );
  expect(Object.keys(body.tags).sort()).toEqual(['__proto__', 'constructor']);
  expect([body.name, ({} as any).name]).toEqual(['', undefined]);
});

const bodies: [string, string | Buffer, number][] = [
  ['nothing', '', 200],
  ['an empty object', '{}', 200],
  ['unknown members', '{"unknown":1}', 200],
  ['text', 'nonsense', 400],
  ['half an object', '{"name":', 400],
  ['a list', '[]', 400],
  ['null', 'null', 400],
  ['a string', '"x"', 400],
  ['a number', '1', 400],
  ['single quotes', "{'name':'x'}", 400],
  ['a comment', '{/* */}', 400],
  ['a trailing comma', '{"name":"x",}', 400],
  ['NaN', '{"maximumMessageLength":NaN}', 400],
  ['an infinite number', '{"maximumMessageLength":1e400}', 400],
  ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
  ['UTF-16', Buffer.from('{}', 'utf16le'), 400],
  ['a thousand brackets', '['.repeat(1000) + ']'.repeat(1000), 400],
  ['a hundred thousand brackets', `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
  ['an unknown member that is nested deep', `{"unknown":${'['.repeat(40)}${']'.repeat(40)}}`, 400],
  ['deep tags', `{"tags":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`, 400],
  ['256 KiB', '{}'.padEnd(256 * 1024), 200],
  ['a byte more than 256 KiB', '{}'.padEnd(256 * 1024 + 1), 413],
  ['256 KiB and more', `{"name":"${'x'.repeat(256 * 1024)}"}`, 413],
  ['a MiB', 'x'.repeat(1024 * 1024), 413],
];
test.each(bodies)('a body of %s', async (_what, body, status) => {
  const answer = await send('POST', '/CreateRoom', body).catch(() => ({ status })); // a refused request can be reset
  expect(answer.status).toBe(status);
});

test.each(['/CreateRoom', '/_local/KEY/call'])('a body that is too large for %s ends the connection', async (path) => {
  const { controlPlane, console: page } = fixture.chat;
  const url = path === '/CreateRoom' ? controlPlane + path : `${page}call`;
  const headers = { 'content-type': 'application/json', 'content-length': 1024 * 1024 };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { method: 'POST', headers }, resolve).on('error', reject).write('x'.repeat(512 * 1024));
  });
  expect([response.statusCode, response.headers.connection]).toEqual([413, 'close']);
  response.destroy();
  if (path === '/CreateRoom') {
    expect((await fixture.state()).requests[0]).toMatchObject({
      operation: 'CreateRoom', status: 413, error: 'RequestEntityTooLargeException',
    });
  }
});

test('a request is recorded without a response if the connection ends before the end of the body', async () => {
  const { host, hostname, port } = new URL(fixture.chat.controlPlane);
  const socket = connect(Number(port), hostname);
  socket.write(`POST /CreateRoom HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\n{`, () => socket.destroy());
  const isAborted = ({ error }: { error?: string }) => error === 'RequestAbortedException';
  while (!(await fixture.state()).requests.some(isAborted)) await new Promise(setImmediate);
  expect((await fixture.state()).requests.find(isAborted)).toMatchObject({ operation: 'CreateRoom', status: 0 });
});

test.each([
  ['POST', '/NoSuchOperation', 400],
  ['GET', '/CreateRoom', 400],
  ['PUT', '/CreateRoom', 400],
  ['POST', '/createroom', 400],
  ['POST', '/CreateRoom/', 400],
  ['POST', '/', 400],
  ['GET', '/', 400],
  ['POST', '/../CreateRoom', 400],
  ['POST', '/%43reateRoom', 400],
  ['PATCH', '/tags/x', 400],
  ['GET', '/_localhost', 400],
  ['TRACE', '/', 400],
  ['OPTIONS', '/CreateRoom', 400],
  ['GET', '/_local/nothing', 403],
  ['GET', '/_local/../CreateRoom', 403],
  ['GET', '/_local/', 403],
])('%s %s is answered with %i', async (method, path, status) => {
  expect((await send(method, path)).status).toBe(status);
});

test('a content-type other than JSON is a 415, and a missing one is accepted', async () => {
  for (const [type, status] of [
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json; charset=utf-8', 200],
    ['APPLICATION/JSON', 200],
    ['application/json ; charset=utf-8', 200],
    ['text/json', 415],
    ['application/jsonlines', 415],
  ] as const) {
    expect((await send('POST', '/ListRooms', '{}', { 'content-type': type })).status).toBe(status);
  }
  expect((await send('POST', '/ListRooms', '{}', {})).status).toBe(200);
});

test.each<[string, string, string | undefined, string, number, string, object]>([
  [
    'PUT', '/CreateRoom?x=y', undefined, 'application/json', 400, 'ValidationException',
    { message: 'There is no operation PUT /CreateRoom', reason: 'UNKNOWN_OPERATION' },
  ],
  [
    'GET', '/tagsx', undefined, 'application/json', 400, 'ValidationException',
    { message: 'There is no operation GET /tagsx', reason: 'UNKNOWN_OPERATION' },
  ],
  [
    'POST', '/CreateRoom', '[]', 'application/json', 400, 'ValidationException',
    { message: 'The body must be a JSON object in UTF-8, nested no deeper than 32', reason: 'OTHER' },
  ],
  [
    'POST', '/CreateRoom', '{}', 'text/plain', 415, 'UnsupportedMediaTypeException',
    { message: 'The content-type must be application/json' },
  ],
  [
    'GET', '/tags/%', undefined, 'application/json', 400, 'ValidationException',
    {
      message: 'Request member: resourceArn failed to satisfy the constraints: must be percent-encoded UTF-8',
      reason: 'FIELD_VALIDATION_FAILED',
      fieldList: [{ name: 'resourceArn', message: 'must be percent-encoded UTF-8' }],
    },
  ],
])('%s %s with the body %s of the type %s is explained', async (method, path, text, type, status, errorType, body) => {
  expect(await send(method, path, text, { 'content-type': type })).toEqual({ status, errorType, body });
});

test('an operation without output has an empty response', async () => {
  const arn = await fixture.createRoom();
  const tags = `/tags/${encodeURIComponent(arn)}`;
  const empty = (status: number) => ({ status, errorType: undefined, body: undefined });
  const disconnect = JSON.stringify({ roomIdentifier: arn, userId: 'u' });
  expect(await send('POST', tags, '{"tags":{"a":"b"}}')).toEqual(empty(200));
  expect(await send('DELETE', `${tags}?tagKeys=a`)).toEqual(empty(200));
  expect(await send('POST', '/DisconnectUser', disconnect)).toEqual(empty(200));
  expect(await send('POST', '/DeleteRoom', JSON.stringify({ identifier: arn }))).toEqual(empty(204));
});

describe('invalid HTTP', () => {
  const host = () => new URL(fixture.chat.controlPlane).host;
  const families: [string, () => string | Buffer, RegExp][] = [
    ['nonsense', () => 'nonsense\r\n\r\n', /^HTTP\/1.1 400/],
    ['a TLS hello', () => Buffer.from('160301020001000001fc0303', 'hex'), /^HTTP\/1.1 400/],
    ['no Host', () => 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1.1 400/],
    ['two Hosts', () => `GET /ListRooms HTTP/1.1\r\nHost: ${host()}\r\nHost: attacker.example\r\n\r\n`, /^HTTP\/1.1 4/],
    [
      'another Host',
      () => 'POST /ListRooms HTTP/1.1\r\nHost: attacker.example\r\nContent-Length: 0\r\n\r\n',
      /^HTTP\/1.1 403/,
    ],
    [
      'two lengths',
      () => `POST /ListRooms HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      /^HTTP\/1.1 400/,
    ],
    [
      'a length and chunks',
      () =>
        `POST /ListRooms HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`
        + '0\r\n\r\n',
      /^HTTP\/1.1 400/,
    ],
    [
      'a negative length',
      () => `POST /ListRooms HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: -1\r\n\r\n`,
      /^HTTP\/1.1 400/,
    ],
    [
      'broken chunks',
      () => `POST /ListRooms HTTP/1.1\r\nHost: ${host()}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      /^HTTP\/1.1 400/,
    ],
    [
      'a header of 64 KiB',
      () => `GET / HTTP/1.1\r\nHost: ${host()}\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`,
      /^HTTP\/1.1 431/,
    ],
    ['a line feed in a header', () => `GET / HTTP/1.1\r\nHost: ${host()}\r\nX: a\rb\r\n\r\n`, /^HTTP\/1.1 400/],
    [
      'an absolute address',
      () => `POST http://attacker.example/ListRooms HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 0\r\n\r\n`,
      /^HTTP\/1.1 4/,
    ],
    ['an asterisk', () => `OPTIONS * HTTP/1.1\r\nHost: ${host()}\r\n\r\n`, /^HTTP\/1.1 4/],
    ['CONNECT', () => `CONNECT ${host()} HTTP/1.1\r\nHost: ${host()}\r\n\r\n`, /^(HTTP\/1.1 4.*)?$/s],
    [
      'an upgrade to something else',
      () => `GET / HTTP/1.1\r\nHost: ${host()}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
      /^HTTP\/1.1 4/,
    ],
    [
      'an upgrade without a token',
      () => `GET / HTTP/1.1\r\nHost: ${host()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      /^HTTP\/1.1 401/,
    ],
    [
      'an upgrade without a key',
      () =>
        `GET / HTTP/1.1\r\nHost: ${host()}\r\nConnection: Upgrade\r\nUpgrade: `
        + 'websocket\r\nSec-WebSocket-Protocol: x\r\n\r\n',
      /^HTTP\/1.1 4/,
    ],
    [
      'an upgrade of a POST',
      () =>
        `POST / HTTP/1.1\r\nHost: ${host()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
        + 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: x\r\n'
        + 'Content-Length: 0\r\n\r\n',
      /^HTTP\/1.1 4/,
    ],
    [
      'an unknown expectation',
      () => `POST /ListRooms HTTP/1.1\r\nHost: ${host()}\r\nExpect: miracles\r\nContent-Length: 0\r\n\r\n`,
      /^HTTP\/1.1 417/,
    ],
  ];
  test.each(families)('%s', async (_what, bytes, expected) => {
    const { hostname, port } = new URL(fixture.chat.controlPlane);
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket: Socket = connect(Number(port), hostname, () => socket.end(bytes()));
      socket.on('data', (chunk) => text += chunk).on('close', () => resolve(text)).on('error', () => {});
    });
    expect(answer).toMatch(expected);
    expect((await send('POST', '/ListRooms', '{}')).status).toBe(200);
  });
});

describe('fuzz', () => {
  const count = process.env.LONG_TESTS ? 100_000 : 3000;
  const seed = Number(process.env.IVS_CHAT_FUZZ_SEED ?? 1 + Date.now() % 1_000_000);
  let state = seed;
  const random = (below: number) => { // the Park-Miller generator, so that a seed repeats a run
    state = (state * 48271) % 2147483647;
    return Math.trunc(state / 7) % below;
  };
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;
  const scraps: readonly (() => unknown)[] = [
    () => null,
    () => true,
    () => random(1000) - 500,
    () => 1.5,
    () => '',
    () => 'x'.repeat(random(600)),
    () => '👋\u0000\ud800é',
    () => ARN,
    () => identifierOf('Logging'),
    () => 'AAAAAAAAAAAA',
    () => [],
    () => ({}),
    () => [anything()],
    () => ({ [anyKey()]: anything() }),
    () => 'SEND_MESSAGE',
    () => ({ s3: { bucketName: 'abc' } }),
    () => ({ uri: anything(), fallbackResult: 'DENY' }),
  ];
  const anything = (): unknown => pick(scraps)();
  const keys = [
    ...new Set(Object.values(contract).flatMap(({ input }) => Object.keys(input.members))),
    'Action',
    'Content',
    'Attributes',
    'RequestId',
    'Id',
    'UserId',
    'Reason',
    '__proto__',
    'constructor',
    '',
  ];
  const anyKey = () => pick(keys);
  const mangled = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    for (let n = random(4); n > 0 && bytes.length; n--) bytes[random(bytes.length)] = random(256);
    return random(4) ? bytes : bytes.subarray(0, random(bytes.length + 1));
  };
  const anyObject = () => Object.fromEntries([...Array(random(6))].map(() => [anyKey(), anything()]));

  test(`each of ${count} requests has a 2xx or 4xx response (seed ${seed})`, async () => {
    const surprises: unknown[] = [];
    const operations = Object.values(contract);
    let left = count;
    const statuses = new Set<number>();
    await Promise.all([...Array(16)].map(async () => {
      while (left-- > 0) {
        const operation = pick(operations);
        const label = pick([ARN, identifierOf('Logging'), 'x', '%41%zz', '..%2f..', encodeURIComponent(ARN)]);
        const query = pick(['', '', '?tagKeys=a', '?tagKeys=%FF&tagKeys=+', '?a=b&&=']);
        const path =
          (random(20)
            ? operation.path.replace('{resourceArn}', label)
            : `/${encodeURIComponent(JSON.stringify(anything()))}`) + query;
        const text = JSON.stringify(anyObject());
        const sent = random(3) ? text : mangled(text);
        const body = operation.method === 'POST' ? sent : undefined;
        const answer = await send(operation.method, path, body).catch((error) => ({ status: 0, body: String(error) }));
        statuses.add(answer.status);
        const expected = (answer.status >= 200 && answer.status < 300) || (answer.status >= 400 && answer.status < 500);
        if (!expected) surprises.push([operation.method, path, String(body), answer]);
      }
    }));
    expect(surprises).toEqual([]);
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 404]));
  }, 30_000 + count * 5);

  test(
    `each of ${count} frames has one response: a MESSAGE, an EVENT or an ERROR below 500 (seed ${seed})`,
    async () => {
      const room = await fixture.createRoom({ maximumMessageRatePerSecond: 100 });
      const connection: TestConnection = await fixture.connect(
        room,
        'fuzz',
        ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'],
        { sessionDurationInMinutes: 180 },
      );
      const codes = new Set<number | string>();
      for (let sent = 0; sent < count; sent++) {
        if (sent % 50 === 0) clock.advance(500);
        const action = random(3) ? { Action: pick(['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER']) } : {};
        const frame = {
          ...action,
          ...(random(3) ? { Content: 'x', Id: 'AAAAAAAAAAAA', UserId: 'nobody' } : {}),
          ...anyObject(),
        };
        if ((frame as any).UserId === 'fuzz') continue;
        const text = JSON.stringify(frame);
        const bytes = random(3) ? Buffer.from(text) : mangled(text);
        let isText = random(30) > 0;
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        } catch {
          isText = false;
        } // a text frame must be UTF-8
        connection.socket.send(bytes, { binary: !isText });
        const answer = await connection.next();
        expect(['MESSAGE', 'EVENT', 'ERROR']).toContain(answer.Type);
        if (answer.Type === 'ERROR') expect([400, 403, 413, 429]).toContain(answer.ErrorCode);
        codes.add(answer.ErrorCode ?? answer.Type);
        connection.frames.length = 0;
        (connection as any).taken = 0;
      }
      expect([...codes]).toEqual(expect.arrayContaining(['MESSAGE', 'EVENT', 400]));
      expect(connection.socket.readyState).toBe(connection.socket.OPEN);
    },
    30_000 + count * 5,
  );
});
