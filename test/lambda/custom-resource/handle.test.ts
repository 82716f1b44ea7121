import { Harness, type HarnessOptions } from './world/harness';

const LOGGING: HarnessOptions = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};
const notFound = { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } };

describe('the attributes', () => {
  test('of a room are its ARN, its id and its current name', async () => {
    const harness = new Harness();
    const answer = await harness.create();
    const [{ arn, id }] = harness.owned as any;
    expect(answer.Data).toEqual({ Arn: arn, Id: id, Name: 'lobby' });
    expect(answer.PhysicalResourceId).toBe(arn);
    expect((await harness.update({ Name: 'stage' })).Data).toEqual({ Arn: arn, Id: id, Name: 'stage' });
    expect((await harness.delete({ Name: 'stage' })).Data).toBeUndefined();
  });

  test('of an adopted room without a name have an empty name', async () => {
    const harness = new Harness();
    const { arn, id } = harness.service.put('room');
    const named = harness.service.put('room', { name: 'theirs' });
    expect((await harness.create({ ExistingArn: named.arn, Name: undefined })).Data)
      .toEqual({ Arn: named.arn, Id: named.id, Name: 'theirs' });
    harness.service.meddle(arn, { name: undefined });
    expect((await harness.create({ ExistingArn: arn, Name: undefined })).Data).toEqual({ Arn: arn, Id: id, Name: '' });
  });

  test('of a logging configuration are the same', async () => {
    const harness = new Harness(LOGGING);
    const answer = await harness.create();
    const [{ arn, id }] = harness.owned as any;
    expect(answer.Data).toEqual({ Arn: arn, Id: id, Name: 'lobby' });
  });
});

