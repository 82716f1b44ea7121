import * as fc from 'fast-check';
import { Bench, type BenchOptions, faults, STACK_ID } from './world/bench';
import { fault } from './world/ivs-chat';
import { stackResource } from './world/transport';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ROOM_DEFAULTS } from '../../../src/contract/room-properties';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING: BenchOptions = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};
const room = (id: string, region = 'us-west-2', account = '123456789012') => `arn:aws:ivschat:${region}:${account}:room/${id}`;
const reject = (bench: Bench, operation: string, name: string, status: number, message?: string) => {
  bench.interfere = (call) => (call.operation === operation ? fault(name, status, message) : undefined);
};
const userTags = (tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.values<string>(ownershipTags).includes(key) && !key.startsWith('aws:')));

describe('create', () => {
  test('T1 fails before anything exists: the id says so, and its delete calls nobody', async () => {
    const bench = new Bench();
    const answer = await bench.create({ MaximumMessageLength: '501' });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^MaximumMessageLength must be between 1 and 500, got 501$/);
    expect(answer.PhysicalResourceId).toBe('nothing/request-1');
    expect(bench.operations).toEqual(['PUT']);
    bench.calm();
    expect(await bench.delete({ MaximumMessageLength: '501' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'nothing/request-1' });
    expect(bench.operations).toEqual(['PUT']);
  });

  test('T1 the service refuses: nothing by the ARN is deleted, and the sweep finds nothing', async () => {
    const bench = new Bench();
    reject(bench, 'CreateRoom', 'ServiceQuotaExceededException', 402);
    expect(await bench.create()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1' });
    bench.calm();
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(new Set(bench.chatOperations)).toEqual(new Set(['ListRooms']));
  });

  test('T2 fails after the room exists: the delete that follows finds it', async () => {
    const bench = new Bench();
    reject(bench, 'GetRoom', 'AccessDeniedException', 403);
    const answer = await bench.create();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1' });
    expect(bench.owned).toHaveLength(1);
    bench.calm();
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(bench.owned).toEqual([]);
  });

  test.each(['reset, done', 'no answer, done', 'no answer, done 20 s later'] as const)('T3 the answer is lost (%s): one room', async (lost) => {
    const bench = new Bench();
    bench.interfere = ({ operation }, _, index) => (operation === 'CreateRoom' && index < 4 ? lost : undefined);
    expect(await bench.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: bench.owned[0]!.arn });
    expect(bench.owned).toHaveLength(1);
    expect(bench.operations.filter((operation) => operation === 'CreateRoom')).toHaveLength(1);
  });

  test.each([
    ['500 that did it', (done: () => void) => { done(); return { status: 500, body: '{}' }; }],
    ['an answer that is cut off', (done: () => void) => { done(); return { status: 200, body: '{"arn":"arn:aws:ivs' }; }],
    ['an empty answer', (done: () => void) => { done(); return { status: 200, body: '' }; }],
    ['an answer without an ARN', (done: () => void) => { done(); return { status: 200, body: '{"name":"lobby"}' }; }],
  ])('T3 %s: one room', async (_, meet) => {
    const bench = new Bench();
    bench.interfere = ({ operation }, ordinary) => (operation === 'CreateRoom' ? meet(ordinary) : undefined);
    expect(await bench.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: bench.owned[0]!.arn });
    expect(bench.owned).toHaveLength(1);
  });

  test('T4 dies after any call, before or after it was done: the next try finds what is there', async () => {
    const quiet = new Bench();
    await quiet.create();
    for (let index = 0; index < quiet.calls.length; index++) {
      for (const death of ['crash, done', 'crash, not done'] as const) {
        const bench = new Bench();
        bench.interfere = (_, __, at) => (at === index ? death : undefined);
        expect(await bench.create()).toMatchObject({ Status: 'SUCCESS' });
        expect(bench.owned.map(({ arn }) => arn)).toEqual([bench.recorded]);
      }
    }
  });

  test.each([0, 0.01, 0.05, 0.5, 1.9, 3, 30, 119])('T5 comes twice, %d s apart: one room is known, and no other outlives it', async (apart) => {
    const bench = new Bench({ readLag: 3000 });
    const event = bench.event();
    bench.clock.setTimeout(() => bench.start(event), apart * 1000);
    bench.start(event);
    // CloudFormation takes the first answer.
    bench.interfere = ({ operation }) => {
      if (operation === 'PUT' && bench.answers.length === 1) {
        bench.status = 'CREATE_COMPLETE';
        bench.recorded = bench.answers[0]!.PhysicalResourceId;
      }
      return undefined;
    };
    await bench.clock.run();
    expect(bench.answers[0]).toMatchObject({ Status: 'SUCCESS' });
    expect(bench.owned.map(({ arn }) => arn)).toContain(bench.answers[0]!.PhysicalResourceId);
    bench.recorded = bench.answers[0]!.PhysicalResourceId;
    await bench.delete();
    expect(bench.owned).toEqual([]);
  });

  test('T5 comes again after two hours: nothing is created, nothing is deleted, and the answer is still the true one', async () => {
    const bench = new Bench();
    const event = bench.event();
    bench.start(event);
    await bench.clock.run();
    bench.status = 'UPDATE_COMPLETE';
    bench.recorded = bench.answers[0]!.PhysicalResourceId;
    await bench.wait(7200);
    bench.calm();
    bench.start(event);
    await bench.clock.run();
    expect(bench.answers.at(-1)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: bench.recorded });
    expect(bench.owned.map(({ arn }) => arn)).toEqual([bench.recorded]);
    expect(bench.chatOperations).toEqual(['ListRooms', 'GetRoom']);
  });

  test('T5 comes again after the resource is gone: nothing is created', async () => {
    const bench = new Bench();
    const event = bench.event();
    await bench.deliver(event);
    bench.recorded = bench.answers[0]!.PhysicalResourceId;
    await bench.wait(100);
    await bench.delete();
    bench.start(event);
    await bench.clock.run();
    expect(bench.answers.at(-1)!.Reason).toMatch(/no longer waits for this request \(it is DELETE_COMPLETE\); nothing was created/);
    expect(bench.service.rooms).toEqual([]);
  });

  test('T5 comes again while the resource is being created anew: the later create wins', async () => {
    const bench = new Bench();
    const first = bench.event();
    await bench.deliver(first);
    bench.recorded = bench.answers[0]!.PhysicalResourceId;
    await bench.wait(100);
    await bench.delete();
    await bench.wait(60);
    bench.recorded = undefined;
    bench.status = 'CREATE_IN_PROGRESS';
    const second = await bench.create();
    bench.status = 'CREATE_IN_PROGRESS'; // CloudFormation's status may lag behind
    bench.start(first);
    await bench.clock.run();
    expect(bench.answers.at(-1)!.Reason).toMatch(/a later request has created it already/);
    expect(bench.owned.map(({ arn }) => arn)).toEqual([second.PhysicalResourceId]);
  });

  test('a create removes what a late duplicate of an earlier one left', async () => {
    const bench = new Bench();
    const left = bench.service.put('room', { name: 'lobby', tags: { [ownershipTags.owner]: owner(bench.event()), [ownershipTags.request]: 'old', [ownershipTags.born]: '20250101T000000Z' } });
    await bench.create();
    expect(bench.owned.map(({ arn }) => arn)).toEqual([bench.recorded]);
    expect(bench.service.resources.has(left.arn)).toBe(false);
  });

  test('where DescribeStackResource is not permitted, a request is believed while it is young', async () => {
    const bench = new Bench();
    const denied = { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>' };
    bench.interfere = ({ operation }) => (operation === 'DescribeStackResource' ? denied : undefined);
    const event = bench.event();
    expect((await bench.deliver(event)).Status).toBe('SUCCESS');
    await bench.wait(700);
    bench.start(event);
    await bench.clock.run();
    expect(bench.answers.at(-1)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/this request is older; nothing was done/) });
    expect(bench.owned).toHaveLength(1);
  });

  test.each([[30_000, 'ListRooms'], [0, 'CreateRoom']])('a create request is not sent on %d ms old news', async (slow, expected) => {
    const bench = new Bench();
    let lists = 0;
    bench.interfere = async ({ operation }, ordinary) => {
      if (operation === 'ListRooms' && ++lists === 1) await bench.clock.sleep(slow / 10);
      return ordinary();
    };
    await bench.create();
    expect(bench.operations[2]).toBe(slow ? 'CreateRoom' : expected); // 3 s are fresh enough
    const stale = new Bench();
    lists = 0;
    stale.interfere = async ({ operation }, ordinary) => {
      if (operation === 'ListRooms' && ++lists < 3) await stale.clock.sleep(4970); // within the client's patience, too long together
      return ordinary();
    };
    await stale.create();
    expect(stale.operations.slice(0, 5)).toEqual(['DescribeStackResource', 'ListRooms', 'DescribeStackResource', 'ListRooms', 'DescribeStackResource']);
  });

  test('T26 the room can\'t be read at first: it takes two good reads in a row', async () => {
    const bench = new Bench();
    const replies = [404, 404, 200, 404, 200, 200];
    bench.interfere = ({ operation }) => (operation === 'GetRoom' && replies.shift() === 404 ? fault('ResourceNotFoundException', 404) : undefined);
    expect((await bench.create()).Status).toBe('SUCCESS');
    expect(bench.operations.filter((operation) => operation === 'GetRoom')).toHaveLength(6);
  });

  test('T35 the role\'s permissions are not known everywhere yet: a create tries for a minute', async () => {
    const bench = new Bench();
    const known = bench.clock.now() + 50_000;
    bench.interfere = ({ operation }) => (/Room/.test(operation) && bench.clock.now() < known ? fault('AccessDeniedException', 403) : undefined);
    expect((await bench.create()).Status).toBe('SUCCESS');
    const denied = new Bench();
    reject(denied, 'ListRooms', 'AccessDeniedException', 403, 'not authorized to perform: ivschat:ListRooms');
    const answer = await denied.create();
    expect(answer.Reason).toMatch(/^List rooms failed: AccessDeniedException: not authorized to perform: ivschat:ListRooms \(request id a1b2c3\) The provider function's role/);
    expect(denied.milliseconds).toBeGreaterThan(55_000);
    expect(denied.milliseconds).toBeLessThan(75_000);
    denied.calm();
    reject(denied, 'ListRooms', 'AccessDeniedException', 403);
    expect((await denied.delete()).Status).toBe('SUCCESS'); // or the stack would be stuck
  });
});

