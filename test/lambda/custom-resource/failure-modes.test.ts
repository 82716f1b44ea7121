import * as fc from 'fast-check';
import { Harness, STACK_ID, STACK_UUID } from './world/harness';
import { fault } from './world/ivs-chat';
import { LOGGING_CONFIGURATION } from './world/resource-types';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ROOM_DEFAULTS } from '../../../src/contract/room-properties';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING = LOGGING_CONFIGURATION.options;
const INVENTED = 'chat-Room-1A2B3C4D5E6F7';
/** With this latency, a create takes longer than a second. */
const SLOW = { latency: 300 };

const room = (id: string, region = 'us-west-2', account = '123456789012') =>
  `arn:aws:ivschat:${region}:${account}:room/${id}`;
const arns = (harness: Harness) => harness.owned.map(({ arn }) => arn);
const timesOf = (harness: Harness, operation: string) => harness.calls.filter(
  (call) => call.operation === operation,
).map(({ time }) => time);
const refuse = (harness: Harness, operation: string, name: string, status: number, message?: string) => {
  harness.intercept = (call) => (call.operation === operation ? fault(name, status, message) : undefined);
};
const userTags = (tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).filter(
    ([key]) => !Object.values<string>(ownershipTags).includes(key) && !key.startsWith('aws:'),
  ));
const ownTags = (harness: Harness, request: string, requestedAt = '20260105T120000Z') => ({
  [ownershipTags.owner]: owner(
    harness.event({ RequestId: '-' }),
  ),
  [ownershipTags.createdBy]: `${STACK_UUID}/${request}/${requestedAt}/lobby`,
});

