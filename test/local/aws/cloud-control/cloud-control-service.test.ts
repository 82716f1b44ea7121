import { cloudControlService } from '../../../../local/aws/cloud-control/cloud-control-service';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { updateStack } from '../api-gateway-v2/deploy-http-api';
import { byName, scriptedEngine } from '../cloudformation/scripted-engine';
import { createStack, signedClient } from '../signed-client';

jest.setTimeout(30_000);

const TypeName = 'AWS::SSM::Parameter';
const parameter = (Name: string, Value: string) => ({ Type: TypeName, Properties: { Name, Type: 'String', Value } });
const resources = (one = '1') => ({ One: parameter('one', one), Two: parameter('two', '2') });

let deploy: LocalDeploy;
beforeEach(async () => {
  deploy = await startLocalDeploy();
  await createStack(deploy, 'App', resources());
});
afterEach(() => deploy.close());

async function call(operation: string, input: object, identity = deploy.identities.administrator) {
  const client = signedClient(deploy, identity);
  const { status, body } = await client.json('cloudcontrolapi', `CloudApiService.${operation}`, { TypeName, ...input });
  return { status, ...body };
}
const update = (Identifier: string, path: string, value: string) =>
  call('UpdateResource', { Identifier, PatchDocument: JSON.stringify([{ op: 'replace', path, value }]) });
const propertiesOf = async (Identifier: string) =>
  JSON.parse((await call('GetResource', { Identifier })).ResourceDescription.Properties);
const valueOf = async (Name: string) =>
  (await signedClient(deploy).json('ssm', 'AmazonSSM.GetParameter', { Name })).body.Parameter.Value;

test('an update changes one resource, and keeps earlier updates', async () => {
  expect(await propertiesOf('one')).toEqual({ Name: 'one', Type: 'String', Value: '1' });
  expect(await call('GetResource', { Identifier: 'one' })).toEqual({
    status: 200,
    TypeName,
    ResourceDescription: { Identifier: 'one', Properties: expect.any(String) },
  });
  expect((await call('GetResource', { Identifier: 'of|one' })).ResourceDescription.Identifier).toBe('of|one');
  expect((await call('UpdateResource', { Identifier: 'of|one', PatchDocument: '[]' })).ProgressEvent.Identifier).toBe(
    'of|one');
  const before = Date.now() / 1000;
  const updated = await update('one', '/Value', '3');
  expect(updated).toEqual({
    status: 200,
    ProgressEvent: {
      TypeName,
      Identifier: 'one',
      RequestToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Operation: 'UPDATE',
      OperationStatus: 'SUCCESS',
      EventTime: expect.any(Number),
    },
  });
  expect(updated.ProgressEvent.EventTime).toBeGreaterThanOrEqual(before);
  expect(updated.ProgressEvent.EventTime).toBeLessThanOrEqual(Date.now() / 1000);
  expect([await valueOf('one'), await valueOf('two')]).toEqual(['3', '2']);
  await update('one', '/Type', 'StringList');
  expect(await propertiesOf('one')).toEqual({ Name: 'one', Type: 'StringList', Value: '3' });
  expect(await propertiesOf('two')).toEqual({ Name: 'two', Type: 'String', Value: '2' });
});

test('an update continues from the update before it, and its attributes apply', async () => {
  const updated = jest.fn(({ Size }: { readonly Size?: unknown }) => ({ Size }));
  const types = {
    'Test::Sized': {
      create: (_: unknown, { logicalId }: { readonly logicalId: string }) =>
        ({ physicalId: logicalId, attributes: { Size: 1 } }),
      update: updated,
    },
  };
  const { deploy: deployStack, engine } = scriptedEngine(byName, { types });
  const sized = { Type: 'Test::Sized', Properties: { Size: 1, Color: 'red' } };
  const stack = await deployStack({ Sized: sized, Other: sized });
  const service = cloudControlService(engine);
  const request = (operation: string, Identifier: string, Size?: number) => service.handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': `CloudApiService.${operation}` },
    body: Buffer.from(JSON.stringify({
      TypeName: 'Test::Sized',
      Identifier,
      PatchDocument: JSON.stringify([{ op: 'replace', path: '/Size', value: Size }]),
    })),
    identity: deploy.identities.administrator,
    requestId: 'request',
  });
  for (const Size of [2, 3]) {
    await request('UpdateResource', 'Sized', Size);
    expect(updated.mock.lastCall).toMatchObject([
      { Size, Color: 'red' }, { properties: { Size: Size - 1, Color: 'red' }, attributes: { Size: Size - 1 } }, {},
    ]);
  }
  // Another resource with the same properties keeps them.
  expect(JSON.parse(String((await request('GetResource', 'Other')).body)).ResourceDescription.Properties).toBe(
    JSON.stringify(sized.Properties));
  expect(stack.resources.get('Sized')!.state).toEqual({
    physicalId: 'Sized', properties: { Size: 1, Color: 'red' }, attributes: { Size: 3 },
  });
});

