import { byName, scriptedEngine, thing } from '../scripted-engine';

test('a stack is created, not updated without changes, updated in place and deleted', async () => {
  const { deploy, destroy, engine, reasonOf, trail, statuses } = scriptedEngine(({ ResourceProperties }) => ({
    PhysicalResourceId: 'thing-1',
    Data: { Name: ResourceProperties.Name },
  }));
  const sections = { Outputs: { Id: { Value: { Ref: 'One' } }, Name: { Value: { 'Fn::GetAtt': ['One', 'Name'] } } } };
  const stack = await deploy({ One: thing({ Name: 'a' }) }, { sections });
  expect(stack.outputs).toMatchObject([
    { OutputKey: 'Id', OutputValue: 'thing-1' },
    { OutputKey: 'Name', OutputValue: 'a' },
  ]);
  await expect(deploy({ One: thing({ Name: 'a' }) }, { sections })).rejects.toMatchObject({
    code: 'ValidationError',
    message: 'No updates are to be performed.',
  });
  await deploy({ One: thing({ Name: 'b' }) }, { sections });
  expect(stack.outputs[1]).toMatchObject({ OutputValue: 'b' });
  await destroy();
  expect(trail()).toEqual(['Create One a', 'Update One thing-1 b', 'Delete One thing-1']);
  expect(statuses()).toEqual([
    'App CREATE_IN_PROGRESS',
    'One CREATE_IN_PROGRESS',
    'One CREATE_IN_PROGRESS',
    'One CREATE_COMPLETE',
    'App CREATE_COMPLETE',
    'App UPDATE_IN_PROGRESS',
    'One UPDATE_IN_PROGRESS',
    'One UPDATE_COMPLETE',
    'App UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'App UPDATE_COMPLETE',
    'App DELETE_IN_PROGRESS',
    'One DELETE_IN_PROGRESS',
    'One DELETE_COMPLETE',
    'App DELETE_COMPLETE',
  ]);
  for (const operation of ['CREATE', 'UPDATE', 'DELETE']) {
    expect(reasonOf('App', `${operation}_IN_PROGRESS`)).toBe('User Initiated');
  }
  expect(() => engine.stack('App')).toThrow('Stack with id App does not exist');
  expect(engine.stack(stack.id).status).toBe('DELETE_COMPLETE');
});

