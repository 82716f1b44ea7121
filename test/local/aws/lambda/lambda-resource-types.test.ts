import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import type { DeployEvent } from '../../../../local/aws/deploy-event';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import type { ResourceContext } from '../../../../local/aws/cloudformation/resource-handler';
import { allows } from '../../../../local/aws/iam/policy-evaluation';
import { LambdaFunctions, nameOf } from '../../../../local/aws/lambda/lambda-functions';
import {
  lambdaResourceTypes,
  type LambdaResourceTypesOptions,
} from '../../../../local/aws/lambda/lambda-resource-types';
import { failureOf, updateStack } from '../api-gateway-v2/deploy-http-api';
import { createStack, inlineFunction, signedClient } from '../signed-client';

jest.setTimeout(30_000);

const bucket = 'cdk-hnb659fds-assets-123456789012-us-west-2';
const functionArn = 'arn:aws:lambda:us-west-2:123456789012:function:the-function';
const path = '/2015-03-31/functions/the-function';
const FunctionName = { Ref: 'Function' };

let deploy: LocalDeploy;
const events: DeployEvent[] = [];
beforeEach(async () => {
  deploy = await startLocalDeploy({ log: (event) => events.push(event) });
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

/** Returns the status, the code and the message of a refusal. */
async function refusalOf(response: Response) {
  const body = await response.json() as { Message: string };
  expect(body).toEqual({ Type: 'User', Message: body.Message, message: body.Message });
  expect(response.headers.get('content-type')).toBe('application/json');
  return [response.status, response.headers.get('x-amzn-errortype'), body.Message];
}

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
  const { RevisionId } = await (await call('GET', '/configuration')).json() as { RevisionId: string };
  expect(await (await call('GET', '/policy')).json())
    .toEqual({ Policy: JSON.stringify(deploy.functionPolicy('the-function')), RevisionId });

  await updateStack(deploy, 'App', {
    ...functions,
    B: permission('222222222222'),
    C: permission('444444444444', 'Second'),
  });
  expect(accounts('the-function')).toEqual(['222222222222']);
  expect(accounts('second')).toEqual(['444444444444']);
  await updateStack(deploy, 'App', functions);
  expect(accounts('the-function')).toEqual([]);
  expect(await refusalOf(await call('GET', '/policy')))
    .toEqual([404, 'ResourceNotFoundException', 'The resource you requested does not exist.']);
});

test.each<[object, object]>([
  [{ Principal: '*' }, { Principal: '*' }],
  [{ Principal: '123456789012' }, { Principal: { AWS: 'arn:aws:iam::123456789012:root' } }],
  [{ Principal: 'arn:aws:iam::123456789012:role/r' }, { Principal: { AWS: 'arn:aws:iam::123456789012:role/r' } }],
  [{ Principal: 's3.amazonaws.com' }, { Principal: { Service: 's3.amazonaws.com' } }],
  [{ Action: 'lambda:GetFunction' }, { Action: 'lambda:GetFunction' }],
  [{ SourceAccount: '1' }, { Condition: { StringEquals: { 'AWS:SourceAccount': '1' } } }],
  [{ FunctionUrlAuthType: 'NONE' }, { Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } }],
  [{ PrincipalOrgID: 'o-1' }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
  [{ SourceArn: 'arn:a' }, { Condition: { ArnLike: { 'AWS:SourceArn': 'arn:a' } } }],
  [{ InvokedViaFunctionUrl: true }, { Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } }],
])('a permission with %j has the statement of Lambda', async (properties, expected) => {
  const Permission = {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName, Principal: '*', ...properties },
  };
  await createStack(deploy, 'App', { ...inlineFunction('exports.handler = async () => {}'), Permission });
  expect(deploy.functionPolicy('the-function')).toEqual({
    Version: '2012-10-17',
    Id: 'default',
    Statement: [{
      Sid: expect.stringMatching(/^App-Permission-[A-Z0-9]{12}$/),
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      Resource: functionArn,
      ...expected,
    }],
  });
});

