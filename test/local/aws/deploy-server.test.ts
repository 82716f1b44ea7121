import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { AwsV4Signer } from 'aws4fetch';
import { HttpApis } from '../../../local/aws/api-gateway-v2/http-apis';
import { CustomResources, responseHost } from '../../../local/aws/cloudformation/custom-resources';
import type { DeployEvent } from '../../../local/aws/deploy-event';
import { createDeployServer, type DeployServerOptions } from '../../../local/aws/deploy-server';
import { close, listen } from '../../../local/aws/http/http-server';
import { Identities } from '../../../local/aws/http/identities';
import { jsonService } from '../../../local/aws/http/json-service';
import { ServiceError } from '../../../local/aws/http/service-error';
import { systemClock } from '../../../local/clock';
import { Roles } from '../../../local/aws/iam/roles';
import { AssetDirectories } from '../../../local/aws/lambda/asset-directories';
import { FunctionUrls } from '../../../local/aws/lambda/function-urls';
import type { InvocationResult } from '../../../local/aws/lambda/function-configuration';
import { LambdaFunctions } from '../../../local/aws/lambda/lambda-functions';
import { startLocalDeploy, type LocalDeploy, type LocalDeployOptions } from '../../../local/aws/start-local-deploy';
import type { Identity } from '../../../local/aws/http/identities';
import { createStack, inlineFunction, signedClient } from './signed-client';

jest.setTimeout(30_000);

let deploy: LocalDeploy;
beforeAll(async () => {
  deploy = await startLocalDeploy();
});
afterAll(() => deploy.close());

/** Sends a raw request with any Host header. */
function raw(
  path: string,
  {
    method = 'POST',
    headers = {},
    body = '',
  }: { method?: string; headers?: { [name: string]: string }; body?: string } = {},
) {
  return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    request(new URL(path, deploy.endpoint), { method, headers }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => {
          text += chunk;
        })
        .on('end', () => resolve({ status: response.statusCode!, text, headers: response.headers }));
    })
      .on('error', reject)
      .end(body);
  });
}

