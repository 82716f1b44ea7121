import { scriptedEngine, thing } from '../scripted-engine';

/** Resolves a value, as the function of a custom resource receives it. */
async function resolved(
  value: unknown,
  sections = {},
  parameters: { ParameterKey: string; ParameterValue: string }[] = [],
): Promise<unknown> {
  const { deploy, requests, reasonOf } = scriptedEngine(() => ({ Data: { Name: 'n', List: ['x', 'y'] } }));
  const stack = await deploy(
    { Other: thing(), One: thing({ Value: value, After: { Ref: 'Other' } }) },
    { sections, parameters },
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
    },
    Mappings: { Sizes: { test: { Count: 1, List: ['p', 'q'] } } },
    Conditions: {
      IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
      IsProd: { 'Fn::Not': [{ Condition: 'IsTest' }] },
      Both: { 'Fn::And': [{ Condition: 'IsTest' }, { Condition: 'IsProd' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsTest' }, { Condition: 'IsProd' }] },
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
    [{ 'Fn::ToJsonString': { a: { Ref: 'Stage' } } }, '{"a":"test"}'],
    ['{{resolve:ssm:/plain}} and {{resolve:ssm:/plain:3}}', 'from ssm and from ssm'],
    [{ Condition: { StringEquals: { a: 'b' } } }, { Condition: { StringEquals: { a: 'b' } } }],
    [JSON.parse('{"__proto__":{"x":"y"}}'), JSON.parse('{"__proto__":{"x":"y"}}')],
  ])('%j is %j', async (value, expected) => {
    expect(await resolved(value, sections)).toEqual(expected);
  });

  test.each<[unknown, RegExp]>([
    [{ 'Fn::FindInMap': ['Sizes', 'prod', 'Count'] }, /Unable to get mapping for Sizes::prod::Count/],
    [{ 'Fn::Select': [7, ['a']] }, /cannot select nonexistent value at index 7/],
    [{ 'Fn::Join': ['-', [{ a: 1 }]] }, /every value of Fn::Join must be a string/],
    [{ 'Fn::Carrot': 'x' }, /Fn::Carrot is not supported by the local service/],
    [{ 'Fn::Transform': {} }, /Fn::Transform is not supported by the local service/],
    [{ Ref: 'Carrot' }, /Unresolved resource dependencies \[Carrot\] in the Resources block/],
    [{ 'Fn::Sub': '${Carrot.Color}' }, /Unresolved resource dependencies \[Carrot\]/],
    ['{{resolve:secretsmanager:x}}', /Dynamic reference to 'secretsmanager' is not supported by the local service/],
    ['{{resolve:ssm:/nowhere}}', /Parameter \/nowhere not found/],
  ])('%j is refused', async (value, message) => {
    await expect(resolved(value, sections)).rejects.toThrow(message);
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
  });

  test('a parameter of an SSM type has the value from the parameter store', async () => {
    expect(await of({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/plain' })).toBe('from ssm');
    expect(await of({ Type: 'AWS::SSM::Parameter::Value<List<String>>' }, '/list')).toEqual(['a', 'b']);
    await expect(of({ Type: 'AWS::SSM::Parameter::Value<String>' }, '/nowhere')).rejects.toThrow(
      'Unable to fetch parameters [/nowhere]',
    );
  });

  test.each([
    [{ Type: 'String' }, undefined, 'Parameters: [P] must have values'],
    [{ Type: 'String', AllowedValues: ['a', 'b'] }, 'c', "Parameter 'P' must be one of AllowedValues"],
    [{ Type: 'String', AllowedPattern: '[a-z]+' }, 'a1', "Parameter 'P' must match pattern [a-z]+"],
    [{ Type: 'String', MinLength: 3 }, 'ab', "Parameter 'P' must contain at least 3 characters"],
    [{ Type: 'String', MaxLength: 3 }, 'abcd', "Parameter 'P' must contain at most 3 characters"],
    [{ Type: 'Number', MinValue: 3 }, '2', "Parameter 'P' must be a number not less than 3"],
    [{ Type: 'Number', MaxValue: 3 }, '4', "Parameter 'P' must be a number not greater than 3"],
    [{ Type: 'Number' }, 'many', "Parameter 'P' must be a number."],
    [
      { Type: 'String', AllowedValues: ['a'], ConstraintDescription: 'only a' },
      'c',
      "Parameter 'P' failed to satisfy constraint: only a",
    ],
  ])('%j with %s is refused', async (definition, value, message) => {
    await expect(of(definition, value)).rejects.toThrow(message);
  });

  test.each([
    [{ Type: 'String', MinLength: 3, MaxLength: 3 }, 'abc'],
    [{ Type: 'Number', MinValue: 3, MaxValue: 3 }, '3'],
  ])('%j accepts %s at its limits', async (definition, value) => {
    expect(await of(definition, value)).toBe(value);
  });

  test('a parameter that is not in the template is refused', async () => {
    await expect(resolved('x', {}, [{ ParameterKey: 'Carrot', ParameterValue: '1' }])).rejects.toThrow(
      'Parameters: [Carrot] do not exist in the template',
    );
  });

  test('a parameter with UsePreviousValue keeps its previous value', async () => {
    const { deploy, requests } = scriptedEngine(() => ({}));
    const sections = { Parameters: { P: { Type: 'String' }, Q: { Type: 'String' } } };
    const resources = { One: thing({ P: { Ref: 'P' }, Q: { Ref: 'Q' } }) };
    await deploy(resources, {
      sections,
      parameters: [
        { ParameterKey: 'P', ParameterValue: 'p' },
        { ParameterKey: 'Q', ParameterValue: 'q' },
      ],
    });
    await deploy(resources, {
      sections,
      parameters: [
        { ParameterKey: 'P', UsePreviousValue: true },
        { ParameterKey: 'Q', ParameterValue: 'r' },
      ],
    });
    expect(requests[1]!.ResourceProperties).toMatchObject({ P: 'p', Q: 'r' });
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
    const { deploy, requests, events } = scriptedEngine(() => ({}));
    const deployWith = (ParameterValue: string) =>
      deploy(
        { One: thing({ Secret: { 'Fn::Sub': 'x-${P}' } }) },
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
    expect(JSON.stringify(events)).not.toMatch(/hunter[23]/);
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
    ['', /unsupported structure/],
    ['[]', /unsupported structure/],
    ['{"Resources":', /^Template format error: /],
    ['{"Resources":{}}', /At least one Resources member must be defined/],
    ['{"Resources":{"a-b":{"Type":"Custom::T"}}}', /Resource name a-b is non alphanumeric/],
    ['{"Resources":{"A":{}}}', /Every Resources object must contain a Type member/],
    ['{"Carrots":{},"Resources":{"A":{"Type":"Custom::T"}}}', /Invalid template property or properties \[Carrots\]/],
    [
      '{"Transform":"AWS::Serverless-2016-10-31","Resources":{"A":{"Type":"Custom::T"}}}',
      /Transform "AWS::Serverless-2016-10-31" is not supported by the local service/,
    ],
    [
      '{"Resources":{"A":{"Type":"AWS::SNS::Topic"}}}',
      /Unrecognized resource types: \[AWS::SNS::Topic\].*allowUnknownResourceTypes/,
    ],
    ['{"Resources":{"A":{"Type":"Custom::T","DependsOn":"B"}}}', /Unresolved resource dependencies \[B\]/],
    [
      '{"Resources":{"A":{"Type":"Custom::T","DependsOn":"B"},'
      + '"B":{"Type":"Custom::T","Properties":{"X":{"Ref":"A"}}}}}',
      /Circular dependency between resources: \[A, B\]/,
    ],
    ['{"Resources":{"A":{"Type":"Custom::T","Condition":"Nope"}}}', /Unresolved condition dependency Nope/],
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
    await expect(create(body)).rejects.toThrow(message);
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
  });

  test('resources and outputs with a false condition are omitted', async () => {
    const { deploy, trail } = scriptedEngine(() => ({}));
    const stack = await deploy(
      { One: thing(), Two: thing({}, { Condition: 'No' }), Three: thing({}, { DependsOn: 'Two' }) },
      {
        sections: {
          Conditions: { No: { 'Fn::Equals': ['a', 'b'] } },
          Outputs: { Two: { Condition: 'No', Value: { Ref: 'Two' } }, One: { Value: { Ref: 'One' } } },
        },
      },
    );
    expect(trail()).toEqual(['Create One', 'Create Three']);
    expect(stack.outputs.map(({ OutputKey }) => OutputKey)).toEqual(['One']);
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
    expect(changed('updatable-first', { Size: 2, Name: 'b' })).toMatchObject(replaced);
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