describe('delete', () => {
  test('T6 of something that is gone', async () => {
    const bench = new Bench();
    await bench.create();
    await bench.wait(100);
    bench.service.meddle(bench.recorded!);
    expect((await bench.delete()).Status).toBe('SUCCESS');
  });

  test('T6 of something that is gone, where IAM allows only what carries the owner tag', async () => {
    const bench = new Bench();
    await bench.create();
    bench.service.meddle(bench.recorded!);
    reject(bench, 'DeleteRoom', 'AccessDeniedException', 403);
    expect((await bench.delete()).Status).toBe('SUCCESS');
    const denied = new Bench();
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
    const bench = new Bench();
    const theirs = bench.service.put('room', { name: 'lobby' });
    const mine = bench.service.put('room', { name: 'lobby', tags: { [ownershipTags.owner]: owner(bench.event()), [ownershipTags.request]: 'x', [ownershipTags.born]: '20260105T115959Z' } });
    const answer = await bench.delete({}, { PhysicalResourceId: id });
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).toBe(id || `nothing/${answer.RequestId}`);
    expect(bench.calls.filter(({ input }) => input.identifier !== undefined).map(({ input }) => input.identifier)).toEqual([mine.arn]);
    expect(bench.service.resources.has(theirs.arn)).toBe(true);
  });

  test.each([0, 500, 2000, 5000, 10_000])('T8 while the create runs, whenever it comes, with statuses that are %d ms old', async (lag) => {
    for (let cancelled = 10; cancelled < 400; cancelled += 30) {
      const bench = new Bench({ seed: cancelled });
      const statuses = [{ time: bench.clock.now(), status: 'CREATE_IN_PROGRESS' }];
      const set = (status: string) => statuses.push({ time: bench.clock.now(), status });
      bench.interfere = ({ operation }) => (operation === 'DescribeStackResource'
        ? stackResource((statuses.filter(({ time }) => time <= bench.clock.now() - lag).at(-1) ?? statuses[0]!).status) : undefined);
      bench.start(bench.event());
      const remove = bench.event({ RequestType: 'Delete', PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' });
      bench.clock.setTimeout(() => { set('DELETE_IN_PROGRESS'); bench.start(remove); }, cancelled);
      await bench.clock.run();
      expect(bench.answerTo(remove)!.Status).toBe('SUCCESS');
      expect(bench.owned).toEqual([]);
    }
  });

  test('a late duplicate of it leaves alone what was created since', async () => {
    const bench = new Bench();
    await bench.create();
    const event = bench.event({ RequestType: 'Delete', PhysicalResourceId: bench.recorded });
    await bench.deliver(event);
    const created = await bench.create(); // at once
    bench.start(event);
    await bench.clock.run();
    expect(bench.owned.map(({ arn }) => arn)).toEqual([created.PhysicalResourceId]);
  });

  test('does not end in the second of its birth, by which later creates are told apart', async () => {
    const bench = new Bench();
    await bench.create();
    await bench.wait(3600.1);
    await bench.delete();
    expect(bench.clock.now() % 1000).toBeLessThan(100);
    expect(bench.milliseconds).toBeLessThan(1000);
  });

  test('waits only for the young and the unknown', async () => {
    const bench = new Bench();
    await bench.create();
    await bench.wait(30);
    await bench.delete();
    expect(bench.milliseconds).toBeGreaterThan(20_000);
    await bench.create();
    await bench.wait(75);
    await bench.delete();
    expect(bench.milliseconds).toBeLessThan(1000);
    await bench.delete({}, { PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' });
    expect(bench.milliseconds).toBeGreaterThan(70_000);
    expect(bench.milliseconds).toBeLessThan(75_000);
  });

  test('T5, T8 right after a create that was answered late: a duplicate of the create, told that it is waited for, leaves nothing', async () => {
    const bench = new Bench({ readLag: 3000 });
    const event = bench.event();
    let answered = Infinity;
    let request: string | undefined;
    bench.interfere = ({ operation }, _, index) => {
      if (operation === 'PUT' && answered === Infinity) {
        answered = bench.clock.now();
        request = bench.owned[0]!.tags[ownershipTags.request];
        const { arn } = bench.owned[0]!;
        bench.clock.setTimeout(() => bench.start(bench.event({ RequestType: 'Delete', PhysicalResourceId: arn })), 100);
        bench.clock.setTimeout(() => bench.start(event), 4000);
      }
      if (operation === 'DescribeStackResource') return stackResource(bench.clock.now() < answered + 14_000 ? 'CREATE_IN_PROGRESS' : 'DELETE_COMPLETE');
      return operation === 'CreateRoom' && index < 4 ? 'crash, done' : undefined;
    };
    bench.start(event);
    await bench.clock.run();
    expect(request).toMatch(/^request-1\/20260105T1201[0-9]{2}Z$/);
    expect(bench.operations.filter((operation) => operation === 'CreateRoom')).toHaveLength(2);
    expect(bench.owned).toEqual([]);
  });

  test('a room that is now another stack\'s is left alone', async () => {
    const bench = new Bench();
    await bench.create();
    bench.service.meddle(bench.recorded!, { tags: { [ownershipTags.owner]: 'somebody/else' } });
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(bench.operations).not.toContain('DeleteRoom');
  });

  test('of a name that the service does not take', async () => {
    const bench = new Bench();
    reject(bench, 'ListRooms', 'ValidationException', 400);
    expect((await bench.delete({ Name: 'not a name' }, { PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' })).Status).toBe('SUCCESS');
  });

  test('T34 two stacks, same name, same logical id: each deletes its own', async () => {
    const bench = new Bench();
    const first = await bench.create();
    const second = await bench.create({}, { StackId: STACK_ID.replace('9a1b2c30', 'ffffffff') });
    await bench.wait(100);
    await bench.delete({}, { PhysicalResourceId: first.PhysicalResourceId });
    expect(bench.service.rooms.map(({ arn }) => arn)).toEqual([second.PhysicalResourceId]);
  });
});

describe('update', () => {
  test('T9 of something that is gone: the reason says what to do', async () => {
    const bench = new Bench();
    await bench.create();
    bench.service.meddle(bench.recorded!);
    for (const denied of [false, true]) {
      if (denied) reject(bench, 'UpdateRoom', 'AccessDeniedException', 403);
      const answer = await bench.update({ MaximumMessageLength: '3' });
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: bench.recorded });
      expect(answer.Reason).toMatch(/ResourceNotFoundException: .* It was deleted outside of CloudFormation: take it out of the stack, deploy, and put it back\.$/);
    }
  });

  test('T10 that fails keeps the physical id', async () => {
    const bench = new Bench();
    await bench.create();
    reject(bench, 'UpdateRoom', 'ValidationException', 400, 'no');
    expect(await bench.update({})).toMatchObject({ Status: 'FAILED', PhysicalResourceId: bench.recorded, Reason: expect.stringMatching(/^Update room failed: ValidationException: no/) });
    expect(await bench.update({ MaximumMessageRatePerSecond: '0' })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: bench.recorded });
    expect(await bench.update({}, {}, { PhysicalResourceId: 'something/else' }))
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
      const bench = new Bench({ seed, readLag: lagging ? 3000 : 0, environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '3' } });
      expect(await bench.create(states[0]!)).toMatchObject({ Status: 'SUCCESS' });
      bench.service.meddle(bench.recorded!, { tags: { ...bench.owned[0]!.tags, 'aws:cloudformation:stack-name': 'chat' } });
      await bench.wait(60);
      for (let index = 1; index < states.length; index++) {
        const answer = await bench.update(states[index]!, states[index - 1]!);
        expect([answer.Status, answer.PhysicalResourceId]).toEqual(['SUCCESS', bench.recorded]);
      }
      const [{ arn, id, createTime, tags, ...rest }] = bench.owned as any;
      expect({ ...rest }).toEqual(expected(states.at(-1)));
      expect(userTags(tags)).toEqual({ ...states.at(-1)!.Tags });
      expect(tags).toMatchObject({ 'aws:cloudformation:stack-name': 'chat' });
      expect(Object.keys(tags)).toEqual(expect.arrayContaining(Object.values(ownershipTags)));
    }), { numRuns: process.env.STRYKER_MUTATOR_WORKER ? 15 : 60 });
  }, 60_000);

  test('T12 the review handler, the logging configurations, the length and the rate go back to the service\'s defaults', async () => {
    const bench = new Bench();
    const all = {
      MaximumMessageLength: '7',
      MaximumMessageRatePerSecond: '100',
      MessageReviewHandler: { Uri: 'arn:aws:lambda:us-west-2:123456789012:function:review', FallbackResult: 'DENY' },
      LoggingConfigurationIdentifiers: ['arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEfGhIjKl'],
    };
    await bench.create(all);
    bench.calm();
    await bench.update({}, all);
    expect(bench.calls.find(({ operation }) => operation === 'UpdateRoom')!.input).toEqual({
      identifier: bench.recorded, name: 'lobby', maximumMessageLength: 500, maximumMessageRatePerSecond: 10, messageReviewHandler: { uri: '' }, loggingConfigurationIdentifiers: [],
    });
  });

  test('T27 waits until the service shows it, whichever member it is', async () => {
    for (const change of [{ MaximumMessageLength: '7' }, { MaximumMessageRatePerSecond: '7' }, { Name: 'x' }, { Tags: { a: '1' } }]) {
      const bench = new Bench();
      await bench.create();
      await bench.wait(100);
      const stale = JSON.stringify(bench.service.resources.get(bench.recorded!));
      const until = bench.clock.now() + 20_000;
      bench.interfere = ({ operation }) => (operation === 'GetRoom' && bench.clock.now() < until ? { status: 200, body: stale } : undefined);
      expect((await bench.update(change)).Status).toBe('SUCCESS');
      expect(bench.clock.now()).toBeGreaterThan(until);
      bench.interfere = ({ operation }) => (operation === 'GetRoom' ? { status: 200, body: stale } : undefined);
      const answer = await bench.update(change);
      expect(answer.Reason).toMatch(/^the time ran out during: Waiting until the service shows (maximumMessageLength|maximumMessageRatePerSecond|name|the tag a) as asked for\. Deploy again/);
    }
  });

  test('T28 tags are set before they are taken away, and no more than necessary is called', async () => {
    const bench = new Bench();
    await bench.create({ Tags: { a: '1', b: '2' } });
    bench.calm();
    await bench.update({ Tags: { a: '1', b: '2' } }, { Tags: { a: '1', b: '2' } });
    expect(bench.chatOperations).toEqual(['UpdateRoom', 'GetRoom', 'GetRoom']);
    bench.calm();
    await bench.update({ Tags: { a: '1', c: '' } }, { Tags: { a: '1', b: '2' } });
    expect(bench.chatOperations).toEqual(['UpdateRoom', 'TagResource', 'UntagResource', 'GetRoom', 'GetRoom']);
    expect(bench.calls.filter(({ operation }) => /tag/i.test(operation)).map(({ input }) => [input.tags, input.tagKeys])).toEqual([[{ c: '' }, undefined], [undefined, ['b']]]);
  });

  test('T28 the tags that say who owns a room can be neither set nor changed', async () => {
    const bench = new Bench();
    for (const key of Object.values(ownershipTags)) {
      expect((await bench.create({ Tags: { [key]: 'x' } })).Reason).toBe(`Tags.${key} is a key that the library keeps for itself`);
    }
    await bench.create();
    const before = { ...bench.owned[0]!.tags };
    expect((await bench.update({ Tags: { [ownershipTags.owner]: 'x' } })).Status).toBe('FAILED');
    expect(bench.owned[0]!.tags).toEqual(before);
  });

  test('T29 a room that was renamed by hand is found by its ARN, and renamed back', async () => {
    const bench = new Bench();
    await bench.create();
    bench.service.meddle(bench.recorded!, { name: 'by-hand' });
    expect((await bench.update({})).Status).toBe('SUCCESS');
    expect(bench.owned[0]!.name).toBe('lobby');
    bench.service.meddle(bench.recorded!, { name: 'by-hand' });
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(bench.owned).toEqual([]);
  });

  test('that comes again after a later one changes nothing', async () => {
    const bench = new Bench();
    await bench.create();
    bench.status = 'UPDATE_IN_PROGRESS';
    const first = bench.event({ RequestType: 'Update', PhysicalResourceId: bench.recorded, ResourceProperties: { MaximumMessageLength: '1' } });
    await bench.deliver(first);
    await bench.wait(60);
    await bench.update({ MaximumMessageLength: '2' });
    bench.start(first);
    await bench.clock.run();
    expect(bench.owned[0]).toMatchObject({ maximumMessageLength: 2 });
    // Even while a later one is in progress
    bench.interfere = ({ operation }) => (operation === 'DescribeStackResource' ? stackResource('UPDATE_IN_PROGRESS', bench.recorded, bench.clock.now()) : undefined);
    bench.start(first);
    await bench.clock.run();
    expect(bench.owned[0]).toMatchObject({ maximumMessageLength: 2 });
    expect(bench.answers.at(-1)!.Reason).toMatch(/no longer waits for this request \(it is UPDATE_IN_PROGRESS for a later one\); nothing was updated/);
  });

  test('that renames also removes what else has the old name', async () => {
    const bench = new Bench();
    await bench.create();
    const { tags } = bench.owned[0]!;
    bench.service.put('room', { name: 'lobby', tags: { ...tags } });
    expect((await bench.update({ Name: 'stage' })).Status).toBe('SUCCESS');
    expect(bench.owned.map(({ arn }) => arn)).toEqual([bench.recorded]);
  });

  test('in a rollback, whose statuses have other names', async () => {
    const bench = new Bench();
    await bench.create();
    for (const status of ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'IMPORT_ROLLBACK_IN_PROGRESS']) {
      bench.interfere = ({ operation }) => (operation === 'DescribeStackResource' ? stackResource(status, bench.recorded) : undefined);
      expect((await bench.update({})).Status).toBe('SUCCESS');
    }
  });
});

