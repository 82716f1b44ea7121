import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { CustomResources, type CustomResourceEvent } from '../../../../local/aws/cloudformation/custom-resources';
import type { ResourceContext } from '../../../../local/aws/cloudformation/resource-handler';
import { VirtualClock } from '../../../../local/clock';
import { byName, scriptedEngine, thing, type Answer } from './scripted-engine';

describe('requests to the function', () => {
  test('a request has the documented members, and every nested scalar is a string', async () => {
    const { deploy, requests } = scriptedEngine(() => ({ PhysicalResourceId: 'thing-1' }));
    const stack = await deploy({
      One: thing({ Count: 5, On: true, Ratio: 1.5, Deep: [{ No: false, List: [80, 'x'] }], Empty: '' }),
    });
    expect(stack.status).toBe('CREATE_COMPLETE');
    expect(requests).toHaveLength(1);
    expect(requests[0]).toEqual({
      RequestType: 'Create',
      ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:things',
      ResponseURL: expect.any(String),
      StackId: stack.id,
      RequestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      LogicalResourceId: 'One',
      ResourceType: 'Custom::Thing',
      ResourceProperties: {
        ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:things',
        Count: '5',
        On: 'true',
        Ratio: '1.5',
        Deep: [{ No: 'false', List: ['80', 'x'] }],
        Empty: '',
      },
    });
    const { origin, pathname, searchParams } = new URL(requests[0]!.ResponseURL);
    expect(origin).toBe('https://cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com');
    expect(pathname.split('/')).toEqual([
      '', 'arn%3Aaws%3Acloudformation%3Aus-east-1%3A123456789012%3Astack', 'App',
      `${stack.id.split('/')[2]}%7COne%7C${requests[0]!.RequestId}`,
    ]);
    expect(Object.fromEntries(searchParams)).toEqual({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': '20261122T100000Z',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Expires': '7200',
      'X-Amz-Credential': 'AKIALOCALCLOUDFORMATION/20261122/us-east-1/s3/aws4_request',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('a ResponseURL is in the Region of the stack', async () => {
    const { deploy, requests } = scriptedEngine(byName, { region: 'ap-south-1' });
    await deploy({ One: thing() });
    const { host, searchParams } = new URL(requests[0]!.ResponseURL);
    expect(host).toBe('cloudformation-custom-resource-response-apsouth1.s3.ap-south-1.amazonaws.com');
    expect(searchParams.get('X-Amz-Credential')).toBe(
      'AKIALOCALCLOUDFORMATION/20261122/ap-south-1/s3/aws4_request');
  });

  test('an Update and the Delete of a replaced resource have the old properties', async () => {
    const { deploy, requests } = scriptedEngine(byName);
    await deploy({ One: thing({ Name: 'a', Count: 1 }) });
    await deploy({ One: thing({ Name: 'b', Count: 2 }) });
    expect(requests[1]).toMatchObject({
      RequestType: 'Update',
      PhysicalResourceId: 'thing-a',
      ResourceProperties: { Name: 'b', Count: '2' },
      OldResourceProperties: { Name: 'a', Count: '1' },
    });
    expect(requests[2]).toMatchObject({
      RequestType: 'Delete',
      PhysicalResourceId: 'thing-a',
      ResourceProperties: { Name: 'a', Count: '1' },
    });
    expect(requests[2]).not.toHaveProperty('OldResourceProperties');
    expect(new Set(requests.map(({ RequestId }) => RequestId)).size).toBe(3);
  });
});

test('the ResponseURL has the time of the request, and the resource has the time of its status', async () => {
  const { deploy, clock, engine, requests } = scriptedEngine((event) => {
    const { lastUpdated, status } = engine.stack('App').resources.get(event.LogicalResourceId)!;
    seen.push([status, lastUpdated.toISOString()]);
    clock.advance(7000);
    return byName(event);
  });
  const seen: string[][] = [];
  const stack = await deploy({ One: thing({ Name: 'a' }), Two: thing({ Name: 'b', Of: { Ref: 'One' } }) });
  clock.advance(60_000);
  await deploy({ One: thing({ Name: 'c' }), Two: thing({ Name: 'b', Of: { Ref: 'One' } }) });
  expect(seen).toEqual([
    ['CREATE_IN_PROGRESS', '2026-11-22T10:00:00.000Z'],
    ['CREATE_IN_PROGRESS', '2026-11-22T10:00:07.000Z'],
    ['UPDATE_IN_PROGRESS', '2026-11-22T10:01:14.000Z'],
    ['UPDATE_IN_PROGRESS', '2026-11-22T10:01:21.000Z'],
    // the cleanup of a replaced resource does not change the status of its successor
    ['UPDATE_COMPLETE', '2026-11-22T10:01:21.000Z'],
  ]);
  expect(requests.map(({ ResponseURL }) => new URL(ResponseURL).searchParams.get('X-Amz-Date'))).toEqual([
    '20261122T100000Z', '20261122T100007Z', '20261122T100114Z', '20261122T100121Z', '20261122T100128Z',
  ]);
  expect(stack.resources.get('Two')!.lastUpdated.toISOString()).toBe('2026-11-22T10:01:28.000Z');
});

describe('responses of the function', () => {
  const failureOf = async (
    answer: (event: { StackId: string; RequestId: string; LogicalResourceId: string }) => Answer,
  ) => {
    const { deploy, reasonOf } = scriptedEngine((event) => (event.RequestType === 'Create' ? answer(event) : {}));
    const stack = await deploy({ One: thing() });
    return stack.status === 'CREATE_COMPLETE' ? undefined : reasonOf('One', 'CREATE_FAILED');
  };
  const ofLength = (event: object, length: number, more = '') => {
    const answer = { Status: 'SUCCESS', PhysicalResourceId: 'thing', ...event, Data: { Pad: '', more } };
    const rest = length - JSON.stringify(answer).length;
    return { raw: JSON.stringify({ ...answer, Data: { Pad: 'x'.repeat(rest), more } }) };
  };
  const echo = ({
    StackId,
    RequestId,
    LogicalResourceId,
  }: {
    StackId: string;
    RequestId: string;
    LogicalResourceId: string;
  }) => ({ StackId, RequestId, LogicalResourceId });

  test('a response can have at most 4,096 bytes', async () => {
    expect(await failureOf((event) => ofLength(echo(event), 4096))).toBeUndefined();
    expect(await failureOf((event) => ofLength(echo(event), 4097))).toBe('Response object is too long.');
    expect(await failureOf((event) => ofLength(echo(event), 4096, 'é'))).toBe('Response object is too long.');
  });

  test.each(['StackId', 'RequestId', 'LogicalResourceId'])(
    'a response must have the %s of its request',
    async (field) => {
      expect(await failureOf(() => ({ [field]: 'of another' }))).toBe(
        `Invalid response object: ${field} does not match the request's.`,
      );
    },
  );

  test.each([
    ['no JSON', { raw: 'Would you like a carrot?' }, 'Invalid response object: it is not a JSON object.'],
    ['a list', { raw: '[]' }, 'Invalid response object: it is not a JSON object.'],
    ['a status in lower case', { Status: 'success' }, 'Invalid response object: Status must be SUCCESS or FAILED.'],
    ['a status of its own', { Status: 'MAYBE' }, 'Invalid response object: Status must be SUCCESS or FAILED.'],
    ['no physical id', { PhysicalResourceId: undefined }, 'Invalid PhysicalResourceId'],
    ['a number as physical id', { PhysicalResourceId: 5 }, 'Invalid PhysicalResourceId'],
    ['an empty physical id', { PhysicalResourceId: '' }, 'Invalid PhysicalResourceId'],
    [
      'a physical id beyond 1 KB',
      { PhysicalResourceId: 'é'.repeat(513) },
      'Invalid PhysicalResourceId: it is longer than 1024 bytes.',
    ],
  ])('a response cannot have %s', async (_, answer, reason) => {
    expect(await failureOf(() => answer)).toBe(reason);
  });

  test('a physical id can have 1,024 bytes', async () => {
    expect(await failureOf(() => ({ PhysicalResourceId: 'é'.repeat(512) }))).toBeUndefined();
  });

  test('the response of an Update needs a physical id', async () => {
    const { deploy, reasonOf } = scriptedEngine(({ RequestType }) =>
      RequestType === 'Update' ? { PhysicalResourceId: undefined } : {});
    await deploy({ One: thing({ Name: 'a' }) });
    await deploy({ One: thing({ Name: 'b' }) }, { disableRollback: true });
    expect(reasonOf('One', 'UPDATE_FAILED')).toBe('Invalid PhysicalResourceId');
  });

  test('the response of a Delete needs no physical id', async () => {
    const { deploy, destroy } = scriptedEngine(({ RequestType }) =>
      RequestType === 'Delete' ? { PhysicalResourceId: undefined } : {});
    await deploy({ One: thing() });
    expect((await destroy()).status).toBe('DELETE_COMPLETE');
  });

  test.each<[string, Answer, string | RegExp]>([
    ['FAILED', { Status: 'FAILED', PhysicalResourceId: 'half' }, 'half'],
    ['an unknown status', { Status: 'MAYBE', PhysicalResourceId: 'half' }, 'half'],
    ['FAILED and a physical id beyond 1 KB', {
      Status: 'FAILED', PhysicalResourceId: 'x'.repeat(1025),
    }, /^App-One-[0-9A-F]{13}$/],
    ['FAILED without a physical id', { Status: 'FAILED', PhysicalResourceId: undefined }, /^App-One-[0-9A-F]{13}$/],
    ['FAILED and an empty physical id', { Status: 'FAILED', PhysicalResourceId: '' }, /^App-One-[0-9A-F]{13}$/],
    ['a physical id of another request', { RequestId: 'other' }, /^App-One-[0-9A-F]{13}$/],
    ['no JSON', { raw: '' }, /^App-One-[0-9A-F]{13}$/],
    ['no response', { crash: 'boom' }, /^App-One-[0-9A-F]{13}$/],
  ])('after a Create with %s, Delete has the right physical id', async (_, answer, expected) => {
    const { deploy, requests } = scriptedEngine((event) => (event.RequestType === 'Create' ? answer : {}));
    expect((await deploy({ One: thing() })).status).toBe('ROLLBACK_COMPLETE');
    expect(requests.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Delete']);
    expect(requests[1]!.PhysicalResourceId).toMatch(expected);
  });

  test('a generated physical id has the whole names of the stack and the resource', async () => {
    const { deploy, requests } = scriptedEngine(({ RequestType }) => (RequestType === 'Create' ? { raw: '' } : {}));
    const [name, id] = ['S'.repeat(128), 'L'.repeat(255)];
    await deploy({ [id]: thing() }, {}, name);
    expect(requests[1]!.PhysicalResourceId).toMatch(new RegExp(`^${name}-${id}-[0-9A-F]{13}$`));
  });

  test('only the first response counts', async () => {
    const { engine, requests, respond } = scriptedEngine(() => undefined);
    const stack = engine.createStack('App', { templateBody: JSON.stringify({ Resources: { One: thing() } }) });
    await turns();
    respond({ ...requests[0]!, ResponseURL: requests[0]!.ResponseURL.replace('Signature=', 'Signature=0') }, {});
    respond(requests[0]!, { PhysicalResourceId: ' first ' });
    respond(requests[0]!, { PhysicalResourceId: 'second' });
    await stack.operation;
    expect(stack.resources.get('One')).toMatchObject({ status: 'CREATE_COMPLETE', physicalId: ' first ' });
  });

  test.each<[unknown, string]>([
    [undefined, 'See the details in CloudWatch Log Stream'],
    ['', 'See the details in CloudWatch Log Stream'],
    [{ a: 1 }, 'See the details in CloudWatch Log Stream'],
    ['full', 'full'],
  ])('the reason %j is shown as %s', async (Reason, shown) => {
    expect(await failureOf(() => ({ Status: 'FAILED', Reason }))).toContain(`Message returned: ${shown} (RequestId: `);
  });

  test.each([[['a']], ['text'], [null]])('%j as Data gives no attributes', async (Data) => {
    const { deploy, reasonOf } = scriptedEngine(() => ({ Data }));
    await deploy({ One: thing(), Two: thing({ Of: { 'Fn::GetAtt': ['One', '0'] } }) });
    expect(reasonOf('Two', 'CREATE_FAILED')).toBe(
      "CustomResource attribute error: Vendor response doesn't contain 0 key in object");
  });

  test('the event of a failure has the reason and the request ID', async () => {
    expect(await failureOf(() => ({ Status: 'FAILED', Reason: 'no more rooms' }))).toMatch(
      /^Received response status \[FAILED\] from custom resource\. Message returned: no more rooms \(RequestId: [0-9a-f-]{36}\)$/,
    );
  });

  test('numbers and booleans of Data become strings, and lists remain lists', async () => {
    const { deploy } = scriptedEngine(() => ({
      Data: { 'Count': 5, 'On': true, 'List': ['a', 5], 'Nested.Name': 'n' },
    }));
    const stack = await deploy({ One: thing() }, {
      sections: {
        Outputs: {
          Count: { Value: { 'Fn::Sub': '${One.Count}/${One.On}/${One.Nested.Name}' } },
          List: { Value: { 'Fn::Join': ['+', { 'Fn::GetAtt': ['One', 'List'] }] } },
        },
      },
    });
    expect(stack.outputs.map(({ OutputValue }) => OutputValue)).toEqual(['5/true/n', 'a+5']);
    expect(stack.resources.get('One')!.state!.attributes).toEqual({
      'Count': '5', 'On': 'true', 'List': ['a', 5], 'Nested.Name': 'n',
    });
  });

  test('a missing attribute fails the deployment', async () => {
    const { deploy, reasonOf, trail } = scriptedEngine(() => ({ Data: { Name: 'x' } }));
    const stack = await deploy({ One: thing(), Two: thing({ Of: { 'Fn::GetAtt': ['One', 'Nmae'] } }) });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(reasonOf('Two', 'CREATE_FAILED')).toBe(
      "CustomResource attribute error: Vendor response doesn't contain Nmae key in object",
    );
    expect(trail()).toEqual(['Create One', 'Delete One thing']);
  });
});

describe('without a response', () => {
  test('a resource fails exactly after its service timeout', async () => {
    const { engine, clock, requests, reasonOf } = scriptedEngine(() => undefined);
    const stack = engine.createStack('App', {
      templateBody: JSON.stringify({ Resources: { One: thing({ ServiceTimeout: '30' }) } }),
      disableRollback: true,
    });
    await turns();
    clock.advance(29_999);
    await turns();
    expect(stack.status).toBe('CREATE_IN_PROGRESS');
    clock.advance(1);
    await stack.operation;
    expect(stack.status).toBe('CREATE_FAILED');
    expect(reasonOf('One', 'CREATE_FAILED')).toBe(
      'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId '
      + `[${requests[0]!.RequestId}].`,
    );
  });

  test('the default service timeout is one hour', async () => {
    const { engine, clock } = scriptedEngine(() => undefined);
    const stack = engine.createStack('App', {
      templateBody: JSON.stringify({ Resources: { One: thing() } }),
      disableRollback: true,
    });
    await turns();
    clock.advance(3_599_999);
    await turns();
    expect(stack.status).toBe('CREATE_IN_PROGRESS');
    clock.advance(1);
    await stack.operation;
    expect(stack.status).toBe('CREATE_FAILED');
  });

  test.each(['TypeError: boom', ''])('a resource fails immediately after its function fails with %j', async (crash) => {
    const { deploy, reasonOf } = scriptedEngine(({ RequestType }) => (RequestType === 'Create' ? { crash } : {}));
    const stack = await deploy({ One: thing() });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(reasonOf('One', 'CREATE_FAILED')).toMatch(
      new RegExp(`did not receive a response .* The function failed: ${crash}$`));
  });

  test('a resource fails after the service timeout when failFast is false', async () => {
    const { engine, clock } = scriptedEngine(() => ({ crash: 'TypeError: boom' }), { failFast: false });
    const stack = engine.createStack('App', {
      templateBody: JSON.stringify({ Resources: { One: thing({ ServiceTimeout: 10 }) } }),
      disableRollback: true,
    });
    await turns();
    expect(stack.status).toBe('CREATE_IN_PROGRESS');
    clock.advance(10_000);
    await stack.operation;
    expect(stack.status).toBe('CREATE_FAILED');
  });

  test('a resource with an unknown service token fails, and no Delete is sent', async () => {
    const { deploy, trail, reasonOf } = scriptedEngine(byName);
    const stack = await deploy({
      One: thing({ ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:missing' }),
    });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(reasonOf('One', 'CREATE_FAILED')).toBe(
      'Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing');
    expect(trail()).toEqual([]);
  });

  test.each([[undefined], [''], ['http://127.0.0.1/'], ['http://127.0.0.1/arn:aws:lambda'], [{ a: 'arn:aws:lambda' }], [5]])(
    'a resource with the service token %j fails, and no request is sent',
    async (ServiceToken) => {
      const { deploy, trail, reasonOf } = scriptedEngine(byName);
      const stack = await deploy({ One: thing({ ServiceToken }) });
      expect(stack.status).toBe('ROLLBACK_COMPLETE');
      expect(reasonOf('One', 'CREATE_FAILED')).toBe(
        'Invalid service token: it must be the ARN of a Lambda function.');
      expect(trail()).toEqual([]);
    },
  );

  test('a service token can be in another partition', async () => {
    const { deploy, requests } = scriptedEngine(byName);
    const ServiceToken = 'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:things';
    expect((await deploy({ One: thing({ ServiceToken }) })).status).toBe('CREATE_COMPLETE');
    expect(requests).toMatchObject([{ ServiceToken, ResourceProperties: { ServiceToken } }]);
  });

  test('an update cannot change the service token', async () => {
    const { deploy, reasonOf, trail } = scriptedEngine(byName);
    await deploy({ One: thing({ Name: 'a' }) });
    const stack = await deploy({
      One: thing({ Name: 'a', ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:other' }),
    });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reasonOf('One', 'UPDATE_FAILED')).toBe('Modifying service token is not allowed.');
    expect(trail()).not.toContain('Delete One thing-a');
  });
});

describe('the end of a request', () => {
  const context: ResourceContext = {
    stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/App/1',
    stackName: 'App',
    logicalId: 'One',
    type: 'Custom::Thing',
    region: 'us-east-1',
    accountId: '123456789012',
    stackTags: {},
    signal: new AbortController().signal,
  };
  const properties = { ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:things:live' };
  const current = { physicalId: 'thing', properties, attributes: {} };
  const pending = () => {
    const clock = new VirtualClock();
    const invoke = jest.fn(async (_: string, __: CustomResourceEvent) => ({}));
    const options = { clock, region: 'us-east-1', failFast: true, invoke, random: randomBytes };
    return { clock, invoke, customResources: new CustomResources(options) };
  };

  test('comes when the service is closed, also for later requests', async () => {
    const { customResources, invoke } = pending();
    const deleting = customResources.delete(context, current);
    expect(invoke).toHaveBeenCalledTimes(1);
    customResources.close();
    await expect(deleting).rejects.toThrow('The local service was closed.');
    await expect(customResources.delete(context, current)).rejects.toThrow('The local service was closed.');
    expect(invoke).toHaveBeenCalledTimes(1);
  });

  test('comes with the end of its operation', async () => {
    const { customResources } = pending();
    const operation = new AbortController();
    const updating = customResources.update({ ...context, signal: operation.signal }, current, properties);
    operation.abort();
    await expect(updating).rejects.toMatchObject({ message: 'Resource operation cancelled', canceled: true });
  });

  test('ends its timer and listeners', async () => {
    const { clock, customResources, invoke } = pending();
    const listening = jest.spyOn(EventTarget.prototype, 'addEventListener');
    const [started, ended] = [jest.spyOn(clock, 'setTimeout'), jest.spyOn(clock, 'clearTimeout')];
    const creating = customResources.create(context, properties);
    const [serviceToken, { ResponseURL, RequestId }] = invoke.mock.calls[0]!;
    expect(serviceToken).toBe(properties.ServiceToken);
    expect(started.mock.calls).toEqual([[expect.any(Function), 3_600_000]]);
    expect(ended).not.toHaveBeenCalled();
    const { host, pathname, search } = new URL(ResponseURL);
    expect(host).toBe(customResources.responseHost);
    const response = { Status: 'SUCCESS', PhysicalResourceId: 'x', StackId: context.stackId, RequestId };
    customResources.respond(pathname + search, Buffer.from(JSON.stringify({ ...response, LogicalResourceId: 'One' })));
    expect(await creating).toEqual({ physicalId: 'x', properties, attributes: {} });
    expect(ended.mock.calls).toEqual([[started.mock.results[0]!.value]]);
    const targets = listening.mock.contexts;
    listening.mockRestore();
    expect(targets).toContain(context.signal);
    expect(targets.flatMap((target) => getEventListeners(target, 'abort'))).toEqual([]);
  });
});

const turns = () => new Promise((resolve) => setImmediate(resolve));
