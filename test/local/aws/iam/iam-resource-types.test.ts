import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import type { Identity } from '../../../../local/aws/http/identities';
import { failureOf, updateStack } from '../api-gateway-v2/deploy-http-api';
import { createStack, signedClient } from '../signed-client';

jest.setTimeout(30_000);

const ACCOUNT = '123456789012';
const root = `arn:aws:iam::${ACCOUNT}:root`;
const trust = (AWS: string, more: object = {}) =>
  ({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS }, ...more });
const document = (Action: string) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const role = (properties: object = {}, ...statements: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: statements.length ? statements : [trust(root)] },
    ...properties,
  },
});

let deploy: LocalDeploy;
beforeEach(async () => {
  deploy = await startLocalDeploy();
});
afterEach(() => deploy.close());

/** Assumes a role. Returns undefined if it is refused. */
async function assume(
  name: string,
  caller?: Identity,
  more: { [parameter: string]: string } = {},
): Promise<Identity | undefined> {
  const { status, text } = await signedClient(deploy, caller).query('sts', 'AssumeRole', {
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    RoleSessionName: 'session',
    ...more,
  });
  if (status !== 200) return undefined;
  const value = (element: string) => new RegExp(`<${element}>([^<]+)<`).exec(text)![1]!;
  return {
    accessKeyId: value('AccessKeyId'),
    secretAccessKey: value('SecretAccessKey'),
    sessionToken: value('SessionToken'),
    accountId: ACCOUNT,
    arn: value('Arn'),
  };
}

/** Returns whether IAM allows a caller to read, and to write, a parameter. */
async function permissions(caller: Identity | undefined): Promise<{ read: boolean; write: boolean }> {
  const allowed = async (operation: string, input: object) =>
    (await signedClient(deploy, caller).json('ssm', `AmazonSSM.${operation}`, input)).status === 200;
  return {
    read: await allowed('GetParameter', { Name: '/cdk-bootstrap/hnb659fds/version' }),
    write: await allowed('PutParameter', { Name: 'own', Value: 'x', Type: 'String', Overwrite: true }),
  };
}

const reads = { read: true, write: false };
const writes = { read: false, write: true };
const nothing = { read: false, write: false };

test.each(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'])('an %s applies to the roles that it names', async (Type) => {
  const resources = (Roles?: string[], action = 'ssm:GetParameter') => ({
    One: role({ RoleName: 'one' }),
    Two: role({ RoleName: 'two' }),
    ...(Roles && {
      Policy: {
        Type,
        Properties: { PolicyName: 'p', PolicyDocument: document(action), Roles: Roles.map((Ref) => ({ Ref })) },
      },
    }),
  });
  expect(await createStack(deploy, 'App', resources(['One']))).toBe('CREATE_COMPLETE');
  const sessions = [await assume('one'), await assume('two')];
  const both = async () => [await permissions(sessions[0]), await permissions(sessions[1])];
  expect(await both()).toEqual([reads, nothing]);

  // Changes apply to existing sessions.
  await updateStack(deploy, 'App', resources(['One', 'Two'], 'ssm:PutParameter'));
  expect(await both()).toEqual([writes, writes]);
  await updateStack(deploy, 'App', resources(['Two']));
  expect(await both()).toEqual([nothing, reads]);
  await updateStack(deploy, 'App', resources());
  expect(await both()).toEqual([nothing, nothing]);
});

test('a role has its inline policies and its managed policies', async () => {
  const resources = (properties: object, action: string) => ({
    Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(action) } },
    One: role({ RoleName: 'one', ...properties }),
    Two: role({ RoleName: 'two' }),
  });
  const managed = { ManagedPolicyArns: [{ Ref: 'Managed' }] };
  const inline = { Policies: [{ PolicyName: 'p', PolicyDocument: document('ssm:PutParameter') }] };
  await createStack(deploy, 'App', resources(managed, 'ssm:GetParameter'));
  const [one, two] = [await assume('one'), await assume('two')];
  expect([await permissions(one), await permissions(two)]).toEqual([reads, nothing]);
  await updateStack(deploy, 'App', resources(managed, 'ssm:PutParameter'));
  expect([await permissions(one), await permissions(two)]).toEqual([writes, nothing]);
  await updateStack(deploy, 'App', resources(inline, 'ssm:GetParameter'));
  expect([await permissions(one), await permissions(two)]).toEqual([writes, nothing]);
  await updateStack(deploy, 'App', resources({}, 'ssm:GetParameter'));
  expect(await permissions(one)).toEqual(nothing);
});