const scope = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=AKIANOBODY/20261122/us-west-2/${service}/aws4_request, `
  + 'SignedHeaders=host;x-amz-date, Signature=00';
const date = () => new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');

describe('an unknown caller', () => {
  test.each([
    ['sts', /<Error><Type>Sender<\/Type><Code>InvalidClientTokenId<\/Code>/],
    ['cloudformation', /<Error><Type>Sender<\/Type><Code>InvalidClientTokenId<\/Code>/],
    ['s3', /^<Error><Code>InvalidAccessKeyId<\/Code>/],
    ['ssm', /"__type":"UnrecognizedClientException"/],
    ['logs', /"__type":"UnrecognizedClientException"/],
    ['lambda', /"message":"The security token included in the request is invalid\."/],
  ])('is refused by %s in the format of the service', async (service, expected) => {
    const answer = await raw('/', { headers: { 'authorization': scope(service), 'x-amz-date': date() } });
    expect(answer.status).toBe(403);
    expect(answer.text).toMatch(expected);
  });

  test.each(['sts', 'cloudformation', 's3', 'ssm', 'logs', 'lambda'])(
    'a wrong signature is refused by %s',
    async (service) => {
      const forger: Identity = { ...deploy.identities.administrator, secretAccessKey: 'wrong' };
      expect(
        (await signedClient(deploy, forger).send(service, '/x', { method: 'POST', body: 'Action=GetCallerIdentity' }))
          .status,
      ).toBe(403);
    },
  );

  test('unsigned requests are refused', async () => {
    expect((await raw('/')).status).toBe(403);
    expect((await raw('/?Action=GetCallerIdentity')).status).toBe(403);
  });

  test('another Region is refused', async () => {
    const { status, text } = await signedClient({ ...deploy, region: 'eu-west-1' }).query('sts', 'GetCallerIdentity');
    expect(status).toBe(403);
    expect(text).toContain('this endpoint is in &#39;us-west-2&#39;');
  });
});

/** Sends the headers of an upload to S3 without its body, and returns the response. */
async function answerBeforeBody(length: number, change: Partial<Identity> = {}) {
  const url = `${deploy.endpoint}/bucket/key`;
  const credentials = { ...deploy.identities.administrator, ...change };
  const signer = new AwsV4Signer({ ...credentials, method: 'PUT', url, service: 's3', region: 'us-west-2' });
  const { headers } = await signer.sign();
  const sent = request(url, { method: 'PUT', headers: { ...Object.fromEntries(headers), 'content-length': length } });
  sent.flushHeaders();
  const [response] = await once(sent, 'response') as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  sent.destroy();
  return { status: response.statusCode, connection: response.headers.connection, text };
}

describe('safety', () => {
  test.each(['evil.example', '127.0.0.1', 'localhost:1', `evil.example:${1}`])(
    'Host %s is refused, which prevents DNS rebinding',
    async (host) => {
      const signed: { [name: string]: string } = { host, authorization: scope('sts') };
      for (const headers of [{ host }, signed]) {
        for (const path of ['/', '/arn%3Aaws%3Acloudformation%3Aus-west-2%3A123456789012%3Astack/App/1%7COne%7C2']) {
          expect(await raw(path, { method: 'PUT', headers })).toMatchObject({
            status: 403,
            text: 'This service answers on loopback addresses only.',
          });
        }
      }
    },
  );

  test('localhost with the port is accepted', async () => {
    const { port } = new URL(deploy.endpoint);
    expect((await raw('/', { headers: { host: `localhost:${port}` } })).text).toContain('MissingAuthenticationToken');
  });

  test('the server listens on 127.0.0.1 only', async () => {
    const server = createServer();
    expect((await listen(server, 0)).address).toBe('127.0.0.1');
    await close(server);
  });

  test.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['', 403],
    ['http://localhost.evil.example', 403],
    ['http://localhost:3000', 200],
  ])('a request of a page of %s is answered with %i', async (origin, status) => {
    const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' };
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    const answer = await signedClient(deploy).send('sts', '/', { method: 'POST', headers, body });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(
      status === 200 ? '<GetCallerIdentityResult>' : 'This service answers pages of loopback hosts only.',
    )]);
    expect((await raw('/_local/token', { headers, body: '{"sub":"ada"}' })).status).toBe(status);
  });

  test.each([
    ['an unknown access key', { accessKeyId: 'AKIANOBODY' }, 'InvalidAccessKeyId'],
    ['a wrong signature', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
  ])('a request with %s is refused before its large body arrives', async (_caller, change, code) => {
    const { status, connection, text } = await answerBeforeBody(2 * 1024 * 1024, change);
    expect([status, connection, text]).toEqual([403, 'close', expect.stringContaining(`<Code>${code}</Code>`)]);
    const short = await answerBeforeBody(0, change);
    expect([short.status, short.connection]).toEqual([403, 'keep-alive']);
  });

  test('a ResponseURL accepts at most 1 MiB', async () => {
    const url = '/arn%3Aaws%3Acloudformation%3Aus-west-2%3A123456789012%3Astack/App/1%7COne%7C2?X-Amz-Signature=00';
    const put = (length: number) =>
      raw(url, { method: 'PUT', headers: { 'content-length': String(length) }, body: 'x'.repeat(length) });
    expect((await put(0)).status).toBe(200);
    expect((await put(1024 * 1024)).status).toBe(200);
    expect(await put(1024 * 1024 + 1)).toMatchObject({
      status: 400, text: expect.stringContaining('EntityTooLarge'),
    });
  });

  test('a body above the limit is refused', async () => {
    const { status, text } = await answerBeforeBody(64 * 1024 * 1024 + 1);
    expect(status).toBe(413);
    expect(text).toContain('The body must be at most 67108864 bytes');
  });

  test('a ResponseURL accepts only PUT with a length, and reveals nothing about the request', async () => {
    const url = '/arn%3Aaws%3Acloudformation%3Aus-west-2%3A123456789012%3Astack/App/1%7COne%7C2?X-Amz-Signature=00';
    expect((await raw(url, { method: 'GET' })).status).toBe(403);
    const elsewhere = await raw(`/bucket${url}`, { method: 'PUT', headers: { 'content-length': '2' }, body: '{}' });
    expect(elsewhere.status).toBe(403);
    const chunked = await raw(url, { method: 'PUT', headers: { 'transfer-encoding': 'chunked' }, body: '{}' });
    expect(chunked).toMatchObject({ status: 501, text: expect.stringContaining('<Code>NotImplemented</Code>') });
    expect((await raw(url, { method: 'PUT', headers: { 'content-length': '2' }, body: '{}' })).status).toBe(200);
  });
});

describe('an unsupported operation', () => {
  test.each([
    ['cloudtrail', 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents', 'cloudtrail:LookupEvents'],
    ['ssm', 'AmazonSSM.StartSession', 'ssm:StartSession'],
    ['logs', 'Logs_20140328.StartQuery', 'logs:StartQuery'],
    ['logs', 'Logs_20140328.toString', 'logs:toString'],
  ])('%s %s is a 501 that names the operation', async (service, target, name) => {
    const { status, body } = await signedClient(deploy).json(service, target, {});
    expect(status).toBe(501);
    expect(body.message).toContain(`${name} is not implemented by the local service`);
  });

  test('of the Query protocol, S3 or Lambda is a 501', async () => {
    const { query, send } = signedClient(deploy);
    expect(await query('cloudformation', 'CreateStackSet')).toMatchObject({
      status: 501,
      text: expect.stringContaining('cloudformation:CreateStackSet is not implemented'),
    });
    expect((await query('cloudformation', 'toString')).status).toBe(501);
    expect((await send('s3', '/b?acl')).status).toBe(501);
    expect((await send('lambda', '/2015-03-31/event-source-mappings/')).status).toBe(501);
  });
});

describe('a server with other services', () => {
  const identities = new Identities();
  const services = [jsonService('one', {
    Echo: (input, { method, path, query, headers, identity, requestId }) => ({
      input, method, path, query: String(query), target: headers['x-amz-target'], arn: identity.arn, requestId,
    }),
    Refuse: () => {
      throw new ServiceError('Refused', 'No carrots', 409);
    },
    Fail: () => {
      throw new TypeError('carrots is undefined');
    },
  }), jsonService('two', { Echo: () => 'two' }), {
    ...jsonService('four', {}),
    handle: async () => ({ statusCode: 404, body: '"missing"', errorCode: 'NoSuchKey', operation: 'Head' }),
  }];
  const events: DeployEvent[] = [];
  const responses: [string, string][] = [];
  const servers: ReturnType<typeof createDeployServer>[] = [];
  const start = async (options: Partial<DeployServerOptions> = {}) => {
    events.length = 0;
    const server = createDeployServer({
      identities,
      services,
      verifySignatures: true,
      region: 'us-west-2',
      clock: systemClock,
      customResources: { respond: (path, body) => void responses.push([path, String(body)]) },
      tokenEndpoint: {
        answer: async ({ url }) => (url === '/token' ? { statusCode: 203, headers: {}, body: 'token' } : undefined),
      },
      log: (event) => events.push(event),
      ...options,
    });
    servers.push(server);
    const { port } = await listen(server, 0);
    return { endpoint: `http://127.0.0.1:${port}`, region: 'us-west-2', identities } as LocalDeploy;
  };
  afterAll(() => Promise.all(servers.map(close)));
  const ask = (local: LocalDeploy, operation: string, service = 'one', identity?: Identity) =>
    signedClient(local, identity).json(service, `Target.${operation}`, { a: 1 });
  const logged = (operation: string, statusCode: number, errorCode?: string, service = 'one') =>
    [{ kind: 'request', service, operation, statusCode, errorCode }];

  test('selects the service by the signature, and logs each request', async () => {
    const local = await start();
    const { arn } = identities.administrator;
    expect(await ask(local, 'Echo')).toEqual({
      status: 200,
      body: {
        input: { a: 1 },
        method: 'POST',
        path: '/',
        query: '',
        target: 'Target.Echo',
        arn,
        requestId: expect.any(String),
      },
    });
    expect(events.splice(0)).toEqual(logged('Echo', 200));
    expect(await ask(local, 'Echo', 'two')).toEqual({ status: 200, body: 'two' });
    expect(events.splice(0)).toEqual(logged('Echo', 200, undefined, 'two'));
    expect(await ask(local, 'Echo', 'four')).toEqual({ status: 404, body: 'missing' });
    expect(events.splice(0)).toEqual(logged('Head', 404, 'NoSuchKey', 'four'));
    expect(await ask(local, 'Refuse')).toEqual({ status: 409, body: { __type: 'Refused', message: 'No carrots' } });
    expect(events.splice(0)).toEqual(logged('Refuse', 409, 'Refused'));
    expect(await ask(local, 'Fail')).toEqual({
      status: 400,
      body: {
        __type: 'InternalFailure',
        message: expect.stringMatching(/^The local service failed: TypeError: carrots is undefined\n +at /),
      },
    });
    expect(events.splice(0)).toEqual(logged('Fail', 400, 'InternalFailure'));
    expect((await ask(local, 'Other', 'three')).status).toBe(501);
    expect(events.splice(0)).toEqual(logged('Other', 501, 'NotImplemented', 'three'));
    const form = { method: 'POST', body: 'Action=Sing&Version=1' };
    await signedClient(local).send('three', '/songs?x=1', form);
    await signedClient(local).send('three', '/songs?x=1', { ...form, body: 'Version=1&Action=Hum&NoAction=x' });
    await signedClient(local).send('three', '/songs/a.json?x=1', { ...form, body: 'NoAction=x' });
    await signedClient(local).send('three', '/songs?x=1');
    expect(events.splice(0)).toEqual(['Sing', 'Hum', 'POST /songs/a.json', 'GET /songs'].flatMap((operation) =>
      logged(operation, 501, 'NotImplemented', 'three')));
  });

  test('refuses callers in the format of the service, and logs the address of the request', async () => {
    const local = await start();
    const forger = { ...identities.administrator, secretAccessKey: 'wrong' };
    const refused = await ask(local, 'Echo', 'one', forger);
    expect(refused).toMatchObject({ status: 403, body: { __type: 'InvalidSignatureException' } });
    const response = await fetch(`${local.endpoint}/a/b?c=d`, { method: 'PUT', body: 'x' });
    expect([response.status, await response.json()]).toEqual([403, {
      __type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
      Message: 'Missing Authentication Token',
    }]);
    expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(events).toEqual([
      ...logged('POST /', 403, 'InvalidSignatureException'),
      ...logged('PUT /a/b', 403, 'MissingAuthenticationTokenException', 'unsigned request'),
    ]);
  });

  test('a caller is refused after a short body, and the connection is kept', async () => {
    const local = await start();
    const headers = { 'authorization': scope('one'), 'x-amz-date': date(), 'content-length': 1 };
    const sent = request(local.endpoint, { method: 'POST', headers });
    sent.flushHeaders();
    await once(servers.at(-1)!, 'request');
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    sent.end('x');
    const [response] = await once(sent, 'response') as [IncomingMessage];
    expect([response.resume().statusCode, response.headers.connection]).toEqual([403, 'keep-alive']);
  });

  test('without verification, other callers are the administrator, and known callers are themselves', async () => {
    const local = await start({ verifySignatures: false });
    const { arn } = identities.administrator;
    const nobody = { ...identities.administrator, accessKeyId: 'no-body.1', secretAccessKey: 'x' };
    expect(await ask(local, 'Echo', 'one', nobody)).toMatchObject({ status: 200, body: { arn } });
    const session = identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', () => true);
    expect(await ask(local, 'Echo', 'one', session)).toMatchObject({ status: 200, body: { arn: session.arn } });
  });

  test('verifies signatures with its clock', async () => {
    const local = await start({ clock: { now: () => Date.now() + 3_600_000 } });
    expect(await ask(local, 'Echo')).toMatchObject({ status: 403, body: { __type: 'InvalidSignatureException' } });
  });

  test('gives each answer its own request ID', async () => {
    const local = await start();
    const { send } = signedClient(local);
    const ids = [];
    for (const service of ['one', 'three']) {
      const init = { method: 'POST', headers: { 'x-amz-target': 'T.Echo' } };
      const response = await send(service, '/a%20b?c=d', init);
      const { headers } = response;
      if (service === 'one') {
        expect(await response.json()).toMatchObject({
          path: '/a%20b', query: 'c=d', requestId: headers.get('x-amzn-requestid'),
        });
      }
      expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('x-amz-request-id')).toBe(headers.get('x-amzn-requestid'));
      ids.push(headers.get('x-amzn-requestid'));
    }
    expect(new Set(ids).size).toBe(2);
  });

  test('gives requests without a signature to the token endpoint first', async () => {
    const local = await start();
    const response = await fetch(`${local.endpoint}/token`);
    expect([response.status, await response.text()]).toEqual([203, 'token']);
    expect((await fetch(`${local.endpoint}/token`, { headers: { authorization: '' } })).status).toBe(203);
    expect((await signedClient(local).send('one', '/token')).status).toBe(501);
    expect(events).toEqual(logged('', 501, 'NotImplemented'));
  });

  test('gives responses to custom resources, and answers like S3', async () => {
    const local = await start();
    const path = '/arn%3Aaws%3Acloudformation%3Aus-west-2%3A1%3Astack/App/1%7COne%7C2?X-Amz-Signature=0';
    const url = local.endpoint + path;
    const put = await fetch(url, { method: 'PUT', body: '{"Status":"SUCCESS"}' });
    expect([put.status, await put.text()]).toEqual([200, '']);
    expect((await fetch(url, { method: 'PUT' })).status).toBe(200);
    expect(responses.splice(0)).toEqual([[path, '{"Status":"SUCCESS"}'], [path, '']]);
    const refused = await fetch(url, { method: 'POST', body: '{}' });
    const requestId = refused.headers.get('x-amzn-requestid');
    expect([refused.status, refused.headers.get('content-type'), await refused.text()]).toEqual([
      403, 'application/xml',
      `<Error><Code>SignatureDoesNotMatch</Code><RequestId>${requestId}</RequestId></Error>`,
    ]);
    expect(responses).toEqual([]);
  });

  test('answers a failure of its own with 500', async () => {
    const local = await start({ tokenEndpoint: { answer: () => Promise.reject(new Error('no keys')) } });
    const response = await fetch(local.endpoint);
    expect([response.status, await response.text()]).toEqual([500, 'no keys']);
  });
});

