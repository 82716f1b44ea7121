import { ownershipTags } from '../../../src/contract/ownership-tags';
import { owner } from '../../../lambda/custom-resource/ownership';
import { Target } from '../../../lambda/custom-resource/target';
import { handle } from '../../../lambda/custom-resource/handle';
import { inspect } from 'node:util';
import { Harness, faults, SECRETS, SIGNATURE } from './world/harness';
import { fault } from './world/ivs-chat';

/** Nothing of these is in any log, error or answer, whatever happens. */
const CHAT_TOKEN = 'canaryChatToken';
const canaries = [SECRETS.secretAccessKey, SECRETS.sessionToken, SIGNATURE, CHAT_TOKEN, SECRETS.accessKeyId];

function expectNoCanary(harness: Harness): void {
  const told = [...harness.logged, ...harness.answers.map(({ raw }) => raw), ...harness.thrown.map((error) => inspect(error, { depth: 10, showHidden: true }))].join('\n');
  for (const canary of canaries) expect(told).not.toContain(canary);
}

describe('S5, T19 five canaries', () => {
  test('in all faults of all requests', async () => {
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

  test('in every refusal', async () => {
    for (const name of ['ValidationException', 'AccessDeniedException', 'Unknown']) {
      for (const operation of ['ListRooms', 'CreateRoom', 'GetRoom', 'DescribeStackResource', 'PUT']) {
        const harness = new Harness();
        harness.intercept = (call) => (call.operation === operation ? fault(name, 400) : undefined);
        await harness.create();
        expectNoCanary(harness);
      }
    }
  });

  test('in malformed events', async () => {
    const harness = new Harness();
    const url = (text: string) => ({ ResponseURL: `${text}?X-Amz-Signature=${SIGNATURE}` });
    for (const wrong of [
      url('http://s3.amazonaws.com/'), url('not a url'), url('https://evil.example/'), url('https://s3.amazonaws.com/%'), url('https://s3.amazonaws.com:99999/'),
      { RequestType: 'Read' }, { StackId: undefined }, { ResourceType: 'x' }, { ResourceProperties: undefined }, { PhysicalResourceId: {} },
    ] as any[]) {
      harness.start({ ...harness.event(), ...wrong });
      await harness.clock.run();
    }
    expectNoCanary(harness);
    expect(harness.thrown.length).toBeGreaterThan(4);
  });

  test('when everything around breaks', async () => {
    const harness = new Harness();
    const broken: any = { now: harness.clock.now, sleep: () => new Promise(() => undefined), random: () => 0, log: () => undefined, region: 'us-west-2', settlingTime: 3000, client: () => { throw new Error('no'); } };
    broken.put = async () => { throw Object.assign(new Error(`could not reach https://x?X-Amz-Signature=${SIGNATURE}`), { code: 'ENOTFOUND' }); };
    broken.sleep = async () => undefined;
    await handle(broken, harness.event(), { getRemainingTimeInMillis: () => 300_000 }).catch((error) => harness.thrown.push(error));
    expect(harness.thrown.map(({ message }) => message)).toEqual(['CloudFormation could not be answered: ENOTFOUND']);
    expectNoCanary(harness);
  });
});

test('S8 no ARN but a room\'s own is ever in a request: 20,000 mangled ones', () => {
  const harness = new Harness();
  const good = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl';
  const pieces = ['/', '..', '%2f', '\n', '\r', ' ', '٣', '?', '#', '\0', '*', 'room/', ':', 'A'.repeat(3000), '\u202e', 'é'];
  const ownArn = (id: string) => Target.prototype.ownArn.call({ event: harness.event(), region: 'us-west-2', kind: { arnResource: 'room' } } as any, id);
  expect(ownArn(good)).toBe(good);
  for (let run = 0; run < (process.env.STRYKER_MUTATOR_WORKER ? 500 : 20_000); run++) {
    const at = Math.floor(harness.random.next() * (good.length + 1));
    expect(ownArn(good.slice(0, at) + harness.random.pick(pieces) + good.slice(at))).toBeUndefined();
  }
});

test('S9 keys that name parts of objects are tags like others', async () => {
  const tags = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d","prototype":"e"}');
  const harness = new Harness();
  expect((await harness.create({ Tags: tags })).Status).toBe('SUCCESS');
  expect(JSON.stringify(harness.owned[0]!.tags)).toContain('"__proto__":"a"');
  expect((await harness.update({ Tags: JSON.parse('{"__proto__":"b"}') }, { Tags: tags })).Status).toBe('SUCCESS');
  const { [ownershipTags.owner]: _, [ownershipTags.request]: __, [ownershipTags.born]: ___, ...rest } = harness.owned[0]!.tags;
  expect(JSON.stringify(rest)).toBe('{"__proto__":"b"}');
  expect((await harness.update({}, { Tags: JSON.parse('{"__proto__":"b"}') })).Status).toBe('SUCCESS');
  expect(Object.keys(harness.owned[0]!.tags)).toHaveLength(3);
  expect(({} as any).a).toBeUndefined();
});

test('S11 an answer of IVS Chat that is no answer is refused, not believed', async () => {
  const bombs = ['['.repeat(100_000), '{"arn":1e400}', 'null', '"x"', '[]', '{"arn":"a","id":"b","createTime":"yesterday"}', '{"arn":"a","id":"b","createTime":1}'];
  for (const body of bombs) {
    const harness = new Harness();
    harness.intercept = ({ operation }) => (operation === 'GetRoom' ? { status: 200, body } : undefined);
    const answer = await harness.deliver(harness.event(), 30);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1' });
    expect(harness.owned).toHaveLength(1);
  }
});

test('S19 long inputs do not take long', async () => {
  const harness = new Harness();
  const long = `${'a'.repeat(100_000)}!`;
  for (const properties of [{ Name: long }, { MaximumMessageLength: '9'.repeat(100_000) }, { Adopt: long }, { Tags: { [long]: long } }, { MessageReviewHandler: { Uri: long } }]) {
    expect((await harness.create(properties)).Status).toBe('FAILED');
  }
  harness.intercept = ({ operation }) => (operation === 'DescribeStackResource' ? { status: 200, body: `<ResourceStatus>${'<'.repeat(100_000)}` } : undefined);
  harness.start(harness.event(), 20);
  await harness.clock.run();
  expect(harness.answers.at(-1)!.Status).toBe('FAILED');
}, 5000);

test('S3 whose a resource is depends on the stack\'s unique id and the logical id, on nothing else', () => {
  const harness = new Harness();
  const event = harness.event();
  const other = [{ StackId: event.StackId.replace('9a1b', '9a1c') }, { LogicalResourceId: 'Room2' }, { StackId: event.StackId.replace('123456789012', '999999999999') }];
  expect(new Set([event, ...other.map((change) => ({ ...event, ...change }))].map(owner)).size).toBe(4);
  expect(owner({ ...event, RequestId: 'x', RequestType: 'Delete', PhysicalResourceId: 'y', ResourceProperties: {} })).toBe(owner(event));
  expect(owner(event)).toMatch(/^9a1b2c30-0000-1111-2222-333344445555\/[0-9a-f]{32}$/);
});
