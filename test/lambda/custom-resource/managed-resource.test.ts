import { Harness, type HarnessOptions, STACK_UUID } from './world/harness';
import { fault } from './world/ivs-chat';
import { ManagedResource } from '../../../lambda/custom-resource/managed-resource';
import { defaultName, owner, requestKey } from '../../../lambda/custom-resource/ownership';
import { isOwnershipTag, ownershipTags } from '../../../src/contract/ownership-tags';
import { regions } from '../../../src/contract/regions';

const tagsOf = (harness: Harness, request: string) => ({
  [ownershipTags.owner]: owner(harness.event({ RequestId: '-' })),
  [ownershipTags.createdBy]: `${harness.stack.uuid}/${request}/20260105T120000Z/lobby`,
});
const roomArn = (id: string) => `arn:aws:ivschat:us-west-2:123456789012:room/${id}`;
const ids = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'] as const;

/** A room that is old enough that no write of its create can be late. */
async function longCreated(options?: HarnessOptions) {
  const harness = new Harness(options);
  await harness.create();
  await harness.wait(3600);
  harness.reset();
  return harness;
}

describe('of several rooms that one request has created, every delivery chooses', () => {
  test.each([
    ['the oldest', [0, 1], 'aaaaaaaaaaaa'],
    ['the oldest, whatever its ARN', [1, 0], 'bbbbbbbbbbbb'],
    ['the oldest of one second', [0.5, 0.1], 'bbbbbbbbbbbb'],
    ['the first ARN of two with the same age', [0, 0], 'aaaaaaaaaaaa'],
  ] as const)('%s', async (_, ages, chosen) => {
    for (const order of [[0, 1], [1, 0]] as const) {
      const harness = new Harness();
      for (const index of order) {
        harness.service.put('room', {
          arn: roomArn(ids[index]!),
          id: ids[index]!,
          name: 'lobby',
          tags: tagsOf(harness, 'request-1'),
          createTime: new Date(harness.clock.now() + ages[index]! * 1000).toISOString(),
        });
      }
      expect((await harness.create()).PhysicalResourceId).toBe(roomArn(chosen));
      expect(harness.operations).not.toContain('CreateRoom');
    }
  });
});

describe('a room with the same name', () => {
  test('that was adopted is not deleted together with another room of the same owner', async () => {
    const harness = new Harness();
    await harness.create();
    const { [ownershipTags.createdBy]: _, ...adopted } = tagsOf(harness, 'request-1');
    const other = harness.service.put('room', { name: 'lobby', tags: adopted });
    await harness.wait(100);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.owned.map(({ arn }) => arn)).toEqual([other.arn]);
  });

  test('of another owner is not returned and not deleted', async () => {
    const harness = new Harness();
    const theirs = [
      harness.service.put('room', { name: 'lobby' }),
      harness.service.put('room', {
        name: 'lobby', tags: { ...tagsOf(harness, 'request-1'), [ownershipTags.owner]: 'other/owner' },
      }),
      harness.service.put('room', {
        name: 'lobby',
        tags: { ...tagsOf(harness, 'request-1'), [ownershipTags.owner]: `${harness.stack.uuid}/other` },
      }),
    ];
    await harness.create();
    expect(theirs.map(({ arn }) => arn)).not.toContain(harness.recorded);
    await harness.wait(100);
    await harness.delete();
    expect(harness.service.rooms).toEqual(theirs);
  });

  test.each([
    'request-9', 'request-11',
  ])('of another request (%s) is not returned by a create and not deleted with the room', async (request) => {
    const harness = new Harness();
    const other = harness.service.put('room', { name: 'lobby', tags: tagsOf(harness, request) });
    await harness.create();
    expect(harness.recorded).not.toBe(other.arn);
    await harness.wait(100);
    await harness.delete();
    expect(harness.service.rooms).toEqual([other]);
  });
});

