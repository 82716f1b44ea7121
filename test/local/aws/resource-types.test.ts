import { apiGatewayV2ResourceTypes } from '../../../local/aws/api-gateway-v2/api-gateway-v2-resource-types';
import type { Authorizer, Integration } from '../../../local/aws/api-gateway-v2/http-api';
import { HttpApis, type HttpApisOptions } from '../../../local/aws/api-gateway-v2/http-apis';
import type { ResourceContext } from '../../../local/aws/cloudformation/resource-handler';
import { resourceTypeHandler } from '../../../local/aws/cloudformation/resource-type';
import { cognitoResourceTypes } from '../../../local/aws/cognito/cognito-resource-types';
import { TokenIssuers } from '../../../local/aws/cognito/token-issuers';
import { UserPools } from '../../../local/aws/cognito/user-pools';
import { cloudWatchLogsResourceTypes } from '../../../local/aws/cloudwatch-logs/cloudwatch-logs-resource-types';
import { LogGroups } from '../../../local/aws/cloudwatch-logs/log-groups';
import { dynamoDbResourceTypes } from '../../../local/aws/dynamodb/dynamodb-resource-types';
import { DynamoDbTables } from '../../../local/aws/dynamodb/dynamodb-tables';
import { iamResourceTypes } from '../../../local/aws/iam/iam-resource-types';
import { Roles } from '../../../local/aws/iam/roles';
import { Buckets } from '../../../local/aws/s3/buckets';
import { s3ResourceTypes } from '../../../local/aws/s3/s3-resource-types';
import { lambdaResourceTypes, type LambdaResourceTypesOptions } from '../../../local/aws/lambda/lambda-resource-types';
import { ParameterStore } from '../../../local/aws/ssm/parameter-store';
import { ssmResourceTypes } from '../../../local/aws/ssm/ssm-resource-types';
import { VirtualClock } from '../../../local/clock';

const clock = new VirtualClock();
const roles = new Roles();
const apis = new HttpApis({ clock } as Partial<HttpApisOptions> as HttpApisOptions);
const userPools = new UserPools('eu-west-1', '123456789012', new TokenIssuers());
const types = {
  ...apiGatewayV2ResourceTypes(apis),
  ...cognitoResourceTypes(userPools),
  ...cloudWatchLogsResourceTypes(new LogGroups(clock)),
  ...dynamoDbResourceTypes(new DynamoDbTables('eu-west-1', '123456789012')),
  ...iamResourceTypes(roles),
  ...lambdaResourceTypes({} as LambdaResourceTypesOptions),
  ...s3ResourceTypes(new Buckets(clock)),
  ...ssmResourceTypes(new ParameterStore(clock)),
};
const context = (type: string): ResourceContext => ({
  type,
  stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/App/1',
  stackName: 'App',
  logicalId: 'One',
  region: 'eu-west-1',
  accountId: '123456789012',
  stackTags: {},
  signal: new AbortController().signal,
});

