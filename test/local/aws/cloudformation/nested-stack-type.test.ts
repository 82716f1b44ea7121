import { getEventListeners } from 'node:events';
import { nestedStackType } from '../../../../local/aws/cloudformation/nested-stack-type';
import { byName, scriptedEngine, thing, type Answer } from './scripted-engine';
import type { CustomResourceEvent } from '../../../../local/aws/cloudformation/custom-resources';

/** The type is given to the engine that it needs. */
function nestingEngine(answer: (event: CustomResourceEvent) => Answer = byName) {
  const templates = new Map<string, object>();
  const scripted: ReturnType<typeof scriptedEngine> = scriptedEngine(answer, {
    types: {
      'AWS::CloudFormation::Stack': nestedStackType(() => scripted.engine, (bucket, key) => {
        const template = templates.get(`${bucket}/${key}`);
        return template && Buffer.from(JSON.stringify(template));
      }),
    },
  });
  const stacks = () => scripted.engine.list().map(({ name, status }) => `${name.split('-')[1] ?? name} ${status}`);
  return { ...scripted, templates, stacks };
}

const nested = (name: string, properties: object = {}, more: object = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: `https://s3.us-east-1.amazonaws.com/bucket/${name}`, ...properties },
  ...more,
});
const inner = (properties: object = { Name: { Ref: 'Name' } }) => ({
  Parameters: {
    Name: { Type: 'String', Default: 'inner' },
    List: { Type: 'CommaDelimitedList', Default: '' },
    Count: { Type: 'Number', Default: 0 },
  },
  Resources: { Thing: thing(properties) },
  Outputs: {
    Id: { Value: { Ref: 'Thing' } },
    List: { Value: { 'Fn::Join': ['+', { Ref: 'List' }] } },
    Empty: { Value: '' },
    OtherId: { Value: 'other' },
  },
});

test('a nested stack has its parameters, the options of its parent, and its own tags', async () => {
  const { deploy, engine, templates, trail } = nestingEngine();
  templates.set('bucket/outer', { Resources: { Inner: nested('inner') } });
  templates.set('bucket/inner', inner());
  const options = {
    capabilities: ['CAPABILITY_IAM'],
    roleArn: 'arn:aws:iam::123456789012:role/deploy',
    deploymentConfig: { mode: 'EXPRESS', disableRollback: true },
    clientRequestToken: 'token',
  } as const;
  const get = (attribute: string) => ({ Value: { 'Fn::GetAtt': ['Direct', attribute] } });
  const root = await deploy({
    Direct: nested('inner', {
      Parameters: { Name: 'direct', List: ['a', 'b'], Count: 5 },
      Tags: [{ Key: 'team', Value: 'own' }, { Key: 'Stage', Value: '' }],
    }),
    Outer: nested('outer', {}, { DependsOn: 'Direct' }),
  }, {
    ...options,
    notificationArns: ['arn:topic'],
    tags: [{ Key: 'team', Value: 'chat' }, { Key: 'stage', Value: 'test' }],
    sections: {
      Outputs: {
        Id: get('Outputs.Id'),
        List: get('Outputs.List'),
        Ref: { Value: { Ref: 'Direct' } },
        Empty: get('Outputs.Empty'),
        OtherId: get('Outputs.OtherId'),
      },
    },
  });
  expect(root.status).toBe('CREATE_COMPLETE');
  const [, direct, outer, innermost] = engine.list();
  expect(direct!.name).toMatch(/^App-Direct-[A-Z0-9]{12}$/);
  expect(root.outputs.map(({ OutputValue }) => OutputValue)).toEqual(['thing-direct', 'a+b', direct!.id, '', 'other']);
  expect(trail()).toEqual(['Create Thing direct', 'Create Thing inner']);
  expect(direct).toMatchObject({
    ...options,
    parentId: root.id,
    rootId: root.id,
    disableRollback: true,
    notificationArns: [],
    tags: [{ Key: 'stage', Value: 'test' }, { Key: 'team', Value: 'own' }, { Key: 'Stage', Value: '' }],
  });
  expect([...direct!.template!.parameters].map(([name, { given }]) => [name, given])).toEqual([
    ['Name', 'direct'], ['List', 'a,b'], ['Count', '5'],
  ]);
  expect(outer).toMatchObject({ parentId: root.id, rootId: root.id, tags: root.tags });
  expect(innermost).toMatchObject({ ...options, parentId: outer!.id, rootId: root.id, tags: root.tags });
  expect([root.parentId, root.rootId]).toEqual([undefined, undefined]);
});

test('a nested stack has a name of at most 128 characters', async () => {
  const { deploy, engine, templates } = nestingEngine();
  templates.set('bucket/inner', inner());
  await deploy({ ['L'.repeat(100)]: nested('inner') }, {}, 'S'.repeat(100));
  expect(engine.list()[1]!.name).toMatch(/^S{57}-L{57}-[A-Z0-9]{12}$/);
});