test.each([
  ['Function', ['Code', 'Role']],
  ['Permission', ['Action', 'FunctionName', 'Principal']],
  ['Url', ['AuthType', 'TargetFunctionArn']],
  ['Version', ['FunctionName']],
  ['Alias', ['FunctionName', 'FunctionVersion', 'Name']],
  ['EventInvokeConfig', ['FunctionName', 'Qualifier']],
  ['LayerVersion', ['Content']],
])('AWS::Lambda::%s needs the properties %j', async (type, required) => {
  expect(await createStack(deploy, 'App', { Thing: { Type: `AWS::Lambda::${type}` } })).toBe('CREATE_FAILED');
  const missing = required.map((name) => `#: required key [${name}] not found`).join(', ');
  expect(await failureOf(deploy, 'App')).toContain(`for resource Thing with message: ${missing}`);
});

test('each resource has its Ref and its attributes', async () => {
  const provision = jest.spyOn(LambdaFunctions.prototype, 'provision');
  deploy.putObject(bucket, 'layer.zip', zip({ 'nodejs/a.js': '' }));
  const of = (type: string, properties: object) =>
    ({ Type: `AWS::Lambda::${type}`, Properties: { FunctionName, ...properties } });
  const attributes = {
    Function: ['Arn'],
    Unnamed: [],
    Permission: ['Id'],
    Url: ['FunctionArn', 'FunctionUrl'],
    Version: ['Version', 'FunctionArn'],
    Alias: ['AliasArn'],
    Config: [],
    Layer: ['LayerVersionArn'],
    UnnamedLayer: [],
  };
  const Outputs = Object.fromEntries(Object.entries(attributes).flatMap(([resource, names]) => [
    [resource, { Value: { Ref: resource } }],
    ...names.map((name) => [resource + name, { Value: { 'Fn::GetAtt': [resource, name] } }] as const),
  ]));
  const { Role, Function } = inlineFunction('exports.handler = async () => {}');
  const Content = { S3Bucket: bucket, S3Key: 'layer.zip' };
  const resources = {
    Role,
    Function,
    Unnamed: inlineFunction('exports.handler = async () => {}', { FunctionName: undefined }).Function,
    Permission: of('Permission', { Action: 'lambda:InvokeFunction', Principal: '*' }),
    Url: of('Url', { AuthType: 'NONE', TargetFunctionArn: FunctionName }),
    Version: of('Version', {}),
    Alias: of('Alias', { Name: 'live', FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] } }),
    Config: of('EventInvokeConfig', { Qualifier: '$LATEST' }),
    Layer: of('LayerVersion', { LayerName: 'words', Content }),
    UnnamedLayer: of('LayerVersion', { Content }),
  };
  expect(await createStack(deploy, 'App', resources, { Outputs })).toBe('CREATE_COMPLETE');
  expect(provision.mock.calls).toEqual([[functionArn, '1', 0], [functionArn, 'live', 0]]);
  provision.mockRestore();
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'App' });
  const outputs = text.matchAll(/<OutputKey>(\w+)<\/OutputKey><OutputValue>([^<]+)</g);
  const generated = (logicalId: string) => expect.stringMatching(`^App-${logicalId}-[A-Z0-9]{12}$`);
  const layerArn = 'arn:aws:lambda:us-west-2:123456789012:layer';
  expect(Object.fromEntries([...outputs].map(([, name, value]) => [name, value]))).toEqual({
    Function: 'the-function',
    FunctionArn: functionArn,
    Unnamed: generated('Unnamed'),
    Permission: generated('Permission'),
    PermissionId: generated('Permission'),
    Url: functionArn,
    UrlFunctionArn: functionArn,
    UrlFunctionUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
    Version: `${functionArn}:1`,
    VersionVersion: '1',
    VersionFunctionArn: `${functionArn}:1`,
    Alias: `${functionArn}:live`,
    AliasAliasArn: `${functionArn}:live`,
    Config: generated('Config'),
    Layer: `${layerArn}:words:1`,
    LayerLayerVersionArn: `${layerArn}:words:1`,
    UnnamedLayer: expect.stringMatching(`^${layerArn}:App-UnnamedLayer-[A-Z0-9]{12}:1$`),
  });
});

