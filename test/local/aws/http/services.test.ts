import { Identities } from '../../../../local/aws/http/identities';
import { jsonService, seconds } from '../../../../local/aws/http/json-service';
import { parseQueryInput, queryService } from '../../../../local/aws/http/query-service';
import { authorize, type ServiceRequest } from '../../../../local/aws/http/service';
import { ServiceError } from '../../../../local/aws/http/service-error';
import { Flattened, xmlElement } from '../../../../local/aws/http/xml';

const identities = new Identities();
const request = (more: Partial<ServiceRequest>): ServiceRequest => ({
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.from(''),
  identity: identities.administrator,
  requestId: 'the-request',
  ...more,
});

/** The operations return their input and the caller. */
const echo = async (input: object, { identity }: ServiceRequest) => ({ Input: { ...input }, Arn: identity.arn });
const fail = async () => {
  throw new ServiceError('NotFound', 'a & b', 404);
};
const operations = { Echo: echo, Fail: fail, Nothing: async () => {} };
const notImplemented = (name: string) => ({
  code: 'NotImplemented',
  status: 501,
  message: `${name} is not implemented by the local service. See docs/local-deploy.md for the supported operations.`,
  operation: name.split(':')[1],
});

describe('a service of the JSON protocol', () => {
  const service = jsonService('ssm', operations);
  const call = (target: string | undefined, body = '') =>
    service.handle(request({ headers: { 'x-amz-target': target }, body: Buffer.from(body) }));
  const headers = { 'content-type': 'application/x-amz-json-1.1' };

  test('answers with the result of the operation', async () => {
    expect(await call('AmazonSSM.Echo', '{"a":"ä"}')).toEqual({
      statusCode: 200,
      headers,
      body: JSON.stringify({ Input: { a: 'ä' }, Arn: 'arn:aws:iam::123456789012:user/local' }),
      operation: 'Echo',
    });
    expect(await call('AmazonSSM.Nothing')).toEqual({ statusCode: 200, headers, body: '{}', operation: 'Nothing' });
  });

  test('an error names its operation, for the log', async () => {
    await expect(call('AmazonSSM.Fail')).rejects.toMatchObject({ code: 'NotFound', status: 404, operation: 'Fail' });
    await expect(call('AmazonSSM.Echo', '{')).rejects.toMatchObject({ name: 'SyntaxError', operation: 'Echo' });
    await expect(call('AmazonSSM.toString')).rejects.toMatchObject(notImplemented('ssm:toString'));
    await expect(call(undefined)).rejects.toMatchObject(notImplemented('ssm:'));
  });

  test('sends the code and the message of an error', () => {
    expect(service.refuse(new ServiceError('NotFound', 'a & b', 404), 'the-request')).toEqual({
      statusCode: 404,
      headers: { ...headers, 'x-amzn-errortype': 'NotFound' },
      body: '{"__type":"NotFound","message":"a & b"}',
    });
  });

  test('has times in seconds', () => {
    expect(seconds(new Date(1500))).toBe(1.5);
  });
});

