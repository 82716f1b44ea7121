import type { ResourceContext } from '../../../../../local/aws/cloudformation/resource-handler';
import type { ResourceTypes } from '../../../../../local/aws/cloudformation/resource-type';
import { byName, scriptedEngine, thing } from '../scripted-engine';

const body = (Resources: object, sections: object = {}) => JSON.stringify({ ...sections, Resources });
const one = (name: string, more: object = {}) => ({ One: thing({ Name: name, ...more }) });

/** Returns all events in order, as `LogicalId STATUS: reason`. */
const story = (events: ReturnType<typeof scriptedEngine>['events']) =>
  events.map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason: reason }) =>
    `${LogicalResourceId} ${ResourceStatus}${reason === undefined ? '' : `: ${reason}`}`);

describe('the name of a stack', () => {
  test.each(['A', 'a-1', 'a'.repeat(128)])('can be %s', async (name) => {
    const { deploy } = scriptedEngine(byName);
    expect((await deploy(one('a'), {}, name)).name).toBe(name);
  });

  test.each(['', '1a', '-a', 'a_b', 'a.b', 'a'.repeat(129)])('cannot be %j', (name) => {
    const { engine } = scriptedEngine(byName);
    const input = { templateBody: body(one('a')), changeSetName: 'set', changeSetType: 'CREATE' } as const;
    for (const create of [() => engine.createStack(name, input), () => engine.createChangeSet(name, input)]) {
      expect(create).toThrow(expect.objectContaining({
        code: 'ValidationError',
        message:
          `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must `
          + 'satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
      }));
    }
    expect(engine.list()).toEqual([]);
  });

  test('is unique among the stacks that exist', async () => {
    const { deploy, destroy, engine } = scriptedEngine(byName);
    const first = await deploy(one('a'));
    expect(() => engine.createStack('App', { templateBody: body(one('b')) })).toThrow(
      expect.objectContaining({ code: 'AlreadyExistsException', status: 400, message: 'Stack [App] already exists' }),
    );
    await destroy();
    const second = await deploy(one('b'));
    expect(engine.list()).toEqual([first, second]);
    expect([engine.find('App'), engine.find(first.id)]).toEqual([second, first]);
  });
});

