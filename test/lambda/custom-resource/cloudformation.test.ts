import { SECRETS, STACK_ID } from './world/harness';
import { noSuchStack, stackEntries, stackResource } from './world/transport';
import type { HttpRequest } from '../../../lambda/client';
import { type CloudFormation, cloudFormation } from '../../../lambda/custom-resource/cloudformation';

const ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl';
const NOW = Date.UTC(2026, 0, 5, 12, 30);

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Creates a client that gets the reply for every request. */
function clientOf(reply: Reply, options: { readonly region?: string; readonly endpoint?: string } = {}) {
  const requests: HttpRequest[] = [];
  const client = cloudFormation({
    transport: {
      handle: async (request) => {
        requests.push(request);
        return { response: { statusCode: reply.status, headers: {}, body: reply.body } };
      },
    },
    credentials: async () => SECRETS,
    region: 'us-west-2',
    now: () => NOW,
    ...options,
  });
  return { client, requests };
}

const operations: { [name: string]: { call(client: CloudFormation): Promise<unknown>; reply: Reply } } = {
  DescribeStackResource: {
    call: (client) => client.describeStackResource(STACK_ID, 'Room'),
    reply: stackResource('CREATE_COMPLETE', ARN, NOW),
  },
  DescribeStackEvents: {
    call: (client) => client.describeStackEvents(STACK_ID, 'a+b/c= d&e'),
    reply: stackEntries('DescribeStackEvents', [{ logicalId: 'Room', status: 'CREATE_COMPLETE', time: NOW }]),
  },
  ListStackResources: {
    call: (client) => client.listStackResources(STACK_ID, 'a+b/c= d&e'),
    reply: stackEntries('ListStackResources', [{ logicalId: 'Room', status: 'CREATE_COMPLETE', time: NOW }]),
  },
};
const each = Object.keys(operations);

describe('a request', () => {
  test.each([
    ['DescribeStackResource', { StackName: STACK_ID, LogicalResourceId: 'Room' }],
    ['DescribeStackEvents', { StackName: STACK_ID, NextToken: 'a+b/c= d&e' }],
    ['ListStackResources', { StackName: STACK_ID, NextToken: 'a+b/c= d&e' }],
  ])('of %s is a form with the version of the API', async (Action, input) => {
    const { call, reply } = operations[Action]!;
    const { client, requests } = clientOf(reply);
    await call(client);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'POST', protocol: 'https:', hostname: 'cloudformation.us-west-2.amazonaws.com', path: '/',
    });
    expect(requests[0]!.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(requests[0]!.body)))
      .toEqual({ Action, Version: '2010-05-15', ...input });
  });

  test('of the first page has no NextToken', async () => {
    for (const operation of ['describeStackEvents', 'listStackResources'] as const) {
      const Action = operation === 'describeStackEvents' ? 'DescribeStackEvents' : 'ListStackResources';
      const { client, requests } = clientOf(stackEntries(Action, []));
      await client[operation](STACK_ID);
      const input = Object.fromEntries(new URLSearchParams(requests[0]!.body));
      expect(input).toEqual({ Action, Version: '2010-05-15', StackName: STACK_ID });
    }
  });

  test('is signed for CloudFormation in the Region of the stack', async () => {
    const { client, requests } = clientOf(stackResource('CREATE_COMPLETE'), { region: 'eu-west-1' });
    await client.describeStackResource(STACK_ID, 'Room');
    const { headers } = requests[0]!;
    expect(headers).toMatchObject({
      'host': 'cloudformation.eu-west-1.amazonaws.com',
      'x-amz-date': '20260105T123000Z',
      'x-amz-security-token': SECRETS.sessionToken,
    });
    expect(headers.authorization).toContain('Credential=AKIACANARY/20260105/eu-west-1/cloudformation/aws4_request');
    expect(headers.authorization).toMatch(/SignedHeaders=[a-z;-]*host;/);
  });

  test('goes to the given endpoint', async () => {
    const { client, requests } = clientOf(stackResource('CREATE_COMPLETE'), { endpoint: 'http://127.0.0.1:4566' });
    await client.describeStackResource(STACK_ID, 'Room');
    expect(requests[0]).toMatchObject({ protocol: 'http:', hostname: '127.0.0.1', port: 4566 });
    expect(requests[0]!.headers.host).toBe('127.0.0.1:4566');
  });
});

