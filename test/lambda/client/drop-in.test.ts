/** Only the import path changes in a migration: the same code compiles with both packages and has the same results. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as ts from 'typescript';
import { CREDENTIALS, REGION, Transport } from './captured';
import { applications } from './drop-in/applications';
import { LOGGING, ROOM } from './inputs';

type CallSites = typeof import('./drop-in/call-sites');
type Applications = typeof import('./drop-in/applications');

const SDK = '@aws-sdk/client-ivschat';
const OURS = '../../../../lambda/client';
const TEST_FOLDER = join(__dirname, '..', '..');
/** The code that imports the SDK. */
const SOURCES = ['call-sites.ts', 'applications.ts'];

const loadOurs = () => jest.requireActual('../../../lambda/client');
const loadSdk = () => jest.requireActual(SDK);
const bothPackages: Array<() => any> = [loadOurs, loadSdk];

test('the call sites compile with another import path, and no type is any', () => {
  const folder = join(__dirname, 'drop-in');
  const sources = SOURCES.map((name) => join(folder, name));
  const migrated = new Map(SOURCES.map((name) => {
    const source = readFileSync(join(folder, name), 'utf8').replaceAll(`'${SDK}'`, `'${OURS}'`);
    expect(source).not.toContain(SDK);
    return [join(folder, `migrated-${name}`), source];
  }));

  const { config } = ts.readConfigFile(join(TEST_FOLDER, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: sources },
    ts.sys,
    TEST_FOLDER,
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => migrated.has(name) || fileExists(name);
  host.readFile = (name) => migrated.get(name) ?? readFile(name);
  host.getSourceFile = (name, version) => {
    const source = migrated.get(name);
    return source ? ts.createSourceFile(name, source, version) : getSourceFile(name, version);
  };

  const program = ts.createProgram([...sources, ...migrated.keys(), join(folder, 'assignable.ts')], options, host);
  const files = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(__dirname));
  const problems = files.flatMap((file) => program.getSemanticDiagnostics(file)).map(({ file, start, messageText }) => {
    const line = file?.getLineAndCharacterOfPosition(start!).line;
    return `${file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(problems).toEqual([]);
  for (const name of migrated.keys()) expect(program.getSourceFile(name)).toBeDefined();
}, 60_000);

/** Loads the call sites with a package in the place of the SDK, and creates clients with a transport for the test. */
function withPackage<Sites extends object = CallSites>(load: () => any, name = 'call-sites') {
  let sites!: Sites;
  let loaded: any;
  jest.resetModules(); // An application can load the package again later.
  jest.isolateModules(() => {
    loaded = load();
    jest.doMock(SDK, () => loaded);
    sites = jest.requireActual<Sites>(`./drop-in/${name}`);
  });
  const transport = new Transport();
  const config = { region: REGION, credentials: CREDENTIALS, requestHandler: transport, maxAttempts: 1 };
  return { sites, transport, client: new loaded.IvschatClient(config), aggregated: new loaded.Ivschat(config), loaded };
}

const notFound = {
  statusCode: 404,
  headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
  body: '{"message":"no"}',
};
const bodies: Record<string, object> = {
  '/CreateRoom': {
    arn: ROOM,
    createTime: '2026-01-01T00:00:00Z',
    messageReviewHandler: { uri: 'arn', fallbackResult: 'DENY' },
  },
  '/GetRoom': { name: 'room', tags: { a: 'b' } },
  '/ListRooms': { rooms: [{ name: 'one' }, { name: 'two' }], nextToken: 'next' },
  '/CreateLoggingConfiguration': { state: 'ACTIVE' },
  '/GetLoggingConfiguration': { state: 'DELETING', destinationConfiguration: { s3: { bucketName: 'bucket' } } },
  '/ListLoggingConfigurations': { loggingConfigurations: [{ id: 'AbCdEf012345' }] },
  '/UpdateLoggingConfiguration': { state: 'ACTIVE' },
  '/CreateChatToken': { token: 'token', tokenExpirationTime: '2026-01-01T00:01:00Z' },
  '/SendEvent': { id: 'AbCdEf012345' },
  '/DeleteMessage': { id: 'AbCdEf012345' },
};

const resource = { resourceId: 'id', resourceType: 'ROOM' };
const exceptions: Array<[name: string, statusCode: number, members: object]> = [
  ['AccessDeniedException', 403, {}],
  ['ConflictException', 409, resource],
  ['InternalServerException', 500, {}],
  ['PendingVerification', 403, {}],
  ['ResourceNotFoundException', 404, resource],
  ['ServiceQuotaExceededException', 402, { limit: 5 }],
  ['ThrottlingException', 429, { limit: 7 }],
  ['ValidationException', 400, { reason: 'FIELD_VALIDATION_FAILED', fieldList: [{ name: 'name', message: 'm' }] }],
  ['StrangeException', 418, {}],
];

/** Returns everything that the call sites send, return and throw. */
async function behavior(load: () => any) {
  const { sites, transport, client, aggregated, loaded } = withPackage(load);

  transport.answer = ({ path, body }) => {
    if (path === '/tags/') return notFound;
    const response: any = { ...bodies[path] ?? { tags: { team: 'chat' } } };
    if (path === '/ListRooms' && body?.includes('nextToken')) delete response.nextToken;
    return { body: JSON.stringify(response) };
  };
  const typeOfSend = (config: object) => typeof new loaded.IvschatClient({ ...config, logger: undefined }).send;
  const results = {
    configurations: sites.configurations.map(typeOfSend),
    rooms: await sites.rooms(client, ROOM, LOGGING),
    loggingConfigurations: await sites.loggingConfigurations(client, LOGGING),
    chat: await sites.chat(client, ROOM),
    tags: await sites.tagsOf(client, ROOM),
    aggregate: await sites.aggregate(aggregated, ROOM, LOGGING),
    pages: await sites.pages(client),
    configurationOf: await sites.configurationOf(client),
  };
  const requests = transport.requests.map(({ method, path, query = {}, body }) =>
    ({ method, path, query, body: body && JSON.parse(body) }));

  const explained = [];
  for (const [name, statusCode, members] of exceptions) {
    transport.answer = () => ({
      statusCode,
      headers: {
        'x-amzn-errortype': name,
        'x-amzn-requestid': 'request',
        'x-amz-id-2': 'extended',
        'x-amz-cf-id': 'cf',
      },
      body: JSON.stringify({ message: 'no', ...members }),
    });
    explained.push(await client.send(new loaded.GetRoomCommand({ identifier: ROOM })).catch(sites.explain));
  }
  return { results, requests, explained };
}

test('the call sites send, return and throw the same with both packages', async () => {
  const ours = await behavior(loadOurs);
  expect(ours.results.aggregate).toHaveLength(19);
  expect(ours.explained).not.toContain('something else');
  expect(ours).toEqual(await behavior(loadSdk));
});

describe('an application', () => {
  let server: Server;
  let requests: Array<{ method?: string; url: string; body: unknown }>;
  let environment: NodeJS.ProcessEnv;
  /** The first words of the user agents. */
  let packages: Set<string>;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const { method, url = '', headers } = request;
      requests.push({ method, url, body: text && JSON.parse(text) });
      packages.add(/^\S+?(?=\/|$)/.exec(headers['user-agent'] ?? '')![0]);
      const fail = (statusCode: number, name: string, members = {}) =>
        response.writeHead(statusCode, { 'x-amzn-errortype': name }).end(JSON.stringify({ message: 'no', ...members }));
      if (text.includes('"denied"')) return fail(403, 'AccessDeniedException');
      if (text.includes('"flaky"') && requests.length === 1) return fail(503, 'ServiceUnavailable');
      if (/"gone"|missing00000/.test(text)) return fail(404, 'ResourceNotFoundException', resource);
      const page = text.includes('"nextToken":"next"') ? 1 : 0;
      return response.end(JSON.stringify(url.startsWith('/ListRooms') ? pages[page] : answers[url] ?? answers.other));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    environment = process.env;
    process.env = {
      ...environment,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_IVSCHAT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    };
  });

  afterAll(() => {
    process.env = environment;
    server.closeAllConnections();
    server.close();
  });

  const answers: Record<string, object> = {
    ...bodies,
    '/CreateRoom': { ...bodies['/CreateRoom'], id: 'AbCdEf012345', tags: { stage: 'dev' } },
    '/GetRoom': { name: 'lobby', maximumMessageLength: 500, messageReviewHandler: { fallbackResult: 'DENY' } },
    '/CreateChatToken': { ...bodies['/CreateChatToken'], sessionExpirationTime: '2026-01-01T01:00:00Z' },
    '/CreateLoggingConfiguration': { arn: LOGGING, state: 'ACTIVE' },
    'other': { tags: { team: 'chat' } },
  };
  const pages = [
    { rooms: [{ arn: ROOM, name: 'a', tags: { demo: 'yes' } }, { arn: `${ROOM}2` }], nextToken: 'next' },
    { rooms: [{ arn: `${ROOM}3`, name: 'c', tags: { demo: 'yes' }, updateTime: '2026-01-01T00:00:00Z' }] },
  ];

  const names = Object.keys(applications) as Array<keyof typeof applications>;
  test.each(names)('with %s sends, returns and throws the same with both packages', async (name) => {
    const outcomes = [];
    packages = new Set();
    for (const load of bothPackages) {
      requests = [];
      const application = withPackage<Applications>(load, 'applications').sites.applications[name];
      const result = await application().then((value) => ({ value }), (error) => ({ error: String(error) }));
      requests.sort((a, b) => a.url.localeCompare(b.url)); // An application can send several at the same time.
      outcomes.push({ result, requests });
    }
    const [ours, sdk] = outcomes;
    expect(ours).toEqual(sdk);
    expect([...packages]).toEqual(['cdk-ivs-chat', 'aws-sdk-js']);
    expect(ours!.result).toHaveProperty('value');
  });
});

test('await, promises, callbacks and the methods of version 2 have the same results with both packages', async () => {
  const [ours, sdk] = await Promise.all(bothPackages.map(async (load) => {
    const { sites, transport, client, aggregated } = withPackage(load);
    transport.answer = () => ({ body: '{"rooms":[]}' });
    return sites.styles(client, aggregated);
  }));
  expect(ours).toEqual([
    'object', 'object', 'finally', 'null object', 'null object', 'object', 'object', 'null object', 'null object',
  ]);
  expect(ours).toEqual(sdk);
});

test('a callback receives the same exception with both packages', async () => {
  const [ours, sdk] = await Promise.all(bothPackages.map(async (load) => {
    const { client, transport, aggregated, loaded } = withPackage(load);
    transport.answer = () => notFound;
    const command = new loaded.GetRoomCommand({ identifier: ROOM });
    const calls: Array<(callback: (error: any, output: any) => void) => void> = [
      (callback) => client.send(command, callback),
      (callback) => client.send(command, {}, callback),
      (callback) => aggregated.getRoom({ identifier: ROOM }, callback),
    ];
    return Promise.all(calls.map((call) => new Promise((resolve) =>
      call((error, output) => resolve([error.name, error.message, output])))));
  }));
  expect(ours).toEqual(Array(3).fill(['ResourceNotFoundException', 'no', undefined]));
  expect(ours).toEqual(sdk);
});

test.each([
  ['our client', loadOurs], ['the SDK', loadSdk],
])('a test of an application can replace and restore a method of %s', async (_, load) => {
  const { Ivschat } = load();
  const replaced = jest.spyOn(Ivschat.prototype, 'getRoom').mockResolvedValue({ name: 'replaced' });
  expect(await new Ivschat({ region: 'us-west-2' }).getRoom({ identifier: ROOM })).toEqual({ name: 'replaced' });
  replaced.mockRestore();
  const { configurable, writable, value } = Object.getOwnPropertyDescriptor(Ivschat.prototype, 'getRoom')!;
  expect([configurable, writable, typeof value]).toEqual([true, true, 'function']);
});

test('an error in a callback is an uncaught exception, and not a rejection of the call', async () => {
  const { client, transport, loaded } = withPackage(loadOurs);
  transport.answer = () => ({ body: '{}' });
  const unhandled: unknown[] = [];
  const caught = new Promise<unknown>((resolve) => {
    jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) => {
      try {
        task();
      } catch (error) {
        resolve(error);
      }
    });
  });
  process.once('unhandledRejection', (error) => unhandled.push(error));
  client.send(new loaded.GetRoomCommand({ identifier: ROOM }), () => {
    throw new Error('of the application');
  });
  expect(await caught).toMatchObject({ message: 'of the application' });
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
  jest.restoreAllMocks();
});

test('the client exports all names of the SDK except its internal classes', () => {
  const ours = loadOurs();
  const sdk = loadSdk();
  const common = Object.keys(sdk).filter((name) => name in ours);
  expect(Object.keys(sdk).filter((name) => !common.includes(name)).sort()).toEqual(['$Command', '__Client']);
  for (const name of common) {
    if (typeof sdk[name] === 'object') expect(ours[name]).toEqual(sdk[name]);
    else if (!name.startsWith('paginate')) expect(ours[name].name).toBe(sdk[name].name);
  }
});

const withOtherName = {
  withCommand: (command: any) => {
    command.input.name = 'other';
  },
};

test.each<[title: string, configuration: object, input: object]>([
  ['no options', {}, {}],
  ['pageSize', { pageSize: 3 }, {}],
  ['pageSize and maxResults', { pageSize: 3 }, { maxResults: 7 }],
  ['startingToken', { startingToken: 'a' }, {}],
  ['nextToken', {}, { nextToken: 'a' }],
  ['startingToken and nextToken', { startingToken: 'a' }, { nextToken: 'z' }],
  ['an empty startingToken and nextToken', { startingToken: '' }, { nextToken: 'z' }],
  ['withCommand', withOtherName, {}],
  ['stopOnSameToken', { stopOnSameToken: true }, {}],
  ['stopOnSameToken and nextToken', { stopOnSameToken: true }, { nextToken: 'b' }],
  ['another member of the input', {}, { name: 'room' }],
])('a paginator with %s sends and returns the same as the SDK', async (_, configuration, input) => {
  const [ours, sdk] = await Promise.all(bothPackages.map(async (load) => {
    const { client, transport, loaded } = withPackage(load);
    transport.answer = () => ({ body: '{"rooms":[],"nextToken":"b"}' });
    const tokens = [];
    for await (const page of loaded.paginateListRooms({ client, ...configuration }, { ...input })) {
      tokens.push(page.nextToken);
      if (tokens.length === 5) break;
    }
    return { tokens, bodies: transport.requests.map(({ body }) => JSON.parse(body)) };
  }));
  expect(ours).toEqual(sdk);
});

test('a paginator does not change the input of the application', async () => {
  const { client, transport, loaded } = withPackage(loadOurs);
  transport.answer = () => ({ body: '{"rooms":[]}' });
  const input = Object.freeze({});
  for await (const page of loaded.paginateListRooms({ client, pageSize: 3 }, input)) expect(page.rooms).toEqual([]);
});