describe('the status of a stack', () => {
  test.each<[string, boolean, boolean]>([
    ['CREATE_COMPLETE', true, true],
    ['CREATE_FAILED', true, true],
    ['CREATE_IN_PROGRESS', false, true],
    ['DELETE_FAILED', false, true],
    ['IMPORT_COMPLETE', true, true],
    ['IMPORT_IN_PROGRESS', false, false],
    ['IMPORT_ROLLBACK_COMPLETE', true, true],
    ['REVIEW_IN_PROGRESS', false, true],
    ['ROLLBACK_COMPLETE', false, true],
    ['ROLLBACK_FAILED', false, true],
    ['ROLLBACK_IN_PROGRESS', false, true],
    ['UPDATE_COMPLETE', true, true],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', false, false],
    ['UPDATE_FAILED', true, true],
    ['UPDATE_IN_PROGRESS', false, false],
    ['UPDATE_ROLLBACK_COMPLETE', true, true],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', false, false],
    ['UPDATE_ROLLBACK_FAILED', false, true],
    ['UPDATE_ROLLBACK_IN_PROGRESS', false, false],
  ])('%s: whether an update is possible is %s, and a delete %s', async (status, canUpdate, canDelete) => {
    const { deploy, engine } = scriptedEngine(byName);
    const stack = await deploy(one('a'));
    stack.status = status;
    const templateBody = body(one('b'));
    const refusal = expect.objectContaining({
      code: 'ValidationError', message: `Stack:${stack.id} is in ${status} state and can not be updated.`,
    });
    const prepare = () => engine.createChangeSet('App', { changeSetName: 'set', templateBody }).changeSet;
    if (canUpdate) {
      expect(prepare().changes).toHaveLength(1);
    } else {
      expect(prepare).toThrow(refusal);
      expect(() => engine.updateStack('App', { templateBody })).toThrow(refusal);
    }
    if (canDelete) {
      await engine.deleteStack('App')!.operation;
      expect(stack.status).toBe('DELETE_COMPLETE');
    } else {
      expect(() => engine.deleteStack('App')).toThrow(expect.objectContaining({
        code: 'ValidationError', message: `Stack [App] cannot be deleted while in status ${status}`,
      }));
    }
  });

  test('of a deleted stack does not change, and an unknown stack cannot be deleted', async () => {
    const { deploy, destroy, engine, events } = scriptedEngine(byName);
    const stack = await deploy(one('a'), { sections: { Outputs: { Out: { Value: 'x' } } } });
    await destroy();
    const count = events.length;
    expect(engine.deleteStack(stack.id)).toBe(stack);
    expect(engine.deleteStack('App')).toBeUndefined();
    await stack.operation;
    expect(events).toHaveLength(count);
    expect(stack).toMatchObject({ status: 'DELETE_COMPLETE', outputs: [], resources: new Map() });
  });

  test('is failed after an internal failure', async () => {
    for (const [during, after] of [
      ['CREATE_IN_PROGRESS', 'CREATE_FAILED'],
      ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED'],
      ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_FAILED'],
      ['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED'],
      ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED'],
      ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED'],
      ['DELETE_IN_PROGRESS', 'DELETE_FAILED'],
    ]) {
      const { deploy, destroy, engine, events } = scriptedEngine(byName);
      const push = events.push.bind(events);
      events.push = (event) => {
        if (event.ResourceStatus === during && event.LogicalResourceId === 'App') throw new Error('out of carrots');
        return push(event);
      };
      if (during === 'ROLLBACK_IN_PROGRESS') await deploy(one('a', { FailOn: 'Create' }));
      else await deploy(one('a'));
      if (during!.startsWith('UPDATE_ROLLBACK')) await deploy({ ...one('b'), Bad: thing({ FailOn: 'Create' }) });
      else if (during!.startsWith('UPDATE')) await deploy(one('b'));
      if (during === 'DELETE_IN_PROGRESS') await destroy();
      expect(engine.stack('App')).toMatchObject({
        status: after, statusReason: expect.stringMatching(/^Internal failure: Error: out of carrots\n/),
      });
    }
  });
});

