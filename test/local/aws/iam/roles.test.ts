import { Roles } from '../../../../local/aws/iam/roles';

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
  ['service-role/AWSLambdaBasicExecutionRole', logs, ['ivschat:GetRoom', 's3:GetObject', 'logs:GetLogEvents']],
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
      'cloudformation:GetTemplate',
      'cloudformation:ListStacks',
      'cloudformation:DetectStackDrift',
      'cloudformation:ValidateTemplate',
      'cloudformation:EstimateTemplateCost',
    ],
    ['cloudformation:DeleteStack', 's3:GetObject'],
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
])('the content of %s is known: %s', (arn, expected) => {
  const roles = new Roles();
  expect(roles.knowsManagedPolicy(arn)).toBe(expected);
  roles.putManagedPolicy(arn, document);
  expect(roles.knowsManagedPolicy(arn)).toBe(true);
});

test('each policy of a role applies, and no policy of another role', () => {
  const roles = new Roles();
  const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const allow = (Action: string) => ({ Statement: { Effect: 'Allow', Action, Resource: '*' } });
  const put = (name: string, inlinePolicies: object[], managedPolicyArns: string[] = []) =>
    roles.put({ name, arn: arn(name), trustPolicy: {}, inlinePolicies, managedPolicyArns });
  put('one', [allow('a:1'), allow('a:2')], ['arn:managed']);
  put('two', [allow('a:6')]);
  roles.putManagedPolicy('arn:managed', allow('a:3'));
  roles.attach('p', ['one', 'two'], allow('a:4'));
  roles.attach('q', ['two'], allow('a:5'));
  const allowed = (name: string) =>
    ['a:1', 'a:2', 'a:3', 'a:4', 'a:5', 'a:6'].filter((action) => roles.allowsOf(name)(action, 'any', {}));
  expect([allowed('one'), allowed(arn('two')), allowed('three')])
    .toEqual([['a:1', 'a:2', 'a:3', 'a:4'], ['a:4', 'a:5', 'a:6'], []]);
});
