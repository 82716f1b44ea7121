import { allows, statementsFor, type PolicyStatement } from '../../../../local/aws/iam/policy-evaluation';

const room = 'arn:aws:ivschat:us-east-1:123456789012:room/AbCdEf123456';
const allow = (statement: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action: 'ivschat:CreateRoom',
  Resource: '*',
  ...statement,
});
const decide = (
  statements: PolicyStatement | PolicyStatement[],
  context = {},
  action = 'ivschat:CreateRoom',
  resource = room,
) => allows([{ Statement: statements }])(action, resource, context);

test('a policy without statements allows nothing', () => {
  expect(allows([])('a:B', '*', {})).toBe(false);
  expect(allows([{}])('a:B', '*', {})).toBe(false);
});

describe('actions and resources', () => {
  test.each<[Partial<PolicyStatement>, boolean]>([
    [{ Action: 'ivschat:CreateRoom' }, true],
    [{ Action: 'IVSCHAT:createroom' }, true],
    [{ Action: 'ivschat:Create*' }, true],
    [{ Action: 'ivschat:CreateRoo?' }, true],
    [{ Action: '*' }, true],
    [{ Action: ['ivschat:GetRoom', 'ivschat:*Room'] }, true],
    [{ Action: 'ivschat:CreateRoo' }, false],
    [{ Action: 'ivschat:Create' }, false],
    [{ Action: 'ivs:*' }, false],
    [{ Action: 'ivschat.CreateRoom' }, false],
    [{ Action: 'CreateRoom' }, false],
    [{ Action: undefined, NotAction: 'ivschat:Delete*' }, true],
    [{ Action: undefined, NotAction: ['ivschat:Delete*', 'ivschat:Create*'] }, false],
    [{ Action: undefined }, false],
    [{ Resource: room }, true],
    [{ Resource: 'arn:aws:ivschat:*:123456789012:room/*' }, true],
    [{ Resource: ['arn:aws:s3:::*', room] }, true],
    [{ Resource: room.toLowerCase() }, false],
    [{ Resource: 'arn:aws:ivschat:us-east-1:123456789012:logging-configuration/*' }, false],
    [{ Resource: undefined, NotResource: 'arn:aws:s3:::*' }, true],
    [{ Resource: undefined, NotResource: 'arn:aws:ivschat:*' }, false],
    [{ Resource: undefined }, false],
    [{ Effect: 'allow' }, false],
    [{ Effect: undefined }, false],
  ])('%j: %s', (statement, expected) => {
    expect(decide(allow(statement))).toBe(expected);
  });

  test('an explicit Deny takes precedence in any policy', () => {
    const documents = [
      { Statement: allow() },
      { Statement: [{ Effect: 'Deny', Action: 'ivschat:*', NotResource: 'arn:aws:ivschat:us-east-1:*' }] },
    ];
    expect(allows(documents)('ivschat:CreateRoom', room, {})).toBe(true);
    expect(allows(documents)('ivschat:CreateRoom', 'arn:aws:ivschat:eu-west-1:1:room/x', {})).toBe(false);
  });
});

