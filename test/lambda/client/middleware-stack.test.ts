/** The middleware stack of the client, as tracers use it, in comparison with the AWS SDK. */
import * as sdk from '@aws-sdk/client-ivschat';
import { bothClients } from './captured';
import { ROOM } from './inputs';
import * as ours from '../../../lambda/client';
import { createChatToken } from '../../../lambda/runtime';

type AnyClient = { config: any; middlewareStack: any; send: any };
const packages = ['ours', 'sdk'] as const;

/** Adds the middleware that captureAWSv3Client of aws-xray-sdk-core 3 adds. */
function capturedByXRay<Client extends AnyClient>(client: Client, spans: object[]): Client {
  const name = 'XRaySDKInstrumentation';
  const middleware = (next: any, context: any) => async (args: any) => {
    const { clientName, commandName } = context;
    args.request.headers['X-Amzn-Trace-Id'] = 'Root=1-2-3;Parent=4;Sampled=1';
    const span = { clientName, commandName, input: args.input, region: await client.config.region() };
    try {
      const result = await next(args);
      const { requestId, httpStatusCode, attempts } = result.output.$metadata;
      const length = result.response?.headers?.['content-length'];
      spans.push({ ...span, requestId, httpStatusCode, attempts, length });
      return result;
    } catch (error: any) {
      const { requestId, httpStatusCode, attempts } = error.$metadata;
      spans.push({ ...span, requestId, httpStatusCode, attempts, error: error.name });
      throw error;
    }
  };
  client.middlewareStack.remove(name);
  client.middlewareStack.use({ applyToStack: (stack: any) => stack.add(middleware, { name, step: 'build' }) });
  return client;
}

/** Adds the middleware that addUserAgentMiddleware of Powertools for AWS Lambda 2 adds. */
function namedByPowertools({ middlewareStack }: AnyClient): void {
  const name = 'addPowertoolsToUserAgent';
  if (middlewareStack.identify().some((entry: string) => entry.includes(name))) return;
  middlewareStack.addRelativeTo((next: any) => async (args: any) => {
    args.request.headers['user-agent'] = `${args.request.headers['user-agent'] ?? ''} PT/tracer`.trim();
    return next(args);
  }, { relation: 'after', toMiddleware: 'getUserAgentMiddleware', name, tags: ['POWERTOOLS', 'USER_AGENT'] });
}

const answers = {
  200: { statusCode: 200, headers: { 'x-amzn-requestid': 'request' }, body: '{}' },
  404: {
    statusCode: 404,
    headers: { 'x-amzn-requestid': 'request', 'x-amzn-errortype': 'ResourceNotFoundException' },
    body: '{"message":"no"}',
  },
};

test.each([200, 404] as const)('tracers record a call with the status %d as they do with the SDK', async (status) => {
  const { clients, send, transports } = bothClients();
  const spans: { [who: string]: object[] } = { ours: [], sdk: [] };
  for (const who of packages) {
    transports[who].answer = () => answers[status];
    for (let time = 0; time < 2; time++) {
      namedByPowertools(clients[who] as AnyClient);
      capturedByXRay(clients[who] as AnyClient, spans[who]!);
    }
    await send[who]('GetRoom', { identifier: ROOM }).catch((error) => error);

    const { headers } = transports[who].requests[0];
    const [traceHeader] = Object.entries(headers).filter(([name]) => /^x-amzn-trace-id$/i.test(name));
    expect(traceHeader![1]).toBe('Root=1-2-3;Parent=4;Sampled=1');
    expect(headers['user-agent'].match(/PT\/tracer/g)).toHaveLength(1);
    expect(headers.authorization).not.toMatch(/trace-id/);
  }
  expect(spans.ours).toHaveLength(1);
  expect(spans.ours).toEqual(spans.sdk);
});

/** Returns the order in which middleware of all steps is called, before and after the command. */
async function orderWith(who: 'ours' | 'sdk') {
  const { clients, send } = bothClients();
  const { middlewareStack } = clients[who] as AnyClient;
  const order: string[] = [];
  const middleware = (name: string) => (next: any) => async (args: any) => {
    order.push(name);
    const result = await next(args);
    order.push(`after ${name}`);
    return result;
  };
  const steps = ['deserialize', 'build', 'initialize', 'finalizeRequest', 'serialize', 'build'];
  steps.forEach((step, index) => middlewareStack.add(middleware(`${step} ${index}`), { step }));
  const removed = middleware('removed');
  middlewareStack.add(removed);
  middlewareStack.add(middleware('by name'), { name: 'byName' });
  middlewareStack.add(middleware('without a step'));
  order.push(...[removed, removed, 'byName', 'byName'].map((each) => String(middlewareStack.remove(each))));
  await send[who]('GetRoom', { identifier: ROOM });
  return order;
}

test('middleware is called in the order of the SDK, and can be removed', async () => {
  expect(await orderWith('ours')).toEqual(await orderWith('sdk'));
});