describe('properties', () => {
  test.each([
    ['MaximumMessageLength', '5', 5], ['MaximumMessageLength', 5, 5], ['MaximumMessageRatePerSecond', '100', 100],
  ])('T13 %s %j is an integer', async (property, value, integer) => {
    const bench = new Bench();
    expect((await bench.create({ [property]: value })).Status).toBe('SUCCESS');
    expect(bench.owned[0]).toMatchObject({ [property[0]!.toLowerCase() + property.slice(1)]: integer });
  });

  test.each(['1e1', ' 5', '5 ', '5.0', '0x5', '', 'NaN', '05', '+5', '-0', '٥', 'true', [5], { a: 5 }, true, '9'.repeat(400)])('T13 %j is none', async (value) => {
    const bench = new Bench();
    const answer = await bench.create({ MaximumMessageLength: value });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-1' });
    expect(answer.Reason).toMatch(/^MaximumMessageLength must be (an integer|between 1 and 500), got /);
  });

  test('T13 a name of digits stays a name', async () => {
    const bench = new Bench();
    await bench.create({ Name: '00123' });
    expect(bench.owned[0]!.name).toBe('00123');
  });

  test('T13 all that is wrong is said at once', async () => {
    const bench = new Bench();
    const { Reason } = await bench.create({ Name: 'a b', MaximumMessageLength: '0', Tags: { '': 'x' } });
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
      const bench = new Bench();
      expect((await bench.create(properties)).Status).toBe('SUCCESS');
      expect(bench.owned[0]).toMatchObject({ name: 'lobby', maximumMessageLength: 300, maximumMessageRatePerSecond: 50, tags: { team: 'live' } });
      expect((await bench.update({ ...properties, ServiceTimeout: '600', Unknown: 'x' }, properties)).Status).toBe('SUCCESS');
      expect((await bench.delete(properties)).Status).toBe('SUCCESS');
    }
  });

  test('a room without a name gets one that is the same in every delivery', async () => {
    const bench = new Bench();
    await bench.create({ Name: undefined });
    expect(bench.owned[0]!.name).toMatch(/^chat-Room-[0-9a-f]{8}$/);
    bench.interfere = ({ operation }, _, index) => (operation === 'CreateRoom' && index < 12 ? 'crash, done' : undefined);
    bench.recorded = undefined;
    await bench.create({ Name: '' }, { LogicalResourceId: 'R'.repeat(255) });
    expect(bench.owned).toHaveLength(2);
    expect(bench.owned[1]!.name).toHaveLength(128);
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
    const bench = new Bench();
    bench.start({ ...bench.event(), ...wrong });
    await bench.clock.run();
    expect(bench.operations).toEqual(['PUT']);
    expect(bench.answers[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(reason) });
    expect(bench.answers[0]!.PhysicalResourceId).toBeTruthy();
  });

  test.each([[undefined], [null], ['text'], [42], [[]], [{}], [{ ResponseURL: 7 }]] as any[][])('T14 %j, which has no ResponseURL, is thrown back', async (event) => {
    const bench = new Bench();
    bench.start(event);
    await bench.clock.run();
    expect(bench.calls).toEqual([]);
    expect(bench.thrown.length).toBeGreaterThan(0);
  });

  test('T14 a type that is not known: what was never created can be deleted, what was created can\'t', async () => {
    const bench = new Bench({ resourceType: 'Custom::Other' });
    await bench.create();
    expect(await bench.delete()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'nothing/request-1' });
    expect((await bench.delete({}, { PhysicalResourceId: room('AbCdEfGhIjKl') })).Status).toBe('FAILED');
    expect(new Set(bench.operations)).toEqual(new Set(['PUT']));
  });

  test('T18 the time runs out: FAILED is told in time, with the step and what is known', async () => {
    for (const [stuck, step] of [
      ['ListRooms', /^(the time ran out during: List rooms\. Deploy again|List rooms failed: TimeoutError)/], ['GetRoom', /^(the time ran out during: Get room\.|Get room failed: TimeoutError: no answer within)/],
    ] as const) {
      const bench = new Bench();
      bench.interfere = ({ operation }) => (operation === stuck ? 'no answer, not done' : undefined);
      const answer = await bench.deliver(bench.event(), 62);
      expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(step), PhysicalResourceId: 'pending/request-1' });
      expect(bench.milliseconds).toBeGreaterThanOrEqual(45_000);
      expect(bench.milliseconds).toBeLessThanOrEqual(58_000);
    }
  });

  test('T18 nothing is begun when the time is up', async () => {
    const bench = new Bench();
    bench.interfere = async ({ operation }, ordinary) => {
      if (operation === 'ListRooms') await bench.clock.sleep(4900);
      return ordinary();
    };
    await bench.deliver(bench.event(), 9);
    expect(bench.answers[0]!.Status).toBe('FAILED');
    expect(bench.operations).toEqual(['DescribeStackResource', 'ListRooms', 'PUT']);
  });
});

