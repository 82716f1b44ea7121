import { Harness } from './world/harness';
import { fault, type Reply } from './world/ivs-chat';
import { type ResourceType, resourceTypes, ROOM } from './world/resource-types';
import type { CustomResourceEvent } from '../../../lambda/custom-resource/event';

/** The timeout of the provider function. */
const TIMEOUT_IN_SECONDS = 600;

/** The number of requests per second that the account can make. AWS does not publish the quota of CloudFormation. */
function requestsPerSecond(operation: string): number {
  if (operation === 'PUT') return Infinity;
  if (/^(DescribeStack|ListStack)|Tag/.test(operation)) return 10;
  return operation.includes('Logging') ? 3 : 5;
}

/** A token bucket for each operation. A bucket holds the requests of one second. */
class Quotas {
  private readonly buckets = new Map<string, { tokens: number; filledAt: number }>();
  refused = 0;

  constructor(private readonly now: () => number) {}

  /** Takes a token. Returns false if the bucket is empty. */
  allow(operation: string): boolean {
    const rate = requestsPerSecond(operation);
    if (rate === Infinity) return true;
    const { tokens, filledAt } = this.buckets.get(operation) ?? { tokens: rate, filledAt: this.now() };
    const filled = Math.min(rate, tokens + (this.now() - filledAt) / 1000 * rate);
    const isAllowed = filled >= 1;
    this.buckets.set(operation, { tokens: isAllowed ? filled - 1 : filled, filledAt: this.now() });
    if (!isAllowed) this.refused++;
    return isAllowed;
  }
}

const throttledByCloudFormation: Reply = {
  status: 400,
  body: '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
};

/** A stack with many resources. Their requests share the quotas of the account. */
class LargeStack {
  readonly harness: Harness;
  readonly quotas: Quotas;

  constructor(private readonly type: ResourceType, private readonly count: number, seed: number) {
    const harness = new Harness({ readLag: 1000, ...type.options, seed });
    const quotas = new Quotas(harness.clock.now);
    harness.intercept = ({ operation }) => {
      if (quotas.allow(operation)) return undefined;
      return operation.includes('Stack') ? throttledByCloudFormation : fault('ThrottlingException', 429);
    };
    this.harness = harness;
    this.quotas = quotas;
  }

  /** Sends one request for each resource at the same time. Returns the time until the last response, in seconds. */
  async requestAll(
    RequestType: CustomResourceEvent['RequestType'], properties: object = {}, formerProperties?: object,
  ): Promise<number> {
    const { harness, count } = this;
    const begin = harness.clock.now();
    const events = Array.from({ length: count }, (_, index) => {
      const LogicalResourceId = `Room${index}`;
      const Name = `name-${index}`;
      harness.setStatus(LogicalResourceId, `${RequestType.toUpperCase()}_IN_PROGRESS`);
      return harness.event({
        RequestType,
        LogicalResourceId,
        PhysicalResourceId: harness.recordOf(LogicalResourceId).recorded,
        ResourceProperties: { Name, ...properties },
        OldResourceProperties: formerProperties && { ...this.type.options.properties, Name, ...formerProperties },
      });
    });
    harness.calls.length = 0;
    harness.answers.length = 0;
    for (const event of events) harness.start(event, TIMEOUT_IN_SECONDS);
    await harness.clock.run(10_000_000);

    const failed = harness.answers.filter(({ Status }) => Status !== 'SUCCESS').map(({ Reason }) => Reason);
    expect(failed).toEqual([]);
    expect(new Set(harness.answers.map(({ RequestId }) => RequestId)).size).toBe(count);
    expect(harness.thrown).toEqual([]);
    const responses = harness.calls.filter(({ operation }) => operation === 'PUT').map(({ time }) => time);
    return Math.round((Math.max(...responses) - begin) / 1000);
  }
}

/** Mutation tests run these tests many times. */
const isMutationTest = process.env.STRYKER_MUTATOR_WORKER !== undefined;
const seeds = process.env.LONG_TESTS ? [1, 2, 3, 4, 5] : [1];
const report = (text: string) => {
  if (process.env.LONG_TESTS) console.log(text);
};

const creates = process.env.LONG_TESTS ? 450 : 200;
test.each(seeds)(`T24 ${creates} creates of one stack succeed within the timeout (seed %d)`, async (seed) => {
  const count = isMutationTest ? 40 : creates;
  const stack = new LargeStack(ROOM, count, seed);
  const seconds = await stack.requestAll('Create');
  expect(seconds).toBeLessThan(TIMEOUT_IN_SECONDS);
  expect(stack.quotas.refused).toBeGreaterThan(count);

  const arns = stack.harness.service.rooms.map(({ arn }) => arn);
  expect(arns).toHaveLength(count);
  expect(new Set(stack.harness.answers.map(({ PhysicalResourceId }) => PhysicalResourceId))).toEqual(new Set(arns));
  report(`${count} rooms are created in ${seconds} s, after ${stack.quotas.refused} refusals`);
}, 600_000);

test.each(resourceTypes)('T24 60 resources are created, updated and deleted at the quotas: %s', async (title, type) => {
  const stack = new LargeStack(type, 60, 2);
  const { service } = stack.harness;
  const created = await stack.requestAll('Create');
  expect(service.resources.size).toBe(60);

  await stack.harness.wait(100);
  const updated = await stack.requestAll('Update', type.change.properties, {});
  for (const resource of service.resources.values()) expect(resource).toMatchObject(type.change.shown);

  await stack.harness.wait(100);
  const deleted = await stack.requestAll('Delete', type.change.properties);
  expect(service.resources.size).toBe(0);
  expect(stack.quotas.refused).toBeGreaterThan(60);
  report(`60 resources (${title}): create ${created} s, update ${updated} s, delete ${deleted} s`);
}, 120_000);
