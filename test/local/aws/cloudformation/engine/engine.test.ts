import { ResourceFailure, type ResourceContext } from '../../../../../local/aws/cloudformation/resource-handler';
import type { ResourceTypes } from '../../../../../local/aws/cloudformation/resource-type';
import { byName, scriptedEngine, thing, type Answer } from '../scripted-engine';

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
    for (const templateBody of [body(one('b')), '{}']) {
      expect(() => engine.createStack('App', { templateBody })).toThrow(expect.objectContaining({
        code: 'AlreadyExistsException', status: 400, message: 'Stack [App] already exists',
      }));
    }
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
    const prepare = (changeSetType?: 'CREATE' | 'IMPORT') =>
      engine.createChangeSet('App', { changeSetName: 'set', changeSetType, templateBody }).changeSet;
    const state = `Stack:${stack.id} is in ${status} state and can not`;
    for (const [operation, message, allowed] of [
      [() => prepare('CREATE'), 'already exists and cannot be created again', ['REVIEW_IN_PROGRESS']],
      [() => prepare('IMPORT'), canUpdate ? 'You have modified resources [One]' : `${state} be updated.`, []],
      [() => engine.rollbackStack('App'), `${state} be rolled back.`, ['CREATE_FAILED', 'UPDATE_FAILED']],
      [() => engine.continueUpdateRollback('App', []), `${state} continue a rollback.`, ['UPDATE_ROLLBACK_FAILED']],
      [() => engine.cancelUpdateStack('App'), 'cannot be called from current stack status', ['UPDATE_IN_PROGRESS']],
    ] as const) {
      if (!allowed.some((other) => other === status)) expect(operation).toThrow(message);
    }
    if (canUpdate) {
      expect(prepare().changes).toHaveLength(1);
    } else {
      expect(() => prepare()).toThrow(refusal);
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

  test('of a stack that is being deleted does not change with another delete', async () => {
    const { deploy, engine, requests, respond, trail } = scriptedEngine((event) =>
      event.RequestType === 'Delete' ? undefined : byName(event));
    const stack = await deploy(one('a'));
    const deleting = engine.deleteStack('App')!.operation;
    await new Promise((resolve) => setImmediate(resolve));
    expect(stack.status).toBe('DELETE_IN_PROGRESS');
    expect(engine.deleteStack('App')).toBe(stack);
    expect(stack.operation).toBe(deleting);
    respond(requests[1]!, {});
    await deleting;
    expect(stack).toMatchObject({ status: 'DELETE_COMPLETE', disableRollback: false });
    expect(trail()).toEqual(['Create One a', 'Delete One thing-a']);
  });

  test.each([false, true])('is deleted once by two deletes during its create, with rollback disabled: %s', async (
    disableRollback,
  ) => {
    const { engine, events, trail } = scriptedEngine(({ RequestType }) => (RequestType === 'Create' ? undefined : {}));
    const stack = engine.createStack('App', { templateBody: body(one('a')), disableRollback });
    await new Promise((resolve) => setImmediate(resolve));
    engine.deleteStack('App');
    engine.deleteStack('App');
    await stack.operation;
    expect(stack.status).toBe('DELETE_COMPLETE');
    expect(events.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_COMPLETE')).toHaveLength(2);
    expect(trail()).toHaveLength(2);
    expect(story(events).filter((line) => line.includes('ROLLBACK'))).toEqual([]);
  });

  test('is deleted after the end of its rollback, which has deleted its resources', async () => {
    const { engine, requests, respond, statuses, trail } = scriptedEngine((event) =>
      event.RequestType === 'Delete' ? undefined : byName(event));
    const stack = engine.createStack('App', { templateBody: body(one('a', { FailOn: 'Create' })) });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stack.status).toBe('ROLLBACK_IN_PROGRESS');
    engine.deleteStack('App');
    await new Promise((resolve) => setImmediate(resolve));
    respond(requests[1]!, {});
    await stack.operation;
    expect(trail()).toEqual(['Create One a', 'Delete One thing-a']);
    expect(statuses().slice(-5)).toEqual([
      'One DELETE_IN_PROGRESS', 'One DELETE_COMPLETE', 'App ROLLBACK_COMPLETE', 'App DELETE_IN_PROGRESS',
      'App DELETE_COMPLETE',
    ]);
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
    const same = { Same: thing({ Name: 'same' }) };
    await deploy({ ...one('a'), Two: thing({ Name: 'b' }), ...same });
    events.length = 0;
    await deploy({
      ...one('c'),
      ...same,
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
    expect(events.at(-2)).toMatchObject({ LogicalResourceId: 'One', PhysicalResourceId: 'thing-c' });
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
          if (Fail) throw new ResourceFailure('broken');
          return { physicalId: 'slow' };
        },
        update: async ({ Works }) => {
          await new Promise((resolve) => setImmediate(resolve));
          if (!Works) throw new ResourceFailure('broken');
          await new Promise((resolve) => setImmediate(resolve));
        },
      },
    };
    const { deploy, engine } = scriptedEngine(byName, { types });
    const slow = (Properties: object = {}) => ({ Type: 'Test::Slow', Properties });
    await deploy({ A: slow(), B: slow(), Updated: slow() });
    await deploy({
      A: slow({ Size: 1 }),
      B: slow({ Size: 1 }),
      Updated: slow({ Works: 1 }),
      C: slow({ Fail: 1 }),
      D: slow({ Fail: 1 }),
      Created: slow(),
    }, { disableRollback: true });
    expect(engine.stack('App')).toMatchObject({
      status: 'UPDATE_FAILED',
      statusReason:
        'The following resource(s) failed to create: [C, D]. The following resource(s) failed to update: [A, B]. ',
    });
    expect([...engine.stack('App').resources.values()].map(({ statusReason }) => statusReason)).toEqual(
      ['broken', 'broken', undefined, 'broken', 'broken', undefined]);
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

    await deploy(one('a'), { clientRequestToken: 'first' }, 'Other');
    expect(events.at(-1)!.ClientRequestToken).toBe('first');
    await deploy({ ...one('b'), Bad: thing({ FailOn: 'Create' }) }, { disableRollback: true }, 'Other');
    expect(events.at(-1)!.ClientRequestToken).toBeUndefined();
    await engine.rollbackStack('Other').operation;
    expect(story(events)).toContain('Other UPDATE_ROLLBACK_IN_PROGRESS: User Initiated');
    expect(engine.stack('Other').status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('have the token of their operation, and not of the operation before', async () => {
    const { deploy, destroy, engine, events } = scriptedEngine((event) =>
      event.RequestType === 'Update' ? { Status: 'FAILED', Reason: 'no' } : byName(event));
    const tokens = () => [...new Set(events.splice(0).map(({ ClientRequestToken }) => ClientRequestToken))];
    await deploy(one('a'), { clientRequestToken: 'create' });
    expect(tokens()).toEqual(['create']);
    await deploy(one('b'), { clientRequestToken: 'update' });
    expect(tokens()).toEqual(['update']);
    await engine.continueUpdateRollback('App', [], 'continue').operation;
    expect(tokens()).toEqual(['continue']);
    await engine.continueUpdateRollback('App', ['One']).operation;
    expect(tokens()).toEqual([undefined]);
    await engine.deleteStack('App', [], 'delete')!.operation;
    expect(tokens()).toEqual(['delete']);

    const failing = { ...one('a', { FailOn: 'Create' }), Other: thing({ Name: 'b' }, { DependsOn: 'One' }) };
    await deploy(failing, { clientRequestToken: 'create', disableRollback: true });
    expect(tokens()).toEqual(['create']);
    await engine.rollbackStack('App').operation;
    expect(tokens()).toEqual([undefined]);
    await deploy(one('a'), { clientRequestToken: 'create' }, 'Next');
    expect(tokens()).toEqual(['create']);
    await destroy('Next');
    expect(tokens()).toEqual([undefined]);
  });

  test('of a canceled update say so', async () => {
    const types: ResourceTypes = {
      'Test::Slow': {
        create: () => ({ physicalId: 'slow' }), update: () => new Promise((resolve) => setImmediate(resolve)),
      },
    };
    const { deploy, engine, reasonOf, trail } = scriptedEngine((event) =>
      event.ResourceProperties.Name === 'slow' ? undefined : byName(event), { types });
    await deploy(one('a'));
    const stack = engine.updateStack('App', { templateBody: body(one('slow')) });
    await new Promise((resolve) => setImmediate(resolve));
    engine.cancelUpdateStack('App');
    await stack.operation;
    expect(reasonOf('App', 'UPDATE_ROLLBACK_IN_PROGRESS')).toBe('The following resource(s) failed to update: [One]. ');

    // An update that cannot be interrupted ends, and nothing is started after it.
    const resources = (Size: number) => ({
      Slow: { Type: 'Test::Slow', Properties: { Size } }, Next: thing({ Size }, { DependsOn: 'Slow' }),
    });
    const other = await deploy(resources(1), {}, 'Other');
    const count = trail().length;
    engine.updateStack('Other', { templateBody: body(resources(2)) });
    engine.cancelUpdateStack('Other');
    await other.operation;
    const rollback = other.events.find(({ ResourceStatus }) => ResourceStatus === 'UPDATE_ROLLBACK_IN_PROGRESS');
    expect(rollback!.ResourceStatusReason).toBe('Operation cancelled. ');
    expect([other.status, trail().length]).toEqual(['UPDATE_ROLLBACK_COMPLETE', count]);
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
        properties.isDeleteCanceled = context.signal.aborted;
      },
    },
  };
  const { deploy, destroy, engine } = scriptedEngine(byName, { types });
  const resources = (Size: number) => ({ Named: { Type: 'Test::Named', Properties: { Name: 'named', Size } } });
  const output = (attribute: string) => ({ Value: { 'Fn::GetAtt': ['Named', attribute] } });
  const sections = { Outputs: { Own: output('Own'), More: output('More') } };
  const stack = await deploy(resources(1), { sections, tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] });
  expect(stack.outputs.map(({ OutputValue }) => OutputValue)).toEqual(['1', 'More of named']);
  await deploy(resources(2), { sections });
  expect(await engine.detectDrift('App')).toMatchObject([{ status: 'DELETED' }]);
  const found = engine.resource('Test::Named', 'named')!;
  expect(found.resource).toBe(stack.resources.get('Named'));
  expect(engine.resource('Test::Named', 'other|named')?.resource).toBe(found.resource);
  expect(engine.resource('Test::Named', 'other')).toBeUndefined();
  expect(engine.resource('Custom::Thing', 'named')).toBeUndefined();
  found.resource.physicalId = 'a|b';
  expect(engine.resource('Test::Named', 'a|b')?.resource).toBe(found.resource);
  found.resource.physicalId = 'named';
  await destroy();
  expect(engine.resource('Test::Named', 'named')).toBeUndefined();

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
  const named = (Size: number) => ({ Name: 'named', Size });
  const state = (Size: number) => ({ physicalId: 'named', properties: named(Size), attributes: { Own: 1 } });
  expect(properties).toEqual({
    update: [named(2), state(1)], read: 'named', delete: state(2), isDeleteCanceled: false,
  });
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
    const { engine, statuses } = scriptedEngine(byName);
    const create = (changeSetName: string, changeSetType?: 'CREATE' | 'UPDATE') => engine.createChangeSet('App', {
      changeSetName, changeSetType, templateBody: body(one(changeSetName)),
    });
    expect(() => create('set')).toThrow(expect.objectContaining({
      code: 'ValidationError', message: 'Stack [App] does not exist',
    }));
    expect(engine.list()).toEqual([]);
    engine.createChangeSet('Earlier', { changeSetName: 'set', changeSetType: 'CREATE', templateBody: body(one('a')) });
    expect(create('a', 'CREATE').stack).toBe(create('b', 'CREATE').stack);
    expect(engine.list().map(({ name }) => name)).toEqual(['Earlier', 'App']);
    expect(statuses()).toEqual(['Earlier REVIEW_IN_PROGRESS', 'App REVIEW_IN_PROGRESS']);
    await engine.executeChangeSet('b', 'App', {}).operation;
    expect(engine.stack('App').resources.get('One')!.physicalId).toBe('thing-b');
    expect(engine.changeSetsOf('App')).toEqual([]);
    expect(() => create('c', 'CREATE')).toThrow(expect.objectContaining({
      code: 'ValidationError',
      message: 'Stack [App] already exists and cannot be created again with the changeSet [c].',
    }));
    expect(() => engine.changeSet('a', 'Other')).toThrow(expect.objectContaining({
      code: 'ValidationError', message: 'Stack [Other] does not exist',
    }));
    // The name of a deleted stack is free.
    await engine.deleteStack('App')!.operation;
    expect(() => create('d')).toThrow('Stack [App] does not exist');
    expect(create('d', 'CREATE').stack).toBe(engine.stack('App'));
    expect(engine.list().map(({ name, status }) => [name, status])).toEqual([
      ['Earlier', 'REVIEW_IN_PROGRESS'], ['App', 'DELETE_COMPLETE'], ['App', 'REVIEW_IN_PROGRESS'],
    ]);
  });

  test('cannot import a resource that a failed update has left in the stack', async () => {
    const types: ResourceTypes = { 'Test::Named': { identifier: 'Name', create: () => ({ physicalId: 'made' }) } };
    const { deploy, engine } = scriptedEngine(byName, { types });
    const named = { A: { Type: 'Test::Named', DeletionPolicy: 'Retain' } };
    await deploy({ ...named, ...one('a') });
    await deploy(one('b', { FailOn: 'Update' }), { disableRollback: true });
    expect(() => engine.createChangeSet('App', {
      changeSetName: 'import',
      changeSetType: 'IMPORT',
      templateBody: body({ ...named, ...one('b', { FailOn: 'Update' }) }),
      resourcesToImport: [{ LogicalResourceId: 'A', ResourceType: 'Test::Named', ResourceIdentifier: { Name: 'b' } }],
    })).toThrow('Resource [A] to import is already in the stack');
  });

  test('of an invalid template do not create a stack', () => {
    const { engine } = scriptedEngine(byName);
    expect(() => engine.changeSet('arn:aws:cloudformation:set')).toThrow(
      expect.objectContaining({ code: 'ChangeSetNotFound' }));
    expect(() => engine.createStack('App', { usePreviousTemplate: true })).toThrow(
      'Either Template URL or Template Body must be specified.');
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

  test.each<[string, { Key: string; Value: string }[] | undefined, boolean]>([
    ['no list of tags', undefined, true],
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

  test('compare the values of parameters, but not of references and imports', async () => {
    const { deploy, engine } = scriptedEngine(byName);
    const Outputs = { Out: { Value: 'x', Export: { Name: 'shared' } } };
    await deploy(one('a'), { sections: { Outputs } }, 'Producer');
    const sections = { Parameters: { P: { Type: 'String', Default: 'p' } } };
    const resources = (more: object = {}) => ({
      One: thing({ Name: 'one' }),
      Two: thing({
        List: [{ Ref: 'P' }, { Ref: 'One' }, 5, null],
        Deep: { Imported: { 'Fn::ImportValue': 'shared' }, Of: { 'Fn::GetAtt': ['One', 'Name'] }, ...more },
        Both: { 'Fn::Join': ['-', [{ Ref: 'P' }, { Ref: 'One' }]] },
      }),
    });
    await deploy(resources(), { sections });
    const changes = (changeSetName: string, more?: object, ParameterValue = 'p') => engine.createChangeSet('App', {
      changeSetName,
      templateBody: body(resources(more), sections),
      parameters: [{ ParameterKey: 'P', ParameterValue }],
    }).changeSet.changes;
    const changed = (Name: string) => [{ LogicalResourceId: 'Two', Details: [{ Target: { Name } }] }];
    expect(changes('same')).toEqual([]);
    expect(changes('parameter', {}, 'q')).toMatchObject([
      { LogicalResourceId: 'Two', Details: [{ Target: { Name: 'List' } }, { Target: { Name: 'Both' } }] },
    ]);
    expect(changes('reference', { Of: { 'Fn::GetAtt': ['One', 'Other'] } })).toMatchObject(changed('Deep'));
    expect(changes('import', { Imported: { 'Fn::ImportValue': 'other' } })).toMatchObject(changed('Deep'));
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

  async function imported(...values: Parameters<typeof importing>) {
    importing(...values);
    const stack = values[0].engine.executeChangeSet('import', 'App', {});
    await stack.operation;
    return stack;
  }

  test('have events with reasons, and the resources have their attributes', async () => {
    const scripted = scriptedEngine(byName, { types });
    const { events, deploy } = scripted;
    const resources = { A: named({ Size: 1 }), B: { ...named(), DeletionPolicy: 'Delete' } };
    const stack = await imported(scripted, resources, { A: 'a', B: 'b' });
    expect(story(events)).toEqual([
      'App REVIEW_IN_PROGRESS: User Initiated',
      'App IMPORT_IN_PROGRESS: User Initiated',
      'A IMPORT_IN_PROGRESS: Resource import started.',
      'B IMPORT_IN_PROGRESS: Resource import started.',
      'A IMPORT_COMPLETE: Resource import completed.',
      'B IMPORT_COMPLETE: Resource import completed.',
      'App IMPORT_COMPLETE',
    ]);
    const event = { PhysicalResourceId: 'a', ResourceType: 'Test::Named', ResourceProperties: '{"Size":1}' };
    expect([events[2], events[4]]).toMatchObject([event, event]);
    expect(stack.template!.resources.has('A')).toBe(true);
    expect(stack.resources.get('A')).toMatchObject({
      deletionPolicy: 'Retain',
      isCreated: true,
      state: { physicalId: 'a', properties: { Size: 1 }, attributes: { Own: 'own' } },
    });
    await deploy(resources, {
      sections: { Outputs: { Own: { Value: { 'Fn::GetAtt': 'A.Own' } } } },
    });
    expect(stack.outputs).toMatchObject([{ OutputValue: 'own' }]);
  });

  test('keep the value of a secret parameter, which the events mask', async () => {
    const scripted = scriptedEngine(byName, { types });
    const sections = { Parameters: { Secret: { Type: 'String', NoEcho: true, Default: 's' } } };
    const stack = await imported(scripted, { A: named({ Key: { Ref: 'Secret' } }) }, { A: 'a' }, { sections });
    expect(stack.resources.get('A')!.state!.properties).toEqual({ Key: 's' });
    expect(scripted.events.filter(({ LogicalResourceId }) => LogicalResourceId === 'A'))
      .toMatchObject([{ ResourceProperties: '{"Key":"****"}' }, { ResourceProperties: '{"Key":"****"}' }]);
  });

  test('can use each other, and fail with the reason that a function of the template gives', async () => {
    const scripted = scriptedEngine(byName, { types });
    const resources = (attribute: string) => ({
      B: { ...named({ Of: { 'Fn::GetAtt': ['A', attribute] } }), UpdateReplacePolicy: 'Retain' }, A: named(),
    });
    const failed = await imported(scripted, resources('Other'), { B: 'b', A: 'a' });
    expect([failed.status, failed.resources.size]).toEqual(['IMPORT_ROLLBACK_COMPLETE', 0]);
    expect(scripted.reasonOf('B', 'IMPORT_FAILED')).toBe(
      'Template error: resource A of type Test::Named does not support attribute type Other in Fn::GetAtt');
    const stack = await imported(scripted, resources('Own'), { B: 'b', A: 'a' });
    expect(stack.status).toBe('IMPORT_COMPLETE');
    expect(stack.resources.get('B')).toMatchObject({
      dependencies: new Set(['A']), updateReplacePolicy: 'Retain', state: { properties: { Of: 'own' } },
    });
  });

  test('are rolled back together if one fails', async () => {
    const scripted = scriptedEngine(byName, { types });
    const { events } = scripted;
    const sections = { Outputs: { Out: { Value: 'x' } } };
    await scripted.deploy({ Kept: named() }, { sections });
    events.length = 0;
    const resources = { Kept: named(), A: named(), B: named(), C: { ...named(), DependsOn: 'B' } };
    const stack = await imported(scripted, resources, { A: 'a', B: 'missing', C: 'c' }, { sections });
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

  test('that fail are all named, in the order of the template', async () => {
    const scripted = scriptedEngine(byName, { types });
    const { status, events } = await imported(scripted, { A: named(), B: named(), C: named() }, {
      A: 'missing', B: 'b', C: 'missing',
    });
    expect(status).toBe('IMPORT_ROLLBACK_COMPLETE');
    expect(story(events)).toContain(
      'App IMPORT_ROLLBACK_IN_PROGRESS: The following resource(s) failed to import: [A, C]. ');
  });

  test.each<[string, object, { [id: string]: string }, object, string]>([
    ['a resource that is not in the template', { A: named() }, { B: 'b' }, {},
      'Resource [B] of type [Test::Named] to import is not in the template'],
    ['another type', { A: named() }, { A: 'a' }, { type: 'Test::Other' },
      'Resource [A] of type [Test::Other] to import is not in the template'],
    ['another type of a resource of the stack', { Kept: named() }, { Kept: 'a' }, { type: 'Test::Other' },
      'Resource [Kept] of type [Test::Other] to import is not in the template'],
    ['a resource of the stack', { Kept: named() }, { Kept: 'a' }, {},
      'Resource [Kept] to import is already in the stack'],
    ['an empty identifier', { Kept: named(), A: named() }, { A: '' }, {},
      'Invalid ResourceIdentifier for ResourceToImport A: [Name] Expected [Name]'],
    ['no identifier', { Kept: named(), A: { ...named(), Type: 'AWS::SQS::Queue' } }, { A: 'a' },
      { type: 'AWS::SQS::Queue' }, 'ResourceTypes [AWS::SQS::Queue] are not supported for Import'],
    ['no deletion policy', { Kept: named(), A: { Type: 'Test::Named' } }, { A: 'a' }, {},
      'Resource [A] to import must have a DeletionPolicy attribute'],
    ['more resources', { Kept: named(), A: named(), B: named(), C: named() }, { A: 'a' }, {},
      'You have modified resources [B, C] in your template that are not being imported. Update, create or delete '
      + 'operations cannot be executed during import operations.'],
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

test('an import takes a resource from no other stack, and adds no outputs to a new stack', async () => {
  const types: ResourceTypes = Object.fromEntries(['Test::Named', 'Test::Other'].map((type) => [type, {
    identifier: 'Name',
    create: ({ Name }) => ({ physicalId: String(Name) }),
    read: async () => ({ properties: {}, attributes: {} }),
  }]));
  const { deploy, engine } = scriptedEngine(byName, { types });
  const named = (Type: string) => ({ A: { Type, DeletionPolicy: 'Retain', Properties: { Name: 'a' } } });
  const owner = await deploy({ ...named('Test::Named'), B: thing() }, {}, 'Owner');
  const importOf = (ResourceType: string, sections?: object) => engine.createChangeSet('App', {
    changeSetName: 'import',
    changeSetType: 'IMPORT',
    templateBody: body(named(ResourceType), sections),
    resourcesToImport: [{ LogicalResourceId: 'A', ResourceType, ResourceIdentifier: { Name: 'a' } }],
  });
  expect(() => importOf('Test::Named')).toThrow(expect.objectContaining({
    code: 'ValidationError', message: `a already exists in stack ${owner.id}`,
  }));
  expect(() => importOf('Test::Other', { Outputs: { Out: { Value: 'x' } } })).toThrow(
    'As part of the import operation, you cannot modify or add [Outputs]');
  expect(() => engine.createChangeSet('Owner', {
    changeSetName: 'import',
    changeSetType: 'IMPORT',
    templateBody: body({ ...named('Test::Named'), B: thing(), C: named('Test::Named').A }),
    resourcesToImport: [{
      LogicalResourceId: 'C', ResourceType: 'Test::Named', ResourceIdentifier: { Name: 'a' },
    }],
  })).toThrow(`a already exists in stack ${owner.id}`);
  expect(engine.list()).toEqual([owner]);
  expect(importOf('Test::Other').changeSet.changes).toMatchObject([{ Action: 'Import' }]);
});

test('a template with a type that the service does not have is refused, with all unknown types', () => {
  const { engine } = scriptedEngine(byName);
  const topic = { Type: 'AWS::SNS::Topic' };
  const templateBody = body({ ...one('a'), A: topic, B: { Type: 'AWS::X::Y' }, C: topic });
  expect(() => engine.createStack('App', { templateBody })).toThrow(expect.objectContaining({
    code: 'ValidationError',
    message:
      'Template format error: Unrecognized resource types: [AWS::SNS::Topic, AWS::X::Y]. The local service does not '
      + 'support them. To create them without effect, add them to the option allowUnknownResourceTypes.',
  }));
});

test.each([
  ['CAPABILITY_IAM', 'AWS::IAM::Role'],
  ['CAPABILITY_NAMED_IAM', 'AWS::IAM::Role'],
  ['CAPABILITY_IAM', 'AWS::IAM::Policy'],
  ['CAPABILITY_NAMED_IAM', 'AWS::IAM::ManagedPolicy'],
])('%s allows a template with the type %s', async (capability, Type) => {
  const types = { [Type]: { create: () => ({ physicalId: 'made' }) } };
  const { deploy, engine } = scriptedEngine(byName, { types });
  const resources = { R: { Type }, ...one('a') };
  expect(() => engine.createStack('App', { templateBody: body(resources), capabilities: ['CAPABILITY_AUTO_EXPAND'] }))
    .toThrow(expect.objectContaining({
      code: 'InsufficientCapabilitiesException',
      status: 400,
      message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    }));
  expect((await deploy(resources, { capabilities: [capability] })).status).toBe('CREATE_COMPLETE');
  // Each operation needs the capability.
  expect(() => engine.updateStack('App', { templateBody: body({ ...resources, ...one('b') }) }))
    .toThrow('Requires capabilities : [CAPABILITY_NAMED_IAM]');
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
  const exported = (Value: unknown, Name: string) => ({ Value, Export: { Name } });
  const Outputs = { First: exported('first', 'first'), Out: exported({ Ref: 'One' }, 'shared') };

  test('of another stack cannot be repeated, and those in use cannot be changed or removed', async () => {
    const { deploy, engine, reasonOf } = scriptedEngine(byName);
    await deploy(one('a'), { sections: { Outputs } }, 'Producer');
    await deploy(one('b'), { sections: { Outputs } }, 'Other');
    expect(reasonOf('Other', 'ROLLBACK_IN_PROGRESS')).toBe(
      'Export with name first is already exported by stack Producer. Rolling back Rollback requested by user.');
    await deploy(one('b'), { sections: { Outputs: { Own: exported('x', 'own'), None: { Value: 'x' } } } }, 'Third');
    expect(engine.exports().map(({ ExportName, OutputValue }) => [ExportName, OutputValue])).toEqual([
      ['first', 'first'], ['shared', 'thing-a'], ['own', 'x'],
    ]);
    const templateBody = body({ Two: thing({ Name: { 'Fn::ImportValue': 'shared' } }) });
    engine.createChangeSet('Review', { changeSetName: 'set', changeSetType: 'CREATE', templateBody });

    await deploy({ Two: thing({ Name: { 'Fn::ImportValue': 'shared' } }) }, {}, 'Consumer');
    const reasons = async (name: string, sections: object) => {
      const stack = await deploy(one(name), { sections, disableRollback: true }, 'Producer');
      return [stack.status, stack.statusReason];
    };
    expect(await reasons('b', { Outputs })).toEqual([
      'UPDATE_FAILED', 'Export shared cannot be updated as it is in use by Consumer ',
    ]);
    expect(await reasons('a', { Outputs: { First: Outputs.First } })).toEqual([
      'UPDATE_FAILED', 'Export shared cannot be deleted as it is in use by Consumer ',
    ]);
    expect(await reasons('a', { Outputs })).toEqual(['UPDATE_COMPLETE', undefined]);
  });

  test('of another stack fail a create, which can be repeated with the same template', async () => {
    const { deploy, destroy, trail } = scriptedEngine(byName);
    await deploy(one('a'), { sections: { Outputs } }, 'Producer');
    const input = { sections: { Outputs }, disableRollback: true };
    const other = await deploy(one('b'), input, 'Other');
    expect([other.status, other.outputs]).toEqual(['CREATE_FAILED', []]);
    await destroy('Producer');
    await deploy(one('b'), input, 'Other');
    expect([other.status, other.outputs.length]).toEqual(['UPDATE_COMPLETE', 2]);
    expect(trail()).toEqual(['Create One a', 'Create One b', 'Delete One thing-a']);
  });

  test('can have an empty value', async () => {
    const { deploy } = scriptedEngine(byName);
    await deploy(one('a'), { sections: { Outputs: { Empty: exported('', 'empty') } } }, 'Producer');
    const consumer = await deploy({ Two: thing({ Name: { 'Fn::ImportValue': 'empty' } }) });
    expect(consumer.resources.get('Two')!.physicalId).toBe('thing-');
  });

  test('can be used by their own stack, and others can be removed', async () => {
    const { deploy } = scriptedEngine(byName);
    const more = { ...Outputs, Free: { Value: 'x', Export: { Name: 'free' } } };
    const producer = await deploy(one('a'), { sections: { Outputs: more } }, 'Producer');
    await deploy({ Two: thing({ Name: { 'Fn::ImportValue': 'shared' } }) }, {}, 'Consumer');
    const own = { Own: thing({ Name: { 'Fn::ImportValue': 'free' } }) };
    await deploy({ ...one('a'), ...own }, { sections: { Outputs: more } }, 'Producer');
    expect(producer.resources.get('Own')!.physicalId).toBe('thing-x');
    await deploy(one('a'), { sections: { Outputs } }, 'Producer');
    expect(producer.status).toBe('UPDATE_COMPLETE');
    expect(producer.outputs.map(({ ExportName }) => ExportName)).toEqual(['first', 'shared']);
  });
});

describe('several updates', () => {
  const bad = { Bad: thing({ Name: 'bad', FailOn: 'Create' }, { DependsOn: 'One' }) };

  test.each<[string, boolean, boolean]>([
    ['succeeded', false, false], ['was rolled back', true, false], ['was rolled back earlier', true, true],
  ])(
    'a failed update after one that %s is rolled back to the state before it',
    async (_, isRolledBack, isFollowed) => {
      const { deploy, trail } = scriptedEngine(byName);
      await deploy(one('a'));
      await deploy({ ...one('b'), ...isRolledBack ? { Other: thing({ Name: 'other' }), ...bad } : {} });
      const last = isRolledBack ? 'a' : 'b';
      const more = isFollowed ? { More: thing({ Name: 'more' }) } : {};
      if (isFollowed) await deploy({ ...one('a'), ...more });
      const count = trail().length;
      const stack = await deploy({ ...one('c'), ...more, ...bad });
      expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(stack.resources.get('One')!.physicalId).toBe(`thing-${last}`);
      expect(trail().slice(count)).toEqual([
        `Update One thing-${last} c`, 'Create Bad bad', `Update One thing-c ${last}`, 'Delete Bad thing-bad',
        'Delete One thing-c',
      ]);
    },
  );

  test('a failed update with rollback disabled has its template, the earlier outputs and the new ID', async () => {
    const { deploy, statuses, trail } = scriptedEngine(({ RequestType, ResourceProperties: { Name } }) =>
      RequestType === 'Update' && Name === 'bad'
        ? { Status: 'FAILED', PhysicalResourceId: 'half' } : { PhysicalResourceId: 'thing' });
    const Outputs = (Value: string) => ({ sections: { Description: Value, Outputs: { Out: { Value } } } });
    const resources = (Name: string) => ({ ...one(Name), Same: thing({ Name: 'same' }) });
    await deploy(resources('a'), Outputs('first'));
    const stack = await deploy(resources('bad'), { ...Outputs('second'), disableRollback: true });
    expect(stack).toMatchObject({
      status: 'UPDATE_FAILED', template: { description: 'second' }, outputs: [{ OutputValue: 'first' }],
    });
    expect(stack.resources.get('One')).toMatchObject({ status: 'UPDATE_FAILED', physicalId: 'half' });
    const count = statuses().length;
    await deploy(resources('a'), { ...Outputs('third'), disableRollback: true });
    expect(statuses().slice(count)).toEqual([
      'App UPDATE_IN_PROGRESS',
      'One UPDATE_IN_PROGRESS',
      'One UPDATE_COMPLETE',
      'App UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'One DELETE_IN_PROGRESS',
      'One DELETE_COMPLETE',
      'App UPDATE_COMPLETE',
    ]);
    expect(stack).toMatchObject({ outputs: [{ OutputValue: 'third' }] });
    expect(trail()).toEqual([
      'Create One a', 'Create Same same', 'Update One thing bad', 'Update One half a', 'Delete One half',
    ]);
  });

  describe('that follow an update which failed with rollback disabled and another ID', () => {
    const failing = async () => {
      const scripted = scriptedEngine(({ RequestType, ResourceProperties: { Name } }) => {
        if (RequestType !== 'Update' || !/^(bad|lost)/.test(String(Name))) return { PhysicalResourceId: 'thing' };
        return { Status: 'FAILED', PhysicalResourceId: String(Name).startsWith('bad') ? `half-${Name}` : undefined };
      });
      await scripted.deploy(one('a'));
      const stack = scripted.engine.stack('App');
      const update = async (name: string) => {
        await scripted.deploy(one(name), { disableRollback: true });
        const { physicalId, state } = stack.resources.get('One')!;
        return [stack.status, physicalId, state!.physicalId, state!.properties.Name];
      };
      expect(await update('bad')).toEqual(['UPDATE_FAILED', 'half-bad', 'thing', 'a']);
      return { ...scripted, stack, update, later: () => scripted.trail().slice(2) };
    };

    test('return the resource to its earlier properties, as a rollback does', async () => {
      const { clock, events, later, requests, stack, update } = await failing();
      events.length = 0;
      clock.advance(1000);
      const now = new Date(clock.now());
      expect(await update('a')).toEqual(['UPDATE_COMPLETE', 'thing', 'thing', 'a']);
      expect(stack.lastUpdatedTime).toEqual(now);
      expect(stack.resources.get('One')).toMatchObject({ status: 'UPDATE_COMPLETE', statusReason: undefined });
      expect(later()).toEqual(['Update One half-bad a', 'Delete One half-bad']);
      expect(requests.slice(2)).toMatchObject([
        { ResourceProperties: { Name: 'a' }, OldResourceProperties: { Name: 'bad' } },
        { ResourceProperties: { Name: 'bad' } },
      ]);
      const ofOne = events.filter(({ LogicalResourceId }) => LogicalResourceId === 'One');
      expect(ofOne.map(({ ResourceStatus, PhysicalResourceId }) => [ResourceStatus, PhysicalResourceId])).toEqual([
        ['UPDATE_IN_PROGRESS', 'half-bad'],
        ['UPDATE_COMPLETE', 'thing'],
        ['DELETE_IN_PROGRESS', 'half-bad'],
        ['DELETE_COMPLETE', 'half-bad'],
      ]);
      expect(ofOne[0]!.ResourceProperties).toContain('"Name":"a"');
      // The resource is no longer in the failed state.
      await update('b');
      expect(later().slice(2)).toEqual(['Update One thing b']);
    });

    test('start from the earlier ID with other properties, and delete the ID of the failure', async () => {
      const { later, stack, update } = await failing();
      expect(await update('b')).toEqual(['UPDATE_COMPLETE', 'thing', 'thing', 'b']);
      expect(later()).toEqual(['Update One thing b', 'Delete One half-bad']);
      expect(stack.attempt).toBeUndefined();
    });

    test('can fail again, and the success deletes every other ID', async () => {
      const { later, update } = await failing();
      expect(await update('bad-2')).toEqual(['UPDATE_FAILED', 'half-bad-2', 'thing', 'a']);
      expect(await update('lost')).toEqual(['UPDATE_FAILED', 'thing', 'thing', 'a']);
      expect(await update('a')).toEqual(['UPDATE_COMPLETE', 'thing', 'thing', 'a']);
      expect(later()).toEqual([
        'Update One thing bad-2', 'Update One thing lost', 'Update One thing a', 'Delete One half-bad',
        'Delete One half-bad-2',
      ]);
    });

    test('can be rolled back, which goes to the latest ID and deletes all of them', async () => {
      const { engine, later, stack, update } = await failing();
      await update('bad-2');
      await engine.rollbackStack('App').operation;
      expect(stack).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
      expect(later()).toEqual([
        'Update One thing bad-2', 'Update One half-bad-2 a', 'Delete One half-bad', 'Delete One half-bad-2',
      ]);
    });

    test('can delete the stack, with all IDs', async () => {
      const { destroy, later, stack } = await failing();
      await destroy();
      expect(stack).toMatchObject({ status: 'DELETE_COMPLETE', resources: new Map() });
      expect(later()).toEqual(['Delete One half-bad', 'Delete One thing']);
    });
  });

  test('a return to the earlier properties that fails is repeated', async () => {
    let answer: Answer = { Status: 'FAILED', PhysicalResourceId: 'half' };
    const { deploy, trail } = scriptedEngine(({ RequestType }) =>
      RequestType === 'Update' ? answer : { PhysicalResourceId: 'thing' });
    await deploy(one('a'));
    await deploy(one('b'), { disableRollback: true });
    answer = { Status: 'FAILED', PhysicalResourceId: undefined };
    const stack = await deploy(one('a'), { disableRollback: true });
    expect(stack).toMatchObject({
      status: 'UPDATE_FAILED', statusReason: 'The following resource(s) failed to update: [One]. ',
    });
    expect(stack.resources.get('One')).toMatchObject({ status: 'UPDATE_FAILED', physicalId: 'half' });
    answer = { PhysicalResourceId: 'new' };
    await deploy(one('a'), { disableRollback: true });
    expect(stack.resources.get('One')).toMatchObject({ status: 'UPDATE_COMPLETE', physicalId: 'new' });
    expect(trail().slice(2)).toEqual([
      'Update One half a', 'Update One half a', 'Delete One half', 'Delete One thing',
    ]);
  });

  test('a return to the earlier properties can be canceled', async () => {
    let answer: Answer = { Status: 'FAILED' };
    const { deploy, engine } = scriptedEngine(({ RequestType }) => (RequestType === 'Update' ? answer : {}));
    await deploy(one('a'));
    await deploy(one('b'), { disableRollback: true });
    answer = undefined;
    const stack = engine.updateStack('App', { templateBody: body(one('a')), disableRollback: true });
    await new Promise((resolve) => setImmediate(resolve));
    engine.cancelUpdateStack('App');
    await stack.operation;
    expect(stack.resources.get('One')).toMatchObject({
      status: 'UPDATE_FAILED', statusReason: 'Resource update cancelled',
    });
  });

  test('UpdateReplacePolicy Retain applies after an update that failed with the same ID', async () => {
    const { deploy, trail } = scriptedEngine(byName);
    const retained = (properties: object) => ({ One: thing(properties, { UpdateReplacePolicy: 'Retain' }) });
    await deploy(retained({ Name: 'a' }));
    await deploy(retained({ Name: 'a', FailOn: 'Update' }), { disableRollback: true });
    const stack = await deploy(retained({ Name: 'b' }), { disableRollback: true });
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(trail()).toEqual(['Create One a', 'Update One thing-a a', 'Update One thing-a b']);
  });

  test('UpdateReplacePolicy Retain keeps no ID of a failed or rolled back update', async () => {
    const { deploy, trail } = scriptedEngine(byName);
    const retained = (properties: object) => ({ One: thing(properties, { UpdateReplacePolicy: 'Retain' }) });
    await deploy(retained({ Name: 'a' }));
    await deploy(retained({ Name: 'b', FailOn: 'Update' }), { disableRollback: true });
    await deploy(retained({ Name: 'a' }), { disableRollback: true });
    expect(trail().slice(1)).toEqual(['Update One thing-a b', 'Update One thing-b a', 'Delete One thing-b']);
    await deploy({ ...retained({ Name: 'c' }), ...bad }, { disableRollback: false });
    expect(trail().slice(4)).toEqual([
      'Update One thing-a c', 'Create Bad bad', 'Update One thing-c a', 'Delete Bad thing-bad', 'Delete One thing-c',
    ]);
  });

  test('a resource type that failed to update gets its earlier properties again', async () => {
    const updates: unknown[] = [];
    const types: ResourceTypes = {
      'Test::Sized': {
        createOnly: ['Name'],
        create: () => ({ physicalId: 'sized' }),
        update: ({ Size }, { properties }) => {
          updates.push([properties.Size, Size]);
          if (Size === 2) throw new Error('in between');
        },
      },
    };
    const { deploy, statuses } = scriptedEngine(byName, { types });
    const sized = (Size: number, Name = 'a') => ({ One: { Type: 'Test::Sized', Properties: { Size, Name } } });
    await deploy(sized(1));
    await deploy(sized(2), { disableRollback: true });
    const stack = await deploy(sized(1), { disableRollback: true });
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(updates).toEqual([[1, 2], [2, 1]]);
    // A refused replacement has changed nothing.
    await deploy(sized(1, 'b'), { disableRollback: true });
    const count = statuses().length;
    await deploy(sized(1), { disableRollback: true });
    expect(statuses().slice(count)).toEqual([
      'App UPDATE_IN_PROGRESS', 'One UPDATE_COMPLETE', 'App UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'App UPDATE_COMPLETE',
    ]);
    expect(stack.resources.get('One')!.status).toBe('UPDATE_COMPLETE');
    expect(updates).toHaveLength(2);
    // It has also kept the result of an update that succeeded before another resource failed.
    await deploy({ ...sized(3), ...bad }, { disableRollback: true });
    await deploy(sized(3, 'b'), { disableRollback: true });
    await deploy(sized(3), { disableRollback: true });
    expect([stack.status, updates.slice(2)]).toEqual(['UPDATE_COMPLETE', [[1, 3]]]);
  });

  test('a delete after failed updates also deletes the replaced resources, except those that it retains', async () => {
    for (const [more, retained, deleted] of [
      [{}, undefined, ['Delete Bad thing-bad', 'Delete One thing-a', 'Delete One thing-b']],
      [{}, ['One'], ['Delete Bad thing-bad']],
      [{ UpdateReplacePolicy: 'Retain' }, undefined, ['Delete Bad thing-bad', 'Delete One thing-b']],
      [{ DeletionPolicy: 'Retain' }, undefined, ['Delete Bad thing-bad', 'Delete One thing-a']],
    ] as const) {
      const { deploy, engine, trail } = scriptedEngine(byName);
      await deploy({ One: thing({ Name: 'a' }, more) });
      await deploy({ One: thing({ Name: 'b' }, more), ...bad }, { disableRollback: true });
      const count = trail().length;
      await engine.deleteStack('App', retained)!.operation;
      expect(trail().slice(count)).toEqual(deleted);
    }
  });

  test('a resource that leaves a failed update and comes back is kept', async () => {
    const { deploy, engine, trail } = scriptedEngine(byName);
    const two = { Two: thing({ Name: 'two' }) };
    await deploy({ ...one('a'), ...two });
    await deploy({ ...one('a'), ...bad }, { disableRollback: true });
    const input = { changeSetName: 'set', templateBody: body({ ...one('a'), ...two }) };
    expect(engine.createChangeSet('App', input).changeSet.changes).toMatchObject([
      { Action: 'Add', LogicalResourceId: 'Two', PhysicalResourceId: 'thing-two' },
      { Action: 'Remove', LogicalResourceId: 'Bad' },
    ]);
    const stack = await deploy({ ...one('a'), ...two }, { disableRollback: true });
    expect([stack.status, [...stack.resources.keys()]]).toEqual(['UPDATE_COMPLETE', ['One', 'Two']]);
    expect(trail().slice(2)).toEqual(['Create Bad bad', 'Delete Bad thing-bad']);
  });

  test('the rollback of two failed updates deletes what the first created and the second changed', async () => {
    const { deploy, engine, trail } = scriptedEngine(byName);
    const resources = (name: string) => ({
      ...one('a'), New: thing({ Name: name }), Bad: thing({ Name: 'bad', FailOn: 'Create' }, { DependsOn: 'New' }),
    });
    await deploy(one('a'));
    await deploy(resources('b'), { disableRollback: true });
    await deploy(resources('c'), { disableRollback: true });
    const count = trail().length;
    await engine.rollbackStack('App').operation;
    expect(engine.stack('App').status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(trail().slice(count).sort()).toEqual(['Delete Bad thing-bad', 'Delete New thing-b', 'Delete New thing-c']);
    expect([...engine.stack('App').resources.keys()]).toEqual(['One']);
  });

  test('an earlier failure does not cancel a rollback, which starts from the failed state', async () => {
    const updates: unknown[] = [];
    const types: ResourceTypes = {
      'Test::Slow': {
        create: () => ({ physicalId: 'slow', attributes: { Own: 1 } }),
        update: ({ Size }, { properties, attributes }, { signal }) => {
          updates.push([signal.aborted, properties.Size, attributes]);
          if (Size === 3) throw new Error('too large');
        },
      },
    };
    const { deploy } = scriptedEngine(byName, { types });
    const slow = (Size: number) => ({ One: { Type: 'Test::Slow', Properties: { Size } } });
    await deploy(slow(1));
    await deploy({ ...slow(2), ...bad });
    await deploy(slow(3));
    expect(updates).toEqual([1, 2, 1, 3].map((size) => [false, size, { Own: 1 }]));
  });

  test('the cleanup deletes two replaced resources with the same ID', async () => {
    const { deploy, trail } = scriptedEngine(byName);
    const both = (Name: string) => ({ One: thing({ Name }), Two: thing({ Name }) });
    await deploy(both('a'));
    await deploy(both('b'));
    expect(trail().slice(4)).toEqual(['Delete One thing-a', 'Delete Two thing-a']);
  });

  test('DeletionPolicy Retain does not keep a replaced resource', async () => {
    const { deploy, trail } = scriptedEngine(byName);
    await deploy({ One: thing({ Name: 'a' }, { DeletionPolicy: 'Retain' }) });
    await deploy({ One: thing({ Name: 'b' }, { DeletionPolicy: 'Retain' }) });
    expect(trail()).toEqual(['Create One a', 'Update One thing-a b', 'Delete One thing-a']);
  });

  test('a resource that was never created is removed, even if its policy is to retain it', async () => {
    const { deploy, engine, events } = scriptedEngine(byName);
    const missing = thing({ ServiceToken: 'arn:missing' }, { DeletionPolicy: 'Retain' });
    await deploy({ ...one('a'), Two: missing }, { disableRollback: true });
    const input = { changeSetName: 'set', templateBody: body(one('a')) };
    expect(engine.createChangeSet('App', input).changeSet.changes).toEqual([{
      Action: 'Remove', LogicalResourceId: 'Two', ResourceType: 'Custom::Thing', Scope: [], Details: [],
    }]);
    events.length = 0;
    await deploy(one('a'), { disableRollback: true });
    expect(story(events).slice(-3)).toEqual(
      ['Two DELETE_IN_PROGRESS', 'Two DELETE_COMPLETE', 'App UPDATE_COMPLETE']);
  });

  test('an update needs a template, even if the stack has one', async () => {
    const { deploy, engine } = scriptedEngine(byName);
    const tags = [{ Key: 'a', Value: '1' }];
    await deploy(one('a'));
    expect(() => engine.updateStack('App', { tags })).toThrow(
      'Either Template URL or Template Body must be specified.');
    await engine.updateStack('App', { tags, usePreviousTemplate: true }).operation;
    expect(engine.stack('App')).toMatchObject({ status: 'UPDATE_COMPLETE', tags });
  });

  test('UpdateReplacePolicy Retain applies to the update that adds it', async () => {
    const { deploy, trail } = scriptedEngine(byName);
    await deploy(one('a'));
    await deploy({ One: thing({ Name: 'b' }, { UpdateReplacePolicy: 'Retain' }) });
    expect(trail()).toEqual(['Create One a', 'Update One thing-a b']);
  });

  test('a rollback restores the policies and dependencies of the previous template', async () => {
    const { deploy, destroy, trail } = scriptedEngine(byName);
    const two = { Two: thing({ Name: 'two' }, { DependsOn: 'One' }) };
    await deploy({ ...one('a'), ...two });
    const more = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', DependsOn: 'Two' };
    const stack = await deploy({ One: thing({ Name: 'a' }, more), Two: thing({ Name: 'two' }), ...bad });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.resources.get('One')).toMatchObject({
      dependencies: new Set(), deletionPolicy: undefined, updateReplacePolicy: undefined,
    });
    expect(stack.resources.get('Two')!.dependencies).toEqual(new Set(['One']));
    await destroy();
    expect(trail().slice(-2)).toEqual(['Delete Two thing-two', 'Delete One thing-a']);
  });

  test('a rollback deletes every ID that is not in use at its end', async () => {
    let made = 0;
    const { deploy, trail } = scriptedEngine(({ RequestType, ResourceProperties: { FailOn } }) =>
      FailOn === RequestType
        ? { Status: 'FAILED', PhysicalResourceId: 'bad' }
        : { PhysicalResourceId: RequestType === 'Delete' ? 'gone' : `made-${++made}` });
    await deploy(one('a'));
    const stack = await deploy({ ...one('b'), ...bad });
    expect(stack.resources.get('One')!.physicalId).toBe('made-3');
    expect(trail().slice(4).sort()).toEqual(['Delete Bad bad', 'Delete One made-1', 'Delete One made-2']);

    // The update of One fails with an ID of its own.
    await deploy(one('c', { FailOn: 'Update' }));
    expect(stack.resources.get('One')!.physicalId).toBe('made-4');
    expect(trail().slice(-2).sort()).toEqual(['Delete One bad', 'Delete One made-3']);
  });

  test('a rollback is complete even if a resource that it no longer needs cannot be deleted', async () => {
    const { deploy, reasonOf, trail } = scriptedEngine(byName);
    await deploy(one('a'));
    const stack = await deploy({ ...one('b'), New: thing({ Name: 'new', FailOn: 'Delete' }), ...bad });
    expect(stack).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', statusReason: undefined });
    expect([...stack.resources.keys()]).toEqual(['One']);
    expect(trail().slice(-3).sort()).toEqual(['Delete Bad thing-bad', 'Delete New thing-new', 'Delete One thing-b']);
    expect(reasonOf('New', 'DELETE_FAILED')).toContain('Message returned: as asked (');
  });

  test('a failed rollback has the reason, and restores no dependents of the resource that fails', async () => {
    const { deploy, engine, reasonOf, trail } = scriptedEngine((event) =>
      event.RequestType === 'Update' && event.ResourceProperties.Name === 'a'
        ? { Status: 'FAILED', Reason: 'stuck' } : byName(event));
    const resources = (name: string) => ({
      ...one(name), Two: thing({ Name: `${name}-2` }, { DependsOn: 'One' }), Three: thing({ Name: `${name}-3` }),
    });
    await deploy(resources('a'));
    const failing = thing({ Name: 'bad', FailOn: 'Create' }, { DependsOn: ['Two', 'Three'] });
    const stack = await deploy({ ...resources('b'), Bad: failing });
    expect(stack).toMatchObject({
      status: 'UPDATE_ROLLBACK_FAILED', statusReason: 'The following resource(s) failed to update: [One]. ',
    });
    expect(reasonOf('One', 'UPDATE_FAILED')).toContain('Message returned: stuck (');
    const ids = () => ['One', 'Two', 'Three'].map((id) => stack.resources.get(id)!.physicalId);
    expect(ids()).toEqual(['thing-b', 'thing-b-2', 'thing-a-3']);

    // A resource that is skipped keeps what it has. Its dependents are restored.
    const count = trail().length;
    await engine.continueUpdateRollback('App', ['One']).operation;
    expect(stack.events.filter(({ ResourceStatus }) => ResourceStatus === 'UPDATE_ROLLBACK_IN_PROGRESS').at(-1))
      .toMatchObject({ ResourceStatusReason: 'User Initiated' });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.resources.get('One')!.status).toBe('UPDATE_COMPLETE');
    expect(ids()).toEqual(['thing-a', 'thing-a-2', 'thing-a-3']);
    expect(trail().slice(count)).toEqual([
      'Update Two thing-b-2 a-2', 'Delete Bad thing-bad', 'Delete Three thing-b-3', 'Delete Two thing-b-2',
    ]);
  });

  test('a cleanup that fails for one of two replaced resources has failed', async () => {
    const { deploy, reasonOf, trail } = scriptedEngine((event) =>
      event.RequestType === 'Delete' && event.PhysicalResourceId === 'thing-a'
        ? { Status: 'FAILED', Reason: 'in use' } : byName(event));
    await deploy(one('a'));
    await deploy({ ...one('b'), ...bad }, { disableRollback: true });
    const stack = await deploy(one('c'), { disableRollback: true });
    expect(trail().slice(-3).sort()).toEqual(['Delete Bad thing-bad', 'Delete One thing-a', 'Delete One thing-b']);
    expect(stack).toMatchObject({
      status: 'UPDATE_COMPLETE', statusReason: 'Update successful. One or more resources could not be deleted.',
    });
    expect(reasonOf('One', 'DELETE_FAILED')).toContain('Message returned: in use (');
  });

  test('with rollback disabled, only a changed create-only property is refused', async () => {
    const types: ResourceTypes = {
      'Test::Named': { createOnly: ['Name'], create: () => ({ physicalId: 'named' }) },
    };
    for (const [before, after, status] of [
      [{ Name: 'a', Size: 1 }, { Name: 'a', Size: 2 }, 'UPDATE_COMPLETE'],
      [{ Name: 'a', Size: 1 }, { Size: 1 }, 'UPDATE_FAILED'],
      [{ Size: 1 }, { Name: 'a', Size: 1 }, 'UPDATE_FAILED'],
    ] as const) {
      const { deploy } = scriptedEngine(byName, { types });
      await deploy({ Named: { Type: 'Test::Named', Properties: before } });
      const stack = await deploy({ Named: { Type: 'Test::Named', Properties: after } }, { disableRollback: true });
      expect([before, after, stack.status]).toEqual([before, after, status]);
    }
  });
});

describe('the deployment mode', () => {
  const express = { deploymentConfig: { mode: 'EXPRESS' } } as const;
  const failing = one('a', { FailOn: 'Create' });

  test('STANDARD rolls back, unless its configuration disables that', async () => {
    const { deploy } = scriptedEngine(byName);
    expect((await deploy(failing, { deploymentConfig: { mode: 'STANDARD' } })).status).toBe('ROLLBACK_COMPLETE');
    const disabled = { deploymentConfig: { mode: 'STANDARD', disableRollback: true } } as const;
    expect((await deploy(failing, disabled, 'Other')).status).toBe('CREATE_FAILED');
  });

  test('of an operation replaces the deployment mode of the operation before', async () => {
    const { deploy } = scriptedEngine(byName);
    const stack = await deploy(one('a'), { deploymentConfig: { mode: 'EXPRESS', disableRollback: false } });
    await deploy(one('b'), { deploymentConfig: { mode: 'STANDARD' } });
    expect([stack.status, stack.deploymentConfig]).toEqual(['UPDATE_COMPLETE', { mode: 'STANDARD' }]);
  });

  test('EXPRESS binds the next operation only after a failure', async () => {
    const { deploy, engine } = scriptedEngine(byName);
    await deploy(one('a'), express, 'Good');
    expect(() => engine.rollbackStack('Good')).toThrow('is in CREATE_COMPLETE state and can not be rolled back.');
    const good = await deploy(one('b'), { disableRollback: false }, 'Good');
    expect(good.status).toBe('UPDATE_COMPLETE');

    const stack = await deploy(failing, express);
    const refusal = {
      code: 'ValidationError',
      message:
        'This stack is in a CREATE_FAILED state from a previous operation that used EXPRESS deployment mode with '
        + 'disable-rollback. Follow-up operations must use the same DeploymentConfig (mode=EXPRESS) until the stack '
        + 'reaches a *_COMPLETE state',
    };
    await expect(deploy(one('a'))).rejects.toMatchObject(refusal);
    expect(() => engine.rollbackStack('App')).toThrow(expect.objectContaining({
      code: 'ValidationError',
      message:
        'RollbackStack is not supported for stacks that were last updated using EXPRESS deployment mode and are in a '
        + 'failed state',
    }));
    await deploy(one('a'), express);
    expect(stack.status).toBe('UPDATE_COMPLETE');
  });

  test('after a failure, an update needs rollback disabled', async () => {
    const { deploy } = scriptedEngine(byName);
    await deploy(failing, { disableRollback: true });
    await expect(deploy(one('a'), { disableRollback: false })).rejects.toMatchObject({
      code: 'ValidationError',
      message:
        'This stack is currently in a non-terminal [CREATE_FAILED] state. To update the stack from this state, please '
        + 'use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the '
        + 'rollback-stack API',
    });
  });

  test('a rollback of a create that fails names the resources', async () => {
    const { deploy } = scriptedEngine(({ RequestType }) => ({ Status: 'FAILED', PhysicalResourceId: RequestType }));
    expect(await deploy(one('a'))).toMatchObject({
      status: 'ROLLBACK_FAILED', statusReason: 'The following resource(s) failed to delete: [One]. ',
    });
  });
});

test('drift detection leaves out a resource that was not created', async () => {
  const types: ResourceTypes = {
    'Test::Broken': {
      create: () => {
        throw new Error('broken');
      },
      read: async () => ({ properties: {}, attributes: {} }),
    },
  };
  const { deploy, engine } = scriptedEngine(byName, { types });
  await deploy({ Broken: { Type: 'Test::Broken' } }, { disableRollback: true });
  expect(await engine.detectDrift('App')).toEqual([]);
});
