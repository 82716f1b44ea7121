import * as fc from 'fast-check';
import { Harness, type HarnessOptions, faults, STACK_ID } from './world/harness';
import { fault } from './world/ivs-chat';
import { stackResource } from './world/transport';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ROOM_DEFAULTS } from '../../../src/contract/room-properties';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING: HarnessOptions = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};
const room = (id: string, region = 'us-west-2', account = '123456789012') => `arn:aws:ivschat:${region}:${account}:room/${id}`;
const reject = (harness: Harness, operation: string, name: string, status: number, message?: string) => {
  harness.intercept = (call) => (call.operation === operation ? fault(name, status, message) : undefined);
};
const userTags = (tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.values<string>(ownershipTags).includes(key) && !key.startsWith('aws:')));

describe('create', () => {
  test('T1 fails before anything exists: the id says so, and its delete calls nobody', async () => {
    const harness = new Harness();
    const answer = await harness.create({ MaximumMessageLength: '501' });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^MaximumMessageLength must be between 1 and 500, got 501$/);
    expect(answer.PhysicalResourceId).toBe('nothing/request-1');
    expect(harness.operations).toEqual(['PUT']);
    harness.reset();
    expect(await harness.delete({ MaximumMessageLength: '501' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'nothing/request-1' });
    expect(harness.operations).toEqual(['PUT']);
  });

  test('T1 the service refuses: nothing by the ARN is deleted, and the sweep finds nothing', async () => {
    const harness = new Harness();
    reject(harness, 'CreateRoom', 'ServiceQuotaExceededException', 402);
    expect(await harness.create()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1' });
    harness.reset();
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(new Set(harness.chatOperations)).toEqual(new Set(['ListRooms']));
  });

  test('T2 fails after the room exists: the delete that follows finds it', async () => {
    const harness = new Harness();
    reject(harness, 'GetRoom', 'AccessDeniedException', 403);
    const answer = await harness.create();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1' });
    expect(harness.owned).toHaveLength(1);
    harness.reset();
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.owned).toEqual([]);
  });

  test.each(['reset, done', 'no answer, done', 'no answer, done 20 s later'] as const)('T3 the answer is lost (%s): one room', async (lost) => {
    const harness = new Harness();
    harness.intercept = ({ operation }, _, index) => (operation === 'CreateRoom' && index < 4 ? lost : undefined);
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.owned[0]!.arn });
    expect(harness.owned).toHaveLength(1);
    expect(harness.operations.filter((operation) => operation === 'CreateRoom')).toHaveLength(1);
  });

  test.each([
    ['500 that did it', (done: () => void) => { done(); return { status: 500, body: '{}' }; }],
    ['an answer that is cut off', (done: () => void) => { done(); return { status: 200, body: '{"arn":"arn:aws:ivs' }; }],
    ['an empty answer', (done: () => void) => { done(); return { status: 200, body: '' }; }],
    ['an answer without an ARN', (done: () => void) => { done(); return { status: 200, body: '{"name":"lobby"}' }; }],
  ])('T3 %s: one room', async (_, meet) => {
    const harness = new Harness();
    harness.intercept = ({ operation }, ordinary) => (operation === 'CreateRoom' ? meet(ordinary) : undefined);
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.owned[0]!.arn });
    expect(harness.owned).toHaveLength(1);
  });

  test('T4 dies after any call, before or after it was done: the next try finds what is there', async () => {
    const quiet = new Harness();
    await quiet.create();
    for (let index = 0; index < quiet.calls.length; index++) {
      for (const death of ['crash, done', 'crash, not done'] as const) {
        const harness = new Harness();
        harness.intercept = (_, __, at) => (at === index ? death : undefined);
        expect(await harness.create()).toMatchObject({ Status: 'SUCCESS' });
        expect(harness.owned.map(({ arn }) => arn)).toEqual([harness.recorded]);
      }
    }
  });

  test.each([0, 0.01, 0.05, 0.5, 1.9, 3, 30, 119])('T5 comes twice, %d s apart: one room is known, and no other outlives it', async (apart) => {
    const harness = new Harness({ readLag: 3000 });
    const event = harness.event();
    harness.clock.setTimeout(() => harness.start(event), apart * 1000);
    harness.start(event);
    // CloudFormation takes the first answer.
    harness.intercept = ({ operation }) => {
      if (operation === 'PUT' && harness.answers.length === 1) {
        harness.status = 'CREATE_COMPLETE';
        harness.recorded = harness.answers[0]!.PhysicalResourceId;
      }
      return undefined;
    };
    await harness.clock.run();
    expect(harness.answers[0]).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.owned.map(({ arn }) => arn)).toContain(harness.answers[0]!.PhysicalResourceId);
    harness.recorded = harness.answers[0]!.PhysicalResourceId;
    await harness.delete();
    expect(harness.owned).toEqual([]);
  });

  test('T5 comes again after two hours: nothing is created, nothing is deleted, and the answer is still the true one', async () => {
    const harness = new Harness();
    const event = harness.event();
    harness.start(event);
    await harness.clock.run();
    harness.status = 'UPDATE_COMPLETE';
    harness.recorded = harness.answers[0]!.PhysicalResourceId;
    await harness.wait(7200);
    harness.reset();
    harness.start(event);
    await harness.clock.run();
    expect(harness.answers.at(-1)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.owned.map(({ arn }) => arn)).toEqual([harness.recorded]);
    expect(harness.chatOperations).toEqual(['ListRooms', 'GetRoom']);
  });

  test('T5 comes again after the resource is gone: nothing is created', async () => {
    const harness = new Harness();
    const event = harness.event();
    await harness.deliver(event);
    harness.recorded = harness.answers[0]!.PhysicalResourceId;
    await harness.wait(100);
    await harness.delete();
    harness.start(event);
    await harness.clock.run();
    expect(harness.answers.at(-1)!.Reason).toMatch(/no longer waits for this request \(it is DELETE_COMPLETE\); nothing was created/);
    expect(harness.service.rooms).toEqual([]);
  });

  test('T5 comes again while the resource is being created anew: the later create wins', async () => {
    const harness = new Harness();
    const first = harness.event();
    await harness.deliver(first);
    harness.recorded = harness.answers[0]!.PhysicalResourceId;
    await harness.wait(100);
    await harness.delete();
    await harness.wait(60);
    harness.recorded = undefined;
    harness.status = 'CREATE_IN_PROGRESS';
    const second = await harness.create();
    harness.status = 'CREATE_IN_PROGRESS'; // CloudFormation's status may lag behind
    harness.start(first);
    await harness.clock.run();
    expect(harness.answers.at(-1)!.Reason).toMatch(/a later request has created it already/);
    expect(harness.owned.map(({ arn }) => arn)).toEqual([second.PhysicalResourceId]);
  });

  test('a create removes what a late duplicate of an earlier one left', async () => {
    const harness = new Harness();
    const left = harness.service.put('room', { name: 'lobby', tags: { [ownershipTags.owner]: owner(harness.event()), [ownershipTags.request]: 'old', [ownershipTags.born]: '20250101T000000Z' } });
    await harness.create();
    expect(harness.owned.map(({ arn }) => arn)).toEqual([harness.recorded]);
    expect(harness.service.resources.has(left.arn)).toBe(false);
  });

  test('where DescribeStackResource is not permitted, a request is believed while it is young', async () => {
    const harness = new Harness();
    const denied = { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>' };
    harness.intercept = ({ operation }) => (operation === 'DescribeStackResource' ? denied : undefined);
    const event = harness.event();
    expect((await harness.deliver(event)).Status).toBe('SUCCESS');
    await harness.wait(700);
    harness.start(event);
    await harness.clock.run();
    expect(harness.answers.at(-1)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/this request is older; nothing was done/) });
    expect(harness.owned).toHaveLength(1);
  });

  test.each([[30_000, 'ListRooms'], [0, 'CreateRoom']])('a create request is not sent on %d ms old news', async (slow, expected) => {
    const harness = new Harness();
    let lists = 0;
    harness.intercept = async ({ operation }, ordinary) => {
      if (operation === 'ListRooms' && ++lists === 1) await harness.clock.sleep(slow / 10);
      return ordinary();
    };
    await harness.create();
    expect(harness.operations[2]).toBe(slow ? 'CreateRoom' : expected); // 3 s are fresh enough
    const stale = new Harness();
    lists = 0;
    stale.intercept = async ({ operation }, ordinary) => {
      if (operation === 'ListRooms' && ++lists < 3) await stale.clock.sleep(4970); // within the client's patience, too long together
      return ordinary();
    };
    await stale.create();
    expect(stale.operations.slice(0, 5)).toEqual(['DescribeStackResource', 'ListRooms', 'DescribeStackResource', 'ListRooms', 'DescribeStackResource']);
  });

  test('T26 the room can\'t be read at first: it takes two good reads in a row', async () => {
    const harness = new Harness();
    const replies = [404, 404, 200, 404, 200, 200];
    harness.intercept = ({ operation }) => (operation === 'GetRoom' && replies.shift() === 404 ? fault('ResourceNotFoundException', 404) : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.operations.filter((operation) => operation === 'GetRoom')).toHaveLength(6);
  });

  test('T35 the role\'s permissions are not known everywhere yet: a create tries for a minute', async () => {
    const harness = new Harness();
    const known = harness.clock.now() + 50_000;
    harness.intercept = ({ operation }) => (/Room/.test(operation) && harness.clock.now() < known ? fault('AccessDeniedException', 403) : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    const denied = new Harness();
    reject(denied, 'ListRooms', 'AccessDeniedException', 403, 'not authorized to perform: ivschat:ListRooms');
    const answer = await denied.create();
    expect(answer.Reason).toMatch(/^List rooms failed: AccessDeniedException: not authorized to perform: ivschat:ListRooms \(request id a1b2c3\) The provider function's role/);
    expect(denied.milliseconds).toBeGreaterThan(55_000);
    expect(denied.milliseconds).toBeLessThan(75_000);
    denied.reset();
    reject(denied, 'ListRooms', 'AccessDeniedException', 403);
    expect((await denied.delete()).Status).toBe('SUCCESS'); // or the stack would be stuck
  });
});

