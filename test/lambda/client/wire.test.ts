/** The client and the AWS SDK send the same requests. */
import * as fc from 'fast-check';
import { bothClients, CREDENTIALS, OPERATIONS, REGION, type OperationName } from './captured';
import { runs, validInput } from './generated';
import { INPUTS, LOGGING } from './inputs';
import { signer } from '../../../lambda/http/sign';
import { verifySignature } from '../../../local/aws/http/verify-signature';
import { check } from '../../../src/contract/check';
import * as operations from '../../../src/contract/generated/operations';
import { canonicalQuery, signedByAws4, signedByAws4fetch, urlOf } from '../http/peer-signers';

/** The number of requests for each operation. The long form signs 10,200 requests. */
const RUNS = runs(100, 600);

/** Returns the headers that the service uses. The SDK also sends headers about itself and its attempts. */
const relevantHeaders = ({ headers }: any) => ({
  'host': headers.host,
  'content-type': headers['content-type'],
  'x-amz-security-token': headers['x-amz-security-token'],
  'scope': /Credential=([^,]+)/.exec(headers.authorization)?.[1],
});

const addressOf = ({ method, protocol, hostname, port, path }: any) => ({ method, protocol, hostname, port, path });

const timeOf = ({ headers }: any) => {
  const date = headers['x-amz-date'].replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
  return new Date(date).getTime();
};

/** Returns the reason why the local service refuses a request, or undefined. */
const refusalOf = (request: any) => verifySignature({
  method: request.method,
  url: urlOf(request),
  rawHeaders: Object.entries<string>(request.headers).flat(),
}, {
  identities: { find: () => ({ ...CREDENTIALS, accountId: '', arn: '' }) },
  body: request.body ?? '',
  service: 'ivschat',
  region: REGION,
  now: timeOf(request),
}).refusal;

/** Signs a request of the SDK again, with the signer of the client. */
async function signedAgain(request: any, sign = signer('ivschat')): Promise<string> {
  const { authorization: _, 'user-agent': __, ...unsigned } = request.headers;
  const headers = await sign({ ...request, headers: unsigned }, CREDENTIALS, REGION, timeOf(request));
  return headers.authorization!;
}

describe.each(OPERATIONS)('%s', (operation) => {
  test('sends the request of the SDK, with a signature that other packages verify', async () => {
    const { transports, send } = bothClients();
    const sign = signer('ivschat');
    await fc.assert(fc.asyncProperty(validInput(operation), async (input) => {
      await send.ours(operation, input);
      await send.sdk(operation, input);
      const [ours, sdk] = [transports.ours.requests.pop(), transports.sdk.requests.pop()];

      expect(addressOf(ours)).toEqual(addressOf(sdk));
      expect(canonicalQuery(ours.query)).toEqual(canonicalQuery(sdk.query));
      expect(relevantHeaders(ours)).toEqual(relevantHeaders(sdk));
      expect(ours.body && JSON.parse(ours.body)).toEqual(sdk.body && JSON.parse(sdk.body));

      expect(refusalOf(ours)).toBeUndefined();
      expect(ours.headers.authorization).toBe(signedByAws4(ours, CREDENTIALS, REGION));
      expect(ours.headers.authorization).toBe(await signedByAws4fetch(ours, CREDENTIALS, REGION));
      expect(await signedAgain(sdk, sign)).toBe(sdk.headers.authorization);
    }), { numRuns: RUNS, ignoreEqualValues: true });
  });
});

test.each([
  'https://example.com/a//b', 'https://example.com/a%20b/c+d~', 'https://example.com:8443/',
])('a request to the endpoint %s has the address and the signature of the SDK', async (endpoint) => {
  const { transports, send } = bothClients({ endpoint });
  for (const operation of ['CreateRoom', 'UntagResource'] as const) {
    await send.sdk(operation, INPUTS[operation]);
    await send.ours(operation, INPUTS[operation]);
    const [ours, sdk] = [transports.ours.requests.pop(), transports.sdk.requests.pop()];
    expect(addressOf(ours)).toEqual(addressOf(sdk));
    expect(ours.headers.host).toBe(sdk.headers.host);
    expect(await signedAgain(sdk)).toBe(sdk.headers.authorization);
  }
});