test('parameter names of a request cannot change a prototype', async () => {
  const { query } = signedClient(deploy);
  await query('sts', 'GetCallerIdentity', {
    'constructor.prototype.carrot': 'x',
    '__proto__.carrot': 'x',
    'constructor.carrot': 'x',
  });
  expect(({} as { carrot?: string }).carrot).toBeUndefined();
  expect((Object as { carrot?: string }).carrot).toBeUndefined();
});

test('S3 accepts chunked payloads with a trailer, as the SDKs send them', async () => {
  const { send } = signedClient(deploy);
  const bucket = 'cdk-hnb659fds-assets-123456789012-us-west-2';
  const body = '5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n';
  const headers = {
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '11',
  };
  const put = await send('s3', `/${bucket}/chunked`, { method: 'PUT', body, headers });
  expect(put.status).toBe(200);
  expect(put.headers.get('etag')).toBe('"5eb63bbbe01eeed093cb22bb8f5acdc3"');
  expect(await (await send('s3', `/${bucket}/chunked`)).text()).toBe('hello world');
  for (const broken of ['5\r\nhel', '5\r\nhello\r\n0\r\n\r\n', 'carrot']) {
    expect((await send('s3', `/${bucket}/short`, { method: 'PUT', body: broken, headers })).status).toBe(400);
  }
});

