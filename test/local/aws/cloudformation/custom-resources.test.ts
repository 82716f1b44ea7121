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
      ResponseURL: expect.stringMatching(
        /^https:\/\/cloudformation-custom-resource-response-useast1\.s3\.us-east-1\.amazonaws\.com\/arn%3Aaws%3Acloudformation%3A.*%7COne%7C.*X-Amz-Date=20261122T100000Z/,
      ),
      StackId: stack.id,
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
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
  const ofLength = (event: object, length: number) => {
    const answer = { Status: 'SUCCESS', PhysicalResourceId: 'thing', ...event, Data: { Pad: '' } };
    const rest = length - JSON.stringify(answer).length;
    return { raw: JSON.stringify({ ...answer, Data: { Pad: 'x'.repeat(rest) } }) };
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
    ['a status of its own', { Status: 'MAYBE' }, 'Invalid response object: Status must be SUCCESS or FAILED.'],
    ['no physical id', { PhysicalResourceId: undefined }, 'Invalid PhysicalResourceId'],
    ['an empty physical id', { PhysicalResourceId: '' }, 'Invalid PhysicalResourceId'],
    [
      'a physical id beyond 1 KB',
      { PhysicalResourceId: 'é'.repeat(513) },
      'Invalid PhysicalResourceId: it is longer than 1024 bytes.',
    ],
  ])('a response cannot have %s', async (_, answer, reason) => {
    expect(await failureOf(() => answer)).toBe(reason);
  });

  test('the event of a failure has the reason and the request ID', async () => {
    expect(await failureOf(() => ({ Status: 'FAILED', Reason: 'no more rooms' }))).toMatch(
      /^Received response status \[FAILED\] from custom resource\. Message returned: no more rooms \(RequestId: [0-9a-f-]{36}\)$/,
    );
  });

  test('numbers and booleans of Data become strings, and lists remain lists', async () => {
    const { deploy } = scriptedEngine(() => ({
      Data: { 'Count': 5, 'On': true, 'List': ['a', 'b'], 'Nested.Name': 'n' },
    }));
    const stack = await deploy({ One: thing() }, {
      sections: {
        Outputs: {
          Count: { Value: { 'Fn::Sub': '${One.Count}/${One.On}/${One.Nested.Name}' } },
          List: { Value: { 'Fn::Join': ['+', { 'Fn::GetAtt': ['One', 'List'] }] } },
        },
      },
    });
    expect(stack.outputs.map(({ OutputValue }) => OutputValue)).toEqual(['5/true/n', 'a+b']);
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

  test('a resource fails immediately after the last attempt of its function fails', async () => {
    const { deploy, reasonOf } = scriptedEngine(({ RequestType }) =>
      RequestType === 'Create' ? { crash: 'TypeError: boom' } : {},
    );
    const stack = await deploy({ One: thing() });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(reasonOf('One', 'CREATE_FAILED')).toMatch(
      /did not receive a response .* The function failed: TypeError: boom$/,
    );
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
    expect(reasonOf('One', 'CREATE_FAILED')).toMatch(/Function not found/);
    expect(trail()).toEqual([]);
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

const turns = () => new Promise((resolve) => setImmediate(resolve));