describe('DescribeStackResource', () => {
  test('returns the status, the physical id and the time of the status', async () => {
    const since = Date.UTC(2026, 0, 5, 11, 59, 58, 123);
    const { client } = clientOf(stackResource('UPDATE_IN_PROGRESS', ARN, since));
    expect(await client.describeStackResource(STACK_ID, 'Room'))
      .toEqual({ logicalResourceId: undefined, status: 'UPDATE_IN_PROGRESS', physicalResourceId: ARN, since });
  });

  test('returns no physical id and no time if the response has none', async () => {
    const { client } = clientOf(stackResource('CREATE_IN_PROGRESS'));
    expect(await client.describeStackResource(STACK_ID, 'Room')).toEqual({ status: 'CREATE_IN_PROGRESS' });
  });

  test('returns an empty status if the response has none', async () => {
    const { status, body } = stackResource('CREATE_IN_PROGRESS', ARN);
    const { client } = clientOf({ status, body: body.replace(/<ResourceStatus>.*?<\/ResourceStatus>/, '') });
    expect(await client.describeStackResource(STACK_ID, 'Room')).toEqual({ status: '', physicalResourceId: ARN });
  });

  test('returns no time if the response has an invalid time', async () => {
    const { status, body } = stackResource('CREATE_IN_PROGRESS', ARN, NOW);
    const { client } = clientOf({ status, body: body.replace(new Date(NOW).toISOString(), 'yesterday') });
    expect((await client.describeStackResource(STACK_ID, 'Room')).since).toBeUndefined();
  });

  test('returns NOT_FOUND if the stack or the resource does not exist', async () => {
    const { client } = clientOf(noSuchStack);
    expect(await client.describeStackResource(STACK_ID, 'Room')).toEqual({ status: 'NOT_FOUND' });
  });
});

describe('a page', () => {
  const entries = [
    { logicalId: 'Room', physicalId: ARN, status: 'CREATE_COMPLETE', time: NOW },
    { logicalId: 'Room', status: 'CREATE_IN_PROGRESS', time: NOW - 5000 },
    { logicalId: 'Other', physicalId: 'other', status: 'DELETE_SKIPPED', time: NOW - 9000 },
  ];
  const expected = [
    { logicalResourceId: 'Room', physicalResourceId: ARN, status: 'CREATE_COMPLETE', since: NOW },
    { logicalResourceId: 'Room', physicalResourceId: undefined, status: 'CREATE_IN_PROGRESS', since: NOW - 5000 },
    { logicalResourceId: 'Other', physicalResourceId: 'other', status: 'DELETE_SKIPPED', since: NOW - 9000 },
  ];

  test('of DescribeStackEvents has all events in their order, and the token of the next page', async () => {
    const { client } = clientOf(stackEntries('DescribeStackEvents', entries, 'next'));
    expect(await client.describeStackEvents(STACK_ID, 'this')).toEqual({ items: expected, nextToken: 'next' });
  });

  test('of ListStackResources has all resources, and the token of the next page', async () => {
    const { client } = clientOf(stackEntries('ListStackResources', entries, 'next'));
    expect(await client.listStackResources(STACK_ID, 'this')).toEqual({ items: expected, nextToken: 'next' });
  });

  test('that is the last one has no token', async () => {
    const { client } = clientOf(stackEntries('ListStackResources', entries));
    expect(await client.listStackResources(STACK_ID)).toEqual({ items: expected, nextToken: undefined });
  });

  test('without entries is empty', async () => {
    const { client } = clientOf(stackEntries('DescribeStackEvents', [], 'next'));
    expect(await client.describeStackEvents(STACK_ID)).toEqual({ items: [], nextToken: 'next' });
  });

  test('takes no member of an entry from the entry after it', async () => {
    const { client } = clientOf(stackEntries('DescribeStackEvents', [entries[1]!, entries[0]!]));
    const { items } = await client.describeStackEvents(STACK_ID);
    expect(items.map(({ physicalResourceId }) => physicalResourceId)).toEqual([undefined, ARN]);
  });
});