test('S3 puts the parts of an upload together in the order of their numbers', async () => {
  const { send } = signedClient(deploy);
  const path = '/cdk-hnb659fds-assets-123456789012-us-west-2/parts';
  const started = await (await send('s3', `${path}?uploads`, { method: 'POST' })).text();
  const uploadId = /<UploadId>([^<]+)</.exec(started)![1]!;
  for (const number of [10, 2, 1]) {
    const part = await send('s3', `${path}?partNumber=${number}&uploadId=${uploadId}`, {
      method: 'PUT',
      body: `${number};`,
    });
    expect(part.status).toBe(200);
  }
  expect((await send('s3', `${path}?uploadId=${uploadId}`, { method: 'POST' })).status).toBe(200);
  expect(await (await send('s3', path)).text()).toBe('1;2;10;');
});

describe('IAM', () => {
  const source = `
const { createHash, createHmac } = require('node:crypto');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();
// a minimal signer that sends a form to a service at the endpoint
exports.handler = async ({ service, form }) => {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env;
  const { AWS_REGION: region, AWS_ENDPOINT_URL: endpoint } = process.env;
  const date = new Date().toISOString().replace(/[-:]|\\.\\d{3}/g, '');
  const scope = [date.slice(0, 8), region, service, 'aws4_request'];
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const signedHeaders = 'host;x-amz-date;x-amz-security-token';
  const canonical = [
    'POST',
    '/',
    '',
    'host:' + new URL(endpoint).host,
    'x-amz-date:' + date,
    'x-amz-security-token:' + token,
    '',
    signedHeaders,
    sha256(form),
  ].join('\\n');
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\\n');
  const signature = createHmac('sha256', scope.reduce(hmac, 'AWS4' + secret)).update(text).digest('hex');
  const credential = 'Credential=' + id + '/' + scope.join('/');
  const authorization =
    'AWS4-HMAC-SHA256 ' + credential + ', SignedHeaders=' + signedHeaders + ', Signature=' + signature;
  const response = await fetch(endpoint, {
    method: 'POST',
    body: form,
    headers: { 'x-amz-date': date, 'x-amz-security-token': token, authorization },
  });
  return { status: response.status, text: await response.text() };
};`;
  const describeResource = {
    service: 'cloudformation',
    form: 'Action=DescribeStackResource&StackName=Iam&LogicalResourceId=Function',
  };
  const identify = { service: 'sts', form: 'Action=GetCallerIdentity' };
  const call = async (event: object) =>
    JSON.parse((await deploy.invokeFunction('the-function', event)).payload) as { status: number; text: string };
  const policy = (Resource: unknown) => ({
    PolicyName: 'p',
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'cloudformation:DescribeStackResource', Resource }] },
  });

  test('a function has the permissions of its role, and the error names a missing permission', async () => {
    const resources = (Resource: unknown) => inlineFunction(source, {}, [policy(Resource)]);
    await createStack(deploy, 'Iam', resources({ Ref: 'AWS::StackId' }));
    expect(await call(identify)).toMatchObject({
      status: 200,
      text: expect.stringContaining('<Arn>arn:aws:sts::123456789012:assumed-role/the-role/the-function</Arn>'),
    });
    expect(await call(describeResource)).toMatchObject({
      status: 200,
      text: expect.stringContaining('<ResourceStatus>CREATE_COMPLETE</ResourceStatus>'),
    });
    expect(
      await call({ ...describeResource, form: describeResource.form.replace('StackResource', 'Stacks') }),
    ).toMatchObject({
      status: 403,
      text: expect.stringMatching(
        /is not authorized to perform: cloudformation:DescribeStacks on resource: arn:aws:cloudformation:us-west-2:123456789012:stack\/Iam\//,
      ),
    });

    // An invocation without an event has an empty event.
    expect(await deploy.invokeFunction('the-function', undefined)).toMatchObject({ functionError: 'Unhandled' });

    // a policy change also applies to existing sessions
    const update = (Resource: unknown) =>
      signedClient(deploy).query('cloudformation', 'UpdateStack', {
        'StackName': 'Iam',
        'Capabilities.member.1': 'CAPABILITY_IAM',
        'TemplateBody': JSON.stringify({ Resources: resources(Resource) }),
      });
    await update('arn:aws:cloudformation:us-west-2:123456789012:stack/Other/*');
    expect((await call(describeResource)).status).toBe(403);
  });

  test('AssumeRole evaluates trust policies, and allows unknown roles for the administrator', async () => {
    const assume = (identity: Identity, name: string) =>
      signedClient(deploy, identity).query('sts', 'AssumeRole', {
        RoleArn: `arn:aws:iam::123456789012:role/${name}`,
        RoleSessionName: 's',
      });
    const session = deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/someone/s', () => true);
    expect((await assume(deploy.identities.administrator, 'cdk-hnb659fds-deploy-role')).status).toBe(200);
    expect((await assume(session, 'cdk-hnb659fds-deploy-role')).status).toBe(403);
    const role = (name: string, AWS: string) => ({
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: name,
        AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } }] },
      },
    });
    await createStack(deploy, 'Roles', {
      Open: role('open', 'arn:aws:iam::123456789012:root'),
      Closed: role('closed', 'arn:aws:iam::123456789012:user/another'),
    });
    expect((await assume(session, 'open')).status).toBe(200);
    expect((await assume(deploy.identities.administrator, 'closed')).status).toBe(403);
    const nobody = deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/someone/s', () => false);
    expect((await assume(nobody, 'open')).status).toBe(403);
  });
});

