import { inspect } from 'node:util';
import { faults, Harness, SECRETS, SIGNATURE } from './world/harness';
import { fault } from './world/ivs-chat';
import { handle } from '../../../lambda/custom-resource/handle';
import { ManagedResource } from '../../../lambda/custom-resource/managed-resource';
import { owner } from '../../../lambda/custom-resource/ownership';
import { isOwnershipTag } from '../../../src/contract/ownership-tags';

/** The secrets that must not be in a log, an error or a response. */
const CHAT_TOKEN = 'canaryChatToken';
const canaries = [SECRETS.secretAccessKey, SECRETS.sessionToken, SIGNATURE, CHAT_TOKEN, SECRETS.accessKeyId];

function expectNoCanary(harness: Harness): void {
  const errors = harness.thrown.map((error) => inspect(error, { depth: 10, showHidden: true }));
  const shown = [...harness.logged, ...harness.answers.map(({ raw }) => raw), ...errors].join('\n');
  for (const canary of canaries) expect(shown).not.toContain(canary);
}

describe('secrets are in no log, error or response', () => {
  test('after every fault of every request', async () => {
    for (const met of faults) {
      const harness = new Harness();
      harness.intercept = (_, __, index) => (index % 3 === 0 ? met : undefined);
      await harness.create({ Token: CHAT_TOKEN });
      await harness.update({ MaximumMessageLength: '1', Token: CHAT_TOKEN });
      await harness.delete({ Token: CHAT_TOKEN });
      expect(harness.logged.length).toBeGreaterThan(0);
      expectNoCanary(harness);
    }
  });

  test('after every refusal', async () => {
    for (const name of ['ValidationException', 'AccessDeniedException', 'Unknown']) {
      for (const operation of ['ListRooms', 'CreateRoom', 'GetRoom', 'DescribeStackResource', 'PUT']) {
        const harness = new Harness();
        harness.intercept = (call) => (call.operation === operation ? fault(name, 400) : undefined);
        await harness.create();
        expectNoCanary(harness);
      }
    }
  });

  test('after malformed events', async () => {
    const harness = new Harness();
    const url = (text: string) => ({ ResponseURL: `${text}?X-Amz-Signature=${SIGNATURE}` });
    for (const wrong of [
      url('http://s3.amazonaws.com/'), url('not a url'), url('https://evil.example/'),
      url('https://s3.amazonaws.com/%'),
      url('https://s3.amazonaws.com:99999/'), { RequestType: 'Read' }, { StackId: undefined }, { ResourceType: 'x' },
      { ResourceProperties: undefined }, { PhysicalResourceId: {} },
    ] as any[]) {
      harness.start({ ...harness.event(), ...wrong });
      await harness.clock.run();
    }
    expectNoCanary(harness);
    expect(harness.thrown.length).toBeGreaterThan(4);
  });

  test('after a response that has no time of its request', async () => {
    const harness = new Harness();
    const ResponseURL = `https://s3.us-west-2.amazonaws.com/x?X-Amz-Date=${SIGNATURE}&X-Amz-Signature=${SIGNATURE}`;
    expect((await harness.create({}, { ResponseURL })).Status).toBe('FAILED');
    expectNoCanary(harness);
  });

  test('when all effects fail', async () => {
    const harness = new Harness();
    const broken: any = {
      now: harness.clock.now,
      sleep: async () => undefined,
      random: () => 0,
      log: () => undefined,
      region: 'us-west-2',
      settlingTime: 3000,
      client: () => { throw new Error('no'); },
      put: async () => {
        throw Object.assign(new Error(`could not reach https://x?X-Amz-Signature=${SIGNATURE}`), { code: 'ENOTFOUND' });
      },
    };
    const outcome = handle(broken, harness.event(), { getRemainingTimeInMillis: () => 300_000 });
    await outcome.catch((error) => harness.thrown.push(error));
    expect(harness.thrown.map(({ message }) => message))
      .toEqual(['failed to send the response to CloudFormation: ENOTFOUND']);
    expectNoCanary(harness);
  });
});

