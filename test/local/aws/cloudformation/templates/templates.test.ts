import type { ParameterInput } from '../../../../../local/aws/cloudformation/templates/parameters';
import { scriptedEngine, thing } from '../scripted-engine';

/** Resolves a value, as the function of a custom resource receives it. */
async function resolved(
  value: unknown,
  sections = {},
  parameters: ParameterInput[] = [],
): Promise<unknown> {
  const Data = { 'Name': 'n', 'List': ['x', 'y'], 'Deep.Name': 'deep' };
  const { deploy, requests, reasonOf } = scriptedEngine(() => ({ Data }));
  const stack = await deploy(
    { Other: thing(), One: thing({ Value: value, After: { Ref: 'Other' } }) },
    { sections, parameters, notificationArns: ['arn:topic'] },
  );
  if (stack.status !== 'CREATE_COMPLETE') throw new Error(reasonOf('One', 'CREATE_FAILED') ?? stack.statusReason);
  return requests.find(({ LogicalResourceId }) => LogicalResourceId === 'One')!.ResourceProperties.Value;
}

describe('intrinsic functions', () => {
  const sections = {
    Parameters: {
      Stage: { Type: 'String', Default: 'test' },
      Names: { Type: 'CommaDelimitedList', Default: 'a, b,c' },
      Zones: { Type: 'List<Number>', Default: '1,2' },
      Attribute: { Type: 'String', Default: 'Name' },
      Dash: { Type: 'String', Default: '-' },
      First: { Type: 'Number', Default: 1 },
      Text: { Type: 'String', Default: 'x' },
      Count: { Type: 'Number', Default: 5 },
      Flag: { Type: 'String', Default: true },
    },
    Mappings: { Sizes: { test: { Count: 1, List: ['p', 'q'], Zero: 0, Empty: '' } } },
    Conditions: {
      IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
      IsProd: { 'Fn::Not': [{ Condition: 'IsTest' }] },
      Both: { 'Fn::And': [{ Condition: 'IsTest' }, { Condition: 'IsProd' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsTest' }, { Condition: 'IsProd' }] },
      NumbersAreText: { 'Fn::And': [{ 'Fn::Equals': [1, '1'] }, { 'Fn::Not': ['false'] }, 'true', true] },
      Differs: { 'Fn::Or': [{ 'Fn::Equals': ['a', 'A'] }, 'yes', { 'Fn::Not': [true] }] },
      TextIsFalse: { 'Fn::And': ['true', 'false'] },
      LastIsFalse: { 'Fn::And': [true, true, false] },
      LastIsTrue: { 'Fn::Or': [false, false, true] },
      Text: 'false',
    },
  };

  test.each<[unknown, unknown]>([
    [{ Ref: 'Stage' }, 'test'],
    [{ Ref: 'Names' }, ['a', 'b', 'c']],
    [{ Ref: 'Zones' }, ['1', '2']],
    [{ Ref: 'Other' }, 'thing'],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ Ref: 'AWS::AccountId' }, '123456789012'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'AWS::StackName' }, 'App'],
    [{ A: { Ref: 'AWS::NoValue' }, B: [{ Ref: 'AWS::NoValue' }, 'kept'] }, { B: ['kept'] }],
    [{ 'Fn::GetAtt': ['Other', 'Name'] }, 'n'],
    [{ 'Fn::GetAtt': 'Other.Name' }, 'n'],
    [{ 'Fn::Sub': '${Stage}-${Other}-${Other.Name}-${!Literal}-${AWS::Region}' }, 'test-thing-n-${Literal}-us-east-1'],
    [{ 'Fn::Sub': ['${A}/${Stage}', { A: { 'Fn::Select': [1, { Ref: 'Names' }] } }] }, 'b/test'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 5]] }, 'a-test-5'],
    [{ 'Fn::Join': [',', { 'Fn::GetAtt': ['Other', 'List'] }] }, 'x,y'],
    [{ 'Fn::Split': ['|', 'a|b||c'] }, ['a', 'b', '', 'c']],
    [{ 'Fn::Select': ['2', { 'Fn::Split': ['/', 'https://host/path'] }] }, 'host'],
    [{ 'Fn::If': ['IsTest', 'yes', { Ref: 'DoesNotExist' }] }, 'yes'],
    [{ 'Fn::If': ['IsProd', 'yes', { 'Fn::If': ['Both', 'both', 'neither'] }] }, 'neither'],
    [{ 'Fn::If': ['Either', 1, 2] }, '1'],
    [{ 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'Count'] }, '1'],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'List'] }, ['p', 'q']],
    [{ 'Fn::FindInMap': ['Sizes', 'prod', 'List', { DefaultValue: 'none' }] }, 'none'],
    [{ 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    [{ 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, 'us-east-1b'],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
    [{ 'Fn::Length': { Ref: 'Names' } }, '3'],
    [{ Ref: 'AWS::NotificationARNs' }, ['arn:topic']],
    [{ Ref: 'AWS::StackId' }, expect.stringMatching(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/App\//)],
    [{ 'Fn::Sub': '${AWS::StackName}${Text}${Count}${Flag}' }, 'Appx5true'],
    [{ 'Fn::Sub': ['${A}${B}${!A}', { A: 1, B: true }] }, '1true${A}'],
    [{ 'Fn::Sub': '$A {A} ${!}' }, '$A {A} ${}'],
    [{ 'Fn::Sub': ' a ${Text}\n' }, ' a x\n'],
    [{ 'Fn::Sub': '${Other.Deep.Name}' }, 'deep'],
    [{ 'Fn::GetAtt': 'Other.Deep.Name' }, 'deep'],
    [{ 'Fn::GetAtt': ['Other', { Ref: 'Attribute' }] }, 'n'],
    [{ 'Fn::Join': ['', ['a', true, 'b']] }, 'atrueb'],
    [{ 'Fn::Join': [5, ['a', 'b']] }, 'a5b'],
    [{ 'Fn::Join': ['-', ['a', '', 'b']] }, 'a--b'],
    [{ 'Fn::Split': [{ Ref: 'Dash' }, 'a-b'] }, ['a', 'b']],
    [{ 'Fn::Select': [0, ['a', 'b']] }, 'a'],
    [{ 'Fn::Select': [{ Ref: 'First' }, ['a', 'b']] }, 'b'],
    [{ 'Fn::If': ['NumbersAreText', { Ref: 'Stage' }, 'no'] }, 'test'],
    [{ 'Fn::If': ['Differs', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['TextIsFalse', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['LastIsFalse', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['LastIsTrue', 'yes', 'no'] }, 'yes'],
    [[{ 'Fn::If': ['IsProd', 'prod', { Ref: 'AWS::NoValue' }] }, 'kept'], ['kept']],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'Count', { DefaultValue: 'none' }] }, '1'],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'Zero', { DefaultValue: 'none' }] }, '0'],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'Empty', { DefaultValue: 'none' }] }, ''],
    [{ 'Fn::FindInMap': ['Sizes', 'constructor', 'name', { DefaultValue: 'none' }] }, 'none'],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'constructor', { DefaultValue: 'none' }] }, 'none'],
    [{ 'Fn::If': ['Text', 'yes', 'no'] }, 'no'],
    [[{ 'Fn::If': ['IsTest', 'yes', { Ref: 'DoesNotExist' }] }], ['yes']],
    [{ 'Fn::If': ['IsTest', { 'Fn::If': ['IsProd', { Ref: 'DoesNotExist' }, 'yes'] }, 'no'] }, 'yes'],
    [{ 'Fn::Select': [1, ['a', '']] }, ''],
    [{ 'Fn::Select': [1, ['a', 0]] }, '0'],
    [{ 'Fn::GetAZs': { Ref: 'AWS::Region' } }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    [{ 'Fn::GetAZs': 'eu-west-1' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    [{ 'Fn::Cidr': ['192.168.255.128/25', '2', '6'] }, ['192.168.255.128/26', '192.168.255.192/26']],
    [{ 'Fn::Cidr': ['10.0.254.0/23', 2, 8] }, ['10.0.254.0/24', '10.0.255.0/24']],
    [{ 'Fn::Cidr': ['10.0.255.0/16', 2, 8] }, ['10.0.255.0/24', '10.1.0.0/24']],
    [{ 'Fn::ToJsonString': ['a', { 'Fn::GetAtt': 'Other.Name' }] }, '["a","n"]'],
    [{ 'Fn::Base64': { 'Fn::Sub': 'é${Stage}' } }, 'w6l0ZXN0'],
    [{ Condition: 'IsTest' }, 'true'],
    [{ Ref: 'Stage', Other: 'x' }, { Ref: 'Stage', Other: 'x' }],
    ['{{resolve:ssm:/plain}}{{resolve:carrot}}', 'from ssm{{resolve:carrot}}'],
    ['{{resolve:SSM:/plain}}{{Resolve:ssm:/plain}}', '{{resolve:SSM:/plain}}{{Resolve:ssm:/plain}}'],
    [{ FnCarrot: 'x' }, { FnCarrot: 'x' }],
    [{ Condition: ['IsTest'] }, { Condition: ['IsTest'] }],
    [{ 'Fn::ToJsonString': { a: { Ref: 'Stage' } } }, '{"a":"test"}'],
    ['{{resolve:ssm:/plain}} and {{resolve:ssm:/plain:3}}', 'from ssm and from ssm'],
    [{ Condition: { StringEquals: { a: 'b' } } }, { Condition: { StringEquals: { a: 'b' } } }],
    [JSON.parse('{"__proto__":{"x":"y"}}'), JSON.parse('{"__proto__":{"x":"y"}}')],
  ])('%j is %j', async (value, expected) => {
    expect(await resolved(value, sections)).toEqual(expected);
  });

  test.each<[unknown, RegExp]>([
    [{ 'Fn::FindInMap': ['Sizes', 'prod', 'Count'] },
      /^Template error: Unable to get mapping for Sizes::prod::Count$/],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'Other', {}] }, /Unable to get mapping for Sizes::test::Other/],
    [{ 'Fn::Select': [7, ['a']] }, /cannot select nonexistent value at index 7/],
    [{ 'Fn::Join': ['-', [{ a: 1 }]] }, /every value of Fn::Join must be a string/],
    [{ 'Fn::Select': [-1, ['a']] }, /cannot select nonexistent value at index -1/],
    [{ 'Fn::Select': [1, ['a']] }, /cannot select nonexistent value at index 1/],
    [{ 'Fn::Select': [0, 'a'] }, /Template error: Fn::Select requires a list\.$/],
    [{ 'Fn::Select': [0] }, /Template error: Fn::Select requires a list of 2\.$/],
    [{ 'Fn::Join': ['-'] }, /Template error: Fn::Join requires a list of 2\.$/],
    [{ 'Fn::Join': ['-', 'a'] }, /Template error: Fn::Join requires a list\.$/],
    [{ 'Fn::Split': ['-'] }, /Template error: Fn::Split requires a list of 2\.$/],
    [{ 'Fn::Split': ['-', ['a']] }, /Template error: every value of Fn::Split must be a string\.$/],
    [{ 'Fn::Sub': ['a'] }, /Template error: Fn::Sub requires a list of 2\.$/],
    [{ 'Fn::Sub': '${Names}' }, /Template error: every value of Fn::Sub must be a string\.$/],
    [{ 'Fn::Sub': ['${A}', { A: ['x'] }] }, /Template error: every value of Fn::Sub must be a string\.$/],
    [{ 'Fn::Sub': ['${A}', 'x'] }, /Unresolved resource dependencies \[A\]/],
    [{ 'Fn::Sub': ['${A}', null] }, /Unresolved resource dependencies \[A\]/],
    [{ 'Fn::Sub': ['${constructor}', {}] }, /Unresolved resource dependencies \[constructor\]/],
    [{ 'Fn::Sub': '${a-b}' }, /Unresolved resource dependencies \[a-b\]/],
    [{ Ref: 'constructor' }, /Unresolved resource dependencies \[constructor\]/],
    [{ 'Fn::If': ['constructor', 'yes', 'no'] }, /Unresolved condition dependency constructor/],
    [{ 'Fn::If': ['', 'yes', 'no'] }, /Unresolved condition dependency  in/],
    [{ 'Fn::GetAtt': ['Other'] }, /Template error: Fn::GetAtt requires a list of 2\.$/],
    [{ 'Fn::GetAtt': ['Other', ['Name']] }, /Template error: every value of Fn::GetAtt must be a string\.$/],
    [{ 'Fn::GetAtt': ['Other', 'constructor'] }, /Vendor response doesn't contain constructor key in object/],
    [{ 'Fn::GetAtt': ['Carrot', 'Name'] }, /Unresolved resource dependencies \[Carrot\]/],
    [{ 'Fn::If': ['IsTest', 'yes'] }, /Template error: Fn::If requires a list of 3\.$/],
    [{ 'Fn::If': ['Carrot', 'yes', 'no'] }, /Unresolved condition dependency Carrot/],
    [{ 'Fn::Equals': ['a'] }, /Template error: Fn::Equals requires a list of 2\.$/],
    [{ 'Fn::Not': [true, true] }, /Template error: Fn::Not requires a list of 1\.$/],
    [{ 'Fn::And': 'a' }, /Template error: Fn::And requires a list\.$/],
    [{ 'Fn::Or': 'a' }, /Template error: Fn::Or requires a list\.$/],
    [{ 'Fn::FindInMap': 'Sizes' }, /Template error: Fn::FindInMap requires a list\.$/],
    [{ 'Fn::FindInMap': ['Carrots', 'test', 'Count'] }, /Unable to get mapping for Carrots::test::Count/],
    [{ 'Fn::Base64': ['a'] }, /Template error: every value of Fn::Base64 must be a string\.$/],
    [{ 'Fn::ImportValue': ['a'] }, /Template error: every value of Fn::ImportValue must be a string\.$/],
    [{ 'Fn::Length': 'abc' }, /Template error: Fn::Length requires a list\.$/],
    [{ 'Fn::Cidr': '10.0.0.0/16' }, /Template error: Fn::Cidr requires a list\.$/],
    [{ 'Fn::Cidr': ['10.0.0.0/23', 3, 8] }, /Template error: the blocks of Fn::Cidr do not fit in the IP block\.$/],
    [{ 'Fn::Cidr': ['10.0.0.x/16', 1, 8] }, /Template error: the blocks of Fn::Cidr do not fit in the IP block\.$/],
    [{ 'Fn::Cidr': ['10.0.0.0', 1, 8] }, /Template error: the blocks of Fn::Cidr do not fit in the IP block\.$/],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 1] }, /Template error: the blocks of Fn::Cidr do not fit in the IP block\.$/],
    [{ 'Fn::Cidr': ['::/56', 1, 64] }, /Template error: the blocks of Fn::Cidr do not fit in the IP block\.$/],
    ['{{resolve:ssm-secure:/plain}}', /Dynamic reference to 'ssm-secure' is not supported .*, only ssm\.$/],
    [{ 'Fn::Carrot': 'x' }, /^Template error: Fn::Carrot is not supported by the local service\.$/],
    [{ 'Fn::Transform': {} },
      /^Template error: Fn::Transform is not supported by the local service\. Deploy a template without transforms\.$/],
    [{ Ref: 'Carrot' }, /Unresolved resource dependencies \[Carrot\] in the Resources block/],
    [{ 'Fn::Sub': '${Carrot.Color}' }, /Unresolved resource dependencies \[Carrot\]/],
    ['{{resolve:secretsmanager:x}}', /Dynamic reference to 'secretsmanager' is not supported by the local service/],
    ['{{resolve:ssm:/nowhere}}', /Parameter \/nowhere not found/],
    ['{{resolve:ssm:/plain:latest}}', /Parameter \/plain:latest not found/],
  ])('%j is refused', async (value, message) => {
    await expect(resolved(value, sections)).rejects.toThrow(message);
  });

  test.each<[unknown, string[]]>([
    [{ Ref: 'A' }, ['A']],
    [[{ Deep: [{ Ref: 'A' }] }, { Ref: 'B' }], ['A', 'B']],
    [{ 'Fn::GetAtt': ['A', 'Name'] }, ['A']],
    [{ 'Fn::GetAtt': 'A.Deep.Name' }, ['A']],
    [{ 'Fn::Sub': '${A}${B.Deep.Name}${!C}${AWS::Region}' }, ['A', 'AWS::Region', 'B']],
    [{ 'Fn::Sub': ['${A}${Own}', { Own: { Ref: 'B' } }] }, ['A', 'B']],
    [{ 'Fn::Join': ['', [{ Ref: 'A' }, { 'Fn::Base64': { Ref: 'B' } }]] }, ['A', 'B']],
    [{ 'Fn::If': ['Yes', { Ref: 'A' }, { Ref: 'B' }] }, ['A']],
    [['A', '${A}', { A: 'A' }], []],
  ])('%j depends on %j', (value, expected) => {
    const { engine } = scriptedEngine(() => ({}));
    const resources = { A: thing(), B: thing(), C: thing(), One: thing({ Value: value }) };
    const Conditions = { Yes: { 'Fn::Equals': ['a', 'a'] } };
    const templateBody = JSON.stringify({ Conditions, Resources: resources });
    const { changeSet } = engine.createChangeSet('App', {
      changeSetName: 'set', changeSetType: 'CREATE', templateBody,
    });
    expect([...changeSet.template.resources.get('One')!.dependencies].sort()).toEqual(expected);
  });

  test('only results of functions get the addresses of this machine', async () => {
    const { deploy, requests } = scriptedEngine(() => ({}), {
      region: 'eu-west-1', localUrl: (text) => text.replaceAll('amazonaws.com', 'localhost'),
    });
    const Outputs = { Url: { Value: { 'Fn::Sub': 'x.${AWS::URLSuffix}' } } };
    const stack = await deploy({
      One: thing({
        Plain: 'amazonaws.com',
        Suffix: { Ref: 'AWS::URLSuffix' },
        List: ['amazonaws.com', { 'Fn::Join': ['.', ['s3', { Ref: 'AWS::Region' }, 'amazonaws.com']] }],
        Zones: { 'Fn::GetAZs': '' },
      }),
    }, { sections: { Outputs } });
    expect(requests[0]!.ResourceProperties).toMatchObject({
      Plain: 'amazonaws.com',
      Suffix: 'localhost',
      List: ['amazonaws.com', 's3.eu-west-1.localhost'],
      Zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    });
    expect(stack.outputs).toMatchObject([{ OutputValue: 'x.localhost' }]);
  });
});