describe('a truncated response', () => {
  test.each(each)('of %s is a retryable error, at every length', async (Action) => {
    const { call, reply } = operations[Action]!;
    for (let length = 0; length < reply.body.length; length++) {
      const { client } = clientOf({ status: 200, body: reply.body.slice(0, length) });
      await expect(call(client)).rejects.toMatchObject({
        name: 'TimeoutError', message: 'the response of CloudFormation is incomplete',
      });
    }
    await expect(call(clientOf(reply).client)).resolves.toBeDefined();
  });

  test('is not completed by the end of another response', async () => {
    const { client } = clientOf(stackResource('CREATE_COMPLETE'));
    await expect(client.describeStackEvents(STACK_ID)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('an error response', () => {
  const refusal = (status: number, code: string, message: string) => ({
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`
      + '<RequestId>r-1</RequestId></ErrorResponse>',
  });

  test.each(each)('of %s has the code, the message and the request id of CloudFormation', async (Action) => {
    for (const [status, code] of [[403, 'AccessDenied'], [400, 'Throttling'], [500, 'InternalFailure']] as const) {
      const { client } = clientOf(refusal(status, code, 'The role\ndoes not exist'));
      await expect(operations[Action]!.call(client)).rejects.toMatchObject({
        name: code, message: 'The role\ndoes not exist', $metadata: { httpStatusCode: status, requestId: 'r-1' },
      });
    }
  });

  test.each(each)('of %s without a code has the HTTP status', async (Action) => {
    for (const status of [204, 302, 503]) {
      const { client } = clientOf({ status, body: 'Service Unavailable' });
      await expect(operations[Action]!.call(client)).rejects.toMatchObject({
        name: `HTTP${status}`,
        message: `CloudFormation responded with HTTP ${status}`,
        $metadata: { httpStatusCode: status },
      });
    }
  });

  test.each([
    'DescribeStackEvents', 'ListStackResources',
  ])('of %s says that the stack does not exist', async (Action) => {
    const { client } = clientOf(noSuchStack);
    await expect(operations[Action]!.call(client)).rejects.toMatchObject({
      name: 'ValidationError', message: 'Stack does not exist',
    });
  });
});

describe('text from a user', () => {
  const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  /** Text that looks like the end of an entry and another entry. */
  const forged = '</member><member><LogicalResourceId>Room</LogicalResourceId>'
    + '<ResourceStatus>DELETE_COMPLETE</ResourceStatus>'
    + '<PhysicalResourceId>forged</PhysicalResourceId><Timestamp>2030-01-01T00:00:00.000Z</Timestamp></member>'
    + '<NextToken>forged</NextToken></DescribeStackEventsResponse>';

  test('cannot add an entry or a token to a page', async () => {
    const { status, body } = stackEntries('DescribeStackEvents', [
      { logicalId: 'Room', status: 'CREATE_FAILED', time: NOW },
      { logicalId: 'Room', status: 'CREATE_IN_PROGRESS', time: NOW },
    ]);
    const reason = `<member><ResourceStatusReason>${escaped(forged)}</ResourceStatusReason>`;
    const { client } = clientOf({ status, body: body.replaceAll('<member>', reason) });
    expect(await client.describeStackEvents(STACK_ID)).toEqual({
      items: [
        { logicalResourceId: 'Room', physicalResourceId: undefined, status: 'CREATE_FAILED', since: NOW },
        { logicalResourceId: 'Room', physicalResourceId: undefined, status: 'CREATE_IN_PROGRESS', since: NOW },
      ],
      nextToken: undefined,
    });
  });

  test('cannot stand for the status or the physical id of a resource', async () => {
    const { status, body } = stackResource('CREATE_IN_PROGRESS', undefined, NOW);
    const { client } = clientOf({
      status,
      body: body.replace('<StackResourceDetail>', `<StackResourceDetail><Metadata>${escaped(forged)}</Metadata>`),
    });
    expect(await client.describeStackResource(STACK_ID, 'Room')).toEqual({ status: 'CREATE_IN_PROGRESS', since: NOW });
  });

  test('cannot complete a truncated response', async () => {
    const { client } = clientOf({ status: 200, body: `<DescribeStackEventsResponse>${escaped(forged)}` });
    await expect(client.describeStackEvents(STACK_ID)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('cannot choose another operation or another stack', async () => {
    const { client, requests } = clientOf(noSuchStack);
    const forgedId = 'Room&Action=DeleteStack&StackName=other';
    await client.describeStackResource(STACK_ID, forgedId);
    expect([...new URLSearchParams(requests[0]!.body)]).toEqual([
      ['Action', 'DescribeStackResource'], ['Version', '2010-05-15'], ['StackName', STACK_ID],
      ['LogicalResourceId', forgedId],
    ]);
  });
});
