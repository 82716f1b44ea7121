import type { LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { createStack, inlineFunction, signedClient } from '../signed-client';

const api = { Ref: 'Api' };
const arn = (path: string) => ({ 'Fn::Sub': `arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/${path}` });

/** The identity of a caller without a signature, in payload format 1.0. */
export const anonymous = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAmr: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: '127.0.0.1',
  user: null,
  userAgent: '',
  userArn: null,
};

/** Allows API Gateway to invoke the function for a source of the API. */
export const permission = (source: string) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: { Ref: 'Function' },
    Principal: 'apigateway.amazonaws.com',
    SourceArn: arn(source),
  },
});

export const integration = (properties: object = {}) => ({
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: {
    ApiId: api,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
    PayloadFormatVersion: '2.0',
    ...properties,
  },
});

export const route = (RouteKey: string, properties: object = {}, target = 'Integration') => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: { ApiId: api, RouteKey, Target: { 'Fn::Sub': `integrations/\${${target}}` }, ...properties },
});

export const authorizer = (AuthorizerType: string, properties: object = {}) => ({
  Type: 'AWS::ApiGatewayV2::Authorizer',
  Properties: {
    ApiId: api,
    Name: 'authorizer',
    AuthorizerType,
    IdentitySource: ['$request.header.Authorization'],
    ...properties,
  },
});

export const jwtAuthorizer = (Issuer: unknown, Audience: unknown[], properties: object = {}) =>
  authorizer('JWT', { JwtConfiguration: { Issuer, Audience }, ...properties });

export const stage = (StageName = '$default', properties: object = {}) => ({
  Type: 'AWS::ApiGatewayV2::Stage',
  Properties: { ApiId: api, StageName, AutoDeploy: true, ...properties },
});

export const apiResource = (properties: object = {}) => ({
  Type: 'AWS::ApiGatewayV2::Api',
  Properties: { Name: 'api', ProtocolType: 'HTTP', ...properties },
});

/** Returns the resources of an API with a function, an integration, and a permission for all routes. */
export const httpApi = (source: string, resources: { [logicalId: string]: object }) => ({
  ...inlineFunction(source),
  Api: apiResource(),
  Integration: integration(),
  Permission: permission('*'),
  Stage: stage(),
  ...resources,
});

/** Deploys a stack, and returns the value of its output with the URL of the API. */
export async function deployHttpApi(
  deploy: LocalDeploy,
  resources: { [logicalId: string]: object },
  stackName = 'App',
): Promise<string> {
  // As HttpStage.url of the AWS CDK builds it.
  const Url = { Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}' } };
  const status = await createStack(deploy, stackName, resources, { Outputs: { Url } });
  if (status !== 'CREATE_COMPLETE') throw new Error(await failureOf(deploy, stackName));
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: stackName });
  return /<OutputValue>([^<]+)</.exec(text)![1]!;
}

/** Returns the reasons of the failed resources of a stack. */
export async function failureOf(deploy: LocalDeploy, StackName: string): Promise<string> {
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStackEvents', { StackName });
  const failures = text.matchAll(/_FAILED<\/ResourceStatus><ResourceStatusReason>([^<]+)</g);
  return [...failures].map(([, reason]) => reason).join('\n').replace(/&#39;/g, '\'');
}

/** Deploys another template to the stack. */
export async function updateStack(deploy: LocalDeploy, StackName: string, Resources: object): Promise<string> {
  const { query } = signedClient(deploy);
  await query('cloudformation', 'UpdateStack', {
    StackName,
    'TemplateBody': JSON.stringify({ Resources }),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  });
  return /<StackStatus>(\w+)</.exec((await query('cloudformation', 'DescribeStacks', { StackName })).text)![1]!;
}