describe('A create', () => {
  test('T1 that fails before its first call responds with an id that is deleted without a call', async () => {
    const harness = new Harness();
    const answer = await harness.create({ MaximumMessageLength: '501' });
    expect(answer).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'nothing/request-1',
      Reason: 'MaximumMessageLength must be between 1 and 500, got 501',
    });
    expect(harness.operations).toEqual(['PUT']);
    harness.reset();
    expect(
      await harness.delete({ MaximumMessageLength: '501' }),
    ).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'nothing/request-1' });
    expect(harness.operations).toEqual(['PUT']);
  });

  test('T1 that the service refuses leaves nothing, and its delete only lists', async () => {
    const harness = new Harness();
    refuse(harness, 'CreateRoom', 'ServiceQuotaExceededException', 402);
    expect(await harness.create()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1/lobby' });
    harness.reset();
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.chatOperations).toEqual(['ListRooms']);
  });

  test('T2 that fails after the room exists removes the room after its response', async () => {
    const harness = new Harness();
    let atResponse: number | undefined;
    harness.intercept = ({ operation }) => {
      if (operation === 'PUT') atResponse = harness.owned.length;
      return operation === 'GetRoom' ? fault('AccessDeniedException', 403) : undefined;
    };
    expect(await harness.create()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1/lobby' });
    expect(atResponse).toBe(1);
    expect(harness.owned).toEqual([]);
  });

  test('T2 that fails after the room exists and then crashes removes the room in the next delivery', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => {
      if (operation === 'PUT') return 'crash, done';
      return operation === 'GetRoom' ? fault('ValidationException', 400) : undefined;
    };
    expect(await harness.create()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1/lobby' });
    expect(harness.owned).toEqual([]);
    harness.reset();
    expect((await harness.delete()).Status).toBe('SUCCESS');
  });

  test.each([
    'reset, done', 'no answer, done', 'no answer, done 20 s later',
  ] as const)('T3 creates one room if the response of the service is lost (%s)', async (lost) => {
    const harness = new Harness();
    harness.intercept = ({ operation }, _, index) => (operation === 'CreateRoom' && index < 4 ? lost : undefined);
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.owned[0]!.arn });
    expect(harness.owned).toHaveLength(1);
    expect(timesOf(harness, 'CreateRoom')).toHaveLength(1);
  });

  test.each([
    ['status 500', { status: 500, body: '{}' }],
    ['half a response', { status: 200, body: '{"arn":"arn:aws:ivs' }],
    ['an empty response', { status: 200, body: '' }],
    ['a response without an ARN', { status: 200, body: '{"name":"lobby"}' }],
  ])('T3 that takes effect and gets %s creates one room', async (_, reply) => {
    const harness = new Harness();
    harness.intercept = ({ operation }, ordinary) => {
      if (operation !== 'CreateRoom') return undefined;
      ordinary();
      return reply;
    };
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.owned[0]!.arn });
    expect(harness.owned).toHaveLength(1);
  });

  test('T4 that crashes at any call, before or after the call takes effect, creates one room', async () => {
    const quiet = new Harness();
    await quiet.create();
    for (let index = 0; index < quiet.calls.length; index++) {
      for (const death of ['crash, done', 'crash, not done'] as const) {
        const harness = new Harness();
        harness.intercept = (_, __, at) => (at === index ? death : undefined);
        expect(await harness.create()).toMatchObject({ Status: 'SUCCESS' });
        expect(arns(harness)).toEqual([harness.recorded]);
      }
    }
  });

  test.each([
    0, 0.01, 0.05, 0.5, 1.9, 3, 30, 119,
  ])('T5 that is delivered twice, %d seconds apart, leaves one room, which is recorded', async (apart) => {
    const harness = new Harness({ readLag: 3000, ...SLOW });
    const event = harness.event();
    harness.clock.setTimeout(() => harness.start(event), apart * 1000);
    harness.start(event);
    await harness.clock.run();
    expect(harness.answers[0]).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(arns(harness)).toEqual([harness.recorded]);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.owned).toEqual([]);
  });

  test('T5 that is delivered again after two hours changes nothing', async () => {
    const harness = new Harness(SLOW);
    const event = harness.event();
    await harness.deliver(event);
    harness.status = 'UPDATE_COMPLETE';
    await harness.wait(7200);
    harness.reset();
    harness.start(event);
    await harness.clock.run();
    expect(harness.answers.at(-1)!.Reason).toMatch(
      /does not wait for this request any more \(the resource is UPDATE_COMPLETE\)/,
    );
    expect(arns(harness)).toEqual([harness.recorded]);
    expect(harness.chatOperations).toEqual(['ListRooms']);
  });

  test('T5 that is delivered again after the room was deleted creates nothing', async () => {
    const harness = new Harness(SLOW);
    const event = harness.event();
    await harness.deliver(event);
    await harness.wait(100);
    await harness.delete();
    harness.start(event);
    await harness.clock.run();
    expect(harness.answers.at(-1)!.Reason).toMatch(
      /does not wait for this request any more \(the resource is DELETE_COMPLETE\); nothing more was changed/,
    );
    expect(harness.service.rooms).toEqual([]);
  });

  test('T5 that is delivered again does not affect a later create of the same resource', async () => {
    const harness = new Harness(SLOW);
    const first = harness.event();
    await harness.deliver(first);
    await harness.wait(100);
    await harness.delete();
    await harness.wait(60);
    harness.recorded = undefined;
    const second = await harness.create();
    harness.start(first);
    await harness.clock.run();
    expect(harness.answers.at(-1)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'denied/request-1/lobby' });
    expect(arns(harness)).toEqual([second.PhysicalResourceId]);
  });

  test('T26 waits until its room can be read', async () => {
    const harness = new Harness();
    const replies = [404, 404, 404];
    harness.intercept = ({ operation }) => (
      operation === 'GetRoom' && replies.shift() === 404 ? fault('ResourceNotFoundException', 404) : undefined
    );
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(timesOf(harness, 'GetRoom')).toHaveLength(4);
  });

  test('T35 waits up to 240 seconds until IAM knows its permissions', async () => {
    const harness = new Harness();
    const known = harness.clock.now() + 220_000;
    harness.intercept = ({ operation }) => (
      /Room/.test(operation) && harness.clock.now() < known ? fault('AccessDeniedException', 403) : undefined
    );
    expect((await harness.create()).Status).toBe('SUCCESS');

    const denied = new Harness();
    refuse(denied, 'ListRooms', 'AccessDeniedException', 403, 'not authorized to perform: ivschat:ListRooms');
    const answer = await denied.create();
    expect(answer.Reason).toMatch(/^List rooms failed: AccessDeniedException: not authorized to perform: ivschat:List/);
    expect(answer.Reason).toContain(' (request id a1b2c3) The role of the provider function');
    expect(denied.milliseconds).toBeGreaterThan(230_000);
    expect(denied.milliseconds).toBeLessThan(260_000);
    expect((await denied.delete()).Status).toBe('SUCCESS'); // otherwise the stack could never be deleted
  });
});