test('a role with a path is found by its ARN', () => {
  const roles = new Roles();
  const role = { name: 'r', arn: 'arn:aws:iam::123456789012:role/team/chat/r', trustPolicy: {} };
  roles.put({ ...role, inlinePolicies: [], managedPolicyArns: [] });
  expect([roles.get(role.arn)?.name, roles.get('r')?.name, roles.get('chat')]).toEqual(['r', 'r', undefined]);
});

test('a deleted role allows nothing', () => {
  const roles = new Roles();
  roles.put({
    name: 'r',
    arn: 'arn:aws:iam::123456789012:role/r',
    trustPolicy: {},
    inlinePolicies: [{ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
    managedPolicyArns: [],
  });
  const allowed = roles.allowsOf('arn:aws:iam::123456789012:role/r');
  expect(allowed('a:B', '*', {})).toBe(true);
  roles.remove('r');
  expect(allowed('a:B', '*', {})).toBe(false);
});

test('an unknown managed policy is refused by name', async () => {
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: {}, ManagedPolicyArns: ['arn:aws:iam::aws:policy/Carrot'] },
  };
  expect(await createStack(deploy, 'Managed', { Role: role })).toBe('CREATE_FAILED');
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStackEvents', { StackName: 'Managed' });
  expect(text).toContain(
    'The content of managed policy arn:aws:iam::aws:policy/Carrot is not known to the local service',
  );
});

