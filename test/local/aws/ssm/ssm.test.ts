import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { ParameterStore } from '../../../../local/aws/ssm/parameter-store';
import { ssmService } from '../../../../local/aws/ssm/ssm-service';
import { ssmResourceTypes } from '../../../../local/aws/ssm/ssm-resource-types';
import { VirtualClock } from '../../../../local/clock';
import { byName, scriptedEngine } from '../cloudformation/scripted-engine';
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
  expect(await put('a', { Type: 'StringList', Value: ' x,y ' })).toEqual({ status: 200, Version: 1, Tier: 'Standard' });
  expect(await put('a', { Value: 'z' })).toEqual({
    status: 400,
    __type: 'ParameterAlreadyExists',
    message: 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  });
  expect(await call('GetParameter', { Name: 'a' })).toMatchObject({ Parameter: { Value: ' x,y ', Version: 1 } });
  expect(await put('a', { Value: 'z', Type: undefined, Overwrite: true })).toMatchObject({ status: 200, Version: 2 });
  const { Parameter } = await call('GetParameter', { Name: 'a' });
  expect(Parameter).toEqual({
    Name: 'a',
    Value: 'z',
    Version: 2,
    Type: 'StringList',
    DataType: 'text',
    LastModifiedDate: expect.any(Number),
    ARN: 'arn:aws:ssm:us-west-2:123456789012:parameter/a',
  });
  expect(Math.abs(Parameter.LastModifiedDate - Date.now() / 1000)).toBeLessThan(60);

  await put('a', { Type: 'SecureString', Overwrite: true });
  expect((await call('GetParameter', { Name: 'a' })).Parameter).toMatchObject({ Type: 'SecureString', Version: 3 });

  expect(await call('DeleteParameter', { Name: 'a' })).toEqual({ status: 200 });
  const notFound = { status: 400, __type: 'ParameterNotFound', message: 'Parameter a not found.' };
  expect(await call('DeleteParameter', { Name: 'a' })).toEqual(notFound);
  expect(await call('GetParameter', { Name: 'a' })).toEqual(notFound);
  expect(await put('a')).toMatchObject({ Version: 1 });
});

test('the time of a parameter is in seconds, with milliseconds', async () => {
  const parameters = new ParameterStore(new VirtualClock(1500));
  parameters.put('a', 'x');
  const { body } = await ssmService(parameters, 'eu-west-1', '210987654321').handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': 'AmazonSSM.GetParameter' },
    body: Buffer.from('{"Name":"a"}'),
    identity: deploy.identities.administrator,
    requestId: 'request',
  });
  expect(JSON.parse(String(body)).Parameter).toMatchObject({
    LastModifiedDate: 1.5, Type: 'String', ARN: 'arn:aws:ssm:eu-west-1:210987654321:parameter/a',
  });
});

test('GetParameters names the parameters that do not exist', async () => {
  await put('a');
  await put('b');
  const answer = await call('GetParameters', { Names: ['a', 'none', 'b'] });
  expect([names(answer), answer.InvalidParameters]).toEqual([['a', 'b'], ['none']]);
  expect(answer.Parameters[0]).toEqual((await call('GetParameter', { Name: 'a' })).Parameter);
  expect(await call('GetParameters', {})).toEqual({ status: 200, Parameters: [], InvalidParameters: [] });
});

test('GetParametersByPath returns one level, or all levels', async () => {
  for (const name of ['/app/a', '/app/b/c', '/application/d', '/app', '/other/app/e']) await put(name);
  for (const Path of ['/app', '/app/']) {
    expect(names(await call('GetParametersByPath', { Path }))).toEqual(['/app/a']);
    expect(names(await call('GetParametersByPath', { Path, Recursive: true }))).toEqual(['/app/a', '/app/b/c']);
  }
  const { Parameters } = await call('GetParametersByPath', { Path: '/app' });
  expect(Parameters).toEqual([(await call('GetParameter', { Name: '/app/a' })).Parameter]);
  expect(Parameters[0].ARN).toBe('arn:aws:ssm:us-west-2:123456789012:parameter/app/a');
});

