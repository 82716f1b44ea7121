import { iamResourceTypes } from '../../../../local/aws/iam/iam-resource-types';
import { Roles } from '../../../../local/aws/iam/roles';
import { byName, scriptedEngine } from '../cloudformation/scripted-engine';

const document = { Statement: [{ Effect: 'Allow' as const, Action: 'ivschat:GetRoom', Resource: '*' }] };

test.each<[string, (roles: Roles) => void, (roles: Roles) => void]>([
  ['an attached policy', (roles) => roles.attach('policy', ['role'], document), (roles) => roles.detach('policy')],
  ['a managed policy',
    (roles) => roles.putManagedPolicy('arn:managed', document), (roles) => roles.removeManagedPolicy('arn:managed')],
])('%s allows its actions until it is removed', (_, add, remove) => {
  const roles = new Roles();
  roles.put({ name: 'role', inlinePolicies: [], managedPolicyArns: ['arn:managed'], trustPolicy: {} } as any);
  const room = 'arn:aws:ivschat:us-west-2:123456789012:room/a';
  const isAllowed = () => roles.allowsOf('role')('ivschat:GetRoom', room, {});
  const before = isAllowed();
  add(roles);
  const during = isAllowed();
  remove(roles);
  expect([before, during, isAllowed()]).toEqual([false, true, false]);
});

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