describe('A delete', () => {
  test('T6 of a room that does not exist any more succeeds', async () => {
    const harness = new Harness();
    await harness.create();
    await harness.wait(100);
    harness.service.meddle(harness.recorded!);
    expect((await harness.delete()).Status).toBe('SUCCESS');
  });

  test('T6 that IAM denies succeeds if the room is gone, and fails if it exists', async () => {
    const harness = new Harness();
    await harness.create();
    harness.intercept = ({ operation }) => {
      // IAM does not see the owner tag after this
      if (operation === 'DeleteRoom') harness.service.meddle(harness.recorded!);
      return undefined;
    };
    expect((await harness.delete()).Status).toBe('SUCCESS');
    const denied = new Harness({ denied: 'ivschat:DeleteRoom' });
    await denied.create();
    expect((await denied.delete()).Status).toBe('FAILED');
  });

  const foreign = [
    'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED',
    'chat-Room-1A2B3C4D5E6F7', '2026/01/05/[$LATEST]0123456789abcdef',
    '', ' ', 'room', 'AbCdEfGhIjKl', room('AbCdEfGhIjKl', 'eu-west-1'), room(
      'AbCdEfGhIjKl', 'us-west-2', '999999999999',
    ),
    'arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEfGhIjKl',
    'arn:aws:ivs:us-west-2:123456789012:room/AbCdEfGhIjKl',
    'arn:aws-cn:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl',
    room(''), room('a/b'), room('..'), room('../x'), room('%2e%2e'), room('a%2fb'),
    room('AbCdEfGhIjKl\n'), ` ${room('AbCdEfGhIjKl')}`, `${room('AbCdEfGhIjKl')} `,
    room('AbCdEfGhIjK١'), room('A'.repeat(3000)), room('*'),
    room('AbCdEfGhIjKl?x=1'), room('AbCdEfGhIjKl#'), 'undefined', '__proto__', '{}',
  ];
  test.each(foreign.map((id) => [id]))('T7 of the foreign id %j deletes only rooms that no event names', async (id) => {
    const harness = new Harness(SLOW);
    const theirs = harness.service.put('room', { name: 'lobby' });
    const leftover = harness.service.put('room', { name: 'lobby', tags: ownTags(harness, 'request-9') });
    const retained = harness.service.put('room', { name: 'lobby', tags: ownTags(harness, 'request-8') });
    harness.stack.set('Room', 'DELETE_SKIPPED', retained.arn);
    const answer = await harness.delete({}, { PhysicalResourceId: id });
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).toBe(id || `nothing/${answer.RequestId}`);
    const identifiers = harness.calls.filter(
      ({ input }) => input.identifier !== undefined,
    ).map(({ input }) => input.identifier);
    expect(identifiers).toEqual([leftover.arn]);
    expect([...harness.service.resources.keys()].sort()).toEqual([theirs.arn, retained.arn].sort());
  });

  test.each([0, 500, 2000, 5000, 10_000])('T8 during a create leaves nothing (lag %d ms)', async (stackLag) => {
    for (let canceled = 10; canceled < 400; canceled += 30) {
      const harness = new Harness({ seed: canceled, stackLag });
      harness.start(harness.event());
      let remove = harness.event({ RequestId: '-' });
      harness.clock.setTimeout(() => {
        // CloudFormation has canceled the create and ignores its response
        if (harness.recorded) harness.recorded = undefined;
        harness.status = 'DELETE_IN_PROGRESS';
        harness.start(remove = harness.event({ RequestType: 'Delete', PhysicalResourceId: INVENTED }));
      }, canceled);
      await harness.clock.run();
      expect(harness.answerTo(remove)!.Status).toBe('SUCCESS');
      if (canceled < 130) expect(harness.owned).toEqual([]);
    }
  });

  test('T8 right after a create that responded late leaves no room of a duplicate of that create', async () => {
    const harness = new Harness({ readLag: 3000, stackLag: 14_000 });
    const event = harness.event();
    let removing = false;
    harness.intercept = ({ operation }, _, index) => {
      if (operation === 'PUT' && !removing) {
        removing = true;
        harness.clock.setTimeout(() => {
          harness.status = 'DELETE_IN_PROGRESS';
          harness.start(harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded }));
        }, 100);
        harness.clock.setTimeout(() => harness.start(event), 4000);
      }
      return operation === 'CreateRoom' && index < 4 ? 'crash, done' : undefined;
    };
    harness.start(event);
    await harness.clock.run();
    expect(harness.status).toBe('DELETE_COMPLETE');
    expect(harness.owned).toEqual([]);
  });

  test('T34 of one of two stacks with the same names and logical ids deletes its own room', async () => {
    const harness = new Harness();
    const first = await harness.create();
    const theirs = harness.service.put('room', {
      name: 'lobby',
      tags: {
        [ownershipTags.owner]: owner(harness.event({ StackId: STACK_ID.replace('9a1b2c30', 'ffffffff') })),
      },
    });
    await harness.wait(100);
    await harness.delete({}, { PhysicalResourceId: first.PhysicalResourceId });
    expect(arns(harness)).toEqual([]);
    expect(harness.service.rooms.map(({ arn }) => arn)).toEqual([theirs.arn]);
  });
});