test('another name replaces a function and an alias', async () => {
  const resources = (name: string) => ({
    ...inlineFunction('exports.handler = async () => {}', { FunctionName: `function-${name}` }),
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: 'arn:aws:lambda:us-west-2:123456789012:function:permanent', Name: name, FunctionVersion: '1',
      },
    },
  });
  await createStack(deploy, 'Permanent', {
    ...inlineFunction('exports.handler = async () => {}', { FunctionName: 'permanent' }),
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName } },
  });
  expect(await createStack(deploy, 'App', resources('one'))).toBe('CREATE_COMPLETE');
  expect(await updateStack(deploy, 'App', resources('two'))).toBe('UPDATE_COMPLETE');
  const status = async (suffix: string) =>
    (await signedClient(deploy).send('lambda', `/2015-03-31/functions/${suffix}`)).status;
  const suffixes = ['function-one', 'function-two', 'permanent?Qualifier=one', 'permanent?Qualifier=two'];
  expect(await Promise.all(suffixes.map(status))).toEqual([404, 200, 404, 200]);
  // The function of an alias can be deleted before it.
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'Permanent' });
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  expect(deploy.state().stacks.map((stack) => stack.status)).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE']);
});

test.each([
  ['f', 'f', undefined],
  ['f:live', 'f', 'live'],
  ['function:f', 'f', undefined],
  ['123456789012:function:f', 'f', undefined],
  ['123456789012:f:2', 'f', '2'],
  ['arn:aws:lambda:us-west-2:123456789012:function:f', 'f', undefined],
  ['arn:aws-cn:lambda:cn-north-1:123456789012:function:f:$LATEST', 'f', '$LATEST'],
  ['a:b:c', 'a:b:c', undefined],
])('the function %s has the name %s and the qualifier %s', (text, name, qualifier) => {
  expect(nameOf(text)).toEqual({ name, qualifier });
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
  // A version that cannot be created has no number.
  const Content = { S3Bucket: bucket, S3Key: 'none' };
  const missing = { Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: { LayerName: 'words', Content } } };
  expect(await createStack(deploy, 'Missing', missing)).toBe('CREATE_FAILED');
  await createStack(deploy, 'App', resources('one'));
  expect([await result(), await layers()]).toEqual(['one', layer(1)]);
  expect(await updateStack(deploy, 'App', resources('two'))).toBe('UPDATE_COMPLETE');
  expect([await result(), await layers()]).toEqual(['two', layer(2)]);

  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  await createStack(deploy, 'App', resources('three'));
  expect([await result(), await layers()]).toEqual(['three', layer(3)]);
  // The second version was deleted with its stack.
  const old = inlineFunction('', { Layers: ['arn:aws:lambda:us-west-2:123456789012:layer:words:2'] });
  expect(await updateStack(deploy, 'App', { ...resources('three'), ...old })).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await failureOf(deploy, 'App')).toContain('layer:words:2 does not exist.');
});

test.each<[string, object, string]>([
  ['Timeout 0', { Timeout: 0 }, "Value '0' of Timeout must be between 1 and 900"],
  ['Timeout 901', { Timeout: 901 }, "Value '901' of Timeout"],
  ['Timeout 1.5', { Timeout: 1.5 }, "Value '1.5' of Timeout"],
  ['MemorySize 127', { MemorySize: 127 }, "Value '127' of MemorySize must be between 128 and 10240"],
  ['MemorySize 10241', { MemorySize: 10_241 }, "Value '10241' of MemorySize"],
  ['no runtime', { Runtime: undefined }, "Runtime '' is not supported"],
  [
    'another runtime',
    { Runtime: 'python3.13' },
    "Runtime 'python3.13' is not supported by the local service, only nodejs runtimes.",
  ],
  ['a runtime without a minor version', { Runtime: 'nodejs22' }, "Runtime 'nodejs22' is not supported"],
  ['a runtime with a longer name', { Runtime: 'nodejs22.x-beta' }, "Runtime 'nodejs22.x-beta' is not supported"],
  ['a runtime with a prefix', { Runtime: 'my-nodejs22.x' }, "Runtime 'my-nodejs22.x' is not supported"],
  ['a timeout that is no number', { Timeout: 'long' }, "Value 'long' of Timeout must be between 1 and 900"],
  [
    'a container image',
    { PackageType: 'Image' },
    'Container images are not supported by the local service. Package the function as a zip file.',
  ],
  ['the URI of an image', { Code: { ImageUri: 'image' } }, 'Container images are not supported'],
  [
    'no handler',
    { Handler: undefined },
    'Handler is required for a function that is packaged as a zip file.',
  ],
  [
    'an unknown role',
    { Role: 'arn:aws:iam::123456789012:role/none' },
    'The role arn:aws:iam::123456789012:role/none does not exist. The role defined for the function cannot be assumed '
    + 'by Lambda.',
  ],
  ['an unknown layer', { Layers: ['arn:aws:lambda:us-west-2:123456789012:layer:a:1'] }, 'layer:a:1 does not exist'],
  ['a missing object', { Code: { S3Bucket: bucket, S3Key: 'none' } }, `does not exist: s3://${bucket}/none`],
])('a function with %s is refused', async (_, properties, reason) => {
  expect(await createStack(deploy, 'App', inlineFunction('', properties))).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'App')).toContain(reason);
});

