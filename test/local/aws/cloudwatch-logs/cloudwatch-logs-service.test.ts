import { LogGroups } from '../../../../local/aws/cloudwatch-logs/log-groups';
import { allows } from '../../../../local/aws/iam/policy-evaluation';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { VirtualClock } from '../../../../local/clock';
import { failureOf, updateStack } from '../api-gateway-v2/deploy-http-api';
import { createStack, signedClient } from '../signed-client';

let deploy: LocalDeploy;
beforeAll(async () => {
  deploy = await startLocalDeploy();
  for (const logGroupName of ['/app/one', '/app/two']) {
    await logs('CreateLogGroup', { logGroupName });
    await logs('CreateLogStream', { logGroupName, logStreamName: 'a' });
  }
  for (const logStreamName of ['a', 'b']) {
    const message = (timestamp: number) => `${logStreamName} at ${timestamp}`;
    const logEvents = [1000, 2000, 3000].map((timestamp) => ({ timestamp, message: message(timestamp) }));
    await logs('PutLogEvents', { logGroupName: '/app/one', logStreamName, logEvents });
  }
});
afterAll(() => deploy.close());

async function logs(operation: string, input: object, identity = deploy.identities.administrator): Promise<any> {
  return (await signedClient(deploy, identity).json('logs', `Logs_20140328.${operation}`, input)).body;
}

const messages = ({ events }: { events: { message: string }[] }) => events.map(({ message }) => message);

test('GetLogEvents includes the start time, excludes the end time, and reads one stream', async () => {
  const stream = { logGroupName: '/app/one', logStreamName: 'a' };
  const all = await logs('GetLogEvents', stream);
  expect(messages(all)).toEqual(['a at 1000', 'a at 2000', 'a at 3000']);
  expect(all.events[0].ingestionTime).toBeGreaterThan(Date.now() - 60_000);
  expect(messages(await logs('GetLogEvents', { ...stream, startTime: 1000, endTime: 3000 })))
    .toEqual(['a at 1000', 'a at 2000']);
  expect(messages(await logs('GetLogEvents', { ...stream, startTime: 1001 }))).toEqual(['a at 2000', 'a at 3000']);
  expect(messages(await logs('GetLogEvents', { ...stream, limit: 1 }))).toEqual(['a at 3000']);
});

test('an answer without an end time has the events of the future, with their whole text', async () => {
  const stream = { logGroupName: '/future', logStreamName: 'a' };
  await logs('CreateLogGroup', stream);
  const event = { timestamp: Date.now() + 24 * 3_600_000, message: '  text\n' };
  await logs('PutLogEvents', { ...stream, logEvents: [event] });
  const expected = { events: [expect.objectContaining(event)] };
  expect(await logs('GetLogEvents', stream)).toMatchObject(expected);
  expect(await logs('FilterLogEvents', stream)).toMatchObject(expected);
  await logs('DeleteLogGroup', stream);
});

test('FilterLogEvents includes the start time and the end time, in the given streams', async () => {
  const group = { logGroupName: '/app/one' };
  expect(messages(await logs('FilterLogEvents', { ...group, startTime: 2000, endTime: 3000, logStreamNames: ['b'] })))
    .toEqual(['b at 2000', 'b at 3000']);
  expect(messages(await logs('FilterLogEvents', { ...group, startTime: 3000, logStreamNames: ['b', 'a', 'c'] })))
    .toEqual(['a at 3000', 'b at 3000']);
  expect(messages(await logs('FilterLogEvents', { ...group, startTime: 3000 }))).toEqual(['a at 3000', 'b at 3000']);
  expect(messages(await logs('FilterLogEvents', { ...group, endTime: 1000 }))).toEqual(['a at 1000', 'b at 1000']);
  expect(messages(await logs('FilterLogEvents', { ...group, startTime: 1001, endTime: 1999 }))).toEqual([]);
});