describe('An update', () => {
  test('T9 of a room that does not exist any more fails with a remedy', async () => {
    const harness = new Harness();
    await harness.create();
    harness.service.meddle(harness.recorded!);
    const answer = await harness.update({ MaximumMessageLength: '3' });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason).toContain(' does not exist any more. It was deleted outside of CloudFormation: ');
    expect(answer.Reason).toContain('remove the construct from the stack, deploy, and add it again');
  });

  test('T10 that fails keeps the physical id', async () => {
    const harness = new Harness();
    await harness.create();
    refuse(harness, 'UpdateRoom', 'ValidationException', 400, 'no');
    expect(await harness.update({ MaximumMessageLength: '3' }))
      .toMatchObject({
        Status: 'FAILED',
        PhysicalResourceId: harness.recorded,
        Reason: expect.stringMatching(
          /^Update room failed: ValidationException: no/,
        ),
      });
    expect(
      await harness.update({ MaximumMessageRatePerSecond: '0' }),
    ).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    const PhysicalResourceId = room('AbCdEfGhIjKl', 'eu-west-1');
    expect(await harness.update({}, {}, { PhysicalResourceId }))
      .toMatchObject({
        Status: 'FAILED',
        PhysicalResourceId,
        Reason: expect.stringContaining('is not the ARN of a room of this account in us-west-2'),
      });
  });

  const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
  const settings = fc.record({
    Name: fc.constantFrom('lobby', 'stage'),
    MaximumMessageLength: maybe(fc.integer({ min: 1, max: 500 }).map(String)),
    MaximumMessageRatePerSecond: maybe(fc.integer({ min: 1, max: 100 }).map(String)),
    MessageReviewHandler: maybe(fc.record({
      Uri: fc.constantFrom('arn:aws:lambda:us-west-2:123456789012:function:review'),
      FallbackResult: fc.constantFrom('ALLOW', 'DENY'),
    })),
    LoggingConfigurationIdentifiers: maybe(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd').map(
      (x) => `arn:aws:ivschat:us-west-2:123456789012:logging-configuration/${x.repeat(12)}`,
    ), { maxLength: 3 })),
    Tags: maybe(
      fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'é'), fc.constantFrom('', '1', 'x y')),
    ),
  });
  const expected = ({
    Name,
    MaximumMessageLength,
    MaximumMessageRatePerSecond,
    MessageReviewHandler,
    LoggingConfigurationIdentifiers,
  }: any) => ({
    name: Name,
    maximumMessageLength: Number(MaximumMessageLength ?? ROOM_DEFAULTS.maximumMessageLength),
    maximumMessageRatePerSecond: Number(MaximumMessageRatePerSecond ?? ROOM_DEFAULTS.maximumMessageRatePerSecond),
    ...(MessageReviewHandler ? {
      messageReviewHandler: { uri: MessageReviewHandler.Uri, fallbackResult: MessageReviewHandler.FallbackResult },
    } : {}),
    loggingConfigurationIdentifiers: LoggingConfigurationIdentifiers ?? [],
  });

  test('T11, T12, T28 in any sequence leaves the room with the last properties, and resets all others', async () => {
    await fc.assert(fc.asyncProperty(fc.array(
      settings, { minLength: 1, maxLength: 5 },
    ), fc.boolean(), fc.nat(), async (states, lags, seed) => {
      const harness = new Harness({ seed, readLag: lags ? 3000 : 0, stackLag: lags ? 5000 : 0 });
      expect(await harness.create(states[0]!)).toMatchObject({ Status: 'SUCCESS' });
      harness.service.meddle(
        harness.recorded!, { tags: { ...harness.owned[0]!.tags, 'aws:cloudformation:stack-name': 'chat' } },
      );
      await harness.wait(60);
      for (let index = 1; index < states.length; index++) {
        const answer = await harness.update(states[index]!, states[index - 1]!);
        expect([answer.Status, answer.PhysicalResourceId]).toEqual(['SUCCESS', harness.recorded]);
        await harness.wait(2);
      }
      const [{ arn, id, createTime, updateTime, tags, ...rest }] = harness.owned as any;
      expect(rest).toEqual(expected(states.at(-1)));
      expect(userTags(tags)).toEqual({ ...states.at(-1)!.Tags });
      expect(tags).toMatchObject({ 'aws:cloudformation:stack-name': 'chat' });
      expect(Object.keys(tags)).toEqual(expect.arrayContaining([ownershipTags.owner, ownershipTags.createdBy]));
    }), { numRuns: process.env.STRYKER_MUTATOR_WORKER ? 15 : 60 });
  }, 60_000);

  test('T12 resets removed properties to the defaults of the service', async () => {
    const harness = new Harness();
    const all = {
      MaximumMessageLength: '7',
      MaximumMessageRatePerSecond: '100',
      MessageReviewHandler: { Uri: 'arn:aws:lambda:us-west-2:123456789012:function:review', FallbackResult: 'DENY' },
      LoggingConfigurationIdentifiers: ['arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEfGhIjKl'],
    };
    await harness.create(all);
    harness.reset();
    await harness.update({}, all);
    expect(harness.calls.find(({ operation }) => operation === 'UpdateRoom')!.input).toEqual({
      identifier: harness.recorded,
      name: 'lobby',
      maximumMessageLength: 500,
      maximumMessageRatePerSecond: 10,
      messageReviewHandler: { uri: '' },
      loggingConfigurationIdentifiers: [],
    });
  });

  test.each([
    [{ MaximumMessageLength: '7' }, 'maximumMessageLength'], [
      { MaximumMessageRatePerSecond: '7' }, 'maximumMessageRatePerSecond',
    ], [{ Name: 'x' }, 'name'],
    [{ Tags: { a: '1' } }, 'the tag a'],
  ])('T27 waits until the service shows the change: %j', async (change, name) => {
    const harness = new Harness();
    await harness.create();
    await harness.wait(100);
    const stale = JSON.stringify(harness.service.resources.get(harness.recorded!));
    const until = harness.clock.now() + 20_000;
    harness.intercept = ({ operation }) => (
      operation === 'GetRoom' && harness.clock.now() < until ? { status: 200, body: stale } : undefined
    );
    expect((await harness.update(change)).Status).toBe('SUCCESS');
    expect(harness.clock.now()).toBeGreaterThan(until);

    await harness.wait(100);
    harness.intercept = ({ operation }) => (operation === 'GetRoom' ? { status: 200, body: stale } : undefined);
    const answer = await harness.update(change);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(
      `Waiting until Amazon IVS Chat shows ${name} as requested (room ${harness.recorded}). Deploy again`,
    );
  });

  test('T28 removes and sets only the tags that have changed', async () => {
    const harness = new Harness();
    await harness.create({ Tags: { a: '1', b: '2' } });
    harness.reset();
    await harness.update({ Tags: { a: '1', b: '2' } }, { Tags: { a: '1', b: '2' } });
    expect(harness.chatOperations).toEqual(['GetRoom', 'GetRoom']);
    harness.reset();
    await harness.update({ Tags: { a: '1', c: '' } }, { Tags: { a: '1', b: '2' } });
    expect(harness.chatOperations).toEqual(['GetRoom', 'UntagResource', 'TagResource', 'GetRoom']);
    const [untag, tag] = harness.calls.filter(({ operation }) => /tag/i.test(operation)).map(({ input }) => input);
    expect(untag.tagKeys).toEqual(['b']);
    expect(userTags(tag.tags)).toEqual({ c: '' });
  });

  test('T28 cannot set or change the ownership tags of a room', async () => {
    const harness = new Harness();
    for (const key of Object.values(ownershipTags)) {
      expect(
        (await harness.create({ Tags: { [key]: 'x' } })).Reason,
      ).toBe(`Tags.${key} is a key that is reserved for the library`);
    }
    await harness.create();
    const before = { ...harness.owned[0]!.tags };
    expect((await harness.update({ Tags: { [ownershipTags.owner]: 'x' } })).Status).toBe('FAILED');
    expect(harness.owned[0]!.tags).toEqual(before);
  });

  test('T29 restores the name of a room that was renamed by hand, and a delete finds the room', async () => {
    const harness = new Harness();
    await harness.create();
    harness.service.meddle(harness.recorded!, { name: 'by-hand' });
    expect((await harness.update({})).Status).toBe('SUCCESS');
    expect(harness.owned[0]!.name).toBe('lobby');
    harness.service.meddle(harness.recorded!, { name: 'by-hand' });
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.owned).toEqual([]);
  });
});

