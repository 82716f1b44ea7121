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

test.each<[string, string[], string[]]>([
  ['service-role/AWSLambdaBasicExecutionRole', ['logs:PutLogEvents'], ['ivschat:GetRoom', 's3:GetObject']],
  ['AWSCloudFormationReadOnlyAccess', ['cloudformation:DescribeStacks'], ['cloudformation:DeleteStack']],
  ['ReadOnlyAccess', ['ivschat:GetRoom', 'ivschat:ListRooms'], ['ivschat:CreateRoom']],
  ['AdministratorAccess', ['ivschat:CreateRoom'], []],
])('the AWS managed policy %s allows its actions alone', (name, allowed, refused) => {
  const roles = new Roles();
  const managedPolicyArns = [`arn:aws:iam::aws:policy/${name}`];
  roles.put({ name: 'role', inlinePolicies: [], managedPolicyArns, trustPolicy: {} } as any);
  const isAllowed = (action: string) => roles.allowsOf('role')(action, 'arn:aws:any:us-west-2:123456789012:thing', {});
  expect([...allowed, ...refused].filter(isAllowed)).toEqual(allowed);
});