test.each<[string, string[], string[]]>([
  [
    'service-role/AWSLambdaBasicExecutionRole',
    logs,
    ['ivschat:GetRoom', 's3:GetObject', 'logs:GetLogEvents', 'logs:CreateDelivery'],
  ],
  [
    'service-role/AWSLambdaVPCAccessExecutionRole',
    [
      ...logs,
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    ['ec2:RunInstances'],
  ],
  [
    'AWSXRayDaemonWriteAccess',
    [
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ],
    ['xray:GetTraceSummaries'],
  ],
  [
    'AWSCloudFormationReadOnlyAccess',
    [
      'cloudformation:DescribeStacks',
      'cloudformation:DescribeChangeSet',
      'cloudformation:GetTemplate',
      'cloudformation:GetTemplateSummary',
      'cloudformation:ListStacks',
      'cloudformation:ListExports',
      'cloudformation:DetectStackDrift',
      'cloudformation:DetectStackResourceDrift',
      'cloudformation:ValidateTemplate',
      'cloudformation:EstimateTemplateCost',
    ],
    ['cloudformation:DeleteStack', 'cloudformation:CreateChangeSet', 's3:GetObject'],
  ],
  [
    'ReadOnlyAccess',
    ['ivschat:GetRoom', 'ivschat:ListRooms', 'cloudformation:DescribeStacks'],
    ['ivschat:CreateRoom', 'ivschat:DeleteRoom'],
  ],
  ['AdministratorAccess', ['ivschat:CreateRoom', 'iam:CreateRole'], []],
])('the AWS managed policy %s allows its actions alone', (name, allowed, refused) => {
  const roles = new Roles();
  const managedPolicyArns = [`arn:aws:iam::aws:policy/${name}`];
  roles.put({ name: 'role', inlinePolicies: [], managedPolicyArns, trustPolicy: {} } as any);
  const isAllowed = (action: string) => roles.allowsOf('role')(action, 'arn:aws:any:us-west-2:123456789012:thing', {});
  expect([...allowed, ...refused].filter(isAllowed)).toEqual(allowed);
});

test.each([
  ['arn:aws:iam::aws:policy/AdministratorAccess', true],
  ['arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', true],
  ['arn:aws:iam::aws:policy/toString', false],
  ['arn:aws:iam::123456789012:policy/AdministratorAccess', false],
  ['AdministratorAccess', false],
  ['x:arn:aws:iam::aws:policy/AdministratorAccess', false],
])('the content of %s is known: %s', (arn, expected) => {
  const roles = new Roles();
  expect(roles.knowsManagedPolicy(arn)).toBe(expected);
  roles.putManagedPolicy(arn, document);
  expect(roles.knowsManagedPolicy(arn)).toBe(true);
});

test('each policy of a role applies, and no policy of another role', () => {
  const roles = new Roles();
  const arn = (name: string) => `arn:aws:iam::123456789012:role/team/${name}`;
  const allow = (Action: string) => ({ Statement: { Effect: 'Allow', Action, Resource: '*' } });
  const put = (name: string, inlinePolicies: object[], managedPolicyArns: string[] = []) =>
    roles.put({ name, arn: arn(name), trustPolicy: {}, inlinePolicies, managedPolicyArns });
  put('one', [allow('a:1'), allow('a:2')], ['arn:managed']);
  put('two', [allow('a:6')]);
  put('one-more', []);
  roles.putManagedPolicy('arn:managed', allow('a:3'));
  roles.attach('p', ['one', 'two'], allow('a:4'));
  roles.attach('q', ['two'], allow('a:5'));
  const allowed = (name: string) =>
    ['a:1', 'a:2', 'a:3', 'a:4', 'a:5', 'a:6'].filter((action) => roles.allowsOf(name)(action, 'any', {}));
  expect([allowed('one'), allowed(arn('two')), allowed('three'), allowed('one-more')])
    .toEqual([['a:1', 'a:2', 'a:3', 'a:4'], ['a:4', 'a:5', 'a:6'], [], []]);

  const condition = { Condition: { StringEquals: { team: 'chat' } } };
  put('tagged', [{ Statement: { Effect: 'Allow', Action: 'a:1', Resource: 'thing', ...condition } }]);
  const isAllowed = (team: string, resource = 'thing') => roles.allowsOf('tagged')('a:1', resource, { team });
  expect([isAllowed('chat'), isAllowed('video'), isAllowed('chat', 'other')]).toEqual([true, false, false]);

  const session = (name: string) => `arn:aws:sts::123456789012:assumed-role/${name}/session`;
  const user = 'arn:aws:iam::123456789012:user/one';
  const principals = [session('one'), session('three'), user].map((caller) =>
    roles.principalsOf({ arn: caller, accountId: '123456789012', accessKeyId: 'a', secretAccessKey: 's' }));
  expect(principals).toEqual([[session('one'), arn('one')], [session('three')], [user]]);
});

test('a role without statements in its trust policy trusts no principal', () => {
  const role = { name: 'r', arn: 'arn:r', trustPolicy: {}, inlinePolicies: [], managedPolicyArns: [] };
  const caller = { arn: 'arn:aws:iam::1:user/one', accountId: '1', accessKeyId: 'a', secretAccessKey: 's' };
  expect(new Roles().trusts(role, caller, {})).toBe(false);
});

describe('the resource type', () => {
  const allow = (Action: string) => ({ Statement: { Effect: 'Allow', Action, Resource: '*' } });
  const role = (properties: object = {}) => ({
    Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: allow('sts:AssumeRole'), ...properties },
  });
  const iamEngine = () => {
    const roles = new Roles();
    const scripted = scriptedEngine(byName, { types: iamResourceTypes(roles) });
    const deploy = (resources: object, name?: string) =>
      scripted.deploy(resources, { capabilities: ['CAPABILITY_IAM'] }, name);
    const allowed = (name: string) =>
      ['a:1', 'a:2', 'a:3'].filter((action) => roles.allowsOf(name)(action, 'any', {}));
    return { ...scripted, roles, deploy, allowed };
  };

  test.each<[string, string[], string[] | undefined]>([
    ['AWS::IAM::Role', ['AssumeRolePolicyDocument'], ['RoleName', 'Path']],
    ['AWS::IAM::Policy', ['PolicyDocument', 'PolicyName'], undefined],
    ['AWS::IAM::ManagedPolicy', ['PolicyDocument'], ['ManagedPolicyName', 'Path', 'Description']],
  ])('%s requires %j, and a change of %j is a replacement', (type, required, createOnly) => {
    const definition = iamResourceTypes(new Roles())[type]!;
    expect([definition.required, definition.createOnly]).toEqual([required, createOnly]);
  });

  test('AWS::IAM::Role has a generated name, its path and its policies', async () => {
    const { deploy, roles } = iamEngine();
    const policies = (...actions: string[]) =>
      ({ Policies: actions.map((action) => ({ PolicyName: action, PolicyDocument: allow(action) })) });
    const stack = await deploy({ Role: role({ Path: '/team/', ...policies('a:1', 'a:2') }) });
    const { physicalId: name, attributes } = stack.resources.get('Role')!.state!;
    const arn = `arn:aws:iam::123456789012:role/team/${name}`;
    expect(name).toMatch(/^App-Role-[A-Z0-9]{12}$/);
    expect(attributes).toEqual({ Arn: arn, RoleId: expect.stringMatching(/^AROA[0-9A-F]{16}$/) });
    const expected = { name, arn, trustPolicy: allow('sts:AssumeRole'), managedPolicyArns: [] };
    expect(roles.get(name)).toEqual({ ...expected, inlinePolicies: [allow('a:1'), allow('a:2')] });
    await deploy({ Role: role({ Path: '/team/', ...policies('a:3') }) });
    expect(roles.get(name)).toEqual({ ...expected, inlinePolicies: [allow('a:3')] });
    expect(stack.resources.get('Role')!.state!.attributes).toEqual(attributes);
  });

  test('AWS::IAM::Role does not replace the role of another stack, or remove it in its rollback', async () => {
    const { deploy, reasonOf, roles } = iamEngine();
    await deploy({ Role: role({ RoleName: 'one' }) }, 'First');
    const second = await deploy({ Other: role({ RoleName: 'one', Path: '/x/' }) }, 'Second');
    expect(second.status).toBe('ROLLBACK_COMPLETE');
    expect(reasonOf('Other', 'CREATE_FAILED')).toBe('one already exists');
    expect(roles.get('one')).toMatchObject({ arn: 'arn:aws:iam::123456789012:role/one' });
  });

  test('AWS::IAM::Role needs managed policies with a known content', async () => {
    const { deploy, reasonOf, roles } = iamEngine();
    const known = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    await deploy({ Role: role({ RoleName: 'one', ManagedPolicyArns: [known, 'arn:a', 'arn:b'] }) });
    expect(roles.get('one')).toBeUndefined();
    expect(reasonOf('Role', 'CREATE_FAILED')).toBe(
      'The content of managed policy arn:a, arn:b is not known to the local service. Add the required statements to an '
      + 'inline policy of the role.');
  });

  test('AWS::IAM::Policy is its own policy, even if another has its name', async () => {
    const { allowed, deploy } = iamEngine();
    const policy = (action: string) => ({
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'p', PolicyDocument: allow(action), Roles: ['one'] },
    });
    const resources = { Role: role({ RoleName: 'one' }), One: policy('a:1') };
    const stack = await deploy({ ...resources, Two: policy('a:2') });
    const { physicalId, attributes } = stack.resources.get('One')!.state!;
    expect(physicalId).toMatch(/^App-One-[A-Z0-9]{12}$/);
    expect(attributes).toEqual({ Id: physicalId });
    expect(allowed('one')).toEqual(['a:1', 'a:2']);
    await deploy(resources);
    expect(allowed('one')).toEqual(['a:1']);
  });

  test('AWS::IAM::ManagedPolicy has the ARN of its path and name, until it is deleted', async () => {
    const { allowed, deploy, roles } = iamEngine();
    const managed = (properties: object) => ({
      Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('a:1'), Roles: ['one'], ...properties },
    });
    const stack = await deploy({
      Role: role({ RoleName: 'one' }),
      Named: managed({ ManagedPolicyName: 'named', Path: '/team/' }),
      Generated: managed({ PolicyDocument: allow('a:2') }),
    });
    const arn = 'arn:aws:iam::123456789012:policy/team/named';
    expect(stack.resources.get('Named')!.state).toMatchObject({ physicalId: arn, attributes: { PolicyArn: arn } });
    expect(stack.resources.get('Generated')!.physicalId).toMatch(
      /^arn:aws:iam::123456789012:policy\/App-Generated-[A-Z0-9]{12}$/);
    expect([allowed('one'), roles.knowsManagedPolicy(arn)]).toEqual([['a:1', 'a:2'], true]);
    await deploy({ Role: role({ RoleName: 'one' }) });
    expect([allowed('one'), roles.knowsManagedPolicy(arn)]).toEqual([[], false]);
  });
});
