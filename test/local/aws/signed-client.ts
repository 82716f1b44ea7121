import { AwsClient } from 'aws4fetch';
import type { LocalDeploy } from '../../../local/aws/start-local-deploy';
import type { Identity } from '../../../local/aws/http/identities';

/** Calls the services with the signer of aws4fetch. */
export function signedClient(
  { endpoint, region, identities }: LocalDeploy,
  identity: Identity = identities.administrator,
) {
  const aws = new AwsClient({ ...identity, region, retries: 0 });
  const send = (service: string, path: string, init: RequestInit = {}) =>
    aws.fetch(new URL(path, endpoint), { ...init, aws: { service } });
  return {
    send,
    async query(
      service: string,
      Action: string,
      parameters: { [name: string]: string } = {},
    ): Promise<{ status: number; text: string }> {
      const body = new URLSearchParams({ Action, Version: '2010-05-15', ...parameters }).toString();
      const response = await send(service, '/', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      return { status: response.status, text: await response.text() };
    },
    async json(service: string, target: string, input: object): Promise<{ status: number; body: any }> {
      const response = await send(service, '/', {
        method: 'POST',
        body: JSON.stringify(input),
        headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
      });
      return { status: response.status, body: await response.json() };
    },
  };
}

/** Creates a stack, waits for the end, and returns the final status. */
export async function createStack(
  deploy: LocalDeploy,
  StackName: string,
  resources: object,
  more: object = {},
): Promise<string> {
  const { query } = signedClient(deploy);
  const TemplateBody = JSON.stringify({ Resources: resources, ...more });
  const created = await query('cloudformation', 'CreateStack', {
    StackName,
    TemplateBody,
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    'DisableRollback': 'true',
  });
  if (created.status !== 200) throw new Error(created.text);
  return /<StackStatus>(\w+)</.exec((await query('cloudformation', 'DescribeStacks', { StackName })).text)![1]!;
}

/** Returns a function with inline code, and its role. */
export function inlineFunction(
  source: string,
  properties: object = {},
  policies: object[] = [],
): { [logicalId: string]: object } {
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'the-role', AssumeRolePolicyDocument: {}, Policies: policies },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'the-function',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: source },
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        ...properties,
      },
    },
  };
}