describe('what the service says', () => {
  test('T24 429: patience until the deadline, with long and growing pauses, and Retry-After is honoured', async () => {
    const bench = new Bench();
    const end = bench.clock.now() + 120_000;
    bench.interfere = ({ operation }) => (operation === 'ListRooms' && bench.clock.now() < end ? '429' : undefined);
    expect((await bench.create()).Status).toBe('SUCCESS');
    const tries = bench.calls.filter(({ operation }) => operation === 'ListRooms').map(({ time }) => time);
    expect(tries.length).toBeLessThan(25);
    expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(500);
    const asked = new Bench();
    let first = true;
    asked.interfere = ({ operation }) => {
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
    const bench = new Bench();
    reject(bench, 'CreateRoom', name, status, 'nope');
    const answer = await bench.create();
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^Create room failed: /);
    expect(answer.Reason).toMatch(reason);
    expect(bench.operations.filter((operation) => operation === 'CreateRoom')).toHaveLength(1);
  });

  test.each([600_000, -600_000])('T30 a clock that is %d ms off is corrected', async (skew) => {
    const bench = new Bench();
    bench.interfere = ({ operation, request }, ordinary) => {
      if (operation === 'PUT' || operation === 'DescribeStackResource') return undefined;
      const date = request.headers['x-amz-date']!.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z');
      const theirs = bench.clock.now() + skew;
      const headers = { 'date': new Date(theirs).toUTCString(), 'x-amzn-errortype': 'InvalidSignatureException' };
      return Math.abs(Date.parse(date) - theirs) > 300_000 ? { status: 403, body: '{"message":"Signature expired"}', headers } : ordinary();
    };
    expect((await bench.create()).Status).toBe('SUCCESS');
    expect(bench.owned).toHaveLength(1);
  });

  test('T31 credentials are asked for again before they expire', async () => {
    const bench = new Bench();
    let issued = 0;
    bench.credentials = async () => ({ accessKeyId: `AKIA${++issued}`, secretAccessKey: 'x', expiration: new Date(bench.clock.now() + 6 * 60_000) });
    const end = bench.clock.now() + 240_000;
    bench.interfere = ({ operation }) => (operation === 'ListRooms' && bench.clock.now() < end ? '429' : undefined);
    expect((await bench.create()).Status).toBe('SUCCESS');
    const keys = new Set(bench.calls.filter(({ operation }) => operation === 'ListRooms').map(({ request }) => /Credential=(AKIA[0-9]+)/.exec(request.headers.authorization!)![1]));
    expect(keys.size).toBeGreaterThan(1);
  });

  test('T32 a Region without IVS Chat is refused, with those that have it', async () => {
    for (const region of ['ca-central-1', 'cn-north-1', 'us-gov-west-1', '', 'evil.example']) {
      const bench = new Bench({ environment: { AWS_REGION: region } });
      const answer = await bench.create();
      expect(answer.Reason).toMatch(/^Amazon IVS Chat is not offered in .*; use one of ap-northeast-1, ap-northeast-2, ap-south-1, eu-central-1, eu-west-1, us-east-1, us-west-2$/);
      expect(bench.operations).toEqual(['PUT']);
      expect((await bench.delete()).Status).toBe('SUCCESS'); // or the stack would be stuck
      expect((await bench.delete({}, { PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' })).Status).toBe('SUCCESS');
      expect(new Set(bench.operations)).toEqual(new Set(['PUT']));
    }
    const bench = new Bench();
    expect((await bench.create({ Region: 'mars' })).Reason).toMatch(/not offered in mars/);
    expect((await bench.delete({ Region: 'mars' })).Status).toBe('SUCCESS');
  });
});

describe('a logging configuration', () => {
  test('T22 that is being created is waited for, at most once in 1.5 s', async () => {
    const bench = new Bench(LOGGING);
    bench.service.loggingStates = [{ state: 'CREATING', milliseconds: 9000 }];
    expect(await bench.create()).toMatchObject({ Status: 'SUCCESS', Data: { State: 'ACTIVE' } });
    const reads = bench.calls.filter(({ operation }) => operation === 'GetLoggingConfiguration').map(({ time }) => time);
    expect(reads.length).toBeLessThan(10);
    for (let index = 1; index < reads.length - 1; index++) expect(reads[index]! - reads[index - 1]!).toBeGreaterThanOrEqual(1500);
  });

  test('T22 that fails is told of, and deleted', async () => {
    const bench = new Bench(LOGGING);
    bench.service.loggingStates = [{ state: 'CREATING', milliseconds: 3000 }, { state: 'CREATE_FAILED', milliseconds: Infinity }];
    bench.interfere = ({ operation }, ordinary) => {
      const reply = ordinary();
      return operation === 'GetLoggingConfiguration' && bench.clock.now() % 2 ? reply : reply;
    };
    const answer = await bench.create();
    const [created] = bench.owned;
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1', Reason: expect.stringContaining(`the service says of ${created!.arn}: CREATE_FAILED`) });
    await bench.delete();
    expect(bench.owned).toEqual([]);
  });

  test('T22 that is being deleted is not taken for the one to create', async () => {
    const bench = new Bench(LOGGING);
    const event = bench.event();
    const dying = bench.service.put('logging-configuration', {
      name: 'lobby', state: 'DELETING', tags: { [ownershipTags.owner]: owner(event), [ownershipTags.request]: event.RequestId, [ownershipTags.born]: '20260105T120000Z' },
    });
    const answer = await bench.deliver(event);
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).not.toBe(dying.arn);
  });

  test('T22 an old failed state that is still shown does not fail an update', async () => {
    const bench = new Bench(LOGGING);
    await bench.create();
    const replies = ['UPDATE_FAILED', 'UPDATE_FAILED', 'UPDATING'];
    bench.interfere = ({ operation }, ordinary) => {
      if (operation !== 'GetLoggingConfiguration') return undefined;
      const state = replies.shift();
      const reply = ordinary();
      return state ? { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), state }) } : reply;
    };
    expect((await bench.update({ Name: 'other' })).Status).toBe('SUCCESS');
  });

  test('T23 that rooms still use: patience, then the rooms are named', async () => {
    const bench = new Bench(LOGGING);
    await bench.create();
    const user = bench.service.put('room', { name: 'stage', loggingConfigurationIdentifiers: [bench.recorded!] });
    const answer = await bench.delete();
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(new RegExp(`It is still used by ${user.arn} \\(stage\\)`));
    expect(bench.milliseconds).toBeGreaterThan(240_000);
    bench.clock.setTimeout(() => bench.service.meddle(user.arn), 60_000);
    expect((await bench.delete()).Status).toBe('SUCCESS');
  });

  test('an update that comes too soon after the last is repeated', async () => {
    const bench = new Bench(LOGGING);
    await bench.create();
    const until = bench.clock.now() + 20_000;
    bench.interfere = ({ operation }) => (operation === 'UpdateLoggingConfiguration' && bench.clock.now() < until ? fault('ConflictException', 409) : undefined);
    expect(await bench.update({ DestinationConfiguration: { S3: { BucketName: 'bucket' }, CloudWatchLogs: undefined } })).toMatchObject({ Status: 'SUCCESS' });
    expect(bench.owned[0]!.destinationConfiguration).toEqual({ s3: { bucketName: 'bucket' } });
  });

  test('needs exactly one destination', async () => {
    const bench = new Bench(LOGGING);
    expect((await bench.create({ DestinationConfiguration: { S3: { BucketName: 'bucket' }, Firehose: { DeliveryStreamName: 'x' } } })).Reason)
      .toMatch(/DestinationConfiguration must have exactly one of/);
  });

  test('quiet: four calls, five, three', async () => {
    const bench = new Bench(LOGGING);
    await bench.create({ Tags: { a: '1' } });
    expect(bench.chatOperations).toEqual(['ListLoggingConfigurations', 'CreateLoggingConfiguration', 'GetLoggingConfiguration', 'GetLoggingConfiguration']);
    bench.calm();
    await bench.update({ Tags: { b: '1' } }, { Tags: { a: '1' } });
    expect(bench.chatOperations).toHaveLength(5);
    await bench.wait(100);
    bench.calm();
    await bench.delete();
    expect(bench.chatOperations).toHaveLength(3);
  });
});