test('an ARN with additional text is never used', () => {
  const harness = new Harness();
  const good = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl';
  const pieces =
    ['/', '..', '%2f', '\n', '\r', ' ', '٣', '?', '#', '\0', '*', 'room/', ':', 'A'.repeat(3000), '\u202e', 'é'];
  const resource = { event: harness.event(), region: 'us-west-2', kind: { arnResource: 'room' } };
  const ownArn = (id: string) => ManagedResource.prototype.ownArn.call(resource as any, id);
  expect(ownArn(good)).toBe(good);
  for (let run = 0; run < (process.env.STRYKER_MUTATOR_WORKER ? 500 : 20_000); run++) {
    const at = Math.floor(harness.random.next() * (good.length + 1));
    expect(ownArn(good.slice(0, at) + harness.random.pick(pieces) + good.slice(at))).toBeUndefined();
  }
});

test('a tag key can be the name of a member of Object.prototype', async () => {
  const tags = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d","prototype":"e"}');
  const harness = new Harness();
  expect((await harness.create({ Tags: tags })).Status).toBe('SUCCESS');
  expect(JSON.stringify(harness.owned[0]!.tags)).toContain('"__proto__":"a"');
  expect((await harness.update({ Tags: JSON.parse('{"__proto__":"b"}') }, { Tags: tags })).Status).toBe('SUCCESS');
  const userTags = () => Object.entries(harness.owned[0]!.tags).filter(([key]) => !isOwnershipTag(key));
  expect(userTags()).toEqual([['__proto__', 'b']]);
  expect((await harness.update({}, { Tags: JSON.parse('{"__proto__":"b"}') })).Status).toBe('SUCCESS');
  expect(userTags()).toEqual([]);
  expect(({} as any).a).toBeUndefined();
});

test('a malformed response of IVS Chat fails the request', async () => {
  const bodies = [
    '['.repeat(100_000), '{"arn":1e400}', 'null', '"x"', '[]',
    '{"arn":"a","id":"b","createTime":"yesterday"}', '{"arn":"a","id":"b","createTime":1}',
  ];
  for (const body of bodies) {
    const harness = new Harness();
    harness.intercept = ({ operation }) => (operation === 'GetRoom' ? { status: 200, body } : undefined);
    const answer = await harness.deliver(harness.event(), 30);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1/lobby' });
  }
});

test('long inputs are refused quickly', async () => {
  const harness = new Harness();
  const long = `${'a'.repeat(100_000)}!`;
  for (const properties of [
    { Name: long }, { MaximumMessageLength: '9'.repeat(100_000) }, { ExistingArn: long }, { Tags: { [long]: long } },
    { MessageReviewHandler: { Uri: long } },
  ]) {
    expect((await harness.create(properties)).Status).toBe('FAILED');
  }
  const body = `<ResourceStatus>${'<'.repeat(100_000)}</DescribeStackResourceResponse>`;
  harness.intercept = ({ operation }) => (operation === 'DescribeStackResource' ? { status: 200, body } : undefined);
  harness.start(harness.event(), 20);
  await harness.clock.run();
  expect(harness.answers.at(-1)!.Status).toBe('FAILED');
}, 5000);

test('the owner depends on the id of the stack and on the logical id, and on nothing else', () => {
  const harness = new Harness();
  const event = harness.event();
  const other = [
    { StackId: event.StackId.replace('9a1b', '9a1c') },
    { LogicalResourceId: 'Room2' },
    { StackId: event.StackId.replace('123456789012', '999999999999') },
  ];
  expect(new Set([event, ...other.map((change) => ({ ...event, ...change }))].map(owner)).size).toBe(4);
  const later = { ...event, RequestId: 'x', RequestType: 'Delete', PhysicalResourceId: 'y', ResourceProperties: {} };
  expect(owner(later)).toBe(owner(event));
  expect(owner(event)).toMatch(/^9a1b2c30-0000-1111-2222-333344445555\/[0-9a-f]{32}$/);
});