describe('create', () => {
  test('a failed create deletes all resources, and the failed resource by the ID of its FAILED response', async () => {
    const { deploy, trail, statuses, reasonOf } = scriptedEngine(byName);
    const stack = await deploy({
      One: thing({ Name: 'a' }),
      Two: thing({ Name: 'b', FailOn: 'Create' }, { DependsOn: 'One' }),
    });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(trail()).toEqual(['Create One a', 'Create Two b', 'Delete Two thing-b', 'Delete One thing-a']);
    expect(statuses()).toContain('App ROLLBACK_IN_PROGRESS');
    expect(reasonOf('App', 'ROLLBACK_IN_PROGRESS')).toBe(
      'The following resource(s) failed to create: [Two]. Rollback requested by user.',
    );
  });

  test('a failed create without a physical ID sends Delete with a generated ID', async () => {
    const { deploy, requests } = scriptedEngine(({ RequestType }) =>
      RequestType === 'Create' ? { Status: 'FAILED', PhysicalResourceId: undefined } : {},
    );
    await deploy({ One: thing() });
    expect(requests[1]).toMatchObject({
      RequestType: 'Delete',
      PhysicalResourceId: expect.stringMatching(/^App-One-[0-9A-F]{13}$/),
    });
  });

  test('with rollback disabled, the update after a failed create creates the failed resource again', async () => {
    let broken = true;
    const { deploy, trail } = scriptedEngine((event) =>
      broken && event.LogicalResourceId === 'Two' && event.RequestType === 'Create'
        ? { Status: 'FAILED', PhysicalResourceId: 'half' }
        : byName(event),
    );
    const resources = { One: thing({ Name: 'a' }), Two: thing({ Name: 'b' }, { DependsOn: 'One' }) };
    const stack = await deploy(resources, { disableRollback: true });
    expect(stack.status).toBe('CREATE_FAILED');
    broken = false;
    await deploy({ ...resources, Three: thing({ Name: 'c' }) });
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(trail().slice(0, 2)).toEqual(['Create One a', 'Create Two b']);
    expect(trail().slice(2).sort()).toEqual(['Create Three c', 'Create Two b', 'Delete Two half']);
  });

  test('a failed rollback of a create ends in ROLLBACK_FAILED', async () => {
    const { deploy } = scriptedEngine(({ RequestType }) =>
      RequestType === 'Update' ? {} : { Status: 'FAILED', PhysicalResourceId: 'x' },
    );
    expect((await deploy({ One: thing() })).status).toBe('ROLLBACK_FAILED');
  });

  test('dependencies are created first and deleted last, others in parallel', async () => {
    let running = 0;
    let most = 0;
    const { deploy, destroy, trail } = scriptedEngine(async (event) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return byName(event);
    });
    await deploy({
      Last: thing({ Name: { 'Fn::Sub': '${First.Name}-last' } }),
      First: thing({ Name: 'first' }),
      Other: thing({ Name: 'other' }),
      Middle: thing({ Name: 'middle' }, { DependsOn: ['First', 'Other'] }),
    });
    expect(most).toBe(2);
    expect(trail()).toEqual([
      'Create First first',
      'Create Other other',
      'Create Last first-last',
      'Create Middle middle',
    ]);
    await destroy();
    expect(trail().slice(4)).toEqual([
      'Delete Last thing-first-last',
      'Delete Middle thing-middle',
      'Delete First thing-first',
      'Delete Other thing-other',
    ]);
  });

  test.each([false, true])('after a failure, no independent resource is started, with rollback disabled: %s', async (
    disableRollback,
  ) => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const slow = {
      create: async () => {
        await turn();
        return { physicalId: 'slow' };
      },
      update: turn,
    };
    const { deploy, trail } = scriptedEngine(byName, { types: { 'Test::Slow': slow } });
    const resources = (FailOn: string) => ({
      First: { Type: 'Test::Slow', Properties: { FailOn } },
      Second: thing({ Name: 'second', FailOn }, { DependsOn: 'First' }),
      Bad: thing({ Name: 'bad', FailOn }),
    });
    const stack = await deploy(resources('Create'), { disableRollback });
    expect(stack.status).toBe(disableRollback ? 'CREATE_FAILED' : 'ROLLBACK_COMPLETE');
    expect(trail()).toEqual(['Create Bad bad', ...disableRollback ? [] : ['Delete Bad thing-bad']]);

    await deploy(resources(''), {}, 'Other');
    const count = trail().length;
    const other = await deploy(resources('Update'), { disableRollback }, 'Other');
    expect(other.status).toBe(disableRollback ? 'UPDATE_FAILED' : 'UPDATE_ROLLBACK_COMPLETE');
    expect(trail()[count]).toBe('Update Bad thing-bad bad');
    expect(trail().slice(count)).not.toContain('Update Second thing-second second');
  });

  test('a failure cancels running creates, and Delete is sent for them with a generated ID', async () => {
    const { deploy, trail, reasonOf, requests, respond, engine } = scriptedEngine((event) =>
      event.LogicalResourceId === 'Slow' && event.RequestType === 'Create' ? undefined : byName(event),
    );
    const stack = await deploy({ Slow: thing({ Name: 'slow' }), Bad: thing({ Name: 'bad', FailOn: 'Create' }) });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(reasonOf('Slow', 'CREATE_FAILED')).toBe('Resource creation cancelled');
    expect(trail()).toContainEqual(expect.stringMatching(/^Delete Slow App-Slow-[0-9A-F]{13}$/));
    respond(
      requests.find(({ LogicalResourceId }) => LogicalResourceId === 'Slow')!,
      { PhysicalResourceId: 'too-late' },
    );
    expect(engine.stack(stack.id).status).toBe('ROLLBACK_COMPLETE');
  });
});