describe('conditions', () => {
  const context = {
    'aws:RequestTag/team': 'chat',
    'aws:TagKeys': ['team', 'stage'],
    'aws:SourceArn': 'arn:aws:s3:::bucket/a:b',
    'aws:SecureTransport': 'true',
    'num': '10',
    'when': '2026-11-22T10:00:00Z',
    'star': 'a*',
    'empty': [],
    'owner': 'chat',
    'bucket': 'bucket',
    'topic': 'arn:aws:sns:us-east-1:123456789012:Topic',
  };
  test.each<[{ [operator: string]: { [key: string]: unknown } }, boolean]>([
    [{ StringEquals: { 'aws:RequestTag/team': 'chat' } }, true],
    [{ StringEquals: { 'AWS:requesttag/TEAM': ['video', 'chat'] } }, true],
    [{ StringEquals: { 'aws:RequestTag/team': 'Chat' } }, false],
    [{ StringEquals: { 'aws:RequestTag/team': 'ch*' } }, false],
    [{ StringEquals: { absent: 'chat' } }, false],
    [{ StringEqualsIfExists: { absent: 'chat' } }, true],
    [{ StringEqualsIfExists: { 'aws:RequestTag/team': 'video' } }, false],
    [{ StringNotEquals: { 'aws:RequestTag/team': ['video', 'audio'] } }, true],
    [{ StringNotEquals: { 'aws:RequestTag/team': ['video', 'chat'] } }, false],
    [{ StringNotEquals: { absent: 'chat' } }, true],
    [{ StringEqualsIgnoreCase: { 'aws:RequestTag/team': 'CHAT' } }, true],
    [{ StringNotEqualsIgnoreCase: { 'aws:RequestTag/team': 'CHAT' } }, false],
    [{ StringEqualsIgnoreCase: { 'aws:RequestTag/team': 'VIDEO' } }, false],
    [{ StringEqualsIgnoreCase: { 'aws:RequestTag/team': '${absent}' } }, false],
    [{ StringNotEqualsIgnoreCase: { 'aws:RequestTag/team': 'VIDEO' } }, true],
    [{ StringEquals: { star: 'a*' } }, true],
    [{ StringEquals: { 'aws:RequestTag/team': '${Owner}' } }, true],
    [{ StringEquals: { 'aws:RequestTag/team': [] } }, false],
    [{ StringEquals: { 'aws:TagKeys': 'team' } }, false],
    [{ StringEqualsIgnoreCase: { 'aws:RequestTag/team': '${owner}' } }, true],
    [{ StringLike: { 'aws:RequestTag/team': '${owner}*' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::${bucket}/*' } }, true],
    [{ ArnLike: { topic: 'arn:aws:sns:*:*:Topic' } }, true],
    [{ ArnLike: { topic: 'arn:aws:sns:*:*:topic' } }, false],
    [{ ArnLike: { topic: 'arn:aws:sns:::Topic' } }, false],
    [{ ArnLike: { owner: 'chat:*:a:*:*:*' } }, false],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3' } }, false],
    [{ Bool: { 'aws:SecureTransport': 'True' } }, true],
    [{ Null: { absent: ['false', 'true'] } }, true],
    [{ StringEquals: { 'aws:RequestTag/team': '${absent}' } }, false],
    [{ StringEquals: { empty: 'a' } }, false],
    [{ 'ForAllValues:StringEquals': { empty: 'a' } }, true],
    [{ 'ForAnyValue:StringEquals': { empty: 'a' } }, false],
    [{ StringLike: { 'aws:RequestTag/team': 'c?a*' } }, true],
    [{ StringLike: { 'aws:RequestTag/team': 'c?' } }, false],
    [{ StringNotLike: { 'aws:RequestTag/team': 'v*' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::bucket/*' } }, true],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:*:s3:*:*:bucket/a:?' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:*:bucket/a' } }, false],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::bucket/a?b' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::bucket/a:c' } }, false],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::other/*' } }, false],
    [{ ArnLike: { 'aws:SourceArn': 'other:aws:s3:::bucket/*' } }, false],
    [{ ArnNotEquals: { 'aws:SourceArn': 'arn:aws:s3:::bucket/a' } }, true],
    [{ ArnNotLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } }, true],
    [{ ArnNotLike: { 'aws:SourceArn': 'arn:aws:*:bucket/a:b' } }, true],
    [{ ArnNotEquals: { 'aws:SourceArn': 'arn:aws:*:bucket/a:b' } }, true],
    [{ NumericNotEquals: { num: '10.0' } }, false],
    [{ DateNotEquals: { when: '2026-11-22T11:00:00+01:00' } }, false],
    [{ Null: { absent: 'true', num: false } }, true],
    [{ Null: { num: true } }, false],
    [{ Bool: { 'aws:SecureTransport': true } }, true],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, false],
    [{ NumericLessThan: { num: 11 } }, true],
    [{ NumericGreaterThanEquals: { num: '11' } }, false],
    [{ NumericEquals: { num: '10.0' } }, true],
    [{ DateGreaterThan: { when: '2026-01-01T00:00:00Z' } }, true],
    [{ DateLessThan: { when: '1' } }, false],
    [{ NumericLessThan: { num: 10 } }, false],
    [{ NumericLessThanEquals: { num: 10 } }, true],
    [{ NumericLessThanEquals: { num: 9 } }, false],
    [{ NumericGreaterThan: { num: 10 } }, false],
    [{ NumericGreaterThan: { num: 9 } }, true],
    [{ NumericGreaterThanEquals: { num: 10 } }, true],
    [{ NumericEquals: { num: 11 } }, false],
    [{ NumericNotEquals: { num: 10 } }, false],
    [{ NumericNotEquals: { num: 11 } }, true],
    [{ DateEquals: { when: '2026-11-22T11:00:00+01:00' } }, true],
    [{ DateEquals: { when: '1795341600' } }, true],
    [{ DateNotEquals: { when: '2026-11-22T10:00:00Z' } }, false],
    [{ DateNotEquals: { when: '2026-11-22T10:00:01Z' } }, true],
    [{ DateGreaterThan: { when: '2026-11-22T09:59:59Z' } }, true],
    [{ DateLessThan: { when: '2026-11-22T10:00:00Z' } }, false],
    [{ DateLessThan: { when: '2026-11-22T10:00:01Z' } }, true],
    [{ DateLessThanEquals: { when: '2026-11-22T10:00:00Z' } }, true],
    [{ DateLessThanEquals: { when: '2026-11-22T09:59:59Z' } }, false],
    [{ DateGreaterThan: { when: '2026-11-22T10:00:00Z' } }, false],
    [{ DateGreaterThanEquals: { when: '2026-11-22T10:00:00Z' } }, true],
    [{ DateGreaterThanEquals: { when: '2026-11-22T10:00:01Z' } }, false],
    [{ StringNotLike: { 'aws:RequestTag/team': 'c*' } }, false],
    [{ ArnNotEquals: { 'aws:SourceArn': 'arn:aws:s3:::bucket/a:b' } }, false],
    [{ ArnNotEquals: { 'aws:SourceArn': 'arn:aws:s3:::bucket/*' } }, false],
    [{ ArnNotLike: { 'aws:SourceArn': 'arn:aws:s3:::bucket/*' } }, false],
    [{ Null: { absent: 'false' } }, false],
    [{ BoolIfExists: { absent: 'true' } }, true],
    [{ 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['team'] } }, false],
    [{ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['team'] } }, true],
    [{ 'ForAnyValue:StringNotEquals': { absent: ['team'] } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage', 'more'] } }, true],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }, false],
    [{ 'ForAllValues:StringEquals': { absent: ['team'] } }, true],
    [{ 'ForAnyValue:StringLike': { 'aws:TagKeys': ['st*'] } }, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['x'] } }, false],
    [{ 'ForAnyValue:StringEquals': { absent: ['x'] } }, false],
    [{ StringEquals: { 'aws:RequestTag/team': 'chat' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, false],
    [{ StringCarrot: { num: '10' } }, false],
    [{ toString: { num: '10' } }, false],
  ])('%j: %s', (Condition, expected) => {
    expect(decide(allow({ Condition }), context)).toBe(expected);
  });

  test('a Deny with an unknown condition operator denies', () => {
    expect(
      decide([allow(), { Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringCarrot: { a: 'b' } } }]),
    ).toBe(false);
    expect(
      decide([
        allow(),
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { StringCarrot: { a: 'b' }, StringEquals: { a: 'b' } },
        },
      ]),
    ).toBe(true);
  });
});

describe('policy variables', () => {
  test.each<[string, object, boolean]>([
    ['arn:aws:ivschat:*:*:room/${aws:PrincipalTag/room}', { 'aws:PrincipalTag/room': 'AbCdEf123456' }, true],
    ['arn:aws:ivschat:*:*:room/${aws:PrincipalTag/room}', {}, false],
    ["arn:aws:ivschat:*:*:room/${aws:PrincipalTag/room, 'AbCdEf123456'}", {}, true],
    ['arn:aws:ivschat:*:*:room/${aws:PrincipalTag/room}', { 'aws:PrincipalTag/room': '*' }, false],
    ['arn:aws:ivschat:*:*:room/${aws:PrincipalTag/room}', { 'aws:PrincipalTag/room': ['a', 'b'] }, false],
    ['arn:aws:ivschat:*:*:room/${aws:PrincipalTag/room}', { 'aws:PrincipalTag/room': ['AbCdEf123456', 'b'] }, false],
    ["arn:aws:ivschat:*:*:room/${aws:PrincipalTag/room,'AbCdEf123456'}", { 'aws:PrincipalTag/room': '' }, false],
    ["arn:aws:ivschat:*:*:room/AbCdEf123456${aws:PrincipalTag/room, ''}", {}, true],
    ["arn:aws:ivschat:*:*:room/${aws:PrincipalTag/room,'AbCdEf123456'}", {}, true],
    ['arn:aws:ivschat:*:*:room/*${aws:PrincipalTag/room}3456', { 'aws:PrincipalTag/room': '12' }, true],
  ])('%s with %j: %s', (Resource, context, expected) => {
    expect(decide(allow({ Resource }), context)).toBe(expected);
  });

  test('are no variables in an action', () => {
    expect(decide(allow({ Action: 'ivschat:${name}' }), { name: 'createroom' })).toBe(false);
  });

  test.each([
    ['${*}', '*', 'x'],
    ['${?}', '?', 'x'],
    ['${$}{x}', '${x}', 'x'],
  ])('%s stands for %s alone', (pattern, literal, other) => {
    const allowed = (name: string) =>
      decide(allow({ Resource: `arn:aws:s3:::b/${pattern}` }), {}, undefined, `arn:aws:s3:::b/${name}`);
    expect([literal, other].map(allowed)).toEqual([true, false]);
  });
});

test.each([
  ['*ab', 'aab', true],
  ['*ab', 'xaxb', false],
  ['*ab*b*', 'abx', false],
  ['*ab*b*', 'abxb', true],
  ['a?', 'a', false],
  ['a?', 'abc', false],
  ['a**', 'a', true],
  ['a?c', 'a/c', true],
  ['a*d', 'a/b:c/d', true],
  ['', '', true],
])('the pattern %j matches %j: %s', (Resource, text, expected) => {
  expect(decide(allow({ Resource }), {}, undefined, text)).toBe(expected);
});

test('a pattern with many wildcards is evaluated without backtracking over all of them', () => {
  const Resource = `arn:aws:s3:::${'*a'.repeat(40)}b`;
  expect(decide(allow({ Resource }), {}, undefined, `arn:aws:s3:::${'a'.repeat(200)}`)).toBe(false);
  expect(decide(allow({ Resource }), {}, undefined, `arn:aws:s3:::${'a'.repeat(200)}b`)).toBe(true);
});

describe('the principals of a resource-based policy', () => {
  const service = 'ivschat.amazonaws.com';
  test.each<[PolicyStatement['Principal'], boolean]>([
    ['*', true],
    [service, true],
    [{ AWS: '*' }, true],
    [{ Service: service }, true],
    [{ Service: ['events.amazonaws.com', service] }, true],
    [{ AWS: 'arn:aws:iam::123456789012:root', Service: service }, true],
    [{ Service: 'ivschat' }, false],
    [{ Service: 'events.amazonaws.com' }, false],
    [{ Service: 'ivs*.amazonaws.com' }, false],
    [undefined, false],
  ])('%j', (Principal, expected) => {
    expect(statementsFor([{ Principal }], [service])).toHaveLength(expected ? 1 : 0);
  });
});
