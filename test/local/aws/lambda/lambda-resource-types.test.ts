import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { allows } from '../../../../local/aws/iam/policy-evaluation';
import { failureOf, updateStack } from '../api-gateway-v2/deploy-http-api';
import { createStack, inlineFunction, signedClient } from '../signed-client';

jest.setTimeout(30_000);

const bucket = 'cdk-hnb659fds-assets-123456789012-us-west-2';
const functionArn = 'arn:aws:lambda:us-west-2:123456789012:function:the-function';
const path = '/2015-03-31/functions/the-function';
const FunctionName = { Ref: 'Function' };

let deploy: LocalDeploy;
beforeEach(async () => {
  deploy = await startLocalDeploy();
});
afterEach(() => deploy.close());

const zip = (files: { [name: string]: string }) =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))));
const call = (method: string, suffix: string, body?: unknown, headers: { [name: string]: string } = {}) =>
  signedClient(deploy).send('lambda', path + suffix, {
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const result = async (event: object = {}) => JSON.parse((await deploy.invokeFunction('the-function', event)).payload);

const permission = (SourceAccount: string, of: string = 'Function') => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: { Ref: of },
    Principal: 'ivschat.amazonaws.com',
    SourceAccount,
  },
});
/** A second function, with the role of the first one. */
const second = (FunctionName_ = 'second') => {
  const { Function } = inlineFunction('exports.handler = async () => "second"', { FunctionName: FunctionName_ });
  return { Second: Function };
};

test('a permission belongs to its function until it is deleted', async () => {
  const accounts = (name: string) =>
    deploy.functionPolicy(name).Statement.map(({ Condition }) => Condition!.StringEquals!['AWS:SourceAccount']).sort();
  const functions = { ...inlineFunction('exports.handler = async () => {}'), ...second() };
  await createStack(deploy, 'App', {
    ...functions,
    A: permission('111111111111'),
    B: permission('222222222222'),
    C: permission('333333333333', 'Second'),
  });
  expect(accounts('the-function')).toEqual(['111111111111', '222222222222']);
  expect(accounts('second')).toEqual(['333333333333']);
  const { Policy } = await (await call('GET', '/policy')).json() as { Policy: string };
  expect(JSON.parse(Policy)).toEqual(deploy.functionPolicy('the-function'));

  await updateStack(deploy, 'App', {
    ...functions,
    B: permission('222222222222'),
    C: permission('444444444444', 'Second'),
  });
  expect(accounts('the-function')).toEqual(['222222222222']);
  expect(accounts('second')).toEqual(['444444444444']);
  await updateStack(deploy, 'App', functions);
  expect(accounts('the-function')).toEqual([]);
  expect((await call('GET', '/policy')).status).toBe(404);
});

test('a function has the modules of its layers, and each version of a layer has a number of its own', async () => {
  const resources = (word: string) => {
    const files = { 'nodejs/node_modules/word/index.js': `module.exports = '${word}';` };
    deploy.putObject(bucket, `${word}.zip`, zip(files));
    return {
      Layer: {
        Type: 'AWS::Lambda::LayerVersion',
        Properties: { LayerName: 'words', Content: { S3Bucket: bucket, S3Key: `${word}.zip` } },
      },
      ...inlineFunction('exports.handler = async () => require("word");', { Layers: [{ Ref: 'Layer' }] }),
    };
  };
  const layers = async () => ((await (await call('GET', '/configuration')).json()) as { Layers: object[] }).Layers;
  const layer = (version: number) => [{ Arn: `arn:aws:lambda:us-west-2:123456789012:layer:words:${version}` }];
  await createStack(deploy, 'App', resources('one'));
  expect([await result(), await layers()]).toEqual(['one', layer(1)]);
  expect(await updateStack(deploy, 'App', resources('two'))).toBe('UPDATE_COMPLETE');
  expect([await result(), await layers()]).toEqual(['two', layer(2)]);

  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  await createStack(deploy, 'App', resources('three'));
  expect([await result(), await layers()]).toEqual(['three', layer(3)]);
});

test.each<[string, object, string]>([
  ['Timeout 0', { Timeout: 0 }, "Value '0' of Timeout must be between 1 and 900"],
  ['Timeout 901', { Timeout: 901 }, "Value '901' of Timeout"],
  ['MemorySize 127', { MemorySize: 127 }, "Value '127' of MemorySize must be between 128 and 10240"],
  ['MemorySize 10241', { MemorySize: 10_241 }, "Value '10241' of MemorySize"],
  ['another runtime', { Runtime: 'python3.13' }, "Runtime 'python3.13' is not supported"],
  ['a container image', { PackageType: 'Image' }, 'Container images are not supported'],
  ['no handler', { Handler: undefined }, 'Handler is required'],
  ['an unknown role', { Role: 'arn:aws:iam::123456789012:role/none' }, 'role/none does not exist'],
  ['an unknown layer', { Layers: ['arn:aws:lambda:us-west-2:123456789012:layer:a:1'] }, 'layer:a:1 does not exist'],
  ['a missing object', { Code: { S3Bucket: bucket, S3Key: 'none' } }, `does not exist: s3://${bucket}/none`],
])('a function with %s is refused', async (_, properties, reason) => {
  expect(await createStack(deploy, 'App', inlineFunction('', properties))).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'App')).toContain(reason);
});