describe('Properties', () => {
  test.each([
    ['MaximumMessageLength', '5', 5], ['MaximumMessageLength', 5, 5], ['MaximumMessageRatePerSecond', '100', 100],
  ])('T13 accept an integer as text or as a number: %s %j', async (property, value, integer) => {
    const harness = new Harness();
    expect((await harness.create({ [property]: value })).Status).toBe('SUCCESS');
    expect(harness.owned[0]).toMatchObject({ [property[0]!.toLowerCase() + property.slice(1)]: integer });
  });

  test.each([
    '1e1', ' 5', '5 ', '5.0', '0x5', '', 'NaN', '05', '+5', '-0', '٥', 'true', [5], { a: 5 }, true, '9'.repeat(400),
  ])('T13 do not accept %j as an integer', async (value) => {
    const harness = new Harness();
    const answer = await harness.create({ MaximumMessageLength: value });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-1' });
    expect(answer.Reason).toMatch(/^MaximumMessageLength must be (an integer|between 1 and 500), got /);
  });

  test('T13 keep a name of digits as text', async () => {
    const harness = new Harness();
    await harness.create({ Name: '00123' });
    expect(harness.owned[0]!.name).toBe('00123');
  });

  test('T13 are refused with one error that names all problems', async () => {
    const harness = new Harness();
    const { Reason } = await harness.create({ Name: 'a b', MaximumMessageLength: '0', Tags: { '': 'x' } });
    expect(Reason).toMatch(/Name must contain only letters, digits, hyphens and underscores/);
    expect(Reason).toMatch(/; MaximumMessageLength must be between 1 and 500/);
    expect(Reason).toContain('; Tags. key must be');
  });

  test('T33 are accepted in every released format', async () => {
    // One entry for each format in deployed templates. Add entries, and never change one.
    const released = [
      { Name: 'lobby', MaximumMessageLength: '300', MaximumMessageRatePerSecond: '50', Tags: { team: 'live' } },
      {
        Name: 'lobby',
        MaximumMessageLength: '300',
        MaximumMessageRatePerSecond: '50',
        Tags: { team: 'live' },
        Region: 'us-west-2',
        MessageReviewHandler: {
          Uri: 'arn:aws:lambda:us-west-2:123456789012:function:review:live',
          FallbackResult: 'DENY',
        },
        LoggingConfigurationIdentifiers: ['arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEfGhIjKl'],
      },
    ];
    for (const properties of released) {
      const harness = new Harness();
      expect((await harness.create(properties)).Status).toBe('SUCCESS');
      expect(harness.owned[0]).toMatchObject({
        name: 'lobby',
        maximumMessageLength: 300,
        maximumMessageRatePerSecond: 50,
        tags: { team: 'live' },
      });
      expect(
        (await harness.update({ ...properties, ServiceTimeout: '600', Unknown: 'x' }, properties)).Status,
      ).toBe('SUCCESS');
      expect((await harness.delete(properties)).Status).toBe('SUCCESS');
      expect(harness.owned).toEqual([]);
    }
  });

  test('without a name give the room the same name in every delivery', async () => {
    const harness = new Harness();
    await harness.create({ Name: undefined });
    expect(harness.owned[0]!.name).toMatch(/^chat-Room-[0-9a-f]{8}$/);
    harness.intercept = ({ operation }, _, index) => (
      operation === 'CreateRoom' && index < 12 ? 'crash, done' : undefined
    );
    const LogicalResourceId = 'R'.repeat(255);
    harness.setStatus(LogicalResourceId, 'CREATE_IN_PROGRESS');
    await harness.deliver(harness.event({ LogicalResourceId, ResourceProperties: { Name: '' } }));
    expect(harness.owned).toHaveLength(2);
    expect(harness.owned[1]!.name).toHaveLength(128);
  });
});