test.each([
  ['b', ['b at 1000', 'b at 2000', 'b at 3000']],
  ['b 1000', ['b at 1000']],
  ['B', []],
  ['b [1000]', []],
  ['at-1000', []],
  ['"" b 1000', ['b at 1000']],
  ['"b at" -1000', ['b at 2000', 'b at 3000']],
  ['?1000 ?2000 -b', ['a at 1000', 'a at 2000']],
  ['-b -1000', ['a at 2000', 'a at 3000']],
  ['{ $.level = "ERROR" }', ['a at 1000', 'a at 2000', 'a at 3000', 'b at 1000', 'b at 2000', 'b at 3000']],
  [' {}', ['a at 1000', 'a at 2000', 'a at 3000', 'b at 1000', 'b at 2000', 'b at 3000']],
  ['[level, text]', ['a at 1000', 'a at 2000', 'a at 3000', 'b at 1000', 'b at 2000', 'b at 3000']],
])('FilterLogEvents evaluates the pattern %s', async (filterPattern, expected) => {
  expect(messages(await logs('FilterLogEvents', { logGroupName: '/app/one', filterPattern }))).toEqual(expected);
});

test('FilterLogEvents has pages, and each event is in one page', async () => {
  const pages = async (limit: number) => {
    const found: string[][] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs('FilterLogEvents', { logGroupName: '/app/one', limit, nextToken });
      found.push(page.events.map(({ eventId }: { eventId: string }) => eventId));
      ({ nextToken } = page);
    } while (nextToken);
    return found;
  };
  const whole = (await pages(10)).flat();
  expect(new Set(whole).size).toBe(6);
  expect(await pages(4)).toEqual([whole.slice(0, 4), whole.slice(4)]);
  expect(await pages(3)).toEqual([whole.slice(0, 3), whole.slice(3)]);
  expect(await pages(2)).toEqual([whole.slice(0, 2), whole.slice(2, 4), whole.slice(4)]);
});

test('an answer without a limit has up to 10,000 events', async () => {
  const stream = { logGroupName: '/app/many', logStreamName: 'a' };
  await logs('CreateLogGroup', stream);
  await logs('CreateLogStream', stream);
  const logEvents = Array.from({ length: 10_000 }, (_, timestamp) => ({ timestamp, message: 'm' }));
  await logs('PutLogEvents', { ...stream, logEvents });
  const { events, nextToken } = await logs('FilterLogEvents', { logGroupName: '/app/many' });
  expect([events.length, nextToken]).toEqual([10_000, undefined]);
  // The group keeps 10,000 events, so this one replaces the first.
  await logs('PutLogEvents', { ...stream, logStreamName: 'ab', logEvents: [{ timestamp: 0, message: 'm' }] });
  expect(messages(await logs('GetLogEvents', stream))).toHaveLength(9_999);
  await logs('DeleteLogGroup', stream);
});

test('log groups are listed by prefix, found by ARN, and independent of each other', async () => {
  const names = async (input: object) =>
    (await logs('DescribeLogGroups', input)).logGroups.map((group: { logGroupName: string }) => group.logGroupName);
  expect(await names({ logGroupNamePrefix: '/app/t' })).toEqual(['/app/two']);
  expect(await names({ logGroupNamePrefix: 'two' })).toEqual([]);
  expect(await names({ logGroupNamePrefix: '/App' })).toEqual([]);
  const [{ arn, creationTime }] = (await logs('DescribeLogGroups', { logGroupNamePrefix: '/app/one' })).logGroups;
  expect(creationTime).toBeGreaterThan(Date.now() - 60_000);
  for (const logGroupIdentifier of [arn, '/app/one']) {
    const { logStreams } = await logs('DescribeLogStreams', { logGroupIdentifier });
    expect(logStreams.map((stream: { logStreamName: string }) => stream.logStreamName)).toEqual(['a', 'b']);
    for (const stream of logStreams) {
      expect(stream.creationTime).toBeGreaterThanOrEqual(creationTime);
      expect(stream.creationTime).toBeLessThanOrEqual(Date.now());
    }
  }
  expect(messages(await logs('FilterLogEvents', { logGroupName: '/app/two' }))).toEqual([]);

  await logs('DeleteLogGroup', { logGroupName: '/app/two' });
  expect(await names({})).toEqual(['/app/one']);
});

