import { byName, scriptedEngine, thing, type Answer } from '../scripted-engine';
import type { RetryStatus } from '../../../../../local/aws/cloudformation/engine/deployment';
import type { TemplateInput } from '../../../../../local/aws/cloudformation/engine/engine';

/** Returns a stack after the create of its resource One has failed. */
async function afterFailedCreate(
  retryStatus?: RetryStatus, input: TemplateInput = { disableRollback: true }, more: object = {},
) {
  const script = { answer: { Status: 'FAILED', PhysicalResourceId: 'pending/1' } as Answer };
  const scripted = scriptedEngine((event) => (event.RequestType === 'Create' ? script.answer : byName(event)), {
    retryStatus,
  });
  const stack = await scripted.deploy({ One: thing({ Name: 'a' }, more) }, input);
  return { ...scripted, script, stack, seen: scripted.events.length };
}

describe.each([['CREATE_IN_PROGRESS', undefined], ['UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS']] as const)(
  'a create that is repeated as %s',
  (status, retryStatus) => {
    const verb = status.split('_')[0];

    test('sends Create, and the cleanup deletes the failed ID with the properties of the failed attempt', async () => {
      const { clock, deploy, events, requests, script, stack, seen } = await afterFailedCreate(retryStatus);
      expect(stack).toMatchObject({ status: 'CREATE_FAILED', lastUpdatedTime: undefined });
      clock.advance(1000);
      expect(stack.resources.get('One')).toMatchObject({ status: 'CREATE_FAILED', physicalId: 'pending/1' });
      script.answer = { PhysicalResourceId: 'made' };
      await deploy({ One: thing({ Name: 'b' }) }, { disableRollback: true });
      expect(stack).toMatchObject({ status: 'UPDATE_COMPLETE', lastUpdatedTime: new Date(clock.now()) });
      expect(requests.slice(1)).toMatchObject([
        { RequestType: 'Create', ResourceProperties: { Name: 'b' } },
        { RequestType: 'Delete', PhysicalResourceId: 'pending/1', ResourceProperties: { Name: 'a' } },
      ]);
      expect(requests[1]).not.toHaveProperty('PhysicalResourceId');
      expect(
        events
          .slice(seen)
          .map((event) => [
            event.LogicalResourceId,
            event.ResourceStatus,
            event.LogicalResourceId === 'One' ? event.PhysicalResourceId : '',
          ]),
      ).toEqual([
        ['App', 'UPDATE_IN_PROGRESS', ''],
        ['One', status, verb === 'UPDATE' ? 'pending/1' : ''],
        ['One', status, 'made'],
        ['One', `${verb}_COMPLETE`, 'made'],
        ['App', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', ''],
        ['One', 'DELETE_IN_PROGRESS', 'pending/1'],
        ['One', 'DELETE_COMPLETE', 'pending/1'],
        ['App', 'UPDATE_COMPLETE', ''],
      ]);
      expect(stack.resources.get('One')).toMatchObject({ status: `${verb}_COMPLETE`, physicalId: 'made' });
    });

    test('can fail several times, and the cleanup after the success deletes every failed ID', async () => {
      const { deploy, trail, script, stack } = await afterFailedCreate(retryStatus);
      script.answer = { Status: 'FAILED', PhysicalResourceId: 'pending/2' };
      await deploy({ One: thing({ Name: 'b' }) }, { disableRollback: true });
      expect(stack).toMatchObject({
        status: 'UPDATE_FAILED', statusReason: 'The following resource(s) failed to create: [One]. ',
      });
      expect(stack.resources.get('One')).toMatchObject({ status: `${verb}_FAILED`, physicalId: 'pending/2' });
      script.answer = { PhysicalResourceId: 'made' };
      await deploy({ One: thing({ Name: 'b' }) }, { disableRollback: true });
      expect(stack.status).toBe('UPDATE_COMPLETE');
      expect(trail()).toEqual([
        'Create One a',
        'Create One b',
        'Create One b',
        'Delete One pending/1',
        'Delete One pending/2',
      ]);
      await deploy({ One: thing({ Name: 'c' }) }, { disableRollback: false });
      expect(trail()[5]).toBe('Update One made c');
    });

    test('can fail without an ID, and its rollback or delete deletes the ID of the first failure', async () => {
      for (const end of ['rollBack', 'destroy'] as const) {
        const { destroy, engine, trail, stack } = await afterFailedCreate(retryStatus);
        const One = thing({ Name: 'b', ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:missing' });
        const templateBody = JSON.stringify({ Resources: { One } });
        await engine.updateStack('App', { templateBody, disableRollback: true }).operation;
        expect(stack.resources.get('One')!.status).toBe(`${verb}_FAILED`);
        if (end === 'destroy') await destroy();
        else await engine.rollbackStack('App').operation;
        expect([stack.status, trail()]).toEqual([
          end === 'destroy' ? 'DELETE_COMPLETE' : 'ROLLBACK_COMPLETE', ['Create One a', 'Delete One pending/1'],
        ]);
      }
    });

    test('can be rolled back, which deletes every resource because no operation has succeeded', async () => {
      const { deploy, destroy, engine, trail, script, stack } = await afterFailedCreate(retryStatus);
      script.answer = { Status: 'FAILED', PhysicalResourceId: 'pending/2' };
      await deploy({ One: thing({ Name: 'b' }) }, { disableRollback: true });
      await engine.rollbackStack('App').operation;
      expect(stack.status).toBe('ROLLBACK_COMPLETE');
      expect(trail().slice(2)).toEqual(['Delete One pending/1', 'Delete One pending/2']);
      expect(stack.resources.size).toBe(0);
      // A delete finds nothing that the rollback has deleted.
      await destroy();
      expect([stack.status, trail().length]).toEqual(['DELETE_COMPLETE', 4]);
    });
  },
);

test('an unchanged template can be deployed again after a failure, also with a change set', async () => {
  const { engine, script, stack } = await afterFailedCreate();
  script.answer = { PhysicalResourceId: 'made' };
  const templateBody = JSON.stringify({ Resources: { One: thing({ Name: 'a' }) } });
  const { changeSet } = engine.createChangeSet('App', { changeSetName: 'again', templateBody });
  expect(changeSet).toMatchObject({
    empty: false,
    changes: [{ Action: 'Add', LogicalResourceId: 'One', PhysicalResourceId: 'pending/1' }],
  });
  await engine.executeChangeSet('again', 'App', { disableRollback: true }).operation;
  expect(stack.status).toBe('UPDATE_COMPLETE');
});

test('a failed update is repeated with an unchanged template', async () => {
  let broken = true;
  const { deploy, trail } = scriptedEngine((event) =>
    event.RequestType === 'Update' && broken ? { Status: 'FAILED' } : { PhysicalResourceId: 'thing' },
  );
  await deploy({ One: thing({ Name: 'a' }) });
  const stack = await deploy({ One: thing({ Name: 'b' }) }, { disableRollback: true });
  expect(stack.status).toBe('UPDATE_FAILED');
  broken = false;
  await deploy({ One: thing({ Name: 'b' }) }, { disableRollback: true });
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(trail()).toEqual(['Create One a', 'Update One thing b', 'Update One thing b']);
});

test('DeletionPolicy Retain does not keep a failed ID after the create has succeeded', async () => {
  const policy = { DeletionPolicy: 'Retain' };
  const { deploy, trail, script } = await afterFailedCreate(undefined, undefined, policy);
  script.answer = { PhysicalResourceId: 'made' };
  await deploy({ One: thing({ Name: 'a' }, policy) }, { disableRollback: true });
  expect(trail().slice(1)).toEqual(['Create One a', 'Delete One pending/1']);
});

test('every failed ID is deleted before the resources that it depends on', async () => {
  const { deploy, engine, trail } = scriptedEngine((event) =>
    event.RequestType === 'Create' && event.LogicalResourceId === 'One'
      ? { Status: 'FAILED', PhysicalResourceId: String(event.ResourceProperties.Name) } : byName(event));
  const resources = (name: string, DependsOn: string) => ({
    A: thing({ Name: 'a' }), B: thing({ Name: 'b' }), One: thing({ Name: name }, { DependsOn }),
  });
  await deploy(resources('first', 'A'), { disableRollback: true });
  await deploy(resources('second', 'B'), { disableRollback: true });
  const count = trail().length;
  await engine.rollbackStack('App').operation;
  expect(trail().slice(count)).toEqual([
    'Delete One first', 'Delete One second', 'Delete A thing-a', 'Delete B thing-b',
  ]);
});

test('the cleanup deletes a failed create that is removed from the template', async () => {
  const { deploy, trail, script, stack } = await afterFailedCreate();
  script.answer = { PhysicalResourceId: 'made' };
  await deploy({ Two: thing({ Name: 'b' }) }, { disableRollback: true });
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(trail()).toEqual(['Create One a', 'Create Two b', 'Delete One pending/1']);
});

test('a failed stack cannot be updated with rollback enabled, directly or with a change set', async () => {
  const { deploy, engine, stack } = await afterFailedCreate();
  const refusal =
    'This stack is currently in a non-terminal [CREATE_FAILED] state. To update the stack from this state, please '
    + 'use the disable-rollback parameter';
  await expect(deploy({ One: thing({ Name: 'b' }) }, { disableRollback: false })).rejects.toThrow(refusal);
  engine.createChangeSet('App', {
    changeSetName: 'next',
    templateBody: JSON.stringify({ Resources: { One: thing({ Name: 'b' }) } }),
  });
  expect(() => engine.executeChangeSet('next', 'App', { disableRollback: false })).toThrow(refusal);
  expect(stack.status).toBe('CREATE_FAILED');
});

test('an update that replaces a resource is refused while rollback is disabled', async () => {
  const { deploy, reasonOf } = scriptedEngine(byName);
  const queue = (name: string) => ({ Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } } });
  const stack = await deploy(queue('one'));
  await deploy(queue('two'), { disableRollback: true });
  expect(stack.status).toBe('UPDATE_FAILED');
  expect(reasonOf('Queue', 'UPDATE_FAILED')).toBe(
    'Replacement type updates not supported on stack with disable-rollback.',
  );
  expect(stack.resources.get('Queue')!.physicalId).toMatch(/\/one$/);
});

describe('express mode', () => {
  const express = { deploymentConfig: { mode: 'EXPRESS' } } as const;

  test('disables rollback, waits for custom resources, and continues after a failure', async () => {
    const { deploy, trail, script, stack } = await afterFailedCreate(undefined, { ...express, disableRollback: false });
    expect(stack).toMatchObject({
      status: 'CREATE_FAILED',
      disableRollback: true,
      deploymentConfig: { mode: 'EXPRESS' },
    });
    script.answer = { PhysicalResourceId: 'made' };
    await deploy({ One: thing({ Name: 'a' }) }, express);
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(trail()).toEqual(['Create One a', 'Create One a', 'Delete One pending/1']);
  });

  test('rolls back if rollback is enabled explicitly', async () => {
    const { stack } = await afterFailedCreate(undefined, {
      deploymentConfig: { mode: 'EXPRESS', disableRollback: false },
    });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
  });

  test('is required after a failure, and the stack cannot be rolled back', async () => {
    const { deploy, engine } = await afterFailedCreate(undefined, express);
    const standard = { deploymentConfig: { mode: 'STANDARD' }, disableRollback: true } as const;
    await expect(deploy({ One: thing({ Name: 'b' }) }, standard)).rejects.toThrow(
      'Follow-up operations must use the same DeploymentConfig (mode=EXPRESS)',
    );
    expect(() =>
      engine.createChangeSet('App', {
        changeSetName: 'standard',
        templateBody: JSON.stringify({ Resources: { One: thing() } }),
        ...standard,
      }),
    ).toThrow('Follow-up operations must use the same DeploymentConfig (mode=EXPRESS)');
    engine.createChangeSet('App', {
      changeSetName: 'express', templateBody: JSON.stringify({ Resources: { One: thing() } }), ...express,
    });
    expect(() => engine.rollbackStack('App')).toThrow(
      'RollbackStack is not supported for stacks that were last updated using EXPRESS deployment mode',
    );
    // The mode of the change set applies, so the refusal of a rollback in the request does not matter.
    await engine.executeChangeSet('express', 'App', { disableRollback: false }).operation;
    expect(engine.stack('App')).toMatchObject({ status: 'UPDATE_FAILED', disableRollback: true });
  });

  test('of a change set applies to its execution', async () => {
    const { engine } = scriptedEngine(() => ({ Status: 'FAILED', PhysicalResourceId: 'pending/1' }));
    engine.createChangeSet('App', {
      changeSetName: 'first',
      changeSetType: 'CREATE',
      templateBody: JSON.stringify({ Resources: { One: thing() } }),
      ...express,
    });
    const stack = engine.executeChangeSet('first', 'App', { disableRollback: false });
    await stack.operation;
    expect(stack.status).toBe('CREATE_FAILED');
  });
});