test('each operation requires its own action on the parameter', async () => {
  for (const [action, input] of [
    ['GetParameter', { Name: 'a' }],
    ['GetParameters', { Names: ['a'] }],
    ['GetParametersByPath', { Path: '/a' }],
    ['DeleteParameter', { Name: 'a' }],
    ['PutParameter', { Name: 'a', Value: 'y', Overwrite: true }],
  ] as const) {
    const answer = async (Statement: object) => {
      const evaluate = allows([{ Statement: { Effect: 'Allow', ...Statement } }]);
      const session = deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', evaluate);
      return call(action, input, session);
    };
    const Resource = 'arn:aws:ssm:us-west-2:123456789012:parameter/a';
    const denied = {
      status: 403,
      __type: 'AccessDeniedException',
      message: `User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: ssm:${action} on `
        + `resource: ${Resource} because no identity-based policy allows the ssm:${action} action`,
    };
    // A caller without the permission does not learn whether the parameter exists.
    await call('DeleteParameter', { Name: 'a' });
    expect(await answer({ NotAction: `ssm:${action}`, Resource })).toEqual(denied);
    await put('a');
    expect(await answer({ NotAction: `ssm:${action}`, Resource })).toEqual(denied);
    expect(await answer({ Action: `ssm:${action}`, Resource: `${Resource}b` })).toEqual(denied);
    expect((await call('GetParameter', { Name: 'a' })).Parameter.Version).toBe(1);
    expect([action, (await answer({ Action: `ssm:${action}`, Resource })).status]).toEqual([action, 200]);
  }
});

test('GetParameters requires the action on each parameter', async () => {
  const session = deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', allows([{
    Statement: { Effect: 'Allow', Action: 'ssm:GetParameters', Resource: '*parameter/a' },
  }]));
  expect((await call('GetParameters', { Names: ['a', 'b'] }, session)).status).toBe(403);
  expect((await call('GetParameters', { Names: ['a'] }, session)).status).toBe(200);
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
  expect(await valueOf('/cdk-bootstrap/hnb659fds/version')).toBe('31');
  expect(await createStack(deploy, 'SecondBootstrap', bootstrap)).toBe('CREATE_FAILED');
});

test('a parameter of a stack has its type, its text and its attributes', async () => {
  const clock = new VirtualClock(1_000_000);
  const parameters = new ParameterStore(clock);
  const types = ssmResourceTypes(parameters);
  expect(types['AWS::SSM::Parameter']).toMatchObject({ required: ['Type', 'Value'], createOnly: ['Name'] });
  const { deploy: deployStack } = scriptedEngine(byName, { types });
  const parameter = (Properties: object) => ({ Parameter: { Type: 'AWS::SSM::Parameter', Properties } });
  const stack = await deployStack(parameter({ Type: 'StringList', Value: 5 }));
  const { physicalId: name, attributes } = stack.resources.get('Parameter')!.state!;
  expect(name).toMatch(/^CFN-App-Parameter-[A-Z0-9]{12}$/);
  expect(attributes).toEqual({ Type: 'StringList', Value: '5' });
  const stored = {
    name, type: 'StringList', value: '5', version: 1, lastModified: new Date(1_000_000), seeded: false,
  };
  expect(parameters.list()).toEqual([stored]);
  clock.advance(1000);
  await deployStack(parameter({ Type: 'String', Value: 6 }));
  expect(stack.resources.get('Parameter')!.state!.attributes).toEqual({ Type: 'String', Value: '6' });
  expect(parameters.list()).toEqual([
    { ...stored, type: 'String', value: '6', version: 2, lastModified: new Date(1_001_000) },
  ]);

  // The rollback of a stack does not remove the parameter of another stack.
  const other = await deployStack(parameter({ Name: name, Type: 'String', Value: 7 }), {}, 'Other');
  expect(other.status).toBe('ROLLBACK_COMPLETE');
  expect(parameters.get(name)).toMatchObject({ value: '6', version: 2 });
});