test('a nested stack is updated only if something changes, and is deleted with its parent', async () => {
  const { deploy, destroy, engine, statuses, stacks, templates, trail } = nestingEngine();
  templates.set('bucket/inner', inner());
  const parent = (name: string, own: string) => ({
    Nested: nested('inner', { Parameters: { Name: name } }), Own: thing({ Name: own }),
  });
  const listening = jest.spyOn(EventTarget.prototype, 'addEventListener');
  const stack = await deploy(parent('a', 'x'));
  const targets = listening.mock.contexts;
  listening.mockRestore();
  expect(targets.length).toBeGreaterThan(0);
  expect(targets.flatMap((target) => getEventListeners(target, 'abort'))).toEqual([]);
  const [, child] = engine.list();
  const ofChild = () => statuses().filter((status) => status.startsWith(child!.name));
  const created = ofChild().length;
  await deploy({ ...parent('a', 'y'), Nested: nested('inner', { Parameters: { Name: 'a' }, NotificationARNs: [] }) });
  expect(ofChild()).toHaveLength(created);
  await deploy(parent('b', 'y'));
  expect(ofChild().slice(created)).toEqual([
    `${child!.name} UPDATE_IN_PROGRESS`,
    `${child!.name} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`,
    `${child!.name} UPDATE_COMPLETE`,
  ]);
  expect(stack.resources.get('Nested')!.physicalId).toBe(child!.id);
  expect(trail()).toContain('Update Thing thing-a b');
  const Tags = [{ Key: 'team', Value: 'chat' }];
  await deploy({ ...parent('b', 'y'), Nested: nested('inner', { Parameters: { Name: 'b' }, Tags }) });
  expect(child!.tags).toEqual(Tags);
  await destroy();
  expect(stacks()).toEqual(['App DELETE_COMPLETE', 'Nested DELETE_COMPLETE']);
  expect(trail()).toContain('Delete Thing thing-b');
});

test('the failure of a nested stack has the reason of its first failed resource', async () => {
  const { deploy, engine, reasonOf, stacks, templates } = nestingEngine();
  templates.set('bucket/inner', inner({ Name: 'a', FailOn: 'Create' }));
  await deploy({ Nested: nested('inner') });
  expect(stacks()).toEqual(['App ROLLBACK_COMPLETE', 'Nested DELETE_COMPLETE']);
  const [, child] = engine.list();
  expect(reasonOf('Nested', 'CREATE_FAILED')).toMatch(
    `Embedded stack ${child!.id} was not successfully created. Currently in ROLLBACK_COMPLETE with reason: Received `
    + 'response status [FAILED] from custom resource. Message returned: as asked (RequestId: ');
});

test('a failed update of a nested stack rolls its parent back, with the reason of this update', async () => {
  const { deploy, engine, events, reasonOf, stacks, templates } = nestingEngine((event) =>
    event.RequestType === 'Update' && String(event.ResourceProperties.Name).startsWith('bad')
      ? { Status: 'FAILED', Reason: String(event.ResourceProperties.Name) } : byName(event));
  templates.set('bucket/inner', inner());
  const parent = (Name: string) => ({ Nested: nested('inner', { Parameters: { Name } }) });
  await deploy(parent('a'));
  const [, child] = engine.list();
  for (const name of ['bad-1', 'bad-2']) {
    events.length = 0;
    await deploy(parent(name));
    expect(stacks()).toEqual(['App UPDATE_ROLLBACK_COMPLETE', 'Nested UPDATE_ROLLBACK_COMPLETE']);
    expect(reasonOf('Nested', 'UPDATE_FAILED')).toMatch(
      `Embedded stack ${child!.id} was not successfully updated. Currently in UPDATE_ROLLBACK_COMPLETE with reason: `
      + `Received response status [FAILED] from custom resource. Message returned: ${name} (`);
    expect(child!.resources.get('Thing')!.physicalId).toBe('thing-a');
  }
});

test('a nested stack returns to its template with its parent, after a failed update without a rollback', async () => {
  const { deploy, engine, stacks, templates, trail } = nestingEngine((event) =>
    event.ResourceProperties.Name === 'bad' && event.RequestType === 'Update' ? { Status: 'FAILED' } : byName(event));
  templates.set('bucket/inner', inner());
  const parent = (Name: string) => ({ Nested: nested('inner', { Parameters: { Name } }) });
  await deploy(parent('a'));
  await deploy(parent('bad'), { disableRollback: true });
  expect(stacks()).toEqual(['App UPDATE_FAILED', 'Nested UPDATE_FAILED']);
  await deploy(parent('a'), { disableRollback: true });
  expect(stacks()).toEqual(['App UPDATE_COMPLETE', 'Nested UPDATE_COMPLETE']);
  expect(engine.list()[1]!.template!.parameters.get('Name')!.value).toBe('a');
  expect(trail()).toEqual(['Create Thing a', 'Update Thing thing-a bad', 'Update Thing thing-a a']);
});

test('a failed nested stack is not rolled back while rollback is disabled for its parent', async () => {
  const { deploy, stacks, templates } = nestingEngine();
  templates.set('bucket/inner', inner({ Name: 'a', FailOn: 'Create' }));
  await deploy({ Nested: nested('inner') }, { disableRollback: true });
  expect(stacks()).toEqual(['App CREATE_FAILED', 'Nested CREATE_FAILED']);
});