describe('the events', () => {
  test('of a failed update have the reasons, and those of its rollback follow', async () => {
    const { deploy, events } = scriptedEngine((event) =>
      event.RequestType === 'Update' && event.ResourceProperties.Name === 'bad'
        ? { Status: 'FAILED', Reason: 'no' } : byName(event));
    await deploy({ ...one('a'), Two: thing({ Name: 'b' }) });
    events.length = 0;
    await deploy({
      ...one('c'),
      New: thing({ Name: 'new' }, { DependsOn: 'One' }),
      Two: thing({ Name: 'bad' }, { DependsOn: 'New' }),
    });
    const failure = /^Two UPDATE_FAILED: Received response status \[FAILED\] from custom resource\. .*: no \(RequestId/;
    expect(story(events)).toEqual([
      'App UPDATE_IN_PROGRESS: User Initiated',
      'One UPDATE_IN_PROGRESS',
      'One UPDATE_COMPLETE',
      'New CREATE_IN_PROGRESS',
      'New CREATE_IN_PROGRESS: Resource creation Initiated',
      'New CREATE_COMPLETE',
      'Two UPDATE_IN_PROGRESS',
      expect.stringMatching(failure),
      'App UPDATE_ROLLBACK_IN_PROGRESS: The following resource(s) failed to update: [Two]. ',
      'One UPDATE_IN_PROGRESS',
      'Two UPDATE_IN_PROGRESS',
      'One UPDATE_COMPLETE',
      'Two UPDATE_COMPLETE',
      'App UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'New DELETE_IN_PROGRESS',
      'New DELETE_COMPLETE',
      'One DELETE_IN_PROGRESS',
      'One DELETE_COMPLETE',
      'App UPDATE_ROLLBACK_COMPLETE',
    ]);
    // Two events never have the same time or ID.
    const times = events.map(({ Timestamp }) => Timestamp.getTime());
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(new Set(events.map(({ EventId }) => EventId)).size).toBe(events.length);
  });

  test('name all resources that failed, those of creates first', async () => {
    const types: ResourceTypes = {
      'Test::Slow': {
        createOnly: [],
        create: async ({ Fail }) => {
          await new Promise((resolve) => setImmediate(resolve));
          if (Fail) throw new Error('broken');
          return { physicalId: 'slow' };
        },
        update: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          throw new Error('broken');
        },
      },
    };
    const { deploy, engine } = scriptedEngine(byName, { types });
    const slow = (Properties: object = {}) => ({ Type: 'Test::Slow', Properties });
    await deploy({ A: slow(), B: slow() });
    await deploy({ A: slow({ Size: 1 }), B: slow({ Size: 1 }), C: slow({ Fail: 1 }), D: slow({ Fail: 1 }) }, {
      disableRollback: true,
    });
    expect(engine.stack('App')).toMatchObject({
      status: 'UPDATE_FAILED',
      statusReason:
        'The following resource(s) failed to create: [C, D]. The following resource(s) failed to update: [A, B]. ',
    });
  });

  test('of a rollback that a user requests have no other reason', async () => {
    const { deploy, engine, events } = scriptedEngine(byName);
    await deploy(one('a', { FailOn: 'Create' }), { disableRollback: true });
    await engine.rollbackStack('App', 'token').operation;
    expect(story(events).slice(-5)).toEqual([
      expect.stringMatching(/^App CREATE_FAILED: The following resource\(s\) failed to create: \[One\]\. $/),
      'App ROLLBACK_IN_PROGRESS: Rollback requested by user.',
      'One DELETE_IN_PROGRESS',
      'One DELETE_COMPLETE',
      'App ROLLBACK_COMPLETE',
    ]);
    expect(events.at(-1)!.ClientRequestToken).toBe('token');

    await deploy(one('a'), {}, 'Other');
    await deploy({ ...one('b'), Bad: thing({ FailOn: 'Create' }) }, { disableRollback: true }, 'Other');
    await engine.rollbackStack('Other').operation;
    expect(story(events)).toContain('Other UPDATE_ROLLBACK_IN_PROGRESS: User Initiated');
    expect(engine.stack('Other').status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('of a canceled update say so', async () => {
    const { deploy, engine, reasonOf } = scriptedEngine((event) =>
      event.ResourceProperties.Name === 'slow' ? undefined : byName(event));
    await deploy(one('a'));
    const stack = engine.updateStack('App', { templateBody: body(one('slow')) });
    await new Promise((resolve) => setImmediate(resolve));
    engine.cancelUpdateStack('App');
    await stack.operation;
    expect(reasonOf('App', 'UPDATE_ROLLBACK_IN_PROGRESS')).toBe('The following resource(s) failed to update: [One]. ');
  });
});

test('a resource type gets its context, with the tags of the stack', async () => {
  const contexts: { [operation: string]: ResourceContext } = {};
  const properties: { [operation: string]: unknown } = {};
  const types: ResourceTypes = {
    'Test::Named': {
      identifier: 'Name',
      create: (given, context) => {
        contexts.create = context;
        return { physicalId: String(given.Name), attributes: { Own: 1 } };
      },
      update: (given, current, context) => {
        contexts.update = context;
        properties.update = [given, current];
      },
      attribute: (name, current, context) => {
        contexts.attribute = context;
        return `${name} of ${current.physicalId}`;
      },
      read: async (physicalId, context) => {
        contexts.read = context;
        properties.read = physicalId;
        return undefined;
      },
      delete: (current, context) => {
        contexts.delete = context;
        properties.delete = current;
      },
    },
  };
  const { deploy, destroy, engine } = scriptedEngine(byName, { types });
  const resources = (Size: number) => ({ Named: { Type: 'Test::Named', Properties: { Name: 'n', Size } } });
  const output = (attribute: string) => ({ Value: { 'Fn::GetAtt': ['Named', attribute] } });
  const sections = { Outputs: { Own: output('Own'), More: output('More') } };
  const stack = await deploy(resources(1), { sections, tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] });
  expect(stack.outputs.map(({ OutputValue }) => OutputValue)).toEqual(['1', 'More of n']);
  await deploy(resources(2), { sections });
  expect(await engine.detectDrift('App')).toMatchObject([{ status: 'DELETED' }]);
  const found = engine.resource('Test::Named', 'n')!;
  expect(found.resource).toBe(stack.resources.get('Named'));
  expect(engine.resource('Test::Named', 'other|n')?.resource).toBe(found.resource);
  expect(engine.resource('Test::Named', 'other')).toBeUndefined();
  expect(engine.resource('Custom::Thing', 'n')).toBeUndefined();
  await destroy();
  expect(engine.resource('Test::Named', 'n')).toBeUndefined();

  const context = {
    stackId: stack.id,
    stackName: 'App',
    logicalId: 'Named',
    type: 'Test::Named',
    region: 'us-east-1',
    accountId: '123456789012',
    stackTags: { a: '1', b: '2' },
    signal: expect.any(AbortSignal),
  };
  expect({ ...contexts, found: found.context }).toEqual({
    create: context, update: context, attribute: context, read: context, delete: context, found: context,
  });
  const state = (Size: number) => ({ physicalId: 'n', properties: { Name: 'n', Size }, attributes: { Own: 1 } });
  expect(properties).toEqual({ update: [{ Name: 'n', Size: 2 }, state(1)], read: 'n', delete: state(2) });
});

describe('change sets', () => {
  test('of two stacks can have the same name', async () => {
    const { deploy, engine } = scriptedEngine(byName);
    for (const name of ['First', 'Second']) await deploy(one('a'), {}, name);
    const [first, second] = ['First', 'Second'].map((name) =>
      engine.createChangeSet(name, { changeSetName: 'set', templateBody: body(one(name)) }));
    expect(engine.changeSet('set', 'Second')).toEqual(second);
    expect(engine.changeSet(first!.changeSet.id)).toEqual(first);
    expect(engine.changeSet(second!.changeSet.id)).toEqual(second);
    expect(() => engine.changeSet(first!.changeSet.id, 'Second')).toThrow(
      expect.objectContaining({ code: 'ChangeSetNotFound' }));
    await engine.executeChangeSet('set', 'Second', {}).operation;
    expect(engine.stack('Second').resources.get('One')!.physicalId).toBe('thing-Second');
    expect(engine.stack('First').resources.get('One')!.physicalId).toBe('thing-a');
    expect(engine.changeSetsOf('First')).toEqual([first!.changeSet]);
    engine.deleteChangeSet('set', 'First');
    expect(engine.changeSetsOf('First')).toEqual([]);
  });

  test('that create a stack share it until one is executed', async () => {
    const { engine } = scriptedEngine(byName);
    const create = (changeSetName: string, changeSetType?: 'CREATE' | 'UPDATE') => engine.createChangeSet('App', {
      changeSetName, changeSetType, templateBody: body(one(changeSetName)),
    });
    expect(() => create('set')).toThrow(expect.objectContaining({
      code: 'ValidationError', message: 'Stack [App] does not exist',
    }));
    expect(engine.list()).toEqual([]);
    expect(create('a', 'CREATE').stack).toBe(create('b', 'CREATE').stack);
    expect(engine.list()).toHaveLength(1);
    await engine.executeChangeSet('b', 'App', {}).operation;
    expect(engine.stack('App').resources.get('One')!.physicalId).toBe('thing-b');
    expect(() => create('c', 'CREATE')).toThrow(expect.objectContaining({
      code: 'ValidationError',
      message: 'Stack [App] already exists and cannot be created again with the changeSet [c].',
    }));
    expect(() => engine.changeSet('a', 'Other')).toThrow(expect.objectContaining({
      code: 'ValidationError', message: 'Stack [Other] does not exist',
    }));
  });

  test('of an invalid template do not create a stack', () => {
    const { engine } = scriptedEngine(byName);
    const input = { changeSetName: 'set', changeSetType: 'CREATE', templateBody: '{}' } as const;
    expect(() => engine.createChangeSet('App', input)).toThrow('At least one Resources member');
    expect(() => engine.createStack('App', input)).toThrow('At least one Resources member');
    expect(engine.list()).toEqual([]);
  });

  test.each<[string, object]>([
    ['DeletionPolicy', { deletionPolicy: 'Retain' }],
    ['UpdateReplacePolicy', { updateReplacePolicy: 'Retain' }],
    ['Metadata', {}],
  ])('show a changed %s, which replaces nothing', async (Attribute, changed) => {
    const { deploy, engine, trail } = scriptedEngine(byName);
    await deploy({ ...one('a'), Queue: { Type: 'AWS::SQS::Queue' } });
    const { changeSet } = engine.createChangeSet('App', {
      changeSetName: 'set',
      templateBody: body({
        One: thing({ Name: 'a' }, { [Attribute]: 'Retain' }), Queue: { Type: 'AWS::SQS::Queue', DependsOn: 'One' },
      }),
    });
    expect(changeSet.changes).toEqual([{
      Action: 'Modify',
      LogicalResourceId: 'One',
      PhysicalResourceId: 'thing-a',
      ResourceType: 'Custom::Thing',
      Replacement: 'False',
      Scope: [Attribute],
      Details: [{
        Target: { Attribute, RequiresRecreation: 'Never' }, Evaluation: 'Static', ChangeSource: 'DirectModification',
      }],
    }]);
    await engine.executeChangeSet('set', 'App', {}).operation;
    expect(trail()).toEqual(['Create One a']);
    expect(engine.stack('App').resources.get('One')).toMatchObject(changed);
  });

  test.each<[string, { Key: string; Value: string }[], boolean]>([
    ['the same tags in another order', [{ Key: 'b', Value: '2' }, { Key: 'a', Value: '1' }], true],
    ['another value of a tag', [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '3' }], false],
    ['fewer tags', [{ Key: 'a', Value: '1' }], false],
    ['no tags', [], false],
  ])('with %s', async (_, tags, empty) => {
    const { deploy, engine } = scriptedEngine(byName);
    await deploy(one('a'), { tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] });
    const input = { changeSetName: 'set', templateBody: body(one('a')), tags };
    expect(engine.createChangeSet('App', input).changeSet.empty).toBe(empty);
  });

  test('name all options of the execution', async () => {
    const { engine } = scriptedEngine(byName);
    const options = {
      tags: [{ Key: 'a', Value: '1' }],
      capabilities: ['CAPABILITY_IAM'],
      roleArn: 'arn:role',
      notificationArns: ['arn:topic'],
      terminationProtection: true,
    };
    engine.createChangeSet('App', {
      ...options, changeSetName: 'set', changeSetType: 'CREATE', templateBody: body(one('a')), disableRollback: false,
    });
    const stack = engine.executeChangeSet('set', 'App', { clientRequestToken: 't', disableRollback: true });
    await stack.operation;
    expect(stack).toMatchObject({ ...options, clientRequestToken: 't', disableRollback: true });
  });
});