test('the session of a deleted role has no permissions', async () => {
  await createStack(deploy, 'App', {
    Role: role({ RoleName: 'one', ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
  });
  const session = await assume('one');
  expect(await permissions(session)).toEqual({ read: true, write: true });
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  expect(await permissions(session)).toEqual(nothing);
});

test('an AWS managed policy allows its own actions only', async () => {
  const ManagedPolicyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess'];
  await createStack(deploy, 'App', { Role: role({ RoleName: 'one', ManagedPolicyArns }) });
  expect(await permissions(await assume('one'))).toEqual(reads);
});

test('the name of a role is unique, and its ARN has its path', async () => {
  const Outputs = { Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } }, Name: { Value: { Ref: 'Role' } } };
  await createStack(deploy, 'App', { Role: role({ RoleName: 'one', Path: '/team/chat/' }) }, { Outputs });
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'App' });
  expect([...text.matchAll(/<OutputValue>([^<]+)</g)].map(([, value]) => value))
    .toEqual([`arn:aws:iam::${ACCOUNT}:role/team/chat/one`, 'one']);
  expect((await assume('team/chat/one'))!.arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/one/session`);

  expect(await createStack(deploy, 'Second', { Role: role({ RoleName: 'one' }) })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'Second')).toContain('one already exists');
});

describe('a trust policy', () => {
  const withExternalId = { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } };
  const withoutExternalId = { Condition: { Null: { 'sts:ExternalId': 'true' } } };
  const resources = (...statements: object[]) => ({
    Target: role({ RoleName: 'target' }, ...statements),
    Caller: role({ RoleName: 'caller', Policies: [{ PolicyName: 'p', PolicyDocument: document('*') }] }),
    Other: role({ RoleName: 'other', Policies: [{ PolicyName: 'p', PolicyDocument: document('sts:*') }] }),
  });

  test('that names a role admits the sessions of this role', async () => {
    await createStack(deploy, 'App', resources(trust(`arn:aws:iam::${ACCOUNT}:role/caller`)));
    const caller = await assume('caller');
    // The session has the permissions of its own role only.
    expect(await permissions(await assume('target', caller))).toEqual(nothing);
    expect(await permissions(caller)).toEqual({ read: true, write: true });
    expect(await assume('unknown', caller)).toBeUndefined();
    expect(await assume('target', await assume('other'))).toBeUndefined();
    expect(await assume('target')).toBeUndefined();
  });

  test.each<[string, object[], { [name: string]: string }, boolean]>([
    ['a Deny', [trust(root), trust(root, { Effect: 'Deny' })], {}, false],
    ['another action', [trust(root, { Action: 'sts:TagSession' })], {}, false],
    ['another account', [trust('arn:aws:iam::210987654321:root')], {}, false],
    ['the account ID', [trust(ACCOUNT)], {}, true],
    ['an external ID', [trust(root, withExternalId)], { ExternalId: 'x' }, true],
    ['another external ID', [trust(root, withExternalId)], { ExternalId: 'y' }, false],
    ['a missing external ID', [trust(root, withExternalId)], {}, false],
    ['no external ID', [trust(root, withoutExternalId)], {}, true],
    ['an external ID that must be missing', [trust(root, withoutExternalId)], { ExternalId: 'x' }, false],
    ['a session name', [trust(root, { Condition: { StringLike: { 'sts:RoleSessionName': 'ses*' } } })], {}, true],
  ])('with %s', async (_, statements, parameters, expected) => {
    await createStack(deploy, 'App', resources(...statements));
    expect((await assume('target', undefined, parameters)) !== undefined).toBe(expected);
  });
});

describe('AssumeRole', () => {
  const assumeRole = (parameters: { [name: string]: string }) => signedClient(deploy).query('sts', 'AssumeRole', {
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/any`,
    RoleSessionName: 's',
    ...parameters,
  });

  test.each<[{ [name: string]: string }, number]>([
    [{}, 3600],
    [{ DurationSeconds: '900' }, 900],
    [{ DurationSeconds: '43200' }, 43_200],
  ])('with %j returns credentials for %i seconds', async (parameters, seconds) => {
    const before = Date.now();
    const { text } = await assumeRole(parameters);
    const expiration = Date.parse(/<Expiration>([^<]+)</.exec(text)![1]!);
    expect(expiration).toBeGreaterThanOrEqual(before + seconds * 1000 - 1000);
    expect(expiration).toBeLessThanOrEqual(Date.now() + seconds * 1000);
  });

  test('returns the credentials and the ARN of the session', async () => {
    const { status, text } = await assumeRole({});
    const [accessKeyId] = /ASIA[0-9A-F]{16}/.exec(text)!;
    expect(status).toBe(200);
    expect(text).toMatch(new RegExp(
      '^<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>'
      + `<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId>`
      + '<SecretAccessKey>[A-Za-z0-9+/]{40}</SecretAccessKey><SessionToken>[A-Za-z0-9+/]{160}</SessionToken>'
      + '<Expiration>[^<]+Z</Expiration></Credentials>'
      + `<AssumedRoleUser><AssumedRoleId>${accessKeyId}:s</AssumedRoleId>`
      + `<Arn>arn:aws:sts::${ACCOUNT}:assumed-role/any/s</Arn></AssumedRoleUser></AssumeRoleResult>`
      + '<ResponseMetadata><RequestId>[0-9a-f-]{36}</RequestId></ResponseMetadata></AssumeRoleResponse>$',
    ));
  });

  test('of a role that no stack has deployed returns a session with all permissions', async () => {
    expect(await permissions(await assume('any'))).toEqual({ read: true, write: true });
  });

  test.each<[string, number, string, string]>([
    ['arn:aws:iam::210987654321:role/any', 403, 'AccessDenied', `User: arn:aws:iam::${ACCOUNT}:user/local is not `
    + 'authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/any'],
    ['any', 400, 'ValidationError', 'any is invalid'],
    [`arn:aws:iam::${ACCOUNT}0:role/any`, 400, 'ValidationError', `arn:aws:iam::${ACCOUNT}0:role/any is invalid`],
    [`x:arn:aws:iam::${ACCOUNT}:role/any`, 400, 'ValidationError', `x:arn:aws:iam::${ACCOUNT}:role/any is invalid`],
    [`arn:aws:iam::${ACCOUNT}:user/any`, 400, 'ValidationError', `arn:aws:iam::${ACCOUNT}:user/any is invalid`],
  ])('refuses %s', async (RoleArn, status, code, message) => {
    const refused = await assumeRole({ RoleArn });
    expect([refused.status, refused.text]).toEqual([
      status,
      expect.stringContaining(`<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`),
    ]);
  });

  test('requires the permission for the role', async () => {
    const asked: unknown[] = [];
    const caller = deploy.identities.assumeRole(`arn:aws:sts::${ACCOUNT}:assumed-role/someone/s`, (...question) => {
      asked.push(question);
      return false;
    });
    expect(await assume('any', caller)).toBeUndefined();
    expect(asked).toEqual([['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/any`, {}]]);
  });
});

test('GetCallerIdentity returns the caller', async () => {
  const { administrator } = deploy.identities;
  const { status, text } = await signedClient(deploy).query('sts', 'GetCallerIdentity');
  expect([status, text]).toEqual([200, expect.stringContaining(
    `<GetCallerIdentityResult><Arn>${administrator.arn}</Arn><UserId>${administrator.accessKeyId}</UserId>`
    + `<Account>${ACCOUNT}</Account></GetCallerIdentityResult>`,
  )]);
});
