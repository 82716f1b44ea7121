import { apiGatewayV2ResourceTypes } from '../../../local/aws/api-gateway-v2/api-gateway-v2-resource-types';
import { HttpApis, type HttpApisOptions } from '../../../local/aws/api-gateway-v2/http-apis';
import type { ResourceContext } from '../../../local/aws/cloudformation/resource-handler';
import { resourceTypeHandler } from '../../../local/aws/cloudformation/resource-type';
import { cognitoResourceTypes } from '../../../local/aws/cognito/cognito-resource-types';
import { TokenIssuers } from '../../../local/aws/cognito/token-issuers';
import { UserPools } from '../../../local/aws/cognito/user-pools';
import { iamResourceTypes } from '../../../local/aws/iam/iam-resource-types';
import { Roles } from '../../../local/aws/iam/roles';
import { ParameterStore } from '../../../local/aws/ssm/parameter-store';
import { ssmResourceTypes } from '../../../local/aws/ssm/ssm-resource-types';
import { VirtualClock } from '../../../local/clock';

const clock = new VirtualClock();
const types = {
  ...apiGatewayV2ResourceTypes(new HttpApis({ clock } as HttpApisOptions)),
  ...cognitoResourceTypes(new UserPools('eu-west-1', '123456789012', new TokenIssuers())),
  ...iamResourceTypes(new Roles()),
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

/** The schemas of CloudFormation: the required properties, and the properties whose change replaces the resource. */
const schemas: [string, string[], string[]][] = [
  ['AWS::ApiGatewayV2::Api', [], ['ProtocolType']],
  ['AWS::ApiGatewayV2::Authorizer', ['ApiId', 'AuthorizerType', 'Name'], ['ApiId']],
  ['AWS::ApiGatewayV2::Deployment', ['ApiId'], ['ApiId']],
  ['AWS::ApiGatewayV2::Integration', ['ApiId', 'IntegrationType'], ['ApiId']],
  ['AWS::ApiGatewayV2::Route', ['ApiId', 'RouteKey'], ['ApiId']],
  ['AWS::ApiGatewayV2::Stage', ['ApiId', 'StageName'], ['ApiId', 'StageName']],
  ['AWS::Cognito::UserPoolClient', ['UserPoolId'], ['UserPoolId', 'GenerateSecret']],
  ['AWS::Cognito::UserPoolDomain', ['UserPoolId', 'Domain'], ['UserPoolId', 'Domain']],
  ['AWS::Cognito::UserPoolGroup', ['UserPoolId'], ['UserPoolId', 'GroupName']],
  ['AWS::IAM::ManagedPolicy', ['PolicyDocument'], ['ManagedPolicyName', 'Path', 'Description']],
  ['AWS::IAM::Policy', ['PolicyDocument', 'PolicyName'], []],
  ['AWS::IAM::Role', ['AssumeRolePolicyDocument'], ['RoleName', 'Path']],
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
  expect((await create('AWS::Cognito::UserPoolGroup', { UserPoolId })).physicalId).toBe('One');
  const domain = await create('AWS::Cognito::UserPoolDomain', { UserPoolId, Domain: 'example' });
  expect(domain.attributes).toEqual({ CloudFrontDistribution: expect.any(String) });
});
