import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { zipSync, strToU8 } from 'fflate';
import type { DeployEvent } from '../../../../local/aws/deploy-event';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { createStack, inlineFunction, signedClient } from '../signed-client';

jest.setTimeout(30_000);

const events: DeployEvent[] = [];
const waiting: (() => void)[] = [];
let deploy: LocalDeploy;

beforeEach(async () => {
  events.length = 0;
  deploy = await startLocalDeploy({
    log: (event) => {
      events.push(event);
      waiting.splice(0).forEach((wake) => wake());
    },
    functionEnvironment: { AWS_ENDPOINT_URL_IVSCHAT: 'http://127.0.0.1:1' },
    retryDelays: [1, 1],
  });
});
afterEach(() => deploy.close());

const output = () => events.flatMap((event) => (event.kind === 'function-output' ? [event.line] : []));

/** The request ids of the invocations that have started, in order. */
const starts = () => output().filter((line) => line.startsWith('START')).map((line) => line.slice(17, 53));

/** Waits until this number of invocations has ended. */
async function reports(count: number): Promise<void> {
  while (output().filter((line) => line.startsWith('REPORT')).length < count) {
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

const invocations = '/2015-03-31/functions/the-function/invocations';

function invokeAsynchronously(event: object = {}): Promise<Response> {
  const headers = { 'x-amz-invocation-type': 'Event' };
  return signedClient(deploy).send('lambda', invocations, { method: 'POST', body: JSON.stringify(event), headers });
}

/** Returns the number of attempts of the first request, after enough invocations to let another attempt start. */
async function attemptsOfFirst(): Promise<number> {
  for (let i = 0; i < 5; i++) await deploy.invokeFunction('the-function', {});
  return starts().filter((id) => id === starts()[0]).length;
}

function updateStack(resources: object) {
  return signedClient(deploy).query('cloudformation', 'UpdateStack', {
    'StackName': 'App',
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    'TemplateBody': JSON.stringify({ Resources: resources }),
  });
}

async function invoke(source: string, event: unknown = {}, properties: object = {}) {
  expect(await createStack(deploy, 'App', inlineFunction(source, properties))).toBe('CREATE_COMPLETE');
  const result = await deploy.invokeFunction('the-function', event);
  return { ...result, payload: JSON.parse(result.payload) as any };
}

describe('a function', () => {
  test('receives the same event, context and environment as on AWS', async () => {
    const { payload } = await invoke(
      'exports.handler = async (event, context) => ({ event, context, env: process.env, cwd: process.cwd(), left: '
      + 'context.getRemainingTimeInMillis(), argv: process.argv.length, send: typeof process.send })',
      { hello: ['world'] },
      {
        Environment: {
          Variables: { STAGE: 'test', LANG: 'C', AWS_ENDPOINT_URL: 'http://real', AWS_ENDPOINT_URL_IVSCHAT: 'http://real' },
        },
        Timeout: 7,
        MemorySize: 256,
        Description: 'd',
      },
    );
    expect(payload.event).toEqual({ hello: ['world'] });
    expect(payload.context).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'the-function',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:us-west-2:123456789012:function:the-function',
      logGroupName: '/aws/lambda/the-function',
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(payload.left).toBeGreaterThan(5000);
    expect(payload.left).toBeLessThanOrEqual(7000);
    const { PATH: _, SystemRoot: __, TMPDIR: ___, TEMP: ____, ...env } = payload.env;
    expect(env).toEqual({
      STAGE: 'test',
      LANG: 'C',
      TZ: ':UTC',
      NODE_PATH: path.join(payload.cwd, 'node_modules'),
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/),
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SECRET_ACCESS_KEY: expect.stringMatching(/./),
      AWS_SESSION_TOKEN: expect.stringMatching(/./),
      AWS_REGION: 'us-west-2',
      AWS_DEFAULT_REGION: 'us-west-2',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_LAMBDA_FUNCTION_NAME: 'the-function',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_FORMAT: 'Text',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/the-function',
      AWS_LAMBDA_LOG_STREAM_NAME: payload.context.logStreamName,
      AWS_ENDPOINT_URL: deploy.endpoint,
      AWS_ENDPOINT_URL_IVSCHAT: 'http://127.0.0.1:1',
      LAMBDA_TASK_ROOT: payload.cwd,
    });
    expect(payload).toMatchObject({ argv: 1, send: 'undefined' });
  });

  test.each([
    ['an async handler', 'exports.handler = async (event) => event.x + 1', 3],
    ['a handler that returns', 'exports.handler = (event) => event.x + 1', 3],
    [
      'a callback',
      'exports.handler = (event, context, callback) => { setTimeout(() => callback(null, event.x + 1), 5) }',
      3,
    ],
    ['undefined, which is null', 'exports.handler = async () => {}', null],
    ['a nested handler', 'exports.api = { handler: async (event) => event.x + 1 }', 3, 'index.api.handler'],
  ])('can return its result with %s', async (_, source, expected, Handler = 'index.handler') => {
    expect(await invoke(source, { x: 2 }, { Handler })).toEqual({
      payload: expected,
      requestId: expect.any(String),
      executedVersion: '$LATEST',
    });
  });

  test('can return its result with the functions of its context', async () => {
    const source = `exports.handler = ({ name, values }, context) => {
      context[name](...values);
      return new Promise(() => {});
    }`;
    const failure = { errorType: 'string', errorMessage: 'no', trace: [] };
    expect((await invoke(source, { name: 'succeed', values: [3] })).payload).toBe(3);
    for (const [name, values, expected] of [
      ['done', [null, 3], 3],
      ['done', ['no', 3], failure],
      ['fail', ['no'], failure],
    ] as const) {
      const { payload } = await deploy.invokeFunction('the-function', { name, values });
      expect([name, JSON.parse(payload)]).toEqual([name, expected]);
    }
  });

  test.each([
    [
      'throws',
      'exports.handler = async () => { throw new TypeError("boom") }',
      {
        errorType: 'TypeError',
        errorMessage: 'boom',
        trace: expect.arrayContaining(['TypeError: boom', expect.stringContaining('index.js:1')]),
      },
    ],
    [
      'fails by callback',
      'exports.handler = (e, c, callback) => callback(new RangeError("far"))',
      { errorType: 'RangeError', errorMessage: 'far' },
    ],
    [
      'throws what is no error',
      'exports.handler = async () => { throw "words" }',
      { errorType: 'string', errorMessage: 'words', trace: [] },
    ],
    [
      'throws an object',
      'exports.handler = async () => { throw { a: 1 } }',
      { errorType: 'object', errorMessage: '{ a: 1 }', trace: [] },
    ],
    [
      'exits without an error',
      'exports.handler = async () => process.exit(0)',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/),
      },
    ],
    [
      'is killed',
      'exports.handler = async () => process.kill(process.pid, "SIGKILL")',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: /),
      },
    ],
    [
      'throws later',
      'exports.handler = () => { setTimeout(() => { throw new TypeError("late") }); return new Promise(() => {}) }',
      { errorType: 'TypeError', errorMessage: 'late' },
    ],
    [
      'exits',
      'exports.handler = async () => process.exit(3)',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/),
      },
    ],
    [
      'leaves a rejection alone',
      'exports.handler = () => { Promise.reject(new Error("lost")); return new Promise(() => {}) }',
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
    ],
    ['fails while loading', 'throw new Error("early")', { errorType: 'Error', errorMessage: 'early' }],
    ['is no JavaScript', 'exports.handler = async () => {', { errorType: 'Runtime.UserCodeSyntaxError' }],
    [
      'needs what is not there',
      'require("carrot"); exports.handler = async () => {}',
      { errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringContaining('carrot') },
    ],
    [
      'has no handler',
      'exports.other = 1',
      { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    ],
  ])('that %s returns a function error in the format of Lambda', async (_, source, error) => {
    expect(await invoke(source)).toMatchObject({ functionError: 'Unhandled', payload: error });
  });

  test('with a malformed handler is refused when it loads', async () => {
    const { payload } = await invoke('exports.handler = async () => {}', {}, { Handler: 'index' });
    expect(payload).toMatchObject({ errorType: 'Runtime.MalformedHandlerName', errorMessage: 'Bad handler index' });
    const response = await signedClient(deploy).send('lambda', invocations, { method: 'POST' });
    expect([response.status, response.headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
    expect(await response.json()).toEqual(payload);
  });

  test('with a callback is refused on Node.js 24, as on AWS', async () => {
    const { payload } = await invoke(
      'exports.handler = (event, context, callback) => callback(null, 1)',
      {},
      { Runtime: 'nodejs24.x' },
    );
    expect(payload.errorType).toBe('Runtime.CallbackHandlerDeprecated');
  });

  test('that exceeds its timeout is ended', async () => {
    const { payload } = await invoke(
      'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 5000, "late"))',
      {},
      { Timeout: 1 },
    );
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/),
    });
  });

  test('that blocks its process is ended', async () => {
    const { payload } = await invoke('exports.handler = async () => { for (;;); }', {}, { Timeout: 1 });
    expect(payload.errorType).toBe('Sandbox.Timedout');
  });

  test('reuses its process, and starts a second process for a parallel invocation', async () => {
    const meeting = mkdtempSync(path.join(tmpdir(), 'ivs-chat-meeting-'));
    // With a number of processes, the function waits until so many processes run it at the same time.
    const source = `
      const { readdirSync, writeFileSync } = require('node:fs');
      let count = 0;
      exports.handler = async ({ processes = 0 }) => {
        count++;
        if (processes) writeFileSync('${meeting}/' + process.pid, '');
        while (readdirSync('${meeting}').length < processes) await new Promise((resolve) => setTimeout(resolve, 10));
        return { count, pid: process.pid };
      }`;
    const { payload: first } = await invoke(source, {});
    const parse = async (event: object) =>
      JSON.parse((await deploy.invokeFunction('the-function', event)).payload) as { count: number; pid: number };
    expect(await parse({})).toEqual({ count: 2, pid: first.pid });
    const both = await Promise.all([parse({ processes: 2 }), parse({ processes: 2 })]);
    expect(new Set(both.map(({ pid }) => pid)).size).toBe(2);
  });

  test('is throttled above its reserved concurrency', async () => {
    await invoke(
      'exports.handler = ({ wait }) => new Promise((resolve) => setTimeout(resolve, wait))',
      { wait: 0 },
      { ReservedConcurrentExecutions: 1 },
    );
    const running = deploy.invokeFunction('the-function', { wait: 300 });
    await expect(deploy.invokeFunction('the-function', {})).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
    });
    await running;
  });

  test('is invoked asynchronously later if it is throttled, without an attempt', async () => {
    const source = 'exports.handler = ({ wait }) => new Promise((resolve) => setTimeout(resolve, wait))';
    await invoke(source, { wait: 0 }, { ReservedConcurrentExecutions: 1 });
    events.length = 0;
    await Promise.all([100, 100, 100].map((wait) => invokeAsynchronously({ wait })));
    await reports(3);
    expect(new Set(starts()).size).toBe(3);
  });

  test('is not invoked asynchronously if its reserved concurrency is 0', async () => {
    const source = 'exports.handler = async () => {}';
    expect(
      await createStack(deploy, 'App', {
        ...inlineFunction(source, { ReservedConcurrentExecutions: '0' }),
        Resource: { Type: 'Custom::Resource', Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
      }),
    ).toBe('CREATE_FAILED');
    expect(starts()).toEqual([]);
  });

  test('writes its output to its log group in the format of the runtime', async () => {
    await invoke(`exports.handler = async () => {
      console.log("one", { two: 2 });
      console.error("bad\\nnews");
      for (const method of ["info", "warn", "debug", "trace"]) console[method](method);
      process.stdout.write("raw\\n");
      throw new TypeError("boom");
    }`);
    const { json } = signedClient(deploy);
    const { body } = await json('logs', 'Logs_20140328.FilterLogEvents', { logGroupName: '/aws/lambda/the-function' });
    const messages = body.events.map(({ message }: { message: string }) => message);
    const id = starts()[0]!;
    const line = (level: string, text: string) => [level, text].join('\t');
    expect(messages[0]).toMatch(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/);
    const prefix = new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\t${id}\\t`);
    const printed = messages.slice(1, -2).map((message: string) => message.replace(prefix, ''));
    expect(printed).toEqual([
      line('INFO', 'one { two: 2 }'),
      line('ERROR', 'bad\rnews'),
      line('INFO', 'info'),
      line('WARN', 'warn'),
      line('DEBUG', 'debug'),
      line('TRACE', 'trace'),
      'raw',
      expect.stringMatching(/^ERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"boom","stack":\["TypeError/),
    ]);
    const [end, report] = messages.slice(-2);
    expect(end).toBe(`END RequestId: ${id}`);
    expect(report).toMatch(new RegExp(
      `^REPORT RequestId: ${id}\\tDuration: \\d+\\.\\d\\d ms\\tBilled Duration: \\d+ ms\\tMemory Size: 128 MB$`,
    ));
    expect(output()).toEqual(messages);
    const functionNames = events.flatMap((event) => (event.kind === 'function-output' ? [event.functionName] : []));
    expect(new Set(functionNames)).toEqual(new Set(['the-function']));
  });

  test('writes JSON to another log group if configured', async () => {
    await invoke(
      'exports.handler = async () => { console.log({ notice: "x" }); console.warn("two %s", "notices", { y: 1 }); }',
      {},
      { LoggingConfig: { LogFormat: 'JSON', LogGroup: '/my/group' } },
    );
    const lines = output().filter((some) => some.includes('notice')).map((some) => JSON.parse(some) as object);
    const common = { timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), requestId: starts()[0] };
    expect(lines).toEqual([
      { ...common, level: 'INFO', message: { notice: 'x' } },
      { ...common, level: 'WARN', message: 'two notices { y: 1 }' },
    ]);
    expect(
      (await signedClient(deploy).json('logs', 'Logs_20140328.DescribeLogGroups', {})).body.logGroups,
    ).toMatchObject([{ logGroupName: '/my/group' }]);
  });

  test.each([
    ['three times when it never succeeds', 99, 3],
    ['until it succeeds', 2, 2],
    ['once when it succeeds', 1, 1],
  ])('is tried %s in an asynchronous invocation, with one request id', async (_, succeedsAt, attempts) => {
    const source =
      'let count = 0; exports.handler = async ({ at }) => { if (at && ++count < at) throw new Error("not yet"); }';
    await invoke(source);
    events.length = 0;
    const response = await invokeAsynchronously({ at: succeedsAt });
    expect([response.status, await response.text()]).toEqual([202, '']);
    await reports(attempts);
    expect(await attemptsOfFirst()).toBe(attempts);
  });
});

describe('an asset', () => {
  const upload = async (files: { [name: string]: string }, Handler: string) => {
    const { send } = signedClient(deploy);
    const bucket = 'cdk-hnb659fds-assets-123456789012-us-west-2';
    const zip = Buffer.from(
      zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strToU8(content)]))),
    );
    expect((await send('s3', `/${bucket}/asset.zip`, { method: 'PUT', body: zip })).status).toBe(200);
    return createStack(deploy, 'App', inlineFunction('', { Handler, Code: { S3Bucket: bucket, S3Key: 'asset.zip' } }));
  };

  test.each([
    [
      'CommonJS',
      { 'index.js': 'exports.handler = async () => require("./other").word', 'other.js': 'exports.word = "hello"' },
      'index.handler',
    ],
    [
      'an ES module',
      {
        'index.mjs': 'import { word } from "./other.mjs"; export const handler = async () => word',
        'other.mjs': 'export const word = "hello"',
      },
      'index.handler',
    ],
    [
      'an ES module by package.json',
      { 'package.json': '{"type":"module"}', 'index.js': 'export const handler = async () => "hello"' },
      'index.handler',
    ],
    ['a folder in it', { 'src/api/index.cjs': 'exports.handler = async () => "hello"' }, 'src/api/index.handler'],
    [
      'a module in it',
      {
        'index.js': 'exports.handler = async () => require("dependency")',
        'node_modules/dependency/index.js': 'module.exports = "hello"',
      },
      'index.handler',
    ],
  ])('can be %s', async (_, files, handler) => {
    expect(await upload(files as { [name: string]: string }, handler)).toBe('CREATE_COMPLETE');
    expect(await deploy.invokeFunction('the-function', {})).toEqual({
      payload: '"hello"',
      requestId: expect.any(String),
      executedVersion: '$LATEST',
    });
  });

  test('with an entry outside its folder is refused', async () => {
    expect(await upload({ '../outside.js': 'x' }, 'index.handler')).toBe('CREATE_FAILED');
  });
});

test('an update replaces the code and keeps the name, and the next invocation runs the new code', async () => {
  await invoke('exports.handler = async () => 1');
  await updateStack(inlineFunction('exports.handler = async () => 2'));
  expect((await deploy.invokeFunction('the-function', {})).payload).toBe('2');
});

test('a version and an alias keep their code when an update replaces the code of the function', async () => {
  const FunctionName = { Ref: 'Function' };
  const resources = (code: number) => ({
    ...inlineFunction(`exports.handler = async (_, context) => [${code}, context.invokedFunctionArn]`),
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName } },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName, Name: 'live', FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] } },
    },
  });
  expect(await createStack(deploy, 'App', resources(1))).toBe('CREATE_COMPLETE');
  await updateStack(resources(2));
  const answer = async (qualifier: string) => {
    const response = await signedClient(deploy).send('lambda', invocations + qualifier, { method: 'POST' });
    return [...await response.json() as unknown[], response.headers.get('x-amz-executed-version')];
  };
  const arn = 'arn:aws:lambda:us-west-2:123456789012:function:the-function';
  expect(await answer('')).toEqual([2, arn, '$LATEST']);
  expect(await answer('?Qualifier=$LATEST')).toEqual([2, `${arn}:$LATEST`, '$LATEST']);
  expect(await answer('?Qualifier=1')).toEqual([1, `${arn}:1`, '1']);
  expect(await answer('?Qualifier=live')).toEqual([1, `${arn}:live`, '1']);
  events.length = 0;
  const headers = { 'x-amz-invocation-type': 'Event' };
  await signedClient(deploy).send('lambda', `${invocations}?Qualifier=live`, { method: 'POST', headers });
  await reports(1);
  expect(output()[0]).toMatch(/ Version: 1$/);
  expect((await signedClient(deploy).send('lambda', `${invocations}?Qualifier=2`, { method: 'POST' })).status).toBe(
    404,
  );
});

test('an alias with provisioned concurrency has initialized instances when its deployment ends', async () => {
  const FunctionName = { Ref: 'Function' };
  const resources = (concurrency: number) => ({
    ...inlineFunction(
      'console.log("loaded"); exports.handler = async () => process.env.AWS_LAMBDA_INITIALIZATION_TYPE',
    ),
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName } },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName,
        Name: 'live',
        FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: concurrency },
      },
    },
  });
  const loaded = () => output().filter((line) => line.includes('loaded')).length;
  expect(await createStack(deploy, 'App', resources(2))).toBe('CREATE_COMPLETE');
  expect(loaded()).toBe(2);
  const response = await signedClient(deploy).send('lambda', `${invocations}?Qualifier=live`, { method: 'POST' });
  expect(await response.text()).toBe('"provisioned-concurrency"');
  expect(loaded()).toBe(2);

  await updateStack(resources(3));
  expect(loaded()).toBe(3);
});

test('a version can have provisioned concurrency, too', async () => {
  const ProvisionedConcurrencyConfig = { ProvisionedConcurrentExecutions: 1 };
  const properties = { FunctionName: { Ref: 'Function' }, ProvisionedConcurrencyConfig };
  await createStack(deploy, 'App', {
    ...inlineFunction('console.log("loaded"); exports.handler = async () => {}'),
    Version: { Type: 'AWS::Lambda::Version', Properties: properties },
  });
  expect(output().filter((line) => line.includes('loaded'))).toHaveLength(1);
});

test.each([
  ['an update of its code', () => updateStack(inlineFunction('exports.handler = async () => 2'))],
  ['its deletion', () => signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' })],
])('the credentials of a function are refused after %s', async (_, change) => {
  const { payload } = await invoke(`exports.handler = async () => ({
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
    sessionToken: process.env.AWS_SESSION_TOKEN,
  })`);
  const identify = () => signedClient(deploy, payload).query('sts', 'GetCallerIdentity');
  expect(await identify()).toMatchObject({
    status: 200,
    text: expect.stringContaining('<Arn>arn:aws:sts::123456789012:assumed-role/the-role/the-function</Arn>'),
  });
  await change();
  expect(await identify()).toMatchObject({ status: 403, text: expect.stringContaining('InvalidClientTokenId') });
});

test('a custom resource can respond with fetch and from an ES module', async () => {
  const source = `
const https = require('node:https');
exports.handler = async (event) => {
  const { ResponseURL, StackId, RequestId, LogicalResourceId } = event;
  const answer = { Status: 'SUCCESS', PhysicalResourceId: 'thing', StackId, RequestId, LogicalResourceId };
  const body = JSON.stringify(answer);
  if (event.ResourceProperties.How === 'fetch') return void (await fetch(ResponseURL, { method: 'PUT', body }));
  const { request } = await import('node:https');
  const headers = { 'content-length': Buffer.byteLength(body), 'host': new URL(ResponseURL).host };
  await new Promise((resolve, reject) => {
    request(ResponseURL, { method: 'PUT', headers }, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end(body);
  });
};`;
  const one = (How: string) => ({
    Type: 'Custom::Thing',
    Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, How, ServiceTimeout: 10 },
  });
  expect(await createStack(deploy, 'App', { ...inlineFunction(source), One: one('fetch'), Two: one('import') })).toBe(
    'CREATE_COMPLETE',
  );
});

const startLocalDeployModule = JSON.stringify(path.resolve(__dirname, '../../../../local/aws/start-local-deploy'));
const signedClientModule = JSON.stringify(path.resolve(__dirname, '../signed-client'));

test('close ends pending custom resources, retries and invocations', async () => {
  const program = `
    const { startLocalDeploy } = require(${startLocalDeployModule});
    const { createStack, inlineFunction, signedClient } = require(${signedClientModule});
    (async () => {
      let failures = 0;
      const log = ({ line }) => { if (line?.startsWith('REPORT')) failures++; };
      const deploy = await startLocalDeploy({ failFast: false, retryDelays: [60_000], log });
      const source =
        'exports.handler = async ({ hang }) => { if (hang) await new Promise(() => {}); throw new Error("no") }';
      await createStack(deploy, 'Functions', inlineFunction(source, { Timeout: 900 }));
      const invocation = deploy.invokeFunction('the-function', { hang: true });
      await signedClient(deploy).send('lambda', '/2015-03-31/functions/the-function/invocations', {
        method: 'POST',
        headers: { 'x-amz-invocation-type': 'Event' },
      });
      const ServiceToken = 'arn:aws:lambda:us-west-2:123456789012:function:the-function';
      const thing = { Type: 'Custom::Thing', Properties: { ServiceToken } };
      createStack(deploy, 'Waiting', { Thing: thing }).catch(() => {});
      while (failures < 2) await new Promise((resolve) => setTimeout(resolve, 20)); // both wait for their retry
      await deploy.close();
      console.log((await invocation).functionError);
    })();`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const code = await new Promise((resolve) => {
    child.once('close', resolve);
    setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
  });
  expect({ code, printed }).toEqual({ code: 0, printed: 'Unhandled\n' });
});

test('EventInvokeConfig sets the number of attempts of an asynchronous invocation', async () => {
  const config = {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'Function' }, Qualifier: '$LATEST', MaximumRetryAttempts: 1 },
  };
  await createStack(deploy, 'App', {
    ...inlineFunction('exports.handler = async () => { throw new Error("no") }'),
    Config: config,
  });
  await invokeAsynchronously();
  await reports(2);
  expect(await attemptsOfFirst()).toBe(2);
});

test.each([
  ['idles', 'setInterval(() => {}, 1000); exports.handler = async () => process.pid'],
  ['blocks', 'exports.handler = async ({ block }) => { console.log("pid", process.pid); for (;;); }'],
])('a function that %s ends when its parent is killed', async (_, source) => {
  const program = `
    const { startLocalDeploy } = require(${startLocalDeployModule});
    const { createStack, inlineFunction } = require(${signedClientModule});
    (async () => {
      const log = ({ line }) => { if (line?.includes('pid')) console.log(line.slice(line.indexOf('pid'))); };
      const deploy = await startLocalDeploy({ log });
      await createStack(deploy, 'App', inlineFunction(${JSON.stringify(source)}, { Timeout: 900 }));
      const { payload } = await deploy.invokeFunction('the-function', {});
      console.log('pid', payload);
    })();`;
  // a killed process cannot delete its temporary files
  const TMPDIR = mkdtempSync(path.join(tmpdir(), 'outlives-test-'));
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR },
  });
  const pid = Number(await new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(/pid (\d+)/.exec(chunk.toString())?.[1]));
    child.once('exit', (code) =>
      reject(new Error(`the parent exited with code ${code} before it printed a process id`)),
    );
  }));
  expect(pid).toBeGreaterThan(0);
  child.kill('SIGKILL');
  const state = () => {
    try {
      return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)]).toString();
    } catch {
      return 'gone';
    }
  };
  const until = Date.now() + 10_000;
  while (!/gone|^Z/.test(state()) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(state()).toMatch(/gone|^Z/);
  rmSync(TMPDIR, { recursive: true });
});