test('an absent member for the query gives no query, like the SDK', async () => {
  const { transports, send } = bothClients({ validateInput: false } as object);
  const { tagKeys: _, ...input } = INPUTS.UntagResource as Record<string, unknown>;
  await send.ours('UntagResource', input);
  await send.sdk('UntagResource', input);
  expect(canonicalQuery(transports.ours.requests[0].query)).toEqual(canonicalQuery(transports.sdk.requests[0].query));
  expect(refusalOf(transports.ours.requests[0])).toBeUndefined();
});

test('the path escapes the characters that the SDK escapes', async () => {
  const { transports, send } = bothClients({ validateInput: false } as object);
  const resourceArn = "arn:aws:ivschat:us-west-2:1:room/a!'()*é ?#%2F";
  await send.ours('ListTagsForResource', { resourceArn });
  await send.sdk('ListTagsForResource', { resourceArn });
  expect(addressOf(transports.ours.requests[0])).toEqual(addressOf(transports.sdk.requests[0]));
});

test.each<[OperationName, object]>([
  ['CreateChatToken', { attributes: { name: 'Ada', team: undefined, color: null } }],
  ['CreateChatToken', { attributes: { team: undefined } }],
  ['CreateChatToken', { capabilities: ['SEND_MESSAGE', undefined, null], sessionDurationInMinutes: null }],
  ['CreateRoom', { tags: { team: 'chat', stage: undefined, owner: null } }],
  ['CreateRoom', { loggingConfigurationIdentifiers: [undefined, LOGGING, null], name: null }],
  ['CreateRoom', { messageReviewHandler: { uri: undefined, fallbackResult: null } }],
  ['CreateLoggingConfiguration', { destinationConfiguration: { s3: { bucketName: 'bucket' }, firehose: undefined } }],
  ['SendEvent', { attributes: { question: 'q1', answer: undefined } }],
  ['TagResource', { tags: { team: 'chat', stage: undefined } }],
])('%s with the absent values in %p sends the request of the SDK', async (operation, members) => {
  const { transports, send } = bothClients();
  const input = { ...INPUTS[operation], ...members };
  await send.ours(operation, input);
  await send.sdk(operation, input);
  expect(transports.ours.requests[0].body).toBe(transports.sdk.requests[0].body);
  expect(transports.ours.requests[0].body).not.toMatch(/null|undefined/);
});

test.each<[OperationName, object]>([
  ['CreateChatToken', { capabilities: ['SEND_MESSAGE', 'PIN_MESSAGE'] }],
  ['CreateRoom', { messageReviewHandler: { fallbackResult: 'RETRY' } }],
])('%s with new values of enums in %p sends the request of the SDK', async (operation, members) => {
  const { transports, send } = bothClients();
  const input = { ...INPUTS[operation], ...members };
  await send.ours(operation, input);
  await send.sdk(operation, input);
  expect(transports.ours.requests[0].body).toBe(transports.sdk.requests[0].body);
});

test('UntagResource omits absent keys. The SDK removes tags with the keys null and undefined instead', async () => {
  const { transports, send } = bothClients();
  const input = { ...INPUTS.UntagResource, tagKeys: [null, 'team', undefined] };
  await send.ours('UntagResource', input);
  await send.sdk('UntagResource', input);
  const [ours, sdk] = [transports.ours, transports.sdk].map(({ requests }) => canonicalQuery(requests[0].query));
  expect(ours).toEqual([['tagKeys', ['team']]]);
  expect(sdk).toEqual([['tagKeys', ['null', 'team', 'undefined']]]);
});

test('the contract accepts all generated inputs', () => {
  for (const operation of OPERATIONS) {
    fc.assert(
      fc.property(validInput(operation), (input) => check(operations[operation].input, input).length === 0),
      { numRuns: 20 },
    );
  }
});