describe('imports', () => {
  const types: ResourceTypes = {
    'Test::Named': {
      identifier: 'Name',
      create: () => ({ physicalId: 'made' }),
      read: async (physicalId) =>
        physicalId === 'missing' ? undefined : { properties: { Name: physicalId }, attributes: { Own: 'own' } },
    },
    'Test::Other': { identifier: 'Name', create: () => ({ physicalId: 'made' }) },
  };
  const named = (Properties: object = {}) => ({ Type: 'Test::Named', DeletionPolicy: 'Retain', Properties });
  const importing = (
    { engine }: ReturnType<typeof scriptedEngine>,
    resources: object,
    ids: { [logicalId: string]: string },
    more: { readonly type?: string; readonly sections?: object } = {},
  ) => engine.createChangeSet('App', {
    changeSetName: 'import',
    changeSetType: 'IMPORT',
    templateBody: body(resources, more.sections),
    resourcesToImport: Object.entries(ids).map(([LogicalResourceId, Name]) => ({
      LogicalResourceId, ResourceType: more.type ?? 'Test::Named', ResourceIdentifier: { Name },
    })),
  });

  test('have events with reasons, and the resources have their attributes', async () => {
    const scripted = scriptedEngine(byName, { types });
    const { engine, events, deploy } = scripted;
    importing(scripted, { A: named({ Size: 1 }), B: named() }, { A: 'a', B: 'b' });
    const stack = engine.executeChangeSet('import', 'App', {});
    await stack.operation;
    expect(story(events)).toEqual([
      'App REVIEW_IN_PROGRESS: User Initiated',
      'App IMPORT_IN_PROGRESS: User Initiated',
      'A IMPORT_IN_PROGRESS: Resource import started.',
      'B IMPORT_IN_PROGRESS: Resource import started.',
      'A IMPORT_COMPLETE: Resource import completed.',
      'B IMPORT_COMPLETE: Resource import completed.',
      'App IMPORT_COMPLETE',
    ]);
    expect(events[2]).toMatchObject({ PhysicalResourceId: 'a', ResourceProperties: '{"Size":1}' });
    expect(events[4]).toMatchObject({ PhysicalResourceId: 'a', ResourceProperties: '{"Size":1}' });
    expect(stack.resources.get('A')).toMatchObject({
      deletionPolicy: 'Retain',
      isCreated: true,
      state: { physicalId: 'a', properties: { Size: 1 }, attributes: { Own: 'own' } },
    });
    await deploy({ A: named({ Size: 1 }), B: named() }, {
      sections: { Outputs: { Own: { Value: { 'Fn::GetAtt': 'A.Own' } } } },
    });
    expect(stack.outputs).toMatchObject([{ OutputValue: 'own' }]);
  });

  test('are rolled back together if one fails', async () => {
    const scripted = scriptedEngine(byName, { types });
    const { engine, events } = scripted;
    await scripted.deploy({ Kept: named() });
    events.length = 0;
    importing(scripted, { Kept: named(), A: named(), B: named() }, { A: 'a', B: 'missing' });
    const stack = engine.executeChangeSet('import', 'App', {});
    await stack.operation;
    expect(story(events)).toEqual([
      'App IMPORT_IN_PROGRESS: User Initiated',
      'A IMPORT_IN_PROGRESS: Resource import started.',
      'B IMPORT_IN_PROGRESS: Resource import started.',
      'A IMPORT_COMPLETE: Resource import completed.',
      "B IMPORT_FAILED: Resource of type 'Test::Named' with identifier 'missing' was not found.",
      'App IMPORT_ROLLBACK_IN_PROGRESS: The following resource(s) failed to import: [B]. ',
      'App IMPORT_ROLLBACK_COMPLETE',
    ]);
    expect([...stack.resources.keys()]).toEqual(['Kept']);
    expect(stack.template!.resources.has('A')).toBe(false);
  });

  test.each<[string, object, { [id: string]: string }, object, string]>([
    ['a resource that is not in the template', { A: named() }, { B: 'b' }, {},
      'Resource [B] of type [Test::Named] to import is not in the template'],
    ['another type', { A: named() }, { A: 'a' }, { type: 'Test::Other' },
      'Resource [A] of type [Test::Other] to import is not in the template'],
    ['a resource of the stack', { Kept: named() }, { Kept: 'a' }, {},
      'Resource [Kept] to import is already in the stack'],
    ['an empty identifier', { Kept: named(), A: named() }, { A: '' }, {},
      'Invalid ResourceIdentifier for ResourceToImport A: [Name] Expected [Name]'],
    ['a removed resource', { A: named() }, { A: 'a' }, {},
      'You have modified resources [Kept] in your template that are not being imported. Update, create or delete '
      + 'operations cannot be executed during import operations.'],
    ['a changed output', { Kept: named(), A: named() }, { A: 'a' }, { sections: { Outputs: { Out: { Value: 'y' } } } },
      'As part of the import operation, you cannot modify or add [Outputs]'],
  ])('are refused with %s', async (_, resources, ids, more, message) => {
    const scripted = scriptedEngine(byName, { types });
    const Outputs = { Out: { Value: 'x' } };
    await scripted.deploy({ Kept: named() }, { sections: { Outputs } });
    expect(() => importing(scripted, resources, ids, { sections: { Outputs }, ...more })).toThrow(
      expect.objectContaining({ code: 'ValidationError', message }));
  });
});