describe('message review', () => {
  const handler = { MessageReviewHandler: { Uri: 'arn:aws:lambda:us-west-2:123456789012:function:review', FallbackResult: 'DENY' } };

  test('the function\'s permission needs a while to be known: both create and update wait for it', async () => {
    const bench = new Bench();
    bench.service.invalidPermissionUntil = bench.clock.now() + 30_000;
    expect((await bench.create(handler)).Status).toBe('SUCCESS');
    await bench.update({}, handler);
    bench.service.invalidPermissionUntil = bench.clock.now() + 30_000;
    expect((await bench.update(handler)).Status).toBe('SUCCESS');
    expect(bench.owned).toMatchObject([{ messageReviewHandler: { uri: handler.MessageReviewHandler.Uri, fallbackResult: 'DENY' } }]);
  });

  test('a permission that never comes is told after a minute, with what to do', async () => {
    const bench = new Bench();
    bench.service.invalidPermissionUntil = Infinity;
    const answer = await bench.create(handler);
    expect(answer.Reason).toMatch(/invalid lambda permission.*ivschat\.amazonaws\.com/);
    expect(bench.milliseconds).toBeLessThan(80_000);
    expect(bench.owned).toEqual([]);
  });
});

describe('another Region', () => {
  test('the room lives there, and is read, updated, swept and deleted there', async () => {
    const bench = new Bench({ region: 'eu-west-1', properties: { Region: 'eu-west-1' } });
    expect((await bench.create()).PhysicalResourceId).toMatch(/^arn:aws:ivschat:eu-west-1:/);
    await bench.update({});
    await bench.wait(100);
    await bench.delete();
    expect(bench.owned).toEqual([]);
    const hosts = bench.calls.filter(({ operation }) => /Room/.test(operation)).map(({ request }) => request.hostname);
    expect(new Set(hosts)).toEqual(new Set(['ivschat.eu-west-1.amazonaws.com']));
    expect(bench.calls.find(({ operation }) => operation === 'CreateRoom')!.request.headers.authorization).toMatch(/\/eu-west-1\/ivschat\//);
    expect(bench.calls.find(({ operation }) => operation === 'DescribeStackResource')!.request.hostname).toBe('cloudformation.us-west-2.amazonaws.com');
  });

  test('a room does not move', async () => {
    const bench = new Bench();
    await bench.create();
    const answer = await bench.update({ Region: 'eu-west-1' });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: bench.recorded });
    expect(answer.Reason).toMatch(/is not a room of this account in eu-west-1; to move one to another Region, give the construct another id/);
  });
});