describe('delete', () => {
  test('T6 of something that is gone', async () => {
    const harness = new Harness();
    await harness.create();
    await harness.wait(100);
    harness.service.meddle(harness.recorded!);
    expect((await harness.delete()).Status).toBe('SUCCESS');
  });

  test('T6 of something that is gone, where IAM allows only what carries the owner tag', async () => {
    const harness = new Harness();
    await harness.create();
    harness.service.meddle(harness.recorded!);
    reject(harness, 'DeleteRoom', 'AccessDeniedException', 403);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    const denied = new Harness();
    await denied.create();
    reject(denied, 'DeleteRoom', 'AccessDeniedException', 403);
    expect((await denied.delete()).Status).toBe('FAILED');
  });

  const foreign = [
    'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED', 'pending/request-9', 'chat-Room-1A2B3C4D5E6F7', '2026/01/05/[$LATEST]0123456789abcdef',
    '', ' ', 'room', 'AbCdEfGhIjKl', room('AbCdEfGhIjKl', 'eu-west-1'), room('AbCdEfGhIjKl', 'us-west-2', '999999999999'),
    'arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEfGhIjKl', 'arn:aws:ivs:us-west-2:123456789012:room/AbCdEfGhIjKl',
    'arn:aws-cn:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl', room(''), room('a/b'), room('..'), room('../x'), room('%2e%2e'), room('a%2fb'),
    room('AbCdEfGhIjKl\n'), ` ${room('AbCdEfGhIjKl')}`, `${room('AbCdEfGhIjKl')} `, room('AbCdEfGhIjK١'), room('A'.repeat(3000)), room('*'),
    room('AbCdEfGhIjKl?x=1'), room('AbCdEfGhIjKl#'), 'undefined', '__proto__', '{}',
  ];
  test.each(foreign.map((id) => [id]))('T7 of the foreign id %j: nothing is done by it', async (id) => {
    const harness = new Harness();
    const theirs = harness.service.put('room', { name: 'lobby' });
    const mine = harness.service.put('room', { name: 'lobby', tags: { [ownershipTags.owner]: owner(harness.event()), [ownershipTags.request]: 'x', [ownershipTags.born]: '20260105T115959Z' } });
    const answer = await harness.delete({}, { PhysicalResourceId: id });
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).toBe(id || `nothing/${answer.RequestId}`);
    expect(harness.calls.filter(({ input }) => input.identifier !== undefined).map(({ input }) => input.identifier)).toEqual([mine.arn]);
    expect(harness.service.resources.has(theirs.arn)).toBe(true);
  });

  test.each([0, 500, 2000, 5000, 10_000])('T8 while the create runs, whenever it comes, with statuses that are %d ms old', async (lag) => {
    for (let cancelled = 10; cancelled < 400; cancelled += 30) {
      const harness = new Harness({ seed: cancelled });
      const statuses = [{ time: harness.clock.now(), status: 'CREATE_IN_PROGRESS' }];
      const set = (status: string) => statuses.push({ time: harness.clock.now(), status });
      harness.intercept = ({ operation }) => (operation === 'DescribeStackResource'
        ? stackResource((statuses.filter(({ time }) => time <= harness.clock.now() - lag).at(-1) ?? statuses[0]!).status) : undefined);
      harness.start(harness.event());
      const remove = harness.event({ RequestType: 'Delete', PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' });
      harness.clock.setTimeout(() => { set('DELETE_IN_PROGRESS'); harness.start(remove); }, cancelled);
      await harness.clock.run();
      expect(harness.answerTo(remove)!.Status).toBe('SUCCESS');
      expect(harness.owned).toEqual([]);
    }
  });

  test('a late duplicate of it leaves alone what was created since', async () => {
    const harness = new Harness();
    await harness.create();
    const event = harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded });
    await harness.deliver(event);
    const created = await harness.create(); // at once
    harness.start(event);
    await harness.clock.run();
    expect(harness.owned.map(({ arn }) => arn)).toEqual([created.PhysicalResourceId]);
  });

  test('does not end in the second of its birth, by which later creates are told apart', async () => {
    const harness = new Harness();
    await harness.create();
    await harness.wait(3600.1);
    await harness.delete();
    expect(harness.clock.now() % 1000).toBeLessThan(100);
    expect(harness.milliseconds).toBeLessThan(1000);
  });

  test('waits only for the young and the unknown', async () => {
    const harness = new Harness();
    await harness.create();
    await harness.wait(30);
    await harness.delete();
    expect(harness.milliseconds).toBeGreaterThan(20_000);
    await harness.create();
    await harness.wait(75);
    await harness.delete();
    expect(harness.milliseconds).toBeLessThan(1000);
    await harness.delete({}, { PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' });
    expect(harness.milliseconds).toBeGreaterThan(70_000);
    expect(harness.milliseconds).toBeLessThan(75_000);
  });

  test('T5, T8 right after a create that was answered late: a duplicate of the create, told that it is waited for, leaves nothing', async () => {
    const harness = new Harness({ readLag: 3000 });
    const event = harness.event();
    let answered = Infinity;
    let request: string | undefined;
    harness.intercept = ({ operation }, _, index) => {
      if (operation === 'PUT' && answered === Infinity) {
        answered = harness.clock.now();
        request = harness.owned[0]!.tags[ownershipTags.request];
        const { arn } = harness.owned[0]!;
        harness.clock.setTimeout(() => harness.start(harness.event({ RequestType: 'Delete', PhysicalResourceId: arn })), 100);
        harness.clock.setTimeout(() => harness.start(event), 4000);
      }
      if (operation === 'DescribeStackResource') return stackResource(harness.clock.now() < answered + 14_000 ? 'CREATE_IN_PROGRESS' : 'DELETE_COMPLETE');
      return operation === 'CreateRoom' && index < 4 ? 'crash, done' : undefined;
    };
    harness.start(event);
    await harness.clock.run();
    expect(request).toMatch(/^request-1\/20260105T1201[0-9]{2}Z$/);
    expect(harness.operations.filter((operation) => operation === 'CreateRoom')).toHaveLength(2);
    expect(harness.owned).toEqual([]);
  });

  test('a room that is now another stack\'s is left alone', async () => {
    const harness = new Harness();
    await harness.create();
    harness.service.meddle(harness.recorded!, { tags: { [ownershipTags.owner]: 'somebody/else' } });
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.operations).not.toContain('DeleteRoom');
  });

  test('of a name that the service does not take', async () => {
    const harness = new Harness();
    reject(harness, 'ListRooms', 'ValidationException', 400);
    expect((await harness.delete({ Name: 'not a name' }, { PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' })).Status).toBe('SUCCESS');
  });

  test('T34 two stacks, same name, same logical id: each deletes its own', async () => {
    const harness = new Harness();
    const first = await harness.create();
    const second = await harness.create({}, { StackId: STACK_ID.replace('9a1b2c30', 'ffffffff') });
    await harness.wait(100);
    await harness.delete({}, { PhysicalResourceId: first.PhysicalResourceId });
    expect(harness.service.rooms.map(({ arn }) => arn)).toEqual([second.PhysicalResourceId]);
  });
});

describe('update', () => {
  test('T9 of something that is gone: the reason says what to do', async () => {
    const harness = new Harness();
    await harness.create();
    harness.service.meddle(harness.recorded!);
    for (const denied of [false, true]) {
      if (denied) reject(harness, 'UpdateRoom', 'AccessDeniedException', 403);
      const answer = await harness.update({ MaximumMessageLength: '3' });
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
      expect(answer.Reason).toMatch(/ResourceNotFoundException: .* It was deleted outside of CloudFormation: take it out of the stack, deploy, and put it back\.$/);
    }
  });

  test('T10 that fails keeps the physical id', async () => {
    const harness = new Harness();
    await harness.create();
    reject(harness, 'UpdateRoom', 'ValidationException', 400, 'no');
    expect(await harness.update({})).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded, Reason: expect.stringMatching(/^Update room failed: ValidationException: no/) });
    expect(await harness.update({ MaximumMessageRatePerSecond: '0' })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(await harness.update({}, {}, { PhysicalResourceId: 'something/else' }))
      .toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'something/else', Reason: expect.stringMatching(/"something\/else" is not a room of this account in us-west-2/) });
  });

  const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
  const settings = fc.record({
    Name: fc.constantFrom('lobby', 'stage'),
    MaximumMessageLength: maybe(fc.integer({ min: 1, max: 500 }).map(String)),
    MaximumMessageRatePerSecond: maybe(fc.integer({ min: 1, max: 100 }).map(String)),
    MessageReviewHandler: maybe(fc.record({ Uri: fc.constantFrom('arn:aws:lambda:us-west-2:123456789012:function:review'), FallbackResult: fc.constantFrom('ALLOW', 'DENY') })),
    LoggingConfigurationIdentifiers: maybe(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd').map((x) => `arn:aws:ivschat:us-west-2:123456789012:logging-configuration/${x.repeat(12)}`), { maxLength: 3 })),
    Tags: maybe(fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'é'), fc.constantFrom('', '1', 'x y'))),
  });
  const expected = ({ Name, MaximumMessageLength, MaximumMessageRatePerSecond, MessageReviewHandler, LoggingConfigurationIdentifiers }: any) => ({
    name: Name,
    maximumMessageLength: Number(MaximumMessageLength ?? ROOM_DEFAULTS.maximumMessageLength),
    maximumMessageRatePerSecond: Number(MaximumMessageRatePerSecond ?? ROOM_DEFAULTS.maximumMessageRatePerSecond),
    ...(MessageReviewHandler ? { messageReviewHandler: { uri: MessageReviewHandler.Uri, fallbackResult: MessageReviewHandler.FallbackResult } } : {}),
    loggingConfigurationIdentifiers: LoggingConfigurationIdentifiers ?? [],
  });

  test('T11, T12, T28 after any sequence of updates, failed ones and rollbacks, the room is as the last says; what was taken out is reset', async () => {
    await fc.assert(fc.asyncProperty(fc.array(settings, { minLength: 1, maxLength: 5 }), fc.boolean(), fc.nat(), async (states, lagging, seed) => {
      const harness = new Harness({ seed, readLag: lagging ? 3000 : 0, environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '3' } });
      expect(await harness.create(states[0]!)).toMatchObject({ Status: 'SUCCESS' });
      harness.service.meddle(harness.recorded!, { tags: { ...harness.owned[0]!.tags, 'aws:cloudformation:stack-name': 'chat' } });
      await harness.wait(60);
      for (let index = 1; index < states.length; index++) {
        const answer = await harness.update(states[index]!, states[index - 1]!);
        expect([answer.Status, answer.PhysicalResourceId]).toEqual(['SUCCESS', harness.recorded]);
      }
      const [{ arn, id, createTime, tags, ...rest }] = harness.owned as any;
      expect({ ...rest }).toEqual(expected(states.at(-1)));
      expect(userTags(tags)).toEqual({ ...states.at(-1)!.Tags });
      expect(tags).toMatchObject({ 'aws:cloudformation:stack-name': 'chat' });
      expect(Object.keys(tags)).toEqual(expect.arrayContaining(Object.values(ownershipTags)));
    }), { numRuns: process.env.STRYKER_MUTATOR_WORKER ? 15 : 60 });
  }, 60_000);

  test('T12 the review handler, the logging configurations, the length and the rate go back to the service\'s defaults', async () => {
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
      identifier: harness.recorded, name: 'lobby', maximumMessageLength: 500, maximumMessageRatePerSecond: 10, messageReviewHandler: { uri: '' }, loggingConfigurationIdentifiers: [],
    });
  });

  test('T27 waits until the service shows it, whichever member it is', async () => {
    for (const change of [{ MaximumMessageLength: '7' }, { MaximumMessageRatePerSecond: '7' }, { Name: 'x' }, { Tags: { a: '1' } }]) {
      const harness = new Harness();
      await harness.create();
      await harness.wait(100);
      const stale = JSON.stringify(harness.service.resources.get(harness.recorded!));
      const until = harness.clock.now() + 20_000;
      harness.intercept = ({ operation }) => (operation === 'GetRoom' && harness.clock.now() < until ? { status: 200, body: stale } : undefined);
      expect((await harness.update(change)).Status).toBe('SUCCESS');
      expect(harness.clock.now()).toBeGreaterThan(until);
      harness.intercept = ({ operation }) => (operation === 'GetRoom' ? { status: 200, body: stale } : undefined);
      const answer = await harness.update(change);
      expect(answer.Reason).toMatch(/^the time ran out during: Waiting until the service shows (maximumMessageLength|maximumMessageRatePerSecond|name|the tag a) as asked for\. Deploy again/);
    }
  });

  test('T28 tags are set before they are taken away, and no more than necessary is called', async () => {
    const harness = new Harness();
    await harness.create({ Tags: { a: '1', b: '2' } });
    harness.reset();
    await harness.update({ Tags: { a: '1', b: '2' } }, { Tags: { a: '1', b: '2' } });
    expect(harness.chatOperations).toEqual(['UpdateRoom', 'GetRoom', 'GetRoom']);
    harness.reset();
    await harness.update({ Tags: { a: '1', c: '' } }, { Tags: { a: '1', b: '2' } });
    expect(harness.chatOperations).toEqual(['UpdateRoom', 'TagResource', 'UntagResource', 'GetRoom', 'GetRoom']);
    expect(harness.calls.filter(({ operation }) => /tag/i.test(operation)).map(({ input }) => [input.tags, input.tagKeys])).toEqual([[{ c: '' }, undefined], [undefined, ['b']]]);
  });

  test('T28 the tags that say who owns a room can be neither set nor changed', async () => {
    const harness = new Harness();
    for (const key of Object.values(ownershipTags)) {
      expect((await harness.create({ Tags: { [key]: 'x' } })).Reason).toBe(`Tags.${key} is a key that the library keeps for itself`);
    }
    await harness.create();
    const before = { ...harness.owned[0]!.tags };
    expect((await harness.update({ Tags: { [ownershipTags.owner]: 'x' } })).Status).toBe('FAILED');
    expect(harness.owned[0]!.tags).toEqual(before);
  });

  test('T29 a room that was renamed by hand is found by its ARN, and renamed back', async () => {
    const harness = new Harness();
    await harness.create();
    harness.service.meddle(harness.recorded!, { name: 'by-hand' });
    expect((await harness.update({})).Status).toBe('SUCCESS');
    expect(harness.owned[0]!.name).toBe('lobby');
    harness.service.meddle(harness.recorded!, { name: 'by-hand' });
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.owned).toEqual([]);
  });

  test('that comes again after a later one changes nothing', async () => {
    const harness = new Harness();
    await harness.create();
    harness.status = 'UPDATE_IN_PROGRESS';
    const first = harness.event({ RequestType: 'Update', PhysicalResourceId: harness.recorded, ResourceProperties: { MaximumMessageLength: '1' } });
    await harness.deliver(first);
    await harness.wait(60);
    await harness.update({ MaximumMessageLength: '2' });
    harness.start(first);
    await harness.clock.run();
    expect(harness.owned[0]).toMatchObject({ maximumMessageLength: 2 });
    // Even while a later one is in progress
    harness.intercept = ({ operation }) => (operation === 'DescribeStackResource' ? stackResource('UPDATE_IN_PROGRESS', harness.recorded, harness.clock.now()) : undefined);
    harness.start(first);
    await harness.clock.run();
    expect(harness.owned[0]).toMatchObject({ maximumMessageLength: 2 });
    expect(harness.answers.at(-1)!.Reason).toMatch(/no longer waits for this request \(it is UPDATE_IN_PROGRESS for a later one\); nothing was updated/);
  });

  test('that renames also removes what else has the old name', async () => {
    const harness = new Harness();
    await harness.create();
    const { tags } = harness.owned[0]!;
    harness.service.put('room', { name: 'lobby', tags: { ...tags } });
    expect((await harness.update({ Name: 'stage' })).Status).toBe('SUCCESS');
    expect(harness.owned.map(({ arn }) => arn)).toEqual([harness.recorded]);
  });

  test('in a rollback, whose statuses have other names', async () => {
    const harness = new Harness();
    await harness.create();
    for (const status of ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'IMPORT_ROLLBACK_IN_PROGRESS']) {
      harness.intercept = ({ operation }) => (operation === 'DescribeStackResource' ? stackResource(status, harness.recorded) : undefined);
      expect((await harness.update({})).Status).toBe('SUCCESS');
    }
  });
});