describe('An event', () => {
  test.each([
    [{ RequestType: 'Read' }, /RequestType of the event must be Create, Update or Delete/],
    [{ StackId: undefined }, /no StackId/], [{ StackId: '' }, /no StackId/],
    [{ RequestId: undefined }, /no RequestId/], [{ LogicalResourceId: 7 }, /no LogicalResourceId/], [{
      ResourceType: undefined,
    }, /no ResourceType/],
    [{
      ResourceType: 'Custom::Other',
    }, /"Custom::Other" is not known to this version/], [{ ResourceType: '__proto__' }, /"__proto__" is not known/],
    [{ ResourceProperties: 'x' }, /no ResourceProperties/], [{ ResourceProperties: null }, /no ResourceProperties/],
    [{ RequestType: 'Update', PhysicalResourceId: '' }, /no PhysicalResourceId/],
  ] as [any, RegExp][])('T14 with %j gets the response FAILED, and nothing is called', async (wrong, reason) => {
    const harness = new Harness();
    harness.start({ ...harness.event(), ...wrong });
    await harness.clock.run();
    expect(harness.operations).toEqual(['PUT']);
    expect(harness.answers[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(reason) });
    expect(harness.answers[0]!.PhysicalResourceId).toBeTruthy();
  });

  test.each([
    [undefined], [null], ['text'], [42], [[]], [{}], [{ ResponseURL: 7 }],
  ] as any[][])('T14 without a ResponseURL fails the invocation: %j', async (event) => {
    const harness = new Harness();
    harness.start(event);
    await harness.clock.run();
    expect(harness.calls).toEqual([]);
    expect(harness.thrown.length).toBeGreaterThan(0);
  });

  test('T14 of an unknown resource type can only delete a resource that was never created', async () => {
    const harness = new Harness({ resourceType: 'Custom::Other' });
    await harness.create();
    expect(await harness.delete()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'nothing/request-1' });
    expect((await harness.delete({}, { PhysicalResourceId: room('AbCdEfGhIjKl') })).Status).toBe('FAILED');
    expect(new Set(harness.operations)).toEqual(new Set(['PUT']));
  });

  test('T18 that runs out of time gets the response FAILED before the timeout, with the step and the id', async () => {
    for (const [stuck, name, id] of [
      ['ListRooms', 'List rooms', 'denied/request-1/lobby'], ['GetRoom', 'Get room', 'pending/request-1/lobby'],
    ] as const) {
      const harness = new Harness();
      harness.intercept = ({ operation }) => (operation === stuck ? 'no answer, not done' : undefined);
      const answer = await harness.deliver(harness.event(), 62);
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
      expect(answer.Reason).toMatch(
        new RegExp(`^(the time ran out during this step: ${name}\\. Deploy again|${name} failed: TimeoutError)`),
      );
      const [answered] = timesOf(harness, 'PUT');
      expect(answered! - harness.calls[0]!.time).toBeGreaterThanOrEqual(45_000);
      expect(answered! - harness.calls[0]!.time).toBeLessThanOrEqual(58_000);
    }
  });

  test('T18 starts no call after its deadline', async () => {
    const harness = new Harness();
    harness.intercept = async ({ operation }, ordinary) => {
      if (operation === 'ListRooms') await harness.clock.sleep(4900);
      return ordinary();
    };
    await harness.deliver(harness.event(), 9);
    expect(harness.answers[0]!.Status).toBe('FAILED');
    expect(harness.operations).toEqual(['DescribeStackResource', 'ListRooms', 'PUT']);
  });
});