describe('a service of the Query protocol', () => {
  const service = queryService('sts', 'https://sts.example/', operations);
  const call = (form: string, query = '') =>
    service.handle(request({ body: Buffer.from(form), query: new URLSearchParams(query) }));
  const headers = { 'content-type': 'text/xml' };

  test.each([['the body', 'Action=Echo&A=ä', 'A=2'], ['the query string', '', 'Action=Echo&A=%C3%A4']])(
    'answers an operation in %s',
    async (_, form, query) => {
      expect(await call(form, query)).toEqual({
        statusCode: 200,
        headers,
        body: '<EchoResponse xmlns="https://sts.example/"><EchoResult>'
          + '<Input><Action>Echo</Action><A>ä</A></Input><Arn>arn:aws:iam::123456789012:user/local</Arn>'
          + '</EchoResult><ResponseMetadata><RequestId>the-request</RequestId></ResponseMetadata></EchoResponse>',
        operation: 'Echo',
      });
    },
  );

  test('answers with an empty result', async () => {
    expect((await call('Action=Nothing')).body).toContain('><NothingResult></NothingResult><ResponseMetadata>');
  });

  test('an error names its operation, for the log', async () => {
    await expect(call('Action=Fail')).rejects.toMatchObject({ code: 'NotFound', status: 404, operation: 'Fail' });
    await expect(call('Action=toString')).rejects.toMatchObject(notImplemented('sts:toString'));
    await expect(call('action=Echo')).rejects.toMatchObject(notImplemented('sts:undefined'));
  });

  test.each([[404, 'Sender'], [499, 'Sender'], [500, 'Receiver']])('an error with the status %i is from the %s', (
    status,
    type,
  ) => {
    expect(service.refuse(new ServiceError('NotFound', 'a & b', status), 'the-request')).toEqual({
      statusCode: status,
      headers,
      body: `<ErrorResponse xmlns="https://sts.example/"><Error><Type>${type}</Type><Code>NotFound</Code>`
        + '<Message>a &#38; b</Message></Error><RequestId>the-request</RequestId></ErrorResponse>',
    });
  });

  test.each<[string, object]>([
    ['A=1&B=a+b%26', { A: '1', B: 'a b&' }],
    ['A=', { A: '' }],
    ['A=+b+', { A: ' b ' }],
    ['Tags.member.1.Key=a&Tags.member.1.Value=b', { Tags: [{ Key: 'a', Value: 'b' }] }],
    ['L.member.10=c&L.member.2=b&L.member.1=a', { L: ['a', 'b', 'c'] }],
    ['A.B.C=1&A.B.D=2', { A: { B: { C: '1', D: '2' } } }],
    ['A.1=x&A.b=y', { A: { 1: 'x', b: 'y' } }],
    ['A.b1=x', { A: { b1: 'x' } }],
    ['', {}],
  ])('the form %s', (form, expected) => {
    expect(parseQueryInput(form)).toEqual(expected);
  });

  test('a parameter can have the name of a member of every object', () => {
    const input = parseQueryInput('constructor.a=1&__proto__.b=2&A.constructor.c=3&A.__proto__.d=4');
    expect(JSON.stringify(input)).toBe(
      '{"constructor":{"a":"1"},"__proto__":{"b":"2"},"A":{"constructor":{"c":"3"},"__proto__":{"d":"4"}}}',
    );
    expect(['a', 'b', 'c', 'd'].filter((name) => name in Object)).toEqual([]);
  });

  test('a parameter has at most 20 parts', () => {
    const name = (parts: number) => Array(parts).fill('a').join('.');
    expect(() => parseQueryInput(`${name(20)}=1`)).not.toThrow();
    expect(() => parseQueryInput(`${name(21)}=1`)).toThrow(expect.objectContaining({
      code: 'MalformedQueryString', status: 400, message: `The parameter ${name(21)} is malformed`,
    }));
  });
});

test('a service has the signing name, and the errors of its protocol', () => {
  expect(jsonService('ssm', operations)).toMatchObject({ signingName: 'ssm', errors: 'json' });
  expect(queryService('sts', 'https://sts.example/', operations)).toMatchObject({ signingName: 'sts', errors: 'query' });
});

test('an error of a service has the code as its name, and the status 400 by default', () => {
  expect(new ServiceError('NotFound', 'a'))
    .toMatchObject({ name: 'NotFound', code: 'NotFound', status: 400, members: {} });
  expect(new ServiceError('NotFound', 'a', 404, { b: 1 })).toMatchObject({ status: 404, members: { b: 1 } });
});