describe('update', () => {
  test('after a replacement, dependents get the new ID before the cleanup deletes the old resource', async () => {
    const { deploy, trail, statuses } = scriptedEngine(byName);
    const resources = (name: string) => ({
      One: thing({ Name: name }),
      Two: thing({ Name: 'two', Of: { Ref: 'One' } }),
    });
    await deploy(resources('a'));
    await deploy(resources('b'));
    expect(trail().slice(2)).toEqual(['Update One thing-a b', 'Update Two thing-two two', 'Delete One thing-a']);
    const events = statuses();
    expect(events.indexOf('One DELETE_IN_PROGRESS')).toBeGreaterThan(
      events.indexOf('App UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'),
    );
    expect(events.at(-1)).toBe('App UPDATE_COMPLETE');
  });

  test('an update of a resource fails with a missing attribute of another, and is rolled back', async () => {
    const { deploy, reasonOf, trail } = scriptedEngine(byName);
    const resources = (more: object = {}) => ({ One: thing({ Name: 'a' }), Two: thing({ Name: 'b', ...more }) });
    await deploy(resources());
    const stack = await deploy(resources({ Of: { 'Fn::GetAtt': ['One', 'Nmae'] } }));
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reasonOf('Two', 'UPDATE_FAILED')).toBe(
      "CustomResource attribute error: Vendor response doesn't contain Nmae key in object");
    expect(trail()).toEqual(['Create One a', 'Create Two b']);
  });

  test('the cleanup of an update has the template and outputs of the update', async () => {
    const seen: unknown[] = [];
    const { deploy, engine } = scriptedEngine((event) => {
      const { outputs, status, template } = engine.stack('App');
      seen.push([event.RequestType, status, template!.description, outputs.map(({ OutputValue }) => OutputValue)]);
      return byName(event);
    });
    const sections = (Description: string) => ({ Description, Outputs: { Out: { Value: { Ref: 'One' } } } });
    await deploy({ One: thing({ Name: 'a' }) }, { sections: sections('first') });
    await deploy({ One: thing({ Name: 'b' }) }, { sections: sections('second') });
    expect(seen).toEqual([
      ['Create', 'CREATE_IN_PROGRESS', 'first', []],
      ['Update', 'UPDATE_IN_PROGRESS', 'first', ['thing-a']],
      ['Delete', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'second', ['thing-b']],
    ]);
  });

  test('a rollback updates resources to the old properties and deletes new resources', async () => {
    const { deploy, trail, engine } = scriptedEngine(byName);
    await deploy({ Thing: thing({ Name: 'two' }) });
    const stack = await deploy({
      Thing: thing({ Name: 'four' }),
      After: thing({ Name: 'after', FailOn: 'Create' }, { DependsOn: 'Thing' }),
    });
    // the recorded requests of a rolled-back replacement
    expect(trail()).toEqual([
      'Create Thing two',
      'Update Thing thing-two four',
      'Create After after',
      'Update Thing thing-four two',
      'Delete After thing-after',
      'Delete Thing thing-four',
    ]);
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(
      [...engine.stack('App').resources.values()].map(({ logicalId, physicalId }) => [logicalId, physicalId]),
    ).toEqual([['Thing', 'thing-two']]);
  });

  test('a canceled update is rolled back immediately, while the canceled invocation can still run', async () => {
    const { deploy, engine, requests, respond, reasonOf } = scriptedEngine(({ ResourceProperties: { Name } }) =>
      Name === 'b' ? undefined : { PhysicalResourceId: 'thing' },
    );
    await deploy({ One: thing({ Name: 'a' }), Next: thing({ Name: 'a', Of: { Ref: 'One' } }) });
    const stack = engine.updateStack('App', {
      templateBody: JSON.stringify({
        Resources: { One: thing({ Name: 'b' }), Next: thing({ Name: 'c', Of: { Ref: 'One' } }) },
      }),
    });
    await new Promise((resolve) => setImmediate(resolve));
    engine.cancelUpdateStack('App');
    await stack.operation;
    respond(requests[2]!, { PhysicalResourceId: 'too-late' });
    expect(reasonOf('One', 'UPDATE_FAILED')).toBe('Resource update cancelled');
    expect(requests.slice(2)).toMatchObject([
      {
        RequestType: 'Update',
        PhysicalResourceId: 'thing',
        ResourceProperties: { Name: 'b' },
        OldResourceProperties: { Name: 'a' },
      },
      {
        RequestType: 'Update',
        PhysicalResourceId: 'thing',
        ResourceProperties: { Name: 'a' },
        OldResourceProperties: { Name: 'b' },
      },
    ]);
    expect(stack).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(stack.resources.get('One')).toMatchObject({
      status: 'UPDATE_COMPLETE',
      physicalId: 'thing',
      state: { properties: { Name: 'a' } },
    });
  });

  test('a rollback also restores the resource that failed', async () => {
    const { deploy, requests, statuses } = scriptedEngine(({ RequestType, ResourceProperties: { Fail } }) =>
      RequestType === 'Update' && Fail ? { Status: 'FAILED' } : { PhysicalResourceId: 'thing' },
    );
    await deploy({ One: thing({ Name: 'a' }) });
    const stack = await deploy({ One: thing({ Name: 'b', Fail: 'yes' }) });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(requests.slice(1)).toMatchObject([
      { RequestType: 'Update', ResourceProperties: { Name: 'b' }, OldResourceProperties: { Name: 'a' } },
      { RequestType: 'Update', ResourceProperties: { Name: 'a' }, OldResourceProperties: { Name: 'b' } },
    ]);
    expect(statuses().slice(5)).toEqual([
      'App UPDATE_IN_PROGRESS',
      'One UPDATE_IN_PROGRESS',
      'One UPDATE_FAILED',
      'App UPDATE_ROLLBACK_IN_PROGRESS',
      'One UPDATE_IN_PROGRESS',
      'One UPDATE_COMPLETE',
      'App UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'App UPDATE_ROLLBACK_COMPLETE',
    ]);
  });

  test('the rollback of a failed Update with a physical ID goes to that ID, and the cleanup deletes it', async () => {
    const { deploy, trail } = scriptedEngine(({ RequestType, ResourceProperties: { Fail } }) =>
      RequestType === 'Update' && Fail
        ? { Status: 'FAILED', PhysicalResourceId: 'log-stream' }
        : { PhysicalResourceId: 'thing' },
    );
    await deploy({ One: thing({ Name: 'a' }) });
    await deploy({ One: thing({ Name: 'b', Fail: 'yes' }) });
    expect(trail()).toEqual(['Create One a', 'Update One thing b', 'Update One log-stream a', 'Delete One log-stream']);
  });

  test('a failed rollback can be continued, and can skip the resources that fail', async () => {
    let broken = true;
    const { deploy, engine, trail } = scriptedEngine((event) =>
      event.RequestType === 'Update' && broken ? { Status: 'FAILED' } : byName(event),
    );
    await deploy({ One: thing({ Name: 'a' }) });
    const stack = await deploy({ One: thing({ Name: 'b' }) });
    expect(stack.status).toBe('UPDATE_ROLLBACK_FAILED');
    await engine.continueUpdateRollback('App', []).operation;
    expect(stack.status).toBe('UPDATE_ROLLBACK_FAILED');
    await engine.continueUpdateRollback('App', ['One']).operation;
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    broken = false;
    await deploy({ One: thing({ Name: 'c' }) });
    expect(trail().at(-1)).toBe('Delete One thing-a');
  });

  test('a rollback restores a resource only after the resources that it depends on', async () => {
    const types = {
      'Test::Slow': {
        create: () => ({ physicalId: 'slow' }),
        update: () => new Promise<void>((resolve) => setImmediate(resolve)),
      },
    };
    const { deploy, statuses } = scriptedEngine(byName, { types });
    // The dependent resource comes first in the template, so the order of the template is the wrong order.
    const resources = (size: number) => ({
      Dependent: thing({ Name: 'dependent', Size: size }, { DependsOn: 'Slow' }),
      Slow: { Type: 'Test::Slow', Properties: { Size: size } },
    });
    await deploy(resources(1));
    const bad = { Bad: thing({ Name: 'bad', FailOn: 'Create' }, { DependsOn: 'Dependent' }) };
    const stack = await deploy({ ...resources(2), ...bad });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    const rollback = statuses().slice(statuses().indexOf('App UPDATE_ROLLBACK_IN_PROGRESS'));
    expect(rollback.filter((line) => line.includes(' UPDATE_') && !line.startsWith('App '))).toEqual([
      'Slow UPDATE_IN_PROGRESS', 'Slow UPDATE_COMPLETE', 'Dependent UPDATE_IN_PROGRESS', 'Dependent UPDATE_COMPLETE',
    ]);
  });

  describe('with rollback disabled', () => {
    const failing = () => {
      const script = { broken: true };
      const engine = scriptedEngine((event) =>
        script.broken && event.ResourceProperties.Fail ? { Status: 'FAILED' } : byName(event),
      );
      return { ...engine, script };
    };
    const resources = (name: string, more: object = {}) => ({
      One: thing({ Name: name }),
      Two: thing({ Name: 'two', ...more }, { DependsOn: 'One' }),
    });

    test('a failed update is continued by the next update, which deletes all replaced resources', async () => {
      const { deploy, script, trail } = failing();
      await deploy(resources('a'));
      const stack = await deploy(resources('b', { Fail: 'x' }), { disableRollback: true });
      expect(stack.status).toBe('UPDATE_FAILED');
      expect(trail().slice(2)).toEqual(['Update One thing-a b', 'Update Two thing-two two']);
      script.broken = false;
      await deploy(resources('c', { Fail: 'x' }), { disableRollback: true });
      expect(stack.status).toBe('UPDATE_COMPLETE');
      expect(trail().slice(4)).toEqual([
        'Update One thing-b c',
        'Update Two thing-two two',
        'Delete One thing-a',
        'Delete One thing-b',
      ]);
    });

    test('a resource that the next attempt uses again is not deleted', async () => {
      const { deploy, script, trail } = failing();
      await deploy(resources('a'));
      await deploy(resources('b', { Fail: 'x' }), { disableRollback: true });
      script.broken = false;
      await deploy(resources('a', { Fail: 'x' }), { disableRollback: true });
      expect(trail().filter((line) => line.startsWith('Delete'))).toEqual(['Delete One thing-b']);
    });

    test('two failed updates can be rolled back to the last stable state', async () => {
      const { deploy, engine, trail } = failing();
      await deploy(resources('a'));
      await deploy(resources('b', { Fail: 'x' }), { disableRollback: true });
      const stack = await deploy(
        { ...resources('c', { Fail: 'y' }), Three: thing({ Name: 'three' }) },
        { disableRollback: true },
      );
      expect(stack.status).toBe('UPDATE_FAILED');
      const count = trail().length;
      await engine.rollbackStack('App').operation;
      expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(trail().slice(count, count + 2)).toEqual(['Update One thing-c a', 'Update Two thing-two two']);
      expect(
        trail()
          .slice(count + 2)
          .sort(),
      ).toEqual(['Delete One thing-b', 'Delete One thing-c', 'Delete Three thing-three']);
      await expect(deploy(resources('a'))).rejects.toThrow('No updates are to be performed.');
    });

    test('a failed create can be rolled back later', async () => {
      const { deploy, engine, script, trail } = failing();
      const stack = await deploy(resources('a', { Fail: 'x' }), { disableRollback: true });
      script.broken = false;
      await engine.rollbackStack('App').operation;
      expect(stack.status).toBe('ROLLBACK_COMPLETE');
      expect(trail().at(-1)).toBe('Delete One thing-a');
      expect(() => engine.rollbackStack('App')).toThrow(/is in ROLLBACK_COMPLETE state and can not be rolled back/);
    });
  });

  test('the cleanup deletes resources that left the template, and its failure does not fail the update', async () => {
    const { deploy, engine, trail, reasonOf } = scriptedEngine(byName);
    await deploy({ One: thing({ Name: 'a' }), Two: thing({ Name: 'b', FailOn: 'Delete' }) });
    const stack = await deploy({ One: thing({ Name: 'a' }) });
    expect(trail().at(-1)).toBe('Delete Two thing-b');
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(stack.statusReason).toBe('Update successful. One or more resources could not be deleted.');
    expect(reasonOf('Two', 'DELETE_FAILED')).toMatch('as asked');
    expect([...engine.stack('App').resources.keys()]).toEqual(['One']);
  });

  test('a changed create-only property replaces a resource, and a rollback restores the original', async () => {
    const { deploy } = scriptedEngine(byName);
    const queue = (name: string) => ({ Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } } });
    const stack = await deploy(queue('one'));
    await deploy({ ...queue('two'), Bad: thing({ Name: 'x', FailOn: 'Create' }, { DependsOn: 'Queue' }) });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.resources.get('Queue')!.physicalId).toMatch(/\/one$/);
    await deploy(queue('two'));
    expect(stack.resources.get('Queue')!.physicalId).toMatch(/\/two$/);
  });
});