test('the limits of a function are accepted, and its name is unique', async () => {
  const resources = inlineFunction('exports.handler = async () => {}', { Timeout: '900', MemorySize: 10_240 });
  expect(await createStack(deploy, 'App', { ...resources, ...second() })).toBe('CREATE_COMPLETE');
  const Role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };
  expect(await createStack(deploy, 'Second', { Role, ...second() })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'Second')).toContain('second already exists');
});

test('deleted versions and aliases cannot be invoked', async () => {
  const versions = {
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName } },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName, Name: 'live', FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] } },
    },
  };
  const resources = inlineFunction('exports.handler = async () => process.env.AWS_LAMBDA_FUNCTION_VERSION');
  const statuses = async () => Promise.all(
    ['', '?Qualifier=1', '?Qualifier=live'].map(async (suffix) => (await call('POST', `/invocations${suffix}`)).status),
  );
  await createStack(deploy, 'App', { ...resources, ...versions });
  expect(await statuses()).toEqual([200, 200, 200]);
  await updateStack(deploy, 'App', { ...resources, Version: versions.Version });
  expect(await statuses()).toEqual([200, 200, 404]);
  await updateStack(deploy, 'App', resources);
  expect(await statuses()).toEqual([200, 404, 404]);
});

test('an alias moves to another version, and its function URL runs this version', async () => {
  const live = (version: string) => ({
    ...inlineFunction('exports.handler = async () => process.env.AWS_LAMBDA_FUNCTION_VERSION'),
    One: { Type: 'AWS::Lambda::Version', Properties: { FunctionName } },
    Two: { Type: 'AWS::Lambda::Version', Properties: { FunctionName }, DependsOn: 'One' },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName, Name: 'live', FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] } },
    },
    Url: {
      Type: 'AWS::Lambda::Url',
      DependsOn: 'Alias',
      Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: FunctionName, Qualifier: 'live' },
    },
  });
  const Outputs = { Url: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } };
  expect(await createStack(deploy, 'App', live('One'), { Outputs })).toBe('CREATE_COMPLETE');
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'App' });
  const url = /<OutputValue>([^<]+)</.exec(text)![1]!;
  const answer = async () => (await signedClient(deploy).send('lambda', url)).text();
  expect(await answer()).toBe('1');
  expect((await call('GET', '/url')).status).toBe(404);
  expect(await (await call('GET', '/url?Qualifier=live')).json()).toMatchObject({ FunctionUrl: url });

  await updateStack(deploy, 'App', live('Two'));
  expect(await answer()).toBe('2');
});

