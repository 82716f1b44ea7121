import { effectsOf } from '../../../lambda/custom-resource/effects';
import { handle } from '../../../lambda/custom-resource/handle';
import { fault, IvsChat, type Reply } from './world/ivs-chat';
import { Random } from './world/random';
import { callOf, responseOf, stackResource } from './world/transport';
import { VirtualClock } from './world/virtual-clock';

/** As the account's quotas are: so many requests of each operation in each second. */
class Quota {
  private readonly seconds = new Map<string, { second: number; count: number }>();

  constructor(private readonly clock: VirtualClock) {}

  allows(operation: string): boolean {
    const limit = operation === 'PUT' ? Infinity : operation === 'DescribeStackResource' ? 10 : /Tag/i.test(operation) ? 10 : /Logging/.test(operation) ? 3 : 5;
    const second = Math.floor(this.clock.now() / 1000);
    const used = this.seconds.get(operation);
    const count = used?.second === second ? used.count + 1 : 1;
    if (count > limit) return false;
    this.seconds.set(operation, { second, count });
    return true;
  }
}

test.each([1, 2, 3])('T24 two stacks of 100 rooms each, all at once, at five requests per second: no error, nothing left (seed %d)', async (seed) => {
  const clock = new VirtualClock();
  const random = new Random(seed);
  const service = new IvsChat(clock, random, { readLag: 1000 });
  const quota = new Quota(clock);
  const answers: any[] = [];
  const thrown: unknown[] = [];
  const statuses = new Map<string, string>();
  let throttled = 0;
  const apply = ({ operation, input }: ReturnType<typeof callOf>): Reply => {
    if (!quota.allows(operation)) {
      throttled++;
      return operation === 'DescribeStackResource'
        ? { status: 400, body: '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>' }
        : fault('ThrottlingException', 429);
    }
    if (operation === 'PUT') return answers.push(JSON.parse(input)), { status: 200, body: '' };
    if (operation === 'DescribeStackResource') return stackResource(statuses.get(`${input.StackName} ${input.LogicalResourceId}`)!);
    return service.apply(operation, input);
  };
  const effects = () => effectsOf({
    transport: {
      handle: async (request) => {
        await clock.sleep(random.between(10, 60));
        return responseOf(apply(callOf(request)));
      },
    },
    clock,
    random: random.next,
    log: () => undefined,
    credentials: async () => ({ accessKeyId: 'x', secretAccessKey: 'y' }),
    environment: { AWS_REGION: 'us-west-2' },
  });
  const all = async (RequestType: 'Create' | 'Update' | 'Delete', status: string, ids: Map<string, string> = new Map()) => {
    const start = clock.now();
    const date = new Date(start).toISOString().replace(/[-:]|\.[0-9]+/g, '');
    for (const stack of ['one', 'two']) {
      const StackId = `arn:aws:cloudformation:us-west-2:123456789012:stack/${stack}/9a1b2c30-0000-1111-2222-33334444555${stack === 'one' ? 1 : 2}`;
      for (let index = 0; index < 100; index++) {
        const LogicalResourceId = `Room${index}`;
        const key = `${StackId} ${LogicalResourceId}`;
        statuses.set(key, status);
        void handle(effects(), {
          RequestType,
          StackId,
          LogicalResourceId,
          PhysicalResourceId: ids.get(key),
          RequestId: `${RequestType}-${key}`,
          ResourceType: 'Custom::IVSChatRoom',
          ResponseURL: `https://x.s3.amazonaws.com/?X-Amz-Date=${date}`,
          ResourceProperties: { Name: `room-${index}`, MaximumMessageLength: RequestType === 'Create' ? '1' : '2' },
        }, { getRemainingTimeInMillis: () => start + 300_000 - clock.now() }).catch((error) => thrown.push(error));
      }
    }
    await clock.run();
    const failed = answers.filter(({ Status }) => Status !== 'SUCCESS');
    expect(failed.map(({ Reason }) => Reason)).toEqual([]);
    expect(answers).toHaveLength(200);
    const answered = new Map(answers.splice(0).map(({ StackId, LogicalResourceId, PhysicalResourceId }) => [`${StackId} ${LogicalResourceId}`, PhysicalResourceId]));
    return { answered, seconds: Math.round((clock.now() - start) / 1000) };
  };
  const { answered, ...created } = await all('Create', 'CREATE_IN_PROGRESS');
  expect(service.rooms).toHaveLength(200);
  expect(new Set(answered.values()).size).toBe(200);
  const updated = await all('Update', 'UPDATE_IN_PROGRESS', answered);
  expect(service.rooms.every(({ maximumMessageLength }) => maximumMessageLength === 2)).toBe(true);
  const deleted = await all('Delete', 'DELETE_IN_PROGRESS', answered);
  expect(service.rooms).toEqual([]);
  expect(thrown).toEqual([]);
  expect(throttled).toBeGreaterThan(500);
  if (process.env.LONG_TESTS) console.log(`create ${created.seconds} s, update ${updated.seconds} s, delete ${deleted.seconds} s, ${throttled} refusals`);
}, 60_000);
