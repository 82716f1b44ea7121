/** Changing the import path is the whole migration: the same call sites compile and behave with our client. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { CREDENTIALS, REGION, Transport } from './captured';
import { ROOM } from './inputs';

type CallSites = typeof import('./drop-in/call-sites');
const SDK = '@aws-sdk/client-ivschat';
const CALL_SITES = join(__dirname, 'drop-in', 'call-sites.ts');
const LOGGING = 'arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEf012345';

test('the call sites compile with only the import path changed, and with nothing being any', () => {
  const ours = join(__dirname, 'drop-in', 'call-sites-of-ours.ts');
  const source = readFileSync(CALL_SITES, 'utf8');
  const changed = source.replace(`'${SDK}'`, '\'../../../../lambda/client\'');
  expect(changed).not.toContain(SDK);

  const { config } = ts.readConfigFile(join(__dirname, '..', '..', 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [CALL_SITES] }, ts.sys, join(__dirname, '..', '..'));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === ours || fileExists(name);
  host.readFile = (name) => (name === ours ? changed : readFile(name));
  host.getSourceFile = (name, version) => (name === ours ? ts.createSourceFile(name, changed, version) : getSourceFile(name, version));
  const program = ts.createProgram([CALL_SITES, ours, join(__dirname, 'drop-in', 'assignable.ts')], options, host);
  const files = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(__dirname));
  const problems = files.flatMap((file) => program.getSemanticDiagnostics(file));
  expect(problems.map(({ file, start, messageText }) =>
    `${file?.fileName}:${file?.getLineAndCharacterOfPosition(start!).line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
  expect(program.getSourceFile(ours)).toBeDefined();
}, 60_000);

/** The call sites with a package in the SDK's place, and what they need. */
function withPackage(load: () => any) {
  let sites!: CallSites;
  let loaded: any;
  jest.isolateModules(() => {
    jest.doMock(SDK, () => loaded ??= load());
    sites = jest.requireActual('./drop-in/call-sites');
  });
  const transport = new Transport();
  const config = { region: REGION, credentials: CREDENTIALS, requestHandler: transport, maxAttempts: 1 };
  return { sites, transport, client: new loaded.IvschatClient(config), aggregated: new loaded.Ivschat(config), loaded };
}
const packages: Array<[string, () => any]> = [
  ['ours', () => jest.requireActual('../../../lambda/client')],
  ['the SDK', () => jest.requireActual(SDK)],
];