test('a log group and a log stream are created once', async () => {
  const existing = (kind: string) =>
    ({ __type: 'ResourceAlreadyExistsException', message: `The specified log ${kind} already exists` });
  const stream = { logGroupName: '/app/one', logStreamName: 'a' };
  const before = await logs('DescribeLogStreams', stream);
  expect(await logs('CreateLogGroup', stream)).toEqual(existing('group'));
  expect(await logs('CreateLogStream', stream)).toEqual(existing('stream'));
  expect(await logs('DescribeLogStreams', stream)).toEqual(before);
});

test.each([
  'DescribeLogStreams', 'FilterLogEvents', 'GetLogEvents', 'CreateLogStream', 'PutLogEvents', 'DeleteLogGroup',
])('%s needs a log group that exists', async (operation) => {
  for (const input of [{ logGroupName: '/app' }, { logGroupIdentifier: '/app/on' }, {}]) {
    expect(await signedClient(deploy).json('logs', `Logs_20140328.${operation}`, input)).toEqual({
      status: 400,
      body: { __type: 'ResourceNotFoundException', message: 'The specified log group does not exist.' },
    });
  }
});

test('each operation needs its own permission for the log group, and has no effect without it', async () => {
  const logGroupName = '/app/three';
  const stream = { logGroupName, logStreamName: 's' };
  const event = { timestamp: 1000, message: 'text' };
  const ingested = { ...event, ingestionTime: expect.any(Number) };
  const creationTime = expect.any(Number);
  const arn = (name: string) => `arn:aws:logs:us-west-2:123456789012:log-group:${name}:*`;
  const operations: { [operation: string]: [input: object, answer: object] } = {
    CreateLogGroup: [{ logGroupName }, {}],
    CreateLogStream: [stream, {}],
    PutLogEvents: [{ ...stream, logEvents: [event] }, { nextSequenceToken: expect.any(String) }],
    DescribeLogGroups: [
      { logGroupNamePrefix: logGroupName },
      { logGroups: [{ logGroupName, creationTime, arn: arn(logGroupName), storedBytes: 0 }] },
    ],
    DescribeLogStreams: [{ logGroupName }, { logStreams: [{ logStreamName: 's', creationTime }] }],
    FilterLogEvents: [
      { logGroupName },
      { events: [{ ...ingested, logStreamName: 's', eventId: expect.stringMatching(/^\d{56}$/) }] },
    ],
    GetLogEvents: [
      stream,
      {
        events: [ingested],
        nextForwardToken: expect.stringMatching(/^f\//),
        nextBackwardToken: expect.stringMatching(/^b\//),
      },
    ],
    DeleteLogGroup: [{ logGroupName }, {}],
  };
  const sessionWith = (Action: string | string[], Resource: string) => deploy.identities.assumeRole(
    'arn:aws:sts::123456789012:assumed-role/r/s',
    allows([{ Statement: { Effect: 'Allow', Action, Resource } }]),
  );
  const actions = Object.keys(operations).map((operation) => `logs:${operation}`);
  for (const [operation, [input, answer]] of Object.entries(operations)) {
    const action = `logs:${operation}`;
    const resource = arn(operation === 'DescribeLogGroups' ? '*' : logGroupName);
    const refusal = {
      __type: 'AccessDeniedException',
      message: expect.stringContaining(`not authorized to perform: ${action} on resource: ${resource} because`),
    };
    const others = sessionWith(actions.filter((other) => other !== action), '*');
    expect(await logs(operation, input, others)).toEqual(refusal);
    expect(await logs(operation, input, sessionWith(action, arn('/app/one')))).toEqual(refusal);
    expect(await logs(operation, input, sessionWith(action, resource))).toEqual(answer);
  }
});

test('a log group keeps its newest 10,000 events, and the creation time of its streams', () => {
  const clock = new VirtualClock(1000);
  const groups = new LogGroups(clock);
  groups.write('/app', 's', 'given', 500);
  clock.advance(10);
  groups.write('/app', 's', 'now');
  const { creationTime, streams, events } = groups.get('/app')!;
  expect([creationTime, [...streams]]).toEqual([1000, [['s', 1000]]]);
  expect(events.map(({ timestamp, ingestionTime }) => [timestamp, ingestionTime])).toEqual([[500, 1000], [1010, 1010]]);
  for (let count = 2; count < 10_000; count++) groups.write('/app', 's', `${count}`);
  expect(events[0]!.message).toBe('given');
  groups.write('/app', 's', 'last');
  expect([events.length, events[0]!.message, events.at(-1)!.message]).toEqual([10_000, 'now', 'last']);
});

test('the retention of a log group changes with its stack, and is absent without a limit', async () => {
  const groupWith = (properties: object) => ({
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/stack/group', ...properties } },
  });
  const group = async () => (await logs('DescribeLogGroups', { logGroupNamePrefix: '/stack/group' })).logGroups[0];
  expect(await createStack(deploy, 'Logs', groupWith({ RetentionInDays: 7 }))).toBe('CREATE_COMPLETE');
  expect(await group()).toMatchObject({ retentionInDays: 7 });
  expect(await updateStack(deploy, 'Logs', groupWith({ RetentionInDays: '30' }))).toBe('UPDATE_COMPLETE');
  expect(await group()).toMatchObject({ retentionInDays: 30 });
  expect(await updateStack(deploy, 'Logs', groupWith({}))).toBe('UPDATE_COMPLETE');
  expect(await group()).not.toHaveProperty('retentionInDays');
});

test('a log group of a stack has a name of its own, and is deleted with its name or its stack', async () => {
  const names = async () =>
    (await logs('DescribeLogGroups', {})).logGroups.map((group: { logGroupName: string }) => group.logGroupName);
  const resources = (LogGroupName: string) => ({
    Named: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName } },
    Unnamed: { Type: 'AWS::Logs::LogGroup' },
    Policy: { Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyName: 'the-policy', PolicyDocument: '{}' } },
  });
  const before = await names();
  const Outputs = {
    Arn: { Value: { 'Fn::GetAtt': ['Named', 'Arn'] } },
    Name: { Value: { Ref: 'Unnamed' } },
    Policy: { Value: { Ref: 'Policy' } },
  };
  expect(await createStack(deploy, 'Names', resources('/own/a'), { Outputs })).toBe('CREATE_COMPLETE');
  const { query } = signedClient(deploy);
  const { text } = await query('cloudformation', 'DescribeStacks', { StackName: 'Names' });
  const [arn, name, policy] = [...text.matchAll(/<OutputValue>([^<]+)</g)].map(([, value]) => value);
  expect([arn, policy]).toEqual(['arn:aws:logs:us-west-2:123456789012:log-group:/own/a:*', 'the-policy']);
  expect(name).toMatch(/^Names-Unnamed-[A-Z0-9]{12}$/);
  expect(await names()).toEqual(expect.arrayContaining([...before, '/own/a', name]));

  expect(await createStack(deploy, 'Taken', { Group: resources('/own/a').Named })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'Taken')).toContain('/own/a already exists');
  expect(await updateStack(deploy, 'Names', resources('/own/b'))).toBe('UPDATE_COMPLETE');
  expect((await names()).filter((one: string) => one.startsWith('/own'))).toEqual(['/own/b']);
  await query('cloudformation', 'DeleteStack', { StackName: 'Names' });
  expect(await names()).toEqual(before);
});

test.each(['PolicyName', 'PolicyDocument'])('a resource policy without %s is refused', async (missing) => {
  const Properties = { PolicyName: 'the-policy', PolicyDocument: '{}', [missing]: undefined };
  const policy = { Type: 'AWS::Logs::ResourcePolicy', Properties };
  expect(await createStack(deploy, `Without${missing}`, { Policy: policy })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, `Without${missing}`)).toContain(missing);
});
