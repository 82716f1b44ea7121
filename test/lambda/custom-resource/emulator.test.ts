/** Tests of the custom resource on a simpler AWS emulator. */
import { Harness } from './world/harness';
import { noSuchStack } from './world/transport';

const endpoint = 'http://localhost:4566';

/** An emulator like ministack: its ResponseURL has no date, and it shows a resource only when it is complete. */
function onEmulator(environment: Record<string, string> = { AWS_ENDPOINT_URL: endpoint }): Harness {
  const harness = new Harness({ environment });
  const { event } = harness;
  let response = 0;
  harness.event = (given) => ({ ...event.call(harness, given), ResponseURL: `${endpoint}/response/${++response}` });
  harness.intercept = ({ operation }) => (operation === 'DescribeStackResource' ? noSuchStack : undefined);
  return harness;
}

test('a room is created, updated and deleted, and the responses go to the port of the emulator', async () => {
  const harness = onEmulator();
  expect(await harness.create()).toMatchObject({ Status: 'SUCCESS' });
  const [{ arn }] = harness.owned as any;
  const updated = await harness.update({ MaximumMessageLength: '100' });
  expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
  expect(harness.service.resources.get(arn)).toMatchObject({ maximumMessageLength: 100 });
  expect(await harness.delete()).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.owned).toEqual([]);
  const responses = harness.calls.filter(({ operation }) => operation === 'PUT').map(({ request }) => request);
  expect(responses).toHaveLength(3);
  for (const response of responses) {
    expect(response).toMatchObject({
      protocol: 'http:',
      hostname: 'localhost',
      port: 4566,
      path: expect.stringMatching(/^\/response\/[0-9]$/),
      headers: { host: 'localhost:4566' },
    });
  }
});

test('no request waits for delays that only AWS has', async () => {
  const harness = onEmulator();
  await harness.create();
  expect(harness.milliseconds).toBeLessThan(1000);
});

test('without AWS_ENDPOINT_URL, such a request is refused, and no service is called', async () => {
  const harness = onEmulator({});
  harness.start(harness.event());
  await harness.clock.run();
  expect(harness.calls).toEqual([]);
  expect(harness.thrown[0]!.message).toMatch(/^the ResponseURL of the event must be an https URL of AWS/);
});

test('a request from AWS gets all checks, even if AWS_ENDPOINT_URL is set', async () => {
  const harness = new Harness({ environment: { AWS_ENDPOINT_URL: endpoint } });
  harness.intercept = ({ operation }) => (operation === 'DescribeStackResource' ? noSuchStack : undefined);
  expect(await harness.create()).toMatchObject({
    Status: 'FAILED', Reason: expect.stringContaining('CloudFormation does not wait for this request any more'),
  });
  const undated = { ResponseURL: 'https://s3.us-west-2.amazonaws.com/response' };
  expect(await harness.create({}, undated)).toMatchObject({
    Status: 'FAILED', Reason: expect.stringContaining('the age of the request is not known'),
  });
});