describe('a request', () => {
  test.each(['ListRooms', 'GetRoom'])('fails when %s is denied permanently', async (operation) => {
    const harness = await longCreated();
    harness.intercept = (call) => (call.operation === operation ? fault('SomethingNewException', 400) : undefined);
    const answer = await harness.delete();
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('SomethingNewException') });
  });

  test('fails when DeleteRoom is denied permanently', async () => {
    const harness = await longCreated();
    harness.intercept = ({ operation }) =>
      (operation === 'DeleteRoom' ? fault('ValidationException', 400, 'no') : undefined);
    expect((await harness.delete()).Reason).toBe('Delete room failed: ValidationException: no (request id a1b2c3)');
    expect(harness.chatOperations).toEqual(['GetRoom', 'ListRooms', 'DeleteRoom']);
  });

  test.each([
    ['ResourceNotFoundException', 404],
    ['AccessDeniedException', 403],
  ])('succeeds when the room disappears before DeleteRoom, which is then refused with %s', async (name, status) => {
    const harness = await longCreated();
    harness.intercept = ({ operation }) => {
      if (operation !== 'DeleteRoom') return undefined;
      harness.service.meddle(harness.recorded!);
      return fault(name, status);
    };
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.operations.filter((operation) => operation === 'DeleteRoom')).toHaveLength(1);
  });

  test('treats a room as gone only if reads do not find it for the read lag', async () => {
    const harness = await longCreated();
    let reads = 0;
    harness.intercept = ({ operation }) =>
      (operation === 'GetRoom' && ++reads === 1 ? fault('ResourceNotFoundException', 404) : undefined);
    expect((await harness.update({ MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
    const [first, second] = harness.calls.filter(({ operation }) => operation === 'GetRoom');
    expect(second!.time - first!.time).toBe(3020);
  });

  test.each([
    'create', 'update', 'delete',
  ] as const)('goes to the Region of the function, or to the given one: %s', async (type) => {
    const region = 'eu-central-1';
    for (const [options, properties] of [
      [{ environment: { AWS_REGION: region } }, {}],
      [{}, { Region: region }],
    ] as const) {
      const harness = new Harness({ region, ...options });
      harness.allowed = () => true; // the policy of the stack is for us-west-2
      await harness.create(properties);
      const changed = { ...properties, MaximumMessageLength: '7' };
      if (type === 'update') expect((await harness.update(changed)).Status).toBe('SUCCESS');
      if (type === 'delete') expect((await harness.delete(properties)).Status).toBe('SUCCESS');
      expect(harness.recorded).toContain(`:${region}:`);
      const hosts =
        harness.calls.filter(({ operation }) => operation.endsWith('Room')).map(({ request }) => request.hostname);
      expect(new Set(hosts)).toEqual(new Set([`ivschat.${region}.amazonaws.com`]));
    }
  });
});

describe('a create and an update are refused, with nothing changed,', () => {
  async function refusals(properties: object, event: object = {}): Promise<string[]> {
    const harness = await longCreated();
    const before = JSON.stringify(harness.service.rooms);
    const created = await harness.create(properties, event);
    expect(created).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-2' });
    const arn = harness.service.rooms[0]!.arn;
    const updated = await harness.update(properties, {}, { PhysicalResourceId: arn, ...event });
    expect(updated).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn });
    expect(harness.chatOperations).toEqual([]);
    expect(JSON.stringify(harness.service.rooms)).toBe(before);
    return [created.Reason!, updated.Reason!];
  }

  test('if the ResponseURL has no X-Amz-Date and no Expires', async () => {
    const reason =
      'the age of the request is not known, because the ResponseURL has no X-Amz-Date and no Expires; '
      + 'nothing was changed';
    for (const query of ['', '?X-Amz-Date=today', '?Expires=soon']) {
      expect(await refusals({}, { ResponseURL: `https://s3.us-west-2.amazonaws.com/x${query}` }))
        .toEqual([reason, reason]);
    }
  });

  test('if the ResponseURL has no time, also where nothing lags', async () => {
    const harness = new Harness({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    const { Reason } = await harness.create({}, { ResponseURL: 'https://s3.us-west-2.amazonaws.com/x' });
    expect(Reason).toMatch(/^the age of the request is not known/);
  });

  test('if properties are malformed: the reason names all of them', async () => {
    const reason = 'MaximumMessageLength must be between 1 and 500, got 501; '
      + 'MaximumMessageRatePerSecond must be between 1 and 100, got 0';
    expect(await refusals({ MaximumMessageLength: '501', MaximumMessageRatePerSecond: '0' })).toEqual([reason, reason]);
  });

  test.each(Object.values(ownershipTags))('if the tag %s is given', async (key) => {
    const reason = `Tags.${key} is a key that is reserved for the library`;
    expect(await refusals({ Tags: { team: 'x', [key]: 'x' } })).toEqual([reason, reason]);
  });
});

test.each([
  'eu-north-1', 'us-west-2-lax-1',
])('in %s, a create is refused and a delete succeeds, both without a call', async (Region) => {
  const harness = new Harness();
  const created = await harness.create({ Region });
  expect(created).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-1' });
  expect(created.Reason).toBe(`Amazon IVS Chat is not available in ${Region}; use one of ${regions.join(', ')}`);
  expect((await harness.delete({ Region }, { PhysicalResourceId: 'chat-Room-1ABCDEFGHIJKL' })).Status)
    .toBe('SUCCESS');
  expect(harness.operations).toEqual(['PUT', 'PUT']);
});

test.each([
  ['X-Amz-Date', () => 'X-Amz-Date=20260105T120000Z'],
  ['Expires', (harness: Harness) => `Expires=${Math.floor(harness.clock.now() / 1000) + 7200}`],
] as const)('a request with %s in its ResponseURL succeeds, and the tags contain that time', async (_, query) => {
  const harness = new Harness();
  const ResponseURL = `https://s3.us-west-2.amazonaws.com/x?${query(harness)}`;
  expect((await harness.create({}, { ResponseURL })).Status).toBe('SUCCESS');
  expect(harness.owned[0]!.tags[ownershipTags.createdBy])
    .toBe(`${harness.stack.uuid}/request-1/20260105T120000Z/lobby`);
});

test('a delete does not need the time of the request', async () => {
  const harness = await longCreated();
  const ResponseURL = 'https://s3.us-west-2.amazonaws.com/x';
  expect((await harness.delete({}, { ResponseURL })).Status).toBe('SUCCESS');
  expect(harness.service.rooms).toEqual([]);
  harness.service.put('room', { name: 'lobby', tags: tagsOf(harness, 'request-7') });
  const event = { ResponseURL, PhysicalResourceId: 'chat-Room-1ABCDEFGHIJKL' };
  expect((await harness.delete({}, event)).Status).toBe('SUCCESS');
  expect(harness.service.rooms).toEqual([]);
});

test('a room that is gone is looked up once where nothing lags', async () => {
  const harness = await longCreated({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
  harness.service.meddle(harness.recorded!);
  await harness.delete();
  expect(harness.chatOperations).toEqual(['GetRoom', 'ListRooms']);
});

describe('an ARN is used only if it is', () => {
  const event = new Harness().event();
  const own = (id?: string, region = 'us-west-2', kind = 'room') => (
    ManagedResource.prototype.ownArn.call({ event, region, kind: { arnResource: kind } } as any, id));
  const good = roomArn('AbCdEfGhIjKl');

  test('of a room of the account and Region', () => {
    expect(own(good)).toBe(good);
    expect(own(roomArn('a'.repeat(64)))).toBeDefined();
    expect(own(good.replace('room', 'logging-configuration'), 'us-west-2', 'logging-configuration')).toBeDefined();
  });

  test('of the partition of the stack', () => {
    const StackId = event.StackId.replace('arn:aws:', 'arn:aws-us-gov:');
    const resource = { event: { ...event, StackId }, region: 'us-west-2', kind: { arnResource: 'room' } } as any;
    const arn = good.replace('arn:aws:', 'arn:aws-us-gov:');
    expect([arn, good].map((id) => ManagedResource.prototype.ownArn.call(resource, id))).toEqual([arn, undefined]);
  });

  test.each([
    undefined, '', 'x', `${good}/x`, `x${good}`, `${good}\n`, roomArn(''), roomArn('a'.repeat(65)), roomArn('*'),
    good.replace('us-west-2', 'us-east-1'), good.replace('123456789012', '123456789013'), good.replace('aws', 'aws-cn'),
    good.replace('room', 'logging-configuration'), good.replace('ivschat', 's3'), good.toUpperCase(),
  ])('not %j', (id) => {
    expect(own(id)).toBeUndefined();
  });
});

test('every tag of the library is on a room that was created with tags, and nothing else is', async () => {
  const harness = new Harness();
  await harness.create({ Tags: { team: 'x' } });
  const keys = Object.keys(harness.owned[0]!.tags);
  expect(keys.filter((key) => !isOwnershipTag(key))).toEqual(['team']);
  expect(keys.filter(isOwnershipTag).sort())
    .toEqual([ownershipTags.createdBy, ownershipTags.owner, ownershipTags.tagKeys].sort());
});

describe('the identifiers of a resource', () => {
  const event = new Harness().event();
  const named = (LogicalResourceId: string) => ({ ...event, LogicalResourceId });

  // The tags of existing resources have these values, so a new version must compute the same ones.
  test('are its owner, from the whole stack ARN and the exact logical ID', () => {
    expect(owner(named('Room'))).toBe(`${STACK_UUID}/db11c338b90567307f314b3129951eb1`);
    expect(owner(named('room'))).toBe(`${STACK_UUID}/0c18bc99b75775b013b9413c351ae818`);
    expect(owner({ ...named('Room'), StackId: event.StackId.replace('us-west-2', 'eu-west-1') }))
      .not.toBe(owner(named('Room')));
  });

  test('are its name, with at most 128 letters, digits and hyphens', () => {
    expect(defaultName(named('Room'))).toBe('chat-Room-db11c338');
    expect(defaultName(named('Room_1'.repeat(30)))).toBe(`${`chat-${'Room1'.repeat(30)}`.slice(0, 119)}-8c48f47d`);
    expect(defaultName({ ...named('Room'), StackId: 'none' })).toMatch(/^stack-Room-[0-9a-f]{8}$/);
  });

  test.each([
    ['request-1_A', 'request-1_A'],
    ['a'.repeat(64), 'a'.repeat(64)],
    ['a'.repeat(65), '635361c48bb9eab14198e76ea8ab7f1a'],
    ['a/b', 'c14cddc033f64b9dea80ea675cf280a0'],
  ])('are the request %s, as %s', (RequestId, expected) => {
    expect(requestKey({ RequestId })).toBe(expected);
  });
});
