import { SECRETS } from './world/harness';
import { stackResource } from './world/transport';
import { VirtualClock } from './world/virtual-clock';
import { effectsOf } from '../../../lambda/custom-resource/effects';
import type { HttpRequest } from '../../../lambda/client';
import { GetRoomCommand } from '../../../lambda/client';

const ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl';

function effects(environment: Record<string, string> = {}, answer: (request: HttpRequest) => any = () => stackResource('CREATE_COMPLETE', ARN)) {
  const clock = new VirtualClock();
  const requests: HttpRequest[] = [];
  const made = effectsOf({
    transport: {
      handle: async (request) => {
        requests.push(request);
        const { status, body, headers = {} } = await answer(request);
        return { response: { statusCode: status, body, headers } };
      },
    },
    clock,
    credentials: async () => SECRETS,
    environment: { AWS_REGION: 'us-west-2', ...environment },
    random: () => 0.5,
    log: () => undefined,
  });
  return { made, clock, requests };
}

describe('DescribeStackResource', () => {
  test('is asked of CloudFormation in the stack\'s Region, signed', async () => {
    const { made, requests } = effects();
    await made.describeStackResource('arn:aws:cloudformation:us-west-2:123456789012:stack/chat/1', 'Room');
    expect(requests[0]).toMatchObject({ method: 'POST', protocol: 'https:', hostname: 'cloudformation.us-west-2.amazonaws.com', path: '/' });
    expect(Object.fromEntries(new URLSearchParams(requests[0]!.body))).toEqual({
      Action: 'DescribeStackResource', Version: '2010-05-15', StackName: 'arn:aws:cloudformation:us-west-2:123456789012:stack/chat/1', LogicalResourceId: 'Room',
    });
    expect(requests[0]!.headers).toMatchObject({
      'host': 'cloudformation.us-west-2.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded', 'x-amz-security-token': SECRETS.sessionToken,
    });
    expect(requests[0]!.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIACANARY\/20260105\/us-west-2\/cloudformation\/aws4_request, SignedHeaders=/);
  });

  test.each([
    [{}, 'https:', 'cloudformation.us-west-2.amazonaws.com', undefined],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }, 'http:', '127.0.0.1', 4566],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://localhost:2' }, 'http:', 'localhost', 2],
  ] as const)('goes where %j says', async (environment, protocol, hostname, port) => {
    const { made, requests } = effects(environment);
    await made.describeStackResource('s', 'l');
    expect(requests[0]).toMatchObject({ protocol, hostname });
    expect(requests[0]!.port).toBe(port);
    expect(requests[0]!.headers.host).toBe(port ? `${hostname}:${port}` : hostname);
  });

  test('tells status, physical id and since when', async () => {
    const since = Date.UTC(2026, 0, 5, 11, 59, 58, 123);
    expect(await effects({}, () => stackResource('UPDATE_IN_PROGRESS', ARN, since)).made.describeStackResource('s', 'l'))
      .toEqual({ status: 'UPDATE_IN_PROGRESS', physicalResourceId: ARN, since });
    expect(await effects({}, () => stackResource('CREATE_IN_PROGRESS')).made.describeStackResource('s', 'l'))
      .toEqual({ status: 'CREATE_IN_PROGRESS', physicalResourceId: undefined, since: undefined });
  });

  const error = (code: string, message = 'No') =>
    ({ status: 400, body: `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>` });
  test.each([
    [error('ValidationError', 'Stack does not exist'), undefined],
    [error('AccessDenied', 'not authorized'), { name: 'AccessDenied', message: 'not authorized', $metadata: { httpStatusCode: 400, requestId: 'r-1' } }],
    [error('Throttling'), { name: 'Throttling', message: 'No' }],
    [{ status: 503, body: 'Service Unavailable' }, { name: 'HTTP503', message: 'CloudFormation answered 503', $metadata: { httpStatusCode: 503 } }],
    [{ status: 200, body: '<DescribeStackResourceResponse><Descr' }, { name: 'TimeoutError', message: 'CloudFormation\'s answer has no ResourceStatus' }],
  ])('%j', async (answer, thrown) => {
    const asked = effects({}, () => answer).made.describeStackResource('s', 'l');
    if (thrown) await expect(asked).rejects.toMatchObject(thrown);
    else expect(await asked).toEqual({ status: 'NOT_THERE' });
  });

  test('is given up after four seconds', async () => {
    const { made, clock } = effects({}, () => new Promise(() => undefined));
    const asked = made.describeStackResource('s', 'l').catch((thrown) => thrown);
    const start = clock.now();
    await clock.run();
    expect(await asked).toMatchObject({ name: 'TimeoutError', message: 'no answer within 4000 ms' });
    expect(clock.now() - start).toBe(4000);
  });
});

describe('the client', () => {
  const room = () => ({ status: 200, body: '{"arn":"x"}' });

  test.each([
    [{}, 'ivschat.eu-west-1.amazonaws.com'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, '127.0.0.1:1'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_IVSCHAT: 'http://127.0.0.1:2' }, '127.0.0.1:2'],
  ])('goes where %j says', async (environment, host) => {
    const { made, requests } = effects(environment as Record<string, string>, room);
    await made.client('eu-west-1').send(new GetRoomCommand({ identifier: ARN }));
    expect(requests[0]!.headers.host).toBe(host);
    expect(requests[0]!.headers.authorization).toMatch(/\/eu-west-1\/ivschat\//);
  });

  test('is one per Region', () => {
    const { made } = effects();
    expect(made.client('eu-west-1')).toBe(made.client('eu-west-1'));
    expect(made.client('eu-west-1')).not.toBe(made.client('us-west-2'));
  });

  test('tries once: how long to go on is not its business', async () => {
    const { made, requests } = effects({}, () => ({ status: 500, body: '{}' }));
    await expect(made.client('us-west-2').send(new GetRoomCommand({ identifier: ARN }))).rejects.toThrow();
    expect(requests).toHaveLength(1);
  });
});

test('the service is believed to settle within three seconds, unless the environment says otherwise', () => {
  expect(effects().made).toMatchObject({ settlingTime: 3000, region: 'us-west-2' });
  expect(effects({ IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' }).made.settlingTime).toBe(0);
  expect(effects({ IVS_CHAT_SETTLING_TIME_IN_SECONDS: '1.5' }).made.settlingTime).toBe(1500);
});

test('sleep ends in time, or early when it is told to', async () => {
  const { made, clock } = effects();
  const start = clock.now();
  const ended: number[] = [];
  const stop = new AbortController();
  void made.sleep(1000).then(() => ended.push(clock.now() - start));
  void made.sleep(5000, stop.signal).then(() => ended.push(clock.now() - start));
  clock.setTimeout(() => stop.abort(), 2000);
  await clock.run();
  expect(ended).toEqual([1000, 2000]);
  await made.sleep(1000, stop.signal); // at once
  expect(clock.now() - start).toBe(2000);
});
