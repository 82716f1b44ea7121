import { Identities, type Identity } from '../../../../local/aws/http/identities';
import { Roles } from '../../../../local/aws/iam/roles';
import { stsService } from '../../../../local/aws/sts/sts-service';
import { VirtualClock } from '../../../../local/clock';

const account = '210987654321';
const clock = new VirtualClock(Date.UTC(2026, 10, 22, 10));
const roles = new Roles();
let identities: Identities;
beforeEach(() => {
  identities = new Identities(account);
});

/** Deploys a role that some principals can assume and that can read rooms. */
function deployRole(name: string, AWS: string, Condition?: object): string {
  const arn = `arn:aws:iam::${account}:role/team/${name}`;
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS }, ...(Condition ? { Condition } : {}) };
  roles.put({
    name,
    arn,
    trustPolicy: { Statement: trust as object },
    inlinePolicies: [{ Statement: { Effect: 'Allow', Action: 'ivschat:GetRoom', Resource: '*' } }],
    managedPolicyArns: [],
  });
  return arn;
}

async function call(input: { readonly [name: string]: string }, identity: Identity = identities.administrator) {
  const { headers, ...response } = await stsService(identities, roles, clock).handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(new URLSearchParams(input).toString()),
    identity,
    requestId: 'the-request',
  });
  return response;
}
const assume = (RoleArn: string, more: { readonly [name: string]: string } = {}, identity?: Identity) =>
  call({ Action: 'AssumeRole', RoleArn, RoleSessionName: 'the-session', ...more }, identity);

const answer = (operation: string, result: string) => ({
  statusCode: 200,
  body: `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${result}`
    + `</${operation}Result><ResponseMetadata><RequestId>the-request</RequestId></ResponseMetadata>`
    + `</${operation}Response>`,
  operation,
});

test('GetCallerIdentity returns the caller', async () => {
  const { accessKeyId } = identities.administrator;
  expect(await call({ Action: 'GetCallerIdentity' })).toEqual(answer(
    'GetCallerIdentity',
    `<Arn>arn:aws:iam::${account}:user/local</Arn><UserId>${accessKeyId}</UserId><Account>${account}</Account>`,
  ));
});

test.each<[string, { [name: string]: string }, string, string]>([
  [deployRole('deployed', account), {}, 'deployed', '2026-11-22T11:00:00.000Z'],
  [deployRole('short', account), { DurationSeconds: '900' }, 'short', '2026-11-22T10:15:00.000Z'],
  [`arn:aws:iam::${account}:role/a/b/unknown`, {}, 'unknown', '2026-11-22T11:00:00.000Z'],
])('the role %s with %j has a session with temporary credentials', async (RoleArn, more, name, expiration) => {
  const assumeRole = jest.spyOn(identities, 'assumeRole');
  const response = await assume(RoleArn, more);
  const session = assumeRole.mock.results[0]!.value as Identity;
  const arn = `arn:aws:sts::${account}:assumed-role/${name}/the-session`;
  expect(response).toEqual(answer(
    'AssumeRole',
    `<Credentials><AccessKeyId>${session.accessKeyId}</AccessKeyId>`
    + `<SecretAccessKey>${session.secretAccessKey}</SecretAccessKey>`
    + `<SessionToken>${session.sessionToken}</SessionToken><Expiration>${expiration}</Expiration></Credentials>`
    + `<AssumedRoleUser><AssumedRoleId>${session.accessKeyId}:the-session</AssumedRoleId><Arn>${arn}</Arn>`
    + '</AssumedRoleUser>',
  ));
  expect(session.arn).toBe(arn);
  expect(identities.find(session.accessKeyId)).toBe(session);
  // An unknown role has the permissions of the administrator.
  const allowed = ['ivschat:GetRoom', 'ivschat:DeleteRoom'].map((action) => session.allows?.(action, '*', {}) ?? true);
  expect(allowed).toEqual([true, name === 'unknown']);
});

const somebody = (allows: Identity['allows'] = () => true) =>
  identities.assumeRole(`arn:aws:sts::${account}:assumed-role/somebody/s`, allows);

test.each([
  ['another account', 'arn:aws:iam::123456789012:role/unknown'],
  ['another account with the name of a deployed role', 'arn:aws:iam::123456789012:role/deployed'],
  ['a role that trusts another caller', deployRole('closed', `arn:aws:iam::${account}:user/another`)],
])('the administrator cannot assume a role of %s', async (_, RoleArn) => {
  await expect(assume(RoleArn)).rejects.toMatchObject({
    code: 'AccessDenied',
    status: 403,
    message: `User: arn:aws:iam::${account}:user/local is not authorized to perform: sts:AssumeRole on resource: `
      + RoleArn,
    operation: 'AssumeRole',
  });
});

test('only the administrator can assume a role that is not deployed', async () => {
  const RoleArn = `arn:aws:iam::${account}:role/unknown`;
  await expect(assume(RoleArn, {}, somebody())).rejects.toMatchObject({ code: 'AccessDenied', status: 403 });
  await expect(assume(RoleArn)).resolves.toBeDefined();
});

test('a caller needs the permission for the role', async () => {
  const asked: unknown[] = [];
  const RoleArn = deployRole('open', account);
  const allows = (...question: unknown[]) => {
    asked.push(question);
    return asked.length > 1;
  };
  const refusal = { code: 'AccessDenied', message: expect.stringContaining('no identity-based policy allows') };
  await expect(assume(RoleArn, {}, somebody(allows))).rejects.toMatchObject(refusal);
  await expect(assume(RoleArn, {}, somebody(allows))).resolves.toBeDefined();
  expect(asked).toEqual(Array(2).fill(['sts:AssumeRole', RoleArn, {}]));
});

test('a trust policy can require the name of the session and the external ID', async () => {
  const RoleArn = deployRole('conditional', account, {
    StringEquals: { 'sts:RoleSessionName': 'the-session', 'sts:ExternalId': 'the-partner' },
  });
  const outcome = (more: { [name: string]: string }) => assume(RoleArn, more).then(() => true, ({ code }) => code);
  expect(await Promise.all([
    { ExternalId: 'the-partner' }, { ExternalId: 'another' }, {}, { ExternalId: 'the-partner', RoleSessionName: 'b' },
  ].map((more) => outcome(more as { [name: string]: string }))))
    .toEqual([true, 'AccessDenied', 'AccessDenied', 'AccessDenied']);
});

test.each([
  'carrot', `arn:aws:iam::${account}:user/a`, 'arn:aws:iam::1:role/a', `arn:aws:iam::${account}:role/`,
  `x-arn:aws:iam::${account}:role/a`,
])('the ARN %s is no role', async (RoleArn) => {
  for (const identity of [identities.administrator, somebody(() => false)]) {
    await expect(assume(RoleArn, {}, identity)).rejects.toMatchObject({
      code: 'ValidationError', status: 400, message: `${RoleArn} is invalid`,
    });
  }
});

test('a request without a role is not valid', async () => {
  await expect(call({ Action: 'AssumeRole', RoleSessionName: 's' })).rejects.toThrow('undefined is invalid');
});