describe('the function logs one record', () => {
  test('for a request that succeeds', async () => {
    const harness = new Harness();
    await harness.create();
    expect(harness.logged.map((record) => JSON.parse(record))).toEqual([{
      message: 'Create SUCCESS',
      logicalResourceId: 'Room',
      requestId: 'request-1',
      physicalResourceId: harness.recorded,
      milliseconds: expect.any(Number),
    }]);
    expect(JSON.parse(harness.logged[0]!).milliseconds).toBeGreaterThan(0);
    expect(JSON.parse(harness.logged[0]!).milliseconds).toBeLessThanOrEqual(harness.milliseconds);
  });

  test('with the reason for a request that fails', async () => {
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

describe('the physical id of a request that fails', () => {
  const unknown = { ResourceType: 'Custom::Other' };
  test.each<[string, string, object]>([
    ['is the given one', 'given', { RequestType: 'Read', PhysicalResourceId: 'given' }],
    ['says that nothing was created', 'nothing/request-1', { RequestType: 'Read' }],
    ['says that nothing was created', 'nothing/request-1', { RequestType: 'Read', PhysicalResourceId: '' }],
    ['is the given one', 'arn:x', { ...unknown, RequestType: 'Update', PhysicalResourceId: 'arn:x' }],
    ['says that nothing was created', 'nothing/request-1', unknown],
  ])('%s: %s', async (_, id, event) => {
    const harness = new Harness();
    expect(await harness.deliver({ ...harness.event(), ...event } as any))
      .toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
    expect(harness.operations).toEqual(['PUT']);
  });

  test('has a hash of a request ID that contains other characters, and the log has the request ID', async () => {
    const harness = new Harness();
    const { PhysicalResourceId } = await harness.create({ MaximumMessageLength: '501' }, { RequestId: 'a/b' });
    expect(PhysicalResourceId).toMatch(/^nothing\/[0-9a-f]{32}$/);
    expect(JSON.parse(harness.logged[0]!)).toMatchObject({ requestId: 'a/b', physicalResourceId: PhysicalResourceId });
  });

  test.each([undefined, ''])('of a delete of %j says that nothing was created', async (PhysicalResourceId) => {
    const harness = new Harness();
    harness.allowed = () => false;
    const event = harness.event({ RequestType: 'Delete', PhysicalResourceId });
    expect(await harness.deliver(event)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-1' });
  });

  test.each([
    ['denied/request-1/lobby', 'DescribeStackResource'],
    ['denied/request-1/lobby', 'ListRooms'],
    ['pending/request-1/lobby', 'CreateRoom'],
    ['pending/request-1/lobby', 'GetRoom'],
  ])('is %s for a create that is not allowed to call %s', async (id, operation) => {
    const harness = new Harness();
    const { allowed } = harness;
    harness.allowed = (action, ...rest) => !action.endsWith(`:${operation}`) && allowed(action, ...rest);
    expect(await harness.create()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
  });

  test('is not changed by an update of a room that does not exist any more', async () => {
    const harness = new Harness();
    await harness.create();
    harness.service.meddle(harness.recorded!);
    expect(await harness.update({})).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
  });
});

describe('a request for a resource type that is not known', () => {
  test.each([
    [undefined, 'SUCCESS', 'nothing/request-1'],
    ['', 'SUCCESS', 'nothing/request-1'],
    ['pending/request-9/lobby', 'SUCCESS', 'pending/request-9/lobby'],
    ['not:arn:', 'SUCCESS', 'not:arn:'],
    ['arn:aws:x', 'FAILED', 'arn:aws:x'],
  ])('to delete %j ends with %s', async (PhysicalResourceId, status, id) => {
    const harness = new Harness({ resourceType: 'Custom::Other' });
    const answer = await harness.deliver(harness.event({ RequestType: 'Delete', PhysicalResourceId }));
    expect(answer).toMatchObject({ Status: status, PhysicalResourceId: id });
  });

  test.each(['Custom::Other', 'constructor'])('to create or update a %s fails', async (resourceType) => {
    const harness = new Harness({ resourceType });
    for (const RequestType of ['Create', 'Update'] as const) {
      const answer = await harness.deliver(harness.event({ RequestType, PhysicalResourceId: 'arn:aws:x' }));
      expect(answer.Reason).toBe(`the resource type "${resourceType}" is not known to this version of the library`);
    }
  });
});

describe('an update', () => {
  test.each([
    'nothing/request-0', 'denied/request-0/lobby', 'pending/request-0/lobby', 'chat-Room-1ABCDEFGHIJKL',
  ])('of %s, which is the id of a failed create, creates the room', async (id) => {
    const harness = new Harness();
    harness.recorded = id;
    const answer = await harness.update({});
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.owned[0]!.arn });
    expect(harness.owned[0]!.tags['cdk-ivs-chat:created-by']).toMatch(/\/request-1\//);
  });

  test('of an ARN from another account or Region is refused and creates nothing', async () => {
    const harness = new Harness();
    for (const [id, Region] of [
      ['arn:aws:s3:::bucket', 'us-west-2'],
      ['arn:aws:ivschat:us-east-1:123456789012:room/AbCdEfGhIjKl', 'us-west-2'],
      ['arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl', 'eu-west-1'],
    ] as const) {
      harness.recorded = id;
      const answer = await harness.update({ Region });
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
      expect(answer.Reason).toBe(`"${id}" is not the ARN of a room of this account in ${Region}; `
        + 'give the construct a new id to move it to another Region');
    }
    expect(harness.chatOperations).toEqual([]);
  });
});

test('an event without contents is refused', async () => {
  const harness = new Harness();
  harness.start(undefined as never);
  await harness.clock.run();
  expect(harness.thrown[0]?.message).toMatch(/^the ResponseURL of the event must be an https URL of AWS; /);
});

test('the response is sent five seconds before Lambda would stop the function', async () => {
  const harness = new Harness();
  harness.intercept = ({ operation }) => (operation === 'GetRoom' ? notFound : undefined);
  await harness.deliver(harness.event(), 60);
  const put = harness.calls.find(({ operation }) => operation === 'PUT')!;
  expect(put.time - harness.calls[0]!.time).toBe(55_000);
});

describe('after the response', () => {
  /** Delivers a create that takes more than a second, and optionally again, so that it creates a second room. */
  async function created(properties: object, hasSibling: boolean) {
    const harness = new Harness();
    let reads = 0;
    harness.intercept = ({ operation }) => {
      if (operation !== 'GetRoom' || ++reads > 3) return undefined;
      const { tags } = harness.owned[0]!;
      if (hasSibling && reads === 1) harness.service.put('room', { name: 'lobby', tags: { ...tags } });
      return notFound;
    };
    const answer = await harness.create(properties);
    expect(answer.Status).toBe('SUCCESS');
    expect(harness.thrown).toEqual([]);
    const put = harness.operations.indexOf('PUT');
    return { harness, answer, put, later: harness.operations.slice(put + 1) };
  }

  test('a create removes the other rooms that its request has created, once the end time has passed', async () => {
    const { harness, answer, put, later } = await created({}, true);
    expect(harness.service.rooms.map(({ arn }) => arn)).toEqual([answer.PhysicalResourceId]);
    expect(harness.calls[put + 1]!.time - harness.calls[put]!.time).toBeGreaterThanOrEqual(63_000);
    expect(later.filter((operation) => operation === 'DeleteRoom')).toHaveLength(1);
    expect(harness.milliseconds).toBeGreaterThanOrEqual(63_000); // Lambda freezes the function after its end
  });

  test.each([
    ['IAM refuses the removal', 600, /not authorized to perform: ivschat:DeleteRoom/],
    ['the time runs out', 60, /^the time ran out during this step: /],
  ])('a create fails if %s, so that Lambda delivers it again', async (_, seconds, message) => {
    const harness = new Harness();
    const { allowed } = harness;
    harness.allowed = (action, ...rest) => action !== 'ivschat:DeleteRoom' && allowed(action, ...rest);
    harness.intercept = ({ operation }) => {
      if (operation !== 'GetRoom' || harness.owned.length > 1) return undefined;
      harness.service.put('room', { name: 'lobby', tags: { ...harness.owned[0]!.tags } });
      return notFound;
    };
    const answer = await harness.deliver(harness.event(), seconds);
    expect(answer.Status).toBe('SUCCESS');
    expect(harness.thrown[0]?.message).toMatch(message);
  });

  test('a create that failed removes the room that it may have created, because RETAIN has no delete', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => {
      if (operation === 'GetRoom') return { ...notFound, headers: { 'x-amzn-errortype': 'PendingVerification' } };
      return operation === 'CreateRoom' ? 'reset, done' : undefined;
    };
    await harness.wait(2);
    expect((await harness.create({ DeletionPolicy: 'Retain' })).Status).toBe('FAILED');
    expect(harness.service.rooms).toEqual([]);
  });

  test('a create that has found only its own room makes no further call', async () => {
    expect((await created({}, false)).later).toEqual([]);
  });

  test('a create under the removal policy RETAIN lists its leftovers, which no delete would remove', async () => {
    const { harness, answer, later } = await created({ DeletionPolicy: 'Retain' }, false);
    expect(later).toContain('ListRooms');
    expect(later).not.toContain('DeleteRoom');
    expect(harness.service.rooms.map(({ arn }) => arn)).toEqual([answer.PhysicalResourceId]);
  });
});
