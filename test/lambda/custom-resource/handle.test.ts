import { Bench, type BenchOptions } from './world/bench';

const LOGGING: BenchOptions = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};

describe('what templates can read', () => {
  test('of a room', async () => {
    const bench = new Bench();
    const answer = await bench.create();
    const [{ arn, id }] = bench.owned as any;
    expect(answer.Data).toEqual({ Arn: arn, Id: id, Name: 'lobby' });
    expect(answer.PhysicalResourceId).toBe(arn);
    expect((await bench.update({ Name: 'stage' })).Data).toEqual({ Arn: arn, Id: id, Name: 'stage' });
    expect((await bench.delete()).Data).toBeUndefined();
  });

  test('of a room without a name', async () => {
    const bench = new Bench();
    const { arn, id } = bench.service.put('room');
    bench.service.meddle(arn, { name: undefined });
    expect((await bench.create({ Adopt: arn, Name: undefined })).Data).toEqual({ Arn: arn, Id: id, Name: '' });
  });

  test('of a logging configuration', async () => {
    const bench = new Bench(LOGGING);
    const answer = await bench.create();
    const [{ arn, id }] = bench.owned as any;
    expect(answer.Data).toEqual({ Arn: arn, Id: id, Name: 'lobby', State: 'ACTIVE' });
  });
});

describe('what the function logs: one record for each request', () => {
  test('that succeeds', async () => {
    const bench = new Bench();
    await bench.create();
    expect(bench.logged.map((record) => JSON.parse(record))).toEqual([{
      message: 'Create SUCCESS', logicalResourceId: 'Room', requestId: 'request-1', physicalResourceId: bench.recorded, milliseconds: expect.any(Number),
    }]);
    expect(JSON.parse(bench.logged[0]!).milliseconds).toBeGreaterThan(0);
    expect(JSON.parse(bench.logged[0]!).milliseconds).toBeLessThanOrEqual(bench.milliseconds);
  });

  test('that fails', async () => {
    const bench = new Bench();
    await bench.create({ MaximumMessageLength: '501' });
    expect(bench.logged.map((record) => JSON.parse(record))).toEqual([{
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
    const bench = new Bench();
    expect(await bench.deliver({ ...bench.event(), ...event } as any)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
  });
});

test.each([
  [undefined, 'SUCCESS', 'nothing/request-1'], ['pending/request-9', 'SUCCESS', 'pending/request-9'], ['not:arn:', 'SUCCESS', 'not:arn:'], ['arn:aws:x', 'FAILED', 'arn:aws:x'],
])('T14 a delete of a type that is not known, of %j: %s', async (PhysicalResourceId, status, id) => {
  const bench = new Bench({ resourceType: 'Custom::Other' });
  expect(await bench.deliver(bench.event({ RequestType: 'Delete', PhysicalResourceId }))).toMatchObject({ Status: status, PhysicalResourceId: id });
});

test('T14 only a delete can be of a type that is not known', async () => {
  const bench = new Bench({ resourceType: 'Custom::Other' });
  for (const RequestType of ['Create', 'Update'] as const) {
    expect((await bench.deliver(bench.event({ RequestType, PhysicalResourceId: 'pending/x' }))).Reason)
      .toBe('the resource type "Custom::Other" is not known to this version of the library');
  }
});

test('T35 a delete does not wait for permissions: what has existed has them', async () => {
  const bench = new Bench();
  await bench.create();
  await bench.wait(100);
  bench.interfere = ({ operation }) => (operation === 'GetRoom' ? { status: 403, body: '{}', headers: { 'x-amzn-errortype': 'AccessDeniedException' } } : undefined);
  expect((await bench.delete()).Status).toBe('FAILED');
  expect(bench.milliseconds).toBeLessThan(1000);
});

test('T18 it answers five seconds before Lambda would stop it', async () => {
  const bench = new Bench();
  bench.interfere = ({ operation }, ordinary) => (operation === 'GetRoom' ? { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } } : ordinary());
  await bench.deliver(bench.event(), 60);
  const put = bench.calls.find(({ operation }) => operation === 'PUT')!;
  const [first] = bench.calls;
  expect(put.time - first!.time).toBe(55_000);
});