describe('properties', () => {
  test.each([
    ['MaximumMessageLength', '5', 5], ['MaximumMessageLength', 5, 5], ['MaximumMessageRatePerSecond', '100', 100],
  ])('T13 %s %j is an integer', async (property, value, integer) => {
    const harness = new Harness();
    expect((await harness.create({ [property]: value })).Status).toBe('SUCCESS');
    expect(harness.owned[0]).toMatchObject({ [property[0]!.toLowerCase() + property.slice(1)]: integer });
  });

  test.each(['1e1', ' 5', '5 ', '5.0', '0x5', '', 'NaN', '05', '+5', '-0', '٥', 'true', [5], { a: 5 }, true, '9'.repeat(400)])('T13 %j is none', async (value) => {
    const harness = new Harness();
    const answer = await harness.create({ MaximumMessageLength: value });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-1' });
    expect(answer.Reason).toMatch(/^MaximumMessageLength must be (an integer|between 1 and 500), got /);
  });

  test('T13 a name of digits stays a name', async () => {
    const harness = new Harness();
    await harness.create({ Name: '00123' });
    expect(harness.owned[0]!.name).toBe('00123');
  });

  test('T13 all that is wrong is said at once', async () => {
    const harness = new Harness();
    const { Reason } = await harness.create({ Name: 'a b', MaximumMessageLength: '0', Tags: { '': 'x' } });
    expect(Reason).toMatch(/Name must be letters, digits, - and _ .*; MaximumMessageLength must be between 1 and 500, got 0; Tags\. key must be/);
  });

  test('T33 every format of properties that was ever released is understood', async () => {
    // One entry per format, as a deployed template has it; never changed, only added to.
    const released = [
      { Name: 'lobby', MaximumMessageLength: '300', MaximumMessageRatePerSecond: '50', Tags: { team: 'live' } },
      {
        Name: 'lobby',
        MaximumMessageLength: '300',
        MaximumMessageRatePerSecond: '50',
        Tags: { team: 'live' },
        Region: 'us-west-2',
        MessageReviewHandler: { Uri: 'arn:aws:lambda:us-west-2:123456789012:function:review:live', FallbackResult: 'DENY' },
        LoggingConfigurationIdentifiers: ['arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEfGhIjKl'],
      },
    ];
    for (const properties of released) {
      const harness = new Harness();
      expect((await harness.create(properties)).Status).toBe('SUCCESS');
      expect(harness.owned[0]).toMatchObject({ name: 'lobby', maximumMessageLength: 300, maximumMessageRatePerSecond: 50, tags: { team: 'live' } });
      expect((await harness.update({ ...properties, ServiceTimeout: '600', Unknown: 'x' }, properties)).Status).toBe('SUCCESS');
      expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    }
  });

  test('a room without a name gets one that is the same in every delivery', async () => {
    const harness = new Harness();
    await harness.create({ Name: undefined });
    expect(harness.owned[0]!.name).toMatch(/^chat-Room-[0-9a-f]{8}$/);
    harness.intercept = ({ operation }, _, index) => (operation === 'CreateRoom' && index < 12 ? 'crash, done' : undefined);
    harness.recorded = undefined;
    await harness.create({ Name: '' }, { LogicalResourceId: 'R'.repeat(255) });
    expect(harness.owned).toHaveLength(2);
    expect(harness.owned[1]!.name).toHaveLength(128);
  });
});