describe('adoption', () => {
  test('tags the room as owned, brings it to the desired state, and deletes it in the end', async () => {
    const bench = new Bench();
    const old = bench.service.put('room', { name: 'theirs', maximumMessageLength: 9, tags: { left: 'x', team: 'old' } });
    const answer = await bench.create({ Adopt: old.arn, Name: undefined, Tags: { team: 'live' } });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: old.arn });
    expect(bench.operations).not.toContain('CreateRoom');
    expect(bench.owned).toMatchObject([{ name: 'theirs', maximumMessageLength: 500, tags: { [ownershipTags.owner]: owner(bench.event()), team: 'live' } }]);
    expect(bench.owned[0]!.tags).not.toHaveProperty('left');
    expect((await bench.update({ Adopt: old.arn, Name: 'mine' }, { Adopt: old.arn, Name: undefined })).Status).toBe('SUCCESS');
    expect(bench.owned[0]!.name).toBe('mine');
    expect((await bench.delete({ Adopt: old.arn, Name: 'mine' })).Status).toBe('SUCCESS');
    expect(bench.service.rooms).toEqual([]);
  });

  test.each([
    ['another stack\'s', (bench: Bench) => bench.service.put('room', { tags: { [ownershipTags.owner]: 'other/stack' } }).arn, /belongs to another stack or resource \(its tag cdk-ivs-chat:owner is "other\/stack"\); if that one has given it up/],
    ['not there', () => room('AbCdEfGhIjKl'), /ResourceNotFoundException/],
    ['in another Region', () => room('AbCdEfGhIjKl', 'eu-west-1'), /Adopt must be the ARN of a room of this account in us-west-2/],
    ['of another account', () => room('AbCdEfGhIjKl', 'us-west-2', '999999999999'), /Adopt must be the ARN of a room of this account/],
  ] as const)('refuses what is %s, and touches nothing', async (_, put, reason) => {
    const bench = new Bench();
    const arn = put(bench);
    const before = JSON.stringify([...bench.service.resources]);
    const answer = await bench.create({ Adopt: arn });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-1', Reason: expect.stringMatching(reason) });
    expect((await bench.delete({ Adopt: arn })).Status).toBe('SUCCESS');
    expect(JSON.stringify([...bench.service.resources])).toBe(before);
  });

  test('that fails half way gives the room back', async () => {
    const bench = new Bench();
    const old = bench.service.put('room', { name: 'lobby', tags: { team: 'old' } });
    reject(bench, 'UpdateRoom', 'ValidationException', 400, 'no');
    expect(await bench.create({ Adopt: old.arn })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'nothing/request-1' });
    bench.calm();
    expect((await bench.delete({ Adopt: old.arn })).Status).toBe('SUCCESS');
    expect(bench.service.rooms).toHaveLength(1);
    expect(bench.service.rooms[0]!.tags).not.toHaveProperty([ownershipTags.owner]);
  });

  test('that is cancelled while it runs gives the room back', async () => {
    const bench = new Bench();
    const old = bench.service.put('room', { name: 'lobby' });
    bench.start(bench.event({ ResourceProperties: { Adopt: old.arn } }));
    bench.clock.setTimeout(() => bench.start(bench.event({
      RequestType: 'Delete', PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7', ResourceProperties: { Adopt: old.arn },
    })), 50);
    await bench.clock.run();
    expect(bench.service.rooms).toHaveLength(1);
    expect(bench.owned).toEqual([]);
  });

  test('nothing else can be adopted in its place later', async () => {
    const bench = new Bench();
    await bench.create();
    const answer = await bench.update({ Adopt: room('AbCdEfGhIjKl') });
    expect(answer.Reason).toMatch(/can't become arn:.*AbCdEfGhIjKl; to adopt another one, give the construct another id/);
  });
});

test('what goes wrong is one of the faults that the bench knows', () => expect(new Set(faults).size).toBe(9));