test('the failure of an output of a nested stack has its reason', async () => {
  const { deploy, reasonOf, templates } = nestingEngine();
  templates.set('bucket/inner', { Resources: { Thing: thing() }, Outputs: { Bad: { Value: ['a'] } } });
  await deploy({ Nested: nested('inner') });
  expect(reasonOf('Nested', 'CREATE_FAILED')).toContain(
    'Currently in ROLLBACK_COMPLETE with reason: Template format error: Output Bad is malformed.');
});

test('a nested stack that cannot be deleted fails the delete of its parent', async () => {
  const { deploy, destroy, reasonOf, stacks, templates } = nestingEngine();
  templates.set('bucket/inner', inner({ Name: 'a', FailOn: 'Delete' }));
  await deploy({ Nested: nested('inner') });
  // The failure of an earlier update is not the reason.
  templates.set('bucket/other', inner({ Name: 'a', ServiceToken: 'arn:other' }));
  await deploy({ Nested: nested('other') });
  expect(stacks()).toEqual(['App UPDATE_ROLLBACK_COMPLETE', 'Nested UPDATE_ROLLBACK_COMPLETE']);
  await destroy();
  expect(stacks()).toEqual(['App DELETE_FAILED', 'Nested DELETE_FAILED']);
  expect(reasonOf('Nested', 'DELETE_FAILED')).toMatch(
    /was not successfully deleted\. Currently in DELETE_FAILED with reason: Received response .*: as asked \(/);
});

test('the failure of another resource cancels a nested stack', async () => {
  const { deploy, engine, reasonOf, stacks, templates, trail } = nestingEngine((event) =>
    event.RequestType === 'Create' && event.ResourceProperties.Name === 'slow' ? undefined : byName(event));
  templates.set('bucket/inner', inner({ Name: 'slow' }));
  await deploy({ Nested: nested('inner'), Bad: thing({ Name: 'bad', FailOn: 'Create' }) });
  expect(stacks()).toEqual(['App ROLLBACK_COMPLETE', 'Nested DELETE_COMPLETE']);
  expect(reasonOf('Nested', 'CREATE_FAILED')).toBe('Resource creation cancelled');
  expect(reasonOf('Thing', 'CREATE_FAILED')).toBe('Resource creation cancelled');
  expect(trail().filter((line) => line.startsWith('Delete'))).toHaveLength(2);
  expect(engine.list()[1]!.resources.size).toBe(0);
});

test('the failure of another resource cancels the update of a nested stack', async () => {
  const { deploy, reasonOf, stacks, templates } = nestingEngine((event) =>
    event.RequestType === 'Update' && event.ResourceProperties.Name === 'slow' ? undefined : byName(event));
  templates.set('bucket/inner', inner());
  const parent = (Name: string) => ({ Nested: nested('inner', { Parameters: { Name } }) });
  await deploy(parent('a'));
  await deploy({ ...parent('slow'), Bad: thing({ Name: 'bad', FailOn: 'Create' }) });
  expect(stacks()).toEqual(['App UPDATE_ROLLBACK_COMPLETE', 'Nested UPDATE_ROLLBACK_COMPLETE']);
  expect(reasonOf('Nested', 'UPDATE_FAILED')).toBe('Resource update cancelled');
});

test.each<[object, string]>([
  [{ TemplateURL: undefined }, '#: required key [TemplateURL] not found'],
  [{ TemplateURL: 'carrot' }, 'TemplateURL must be a supported URL, got carrot'],
  [
    { TemplateURL: 'https://bucket.s3.us-east-1.amazonaws.com/a/missing' },
    'S3 error: The specified key does not exist. (s3://bucket/a/missing)',
  ],
  [{ Parameters: { Carrot: '1' } }, 'Parameters: [Carrot] do not exist in the template'],
])('a nested stack with %j fails, and leaves no stack', async (properties, reason) => {
  const { deploy, engine, reasonOf, templates } = nestingEngine();
  templates.set('bucket/inner', inner());
  expect((await deploy({ Nested: nested('inner', properties) })).status).toBe('ROLLBACK_COMPLETE');
  expect(reasonOf('Nested', 'CREATE_FAILED')).toContain(reason);
  expect(engine.list()).toHaveLength(1);
});

test.each([
  'Outputs.Carrot', 'Outputs', 'Id', 'outputs.Id', 'Other.Id', 'Outputs.Id.Id',
])('the attribute %s, which is no output of a nested stack, fails the resource that uses it', async (attribute) => {
  const { deploy, reasonOf, templates } = nestingEngine();
  templates.set('bucket/inner', inner());
  await deploy({ Nested: nested('inner'), One: thing({ Name: { 'Fn::GetAtt': ['Nested', attribute] } }) });
  expect(reasonOf('One', 'CREATE_FAILED')).toBe(
    'Template error: resource Nested of type AWS::CloudFormation::Stack does not support attribute type '
    + `${attribute} in Fn::GetAtt`);
});
