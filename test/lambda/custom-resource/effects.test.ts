import { SECRETS, SIGNATURE, STACK_ID } from './world/harness';
import { stackResource } from './world/transport';
import { VirtualClock } from './world/virtual-clock';
import { GetRoomCommand, type HttpHandlerOptions, type HttpRequest } from '../../../lambda/client';
import { effectsOf } from '../../../lambda/custom-resource/effects';

const ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl';

function effects(
  environment: Record<string, string> = {},
  answer: (request: HttpRequest) => any = () => stackResource('CREATE_COMPLETE', ARN),
) {
  const clock = new VirtualClock();
  const requests: HttpRequest[] = [];
  const signals: HttpHandlerOptions['abortSignal'][] = [];
  const made = effectsOf({
    transport: {
      handle: async (request, options) => {
        requests.push(request);
        signals.push(options?.abortSignal);
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
  return { made, clock, requests, signals };
}

describe('CloudFormation', () => {
  test.each([
    [{}, 'https:', 'cloudformation.us-west-2.amazonaws.com', undefined],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }, 'http:', '127.0.0.1', 4566],
    [
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://localhost:2' },
      'http:', 'localhost', 2,
    ],
  ] as const)('is called at the endpoint in the environment %j', async (environment, protocol, hostname, port) => {
    const { made, requests } = effects(environment);
    expect(await made.cloudFormation.describeStackResource(STACK_ID, 'Room'))
      .toMatchObject({ physicalResourceId: ARN });
    expect(requests[0]).toMatchObject({ protocol, hostname });
    expect(requests[0]!.port).toBe(port);
    expect(requests[0]!.headers.host).toBe(port ? `${hostname}:${port}` : hostname);
  });

  test('gets one attempt per call, because the invocation repeats calls', async () => {
    const { made, requests } = effects({}, () => ({ status: 503, body: '' }));
    await expect(made.cloudFormation.describeStackEvents(STACK_ID)).rejects.toMatchObject({ name: 'HTTP503' });
    expect(requests).toHaveLength(1);
  });

  test('is not waited for longer than four seconds', async () => {
    const { made, clock, signals } = effects({}, () => new Promise(() => undefined));
    const asked = made.cloudFormation.describeStackResource(STACK_ID, 'Room').catch((thrown) => thrown);
    const start = clock.now();
    await clock.run();
    expect(await asked).toMatchObject({ name: 'TimeoutError', message: 'no response within 4000 ms' });
    expect(clock.now() - start).toBe(4000);
    expect(signals).toMatchObject([{ aborted: true }]);
  });
});

describe('the client of IVS Chat', () => {
  const room = () => ({ status: 200, body: '{"arn":"x"}' });

  test.each([
    [{}, 'ivschat.eu-west-1.amazonaws.com'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, '127.0.0.1:1'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_IVSCHAT: 'http://127.0.0.1:2' }, '127.0.0.1:2'],
  ])('uses the endpoint in the environment %j', async (environment, host) => {
    const { made, requests } = effects(environment as Record<string, string>, room);
    await made.client('eu-west-1').send(new GetRoomCommand({ identifier: ARN }));
    expect(requests[0]!.headers.host).toBe(host);
    expect(requests[0]!.headers.authorization).toMatch(/\/eu-west-1\/ivschat\//);
  });

  test('is created once per Region', () => {
    const { made } = effects();
    expect(made.client('eu-west-1')).toBe(made.client('eu-west-1'));
    expect(made.client('eu-west-1')).not.toBe(made.client('us-west-2'));
  });

  test('makes one attempt per call, because the invocation repeats calls', async () => {
    const { made, requests } = effects({}, () => ({ status: 500, body: '{}' }));
    await expect(made.client('us-west-2').send(new GetRoomCommand({ identifier: ARN }))).rejects.toThrow();
    expect(requests).toHaveLength(1);
  });

  test('waits for five seconds of the given clock', async () => {
    const { made, clock } = effects({}, () => new Promise(() => undefined));
    const start = clock.now();
    const sent = made.client('us-west-2').send(new GetRoomCommand({ identifier: ARN })).catch((thrown) => thrown);
    await clock.run();
    expect(await sent).toMatchObject({ name: 'TimeoutError' });
    expect(clock.now() - start).toBe(5000);
  });
});

describe('the response to CloudFormation', () => {
  const url = new URL(`https://s3.us-west-2.amazonaws.com/a%7Cb?X-Amz-Signature=${SIGNATURE}&x=%2F&y=%20`);

  test('is sent unsigned to the exact URL of the event', async () => {
    const { made, requests } = effects({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, () => ({ status: 204, body: '' }));
    expect(await made.put(url, 'é')).toBe(204);
    expect(requests).toEqual([{
      method: 'PUT',
      protocol: 'https:',
      hostname: 's3.us-west-2.amazonaws.com',
      path: `/a%7Cb?X-Amz-Signature=${SIGNATURE}&x=%2F&y=%20`,
      headers: { 'host': 's3.us-west-2.amazonaws.com', 'content-type': '' },
      body: 'é',
    }]);
  });

  test('is sent to the port of an emulator', async () => {
    const { made, requests } = effects({}, () => ({ status: 200, body: '' }));
    await made.put(new URL('http://127.0.0.1:4566/response'), '{}');
    expect(requests).toMatchObject([{
      protocol: 'http:', hostname: '127.0.0.1', port: 4566, path: '/response', headers: { host: '127.0.0.1:4566' },
    }]);
  });

  test('is not waited for longer than four seconds', async () => {
    const { made, clock, signals } = effects({}, () => new Promise(() => undefined));
    const start = clock.now();
    const sent = made.put(url, '{}').catch((thrown) => thrown);
    await clock.run();
    expect(await sent).toMatchObject({ name: 'TimeoutError' });
    expect(clock.now() - start).toBe(4000);
    expect(signals).toMatchObject([{ aborted: true }]);
  });
});

test('the endpoint for all services is the address of the emulator', () => {
  const { made } = effects({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://[::1]:2' });
  expect(made).toMatchObject({ endpoint: 'http://127.0.0.1:1', isEmulated: false });
});

test('the settling time is three seconds unless the environment sets another time', () => {
  expect(effects().made).toMatchObject({ settlingTime: 3000, region: 'us-west-2' });
  expect(effects({ IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' }).made.settlingTime).toBe(0);
  expect(effects({ IVS_CHAT_SETTLING_TIME_IN_SECONDS: '1.5' }).made.settlingTime).toBe(1500);
});

test('a sleep ends after its time, or earlier when the signal is aborted', async () => {
  const { made, clock } = effects();
  const start = clock.now();
  const ended: number[] = [];
  const stop = new AbortController();
  void made.sleep(1000).then(() => ended.push(clock.now() - start));
  void made.sleep(5000, stop.signal).then(() => ended.push(clock.now() - start));
  clock.setTimeout(() => stop.abort(), 2000);
  await clock.run();
  expect(ended).toEqual([1000, 2000]);
  const { signal } = new AbortController();
  const remove = jest.spyOn(signal, 'removeEventListener');
  void made.sleep(10, signal);
  await clock.run();
  expect(remove).toHaveBeenCalledWith('abort', expect.any(Function));
  await made.sleep(1000, stop.signal); // ends immediately
  expect(clock.now() - start).toBe(2010);
});