const bodies: Record<string, object> = {
  '/CreateRoom': { arn: ROOM, createTime: '2026-01-01T00:00:00Z', messageReviewHandler: { uri: 'arn', fallbackResult: 'DENY' } },
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

async function behavior(load: () => any) {
  const { sites, transport, client, aggregated, loaded } = withPackage(load);
  transport.answer = ({ path, body }) => {
    if (path === '/tags/') return { statusCode: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{"message":"no"}' };
    const answer: any = { ...bodies[path] ?? { tags: { team: 'chat' } } };
    if (path === '/ListRooms' && body?.includes('nextToken')) delete answer.nextToken;
    return { body: JSON.stringify(answer) };
  };
  const results = {
    configurations: sites.configurations.map((config) => typeof new loaded.IvschatClient({ ...config, logger: undefined }).send),
    rooms: await sites.rooms(client, ROOM, LOGGING),
    loggingConfigurations: await sites.loggingConfigurations(client, LOGGING),
    chat: await sites.chat(client, ROOM),
    tags: await sites.tagsOf(client, ROOM),
    aggregate: await sites.aggregate(aggregated, ROOM, LOGGING),
    pages: await sites.pages(client),
    configurationOf: await sites.configurationOf(client),
  };
  const requests = transport.requests.map(({ method, path, query, body }) => ({ method, path, query: query ?? {}, body: body && JSON.parse(body) }));
  const explained = [];
  for (const [name, status, members] of [
    ['AccessDeniedException', 403, {}], ['ConflictException', 409, { resourceId: 'id', resourceType: 'ROOM' }], ['InternalServerException', 500, {}],
    ['PendingVerification', 403, {}], ['ResourceNotFoundException', 404, { resourceId: 'id', resourceType: 'ROOM' }],
    ['ServiceQuotaExceededException', 402, { limit: 5 }], ['ThrottlingException', 429, { limit: 7 }],
    ['ValidationException', 400, { reason: 'FIELD_VALIDATION_FAILED', fieldList: [{ name: 'name', message: 'm' }] }], ['StrangeException', 418, {}],
  ] as const) {
    transport.answer = () => ({
      statusCode: status,
      headers: { 'x-amzn-errortype': name, 'x-amzn-requestid': 'request', 'x-amz-id-2': 'extended', 'x-amz-cf-id': 'cf' },
      body: JSON.stringify({ message: 'no', ...members }),
    });
    explained.push(await client.send(new loaded.GetRoomCommand({ identifier: ROOM })).catch(sites.explain));
  }
  return { results, requests, explained };
}

test('the call sites do the same with both packages', async () => {
  const [[, ours], [, sdk]] = packages as [any, any];
  const our = await behavior(ours);
  expect(our.results.aggregate).toHaveLength(19);
  expect(our.explained).not.toContain('something else');
  expect(our).toEqual(await behavior(sdk));
});

test('await, promises, callbacks and the style of version 2 do the same with both packages', async () => {
  const seen: string[][] = [];
  for (const [, load] of packages) {
    const { sites, transport, client, aggregated } = withPackage(load);
    transport.answer = () => ({ body: '{"rooms":[]}' });
    seen.push(await sites.styles(client, aggregated));
  }
  expect(seen[0]).toEqual(['object', 'object', 'finally', 'null object', 'null object', 'object', 'object', 'null object', 'null object']);
  expect(seen[0]).toEqual(seen[1]);
});

test('a callback is told of a failure, as with the SDK', async () => {
  const told = await Promise.all(packages.map(async ([, load]) => {
    const { client, transport, aggregated, loaded } = withPackage(load);
    transport.answer = () => ({ statusCode: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{"message":"no"}' });
    const command = new loaded.GetRoomCommand({ identifier: ROOM });
    return Promise.all([
      (done: any) => client.send(command, done),
      (done: any) => client.send(command, {}, done),
      (done: any) => aggregated.getRoom({ identifier: ROOM }, done),
    ].map((call) => new Promise((resolve) => call((...[error, output]: any[]) => resolve([error.name, error.message, output])))));
  }));
  expect(told[0]).toEqual(Array(3).fill(['ResourceNotFoundException', 'no', undefined]));
  expect(told[0]).toEqual(told[1]);
});

test('applications may replace a method in their tests, and put it back', async () => {
  for (const [, load] of packages) {
    const { Ivschat } = load();
    const replaced = jest.spyOn(Ivschat.prototype, 'getRoom').mockResolvedValue({ name: 'replaced' });
    expect(await new Ivschat({ region: 'us-west-2' }).getRoom({ identifier: ROOM })).toEqual({ name: 'replaced' });
    replaced.mockRestore();
    const { configurable, writable, value } = Object.getOwnPropertyDescriptor(Ivschat.prototype, 'getRoom')!;
    expect({ configurable, writable, value: typeof value }).toEqual({ configurable: true, writable: true, value: 'function' });
  }
});

test('what a callback throws is the application\'s to see, and no rejection of the call', async () => {
  const { client, transport, loaded } = withPackage(packages[0]![1]);
  transport.answer = () => ({ body: '{}' });
  const unhandled: unknown[] = [];
  const caught = new Promise<unknown>((resolve) => jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) => {
    try {
      task();
    } catch (error) {
      resolve(error);
    }
  }));
  process.once('unhandledRejection', (error) => unhandled.push(error));
  client.send(new loaded.GetRoomCommand({ identifier: ROOM }), () => { throw new Error('of the application'); });
  expect(await caught).toMatchObject({ message: 'of the application' });
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
  jest.restoreAllMocks();
});

test('every name that the SDK exports is there, but for its plumbing', () => {
  const [ours, sdk] = packages.map(([, load]) => Object.keys(load()));
  expect(sdk!.filter((name) => !ours!.includes(name)).sort()).toEqual(['$Command', '__Client']);
  for (const name of sdk!.filter((each) => ours!.includes(each))) {
    const [our, theirs] = packages.map(([, load]) => load()[name]);
    if (typeof theirs === 'object') expect(our).toEqual(theirs);
    else if (!name.startsWith('paginate')) expect(our.name).toBe(theirs.name);
  }
});

test('the pages of a paginator are those of the SDK\'s, from where it is told to start, and as it is told to stop', async () => {
  const pagesOf = async ([, load]: [string, () => any], configuration: object, input: object) => {
    const { client, transport, loaded } = withPackage(load);
    transport.answer = ({ body }) => ({ body: JSON.stringify({ rooms: [], nextToken: JSON.parse(body).nextToken === 'b' ? 'b' : 'b' }) });
    const pages = [];
    for await (const page of loaded.paginateListRooms({ client, ...configuration }, { ...input })) {
      pages.push(page.nextToken);
      if (pages.length === 5) break;
    }
    return { pages, bodies: transport.requests.map(({ body }) => JSON.parse(body)) };
  };
  for (const [configuration, input] of [
    [{}, {}], [{ pageSize: 3 }, {}], [{ pageSize: 3 }, { maxResults: 7 }], [{ startingToken: 'a' }, {}], [{}, { nextToken: 'a' }],
    [{ startingToken: 'a' }, { nextToken: 'z' }], [{ withCommand: (command: any) => { command.input.name = 'other'; } }, {}], [{ stopOnSameToken: true }, {}], [{ stopOnSameToken: true }, { nextToken: 'b' }], [{}, { name: 'room' }],
  ]) {
    expect(await pagesOf(packages[0]!, configuration!, input!)).toEqual(await pagesOf(packages[1]!, configuration!, input!));
  }
});

test('a paginator leaves the input of the application as it is', async () => {
  const { client, transport, loaded } = withPackage(packages[0]![1]);
  transport.answer = () => ({ body: '{"rooms":[]}' });
  const input = Object.freeze({});
  for await (const page of loaded.paginateListRooms({ client, pageSize: 3 }, input)) expect(page.rooms).toEqual([]);
});