test('a template with a type that the service does not have is refused, with all unknown types', () => {
  const { engine } = scriptedEngine(byName);
  const topic = { Type: 'AWS::SNS::Topic' };
  const templateBody = body({ A: topic, B: { Type: 'AWS::X::Y' }, C: topic });
  expect(() => engine.createStack('App', { templateBody })).toThrow(expect.objectContaining({
    code: 'ValidationError',
    message:
      'Template format error: Unrecognized resource types: [AWS::SNS::Topic, AWS::X::Y]. The local service does not '
      + 'support them. To create them without effect, add them to the option allowUnknownResourceTypes.',
  }));
});

test.each(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'])('%s allows a template with IAM resources', async (capability) => {
  const types = { 'AWS::IAM::Role': { create: () => ({ physicalId: 'role' }) } };
  const { deploy, engine } = scriptedEngine(byName, { types });
  const resources = { R: { Type: 'AWS::IAM::Role' }, ...one('a') };
  expect(() => engine.createStack('App', { templateBody: body(resources), capabilities: ['CAPABILITY_AUTO_EXPAND'] }))
    .toThrow(expect.objectContaining({
      code: 'InsufficientCapabilitiesException',
      status: 400,
      message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    }));
  expect((await deploy(resources, { capabilities: [capability] })).status).toBe('CREATE_COMPLETE');
});