/** The schemas of CloudFormation: the required properties, and the properties that only a replacement can change. */
const schemas: [string, string[], string[]][] = [
  ['AWS::ApiGatewayV2::Api', [], ['ProtocolType']],
  ['AWS::ApiGatewayV2::Authorizer', ['ApiId', 'AuthorizerType', 'Name'], ['ApiId']],
  ['AWS::ApiGatewayV2::Deployment', ['ApiId'], ['ApiId']],
  ['AWS::ApiGatewayV2::Integration', ['ApiId', 'IntegrationType'], ['ApiId']],
  ['AWS::ApiGatewayV2::Route', ['ApiId', 'RouteKey'], ['ApiId']],
  ['AWS::ApiGatewayV2::Stage', ['ApiId', 'StageName'], ['ApiId', 'StageName']],
  ['AWS::Cognito::UserPool', [], ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration']],
  ['AWS::Cognito::UserPoolClient', ['UserPoolId'], ['UserPoolId', 'GenerateSecret']],
  ['AWS::Cognito::UserPoolDomain', ['UserPoolId', 'Domain'], ['UserPoolId', 'Domain']],
  ['AWS::Cognito::UserPoolGroup', ['UserPoolId'], ['UserPoolId', 'GroupName']],
  ...['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'].map((type): [string, string[], string[]] => [
    type, ['KeySchema'], ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
  ]),
  ['AWS::IAM::ManagedPolicy', ['PolicyDocument'], ['ManagedPolicyName', 'Path', 'Description']],
  ['AWS::IAM::Policy', ['PolicyDocument', 'PolicyName'], []],
  ['AWS::IAM::Role', ['AssumeRolePolicyDocument'], ['RoleName', 'Path']],
  ['AWS::Lambda::Alias', ['FunctionName', 'FunctionVersion', 'Name'], ['FunctionName', 'Name']],
  ['AWS::Lambda::EventInvokeConfig', ['FunctionName', 'Qualifier'], ['FunctionName', 'Qualifier']],
  ['AWS::Lambda::Function', ['Code', 'Role'], ['FunctionName', 'PackageType']],
  ['AWS::Lambda::LayerVersion', ['Content'], ['Content', 'Tags']],
  ['AWS::Lambda::Permission', ['Action', 'FunctionName', 'Principal'], ['Action', 'FunctionName', 'Principal', 'Tags']],
  ['AWS::Lambda::Url', ['AuthType', 'TargetFunctionArn'], ['TargetFunctionArn', 'Qualifier']],
  ['AWS::Lambda::Version', ['FunctionName'], ['FunctionName', 'Tags']],
  ['AWS::Logs::LogGroup', [], ['LogGroupName']],
  ['AWS::Logs::ResourcePolicy', ['PolicyDocument', 'PolicyName'], ['PolicyName']],
  ['AWS::S3::Bucket', [], ['BucketName']],
  ['AWS::S3::BucketPolicy', ['Bucket', 'PolicyDocument'], ['Bucket']],
  ['AWS::SSM::Parameter', ['Type', 'Value'], ['Name']],
];

test.each(schemas.filter(([, required]) => required.length > 0))('%s requires %j', async (type, required) => {
  const messages = required.map((name) => `#: required key [${name}] not found`);
  await expect(resourceTypeHandler(types[type]!).create(context(type), {})).rejects.toThrow(
    `Properties validation failed for resource One with message: ${messages.join(', ')}`,
  );
});

test.each(schemas)('a change of %s replaces it only with another %s or %j', (type, required, createOnly) => {
  const { replaces } = resourceTypeHandler(types[type]!);
  const names = [...new Set([...required, ...createOnly, 'Tags'])];
  expect(names.filter((name) => replaces([name]) === 'True').sort()).toEqual([...createOnly].sort());
});

test.each([['AWS::S3::Bucket', 63], ['AWS::Logs::LogGroup', 512]])(
  'a generated name of %s has at most %i characters',
  async (type, maximum) => {
    const long = { ...context(type), stackName: 'S'.repeat(300), logicalId: 'L'.repeat(300) };
    expect((await resourceTypeHandler(types[type]!).create(long, {})).physicalId).toHaveLength(maximum);
  },
);

const AssumeRolePolicyDocument = {};
const PolicyDocument = {};
const name = expect.stringMatching(/^App-One-[A-Z0-9]{12}$/);

test.each<[string, object, unknown, object]>([
  ['AWS::IAM::Role', { AssumeRolePolicyDocument }, name, {
    Arn: expect.stringMatching(/^arn:aws:iam::123456789012:role\/App-One-[A-Z0-9]{12}$/),
    RoleId: expect.stringMatching(/^AROA[A-Z0-9]{16}$/),
  }],
  ['AWS::IAM::Role', { AssumeRolePolicyDocument, RoleName: 'r', Path: '/team/' }, 'r', {
    Arn: 'arn:aws:iam::123456789012:role/team/r',
    RoleId: expect.any(String),
  }],
  ['AWS::IAM::Policy', { PolicyDocument, PolicyName: 'p' }, name, { Id: name }],
  [
    'AWS::IAM::ManagedPolicy',
    { PolicyDocument, ManagedPolicyName: 'p', Path: '/team/' },
    'arn:aws:iam::123456789012:policy/team/p',
    { PolicyArn: 'arn:aws:iam::123456789012:policy/team/p' },
  ],
  [
    'AWS::IAM::ManagedPolicy',
    { PolicyDocument },
    expect.stringMatching(/^arn:aws:iam::123456789012:policy\/App-One-[A-Z0-9]{12}$/),
    { PolicyArn: expect.stringMatching(/policy\/App-One-[A-Z0-9]{12}$/) },
  ],
  ['AWS::SSM::Parameter', { Type: 'StringList', Value: 'a,b', Name: '/a' }, '/a', { Type: 'StringList', Value: 'a,b' }],
  ['AWS::SSM::Parameter', { Type: 'String', Value: 5 }, expect.stringMatching(/^CFN-App-One-[A-Z0-9]{12}$/), {
    Type: 'String', Value: '5',
  }],
])('%s with %j has a physical ID and attributes', async (type, properties, physicalId, attributes) => {
  const state = await resourceTypeHandler(types[type]!).create(context(type), { ...properties });
  expect([state.physicalId, state.attributes]).toEqual([physicalId, attributes]);
});

test('the content of a managed policy is known until it is deleted', async () => {
  const type = 'AWS::IAM::ManagedPolicy';
  const handler = resourceTypeHandler(types[type]!);
  const policy = await handler.create(context(type), { PolicyDocument });
  expect(roles.knowsManagedPolicy(policy.physicalId)).toBe(true);
  await handler.delete(context(type), policy);
  expect(roles.knowsManagedPolicy(policy.physicalId)).toBe(false);
});

test('the attributes of a parameter change with an update', async () => {
  const type = 'AWS::SSM::Parameter';
  const handler = resourceTypeHandler(types[type]!);
  const before = await handler.create(context(type), { Type: 'String', Value: 'a' });
  const after = await handler.update(context(type), before, { Type: 'StringList', Value: 'b,c' });
  expect(after).toMatchObject({ physicalId: before.physicalId, attributes: { Type: 'StringList', Value: 'b,c' } });
});

test('the client of a user pool has its name and a secret', async () => {
  const create = (type: string, properties: object = {}) =>
    resourceTypeHandler(types[type]!).create(context(type), { ...properties });
  const pool = await create('AWS::Cognito::UserPool');
  expect(pool.attributes).toEqual({
    Arn: `arn:aws:cognito-idp:eu-west-1:123456789012:userpool/${pool.physicalId}`,
    UserPoolId: pool.physicalId,
    ProviderName: `cognito-idp.eu-west-1.amazonaws.com/${pool.physicalId}`,
    ProviderURL: `https://cognito-idp.eu-west-1.amazonaws.com/${pool.physicalId}`,
  });
  const UserPoolId = pool.physicalId;
  const named = await create('AWS::Cognito::UserPoolClient', { UserPoolId, ClientName: 'web' });
  const unnamed = await create('AWS::Cognito::UserPoolClient', { UserPoolId });
  const ClientSecret = expect.stringMatching(/^[a-z0-9]{52}$/);
  expect([named.attributes, unnamed.attributes]).toEqual([
    { ClientId: named.physicalId, ClientSecret, Name: 'web' },
    { ClientId: unnamed.physicalId, ClientSecret, Name: unnamed.physicalId },
  ]);
  expect([...userPools.get(UserPoolId)!.clients]).toEqual([named.physicalId, unnamed.physicalId]);
  const pools = await Promise.all(Array.from({ length: 20 }, () => create('AWS::Cognito::UserPool')));
  expect(pools.map(({ physicalId }) => physicalId).join()).toMatch(/_\w*[A-Z]/);
  // Its pool can be deleted before it.
  const type = 'AWS::Cognito::UserPoolClient';
  await resourceTypeHandler(types[type]!).delete(context(type), { ...named, properties: { UserPoolId: 'none' } });
  expect((await create('AWS::Cognito::UserPoolGroup', { UserPoolId })).physicalId).toBe('One');
  const domain = await create('AWS::Cognito::UserPoolDomain', { UserPoolId, Domain: 'example' });
  expect(domain.attributes).toEqual({ CloudFrontDistribution: '' });
});

describe('the parts of an HTTP API', () => {
  const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
  const invocation = (arn: string) =>
    `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
  let ApiId: string;
  const create = async (part: string, properties: object) => {
    const type = `AWS::ApiGatewayV2::${part}`;
    return (await resourceTypeHandler(types[type]!).create(context(type), { ApiId, ...properties })).physicalId;
  };
  beforeAll(async () => {
    ApiId = await create('Api', { ProtocolType: 'HTTP' });
  });
  afterAll(() => apis.close());
  const api = () => apis.get(ApiId)!;

  const minimalIntegration = { IntegrationType: 'AWS_PROXY', IntegrationUri: functionArn, PayloadFormatVersion: '1.0' };
  const integration = { functionArn, payloadFormatVersion: '1.0', timeoutMilliseconds: 30_000 };
  test.each<[object, object]>([
    [{}, integration],
    [{ TimeoutInMillis: '50', PayloadFormatVersion: '2.0', CredentialsArn: 'arn:role', ConnectionType: 'INTERNET' }, {
      ...integration, timeoutMilliseconds: 50, payloadFormatVersion: '2.0', credentialsArn: 'arn:role',
    }],
    [{ IntegrationUri: invocation(functionArn) }, integration],
    [{ IntegrationUri: functionArn.replace('aws', 'aws-cn') }, {
      ...integration, functionArn: functionArn.replace('aws', 'aws-cn'),
    }],
    [{ IntegrationUri: `${functionArn}:live` }, { ...integration, functionArn: `${functionArn}:live` }],
    [{ IntegrationUri: invocation(`${functionArn}:$LATEST`) }, {
      ...integration, functionArn: `${functionArn}:$LATEST`,
    }],
  ])('an integration with %j', async (properties, expected) => {
    const id = await create('Integration', { ...minimalIntegration, ...properties });
    expect(api().integrations.get(id)).toEqual(expected);
  });

  test.each<[object, object]>([
    [{}, {
      type: 'REQUEST',
      identitySources: [],
      functionArn,
      payloadFormatVersion: '2.0',
      simpleResponses: false,
      resultTtlSeconds: 300,
    }],
    [
      {
        IdentitySource: ['$request.header.a', '$context.path'],
        EnableSimpleResponses: 'true',
        AuthorizerResultTtlInSeconds: '0',
        AuthorizerPayloadFormatVersion: '1.0',
        AuthorizerCredentialsArn: 'arn:role',
      },
      {
        type: 'REQUEST',
        identitySources: ['$request.header.a', '$context.path'],
        functionArn,
        credentialsArn: 'arn:role',
        payloadFormatVersion: '1.0',
        simpleResponses: true,
        resultTtlSeconds: 0,
      },
    ],
    [{ AuthorizerResultTtlInSeconds: 3600, EnableSimpleResponses: false }, expect.objectContaining({
      resultTtlSeconds: 3600, simpleResponses: false,
    })],
    [{ AuthorizerResultTtlInSeconds: 0, EnableSimpleResponses: 'false' }, expect.objectContaining({
      resultTtlSeconds: 0, simpleResponses: false,
    })],
    [
      {
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: 'https://issuer.example/', Audience: ['a', 'b'] },
      },
      {
        type: 'JWT',
        identitySources: ['$request.header.Authorization'],
        issuer: 'https://issuer.example/',
        audience: ['a', 'b'],
      },
    ],
  ])('an authorizer with %j', async (properties, expected) => {
    const minimal = {
      Name: 'a',
      AuthorizerType: 'REQUEST',
      AuthorizerUri: invocation(functionArn),
      AuthorizerPayloadFormatVersion: '2.0',
    };
    const id = await create('Authorizer', { ...minimal, ...properties });
    const { id: ownId, ...authorizer } = api().authorizers.get(id)!;
    expect([ownId, authorizer]).toEqual([id, expected]);
  });

  test.each<[object, object]>([
    [{}, { defaultThrottle: {}, routeThrottles: {}, stageVariables: {}, accessLog: undefined }],
    [
      {
        DefaultRouteSettings: { ThrottlingRateLimit: '5', ThrottlingBurstLimit: 10 },
        RouteSettings: { 'GET /a': { ThrottlingRateLimit: 0.5 }, 'GET /b': { ThrottlingBurstLimit: '2' } },
        StageVariables: { color: 'green', number: 5 },
        AccessLogSettings: {
          DestinationArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/access/a:*', Format: '$context.path',
        },
      },
      {
        defaultThrottle: { rateLimit: 5, burstLimit: 10 },
        routeThrottles: { 'GET /a': { rateLimit: 0.5 }, 'GET /b': { burstLimit: 2 } },
        stageVariables: { color: 'green', number: '5' },
        accessLog: { logGroupName: '/access/a', format: '$context.path' },
      },
    ],
    [
      { AccessLogSettings: { DestinationArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:b', Format: 'f' } },
      expect.objectContaining({ accessLog: { logGroupName: 'b', format: 'f' } }),
    ],
    [
      { AccessLogSettings: { DestinationArn: 'arn:aws-cn:logs:cn-north-1:123456789012:log-group:c', Format: '' } },
      expect.objectContaining({ accessLog: { logGroupName: 'c', format: '' } }),
    ],
    [{ DefaultRouteSettings: { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 } }, expect.objectContaining({
      defaultThrottle: { rateLimit: 0, burstLimit: 0 },
    })],
    [{ AccessLogSettings: { DestinationArn: 'arn:x' } }, expect.objectContaining({ accessLog: undefined })],
    [{ AccessLogSettings: { Format: 'f' } }, expect.objectContaining({ accessLog: undefined })],
  ])('a stage with %j', async (properties, expected) => {
    const StageName = `Stage-${api().stages.size}`;
    expect(await create('Stage', { StageName, ...properties })).toBe(StageName);
    const { name: ownName, ...stage } = api().stages.get(StageName)!;
    expect([ownName, stage]).toEqual([StageName, expected]);
  });

  test.each<[object, object]>([
    [{}, { authorizationType: 'NONE', authorizationScopes: [] }],
    [{ AuthorizerId: 'jwt' }, { authorizationType: 'NONE', authorizerId: 'jwt', authorizationScopes: [] }],
    [{ AuthorizationType: 'AWS_IAM' }, { authorizationType: 'AWS_IAM', authorizationScopes: [] }],
    [{ AuthorizationType: 'JWT', AuthorizationScopes: ['a', 'b'] }, {
      authorizationType: 'JWT', authorizerId: 'jwt', authorizationScopes: ['a', 'b'],
    }],
  ])('a route with %j', async (properties, expected) => {
    const integrationId = await create('Integration', minimalIntegration);
    api().authorizers.set('jwt', { id: 'jwt', type: 'JWT', identitySources: [], issuer: 'https://a', audience: [] });
    const id = await create('Route', {
      RouteKey: `GET /${api().routes.size}`,
      Target: `integrations/${integrationId}`,
      AuthorizerId: 'AuthorizationScopes' in properties ? 'jwt' : undefined,
      ...properties,
    });
    const { key, ...route } = api().routes.get(id)!;
    expect(key.text).toMatch(/^GET \/\d$/);
    expect(route).toEqual({ id, integrationId, ...expected });
  });

  const target = (of: string) => ({ RouteKey: 'GET /bad', Target: of });
  const logs = 'arn:aws:logs:eu-west-1:123456789012:log-group:a';
  test.each<[string, object, string]>([
    ['Integration', { TimeoutInMillis: 0 }, 'Invalid TimeoutInMillis 0, it must be between 50 and 30000'],
    ['Integration', { TimeoutInMillis: 50.5 }, 'Invalid TimeoutInMillis 50.5, it must be'],
    ['Integration', { TimeoutInMillis: 'long' }, 'Invalid TimeoutInMillis long, it must be'],
    ['Integration', { IntegrationUri: `${functionArn}/other` }, 'function:f/other is not supported'],
    ['Integration', { IntegrationSubtype: 'EventBridge-PutEvents' }, 'The integration EventBridge-PutEvents is not'],
    ['Authorizer', { IdentitySource: ['$context.path', '$request.body.a'] }, 'Invalid IdentitySource $request.body.a'],
    ['Authorizer', { IdentitySource: ['a$context.path'] }, 'Invalid IdentitySource a$context.path'],
    ['Authorizer', { AuthorizerType: 'CUSTOM' }, 'Invalid AuthorizerType CUSTOM, it must be JWT or REQUEST'],
    ['Authorizer', { AuthorizerType: 'JWT', JwtConfiguration: { Issuer: 'https://a', Audience: ['b'] } }, 'requires one'],
    ['Authorizer', { AuthorizerType: 'JWT', JwtConfiguration: { Issuer: 'https://a' } }, 'an Issuer URL and an Audience'],
    ['Api', { ProtocolType: undefined }, "ProtocolType 'undefined' is not supported"],
    ['Stage', { AccessLogSettings: { DestinationArn: `${logs}:log-stream:b`, Format: 'f' } }, ':log-stream:b is not'],
    ['Stage', { AccessLogSettings: { DestinationArn: `${logs}:*:b`, Format: 'f' } }, ':log-group:a:*:b is not'],
    ['Route', target('my-integrations/one'), 'Invalid Target my-integrations/one of the route GET /bad'],
    ['Route', target('integrations/none'), 'Invalid Target integrations/none of the route GET /bad'],
    ['Route', { ...target('integrations/one'), AuthorizationType: 'REQUEST' }, 'Invalid AuthorizationType REQUEST'],
    ['Route', { ...target('integrations/one'), AuthorizationType: 'none' }, 'Invalid AuthorizationType none'],
    ['Route', { ...target('integrations/one'), AuthorizationType: 'JWT', AuthorizerId: 'lambda' }, 'of type JWT'],
    ['Route', { ...target('integrations/one'), AuthorizationType: 'CUSTOM', AuthorizerId: 'jwt' }, 'of type REQUEST'],
  ])('%s with %j is refused', async (part, properties, reason) => {
    api().integrations.set('one', {} as Integration);
    api().authorizers.set('jwt', { type: 'JWT' } as Authorizer).set('lambda', { type: 'REQUEST' } as Authorizer);
    const minimal: { [part: string]: object } = {
      Integration: minimalIntegration,
      Authorizer: { Name: 'a', AuthorizerType: 'REQUEST' },
      Stage: { StageName: 'bad' },
    };
    await expect(create(part, { ...minimal[part], ...properties })).rejects.toThrow(reason);
    api().integrations.delete('one');
  });

  test('are checked again by an update', async () => {
    const type = 'AWS::ApiGatewayV2::Api';
    const before = { physicalId: ApiId, properties: { ProtocolType: 'HTTP' }, attributes: {} };
    await expect(resourceTypeHandler(types[type]!).update(context(type), before, { ProtocolType: 'HTTP', Body: {} }))
      .rejects.toThrow('HTTP APIs from an OpenAPI document are not supported');
  });

  test('have route keys that differ in upper and lower case', async () => {
    const Target = `integrations/${await create('Integration', minimalIntegration)}`;
    const ids = [await create('Route', { RouteKey: 'GET /case', Target }), await create('Route', {
      RouteKey: 'GET /Case', Target,
    })];
    expect(ids.map((id) => api().routes.get(id)!.key.path)).toEqual(['/case', '/Case']);
    await expect(create('Route', { RouteKey: 'GET /case', Target })).rejects.toThrow('GET /case already exists');
  });

  test('end with their resource, and change with an update', async () => {
    const type = 'AWS::ApiGatewayV2::Integration';
    const handler = resourceTypeHandler(types[type]!);
    const before = await handler.create(context(type), { ApiId, ...minimalIntegration });
    const after = await handler.update(context(type), before, { ...before.properties, TimeoutInMillis: 100 });
    expect(after.physicalId).toBe(before.physicalId);
    expect(api().integrations.get(before.physicalId)?.timeoutMilliseconds).toBe(100);
    await handler.delete(context(type), after);
    expect(api().integrations.has(before.physicalId)).toBe(false);
    // Its API can be deleted before it.
    const withoutApi = { ...after, properties: { ApiId: 'none' } };
    await handler.delete(context(type), withoutApi);
    const ofStage = context('AWS::ApiGatewayV2::Stage');
    await expect(resourceTypeHandler(types[ofStage.type]!).delete(ofStage, withoutApi)).resolves.toBeUndefined();
  });
});
