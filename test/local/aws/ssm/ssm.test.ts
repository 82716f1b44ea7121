import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { allows } from '../../../../local/aws/iam/policy-evaluation';
import { failureOf, updateStack } from '../api-gateway-v2/deploy-http-api';
import { createStack, signedClient } from '../signed-client';

jest.setTimeout(30_000);

let deploy: LocalDeploy;
beforeEach(async () => {
  deploy = await startLocalDeploy();
});
afterEach(() => deploy.close());

async function call(operation: string, input: object, identity = deploy.identities.administrator) {
  const { status, body } = await signedClient(deploy, identity).json('ssm', `AmazonSSM.${operation}`, input);
  return { status, ...body };
}
const put = (Name: string, more: object = {}) => call('PutParameter', { Name, Value: 'x', Type: 'String', ...more });
const names = ({ Parameters }: { Parameters?: { Name: string }[] }) => Parameters!.map(({ Name }) => Name).sort();

test('a parameter is overwritten only on request, and its version increases', async () => {
  expect(await put('a', { Type: 'StringList', Value: 'x,y' })).toMatchObject({ status: 200, Version: 1 });
  expect(await put('a', { Value: 'z' })).toMatchObject({ status: 400, __type: 'ParameterAlreadyExists' });
  expect(await call('GetParameter', { Name: 'a' })).toMatchObject({ Parameter: { Value: 'x,y', Version: 1 } });
  expect(await put('a', { Value: 'z', Type: undefined, Overwrite: true })).toMatchObject({ status: 200, Version: 2 });
  const { Parameter } = await call('GetParameter', { Name: 'a' });
  expect(Parameter).toMatchObject({ Value: 'z', Version: 2, Type: 'StringList', DataType: 'text' });
  expect(Math.abs(Parameter.LastModifiedDate - Date.now() / 1000)).toBeLessThan(60);
  expect(Parameter.ARN).toBe('arn:aws:ssm:us-west-2:123456789012:parameter/a');

  expect((await call('DeleteParameter', { Name: 'a' })).status).toBe(200);
  expect(await call('DeleteParameter', { Name: 'a' })).toMatchObject({ status: 400, __type: 'ParameterNotFound' });
  expect(await put('a')).toMatchObject({ Version: 1 });
});

test('GetParameters names the parameters that do not exist', async () => {
  await put('a');
  await put('b');
  const answer = await call('GetParameters', { Names: ['a', 'none', 'b'] });
  expect([names(answer), answer.InvalidParameters]).toEqual([['a', 'b'], ['none']]);
});

test('GetParametersByPath returns one level, or all levels', async () => {
  for (const name of ['/app/a', '/app/b/c', '/application/d', '/app']) await put(name);
  for (const Path of ['/app', '/app/']) {
    expect(names(await call('GetParametersByPath', { Path }))).toEqual(['/app/a']);
    expect(names(await call('GetParametersByPath', { Path, Recursive: true }))).toEqual(['/app/a', '/app/b/c']);
  }
});

test('each operation requires its own action on the parameter', async () => {
  await put('a');
  for (const [action, input] of [
    ['GetParameter', { Name: 'a' }],
    ['GetParameters', { Names: ['a'] }],
    ['GetParametersByPath', { Path: '/a' }],
    ['PutParameter', { Name: 'a', Value: 'y', Overwrite: true }],
    ['DeleteParameter', { Name: 'a' }],
  ] as const) {
    const status = async (Statement: object) => {
      const evaluate = allows([{ Statement: { Effect: 'Allow', ...Statement } }]);
      const session = deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', evaluate);
      return (await call(action, input, session)).status;
    };
    const Resource = 'arn:aws:ssm:us-west-2:123456789012:parameter/a';
    expect([action, await status({ NotAction: `ssm:${action}`, Resource })]).toEqual([action, 403]);
    expect([action, await status({ Action: `ssm:${action}`, Resource: `${Resource}b` })]).toEqual([action, 403]);
    expect([action, await status({ Action: `ssm:${action}`, Resource })]).toEqual([action, 200]);
  }
});

test('a stack creates, updates and deletes a parameter, and does not take over another', async () => {
  const parameter = (Value: string, Name = 'a') =>
    ({ Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value } } });
  const valueOf = async (Name: string) => (await call('GetParameter', { Name })).Parameter?.Value;
  expect(await createStack(deploy, 'App', parameter('one'))).toBe('CREATE_COMPLETE');
  expect(await valueOf('a')).toBe('one');
  expect(await createStack(deploy, 'Second', parameter('two'))).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'Second')).toContain('a already exists');
  expect(await valueOf('a')).toBe('one');
  await updateStack(deploy, 'App', parameter('two'));
  expect(await valueOf('a')).toBe('two');
  await updateStack(deploy, 'App', parameter('two', 'b'));
  expect([await valueOf('a'), await valueOf('b')]).toEqual([undefined, 'two']);
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  expect(await valueOf('b')).toBeUndefined();
  const bootstrap = parameter('31', '/cdk-bootstrap/hnb659fds/version');
  expect(await createStack(deploy, 'Bootstrap', bootstrap)).toBe('CREATE_COMPLETE');
});