test('middleware that is added relative to another one is called in the step build', async () => {
  const { clients, send } = bothClients();
  const { middlewareStack } = clients.ours;
  const seen: string[] = [];
  const middleware = (name: string) => (next: any) => (args: any) => (seen.push(name), next(args));
  middlewareStack.addRelativeTo(middleware('relative'), { relation: 'after', toMiddleware: 'other' });
  for (const step of ['finalizeRequest', 'initialize', 'serialize']) middlewareStack.add(middleware(step), { step });
  await send.ours('GetRoom', { identifier: ROOM });
  expect(seen).toEqual(['initialize', 'serialize', 'relative', 'finalizeRequest']);
  expect(middlewareStack.identify().map((name) => typeof name)).toEqual(Array(4).fill('string'));
});

test('middleware can change the input', async () => {
  const { clients, send, transports } = bothClients();
  for (const who of packages) {
    (clients[who] as AnyClient).middlewareStack.add((next: any) => (args: any) => (
      next({ ...args, input: { ...args.input, name: 'changed' } })));
    await send[who]('CreateRoom', { name: 'given' });
    expect(JSON.parse(transports[who].requests[0].body)).toEqual({ name: 'changed' });
  }
});

test('middleware of the same name replaces the earlier one, in each step', () => {
  const { middlewareStack } = new ours.IvschatClient({});
  for (const step of ['build', 'initialize']) middlewareStack.add((next: any) => next, { name: 'tracer', step });
  expect(middlewareStack.identify()).toEqual(['tracer']);
});

test('a clone has the same middleware, and later changes of one do not change the other', () => {
  const { middlewareStack } = new ours.IvschatClient({});
  const middleware = (next: any) => next;
  middlewareStack.add(middleware, { name: 'one' });
  const clone = middlewareStack.clone();
  clone.add(middleware, { name: 'two' });
  middlewareStack.remove('one');
  expect([middlewareStack.identify(), clone.identify()]).toEqual([[], ['one', 'two']]);
});

test.each(['ours', 'sdk'] as const)('%s: a plugin copies middleware, and a tag removes it', (who) => {
  const stack = (bothClients().clients[who] as AnyClient).middlewareStack;
  const plugin = stack.clone();
  const count = () => stack.identify().filter((name: string) => /one|two/.test(name)).length;
  plugin.add((next: any) => next, { name: 'one', tags: ['tracer'] });
  plugin.add((next: any) => next, { name: 'two' });
  expect(count()).toBe(0);

  stack.use(plugin);
  expect(count()).toBe(2);
  expect([stack.removeByTag('tracer'), stack.removeByTag('tracer'), count()]).toEqual([true, false, 1]);
});

test.each(packages)('%s: concat returns the middleware of both stacks, and does not change them', async (who) => {
  const { clients, send } = bothClients();
  const client = clients[who] as AnyClient;
  const seen: string[] = [];
  const withMiddleware = (name: string) => {
    const stack = client.middlewareStack.clone();
    stack.add((next: any) => (args: any) => (seen.push(name), next(args)), { name });
    return stack;
  };
  const [one, two] = [withMiddleware('one'), withMiddleware('two')];
  const own = (stack: any) => stack.identify().filter((name: string) => /one|two/.test(name)).length;
  const both = one.concat(two);
  expect([own(both), own(one), own(two)]).toEqual([2, 1, 1]);

  client.middlewareStack = both;
  await send[who]('GetRoom', { identifier: ROOM });
  expect(seen).toEqual(['one', 'two']);
});

test('identifyOnResolve returns false, as in the SDK by default', () => {
  const { clients } = bothClients();
  for (const who of packages) expect((clients[who] as AnyClient).middlewareStack.identifyOnResolve()).toBe(false);
});

test('a header that middleware sets replaces the user agent of the request', async () => {
  const { createServer } = jest.requireActual('node:http');
  const seen: string[] = [];
  const server = createServer((request: any, response: any) => {
    const { rawHeaders } = request;
    seen.push(...rawHeaders.filter((_: string, index: number) => rawHeaders[index - 1] === 'user-agent'));
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const client = new ours.IvschatClient({
    region: 'us-west-2',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    endpoint: `http://127.0.0.1:${server.address().port}`,
  });
  await client.send(new ours.GetRoomCommand({ identifier: ROOM }));
  namedByPowertools(client as AnyClient);
  await client.send(new ours.GetRoomCommand({ identifier: ROOM }));
  expect(seen).toEqual(['cdk-ivs-chat', 'PT/tracer']);
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('tracers record createChatToken, if it is called with their client', async () => {
  const { clients } = bothClients();
  const spans: object[] = [];
  const client = capturedByXRay(clients.ours as AnyClient, spans);
  await createChatToken({ roomIdentifier: ROOM, userId: 'ada' }, { client });
  expect(spans).toMatchObject([{ commandName: 'CreateChatTokenCommand', httpStatusCode: 200 }]);
});

test('a client and a command of different packages give one error, in both directions', () => {
  const { clients } = bothClients();
  const message = 'the client and the command are of different packages: import both from cdk-ivs-chat/client';
  const input = { identifier: ROOM };
  expect(() => clients.ours.send(new sdk.GetRoomCommand(input) as any)).toThrow(message);
  expect(() => clients.sdk.send(new ours.GetRoomCommand(input) as any)).toThrow(message);
});