describe('delete', () => {
  test('follows the dependencies of the last update, also without other changes of a resource', async () => {
    const { deploy, destroy, trail } = scriptedEngine(byName);
    const two = (more: object) => ({ One: thing({ Name: 'a' }), Two: thing({ Name: 'b' }, more) });
    await deploy(two({}));
    await deploy(two({ DependsOn: 'One', Metadata: 1 }));
    await destroy();
    expect(trail().slice(2)).toEqual(['Delete Two thing-b', 'Delete One thing-a']);
  });

  test('a failed delete keeps its dependencies, deletes the other resources, and can be repeated', async () => {
    let broken = true;
    const { deploy, destroy, trail, engine } = scriptedEngine((event) =>
      broken && event.RequestType === 'Delete' && event.LogicalResourceId === 'Two'
        ? { Status: 'FAILED', Reason: 'still in use' }
        : byName(event),
    );
    const stack = await deploy({
      One: thing({ Name: 'a' }),
      Two: thing({ Name: 'b' }, { DependsOn: 'One' }),
      Three: thing({ Name: 'c' }),
    }, { sections: { Outputs: { Out: { Value: 'x' } } } });
    await destroy();
    expect(stack).toMatchObject({
      status: 'DELETE_FAILED',
      statusReason: 'The following resource(s) failed to delete: [Two]. ',
      deletionTime: undefined,
      outputs: [{ OutputKey: 'Out' }],
    });
    expect(
      [...engine.stack('App').resources.values()].map(({ logicalId, status }) => `${logicalId} ${status}`),
    ).toEqual(['One CREATE_COMPLETE', 'Two DELETE_FAILED']);
    broken = false;
    await destroy();
    expect(stack.status).toBe('DELETE_COMPLETE');
    expect(trail().slice(3)).toEqual([
      'Delete Two thing-b',
      'Delete Three thing-c',
      'Delete Two thing-b',
      'Delete One thing-a',
    ]);
  });

  test('a delete cancels a running create, and sends Delete while Create can still run', async () => {
    const { engine, requests, respond, statuses, trail } = scriptedEngine(({ RequestType }) =>
      RequestType === 'Create' ? undefined : {},
    );
    const stack = engine.createStack('App', {
      templateBody: JSON.stringify({
        Resources: { One: thing({ Name: 'a' }), Two: thing({ Name: 'b' }, { DependsOn: 'One' }) },
      }),
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stack.resources.get('One')!.status).toBe('CREATE_IN_PROGRESS');
    const deleting = engine.deleteStack('App')!;
    await new Promise((resolve) => setImmediate(resolve));
    respond(requests[0]!, { PhysicalResourceId: 'too-late' });
    await deleting.operation;
    expect(stack.status).toBe('DELETE_COMPLETE');
    expect(trail()).toEqual(['Create One a', expect.stringMatching(/^Delete One App-One-[0-9A-F]{13}$/)]);
    expect(statuses()).toEqual([
      'App CREATE_IN_PROGRESS',
      'One CREATE_IN_PROGRESS',
      'One CREATE_FAILED',
      'App CREATE_FAILED',
      'App DELETE_IN_PROGRESS',
      'One DELETE_IN_PROGRESS',
      'One DELETE_COMPLETE',
      'App DELETE_COMPLETE',
    ]);
  });

  test('a delete is refused during an update and with termination protection', async () => {
    const { deploy, engine, respond, requests } = scriptedEngine((event) =>
      event.RequestType === 'Update' ? undefined : byName(event),
    );
    await deploy({ One: thing({ Name: 'a' }) });
    const stack = engine.updateStack('App', {
      templateBody: JSON.stringify({ Resources: { One: thing({ Name: 'b' }) } }),
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => engine.deleteStack('App')).toThrow('Stack [App] cannot be deleted while in status UPDATE_IN_PROGRESS');
    expect(() => engine.updateStack('App', { templateBody: '{}' })).toThrow(
      /is in UPDATE_IN_PROGRESS state and can not be updated/,
    );
    respond(requests.at(-1)!, { PhysicalResourceId: 'thing-a' });
    await stack.operation;
    stack.terminationProtection = true;
    for (const status of ['UPDATE_COMPLETE', 'UPDATE_FAILED', 'ROLLBACK_COMPLETE', 'UPDATE_IN_PROGRESS']) {
      stack.status = status;
      expect(() => engine.deleteStack('App')).toThrow('TerminationProtection');
    }
  });

  test.each([
    ['Retain', []],
    ['RetainExceptOnCreate', []],
    ['Delete', ['Delete One thing-a']],
  ])('a delete applies DeletionPolicy %s', async (DeletionPolicy, deletes) => {
    const { deploy, destroy, trail, statuses } = scriptedEngine(byName);
    await deploy({ One: thing({ Name: 'a' }, { DeletionPolicy }) });
    expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE', resources: new Map() });
    expect(trail().slice(1)).toEqual(deletes);
    expect(statuses().includes('One DELETE_SKIPPED')).toBe(deletes.length === 0);
  });

  test('RetainExceptOnCreate deletes the resource when its create is rolled back', async () => {
    const { deploy, trail } = scriptedEngine(byName);
    await deploy({
      One: thing({ Name: 'a' }, { DeletionPolicy: 'RetainExceptOnCreate' }),
      Two: thing({ Name: 'b', FailOn: 'Create' }, { DependsOn: 'One', DeletionPolicy: 'Retain' }),
    });
    expect(trail()).toEqual(['Create One a', 'Create Two b', 'Delete One thing-a']);
  });

  test.each(['Retain', 'RetainExceptOnCreate'])('a resource with %s is kept without its template', async (policy) => {
    let made = 0;
    const { deploy, trail, events } = scriptedEngine(({ PhysicalResourceId }) => ({
      PhysicalResourceId: PhysicalResourceId ?? `made-${++made}`,
    }));
    const kept = { One: thing({ Name: 'a' }, { DeletionPolicy: policy }) };
    const other = { Two: thing({ Name: 'b' }) };
    const stack = await deploy({ ...kept, ...other });
    await deploy(other);
    expect(events.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_SKIPPED')).toMatchObject([
      { LogicalResourceId: 'One', PhysicalResourceId: 'made-1', ResourceStatusReason: undefined },
    ]);
    expect([...stack.resources.keys()]).toEqual(['Two']);
    await deploy({ ...kept, ...other });
    expect(stack.resources.get('One')).toMatchObject({ status: 'CREATE_COMPLETE', physicalId: 'made-3' });
    expect(trail()).toEqual(['Create One a', 'Create Two b', 'Create One a']);
  });

  test('RetainExceptOnCreate deletes the resource when the update that created it is rolled back', async () => {
    const { deploy, trail } = scriptedEngine(byName);
    const two = { Two: thing({ Name: 'b' }) };
    await deploy(two);
    const stack = await deploy({
      ...two,
      One: thing({ Name: 'a' }, { DeletionPolicy: 'RetainExceptOnCreate' }),
      Kept: thing({ Name: 'kept' }, { DeletionPolicy: 'Retain' }),
      Bad: thing({ Name: 'bad', FailOn: 'Create' }, { DependsOn: ['One', 'Kept'] }),
    });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(trail().filter((line) => line.startsWith('Delete'))).toEqual(['Delete Bad thing-bad', 'Delete One thing-a']);
  });

  test('UpdateReplacePolicy Retain keeps a replaced resource', async () => {
    const { deploy, trail } = scriptedEngine(byName);
    await deploy({ One: thing({ Name: 'a' }, { UpdateReplacePolicy: 'Retain' }) });
    await deploy({ One: thing({ Name: 'b' }, { UpdateReplacePolicy: 'Retain' }) });
    expect(trail()).toEqual(['Create One a', 'Update One thing-a b']);
  });

  test('UpdateReplacePolicy Retain applies to the update that removes it', async () => {
    const { deploy, trail } = scriptedEngine(byName);
    await deploy({ One: thing({ Name: 'a' }, { UpdateReplacePolicy: 'Retain' }) });
    await deploy({ One: thing({ Name: 'b' }) });
    expect(trail()).toEqual(['Create One a', 'Update One thing-a b']);
    await deploy({ One: thing({ Name: 'c' }) });
    expect(trail().slice(2)).toEqual(['Update One thing-b c', 'Delete One thing-b']);
  });
});

describe('exports', () => {
  const exporting = (value: string) => ({
    sections: { Outputs: { Plain: { Value: 'x' }, Out: { Value: { Ref: 'One' }, Export: { Name: 'shared' } } } },
    name: value,
  });

  test('an imported export cannot be changed or deleted', async () => {
    const { deploy, destroy, engine, statuses } = scriptedEngine(byName);
    const { sections } = exporting('a');
    const producer = await deploy({ One: thing({ Name: 'a' }) }, { sections }, 'Producer');
    const consumer = await deploy({ Two: thing({ Name: { 'Fn::ImportValue': 'shared' } }) }, {}, 'Consumer');
    expect(consumer.resources.get('Two')!.physicalId).toBe('thing-thing-a');
    await deploy({ One: thing({ Name: 'b' }) }, { sections }, 'Producer');
    expect(producer.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(producer.outputs[1]!.OutputValue).toBe('thing-a');
    await destroy('Producer');
    expect(producer).toMatchObject({
      status: 'DELETE_FAILED',
      statusReason: 'Export shared cannot be deleted as it is in use by Consumer',
    });
    expect(statuses().slice(-2)).toEqual(['Producer DELETE_IN_PROGRESS', 'Producer DELETE_FAILED']);
    await destroy('Consumer');
    await destroy('Producer');
    expect(producer.status).toBe('DELETE_COMPLETE');
    expect(engine.exports()).toEqual([]);
  });

  test('the case of the name of an export matters', async () => {
    const { deploy } = scriptedEngine(byName);
    for (const Name of ['shared', 'Shared']) {
      const sections = { Outputs: { Out: { Value: Name, Export: { Name } } } };
      expect((await deploy({ One: thing() }, { sections }, Name)).status).toBe('CREATE_COMPLETE');
    }
    const user = await deploy({ Two: thing({ Name: { 'Fn::ImportValue': 'Shared' } }) });
    expect(user.resources.get('Two')!.physicalId).toBe('thing-Shared');
  });

  test('two stacks cannot have the same export', async () => {
    const { deploy } = scriptedEngine(byName);
    await deploy({ One: thing({ Name: 'a' }) }, { sections: exporting('a').sections }, 'Producer');
    const other = await deploy({ One: thing({ Name: 'b' }) }, { sections: exporting('b').sections }, 'Other');
    expect(other.status).toBe('ROLLBACK_COMPLETE');
  });

  test('an import of a missing export fails the importing resource', async () => {
    const { deploy, reasonOf } = scriptedEngine(byName);
    await deploy({ One: thing({ Name: 'a' }) }, { sections: exporting('a').sections }, 'Producer');
    await deploy({ Two: thing({ Name: { 'Fn::ImportValue': 'share' } }) });
    expect(reasonOf('Two', 'CREATE_FAILED')).toBe('No export named share found.');
  });
});