describe('An error of the service', () => {
  test('T24 429 is retried until the deadline, with growing pauses and after the time in Retry-After', async () => {
    const harness = new Harness();
    const end = harness.clock.now() + 120_000;
    harness.intercept = ({ operation }) => (operation === 'ListRooms' && harness.clock.now() < end ? '429' : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    const tries = harness.calls.filter(({ operation }) => operation === 'ListRooms').map(({ time }) => time);
    expect(tries.length).toBeLessThan(25);
    expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(500);
    const asked = new Harness();
    let first = true;
    asked.intercept = ({ operation }) => {
      if (operation !== 'ListRooms' || !first) return undefined;
      first = false;
      return {
        ...fault('ThrottlingException', 429),
        headers: { 'x-amzn-errortype': 'ThrottlingException', 'retry-after': '37' },
      };
    };
    await asked.create();
    const [one, two] = asked.calls.filter(({ operation }) => operation === 'ListRooms').map(({ time }) => time);
    expect(two! - one!).toBeGreaterThanOrEqual(37_000);
  });

  test.each([
    ['PendingVerification', 403, /AWS is still verifying the account/],
    ['ValidationException', 400, /ValidationException: nope \(request id a1b2c3\)$/],
    ['ServiceQuotaExceededException', 402, /Request a higher quota in Service Quotas/],
    ['SomethingNewException', 400, /SomethingNewException: nope/],
  ])('T25 %s is final, and the reason has a remedy', async (name, status, reason) => {
    const harness = new Harness();
    refuse(harness, 'CreateRoom', name, status, 'nope');
    const answer = await harness.create();
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^Create room failed: /);
    expect(answer.Reason).toMatch(reason);
    expect(harness.operations.filter((operation) => operation === 'CreateRoom')).toHaveLength(1);
  });

  test.each([600_000, -600_000])('T30 that reports a clock skew of %d ms corrects the clock', async (skew) => {
    const harness = new Harness();
    harness.intercept = ({ operation, request }, ordinary) => {
      if (operation === 'PUT' || operation === 'DescribeStackResource') return undefined;
      const date = request.headers['x-amz-date']!.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z');
      const theirs = harness.clock.now() + skew;
      const headers = { 'date': new Date(theirs).toUTCString(), 'x-amzn-errortype': 'InvalidSignatureException' };
      return Math.abs(Date.parse(date) - theirs) > 300_000 ? {
        status: 403,
        body: '{"message":"Signature expired"}',
        headers,
      } : ordinary();
    };
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.owned).toHaveLength(1);
  });

  test('T31 that lasts longer than the credentials makes the function renew them', async () => {
    const harness = new Harness();
    let issued = 0;
    harness.credentials = async () => ({
      accessKeyId: `AKIA${++issued}`,
      secretAccessKey: 'x',
      expiration: new Date(harness.clock.now() + 6 * 60_000),
    });
    const end = harness.clock.now() + 240_000;
    harness.intercept = ({ operation }) => (operation === 'ListRooms' && harness.clock.now() < end ? '429' : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    const keys = new Set(harness.calls.filter(({ operation }) => operation === 'ListRooms').map(
      ({ request }) => /Credential=(AKIA[0-9]+)/.exec(request.headers.authorization!)![1],
    ));
    expect(keys.size).toBeGreaterThan(1);
  });

  test('T32 does not occur in a Region without IVS Chat, where a create is refused before any call', async () => {
    for (const region of ['ca-central-1', 'cn-north-1', 'us-gov-west-1', '', 'evil.example']) {
      const harness = new Harness({ environment: { AWS_REGION: region } });
      const answer = await harness.create();
      expect(answer.Reason).toBe(`Amazon IVS Chat is not available in ${region}; use one of `
        + 'ap-northeast-1, ap-northeast-2, ap-south-1, eu-central-1, eu-west-1, us-east-1, us-west-2');
      expect(harness.operations).toEqual(['PUT']);
      expect((await harness.delete()).Status).toBe('SUCCESS'); // otherwise the stack could never be deleted
      expect((await harness.delete({}, { PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' })).Status).toBe('SUCCESS');
      expect(new Set(harness.operations)).toEqual(new Set(['PUT']));
    }
    const harness = new Harness();
    expect((await harness.create({ Region: 'mars' })).Reason).toMatch(/not available in mars/);
    expect((await harness.delete({ Region: 'mars' })).Status).toBe('SUCCESS');
  });
});

describe('A logging configuration', () => {
  test('T22 that is still being created is read at most once in 1.5 seconds', async () => {
    const harness = new Harness(LOGGING);
    harness.service.loggingStates = [{ state: 'CREATING', milliseconds: 9000 }];
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.owned).toMatchObject([{ state: 'ACTIVE' }]);
    const reads = harness.calls.filter(
      ({ operation }) => operation === 'GetLoggingConfiguration',
    ).map(({ time }) => time);
    expect(reads.length).toBeLessThan(10);
    for (let index = 1; index < reads.length - 1; index++) {
      expect(
        reads[index]! - reads[index - 1]!,
      ).toBeGreaterThanOrEqual(1500);
    }
  });

  test('T22 that cannot be created fails the create, and is deleted', async () => {
    const harness = new Harness(LOGGING);
    harness.service.loggingStates = [
      { state: 'CREATING', milliseconds: 3000 }, { state: 'CREATE_FAILED', milliseconds: Infinity },
    ];
    let arn = '';
    harness.service.onCreate = (created) => {
      arn = created.arn;
    };
    const answer = await harness.create();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1/lobby' });
    expect(answer.Reason).toContain(`the state of ${arn} is CREATE_FAILED`);
    await harness.delete();
    expect(harness.owned).toEqual([]);
  });

  test('T22 that is being deleted is not the result of a create', async () => {
    const harness = new Harness(LOGGING);
    const event = harness.event();
    const dying = harness.service.put(
      'logging-configuration', { name: 'lobby', state: 'DELETING', tags: ownTags(harness, event.RequestId) },
    );
    const answer = await harness.deliver(event);
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).not.toBe(dying.arn);
  });

  test('T22 can be updated while the service still shows an old failed state', async () => {
    const harness = new Harness(LOGGING);
    await harness.create();
    const replies = ['UPDATE_FAILED', 'UPDATE_FAILED', 'UPDATING'];
    harness.intercept = ({ operation }, ordinary) => {
      if (operation !== 'GetLoggingConfiguration') return undefined;
      const state = replies.shift();
      const reply = ordinary();
      return state ? { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), state }) } : reply;
    };
    expect((await harness.update({ Name: 'other' })).Status).toBe('SUCCESS');
  });

  test('T23 that rooms still use is not deleted, and the reason names the rooms', async () => {
    const harness = new Harness(LOGGING);
    await harness.create();
    const user = harness.service.put('room', { name: 'stage', loggingConfigurationIdentifiers: [harness.recorded!] });
    const answer = await harness.delete();
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(new RegExp(`It is still used by ${user.arn} \\(stage\\)`));
    expect(harness.milliseconds).toBeGreaterThan(500_000);
    harness.clock.setTimeout(() => harness.service.meddle(user.arn), 60_000);
    expect((await harness.delete()).Status).toBe('SUCCESS');
  });

  test('is updated later if the update conflicts with the previous update', async () => {
    const harness = new Harness(LOGGING);
    await harness.create();
    const until = harness.clock.now() + 20_000;
    harness.intercept = ({ operation }) => {
      const isTooSoon = operation === 'UpdateLoggingConfiguration' && harness.clock.now() < until;
      return isTooSoon ? fault('ConflictException', 409) : undefined;
    };
    expect(
      await harness.update({ DestinationConfiguration: { S3: { BucketName: 'bucket' }, CloudWatchLogs: undefined } }),
    ).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.owned[0]!.destinationConfiguration).toEqual({ s3: { bucketName: 'bucket' } });
  });

  test('needs exactly one destination', async () => {
    const harness = new Harness(LOGGING);
    expect((await harness.create({
      DestinationConfiguration: { S3: { BucketName: 'bucket' }, Firehose: { DeliveryStreamName: 'x' } },
    })).Reason)
      .toMatch(/DestinationConfiguration must have exactly one of/);
  });
});