test.each<[unknown, string]>([
  ['<a href="b">\'&\r', '<E>&#60;a href=&#34;b&#34;&#62;&#39;&#38;&#13;</E>'],
  ['a\u0000\u0008\u000b\u000c\u000e\u001f\ufffe\uffff\t\nb', `<E>a${'\ufffd'.repeat(8)}\t\nb</E>`],
  ['\u007f\u0085\ufffd\u{1f600}', '<E>\u007f\u0085\ufffd\u{1f600}</E>'],
  [false, '<E>false</E>'],
  [0, '<E>0</E>'],
  ['', '<E></E>'],
  [undefined, ''],
  [null, ''],
  [new Date(0), '<E>1970-01-01T00:00:00.000Z</E>'],
  [['a', undefined, { B: 'c' }], '<E><member>a</member><member><B>c</B></member></E>'],
  [{ B: 'b', A: undefined, C: ['c'] }, '<E><B>b</B><C><member>c</member></C></E>'],
  [{ C: new Flattened(['c', '', { D: 'd' }]) }, '<E><C>c</C><C></C><C><D>d</D></C></E>'],
])('the XML element of %j', (value, expected) => {
  expect(xmlElement('E', value)).toBe(expected);
});

describe('authorize', () => {
  const context = { 'aws:RequestTag/a': 'b' };
  const session = (allows: boolean, asked: unknown[] = []) =>
    identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', (...question) => {
      asked.push(question);
      return allows;
    });

  test('asks for the action, the resource and the context', () => {
    const asked: unknown[] = [];
    authorize(session(true, asked), 's3:GetObject', 'arn:aws:s3:::b', context);
    authorize(session(true, asked), 's3:GetObject', 'arn:aws:s3:::b');
    expect(asked).toEqual([['s3:GetObject', 'arn:aws:s3:::b', context], ['s3:GetObject', 'arn:aws:s3:::b', {}]]);
  });

  test('allows everything to the administrator', () => {
    expect(() => authorize(identities.administrator, 's3:GetObject', '*')).not.toThrow();
  });

  test.each([[undefined, 'AccessDenied'], ['AccessDeniedException', 'AccessDeniedException']])(
    'refuses with the code %s',
    (code, expected) => {
      expect.assertions(1);
      try {
        authorize(session(false), 's3:GetObject', 'arn:aws:s3:::b', {}, code);
      } catch (error) {
        expect(error).toMatchObject({
          code: expected,
          status: 403,
          message: 'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: s3:GetObject on '
            + 'resource: arn:aws:s3:::b because no identity-based policy allows the s3:GetObject action',
        });
      }
    },
  );
});

describe('the identities', () => {
  test('have an administrator with new keys, or with given ones', () => {
    expect(identities.administrator).toEqual({
      accessKeyId: expect.stringMatching(/^AKIA[0-9A-F]{16}$/),
      secretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      accountId: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/local',
    });
    expect(new Identities().administrator.secretAccessKey).not.toBe(identities.administrator.secretAccessKey);
    const given = { accessKeyId: 'AKIAGIVEN', secretAccessKey: 'given' };
    expect(new Identities('210987654321', given).administrator).toEqual({
      ...given, accountId: '210987654321', arn: 'arn:aws:iam::210987654321:user/local',
    });
  });

  test('are unknown to the services of another process or test', () => {
    const { accessKeyId } = identities.administrator;
    expect([identities.find(accessKeyId)?.accessKeyId, new Identities().find(accessKeyId)])
      .toEqual([accessKeyId, undefined]);
  });

  test('have role sessions until they are removed', () => {
    const allows = () => true;
    const ofAccount = new Identities('210987654321');
    const session = ofAccount.assumeRole('arn:aws:sts::210987654321:assumed-role/r/s', allows);
    expect(session).toEqual({
      accessKeyId: expect.stringMatching(/^ASIA[0-9A-F]{16}$/),
      secretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      sessionToken: expect.stringMatching(/^[A-Za-z0-9+/]{160}$/),
      accountId: '210987654321',
      arn: 'arn:aws:sts::210987654321:assumed-role/r/s',
      allows,
    });
    expect(ofAccount.find(session.accessKeyId)).toBe(session);
    ofAccount.remove(session.accessKeyId);
    expect(ofAccount.find(session.accessKeyId)).toBeUndefined();
    expect(ofAccount.find(ofAccount.administrator.accessKeyId)).toBe(ofAccount.administrator);
  });
});