describe('events', () => {
  test.each([
    [{ RequestType: 'Read' }, /RequestType is none of Create, Update and Delete/], [{ StackId: undefined }, /no StackId/], [{ StackId: '' }, /no StackId/],
    [{ RequestId: undefined }, /no RequestId/], [{ LogicalResourceId: 7 }, /no LogicalResourceId/], [{ ResourceType: undefined }, /no ResourceType/],
    [{ ResourceType: 'Custom::Other' }, /"Custom::Other" is not known to this version/], [{ ResourceType: '__proto__' }, /"__proto__" is not known/],
    [{ ResourceProperties: 'x' }, /no ResourceProperties/], [{ ResourceProperties: null }, /no ResourceProperties/],
    [{ RequestType: 'Update', PhysicalResourceId: '' }, /no PhysicalResourceId/],
  ] as [any, RegExp][])('T14 %j is answered with FAILED, and nothing is done', async (wrong, reason) => {
    const harness = new Harness();
    harness.start({ ...harness.event(), ...wrong });
    await harness.clock.run();
    expect(harness.operations).toEqual(['PUT']);
    expect(harness.answers[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(reason) });
    expect(harness.answers[0]!.PhysicalResourceId).toBeTruthy();
  });

  test.each([[undefined], [null], ['text'], [42], [[]], [{}], [{ ResponseURL: 7 }]] as any[][])('T14 %j, which has no ResponseURL, is thrown back', async (event) => {
    const harness = new Harness();
    harness.start(event);
    await harness.clock.run();
    expect(harness.calls).toEqual([]);
    expect(harness.thrown.length).toBeGreaterThan(0);
  });

  test('T14 a type that is not known: what was never created can be deleted, what was created can\'t', async () => {
    const harness = new Harness({ resourceType: 'Custom::Other' });
    await harness.create();
    expect(await harness.delete()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'nothing/request-1' });
    expect((await harness.delete({}, { PhysicalResourceId: room('AbCdEfGhIjKl') })).Status).toBe('FAILED');
    expect(new Set(harness.operations)).toEqual(new Set(['PUT']));
  });

  test('T18 the time runs out: FAILED is told in time, with the step and what is known', async () => {
    for (const [stuck, step] of [
      ['ListRooms', /^(the time ran out during: List rooms\. Deploy again|List rooms failed: TimeoutError)/], ['GetRoom', /^(the time ran out during: Get room\.|Get room failed: TimeoutError: no answer within)/],
    ] as const) {
      const harness = new Harness();
      harness.intercept = ({ operation }) => (operation === stuck ? 'no answer, not done' : undefined);
      const answer = await harness.deliver(harness.event(), 62);
      expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(step), PhysicalResourceId: 'pending/request-1' });
      expect(harness.milliseconds).toBeGreaterThanOrEqual(45_000);
      expect(harness.milliseconds).toBeLessThanOrEqual(58_000);
    }
  });

  test('T18 nothing is begun when the time is up', async () => {
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

describe('what the service says', () => {
  test('T24 429: patience until the deadline, with long and growing pauses, and Retry-After is honoured', async () => {
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
      return { ...fault('ThrottlingException', 429), headers: { 'x-amzn-errortype': 'ThrottlingException', 'retry-after': '37' } };
    };
    await asked.create();
    const [one, two] = asked.calls.filter(({ operation }) => operation === 'ListRooms').map(({ time }) => time);
    expect(two! - one!).toBeGreaterThanOrEqual(37_000);
  });

  test.each([
    ['PendingVerification', 403, /The AWS account is still being verified/], ['ValidationException', 400, /ValidationException: nope \(request id a1b2c3\)$/],
    ['ServiceQuotaExceededException', 402, /Ask for a higher quota in Service Quotas/], ['SomethingNewException', 400, /SomethingNewException: nope/],
  ])('T25 %s is final, and the reason says what to do', async (name, status, reason) => {
    const harness = new Harness();
    reject(harness, 'CreateRoom', name, status, 'nope');
    const answer = await harness.create();
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^Create room failed: /);
    expect(answer.Reason).toMatch(reason);
    expect(harness.operations.filter((operation) => operation === 'CreateRoom')).toHaveLength(1);
  });

  test.each([600_000, -600_000])('T30 a clock that is %d ms off is corrected', async (skew) => {
    const harness = new Harness();
    harness.intercept = ({ operation, request }, ordinary) => {
      if (operation === 'PUT' || operation === 'DescribeStackResource') return undefined;
      const date = request.headers['x-amz-date']!.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z');
      const theirs = harness.clock.now() + skew;
      const headers = { 'date': new Date(theirs).toUTCString(), 'x-amzn-errortype': 'InvalidSignatureException' };
      return Math.abs(Date.parse(date) - theirs) > 300_000 ? { status: 403, body: '{"message":"Signature expired"}', headers } : ordinary();
    };
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.owned).toHaveLength(1);
  });

  test('T31 credentials are asked for again before they expire', async () => {
    const harness = new Harness();
    let issued = 0;
    harness.credentials = async () => ({ accessKeyId: `AKIA${++issued}`, secretAccessKey: 'x', expiration: new Date(harness.clock.now() + 6 * 60_000) });
    const end = harness.clock.now() + 240_000;
    harness.intercept = ({ operation }) => (operation === 'ListRooms' && harness.clock.now() < end ? '429' : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    const keys = new Set(harness.calls.filter(({ operation }) => operation === 'ListRooms').map(({ request }) => /Credential=(AKIA[0-9]+)/.exec(request.headers.authorization!)![1]));
    expect(keys.size).toBeGreaterThan(1);
  });

  test('T32 a Region without IVS Chat is refused, with those that have it', async () => {
    for (const region of ['ca-central-1', 'cn-north-1', 'us-gov-west-1', '', 'evil.example']) {
      const harness = new Harness({ environment: { AWS_REGION: region } });
      const answer = await harness.create();
      expect(answer.Reason).toMatch(/^Amazon IVS Chat is not offered in .*; use one of ap-northeast-1, ap-northeast-2, ap-south-1, eu-central-1, eu-west-1, us-east-1, us-west-2$/);
      expect(harness.operations).toEqual(['PUT']);
      expect((await harness.delete()).Status).toBe('SUCCESS'); // or the stack would be stuck
      expect((await harness.delete({}, { PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' })).Status).toBe('SUCCESS');
      expect(new Set(harness.operations)).toEqual(new Set(['PUT']));
    }
    const harness = new Harness();
    expect((await harness.create({ Region: 'mars' })).Reason).toMatch(/not offered in mars/);
    expect((await harness.delete({ Region: 'mars' })).Status).toBe('SUCCESS');
  });
});

describe('a logging configuration', () => {
  test('T22 that is being created is waited for, at most once in 1.5 s', async () => {
    const harness = new Harness(LOGGING);
    harness.service.loggingStates = [{ state: 'CREATING', milliseconds: 9000 }];
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS', Data: { State: 'ACTIVE' } });
    const reads = harness.calls.filter(({ operation }) => operation === 'GetLoggingConfiguration').map(({ time }) => time);
    expect(reads.length).toBeLessThan(10);
    for (let index = 1; index < reads.length - 1; index++) expect(reads[index]! - reads[index - 1]!).toBeGreaterThanOrEqual(1500);
  });

  test('T22 that fails is told of, and deleted', async () => {
    const harness = new Harness(LOGGING);
    harness.service.loggingStates = [{ state: 'CREATING', milliseconds: 3000 }, { state: 'CREATE_FAILED', milliseconds: Infinity }];
    harness.intercept = ({ operation }, ordinary) => {
      const reply = ordinary();
      return operation === 'GetLoggingConfiguration' && harness.clock.now() % 2 ? reply : reply;
    };
    const answer = await harness.create();
    const [created] = harness.owned;
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1', Reason: expect.stringContaining(`the service says of ${created!.arn}: CREATE_FAILED`) });
    await harness.delete();
    expect(harness.owned).toEqual([]);
  });

  test('T22 that is being deleted is not taken for the one to create', async () => {
    const harness = new Harness(LOGGING);
    const event = harness.event();
    const dying = harness.service.put('logging-configuration', {
      name: 'lobby', state: 'DELETING', tags: { [ownershipTags.owner]: owner(event), [ownershipTags.request]: event.RequestId, [ownershipTags.born]: '20260105T120000Z' },
    });
    const answer = await harness.deliver(event);
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).not.toBe(dying.arn);
  });

  test('T22 an old failed state that is still shown does not fail an update', async () => {
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

  test('T23 that rooms still use: patience, then the rooms are named', async () => {
    const harness = new Harness(LOGGING);
    await harness.create();
    const user = harness.service.put('room', { name: 'stage', loggingConfigurationIdentifiers: [harness.recorded!] });
    const answer = await harness.delete();
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(new RegExp(`It is still used by ${user.arn} \\(stage\\)`));
    expect(harness.milliseconds).toBeGreaterThan(240_000);
    harness.clock.setTimeout(() => harness.service.meddle(user.arn), 60_000);
    expect((await harness.delete()).Status).toBe('SUCCESS');
  });

  test('an update that comes too soon after the last is repeated', async () => {
    const harness = new Harness(LOGGING);
    await harness.create();
    const until = harness.clock.now() + 20_000;
    harness.intercept = ({ operation }) => (operation === 'UpdateLoggingConfiguration' && harness.clock.now() < until ? fault('ConflictException', 409) : undefined);
    expect(await harness.update({ DestinationConfiguration: { S3: { BucketName: 'bucket' }, CloudWatchLogs: undefined } })).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.owned[0]!.destinationConfiguration).toEqual({ s3: { bucketName: 'bucket' } });
  });

  test('needs exactly one destination', async () => {
    const harness = new Harness(LOGGING);
    expect((await harness.create({ DestinationConfiguration: { S3: { BucketName: 'bucket' }, Firehose: { DeliveryStreamName: 'x' } } })).Reason)
      .toMatch(/DestinationConfiguration must have exactly one of/);
  });

  test('quiet: four calls, five, three', async () => {
    const harness = new Harness(LOGGING);
    await harness.create({ Tags: { a: '1' } });
    expect(harness.chatOperations).toEqual(['ListLoggingConfigurations', 'CreateLoggingConfiguration', 'GetLoggingConfiguration', 'GetLoggingConfiguration']);
    harness.reset();
    await harness.update({ Tags: { b: '1' } }, { Tags: { a: '1' } });
    expect(harness.chatOperations).toHaveLength(5);
    await harness.wait(100);
    harness.reset();
    await harness.delete();
    expect(harness.chatOperations).toHaveLength(3);
  });
});

describe('message review', () => {
  const handler = { MessageReviewHandler: { Uri: 'arn:aws:lambda:us-west-2:123456789012:function:review', FallbackResult: 'DENY' } };

  test('the function\'s permission needs a while to be known: both create and update wait for it', async () => {
    const harness = new Harness();
    harness.service.invalidPermissionUntil = harness.clock.now() + 30_000;
    expect((await harness.create(handler)).Status).toBe('SUCCESS');
    await harness.update({}, handler);
    harness.service.invalidPermissionUntil = harness.clock.now() + 30_000;
    expect((await harness.update(handler)).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([{ messageReviewHandler: { uri: handler.MessageReviewHandler.Uri, fallbackResult: 'DENY' } }]);
  });

  test('a permission that never comes is told after a minute, with what to do', async () => {
    const harness = new Harness();
    harness.service.invalidPermissionUntil = Infinity;
    const answer = await harness.create(handler);
    expect(answer.Reason).toMatch(/invalid lambda permission.*ivschat\.amazonaws\.com/);
    expect(harness.milliseconds).toBeLessThan(80_000);
    expect(harness.owned).toEqual([]);
  });
});

describe('another Region', () => {
  test('the room lives there, and is read, updated, swept and deleted there', async () => {
    const harness = new Harness({ region: 'eu-west-1', properties: { Region: 'eu-west-1' } });
    expect((await harness.create()).PhysicalResourceId).toMatch(/^arn:aws:ivschat:eu-west-1:/);
    await harness.update({});
    await harness.wait(100);
    await harness.delete();
    expect(harness.owned).toEqual([]);
    const hosts = harness.calls.filter(({ operation }) => /Room/.test(operation)).map(({ request }) => request.hostname);
    expect(new Set(hosts)).toEqual(new Set(['ivschat.eu-west-1.amazonaws.com']));
    expect(harness.calls.find(({ operation }) => operation === 'CreateRoom')!.request.headers.authorization).toMatch(/\/eu-west-1\/ivschat\//);
    expect(harness.calls.find(({ operation }) => operation === 'DescribeStackResource')!.request.hostname).toBe('cloudformation.us-west-2.amazonaws.com');
  });

  test('a room does not move', async () => {
    const harness = new Harness();
    await harness.create();
    const answer = await harness.update({ Region: 'eu-west-1' });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason).toMatch(/is not a room of this account in eu-west-1; to move one to another Region, give the construct another id/);
  });
});

describe('adoption', () => {
  test('tags the room as owned, brings it to the desired state, and deletes it in the end', async () => {
    const harness = new Harness();
    const old = harness.service.put('room', { name: 'theirs', maximumMessageLength: 9, tags: { left: 'x', team: 'old' } });
    const answer = await harness.create({ Adopt: old.arn, Name: undefined, Tags: { team: 'live' } });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: old.arn });
    expect(harness.operations).not.toContain('CreateRoom');
    expect(harness.owned).toMatchObject([{ name: 'theirs', maximumMessageLength: 500, tags: { [ownershipTags.owner]: owner(harness.event()), team: 'live' } }]);
    expect(harness.owned[0]!.tags).not.toHaveProperty('left');
    expect((await harness.update({ Adopt: old.arn, Name: 'mine' }, { Adopt: old.arn, Name: undefined })).Status).toBe('SUCCESS');
    expect(harness.owned[0]!.name).toBe('mine');
    expect((await harness.delete({ Adopt: old.arn, Name: 'mine' })).Status).toBe('SUCCESS');
    expect(harness.service.rooms).toEqual([]);
  });

  test.each([
    ['another stack\'s', (harness: Harness) => harness.service.put('room', { tags: { [ownershipTags.owner]: 'other/stack' } }).arn, /belongs to another stack or resource \(its tag cdk-ivs-chat:owner is "other\/stack"\); if that one has given it up/],
    ['not there', () => room('AbCdEfGhIjKl'), /ResourceNotFoundException/],
    ['in another Region', () => room('AbCdEfGhIjKl', 'eu-west-1'), /Adopt must be the ARN of a room of this account in us-west-2/],
    ['of another account', () => room('AbCdEfGhIjKl', 'us-west-2', '999999999999'), /Adopt must be the ARN of a room of this account/],
  ] as const)('refuses what is %s, and touches nothing', async (_, put, reason) => {
    const harness = new Harness();
    const arn = put(harness);
    const before = JSON.stringify([...harness.service.resources]);
    const answer = await harness.create({ Adopt: arn });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-1', Reason: expect.stringMatching(reason) });
    expect((await harness.delete({ Adopt: arn })).Status).toBe('SUCCESS');
    expect(JSON.stringify([...harness.service.resources])).toBe(before);
  });

  test('that fails half way gives the room back', async () => {
    const harness = new Harness();
    const old = harness.service.put('room', { name: 'lobby', tags: { team: 'old' } });
    reject(harness, 'UpdateRoom', 'ValidationException', 400, 'no');
    expect(await harness.create({ Adopt: old.arn })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-1' });
    harness.reset();
    expect((await harness.delete({ Adopt: old.arn })).Status).toBe('SUCCESS');
    expect(harness.service.rooms).toHaveLength(1);
    expect(harness.service.rooms[0]!.tags).not.toHaveProperty([ownershipTags.owner]);
  });

  test('that is cancelled while it runs gives the room back', async () => {
    const harness = new Harness();
    const old = harness.service.put('room', { name: 'lobby' });
    harness.start(harness.event({ ResourceProperties: { Adopt: old.arn } }));
    harness.clock.setTimeout(() => harness.start(harness.event({
      RequestType: 'Delete', PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7', ResourceProperties: { Adopt: old.arn },
    })), 50);
    await harness.clock.run();
    expect(harness.service.rooms).toHaveLength(1);
    expect(harness.owned).toEqual([]);
  });

  test('nothing else can be adopted in its place later', async () => {
    const harness = new Harness();
    await harness.create();
    const answer = await harness.update({ Adopt: room('AbCdEfGhIjKl') });
    expect(answer.Reason).toMatch(/can't become arn:.*AbCdEfGhIjKl; to adopt another one, give the construct another id/);
  });
});

test('what goes wrong is one of the faults that the harness knows', () => expect(new Set(faults).size).toBe(9));
