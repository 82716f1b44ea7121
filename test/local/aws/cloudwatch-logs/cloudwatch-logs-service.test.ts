import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { updateStack } from '../api-gateway-v2/deploy-http-api';
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

async function logs(operation: string, input: object): Promise<any> {
  return (await signedClient(deploy).json('logs', `Logs_20140328.${operation}`, input)).body;
}

const messages = ({ events }: { events: { message: string }[] }) => events.map(({ message }) => message);

test('GetLogEvents includes the start time, excludes the end time, and reads one stream', async () => {
  const stream = { logGroupName: '/app/one', logStreamName: 'a' };
  expect(messages(await logs('GetLogEvents', stream))).toEqual(['a at 1000', 'a at 2000', 'a at 3000']);
  expect(messages(await logs('GetLogEvents', { ...stream, startTime: 1000, endTime: 3000 })))
    .toEqual(['a at 1000', 'a at 2000']);
  expect(messages(await logs('GetLogEvents', { ...stream, limit: 1 }))).toEqual(['a at 3000']);
});

test('FilterLogEvents includes the start time and the end time, in the given streams', async () => {
  const group = { logGroupName: '/app/one' };
  expect(messages(await logs('FilterLogEvents', { ...group, startTime: 2000, endTime: 3000, logStreamNames: ['b'] })))
    .toEqual(['b at 2000', 'b at 3000']);
  expect(messages(await logs('FilterLogEvents', { ...group, startTime: 3000 }))).toEqual(['a at 3000', 'b at 3000']);
});

test.each([
  ['b', ['b at 1000', 'b at 2000', 'b at 3000']],
  ['b 1000', ['b at 1000']],
  ['"b at" -1000', ['b at 2000', 'b at 3000']],
  ['?1000 ?2000 -b', ['a at 1000', 'a at 2000']],
])('FilterLogEvents evaluates the pattern %s', async (filterPattern, expected) => {
  expect(messages(await logs('FilterLogEvents', { logGroupName: '/app/one', filterPattern }))).toEqual(expected);
});

test('FilterLogEvents has pages, and each event is in one page', async () => {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs('FilterLogEvents', { logGroupName: '/app/one', limit: 4, nextToken });
    expect(page.events.length).toBeLessThanOrEqual(4);
    found.push(...messages(page));
    ({ nextToken } = page);
  } while (nextToken);
  expect(found).toHaveLength(6);
  expect(new Set(found).size).toBe(6);
});

test('log groups are listed by prefix, found by ARN, and independent of each other', async () => {
  const names = async (input: object) =>
    (await logs('DescribeLogGroups', input)).logGroups.map((group: { logGroupName: string }) => group.logGroupName);
  expect(await names({ logGroupNamePrefix: '/app/t' })).toEqual(['/app/two']);
  const [{ arn, creationTime }] = (await logs('DescribeLogGroups', { logGroupNamePrefix: '/app/one' })).logGroups;
  expect(creationTime).toBeGreaterThan(Date.now() - 60_000);
  const { logStreams } = await logs('DescribeLogStreams', { logGroupIdentifier: arn });
  expect(logStreams.map((stream: { logStreamName: string }) => stream.logStreamName)).toEqual(['a', 'b']);
  expect(messages(await logs('FilterLogEvents', { logGroupName: '/app/two' }))).toEqual([]);

  expect(await logs('CreateLogGroup', { logGroupName: '/app/two' }))
    .toMatchObject({ __type: expect.stringContaining('ResourceAlreadyExistsException') });
  await logs('DeleteLogGroup', { logGroupName: '/app/two' });
  expect(await names({})).toEqual(['/app/one']);
  expect(await logs('FilterLogEvents', { logGroupName: '/app/two' }))
    .toMatchObject({ __type: expect.stringContaining('ResourceNotFoundException') });
});

test('the retention of a log group changes with its stack, and is absent without a limit', async () => {
  const groupWith = (properties: object) => ({
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/stack/group', ...properties } },
  });
  const group = async () => (await logs('DescribeLogGroups', { logGroupNamePrefix: '/stack/group' })).logGroups[0];
  expect(await createStack(deploy, 'Logs', groupWith({ RetentionInDays: 7 }))).toBe('CREATE_COMPLETE');
  expect(await group()).toMatchObject({ retentionInDays: 7 });
  expect(await updateStack(deploy, 'Logs', groupWith({}))).toBe('UPDATE_COMPLETE');
  expect(await group()).not.toHaveProperty('retentionInDays');
});