test('the next deployment of the resource replaces the updates', async () => {
  await update('one', '/Value', '3');
  await update('two', '/Value', '3');
  await updateStack(deploy, 'App', resources('4'));
  expect(await propertiesOf('one')).toEqual({ Name: 'one', Type: 'String', Value: '4' });
  await update('one', '/Type', 'StringList');
  expect(await valueOf('one')).toBe('4');
  // The deployment has not changed the other resource.
  expect(await propertiesOf('two')).toEqual({ Name: 'two', Type: 'String', Value: '3' });
});

test('a property that only a create can set is not updated', async () => {
  const message = (names: string) => `Invalid patch update: createOnlyProperties [${names}] cannot be updated`;
  expect(await update('one', '/Name', 'three')).toEqual({
    status: 400, __type: 'NotUpdatableException', message: message('Name'),
  });
  const PatchDocument = JSON.stringify([
    { op: 'remove', path: '/Name' }, { op: 'add', path: '/Description', value: 'd' },
  ]);
  expect(await call('UpdateResource', { Identifier: 'one', PatchDocument })).toMatchObject({
    message: message('Name, Description'),
  });
  expect(await propertiesOf('one')).toEqual({ Name: 'one', Type: 'String', Value: '1' });
});

test.each([
  ['another identifier', { Identifier: 'three', TypeName }],
  ['another type', { Identifier: 'one', TypeName: 'AWS::S3::Bucket' }],
])('%s is not found', async (_, input) => {
  for (const operation of ['GetResource', 'UpdateResource']) {
    expect(await call(operation, { ...input, PatchDocument: '[]' })).toEqual({
      status: 400,
      __type: 'ResourceNotFoundException',
      message:
        `Resource of type '${input.TypeName}' with identifier '${input.Identifier}' was not found in the stacks of the `
        + 'local service.',
    });
  }
});

test('a resource is not found if its create has failed', async () => {
  await createStack(deploy, 'Failed', { Three: { Type: TypeName } });
  expect(await call('GetResource', { Identifier: '' })).toMatchObject({ __type: 'ResourceNotFoundException' });
});

test('an update that the resource refuses changes nothing', async () => {
  const PatchDocument = JSON.stringify([{ op: 'remove', path: '/Value' }]);
  expect((await call('UpdateResource', { Identifier: 'one', PatchDocument })).status).toBe(400);
  expect(await call('UpdateResource', { Identifier: 'one', PatchDocument: 'carrot' })).toMatchObject({
    status: 400,
    __type: 'ValidationException',
    message: 'The patch document is invalid: PatchDocument must be a list of operations in JSON',
  });
  expect(await propertiesOf('one')).toEqual({ Name: 'one', Type: 'String', Value: '1' });
  expect(await valueOf('one')).toBe('1');
});

test('a resource of a deleted stack is not found', async () => {
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  expect(await call('GetResource', { Identifier: 'one' })).toMatchObject({ __type: 'ResourceNotFoundException' });
});

test('each operation requires its own action', async () => {
  const asked: unknown[] = [];
  const session = (isAllowed: boolean) =>
    deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', (...question) => {
      asked.push(question);
      return isAllowed;
    });
  for (const operation of ['GetResource', 'UpdateResource']) {
    expect((await call(operation, { Identifier: 'one', PatchDocument: '[]' }, session(true))).status).toBe(200);
    // The permission is checked first.
    expect(await call(operation, { Identifier: 'none', PatchDocument: '[]' }, session(false))).toMatchObject({
      status: 403, __type: 'AccessDeniedException',
    });
    expect(asked.splice(0)).toEqual(Array(2).fill([`cloudformation:${operation}`, '*', {}]));
  }
});