/** The configuration of a function without optional properties, as the Lambda API returns it. */
const source = 'exports.handler = async () => {}; // ä';
const defaults = {
  FunctionName: 'the-function',
  FunctionArn: functionArn,
  Runtime: 'nodejs22.x',
  Role: 'arn:aws:iam::123456789012:role/the-role',
  Handler: 'index.handler',
  CodeSize: Buffer.byteLength(source),
  CodeSha256: createHash('sha256').update(source).digest('base64'),
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
  Version: '$LATEST',
  Environment: { Variables: {} },
  TracingConfig: { Mode: 'PassThrough' },
  RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  State: 'Active',
  LastUpdateStatus: 'Successful',
  PackageType: 'Zip',
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 512 },
  LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/the-function' },
  Layers: [],
};

test('a function has the defaults of Lambda, or its own properties within the limits', async () => {
  expect(await createStack(deploy, 'App', inlineFunction(source))).toBe('CREATE_COMPLETE');
  const described = async () => (await call('GET', '')).json();
  expect(await described()).toEqual({
    Configuration: defaults,
    Code: { RepositoryType: 'S3', Location: '' },
    Tags: {},
  });
  const Version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName, Description: 'first' } };
  expect(await updateStack(deploy, 'App', {
    ...inlineFunction(source, {
      Timeout: '900',
      MemorySize: 10_240,
      Description: 'text',
      Architectures: ['arm64'],
      Environment: { Variables: { COUNT: 1 } },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: '/own' },
      Tags: [{ Key: 'team', Value: 'chat' }],
    }),
    Version,
  })).toBe('UPDATE_COMPLETE');
  const Configuration = {
    ...defaults,
    Timeout: 900,
    MemorySize: 10_240,
    Description: 'text',
    Architectures: ['arm64'],
    Environment: { Variables: { COUNT: '1' } },
    LoggingConfig: { LogFormat: 'JSON', LogGroup: '/own' },
  };
  expect(await described()).toMatchObject({ Configuration, Tags: { team: 'chat' } });
  const version = { ...Configuration, FunctionArn: `${functionArn}:1`, Version: '1', Description: 'first' };
  expect(await (await call('GET', '/configuration?Qualifier=1')).json()).toEqual(version);
  expect(await (await call('GET', '?Qualifier=1')).json()).toMatchObject({ Configuration: version });
  expect(await (await call('GET', ':1/configuration')).json()).toEqual(version);
  expect(await (await call('GET', ':1')).json()).toMatchObject({ Configuration: version });
  const text = { LoggingConfig: { LogFormat: 'Text' } };
  expect(await updateStack(deploy, 'App', inlineFunction(source, { Timeout: 1, MemorySize: 128, ...text })))
    .toBe('UPDATE_COMPLETE');
  expect(await described()).toMatchObject({ Configuration: { ...defaults, Timeout: 1 }, Tags: {} });
});

test('a function can be a zip file by its PackageType', async () => {
  expect(await createStack(deploy, 'App', inlineFunction(source, { PackageType: 'Zip' }))).toBe('CREATE_COMPLETE');
});

test('a function has the tags of its stack and its own tags', async () => {
  const Tags = [{ Key: 'own', Value: 'x' }];
  await signedClient(deploy).query('cloudformation', 'CreateStack', {
    'StackName': 'App',
    'TemplateBody': JSON.stringify({ Resources: inlineFunction(source, { Tags }) }),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    'Tags.member.1.Key': 'team',
    'Tags.member.1.Value': 'chat',
  });
  expect(await (await call('GET', '')).json()).toMatchObject({ Tags: { own: 'x', team: 'chat' } });
});