describe('parameters', () => {
  const of = (definition: object, ParameterValue?: string) =>
    resolved(
      { Ref: 'P' },
      { Parameters: { P: definition } },
      ParameterValue === undefined ? [] : [{ ParameterKey: 'P', ParameterValue }],
    );

  test('a given value takes precedence over the default', async () => {
    expect(await of({ Type: 'String', Default: 'd' }, 'given')).toBe('given');
    expect(await of({ Type: 'String', Default: 'd' }, '')).toBe('');
    expect(await resolved({ Ref: 'P' }, { Parameters: { P: { Type: 'String', Default: 'd' } } }, [
      { ParameterKey: 'P' },
    ])).toBe('d');
    const Parameters = { P: { Type: 'String', Default: 'd' }, Prefixed: { Type: 'String' } };
    expect(await resolved({ Ref: 'P' }, { Parameters }, [{ ParameterKey: 'Prefixed', ParameterValue: 'x' }])).toBe('d');
  });

  test.each([
    ['CommaDelimitedList', 'a,, b ', ['a', '', 'b']], ['CommaDelimitedList', '', ['']], ['List<String>', 'a', ['a']],
  ])('a parameter of the type %s with the text %j has the elements %j', async (Type, text, elements) => {
    expect(await of({ Type }, text)).toEqual(elements);
  });

  test('a parameter of an SSM type has the value from the parameter store', async () => {
    expect(await of({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/plain' })).toBe('from ssm');
    expect(await of({ Type: 'AWS::SSM::Parameter::Value<List<String>>' }, '/list')).toEqual(['a', 'b']);
    // Its constraints apply to the name.
    expect(await of({ Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: ['/plain'] }, '/plain')).toBe(
      'from ssm');
    await expect(of({ Type: 'AWS::SSM::Parameter::Value<String>' }, '/nowhere')).rejects.toMatchObject({
      code: 'ValidationError',
      message: 'Unable to fetch parameters [/nowhere] from parameter store for this account.',
    });
  });

  test.each([
    [{ Type: 'String' }, undefined, 'Parameters: [P] must have values'],
    [{ Type: 'String', AllowedValues: ['a', 'b'] }, 'c', "Parameter 'P' must be one of AllowedValues"],
    [{ Type: 'String', AllowedPattern: '[a-z]+' }, 'A', "Parameter 'P' must match pattern [a-z]+"],
    [{ Type: 'String', AllowedPattern: '[a-z]+' }, 'a1', "Parameter 'P' must match pattern [a-z]+"],
    [{ Type: 'String', MinLength: 3 }, 'ab', "Parameter 'P' must contain at least 3 characters"],
    [{ Type: 'String', MaxLength: 3 }, 'abcd', "Parameter 'P' must contain at most 3 characters"],
    [{ Type: 'Number', MinValue: 3 }, '2', "Parameter 'P' must be a number not less than 3"],
    [{ Type: 'Number', MaxValue: 3 }, '4', "Parameter 'P' must be a number not greater than 3"],
    [{ Type: 'Number' }, 'many', "Parameter 'P' must be a number."],
    [{ Type: 'Number' }, 'Infinity', "Parameter 'P' must be a number."],
    [{ Type: 'AWS::SSM::Parameter::Value<Number>' }, '/plain', "Parameter 'P' must be a number."],
    [{ Type: 'String', AllowedPattern: 'a|b' }, 'ab', "Parameter 'P' must match pattern a|b"],
    [{ Type: 'String', MinLength: '1' }, '', "Parameter 'P' must contain at least 1 characters"],
    [{ Type: 'Number', AllowedValues: [1, 2] }, '3', "Parameter 'P' must be one of AllowedValues"],
    [{ Type: 'String', AllowedValues: ['ab', 'c'] }, 'b', "Parameter 'P' must be one of AllowedValues"],
    [{ Type: 'String', MaxLength: 0 }, 'a', "Parameter 'P' must contain at most 0 characters"],
    [{ Type: 'Number', MinValue: 0 }, '-1', "Parameter 'P' must be a number not less than 0"],
    [{ Type: 'Number', MaxValue: 0 }, '1', "Parameter 'P' must be a number not greater than 0"],
    [{ Type: 'Number', MinValue: '10' }, '9', "Parameter 'P' must be a number not less than 10"],
    [{ Type: 'Number', MaxValue: '9' }, '10', "Parameter 'P' must be a number not greater than 9"],
    [
      { Type: 'String', AllowedValues: ['a'], ConstraintDescription: 'only a' },
      'c',
      "Parameter 'P' failed to satisfy constraint: only a",
    ],
  ])('%j with %s is refused', async (definition, value, message) => {
    await expect(of(definition, value)).rejects.toMatchObject({ code: 'ValidationError', message });
  });

  test.each([
    [{ Type: 'Number', AllowedValues: [1, 2] }, '2'],
    [{ Type: 'String', AllowedPattern: 'a|b' }, 'b'],
    [{ Type: 'Number' }, '-1.5'],
    [{ Type: 'Number' }, '1e3'],
    [{ Type: 'String', MaxLength: 1 }, 'é'],
    [{ Type: 'String' }, ' a '],
    [{ Type: 'String', MinLength: 3, MaxLength: 3 }, 'abc'],
    [{ Type: 'Number', MinValue: 3, MaxValue: 3 }, '3'],
  ])('%j accepts %s at its limits', async (definition, value) => {
    expect(await of(definition, value)).toBe(value);
  });

  test.each([[0, '0'], [false, 'false'], ['', '']])('the default can be %j', async (Default, expected) => {
    expect(await of({ Type: 'String', Default })).toBe(expected);
    expect(await of({ Type: 'String', Default }, 'given')).toBe('given');
  });

  test('all parameters without a value are named', async () => {
    const Parameters = { A: { Type: 'String' }, B: { Type: 'String', Default: 'b' }, C: { Type: 'String' } };
    await expect(resolved('x', { Parameters })).rejects.toThrow('Parameters: [A, C] must have values');
    // A parameter that the stack does not have has no previous value, even if it has a default.
    const keep = [
      ...['A', 'B'].map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
      { ParameterKey: 'C', ParameterValue: 'c' },
    ];
    await expect(resolved('x', { Parameters }, keep)).rejects.toThrow('Parameters: [A, B] must have values');
    const given = ['D', 'B', 'constructor'].map((ParameterKey) => ({ ParameterKey, ParameterValue: 'x' }));
    await expect(resolved('x', { Parameters }, given)).rejects.toThrow(
      'Parameters: [D, constructor] do not exist in the template');
  });

  test.each([
    [true, '****'], ['true', '****'], [false, 'hunter2'], ['false', 'hunter2'], [undefined, 'hunter2'],
  ])('with NoEcho %j the events show %s', async (NoEcho, shown) => {
    const { deploy, events } = scriptedEngine(() => ({}));
    await deploy({ One: thing({ Secret: { Ref: 'P' } }) }, {
      sections: { Parameters: { P: { Type: 'String', NoEcho } } },
      parameters: [{ ParameterKey: 'P', ParameterValue: 'hunter2' }],
    });
    expect(events.find(({ ResourceProperties }) => ResourceProperties)!.ResourceProperties).toContain(
      `"Secret":"${shown}"`);
  });

  test('a resource can have a part of a secret, and its events then have no properties', async () => {
    const { deploy, events, requests } = scriptedEngine(() => ({}));
    const stack = await deploy({ One: thing({ Part: { 'Fn::Select': [1, { Ref: 'P' }] } }) }, {
      sections: { Parameters: { P: { Type: 'CommaDelimitedList', NoEcho: true, Default: 'hunter1,hunter2' } } },
    });
    expect(stack.status).toBe('CREATE_COMPLETE');
    expect(requests[0]!.ResourceProperties.Part).toBe('hunter2');
    expect(events.filter(({ LogicalResourceId }) => LogicalResourceId === 'One')).toMatchObject(
      Array.from({ length: 3 }, () => ({ ResourceProperties: '{}' })));
  });

  test('a parameter that is not in the template is refused', async () => {
    await expect(resolved('x', {}, [{ ParameterKey: 'Carrot', ParameterValue: '1' }])).rejects.toThrow(
      'Parameters: [Carrot] do not exist in the template',
    );
  });

  test('a parameter with UsePreviousValue keeps its previous value', async () => {
    const { deploy, requests } = scriptedEngine(() => ({}));
    const stored = { Type: 'AWS::SSM::Parameter::Value<List<String>>' };
    const sections = { Parameters: { P: { Type: 'String' }, Q: { Type: 'String' }, Stored: stored } };
    const resources = { One: thing({ P: { Ref: 'P' }, Q: { Ref: 'Q' }, Stored: { Ref: 'Stored' } }) };
    await deploy(resources, {
      sections,
      parameters: [
        { ParameterKey: 'P', ParameterValue: 'p' },
        { ParameterKey: 'Q', ParameterValue: 'q' },
        { ParameterKey: 'Stored', ParameterValue: '/list' },
      ],
    });
    await deploy(resources, {
      sections,
      parameters: [
        { ParameterKey: 'P', UsePreviousValue: 'true' },
        { ParameterKey: 'Q', ParameterValue: 'r', UsePreviousValue: 'false' },
        { ParameterKey: 'Stored', UsePreviousValue: true },
      ],
    });
    expect(requests[1]!.ResourceProperties).toMatchObject({ P: 'p', Q: 'r', Stored: ['a', 'b'] });
    const limited = { Parameters: { P: { Type: 'String', AllowedValues: ['q'] } } };
    await expect(deploy({ One: thing({ P: { Ref: 'P' } }) }, {
      sections: limited, parameters: [{ ParameterKey: 'P', UsePreviousValue: true }],
    })).rejects.toThrow("Parameter 'P' must be one of AllowedValues");
  });

  test('UsePreviousValue takes precedence over a changed default', async () => {
    const { deploy, requests } = scriptedEngine(() => ({}));
    const sections = (Default: string) => ({ Parameters: { P: { Type: 'String', Default } } });
    await deploy({ One: thing({ P: { Ref: 'P' } }) }, { sections: sections('first') });
    await deploy(
      { One: thing({ P: { Ref: 'P' }, Other: 'changed' }) },
      {
        sections: sections('second'),
        parameters: [{ ParameterKey: 'P', UsePreviousValue: true }],
      },
    );
    expect(requests.map(({ ResourceProperties }) => ResourceProperties.P)).toEqual(['first', 'first']);
  });

  test('events of creates and updates mask NoEcho parameters, but requests to functions do not', async () => {
    const { deploy, requests, events } = scriptedEngine(({ LogicalResourceId }) =>
      LogicalResourceId === 'Bad' ? { Status: 'FAILED' } : {});
    const deployWith = (ParameterValue: string, more: object = {}) =>
      deploy(
        { One: thing({ Secret: { 'Fn::Sub': 'x-${P}' } }), ...more },
        {
          sections: { Parameters: { P: { Type: 'String', NoEcho: true } } },
          parameters: [{ ParameterKey: 'P', ParameterValue }],
        },
      );
    await deployWith('hunter2');
    await deployWith('hunter3');
    expect(requests.map(({ ResourceProperties }) => ResourceProperties.Secret)).toEqual(['x-hunter2', 'x-hunter3']);
    const shown = events.filter(({ ResourceProperties }) => ResourceProperties !== undefined);
    expect(new Set(shown.map(({ ResourceStatus }) => ResourceStatus))).toEqual(
      new Set(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE']),
    );
    expect(shown.filter(({ ResourceProperties }) => !ResourceProperties!.includes('"x-****"'))).toEqual([]);
    await deployWith('hunter4', { Bad: thing({}, { DependsOn: 'One' }) });
    expect(requests.map(({ ResourceProperties }) => ResourceProperties.Secret)).toContain('x-hunter4');
    expect(JSON.stringify(events)).not.toMatch(/hunter[234]/);
  });
});

describe('templates', () => {
  const create = async (templateBody: string) => {
    const { engine, requests } = scriptedEngine(() => ({}));
    const stack = engine.createStack('App', { templateBody });
    await stack.operation;
    return { stack, requests };
  };

  test.each([
    ['', /^Template format error: unsupported structure\.$/],
    ['[]', /^Template format error: unsupported structure\.$/],
    ['{"Resources":', /^Template format error: /],
    ['{"Resources":{}}', /At least one Resources member must be defined/],
    ['{"Resources":{"a-b":{"Type":"Custom::T"}}}', /Resource name a-b is non alphanumeric/],
    ['{"Resources":{"a_b":{"Type":"Custom::T"}}}', /Resource name a_b is non alphanumeric/],
    ['{"Resources":{"A":{"Type":"Custom::T","Condition":""}}}', /Unresolved condition dependency  in/],
    [
      '{"Resources":{"A":{"Type":"Custom::T","Properties":{"X":{"Fn::Sub":["${constructor}",{}]}}}}}',
      /Unresolved resource dependencies \[constructor\] in the Resources block/,
    ],
    [
      '{"Resources":{"A":{"Type":"Custom::T","Properties":{"X":{"Ref":"AWS::Carrot"}}}}}',
      /Unresolved resource dependencies \[AWS::Carrot\] in the Resources block/,
    ],
    [
      '{"Resources":{"A":{"Type":"Custom::T"}},"Outputs":{"O":{"Value":"x","Condition":""}}}',
      /Unresolved condition dependency  in/,
    ],
    ['{"Resources":{"A":{}}}', /\[\/Resources\/A\] Every Resources object must contain a Type member/],
    ['{"Resources":{"A":{"Type":5}}}', /Every Resources object must contain a Type member/],
    ['{"Resources":{"A":null}}', /Every Resources object must contain a Type member/],
    ['{"Resources":[]}', /At least one Resources member must be defined/],
    ['{"Description":"d"}', /At least one Resources member must be defined/],
    ['{"Resources":{"":{"Type":"Custom::T"}}}', /Resource name  is non alphanumeric/],
    ['{"A":{},"B":{},"Resources":{}}', /Invalid template property or properties \[A, B\]/],
    [
      '{"Resources":{"A":{"Type":"Custom::T","Properties":{"X":{"Ref":"C"},"Y":{"Fn::GetAtt":"D.E"}}}}}',
      /Unresolved resource dependencies \[C, D\] in the Resources block of the template/,
    ],
    [
      '{"Resources":{"A":{"Type":"Custom::T"}},"Outputs":{"O":{"Value":1,"Export":{"Name":{"Ref":"B"}}}}}',
      /Unresolved resource dependencies \[B\] in the Outputs block of the template/,
    ],
    [
      '{"Resources":{"A":{"Type":"Custom::T","DependsOn":["B"]},"B":{"Type":"Custom::T","DependsOn":"C"},'
      + '"C":{"Type":"Custom::T","DependsOn":"B"}}}',
      /Circular dependency between resources: \[B, C\]/,
    ],
    [
      '{"Resources":{"A":{"Type":"Custom::T","Properties":{"X":{"Ref":"A"}}}}}',
      /Circular dependency between resources: \[A\]/,
    ],
    [
      '{"Conditions":{"No":{"Fn::Equals":["a","b"]}},"Resources":{"A":{"Type":"Custom::T","Condition":"No"},'
      + '"B":{"Type":"Custom::T","Properties":{"X":{"Ref":"A"}}}}}',
      /Unresolved resource dependencies \[A\] in the Resources block/,
    ],
    ['{"outputs":{},"Resources":{"A":{"Type":"Custom::T"}}}', /Invalid template property or properties \[outputs\]/],
    ['{"Carrots":{},"Resources":{"A":{"Type":"Custom::T"}}}', /Invalid template property or properties \[Carrots\]/],
    [
      '{"Transform":"AWS::Serverless-2016-10-31","Resources":{"A":{"Type":"Custom::T"}}}',
      /^Transform "AWS::Serverless-2016-10-31" is not supported by .+\. Deploy a template without transforms\.$/,
    ],
    [
      '{"Resources":{"A":{"Type":"AWS::SNS::Topic"}}}',
      /Unrecognized resource types: \[AWS::SNS::Topic\].*allowUnknownResourceTypes/,
    ],
    ['{"Resources":{"A":{"Type":"Custom::T","DependsOn":"B"}}}', /Unresolved resource dependencies \[B\]/],
    [
      '{"Parameters":{"P":{"Type":"String","Default":"a"}},"Resources":{"A":{"Type":"Custom::T","DependsOn":"P"}}}',
      /Unresolved resource dependencies \[P\]/,
    ],
    [
      '{"Resources":{"A":{"Type":"Custom::T","DependsOn":"B"},'
      + '"B":{"Type":"Custom::T","Properties":{"X":{"Ref":"A"}}}}}',
      /Circular dependency between resources: \[A, B\]/,
    ],
    [
      '{"Conditions":{"C":{"Fn::Equals":[{"Ref":"A"},"x"]}},"Resources":{"A":{"Type":"Custom::T","Condition":"C"}}}',
      /Unresolved resource dependencies \[A\] in the Resources block/,
    ],
    [
      '{"Conditions":{"C":{"Fn::Equals":[{"Fn::GetAtt":"A.B"},"x"]}},'
      + '"Resources":{"A":{"Type":"Custom::T","Condition":"C"}}}',
      /Unresolved resource dependencies \[A\] in the Resources block/,
    ],
    ['{"Resources":{"A":{"Type":"Custom::T","Condition":"Nope"}}}', /Unresolved condition dependency Nope/],
    [
      '{"Conditions":{"C":{"Fn::Equals":[{"Fn::ImportValue":"nope"},"x"]}},'
      + '"Resources":{"A":{"Type":"Custom::T","Condition":"C"}}}',
      /^No export named nope found\.$/,
    ],
    [
      '{"Conditions":{"C":{"Fn::Not":[{"Condition":"D"}]},"D":{"Fn::Not":[{"Condition":"C"}]}},'
      + '"Resources":{"A":{"Type":"Custom::T","Condition":"C"}}}',
      /Unresolved condition dependency C/,
    ],
    [
      '{"Resources":{"A":{"Type":"Custom::T"}},"Outputs":{"O":{"Value":{"Ref":"B"}}}}',
      /Unresolved resource dependencies \[B\] in the Outputs block/,
    ],
  ])('%s is refused', async (body, message) => {
    await expect(create(body)).rejects.toMatchObject({
      code: 'ValidationError', status: 400, message: expect.stringMatching(message),
    });
  });

  test('a template can have every section, and a logical ID of 255 characters', async () => {
    const id = 'A'.repeat(255);
    const sections = {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: 'd',
      Metadata: {},
      Parameters: {},
      Rules: {},
      Mappings: {},
      Conditions: {},
      Outputs: {},
      Hooks: {},
    };
    const { stack } = await create(JSON.stringify({ ...sections, Resources: { [id]: thing() } }));
    expect(stack).toMatchObject({ status: 'CREATE_COMPLETE', template: { description: 'd' } });
    expect([...stack.resources.keys()]).toEqual([id]);
    await expect(create(JSON.stringify({ Resources: { [`${id}A`]: thing() } }))).rejects.toThrow('is non alphanumeric');
  });

  test.each<[string, unknown]>([
    ['!Ref Other', 'thing'],
    ['!GetAtt Other.Name', 'n'],
    ['!GetAtt Other.Deep.Name', 'deep'],
    ['!GetAtt [Other, Name]', 'n'],
    ["!Sub ['${A}', { A: !Ref Stage }]", 'test'],
    ["!Join ['-', [a, b]]", 'a-b'],
    ["!Split ['-', a-b]", ['a', 'b']],
    ['!Select [1, [a, b]]', 'b'],
    ['!If [IsTest, yes, no]', 'yes'],
    ['!FindInMap [Sizes, test, Count]', '1'],
    ['!Base64 hello', 'aGVsbG8='],
    ["!GetAZs ''", ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    ['!Cidr [10.0.0.0/16, 1, 8]', ['10.0.0.0/24']],
    ['!Length [a, b]', '2'],
    ['!ToJsonString { a: !Ref Stage }', '{"a":"test"}'],
    ['!Equals [a, a]', 'true'],
    ['!Not [!Condition IsTest]', 'false'],
    ['!And [!Condition IsTest, !Equals [a, b]]', 'false'],
    ['!Or [!Condition IsTest, !Equals [a, b]]', 'true'],
    ['!ImportValue shared', 'own'],
  ])('%s is a short form in YAML', async (text, expected) => {
    const { deploy, engine, requests } = scriptedEngine(() => ({ Data: { 'Name': 'n', 'Deep.Name': 'deep' } }));
    const Outputs = { Out: { Value: 'own', Export: { Name: 'shared' } } };
    await deploy({ One: thing() }, { sections: { Outputs } }, 'Exporter');
    const templateBody = `
Parameters: { Stage: { Type: String, Default: test } }
Mappings: { Sizes: { test: { Count: 1 } } }
Conditions: { IsTest: !Equals [!Ref Stage, test] }
Resources:
  Other: { Type: 'Custom::T', Properties: { ServiceToken: 'arn:aws:lambda:x' } }
  One:
    Type: Custom::T
    DependsOn: Other
    Properties:
      ServiceToken: arn:aws:lambda:x
      Value: ${text}
`;
    await engine.createStack('App', { templateBody }).operation;
    expect(requests.at(-1)!.ResourceProperties.Value).toEqual(expected);
  });

  test.each([
    ['an error of JSON', '{"Resources": carrot}', 'Unexpected token'],
    ['an error of JSON after a blank line', '\n {"Resources": carrot}', 'Unexpected token'],
    ['an error of YAML', 'Resources: [a', 'Flow sequence in block collection must be'],
    ['a duplicate key', 'Resources: {}\nResources: {}', 'Map keys must be unique'],
  ])('%s is one line', async (_, templateBody, problem) => {
    await expect(create(templateBody)).rejects.toMatchObject({
      code: 'ValidationError',
      message: expect.stringMatching(new RegExp(`^Template format error: ${problem}.+[^\\n]$`)),
    });
  });

  test('a YAML template can use short forms', async () => {
    const { requests, stack } = await create(`
Parameters:
  Stage: { Type: String, Default: test }
Conditions:
  IsTest: !Equals [!Ref Stage, test]
Resources:
  One:
    Type: Custom::Thing
    Properties:
      ServiceToken: arn:aws:lambda:us-east-1:123456789012:function:things
      Version: 2012-10-17
      Count: 5
      Flag: true
      Name: !Sub '\${Stage}-\${AWS::Region}'
      Chosen: !If [IsTest, !Join ['-', [a, !Ref Stage]], b]
      Mapped: !Sub
        - '\${A}'
        - A: !Select [0, !Split [',', 'x,y']]
Outputs:
  Id: { Value: !Ref One }
  Chosen: { Value: x, Condition: IsTest }
`);
    expect(requests[0]!.ResourceProperties).toMatchObject({
      Version: '2012-10-17',
      Name: 'test-us-east-1',
      Chosen: 'a-test',
      Mapped: 'x',
    });
    expect(stack.outputs.map(({ OutputKey }) => OutputKey)).toEqual(['Id', 'Chosen']);
    expect(stack.resources.get('One')!.state!.properties).toMatchObject({ Count: 5, Flag: true });
  });

  test('a template with many paths between its resources is checked once', async () => {
    const layers = Array.from({ length: 40 }, (_, layer) => ['A', 'B'].map((side) => [
      `${side}${layer}`, thing({}, { DependsOn: layer ? [`A${layer - 1}`, `B${layer - 1}`] : [] }),
    ]));
    const { stack } = await create(JSON.stringify({ Resources: Object.fromEntries(layers.flat()) }));
    expect(stack.resources.size).toBe(80);
  });

  test('resources and outputs with a false condition are omitted', async () => {
    const { deploy, trail } = scriptedEngine(() => ({}));
    const stack = await deploy(
      { One: thing(), Two: thing({}, { Condition: 'No' }), Three: thing({}, { DependsOn: 'Two' }) },
      {
        sections: {
          Conditions: { No: { 'Fn::Equals': ['a', 'b'] } },
          Outputs: {
            Two: { Condition: 'No', Value: { Ref: 'Two' } },
            One: { Value: { 'Fn::If': ['No', { Ref: 'Two' }, { Ref: 'One' }] } },
          },
        },
      },
    );
    expect(trail()).toEqual(['Create One', 'Create Three']);
    expect(stack.outputs.map(({ OutputKey }) => OutputKey)).toEqual(['One']);
  });

  test('an output has the value of its time, and must be text', async () => {
    const { deploy } = scriptedEngine(() => ({ Data: { List: ['x'] } }));
    const Export = { Name: { 'Fn::Sub': 'x-${One}' } };
    const Parameters = { Secret: { Type: 'String', NoEcho: true, Default: 's' } };
    const Outputs = { A: { Value: true }, B: { Value: 5 }, C: { Value: 'c', Export }, D: { Value: { Ref: 'Secret' } } };
    const stack = await deploy({ One: thing() }, { sections: { Parameters, Outputs } });
    expect(stack.outputs).toEqual([
      { OutputKey: 'A', OutputValue: 'true' },
      { OutputKey: 'B', OutputValue: '5' },
      { OutputKey: 'C', OutputValue: 'c', ExportName: 'x-thing' },
      { OutputKey: 'D', OutputValue: 's' },
    ]);
    const list = { 'Fn::GetAtt': ['One', 'List'] };
    const malformed = { Other: { Value: list }, Third: { Value: 'x', Export: { Name: list } } };
    for (const [name, Out] of Object.entries(malformed)) {
      const sections = { Outputs: { Out } };
      expect(await deploy({ One: thing() }, { sections, disableRollback: true }, name)).toMatchObject({
        status: 'CREATE_FAILED',
        statusReason:
          'Template format error: Output Out is malformed. The Value field of every Outputs member must evaluate to a '
          + 'String. ',
      });
    }
  });

  test('IAM resources require a capability', () => {
    const { engine } = scriptedEngine(() => ({}), {
      types: { 'AWS::IAM::Role': { create: () => ({ physicalId: 'role' }) } },
    });
    expect(() => engine.createStack('App', { templateBody: '{"Resources":{"R":{"Type":"AWS::IAM::Role"}}}' })).toThrow(
      expect.objectContaining({ code: 'InsufficientCapabilitiesException' }),
    );
  });

  test('a missing required property fails the resource', async () => {
    const { deploy, reasonOf } = scriptedEngine(() => ({}));
    const stack = await deploy({ Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/x' } } });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(reasonOf('Alias', 'CREATE_FAILED')).toBe(
      'Properties validation failed for resource Alias with message: #: required key [TargetKeyId] not found',
    );
  });

  test('an update cannot change the type of a resource', async () => {
    const { deploy } = scriptedEngine(() => ({}));
    await deploy({ One: thing() });
    await expect(deploy({ One: { Type: 'AWS::SQS::Queue' } })).rejects.toThrow(
      'Update of resource type is not permitted',
    );
  });
});

describe('change sets', () => {
  const body = (resources: object, sections: object = {}) => JSON.stringify({ Resources: resources, ...sections });

  test('a change set shows the changes, and its execution makes them', async () => {
    const { engine, trail } = scriptedEngine(() => ({}));
    const first = engine.createChangeSet('App', {
      changeSetName: 'one',
      changeSetType: 'CREATE',
      templateBody: body({ One: thing({ Name: 'a' }), Queue: { Type: 'AWS::SQS::Queue' } }),
    });
    expect(first.stack.status).toBe('REVIEW_IN_PROGRESS');
    expect(first.changeSet.changes).toMatchObject([
      { Action: 'Add', LogicalResourceId: 'One' },
      { Action: 'Add', LogicalResourceId: 'Queue' },
    ]);
    expect(trail()).toEqual([]);
    await engine.executeChangeSet('one', 'App', {}).operation;
    const { changeSet } = engine.createChangeSet('App', {
      changeSetName: 'two',
      templateBody: body({
        One: thing({ Name: 'b' }),
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
        New: thing(),
      }),
    });
    expect(changeSet.changes).toMatchObject([
      {
        Action: 'Modify',
        LogicalResourceId: 'One',
        PhysicalResourceId: 'thing',
        Replacement: 'Conditional',
        Scope: ['Properties'],
        Details: [{ Target: { Name: 'Name', RequiresRecreation: 'Conditionally' } }],
      },
      { Action: 'Modify', LogicalResourceId: 'Queue', Replacement: 'True' },
      { Action: 'Add', LogicalResourceId: 'New' },
    ]);
    await engine.executeChangeSet(changeSet.id, undefined, {}).operation;
    expect(
      engine
        .createChangeSet('App', { changeSetName: 'three', templateBody: body({ One: thing({ Name: 'b' }) }) })
        .changeSet.changes.map(({ Action, LogicalResourceId }) => `${Action} ${LogicalResourceId}`),
    ).toEqual(['Remove Queue', 'Remove New']);
  });

  test('a removed property is a change, and a removed create-only property is a replacement', async () => {
    const types = {
      'Test::Named': {
        createOnly: ['Name'],
        create: ({ Name = 'generated' }: { readonly Name?: unknown }) => ({ physicalId: String(Name) }),
        update: () => ({}),
      },
    };
    const { deploy, engine } = scriptedEngine(() => ({}), { types });
    const named = (Properties: object) => ({ Named: { Type: 'Test::Named', Properties } });
    const idOf = (stack: Awaited<ReturnType<typeof deploy>>) => stack.resources.get('Named')!.physicalId;
    expect(idOf(await deploy(named({ Size: 1, Name: 'a' })))).toBe('a');
    const changed = (changeSetName: string, properties: object) =>
      engine.createChangeSet('App', { changeSetName, templateBody: body(named(properties)) }).changeSet.changes;
    expect(changed('without-size', { Name: 'a' })).toMatchObject([
      { Replacement: 'False', Details: [{ Target: { Name: 'Size' } }] },
    ]);
    expect(changed('without-name', { Size: 1 })).toMatchObject([
      { Replacement: 'True', Details: [{ Target: { Name: 'Name' } }] },
    ]);
    expect(idOf(await deploy(named({ Name: 'a' })))).toBe('a');
    expect(idOf(await deploy(named({})))).toBe('generated');
  });

  test('a change of an updatable and a create-only property is a replacement, in either order', async () => {
    const types = { 'Test::Named': { createOnly: ['Name'], create: () => ({ physicalId: 'named' }) } };
    const { deploy, engine } = scriptedEngine(() => ({}), { types });
    const named = (Properties: object) => ({ Named: { Type: 'Test::Named', Properties } });
    await deploy(named({ Size: 1, Name: 'a' }));
    const changed = (changeSetName: string, properties: object) =>
      engine.createChangeSet('App', { changeSetName, templateBody: body(named(properties)) }).changeSet.changes;
    const replaced = [{ Action: 'Modify', LogicalResourceId: 'Named', Replacement: 'True' }];
    expect(changed('updatable-first', { Size: 2, Name: 'b' })).toMatchObject([{
      ...replaced[0],
      Details: [
        { Target: { Name: 'Size', RequiresRecreation: 'Never' } },
        { Target: { Name: 'Name', RequiresRecreation: 'Always' } },
      ],
    }]);
    expect(changed('create-only-first', { Name: 'b', Size: 2 })).toMatchObject(replaced);
    expect(changed('updatable', { Size: 2, Name: 'a' })).toMatchObject([{ Replacement: 'False' }]);
  });

  test.each<[string, (engine: ReturnType<typeof scriptedEngine>['engine']) => Promise<void>]>([
    ['another change set is executed', (engine) => engine.executeChangeSet('first', 'App', {}).operation],
    [
      'the stack is updated directly',
      (engine) => engine.updateStack('App', { templateBody: body({ One: thing({ Name: 'c' }) }) }).operation,
    ],
  ])('a change set can no longer be executed after %s', async (_, change) => {
    const { deploy, engine } = scriptedEngine(() => ({}));
    await deploy({ One: thing({ Name: 'a' }) });
    engine.createChangeSet('App', { changeSetName: 'first', templateBody: body({ One: thing({ Name: 'b' }) }) });
    engine.createChangeSet('App', { changeSetName: 'second', templateBody: body({ One: thing({ Name: 'd' }) }) });
    await change(engine);
    expect(() => engine.executeChangeSet('second', 'App', {})).toThrow(
      expect.objectContaining({ code: 'ChangeSetNotFound' }),
    );
    expect(engine.changeSetsOf('App')).toEqual([]);
  });

  test('a change set without changes cannot be executed', async () => {
    const { deploy, engine } = scriptedEngine(() => ({}));
    await deploy({ One: thing() });
    expect(
      engine.createChangeSet('App', { changeSetName: 'same', templateBody: body({ One: thing() }) }).changeSet.empty,
    ).toBe(true);
    expect(() => engine.executeChangeSet('same', 'App', {})).toThrow(
      expect.objectContaining({ code: 'InvalidChangeSetStatus' }),
    );
  });

  test('a changed output, tag or parameter is a change', async () => {
    const sections = { Parameters: { P: { Type: 'String', Default: 'a' } } };
    const { deploy, engine } = scriptedEngine(() => ({}));
    await deploy({ One: thing({ P: { Ref: 'P' } }) }, { sections });
    const empty = (name: string, input: object, more: object = {}) =>
      engine.createChangeSet('App', {
        changeSetName: name,
        templateBody: body({ One: thing({ P: { Ref: 'P' } }) }, { ...sections, ...more }),
        ...input,
      }).changeSet.empty;
    expect(empty('same', {})).toBe(true);
    expect(empty('parameter', { parameters: [{ ParameterKey: 'P', ParameterValue: 'b' }] })).toBe(false);
    expect(empty('tag', { tags: [{ Key: 'a', Value: 'b' }] })).toBe(false);
    expect(empty('output', {}, { Outputs: { O: { Value: 'x' } } })).toBe(false);

    // An output can use a parameter that no resource uses.
    const Parameters = { P: { Type: 'String', Default: 'a' } };
    const exported = (Value: unknown, Name: string) => ({ Outputs: { O: { Value, Export: { Name } } } });
    await deploy({ One: thing() }, { sections: { Parameters, ...exported({ Ref: 'P' }, 'shared') } }, 'Other');
    const other = (changeSetName: string, ParameterValue: string, Name: string, more: object = {}) => {
      const { Outputs: { O } } = exported({ Ref: 'P' }, Name);
      return engine.createChangeSet('Other', {
        changeSetName,
        templateBody: body({ One: thing() }, { Parameters, Outputs: { O: { ...O, ...more } } }),
        parameters: [{ ParameterKey: 'P', ParameterValue }],
      }).changeSet.empty;
    };
    expect([other('same', 'a', 'shared'), other('value', 'b', 'shared'), other('export', 'a', 'renamed')]).toEqual(
      [true, false, false]);
    expect(other('description', 'a', 'shared', { Description: 'd' })).toBe(false);
  });

  test('a condition can change without a change of its text', async () => {
    const sections = {
      Parameters: { Stage: { Type: 'String', Default: 'test' } },
      Conditions: { IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] } },
    };
    const { deploy, engine } = scriptedEngine(() => ({}));
    const resources = {
      One: thing(),
      Two: thing({ Of: { 'Fn::If': ['IsTest', { Ref: 'One' }, 'none'] } }),
      Three: thing({}, { Metadata: { 'Fn::If': ['IsTest', 'a', 'b'] } }),
    };
    await deploy(resources, { sections });
    const changed = (ParameterValue: string) => engine.createChangeSet('App', {
      changeSetName: ParameterValue,
      templateBody: body(resources, sections),
      parameters: [{ ParameterKey: 'Stage', ParameterValue }],
    }).changeSet.changes.map(({ LogicalResourceId }) => LogicalResourceId);
    expect([changed('test'), changed('prod')]).toEqual([[], ['Two', 'Three']]);
  });

  test.each([
    { 'Fn::Join': ['-'] },
    { 'Fn::Join': ['-', [[]]] },
    { 'Fn::Select': [1, ['a']] },
    { 'Fn::FindInMap': ['A', 'b', 'c'] },
    { 'Fn::Cidr': ['10.0.0.0/32', 2, 8] },
    '{{resolve:ssm:/nowhere}}',
    '{{resolve:secretsmanager:x}}',
  ])('%j is a validation error of a change set', async (Value) => {
    const { deploy, engine } = scriptedEngine(() => ({}));
    await deploy({ One: thing() });
    expect(() => engine.createChangeSet('App', { changeSetName: 'set', templateBody: body({ One: thing({ Value }) }) }))
      .toThrow(expect.objectContaining({ code: 'ValidationError', status: 400 }));
  });

  test('a missing change set can be deleted but not described', async () => {
    const { deploy, engine } = scriptedEngine(() => ({}));
    await deploy({ One: thing() });
    expect(() => engine.deleteChangeSet('carrot', 'App')).not.toThrow();
    expect(() => engine.changeSet('carrot', 'App')).toThrow(
      expect.objectContaining({ code: 'ChangeSetNotFound', status: 404 }),
    );
  });
});
