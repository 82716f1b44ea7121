import { Harness, type HarnessOptions } from './world/harness';

const LOGGING: HarnessOptions = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};

describe('what templates can read', () => {
  test('of a room', async () => {
    const harness = new Harness();
    const answer = await harness.create();
    const [{ arn, id }] = harness.owned as any;
    expect(answer.Data).toEqual({ Arn: arn, Id: id, Name: 'lobby' });
    expect(answer.PhysicalResourceId).toBe(arn);
    expect((await harness.update({ Name: 'stage' })).Data).toEqual({ Arn: arn, Id: id, Name: 'stage' });
    expect((await harness.delete()).Data).toBeUndefined();
  });

  test('of a room without a name', async () => {
    const harness = new Harness();
    const { arn, id } = harness.service.put('room');
    harness.service.meddle(arn, { name: undefined });
    expect((await harness.create({ Adopt: arn, Name: undefined })).Data).toEqual({ Arn: arn, Id: id, Name: '' });
  });

  test('of a logging configuration', async () => {
    const harness = new Harness(LOGGING);
    const answer = await harness.create();
    const [{ arn, id }] = harness.owned as any;
    expect(answer.Data).toEqual({ Arn: arn, Id: id, Name: 'lobby', State: 'ACTIVE' });
  });
});

describe('what the function logs: one record for each request', () => {
  test('that succeeds', async () => {
    const harness = new Harness();
    await harness.create();
    expect(harness.logged.map((record) => JSON.parse(record))).toEqual([{
      message: 'Create SUCCESS', logicalResourceId: 'Room', requestId: 'request-1', physicalResourceId: harness.recorded, milliseconds: expect.any(Number),
    }]);
    expect(JSON.parse(harness.logged[0]!).milliseconds).toBeGreaterThan(0);
    expect(JSON.parse(harness.logged[0]!).milliseconds).toBeLessThanOrEqual(harness.milliseconds);
  });

  test('that fails', async () => {
    const harness = new Harness();
    await harness.create({ MaximumMessageLength: '501' });
    expect(harness.logged.map((record) => JSON.parse(record))).toEqual([{
      message: 'Create FAILED',
      logicalResourceId: 'Room',
      requestId: 'request-1',
      physicalResourceId: 'nothing/request-1',
      reason: 'MaximumMessageLength must be between 1 and 500, got 501',
      milliseconds: 0,
    }]);
  });
});

describe('the physical id of what fails', () => {
  test.each([
    [{ RequestType: 'Read', PhysicalResourceId: 'given' }, 'given'], [{ RequestType: 'Read' }, 'nothing/request-1'], [{ RequestType: 'Read', PhysicalResourceId: '' }, 'nothing/request-1'],
    [{ ResourceType: 'Custom::Other', PhysicalResourceId: 'given' }, 'given'], [{ ResourceType: 'Custom::Other' }, 'nothing/request-1'],
  ])('%j: %s', async (event, id) => {
    const harness = new Harness();
    expect(await harness.deliver({ ...harness.event(), ...event } as any)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
  });
});

test.each([
  [undefined, 'SUCCESS', 'nothing/request-1'], ['pending/request-9', 'SUCCESS', 'pending/request-9'], ['not:arn:', 'SUCCESS', 'not:arn:'], ['arn:aws:x', 'FAILED', 'arn:aws:x'],
])('T14 a delete of a type that is not known, of %j: %s', async (PhysicalResourceId, status, id) => {
  const harness = new Harness({ resourceType: 'Custom::Other' });
  expect(await harness.deliver(harness.event({ RequestType: 'Delete', PhysicalResourceId }))).toMatchObject({ Status: status, PhysicalResourceId: id });
});

test('T14 only a delete can be of a type that is not known', async () => {
  const harness = new Harness({ resourceType: 'Custom::Other' });
  for (const RequestType of ['Create', 'Update'] as const) {
    expect((await harness.deliver(harness.event({ RequestType, PhysicalResourceId: 'pending/x' }))).Reason)
      .toBe('the resource type "Custom::Other" is not known to this version of the library');
  }
});

test('T35 a delete does not wait for permissions: what has existed has them', async () => {
  const harness = new Harness();
  await harness.create();
  await harness.wait(100);
  harness.intercept = ({ operation }) => (operation === 'GetRoom' ? { status: 403, body: '{}', headers: { 'x-amzn-errortype': 'AccessDeniedException' } } : undefined);
  expect((await harness.delete()).Status).toBe('FAILED');
  expect(harness.milliseconds).toBeLessThan(1000);
});

test('T18 it answers five seconds before Lambda would stop it', async () => {
  const harness = new Harness();
  harness.intercept = ({ operation }, ordinary) => (operation === 'GetRoom' ? { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } } : ordinary());
  await harness.deliver(harness.event(), 60);
  const put = harness.calls.find(({ operation }) => operation === 'PUT')!;
  const [first] = harness.calls;
  expect(put.time - first!.time).toBe(55_000);
});