test('the delete of a resource waits until the deletion is complete', async () => {
  const removal = new Promise<void>(() => {});
  const types = lambdaResourceTypes({
    functions: { remove: () => removal, removeVersion: () => removal }, urls: { close: () => removal },
  } as unknown as LambdaResourceTypesOptions);
  const state = { physicalId: 'one', properties: {}, attributes: {} };
  for (const type of ['Function', 'Url', 'Version']) {
    const answer = types[`AWS::Lambda::${type}`]!.delete!(state, {} as ResourceContext);
    expect([type, answer === removal]).toEqual([type, true]);
  }
});

test('a version and an alias wait for their provisioned instances', async () => {
  const provision = () => Promise.reject(new Error('no instance'));
  const types = lambdaResourceTypes({
    functions: { configuration: () => ({ arn: 'arn' }), publish: () => ({ arn: 'arn' }), setAlias() {}, provision },
  } as unknown as LambdaResourceTypesOptions);
  const state = { physicalId: 'one', properties: {}, attributes: {} };
  const context = {} as ResourceContext;
  for (const type of ['Version', 'Alias']) {
    await expect(types[`AWS::Lambda::${type}`]!.create({}, context)).rejects.toThrow('no instance');
  }
  await expect(types['AWS::Lambda::Alias']!.update!({}, state, context)).rejects.toThrow('no instance');
});

test('another function, qualifier or description replaces versions, aliases, URLs and configurations', async () => {
  const resources = (of: string, Qualifier: string, Description = '') => {
    const reference = { FunctionName: { Ref: of } };
    const FunctionVersion = { 'Fn::GetAtt': ['Version', 'Version'] };
    return {
      ...inlineFunction(source),
      ...second(),
      Version: { Type: 'AWS::Lambda::Version', Properties: { ...reference, Description } },
      Alias: { Type: 'AWS::Lambda::Alias', Properties: { ...reference, Name: 'live', FunctionVersion } },
      Config: { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { ...reference, Qualifier } },
      Url: {
        Type: 'AWS::Lambda::Url',
        DependsOn: 'Alias',
        Properties: { AuthType: 'NONE', TargetFunctionArn: reference.FunctionName, Qualifier },
      },
    };
  };
  const deleted = () => deploy.state().stacks[0]!.events.filter(({ status }) => status === 'DELETE_COMPLETE')
    .map(({ logicalId }) => logicalId).sort();
  expect(await createStack(deploy, 'App', resources('Function', 'live'))).toBe('CREATE_COMPLETE');
  expect(await updateStack(deploy, 'App', resources('Second', 'live'))).toBe('UPDATE_COMPLETE');
  const all = ['Alias', 'Config', 'Url', 'Version'];
  expect(deleted()).toEqual(all);
  expect(await updateStack(deploy, 'App', resources('Second', '$LATEST'))).toBe('UPDATE_COMPLETE');
  expect(deleted()).toEqual([...all, 'Config', 'Url'].sort());
  expect(await updateStack(deploy, 'App', resources('Second', '$LATEST', 'next'))).toBe('UPDATE_COMPLETE');
  expect(deleted()).toEqual([...all, 'Config', 'Url', 'Version'].sort());
});

test.each([
  ['a permission', 'Permission', { Action: 'lambda:InvokeFunction', Principal: '*' }, ':live'],
  ['an alias', 'Alias', { Name: 'live', FunctionVersion: '9' }, ''],
  ['a version', 'Version', {}, '-other'],
  ['an event invoke configuration', 'EventInvokeConfig', { Qualifier: '$LATEST' }, '-other'],
])('%s needs a version and a function that exist', async (_, type, properties, suffix) => {
  const Properties = { FunctionName: functionArn + suffix, ...properties };
  const Thing = { Type: `AWS::Lambda::${type}`, Properties, DependsOn: 'Function' };
  expect(await createStack(deploy, 'App', { ...inlineFunction(source), Thing })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'App')).toContain(`Function not found: ${functionArn}${suffix || ':live'}`);
});