test('the port and the identities can be specified, and a port in use is an error', async () => {
  const { port } = new URL(deploy.endpoint);
  await expect(startLocalDeploy({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const ACCOUNT = '210987654321';
  const other = await startLocalDeploy({ identities: deploy.identities, accountId: ACCOUNT, region: 'eu-west-1' });
  expect([other.accountId, other.identities]).toEqual([ACCOUNT, deploy.identities]);
  expect(other.environment).toEqual({
    AWS_ENDPOINT_URL: other.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: deploy.identities.administrator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: deploy.identities.administrator.secretAccessKey,
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: 'eu-west-1',
  });

  // All services have the account and the Region of the options.
  const { Role, Function } = inlineFunction('');
  const resources = {
    Role, Function, Pool: { Type: 'AWS::Cognito::UserPool' }, Group: { Type: 'AWS::Logs::LogGroup' },
  };
  const Outputs = Object.fromEntries(
    Object.keys(resources).map((name) => [name, { Value: { 'Fn::GetAtt': [name, 'Arn'] } }]),
  );
  await createStack(other, 'App', resources, { Outputs });
  const owner = `eu-west-1:${ACCOUNT}`;
  expect(other.state().stacks[0]!.outputs.map(({ value }) => value)).toEqual([
    `arn:aws:iam::${ACCOUNT}:role/the-role`,
    `arn:aws:lambda:${owner}:function:the-function`,
    expect.stringMatching(`^arn:aws:cognito-idp:${owner}:userpool/eu-west-1_`),
    expect.stringMatching(`^arn:aws:logs:${owner}:log-group:App-Group-`),
  ]);
  const { json, send } = signedClient(other);
  const { body: { logGroups: [group] } } = await json('logs', 'Logs_20140328.DescribeLogGroups', {});
  expect(group.arn).toMatch(new RegExp(`^arn:aws:logs:${owner}:`));
  const Name = '/cdk-bootstrap/hnb659fds/version';
  const { body: { Parameter } } = await json('ssm', 'AmazonSSM.GetParameter', { Name });
  expect(Parameter.ARN).toBe(`arn:aws:ssm:${owner}:parameter${Name}`);
  const location = await send('s3', `/cdk-hnb659fds-assets-${ACCOUNT}-eu-west-1?location`);
  expect(await location.text()).toContain('>eu-west-1<');
  await other.close();
});

describe('a deployment endpoint', () => {
  const ACCOUNT = '210987654321';
  let own: LocalDeploy;
  const events: DeployEvent[] = [];
  beforeAll(async () => {
    own = await startLocalDeploy({
      accountId: ACCOUNT,
      region: 'eu-west-1',
      seedBootstrap: false,
      verifySignatures: false,
      // The own type takes precedence.
      allowUnknownResourceTypes: ['AWS::SNS::Topic', 'AWS::SQS::Queue'],
      resourceTypes: { 'AWS::SQS::Queue': { create: () => ({ physicalId: 'own queue' }) } },
      log: (event) => events.push(event),
    });
  });
  afterAll(() => own.close());
  const parameter = { Name: '/cdk-bootstrap/hnb659fds/version' };
  const listing = (name: string) => `/cdk-hnb659fds-assets-${name}?list-type=2`;

  test('has its account, Region and addresses', () => {
    expect(own).toMatchObject({
      accountId: ACCOUNT,
      region: 'eu-west-1',
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      issuer: `${own.endpoint}/_local/issuer`,
      environment: { CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: 'eu-west-1' },
    });
    expect(own.identities.accountId).toBe(ACCOUNT);
    expect([deploy.accountId, deploy.region]).toEqual(['123456789012', 'us-west-2']);
  });

  test('has the keys of its issuer before the first token', async () => {
    const keys = await fetch(`${own.issuer}/.well-known/jwks.json`);
    expect([keys.status, await keys.json()]).toEqual([200, { keys: [expect.objectContaining({ alg: 'RS256' })] }]);
  });

  test('is bootstrapped for the CDK by default', async () => {
    const seeded = await signedClient(deploy).json('ssm', 'AmazonSSM.GetParameter', parameter);
    expect(seeded.body.Parameter).toMatchObject({ Value: '30', Type: 'String' });
    expect((await signedClient(deploy).send('s3', listing('123456789012-us-west-2'))).status).toBe(200);
    expect(await signedClient(own).json('ssm', 'AmazonSSM.GetParameter', parameter)).toMatchObject({
      status: 400, body: { __type: 'ParameterNotFound' },
    });
    expect((await signedClient(own).send('s3', listing(`${ACCOUNT}-eu-west-1`))).status).toBe(404);
  });

  test('has a bootstrap that a stack takes over once', async () => {
    const other = await startLocalDeploy();
    const resources = {
      Version: { Type: 'AWS::SSM::Parameter', Properties: { ...parameter, Type: 'String', Value: '31' } },
      Assets: {
        Type: 'AWS::S3::Bucket', Properties: { BucketName: 'cdk-hnb659fds-assets-123456789012-us-west-2' },
      },
    };
    expect(await createStack(other, 'CDKToolkit', resources)).toBe('CREATE_COMPLETE');
    for (const [name, resource] of Object.entries(resources)) {
      expect(await createStack(other, name, { One: resource })).toBe('CREATE_FAILED');
    }
    await other.close();
  });

  test('has the resource types of its options, and logs the events of stacks', async () => {
    events.length = 0;
    const Outputs = { Queue: { Value: { Ref: 'Queue' } } };
    const resources = { Queue: { Type: 'AWS::SQS::Queue' }, Topic: { Type: 'AWS::SNS::Topic' } };
    expect(await createStack(own, 'App', resources, { Outputs })).toBe('CREATE_COMPLETE');
    await expect(createStack(own, 'Other', { Other: { Type: 'AWS::SNS::Subscription' } })).rejects.toThrow(
      'Unrecognized resource types: [AWS::SNS::Subscription]');
    const [stack] = own.state().stacks;
    expect(stack).toMatchObject({ name: 'App', outputs: [{ name: 'Queue', value: 'own queue' }] });
    const stackEvents = events.flatMap((event) => (event.kind === 'stack' ? [event.event] : []));
    expect(stackEvents.at(-1)).toMatchObject({
      StackId: expect.stringMatching(`^arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/App/`),
      LogicalResourceId: 'App',
      ResourceStatus: 'CREATE_COMPLETE',
    });
    expect(stackEvents).toHaveLength(stack!.events.length);
  });

  test('has custom resources of both forms of types', async () => {
    for (const Type of ['Custom::Carrot', 'AWS::CloudFormation::CustomResource']) {
      expect(await createStack(own, Type.split(':').pop()!, { One: { Type, Properties: { ServiceToken: 'x' } } }))
        .toBe('CREATE_FAILED');
      expect(own.state().stacks[0]!.resources[0]!.statusReason).toMatch(/^Invalid service token/);
    }
  });

  test('resolves the parameters of its parameter store', async () => {
    await signedClient(own).json('ssm', 'AmazonSSM.PutParameter', { Name: '/own', Value: 'stored', Type: 'String' });
    const Outputs = { Own: { Value: '{{resolve:ssm:/own}}' } };
    await createStack(own, 'Ssm', { Topic: { Type: 'AWS::SNS::Topic' } }, { Outputs });
    expect(own.state().stacks[0]!.outputs).toMatchObject([{ name: 'Own', value: 'stored' }]);
    const none = { None: { Value: '{{resolve:ssm:/none}}' } };
    expect(await createStack(own, 'None', { Topic: { Type: 'AWS::SNS::Topic' } }, { Outputs: none }).catch(String))
      .not.toContain('COMPLETE');
  });

  test.each([undefined, 'UPDATE_IN_PROGRESS' as const])('repeats a create with the status %s', async (retryStatus) => {
    const other = await startLocalDeploy({ retryStatus });
    const parameterWith = (Value?: string) =>
      ({ One: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value } } });
    expect(await createStack(other, 'App', parameterWith())).toBe('CREATE_FAILED');
    await signedClient(other).query('cloudformation', 'UpdateStack', {
      StackName: 'App', TemplateBody: JSON.stringify({ Resources: parameterWith('1') }), DisableRollback: 'true',
    });
    const { status, events: newestFirst } = other.state().stacks[0]!;
    expect(status).toBe('UPDATE_COMPLETE');
    const [, retry] = newestFirst.filter(({ logicalId }) => logicalId === 'One');
    expect(retry!.status).toBe(retryStatus ?? 'CREATE_IN_PROGRESS');
    await other.close();
  });

  test('has templates in its buckets', async () => {
    await createStack(own, 'Templates', {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'templates' } },
    });
    const Resources = { Topic: { Type: 'AWS::SNS::Topic' } };
    own.putObject('templates', 'a.json', Buffer.from(JSON.stringify({ Resources })));
    const create = (key: string) => signedClient(own).query('cloudformation', 'CreateStack', {
      StackName: 'FromBucket', TemplateURL: `https://templates.s3.eu-west-1.amazonaws.com/${key}`,
    });
    expect(await create('b.json')).toMatchObject({
      status: 400, text: expect.stringContaining('The specified key does not exist. (s3://templates/b.json)'),
    });
    expect((await create('a.json')).status).toBe(200);
  });

  test('receives objects and log events, as AWS services write them', async () => {
    await createStack(own, 'Storage', {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'storage' } },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'group' } },
    });
    const body = Buffer.from('text');
    own.putObject('storage', 'a/b', body);
    body.fill(0);
    expect(await (await signedClient(own).send('s3', '/storage/a/b')).text()).toBe('text');
    expect(() => own.putObject('other', 'a', Buffer.from(''))).toThrow(expect.objectContaining({
      code: 'NoSuchBucket', status: 404, message: 'The specified bucket does not exist',
    }));
    own.putLogEvents('group', 'stream', [{ timestamp: 1000, message: 'one' }, { timestamp: 2000, message: 'two' }]);
    expect(own.state().logLines).toMatchObject([
      { logGroupName: 'group', time: '1970-01-01T00:00:01.000Z', message: 'one' },
      { logGroupName: 'group', time: '1970-01-01T00:00:02.000Z', message: 'two' },
    ]);
    for (const name of ['other', 'gro']) {
      expect(() => own.putLogEvents(name, 'stream', [])).toThrow(expect.objectContaining({
        code: 'ResourceNotFoundException', status: 400, message: 'The specified log group does not exist.',
      }));
    }
    const arn = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:other`;
    expect(() => own.functionPolicy(arn)).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }));
  });

  test('invokes a function with its event, or with an empty one', async () => {
    const invoke = jest.spyOn(LambdaFunctions.prototype, 'invoke');
    invoke.mockResolvedValue({ payload: '1' } as InvocationResult);
    const initialization = { began: () => {}, ended: () => {} };
    expect(await own.invokeFunction('f:1', { a: 1 }, initialization)).toEqual({ payload: '1' });
    for (const event of [0, '', false, null, undefined]) await own.invokeFunction('f', event);
    expect(invoke.mock.calls).toEqual([
      ['f:1', '{"a":1}', { initialization }],
      ...['0', '""', 'false', '{}', '{}'].map((payload) => ['f', payload, { initialization: undefined }]),
    ]);
    jest.restoreAllMocks();
  });

  test('closes all of its parts', async () => {
    let end = () => {};
    const parts = [
      jest.spyOn(AssetDirectories.prototype, 'close'),
      jest.spyOn(CustomResources.prototype, 'close'),
      jest.spyOn(FunctionUrls.prototype, 'closeAll'),
      jest.spyOn(HttpApis.prototype, 'close'),
      jest.spyOn(LambdaFunctions.prototype, 'close').mockReturnValue(new Promise((resolve) => {
        end = resolve;
      })),
    ];
    const other = await startLocalDeploy();
    const closed = other.close();
    await new Promise(setImmediate);
    end();
    // Functions use the assets until they end.
    expect(parts.map(({ mock }) => mock.calls.length)).toEqual([0, 1, 1, 1, 1]);
    await closed;
    expect(parts.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1, 1, 1]);
    await expect(fetch(other.endpoint)).rejects.toThrow();
    jest.restoreAllMocks();
  });

  test('has the options of functions, APIs and custom resources, or their defaults', async () => {
    const optionsOf = async (options?: LocalDeployOptions) => {
      const closed = [
        jest.spyOn(LambdaFunctions.prototype, 'close'),
        jest.spyOn(HttpApis.prototype, 'close'),
        jest.spyOn(CustomResources.prototype, 'close'),
      ];
      await (await startLocalDeploy(options)).close();
      const parts = closed.map(({ mock }) => mock.contexts[0] as unknown as { readonly options: object });
      jest.restoreAllMocks();
      return parts.map((part) => part.options);
    };
    const usual = { region: 'us-west-2', accountId: '123456789012' };
    expect(await optionsOf()).toMatchObject([{
      ...usual,
      nodePath: process.execPath,
      responseHost: responseHost('us-west-2'),
      extraEnvironment: {},
      retryDelays: [1000, 2000],
      coldStartMilliseconds: 0,
    }, usual, { region: 'us-west-2', failFast: true }]);
    const other = { region: 'eu-west-1', accountId: ACCOUNT };
    const given = { nodePath: '/node', retryDelays: [1], coldStartMilliseconds: 5 };
    expect(await optionsOf({
      region: 'eu-west-1',
      identities: new Identities(ACCOUNT),
      failFast: false,
      functionEnvironment: { A: '1' },
      ...given,
    })).toMatchObject([
      { ...other, ...given, responseHost: responseHost('eu-west-1'), extraEnvironment: { A: '1' } },
      other,
      { region: 'eu-west-1', failFast: false },
    ]);
  });

  test('accepts other callers only if it does not verify signatures', async () => {
    const nobody = { ...own.identities.administrator, accessKeyId: 'AKIANOBODY' };
    expect((await signedClient(own, nobody).query('sts', 'GetCallerIdentity')).status).toBe(200);
    expect((await signedClient(deploy, nobody).query('sts', 'GetCallerIdentity')).status).toBe(403);
  });
});