describe('the Lambda API', () => {
  beforeEach(() => createStack(deploy, 'App', {
    ...inlineFunction(
      'exports.handler = async (event, context) => ({ stage: process.env.STAGE, client: context.clientContext });',
      { Description: 'first', Environment: { Variables: { STAGE: 'one' } } },
    ),
    ...second(),
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName } },
  }));

  const configuration = async (suffix = '') => (await (await call('GET', `/configuration${suffix}`)).json()) as any;

  test('UpdateFunctionConfiguration changes only what it names', async () => {
    const before = await configuration();
    await call('PUT', '/configuration', { Environment: { Variables: { STAGE: 'two' } } });
    expect(await result()).toEqual({ stage: 'two' });
    await call('PUT', '/configuration', { Description: 'second' });
    const after = await configuration();
    expect(after).toEqual({
      ...before,
      Description: 'second',
      Environment: { Variables: { STAGE: 'two' } },
      LastModified: expect.any(String),
      RevisionId: expect.not.stringContaining(before.RevisionId),
    });
    // A published version does not change.
    const { Environment } = before;
    expect(await configuration('?Qualifier=1')).toMatchObject({ Description: 'first', Environment });
    expect((await call('PUT', '/configuration', { Timeout: 5 })).status).toBe(501);
    expect(await configuration()).toEqual(after);
  });

  test('UpdateFunctionCode changes the code of one function', async () => {
    const before = await configuration();
    const file = zip({ 'index.js': 'exports.handler = async () => "new " + process.env.STAGE;' });
    const CodeSha256 = createHash('sha256').update(file).digest('base64');
    await call('PUT', '/code', { ZipFile: file.toString('base64') });
    expect(await result()).toBe('new one');
    expect(await configuration()).toEqual({
      ...before,
      CodeSha256,
      CodeSize: file.length,
      LastModified: expect.any(String),
      RevisionId: expect.any(String),
    });
    expect((await deploy.invokeFunction('second', {})).payload).toBe('"second"');

    deploy.putObject(bucket, 'code.zip', zip({ 'index.js': 'exports.handler = async () => "stored";' }));
    await call('PUT', '/code', { S3Bucket: bucket, S3Key: 'code.zip' });
    expect(await result()).toBe('stored');
  });

  test('Invoke has the other invocation types, a client context and the errors of Lambda', async () => {
    const invoke = (body?: string, headers = {}) => call('POST', '/invocations', body, headers);
    expect((await invoke('{}', { 'x-amz-invocation-type': 'DryRun' })).status).toBe(204);
    const context = Buffer.from('{"custom":{"a":1}}').toString('base64');
    const answer = await invoke('{}', { 'x-amz-client-context': context });
    expect([await answer.json(), answer.headers.get('x-amz-function-error')])
      .toEqual([{ stage: 'one', client: { custom: { a: 1 } } }, null]);
    expect((await invoke()).status).toBe(200);
    const invalid = await invoke('carrot');
    expect([invalid.status, invalid.headers.get('x-amzn-errortype')]).toEqual([400, 'InvalidRequestContentException']);
  });

  test('a qualified function has a resource of its own', async () => {
    const status = async (Resource: string | readonly string[], name: string, query: string) => {
      const evaluate = allows([{ Statement: { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource } }]);
      const session = deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', evaluate);
      const address = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations${query}`;
      return (await signedClient(deploy, session).send('lambda', address, { method: 'POST' })).status;
    };
    for (const [Resource, expected] of [
      [functionArn, [200, 403, 403, 403]],
      [`${functionArn}:1`, [403, 200, 200, 200]],
      [`${functionArn}:*`, [403, 200, 200, 200]],
      [[functionArn, `${functionArn}:*`], [200, 200, 200, 200]],
      [functionArn.replace('the-function', 'second'), [403, 403, 403, 403]],
    ] as const) {
      const statuses = [];
      for (const [name, query] of [
        ['the-function', ''],
        ['the-function', '?Qualifier=1'],
        ['the-function:1', ''],
        [`${functionArn}:1`, ''],
      ] as const) {
        statuses.push(await status(Resource, name, query));
      }
      expect([Resource, statuses]).toEqual([Resource, expected]);
    }
  });
});

test.each([
  ['a millisecond', 1, 3],
  ['more than a minute', 61_000, 1],
])('an event with a maximum age of a minute and retries after %s has its attempts', async (_, delay, expected) => {
  await deploy.close();
  let attempts = 0;
  deploy = await startLocalDeploy({
    retryDelays: [delay],
    log: (event) => {
      if (event.kind === 'function-output' && event.line.startsWith('START')) attempts++;
    },
  });
  const resources = {
    ...inlineFunction('exports.handler = async () => { throw new Error("no"); };'),
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName, Qualifier: '$LATEST', MaximumEventAgeInSeconds: 60 },
    },
    Thing: {
      Type: 'Custom::Thing',
      DependsOn: 'Config',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } },
    },
  };
  // The custom resource fails with the last attempt.
  expect(await createStack(deploy, 'App', resources)).toBe('CREATE_FAILED');
  expect(attempts).toBe(expected);
});

test('the number of attempts is two retries again after the event invoke configuration is deleted', async () => {
  await deploy.close();
  let attempts = 0;
  deploy = await startLocalDeploy({
    retryDelays: [1],
    log: (event) => {
      if (event.kind === 'function-output' && event.line.startsWith('START')) attempts++;
    },
  });
  const functions = inlineFunction('exports.handler = async () => { throw new Error("no"); };');
  const Config = {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
  };
  const thing = async (name: string) => {
    attempts = 0;
    const ServiceToken = functionArn;
    expect(await createStack(deploy, name, { Thing: { Type: 'Custom::Thing', Properties: { ServiceToken } } }))
      .toBe('CREATE_FAILED');
    return attempts;
  };
  await createStack(deploy, 'App', { ...functions, Config });
  expect(await thing('One')).toBe(1);
  await updateStack(deploy, 'App', functions);
  expect(await thing('Two')).toBe(3);
});

test('GetFunction describes the function, and names the ARN of a function that does not exist', async () => {
  await createStack(deploy, 'App', inlineFunction('exports.handler = async () => {}'));
  const { Configuration } = await (await call('GET', '')).json() as { Configuration: object };
  expect(Configuration).toMatchObject({
    FunctionArn: functionArn,
    FunctionName: 'the-function',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/the-function' },
    TracingConfig: { Mode: 'PassThrough' },
  });
  const missing = await signedClient(deploy).send('lambda', '/2015-03-31/functions/none');
  expect([missing.status, await missing.text()]).toEqual([
    404, expect.stringContaining('arn:aws:lambda:us-west-2:123456789012:function:none'),
  ]);
});