test('the name of a function is unique', async () => {
  expect(await createStack(deploy, 'App', { ...inlineFunction(source), ...second() })).toBe('CREATE_COMPLETE');
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
  expect(await (await call('GET', '/url?Qualifier=live')).json())
    .toEqual({ FunctionArn: `${functionArn}:live`, FunctionUrl: url });

  await updateStack(deploy, 'App', live('Two'));
  expect(await answer()).toBe('2');
});

describe('the Lambda API', () => {
  beforeEach(() => createStack(deploy, 'App', {
    ...inlineFunction(
      `exports.handler = async ({ id }, { clientContext: client, awsRequestId }) =>
        ({ stage: process.env.STAGE, client, id: id && awsRequestId });`,
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
    const answer = await call('PUT', '/configuration', { FunctionName: 'the-function', RevisionId: 'r' });
    expect([answer.status, answer.headers.get('content-type'), await answer.json()])
      .toEqual([200, 'application/json', await configuration()]);
    const unknown = await call('PUT', '/configuration', { Description: 'third', Timeout: 5, MemorySize: 128 });
    expect([unknown.status, await unknown.text()]).toEqual([501, expect.stringContaining(
      'lambda:UpdateFunctionConfiguration of Timeout, MemorySize is not implemented by the local service.',
    )]);
    expect(await configuration()).toMatchObject({ Description: 'second', Environment: after.Environment });
    await call('PUT', '/configuration', { Environment: {}, Description: '' });
    expect(await configuration()).toMatchObject({ Description: '', Environment: { Variables: {} } });
    expect(await result()).toEqual({});
  });

  test('each change has a new revision and its time', async () => {
    const changes = [
      () => call('PUT', '/configuration', { Description: 'second' }),
      () => call('PUT', '/code', { ZipFile: zip({ 'index.js': '' }).toString('base64') }),
    ];
    for (const change of changes) {
      const before = await configuration();
      const time = Date.now();
      while (Date.now() === time); // LastModified has milliseconds.
      await change();
      const after = await configuration();
      expect(after.RevisionId).not.toBe(before.RevisionId);
      expect(Date.parse(after.LastModified)).toBeGreaterThan(Date.parse(before.LastModified));
    }
  });

  test('the log of the endpoint has the name of each operation', async () => {
    const requests: [string, string, RequestInit?][] = [
      ['GET', ''], ['GET', '/configuration'], ['GET', '/policy'], ['GET', '/url'],
      ['PUT', '/code', { body: '{"ZipFile":""}' }], ['PUT', '/configuration', { body: '{}' }],
      ['POST', '/invocations', { headers: { 'x-amz-invocation-type': 'DryRun' } }],
      ['POST', '/invocations?Qualifier=9'], ['GET', 's/carrot'], ['DELETE', ''],
    ];
    events.splice(0);
    for (const [method, suffix, init] of requests) {
      await signedClient(deploy).send('lambda', path + suffix, { ...init, method });
    }
    const code = (statusCode: number, errorCode: string | undefined) => ({ statusCode, errorCode });
    const missing = code(404, 'ResourceNotFoundException');
    const expected: [string, object][] = [
      ['GetFunction', code(200, undefined)],
      ['GetFunctionConfiguration', code(200, undefined)],
      ['GetPolicy', missing],
      ['GetFunctionUrlConfig', missing],
      ['UpdateFunctionCode', code(400, 'InvalidParameterValueException')],
      ['UpdateFunctionConfiguration', code(200, undefined)],
      ['Invoke', code(204, undefined)],
      ['Invoke', missing],
      ['GET /carrot', code(501, 'NotImplemented')],
      ['DELETE ', code(501, 'NotImplemented')],
    ];
    expect(events).toEqual(
      expected.map(([operation, rest]) => ({ kind: 'request', service: 'lambda', operation, ...rest })));
  });

  test('UpdateFunctionCode changes the code of one function', async () => {
    const before = await configuration();
    const file = zip({ 'index.js': 'exports.handler = async () => "new " + process.env.STAGE;' });
    const CodeSha256 = createHash('sha256').update(file).digest('base64');
    const changed = await call('PUT', '/code', { ZipFile: file.toString('base64') });
    expect(await result()).toBe('new one');
    expect([changed.status, await changed.json()]).toEqual([200, await configuration()]);
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
    const invalid = [400, 'InvalidParameterValueException'];
    expect(await refusalOf(await call('PUT', '/code', { S3Bucket: bucket, S3Key: 'none' }))).toEqual([
      ...invalid,
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist: '
      + `s3://${bucket}/none`,
    ]);
    expect(await refusalOf(await call('PUT', '/code', { ZipFile: 'Y2Fycm90' }))).toEqual([
      ...invalid,
      expect.stringContaining('Could not unzip uploaded file. Please check your file, then try to upload again.'),
    ]);
    expect(await result()).toBe('stored');
  });

  test('Invoke has the other invocation types, a client context and the errors of Lambda', async () => {
    const invoke = (body?: string, headers = {}) => call('POST', '/invocations', body, headers);
    expect((await invoke('{}', { 'x-amz-invocation-type': 'DryRun' })).status).toBe(204);
    const event = { 'x-amz-invocation-type': 'Event' };
    expect((await call('POST', '/invocations?Qualifier=9', '{}', event)).status).toBe(404);
    expect((await invoke('carrot', event)).status).toBe(400);
    const context = Buffer.from('{"custom":{"a":1}}').toString('base64');
    const answer = await invoke('{}', { 'x-amz-client-context': context });
    expect([await answer.json(), answer.headers.get('x-amz-function-error')])
      .toEqual([{ stage: 'one', client: { custom: { a: 1 } } }, null]);
    expect(Object.fromEntries(answer.headers))
      .toMatchObject({ 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' });
    const empty = await invoke();
    expect([empty.status, await empty.json(), empty.headers.get('x-amz-function-error')])
      .toEqual([200, { stage: 'one' }, null]);
    const id = await invoke('{"id":true}');
    expect(await id.json()).toEqual({ stage: 'one', id: id.headers.get('x-amzn-requestid') });
    expect(await refusalOf(await invoke('carrot'))).toEqual([
      400,
      'InvalidRequestContentException',
      expect.stringMatching(/^Could not parse request body into json: .*carrot/),
    ]);
  });

  test.each<[string, string, string, number, RequestInit]>([
    ['GetFunction', 'GET', '', 200, {}],
    ['GetFunctionConfiguration', 'GET', '/configuration', 200, {}],
    // The function has no policy and no URL.
    ['GetPolicy', 'GET', '/policy', 404, {}],
    ['GetFunctionUrlConfig', 'GET', '/url', 404, {}],
    ['UpdateFunctionCode', 'PUT', '/code', 200, { body: `{"ZipFile":"${zip({ 'a.js': '' }).toString('base64')}"}` }],
    ['UpdateFunctionConfiguration', 'PUT', '/configuration', 200, { body: '{"Description":"changed"}' }],
    ['InvokeFunction', 'POST', '/invocations', 204, { headers: { 'x-amz-invocation-type': 'DryRun' } }],
  ])('lambda:%s allows %s %s with status %i', async (operation, method, suffix, expected, init) => {
    const ask = (Action: string, Resource: string) => {
      const evaluate = allows([{ Statement: { Effect: 'Allow', Action, Resource } }]);
      const session = deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', evaluate);
      return signedClient(deploy, session).send('lambda', path + suffix, { ...init, method });
    };
    const before = await configuration();
    const action = `lambda:${operation}`;
    const refusal = [
      403,
      'AccessDeniedException',
      `User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: ${action} on resource: `
      + `${functionArn} because no identity-based policy allows the ${action} action`,
    ];
    expect(await refusalOf(await ask('lambda:TagResource', '*'))).toEqual(refusal);
    expect(await refusalOf(await ask(action, functionArn.replace('the-function', 'second')))).toEqual(refusal);
    expect(await configuration()).toEqual(before);
    expect((await ask(action, functionArn)).status).toBe(expected);
  });

  test('a qualified function has a resource of its own', async () => {
    const status = async (Resource: string | readonly string[], name: string, query: string) => {
      const evaluate = allows([{ Statement: { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource } }]);
      const session = deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', evaluate);
      const address = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations${query}`;
      return (await signedClient(deploy, session).send('lambda', address, { method: 'POST' })).status;
    };
    for (const [Resource, expected] of [
      [functionArn, [200, 403, 403, 403, 403]],
      [`${functionArn}:1`, [403, 200, 200, 200, 403]],
      [`${functionArn}:*`, [403, 200, 200, 200, 200]],
      [[functionArn, `${functionArn}:*`], [200, 200, 200, 200, 200]],
      [functionArn.replace('the-function', 'second'), [403, 403, 403, 403, 403]],
    ] as const) {
      const statuses = [];
      for (const [name, query] of [
        ['the-function', ''],
        ['the-function', '?Qualifier=1'],
        ['the-function:1', ''],
        [`${functionArn}:1`, ''],
        ['the-function:1', '?Qualifier=$LATEST'],
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

test('the event invoke configuration has the values of the resource, until it is deleted', async () => {
  const set = jest.spyOn(LambdaFunctions.prototype, 'setEventInvokeConfiguration');
  const functions = inlineFunction('exports.handler = async () => {};');
  const Config = (properties: object) => ({
    Type: 'AWS::Lambda::EventInvokeConfig', Properties: { FunctionName, Qualifier: '$LATEST', ...properties },
  });
  await createStack(deploy, 'App', { ...functions, Config: Config({ MaximumRetryAttempts: '0' }) });
  await updateStack(deploy, 'App', { ...functions, Config: Config({ MaximumEventAgeInSeconds: '60' }) });
  await updateStack(deploy, 'App', functions);
  expect(set.mock.calls).toEqual([
    ['the-function', '$LATEST', { maximumRetryAttempts: 0, maximumEventAgeInSeconds: undefined }],
    ['the-function', '$LATEST', { maximumRetryAttempts: undefined, maximumEventAgeInSeconds: 60 }],
    ['the-function', '$LATEST', undefined],
  ]);
  set.mockRestore();
});

test.each([
  [undefined, '{}'], [null, '{}'], [0, '0'], [false, 'false'], ['', '""'], [{ a: null }, '{"a":null}'],
])('invokeFunction with the event %j sends %s', async (event, payload) => {
  const invoke = jest.spyOn(LambdaFunctions.prototype, 'invoke').mockResolvedValue({} as never);
  const listener = { began() {}, ended() {} };
  await deploy.invokeFunction('the-function:live', event, listener);
  expect(invoke.mock.calls).toEqual([['the-function:live', payload, { initialization: listener }]]);
  invoke.mockRestore();
});

test('the ID of a permission has at most 100 characters', async () => {
  const logicalId = 'L'.repeat(200);
  const resources = { ...inlineFunction('exports.handler = async () => {}'), [logicalId]: permission('1') };
  await createStack(deploy, 'A', resources);
  expect(deploy.functionPolicy('the-function').Statement.map(({ Sid }) => Sid))
    .toEqual([expect.stringMatching(/^A-L{85}-[A-Z0-9]{12}$/)]);
});

test('a function that does not exist and an unknown operation are refused', async () => {
  for (const suffix of ['', '/configuration', '/policy', '/url']) {
    const missing = await signedClient(deploy).send('lambda', `/2015-03-31/functions/none${suffix}`);
    expect(await refusalOf(missing)).toEqual([
      404, 'ResourceNotFoundException', 'Function not found: arn:aws:lambda:us-west-2:123456789012:function:none',
    ]);
  }
  await createStack(deploy, 'App', inlineFunction(source));
  expect(await refusalOf(await call('GET', '/configuration?Qualifier=live')))
    .toEqual([404, 'ResourceNotFoundException', `Function not found: ${functionArn}:live`]);
  for (const address of ['/2015-03-31/functions', '/2015-03-31/functions/', '/functions/the-function', `/x${path}`]) {
    expect([address, (await signedClient(deploy).send('lambda', address)).status]).toEqual([address, 501]);
  }
  const unknown = await call('GET', '/concurrency');
  expect([unknown.status, unknown.headers.get('x-amzn-errortype'), await unknown.json()]).toEqual([
    501,
    'NotImplemented',
    {
      Type: 'Service',
      Message: expect.stringContaining(`lambda:GET ${path}/concurrency is not implemented by the local service.`),
      message: expect.any(String),
    },
  ]);
});