describe('A message review handler', () => {
  const handler = {
    MessageReviewHandler: { Uri: 'arn:aws:lambda:us-west-2:123456789012:function:review', FallbackResult: 'DENY' },
  };

  test('makes creates and updates wait until the service sees its permission', async () => {
    const harness = new Harness();
    harness.service.invalidPermissionUntil = harness.clock.now() + 200_000;
    expect((await harness.create(handler)).Status).toBe('SUCCESS');
    await harness.wait(100);
    await harness.update({}, handler);
    await harness.wait(100);
    harness.service.invalidPermissionUntil = harness.clock.now() + 200_000;
    expect((await harness.update(handler)).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([
      { messageReviewHandler: { uri: handler.MessageReviewHandler.Uri, fallbackResult: 'DENY' } },
    ]);
  });

  test('without the permission fails the create after 240 seconds, and the reason has a remedy', async () => {
    const harness = new Harness();
    harness.service.invalidPermissionUntil = Infinity;
    const answer = await harness.create(handler);
    expect(answer.Reason).toMatch(/invalid lambda permission.*The review function must allow ivschat\.amazonaws\.com/);
    expect(harness.milliseconds).toBeGreaterThan(230_000);
    expect(harness.milliseconds).toBeLessThan(260_000);
    expect(harness.owned).toEqual([]);
  });
});

describe('A room in another Region', () => {
  test('is created, read, updated and deleted there', async () => {
    const harness = new Harness({ region: 'eu-west-1', properties: { Region: 'eu-west-1' } });
    const { allowed } = harness;
    // the policy names one Region
    harness.allowed = (action, resource, context) => allowed(
      action, resource, { ...context, 'aws:RequestedRegion': 'us-west-2' },
    );
    expect((await harness.create()).PhysicalResourceId).toMatch(/^arn:aws:ivschat:eu-west-1:/);
    expect((await harness.update({ MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
    await harness.wait(100);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.owned).toEqual([]);
    const hosts = harness.calls.filter(
      ({ operation }) => /Room/.test(operation),
    ).map(({ request }) => request.hostname);
    expect(new Set(hosts)).toEqual(new Set(['ivschat.eu-west-1.amazonaws.com']));
    expect(
      harness.calls.find(({ operation }) => operation === 'CreateRoom')!.request.headers.authorization,
    ).toMatch(/\/eu-west-1\/ivschat\//);
    expect(
      harness.calls.find(({ operation }) => operation === 'DescribeStackResource')!.request.hostname,
    ).toBe('cloudformation.us-west-2.amazonaws.com');
  });

  test('cannot be moved to a third Region', async () => {
    const harness = new Harness();
    await harness.create();
    const answer = await harness.update({ Region: 'eu-west-1' });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason)
      .toBe(`${JSON.stringify(harness.recorded)} is not the ARN of a room of this account in eu-west-1; `
      + 'give the construct a new id to move it to another Region');
  });
});