test('an update that changes types names all of these resources', async () => {
  const { deploy } = scriptedEngine(byName);
  const queue = { Type: 'AWS::SQS::Queue' };
  await deploy({ A: queue, B: queue, C: queue });
  await expect(deploy({ A: thing(), B: queue, C: thing() })).rejects.toMatchObject({
    code: 'ValidationError',
    message:
      'Update of resource type is not permitted. The new template modifies resource type of the following '
      + 'resources: [A, C]',
  });
});

describe('exports', () => {
  const Outputs = { Out: { Value: { Ref: 'One' }, Export: { Name: 'shared' } } };

  test('of another stack cannot be repeated, and those in use cannot be changed or removed', async () => {
    const { deploy, engine, reasonOf } = scriptedEngine(byName);
    await deploy(one('a'), { sections: { Outputs } }, 'Producer');
    await deploy(one('b'), { sections: { Outputs } }, 'Other');
    expect(reasonOf('Other', 'ROLLBACK_IN_PROGRESS')).toBe(
      'Export with name shared is already exported by stack Producer. Rolling back Rollback requested by user.');
    expect(engine.exports()).toMatchObject([{ ExportName: 'shared', OutputValue: 'thing-a' }]);

    await deploy({ Two: thing({ Name: { 'Fn::ImportValue': 'shared' } }) }, {}, 'Consumer');
    const reasons = async (name: string, sections: object) => {
      const stack = await deploy(one(name), { sections, disableRollback: true }, 'Producer');
      return [stack.status, stack.statusReason];
    };
    expect(await reasons('b', { Outputs })).toEqual([
      'UPDATE_FAILED', 'Export shared cannot be updated as it is in use by Consumer ',
    ]);
    expect(await reasons('a', {})).toEqual([
      'UPDATE_FAILED', 'Export shared cannot be deleted as it is in use by Consumer ',
    ]);
    expect(await reasons('a', { Outputs })).toEqual(['UPDATE_COMPLETE', undefined]);
  });

  test('can be used by their own stack, and others can be removed', async () => {
    const { deploy } = scriptedEngine(byName);
    const more = { ...Outputs, Free: { Value: 'x', Export: { Name: 'free' } } };
    const producer = await deploy(one('a'), { sections: { Outputs: more } }, 'Producer');
    await deploy({ Two: thing({ Name: { 'Fn::ImportValue': 'shared' } }) }, {}, 'Consumer');
    const own = { Own: thing({ Name: { 'Fn::ImportValue': 'free' } }) };
    await deploy({ ...one('a'), ...own }, { sections: { Outputs: more } }, 'Producer');
    await deploy(one('a'), { sections: { Outputs } }, 'Producer');
    expect(producer).toMatchObject({ status: 'UPDATE_COMPLETE', outputs: [{ ExportName: 'shared' }] });
  });
});
