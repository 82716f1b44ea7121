/** What our client puts on the wire is what the official SDK puts there. */
import aws4 from 'aws4';
import { AwsV4Signer } from 'aws4fetch';
import * as fc from 'fast-check';
import { bothClients, CREDENTIALS, OPERATIONS, REGION } from './captured';
import { runs, validInput } from './generated';
import { INPUTS } from './inputs';
import { signer } from '../../../lambda/client/sign';
import { verifySignature } from '../../../local/aws/http/verify-signature';
import { check } from '../../../src/contract/check';
import * as operations from '../../../src/contract/generated/operations';

/** The long form signs 10,200 requests. */
const RUNS = runs(100, 600);

/** The headers that the service acts on. The SDK sends more, which say what it is and how often it has tried. */
const headersThatMatter = ({ headers }: any) => ({
  'host': headers.host,
  'content-type': headers['content-type'],
  'x-amz-security-token': headers['x-amz-security-token'],
  'scope': /Credential=([^,]+)/.exec(headers.authorization)?.[1],
});

const canonicalQuery = (query: Record<string, any> = {}) => Object.entries(query).filter(([, value]) => value.length > 0);

describe.each(OPERATIONS)('%s', (operation) => {
  test('is the same request as the SDK\'s, signed so that others verify it', async () => {
    const { transports, send } = bothClients();
    const sign = signer('ivschat');
    await fc.assert(fc.asyncProperty(validInput(operation), async (input) => {
      await send.ours(operation, input);
      await send.sdk(operation, input);
      const [ours, sdk] = [transports.ours.requests.pop(), transports.sdk.requests.pop()];

      expect([ours.method, ours.protocol, ours.hostname, ours.port, ours.path]).toEqual([sdk.method, sdk.protocol, sdk.hostname, sdk.port, sdk.path]);
      expect(canonicalQuery(ours.query)).toEqual(canonicalQuery(sdk.query));
      expect(headersThatMatter(ours)).toEqual(headersThatMatter(sdk));
      expect(ours.body && JSON.parse(ours.body)).toEqual(sdk.body && JSON.parse(sdk.body));

      // ours, verified by two signers and a verifier that are not @smithy's
      expect(refusalOf(ours)).toBeUndefined();
      expect(ours.headers.authorization).toBe(signedByAws4(ours));
      expect(ours.headers.authorization).toBe(await signedByAws4fetch(ours));

      // the SDK's own request through our signer: byte for byte the same authorization
      const { authorization, 'user-agent': _, ...unsigned } = sdk.headers;
      const again = await sign({ ...sdk, headers: unsigned }, CREDENTIALS, REGION, dateOf(sdk).getTime());
      expect(again.authorization).toBe(authorization);
    }), { numRuns: RUNS, ignoreEqualValues: true });
  });
});

const dateOf = ({ headers }: any) => new Date(headers['x-amz-date'].replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));

const queryOf = (request: any) => canonicalQuery(request.query)
  .flatMap(([key, values]) => (values as string[]).map((value) => `${key}=${encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`)).join('&');

function refusalOf(request: any) {
  const query = queryOf(request);
  return verifySignature({
    method: request.method, url: request.path + (query && `?${query}`), rawHeaders: Object.entries<string>(request.headers).flat(),
  }, {
    identities: { find: () => ({ ...CREDENTIALS, accountId: '', arn: '' }) },
    body: request.body ?? '',
    service: 'ivschat',
    region: REGION,
    now: dateOf(request).getTime(),
  }).refusal;
}

function signedByAws4(request: any, credentials: object = CREDENTIALS, region: string = REGION): string {
  const { authorization: _, ...headers } = request.headers;
  const query = queryOf(request);
  return aws4.sign({
    service: 'ivschat',
    region,
    method: request.method,
    host: request.hostname,
    path: request.path + (query && `?${query}`),
    headers,
    body: request.body,
    // it would add headers of its own
    extraHeadersToIgnore: { 'content-length': true },
  } as any, credentials as any).headers!.Authorization as string;
}

async function signedByAws4fetch(request: any): Promise<string> {
  const { authorization: _, 'x-amz-date': date, ...headers } = request.headers;
  const query = queryOf(request);
  const peer = new AwsV4Signer({
    ...CREDENTIALS,
    service: 'ivschat',
    region: REGION,
    method: request.method,
    url: `https://${request.hostname}${request.path}${query && `?${query}`}`,
    headers,
    body: request.body,
    datetime: date,
    allHeaders: true,
  });
  return (await peer.sign()).headers.get('authorization')!;
}

test.each(['https://example.com/a//b', 'https://example.com/a%20b/c+d~', 'https://example.com:8443/'])('an endpoint at %s is signed as by the SDK', async (endpoint) => {
  const { transports, send } = bothClients({ endpoint });
  for (const operation of ['CreateRoom', 'UntagResource'] as const) {
    await send.sdk(operation, INPUTS[operation]);
    await send.ours(operation, INPUTS[operation]);
    const [ours, sdk] = [transports.ours.requests.pop(), transports.sdk.requests.pop()];
    expect([ours.hostname, ours.port, ours.path]).toEqual([sdk.hostname, sdk.port, sdk.path]);
    const { authorization, 'user-agent': _, ...unsigned } = sdk.headers;
    expect(await signer('ivschat')({ ...sdk, headers: unsigned }, CREDENTIALS, REGION, dateOf(sdk).getTime())).toMatchObject({ authorization });
    expect(ours.headers.host).toBe(sdk.headers.host);
  }
});

test('a query that is not given is none, as with the SDK', async () => {
  const { transports, send } = bothClients({ validateInput: false } as object);
  for (const who of ['ours', 'sdk'] as const) await send[who]('UntagResource', { resourceArn: (INPUTS.UntagResource as any).resourceArn });
  expect(canonicalQuery(transports.ours.requests[0].query)).toEqual(canonicalQuery(transports.sdk.requests[0].query));
  expect(refusalOf(transports.ours.requests[0])).toBeUndefined();
});

test('one signer signs for every day, Region and identity that comes, and for many addresses', async () => {
  const sign = signer('ivschat');
  const endpoint = { host: 'ivschat.us-west-2.amazonaws.com' };
  const another = { accessKeyId: 'AKIDANOTHER', secretAccessKey: 'another' };
  for (let i = 0; i < 300; i++) {
    const [time, region, credentials] = [
      Date.UTC(2026, 0, 1 + i / 100, 23, 59, 50) + i % 100 * 110, ['us-west-2', 'eu-west-1'][i % 5 % 2]!, [CREDENTIALS, another][i % 7 % 2]!,
    ];
    const request = { method: 'GET', protocol: 'https:', hostname: endpoint.host, path: `/tags/${i % 90}`, query: i % 4 ? undefined : { tagKeys: [`k${i % 8}`] }, headers: endpoint };
    const headers = await sign(request, credentials, region, time);
    expect(headers['x-amz-date']).toBe(new Date(time).toISOString().replace(/\.\d+|[-:]/g, ''));
    expect(headers.authorization).toBe(signedByAws4({ ...request, headers }, credentials, region));
  }
});

test('generated inputs are inputs that the contract accepts', () => {
  for (const operation of OPERATIONS) {
    fc.assert(fc.property(validInput(operation), (input) => check(operations[operation].input, input).length === 0), { numRuns: 20 });
  }
});
