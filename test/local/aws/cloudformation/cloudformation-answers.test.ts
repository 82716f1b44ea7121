/** The whole answers of CloudFormation, without a server and with a clock that stands still. */
import { cloudFormationService } from '../../../../local/aws/cloudformation/cloudformation-service';
import { Identities, type Identity } from '../../../../local/aws/http/identities';
import { byName, scriptedEngine, thing, type Answer } from './scripted-engine';
import type { CustomResourceEvent } from '../../../../local/aws/cloudformation/custom-resources';
import type { ResourceTypes } from '../../../../local/aws/cloudformation/resource-type';

const { administrator } = new Identities();
const ACCOUNT = 'arn:aws:cloudformation:us-east-1:123456789012';
const TOKEN = 'arn:aws:lambda:us-east-1:123456789012:function:things';
/** The time of the clock, and of an event that is the given number of events after it. */
const at = (milliseconds = 0) => new Date(Date.parse('2026-11-22T10:00:00Z') + milliseconds).toISOString();

/** Parses the result of an answer. Lists have `member` elements, and scalars are text. */
function resultOf(xml: string): unknown {
  const stack: { name: string; text: string; children: [string, unknown][] }[] = [{ name: '', text: '', children: [] }];
  for (const [, slash, name, text] of xml.matchAll(/<(\/?)(\w+)[^>]*>|([^<]+)/g)) {
    if (text !== undefined) {
      stack.at(-1)!.text += text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
    } else if (slash) {
      const { name: closed, text: content, children } = stack.pop()!;
      const isList = children[0]?.[0] === 'member';
      const value = isList ? children.map(([, child]) => child) : Object.fromEntries(children);
      stack.at(-1)!.children.push([closed, children.length ? value : content]);
    } else {
      stack.push({ name: name!, text: '', children: [] });
    }
  }
  const [[, answer]] = stack[0]!.children as [[string, object]];
  return Object.values(answer)[0];
}

type Parameters = { readonly [name: string]: string };

function scriptedService(
  answer: (event: CustomResourceEvent) => Answer = byName,
  options: { types?: ResourceTypes; objects?: Parameters; region?: string } = {},
) {
  const { region = 'us-east-1' } = options;
  const scripted = scriptedEngine(answer, options);
  const service = cloudFormationService({
    engine: scripted.engine,
    clock: scripted.clock,
    region,
    accountId: '123456789012',
    getObject: (bucket, key) => {
      const object = options.objects?.[`${bucket}|${key}`];
      return object === undefined ? undefined : Buffer.from(object);
    },
  });
  const send = (body: string, query = '', identity: Identity = administrator) => service.handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(query),
    headers: {},
    body: Buffer.from(body),
    identity,
    requestId: 'request-1',
  });
  const call = async (Action: string, parameters: Parameters = {}, identity?: Identity) => {
    const { body } = await send(new URLSearchParams({ Action, ...parameters }).toString(), '', identity);
    return resultOf(String(body)) as any;
  };
  return { ...scripted, call, send };
}

const body = (Resources: object, sections: object = {}) => JSON.stringify({ ...sections, Resources });

test('DescribeStacks returns every member of a stack', async () => {
  const { call, engine } = scriptedService();
  const TemplateBody = body({ One: thing({ Name: 'a' }) }, {
    Description: 'Things & more',
    Parameters: {
      Blank: { Type: 'String', Default: '' },
      Plain: { Type: 'String' },
      Secret: { Type: 'String', NoEcho: 'true' },
      Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/plain' },
      StoredList: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/list' },
      List: { Type: 'CommaDelimitedList', Default: 'a, b' },
      Hidden: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/plain', NoEcho: true },
    },
    Outputs: { Id: { Value: { Ref: 'One' }, Description: 'The ID', Export: { Name: 'shared' } }, Bare: { Value: '' } },
  });
  const options = {
    'StackName': 'App',
    TemplateBody,
    'Parameters.member.1.ParameterKey': 'Plain',
    'Parameters.member.1.ParameterValue': 'p',
    'Parameters.member.2.ParameterKey': 'Secret',
    'Parameters.member.2.ParameterValue': 's',
    'Tags.member.1.Key': 'team',
    'Tags.member.1.Value': 'chat',
    'Tags.member.2.Key': 'stage',
    'Tags.member.2.Value': '',
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    'Capabilities.member.2': 'CAPABILITY_AUTO_EXPAND',
    'Capabilities.member.3': 'CAPABILITY_IAM',
    'RoleARN': 'arn:aws:iam::123456789012:role/deploy',
    'NotificationARNs.member.1': 'arn:aws:sns:us-east-1:123456789012:topic',
    'NotificationARNs.member.2': 'arn:aws:sns:us-east-1:123456789012:another',
    'DeploymentConfig.Mode': 'EXPRESS',
    'DeploymentConfig.DisableRollback': 'true',
    'DisableRollback': 'true',
    'EnableTerminationProtection': 'true',
  };
  const StackId = engine.stack((await call('CreateStack', options)).StackId).id;
  expect(StackId).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/App\/[0-9a-f-]{36}$/);
  const described = {
    StackId,
    StackName: 'App',
    Description: 'Things & more',
    Parameters: [
      { ParameterKey: 'Blank', ParameterValue: '' },
      { ParameterKey: 'Plain', ParameterValue: 'p' },
      { ParameterKey: 'Secret', ParameterValue: '****' },
      { ParameterKey: 'Stored', ParameterValue: '/plain', ResolvedValue: 'from ssm' },
      { ParameterKey: 'StoredList', ParameterValue: '/list', ResolvedValue: 'a,b' },
      { ParameterKey: 'List', ParameterValue: 'a, b' },
      { ParameterKey: 'Hidden', ParameterValue: '****' },
    ],
    CreationTime: at(),
    RollbackConfiguration: '',
    StackStatus: 'CREATE_COMPLETE',
    DisableRollback: 'true',
    DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: 'true' },
    NotificationARNs: ['arn:aws:sns:us-east-1:123456789012:topic', 'arn:aws:sns:us-east-1:123456789012:another'],
    Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND', 'CAPABILITY_IAM'],
    Outputs: [
      { OutputKey: 'Id', OutputValue: 'thing-a', Description: 'The ID', ExportName: 'shared' },
      { OutputKey: 'Bare', OutputValue: '' },
    ],
    RoleARN: 'arn:aws:iam::123456789012:role/deploy',
    Tags: [{ Key: 'team', Value: 'chat' }, { Key: 'stage', Value: '' }],
    EnableTerminationProtection: 'true',
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
  expect(await call('DescribeStacks', { StackName: 'App' })).toEqual({ Stacks: [described] });
  expect(await call('DescribeStacks')).toEqual({ Stacks: [described] });

  const child = engine.createStack('Child', { templateBody: body({ One: thing() }) }, StackId);
  const grandchild = engine.createStack('Grandchild', { templateBody: body({ One: thing() }) }, child.id);
  await grandchild.operation;
  expect(await call('DescribeStacks')).toMatchObject({
    Stacks: [{}, { ParentId: StackId, RootId: StackId }, { ParentId: child.id, RootId: StackId }],
  });
});

test('DescribeStacks returns the empty lists of a stack that was created without options', async () => {
  const { call } = scriptedService();
  const { StackId } = await call('CreateStack', { StackName: 'App', TemplateBody: body({ One: thing() }) });
  expect(await call('DescribeStacks')).toEqual({
    Stacks: [{
      StackId,
      StackName: 'App',
      Parameters: '',
      CreationTime: at(),
      RollbackConfiguration: '',
      StackStatus: 'CREATE_COMPLETE',
      DisableRollback: 'false',
      NotificationARNs: '',
      Capabilities: '',
      Outputs: '',
      Tags: '',
      EnableTerminationProtection: 'false',
      DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    }],
  });
});

test('an update keeps the options that it does not name, and lists can become empty', async () => {
  const { call, clock, engine, requests } = scriptedService();
  const template = (Name: string) => body({ One: thing({ Name, Topics: { Ref: 'AWS::NotificationARNs' } }) });
  const create = {
    'StackName': 'App',
    'TemplateBody': template('a'),
    'Tags.member.1.Key': 'team',
    'Tags.member.1.Value': 'chat',
    'Capabilities.member.1': 'CAPABILITY_IAM',
    'RoleARN': 'arn:aws:iam::123456789012:role/deploy',
    'NotificationARNs.member.1': 'arn:aws:sns:us-east-1:123456789012:topic',
    'DeploymentConfig.Mode': 'STANDARD',
    'OnFailure': 'DO_NOTHING',
    'EnableTerminationProtection': 'true',
  };
  await call('CreateStack', create);
  const stack = engine.stack('App');
  const kept = {
    disableRollback: true,
    tags: [{ Key: 'team', Value: 'chat' }],
    capabilities: ['CAPABILITY_IAM'],
    roleArn: 'arn:aws:iam::123456789012:role/deploy',
    notificationArns: ['arn:aws:sns:us-east-1:123456789012:topic'],
    deploymentConfig: { mode: 'STANDARD' },
    terminationProtection: true,
    lastUpdatedTime: undefined,
  };
  expect(stack).toMatchObject(kept);

  clock.advance(60_000);
  const next = { StackName: 'App', TemplateBody: template('b') };
  expect(await call('UpdateStack', next)).toEqual({ StackId: stack.id });
  expect(stack).toMatchObject({ ...kept, disableRollback: false, lastUpdatedTime: new Date(at(60_000)) });
  expect(await call('DescribeStacks')).toMatchObject({ Stacks: [{ LastUpdatedTime: at(60_000) }] });
  expect(requests[1]!.ResourceProperties.Topics).toEqual(['arn:aws:sns:us-east-1:123456789012:topic']);

  clock.advance(60_000);
  const emptied = { Tags: '', Capabilities: '', NotificationARNs: '', Parameters: '', EnableTerminationProtection: '' };
  await call('UpdateStack', { ...emptied, StackName: 'App', UsePreviousTemplate: 'true' });
  expect(stack).toMatchObject({
    status: 'UPDATE_COMPLETE',
    tags: [],
    capabilities: [],
    notificationArns: [],
    terminationProtection: false,
    lastUpdatedTime: new Date(at(120_000)),
  });
  expect(stack.resources.get('One')!.physicalId).toBe('thing-b');
});

test('the text false is not true', async () => {
  const { call, engine } = scriptedService();
  const template = (Name: string) => body({ One: thing({ Name }) });
  const off = { DisableRollback: 'false', EnableTerminationProtection: 'false', UsePreviousTemplate: 'false' };
  await call('CreateStack', { ...off, StackName: 'App', TemplateBody: template('a') });
  const stack = engine.stack('App');
  expect(stack).toMatchObject({ disableRollback: false, terminationProtection: false });
  await call('UpdateStack', { ...off, StackName: 'App', TemplateBody: template('b') });
  expect(stack.resources.get('One')!.physicalId).toBe('thing-b');
  for (const OnFailure of ['ROLLBACK', 'DELETE']) {
    await call('CreateStack', { StackName: OnFailure, OnFailure, TemplateBody: template('a') });
    expect(engine.stack(OnFailure).disableRollback).toBe(false);
  }
  const set = { StackName: 'App', ChangeSetName: 'set' };
  await call('CreateChangeSet', { ...off, ...set, TemplateBody: template('c') });
  await call('ExecuteChangeSet', { ...off, ...set });
  expect(stack).toMatchObject({ status: 'UPDATE_COMPLETE', disableRollback: false, terminationProtection: false });
  expect(stack.resources.get('One')!.physicalId).toBe('thing-c');
});

test('a stack shows its events, its resources, and the reason of a failure', async () => {
  const { call, clock, engine } = scriptedService((event) => {
    clock.advance(1000);
    return byName(event);
  });
  const resources = { One: thing({ Name: 'a' }), Two: thing({ Name: { Ref: 'One' }, FailOn: 'Create' }) };
  await call('CreateStack', {
    StackName: 'App', TemplateBody: body(resources), DisableRollback: 'true', ClientRequestToken: 'token',
  });
  const StackId = engine.stack('App').id;
  const names = { StackName: 'App', StackId };
  const reason = expect.stringMatching(/^Received response status \[FAILED\] .* Message returned: as asked \(/);
  const one = {
    ...names,
    LogicalResourceId: 'One',
    PhysicalResourceId: 'thing-a',
    ResourceType: 'Custom::Thing',
    ResourceStatus: 'CREATE_COMPLETE',
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
  const two = {
    ...one,
    LogicalResourceId: 'Two',
    PhysicalResourceId: 'thing-thing-a',
    ResourceStatus: 'CREATE_FAILED',
    ResourceStatusReason: reason,
  };
  expect(await call('DescribeStackResources', { StackName: 'App' })).toEqual({
    StackResources: [{ ...one, Timestamp: at(1000) }, { ...two, Timestamp: at(2000) }],
  });
  expect(await call('DescribeStackResources', { StackName: 'App', LogicalResourceId: 'Two' })).toEqual({
    StackResources: [{ ...two, Timestamp: at(2000) }],
  });
  const details = [{ ...one, LastUpdatedTimestamp: at(1000) }, { ...two, LastUpdatedTimestamp: at(2000) }];
  expect(await call('ListStackResources', { StackName: 'App' })).toEqual({ StackResourceSummaries: details });
  expect(await call('DescribeStackResource', { StackName: 'App', LogicalResourceId: 'One' })).toEqual({
    StackResourceDetail: details[0],
  });
  for (const LogicalResourceId of ['Three', 'On']) {
    await expect(call('DescribeStackResource', { StackName: StackId, LogicalResourceId })).rejects.toMatchObject(
      { code: 'ValidationError', status: 400, message: `Resource ${LogicalResourceId} does not exist for stack App` },
    );
  }

  const event = (
    LogicalResourceId: string, PhysicalResourceId: string, ResourceStatus: string, time: number, more: object = {},
  ) => ({
    ...names,
    EventId: expect.stringMatching(new RegExp(`^${LogicalResourceId}-${ResourceStatus}-.*-\\d$`)),
    Timestamp: at(time),
    ClientRequestToken: 'token',
    LogicalResourceId,
    PhysicalResourceId,
    ResourceType: LogicalResourceId === 'App' ? 'AWS::CloudFormation::Stack' : 'Custom::Thing',
    ResourceStatus,
    ...more,
  });
  const properties = (Name: string, more: object = {}) => ({
    ResourceProperties: JSON.stringify({ ServiceToken: TOKEN, Name, ...more }),
  });
  expect(await call('DescribeStackEvents', { StackName: 'App' })).toEqual({
    StackEvents: [
      event('App', StackId, 'CREATE_FAILED', 2001, {
        ResourceStatusReason: 'The following resource(s) failed to create: [Two]. ',
      }),
      event('Two', 'thing-thing-a', 'CREATE_FAILED', 2000, { ResourceStatusReason: reason }),
      event('Two', '', 'CREATE_IN_PROGRESS', 1002, properties('thing-a', { FailOn: 'Create' })),
      event('One', 'thing-a', 'CREATE_COMPLETE', 1001, properties('a')),
      event('One', 'thing-a', 'CREATE_IN_PROGRESS', 1000, {
        ResourceStatusReason: 'Resource creation Initiated', ...properties('a'),
      }),
      event('One', '', 'CREATE_IN_PROGRESS', 1, properties('a')),
      event('App', StackId, 'CREATE_IN_PROGRESS', 0, { ResourceStatusReason: 'User Initiated' }),
    ],
  });
  expect((await call('DescribeStacks', { StackName: 'App' })).Stacks[0]).toMatchObject({
    StackStatus: 'CREATE_FAILED', StackStatusReason: 'The following resource(s) failed to create: [Two]. ',
  });
});

test('a resource that was never created has no ID', async () => {
  const { call } = scriptedService();
  const TemplateBody = body({ One: thing({ ServiceToken: 'arn:missing' }) });
  await call('CreateStack', { StackName: 'App', TemplateBody, DisableRollback: 'true' });
  const { StackResources: [one] } = await call('DescribeStackResources', { StackName: 'App' });
  expect(one).toMatchObject({ LogicalResourceId: 'One', ResourceStatus: 'CREATE_FAILED' });
  expect(one).not.toHaveProperty('PhysicalResourceId');
});

test('the first of 101 events is on a page of its own', async () => {
  const { call } = scriptedService();
  const queues = Array.from({ length: 33 }, (_, index) => [`Queue${index}`, { Type: 'AWS::SQS::Queue' }]);
  await call('CreateStack', { StackName: 'App', TemplateBody: body(Object.fromEntries(queues)) });
  const first = await call('DescribeStackEvents', { StackName: 'App' });
  expect([first.StackEvents.length, first.NextToken]).toEqual([100, '1']);
  const last = await call('DescribeStackEvents', { StackName: 'App', NextToken: first.NextToken });
  expect(last).toMatchObject({ StackEvents: [{ ResourceStatus: 'CREATE_IN_PROGRESS', LogicalResourceId: 'App' }] });
  expect(last).not.toHaveProperty('NextToken');
  expect(last.StackEvents[0]).not.toHaveProperty('ClientRequestToken');
});

test('100 resources are one page', async () => {
  const { call } = scriptedService();
  const ids = Array.from({ length: 100 }, (_, index) => `Queue${index}`);
  const resources = Object.fromEntries(ids.map((id) => [id, { Type: 'AWS::SQS::Queue' }]));
  await call('CreateStack', { StackName: 'App', TemplateBody: body(resources) });
  const page = await call('ListStackResources', { StackName: 'App' });
  expect(Object.keys(page)).toEqual(['StackResourceSummaries']);
  expect(page.StackResourceSummaries).toHaveLength(100);
});

test('a deleted stack is found by its ID and in the list, but not by its name', async () => {
  const { call, clock, engine } = scriptedService((event) => {
    if (event.RequestType === 'Delete') clock.advance(1000);
    return byName(event);
  });
  const TemplateBody = body({ One: thing({ Name: 'a' }) });
  await call('CreateStack', { StackName: 'Gone', TemplateBody });
  await call('CreateStack', { StackName: 'App', TemplateBody });
  const [gone, app] = [engine.stack('Gone').id, engine.stack('App').id];
  clock.advance(4000);
  expect(await call('DeleteStack', { StackName: 'Gone' })).toBe('');
  const summaries = [
    {
      StackId: gone, StackName: 'Gone', StackStatus: 'DELETE_COMPLETE', CreationTime: at(), DeletionTime: at(5000),
    },
    { StackId: app, StackName: 'App', StackStatus: 'CREATE_COMPLETE', CreationTime: at() },
  ];
  expect(await call('ListStacks')).toEqual({ StackSummaries: summaries });
  const filtered = (...statuses: string[]) => call('ListStacks', Object.fromEntries(
    statuses.map((status, index) => [`StackStatusFilter.member.${index + 1}`, status])));
  expect(await filtered('DELETE_COMPLETE')).toEqual({ StackSummaries: [summaries[0]] });
  expect(await filtered('UPDATE_COMPLETE', 'CREATE_COMPLETE')).toEqual({ StackSummaries: [summaries[1]] });
  expect(await filtered('UPDATE_COMPLETE')).toEqual({ StackSummaries: '' });
  expect(await call('DescribeStacks', { StackName: gone })).toMatchObject({
    Stacks: [{ StackStatus: 'DELETE_COMPLETE', DeletionTime: at(5000) }],
  });
  expect(await call('DescribeStacks')).toMatchObject({ Stacks: [{ StackId: app }] });
  engine.stack('App').status = 'ROLLBACK_COMPLETE';
  expect(await filtered('UPDATE_ROLLBACK_COMPLETE')).toEqual({ StackSummaries: '' });
  engine.stack('App').status = 'UPDATE_ROLLBACK_COMPLETE';
  expect(await filtered('ROLLBACK_COMPLETE', 'COMPLETE')).toEqual({ StackSummaries: '' });
  engine.stack('App').status = 'CREATE_COMPLETE';
  await expect(call('DescribeStacks', { StackName: '' })).rejects.toThrow('Stack with id  does not exist');
  await expect(call('DescribeStacks', { StackName: 'Gone' })).rejects.toMatchObject({
    code: 'ValidationError', status: 400, message: 'Stack with id Gone does not exist',
  });
  expect(await call('DeleteStack', { StackName: 'Gone' })).toBe('');
  expect(await call('DeleteStack', { StackName: gone })).toBe('');
  expect(await call('ListStacks')).toEqual({ StackSummaries: summaries });
});

test('a delete keeps the resources that it retains', async () => {
  const { call, trail } = scriptedService();
  await call('CreateStack', { StackName: 'App', TemplateBody: body({ A: thing({ Name: 'a' }), B: thing() }) });
  await call('DeleteStack', {
    'StackName': 'App',
    'RetainResources.member.1': 'B',
    'ClientRequestToken': 'token',
    'DeploymentConfig.Mode': 'EXPRESS',
  });
  expect(trail().slice(2)).toEqual(['Delete A thing-a']);
  const { StackSummaries: [{ StackId }] } = await call('ListStacks');
  const { StackEvents } = await call('DescribeStackEvents', { StackName: StackId });
  expect(StackEvents[0]).toMatchObject({ ResourceStatus: 'DELETE_COMPLETE', ClientRequestToken: 'token' });
  expect(await call('DescribeStacks', { StackName: StackId })).toMatchObject({
    Stacks: [{ DeploymentConfig: { Mode: 'EXPRESS' } }],
  });
});

test('a template can come from a bucket, and its text is returned as it was given', async () => {
  const template = body({ One: thing({ Name: 'a' }) });
  const { call } = scriptedService(byName, { objects: { 'bucket|a/b c.json': template } });
  const TemplateURL = 'https://s3.us-east-1.amazonaws.com/bucket/a/b%20c.json';
  await call('CreateStack', { StackName: 'App', TemplateURL });
  const got = { TemplateBody: template, StagesAvailable: ['Original', 'Processed'] };
  expect(await call('GetTemplate', { StackName: 'App' })).toEqual(got);
  const other = body({ One: thing({ Name: 'b' }) });
  const set = { StackName: 'App', ChangeSetName: 'set' };
  const { Id } = await call('CreateChangeSet', { ...set, TemplateBody: other });
  expect(await call('GetTemplate', set)).toEqual({ ...got, TemplateBody: other });
  expect(await call('GetTemplate', { ChangeSetName: Id })).toEqual({ ...got, TemplateBody: other });
  expect(await call('GetTemplate', { StackName: 'App' })).toEqual(got);
  await call('CreateChangeSet', { ...set, StackName: 'New', ChangeSetType: 'CREATE', TemplateBody: other });
  expect(await call('GetTemplate', { StackName: 'New' })).toEqual({ ...got, TemplateBody: '{}' });
  expect(await call('DescribeStacks', { StackName: 'New' })).toMatchObject({
    Stacks: [{ StackStatus: 'REVIEW_IN_PROGRESS', StackStatusReason: 'User Initiated', Parameters: '', Outputs: '' }],
  });
  await expect(call('CreateStack', { StackName: 'Other' })).rejects.toMatchObject({
    code: 'ValidationError', message: 'Either Template URL or Template Body must be specified.',
  });
});

test('GetTemplateSummary describes a template, or the template of a stack', async () => {
  const types = { 'Test::Named': { create: () => ({ physicalId: 'x' }), identifier: 'Name' } };
  const resources = { A: { Type: 'Test::Named' }, B: thing(), C: { Type: 'Test::Named' } };
  const template = body(resources, {
    Description: 'd',
    Parameters: {
      Plain: { Type: 'Number', Default: 5, Description: 'p' },
      Secret: { Type: 'String', NoEcho: true },
      Shown: { Type: 'String', NoEcho: 'false', Default: 's' },
      Hidden: { Type: 'String', NoEcho: 'true', Default: '' },
    },
  });
  const { call } = scriptedService(byName, { types, objects: { 'bucket|key': template } });
  const summary = {
    Description: 'd',
    ResourceTypes: ['Test::Named', 'Custom::Thing'],
    ResourceIdentifierSummaries: [
      { ResourceType: 'Test::Named', LogicalResourceIds: ['A', 'C'], ResourceIdentifiers: ['Name'] },
    ],
    Parameters: [
      { ParameterKey: 'Plain', ParameterType: 'Number', DefaultValue: '5', NoEcho: 'false', Description: 'p' },
      { ParameterKey: 'Secret', ParameterType: 'String', NoEcho: 'true' },
      { ParameterKey: 'Shown', ParameterType: 'String', DefaultValue: 's', NoEcho: 'false' },
      { ParameterKey: 'Hidden', ParameterType: 'String', DefaultValue: '', NoEcho: 'true' },
    ],
  };
  expect(await call('GetTemplateSummary', { TemplateBody: template })).toEqual(summary);
  expect(await call('GetTemplateSummary', { TemplateURL: 'https://bucket.s3.amazonaws.com/key' })).toEqual(summary);
  const Parameters = { 'Parameters.member.1.ParameterKey': 'Secret', 'Parameters.member.1.ParameterValue': 's' };
  await call('CreateStack', { StackName: 'App', TemplateBody: template, ...Parameters });
  expect(await call('GetTemplateSummary', { StackName: 'App' })).toEqual(summary);
  // The stack of a template that it can get does not matter.
  for (const stack of [{}, { StackName: 'App' }] as Parameters[]) {
    const TemplateBody = body({ A: { Type: 'AWS::X::Y' } });
    expect(await call('GetTemplateSummary', { ...stack, TemplateBody })).toEqual({
      ResourceTypes: ['AWS::X::Y'], ResourceIdentifierSummaries: '', Parameters: '',
    });
  }
  await call('CreateChangeSet', {
    StackName: 'New', ChangeSetName: 'set', ChangeSetType: 'CREATE', TemplateBody: body({ One: thing() }),
  });
  await expect(call('GetTemplateSummary', { StackName: 'Missing' })).rejects.toThrow(
    'Stack with id Missing does not exist');
  await expect(call('GetTemplateSummary', { StackName: 'New' })).rejects.toMatchObject({
    code: 'ValidationError', message: 'One of TemplateBody, TemplateURL or StackName must be specified.',
  });
});

describe('change sets', () => {
  test('are described, listed and deleted', async () => {
    const { call, clock, engine } = scriptedService();
    const queue = (QueueName: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
    await call('CreateStack', {
      StackName: 'App', TemplateBody: body({ One: thing({ Name: 'a' }), Queue: queue('one'), Gone: queue('gone') }),
    });
    const StackId = engine.stack('App').id;
    clock.advance(1000);
    const created = await call('CreateChangeSet', {
      'StackName': 'App',
      'ChangeSetName': 'set',
      'Description': 'the next',
      'TemplateBody': body({ One: thing({ Name: 'b' }, { Metadata: 1 }), Queue: queue('two'), New: thing() }, {
        Parameters: { P: { Type: 'String', NoEcho: true } },
      }),
      'Parameters.member.1.ParameterKey': 'P',
      'Parameters.member.1.ParameterValue': 'secret',
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'chat',
      'Capabilities.member.1': 'CAPABILITY_IAM',
      'DeploymentConfig.Mode': 'EXPRESS',
    });
    const ChangeSetId = engine.changeSet('set', 'App').changeSet.id;
    expect(ChangeSetId).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:changeSet\/set\/[0-9a-f-]{36}$/);
    expect(created).toEqual({ Id: ChangeSetId, StackId });
    const summary = {
      ChangeSetId,
      ChangeSetName: 'set',
      ChangeSetType: 'UPDATE',
      StackId,
      StackName: 'App',
      Description: 'the next',
      CreationTime: at(1000),
      ExecutionStatus: 'AVAILABLE',
      Status: 'CREATE_COMPLETE',
    };
    const change = (ResourceChange: object) => ({
      Type: 'Resource', ResourceChange: { Scope: '', Details: '', ...ResourceChange },
    });
    const detail = (Target: object) => ({ Target, Evaluation: 'Static', ChangeSource: 'DirectModification' });
    const described = {
      ...summary,
      Parameters: [{ ParameterKey: 'P', ParameterValue: '****' }],
      Tags: [{ Key: 'team', Value: 'chat' }],
      Capabilities: ['CAPABILITY_IAM'],
      DeploymentConfig: { Mode: 'EXPRESS' },
      Changes: [
        change({
          Action: 'Modify',
          LogicalResourceId: 'One',
          PhysicalResourceId: 'thing-a',
          ResourceType: 'Custom::Thing',
          Replacement: 'Conditional',
          Scope: ['Properties', 'Metadata'],
          Details: [
            detail({ Attribute: 'Properties', Name: 'Name', RequiresRecreation: 'Conditionally' }),
            detail({ Attribute: 'Metadata', RequiresRecreation: 'Never' }),
          ],
        }),
        change({
          Action: 'Modify',
          LogicalResourceId: 'Queue',
          PhysicalResourceId: 'https://sqs.us-east-1.amazonaws.com/123456789012/one',
          ResourceType: 'AWS::SQS::Queue',
          Replacement: 'True',
          Scope: ['Properties'],
          Details: [detail({ Attribute: 'Properties', Name: 'QueueName', RequiresRecreation: 'Always' })],
        }),
        change({ Action: 'Add', LogicalResourceId: 'New', ResourceType: 'Custom::Thing' }),
        change({
          Action: 'Remove',
          LogicalResourceId: 'Gone',
          PhysicalResourceId: 'https://sqs.us-east-1.amazonaws.com/123456789012/gone',
          ResourceType: 'AWS::SQS::Queue',
        }),
      ],
    };
    expect(await call('DescribeChangeSet', { StackName: 'App', ChangeSetName: 'set' })).toEqual(described);
    expect(await call('DescribeChangeSet', { ChangeSetName: ChangeSetId })).toEqual(described);
    expect(await call('ListChangeSets', { StackName: 'App' })).toEqual({ Summaries: [summary] });
    for (const template of [{ UsePreviousTemplate: 'true' }, { TemplateBody: '{}' }] as Parameters[]) {
      await expect(call('CreateChangeSet', { StackName: 'App', ChangeSetName: 'set', ...template })).rejects
        .toMatchObject({ code: 'AlreadyExistsException', message: 'ChangeSet set already exists' });
    }
    await expect(call('DescribeChangeSet', { ChangeSetName: 'set' })).rejects.toMatchObject({
      code: 'ChangeSetNotFound', status: 404, message: 'ChangeSet [set] does not exist',
    });
    for (const names of [{ ChangeSetName: ChangeSetId }, { StackName: 'App', ChangeSetName: 'set' }] as Parameters[]) {
      expect(await call('DeleteChangeSet', names)).toBe('');
      expect(await call('ListChangeSets', { StackName: 'App' })).toEqual({ Summaries: '' });
    }
    for (const operation of ['CreateChangeSet', 'DescribeChangeSet', 'ExecuteChangeSet', 'DeleteChangeSet']) {
      await expect(call(operation, { StackName: 'Other', ChangeSetName: 'set' })).rejects.toMatchObject({
        code: 'ValidationError', message: 'Stack [Other] does not exist',
      });
    }
  });

  test('without changes cannot be executed', async () => {
    const { call, engine, trail } = scriptedService();
    await call('CreateStack', { StackName: 'App', TemplateBody: body({ One: thing({ Name: 'a' }) }) });
    const set = { StackName: 'App', ChangeSetName: 'set' };
    const { Id } = await call('CreateChangeSet', { ...set, UsePreviousTemplate: 'true' });
    expect(await call('ListChangeSets', { StackName: 'App' })).toEqual({
      Summaries: [{
        ChangeSetId: Id,
        ChangeSetName: 'set',
        ChangeSetType: 'UPDATE',
        StackId: engine.stack('App').id,
        StackName: 'App',
        CreationTime: at(),
        ExecutionStatus: 'UNAVAILABLE',
        Status: 'FAILED',
        StatusReason:
          "The submitted information didn't contain changes. Submit different information to create a change set.",
      }],
    });
    await expect(call('ExecuteChangeSet', set)).rejects.toMatchObject({
      code: 'InvalidChangeSetStatus',
      status: 400,
      message: `ChangeSet [${Id}] cannot be executed in its current status of [FAILED]`,
    });
    expect(trail()).toEqual(['Create One a']);
  });

  test('are executed with the options of the execution', async () => {
    const { call, engine } = scriptedService();
    const set = { StackName: 'App', ChangeSetName: 'set' };
    const failing = body({ One: thing({ Name: 'a', FailOn: 'Create' }) });
    await call('CreateChangeSet', { ...set, ChangeSetType: 'CREATE', TemplateBody: failing });
    const stack = engine.stack('App');
    expect(stack).toMatchObject({ status: 'REVIEW_IN_PROGRESS', statusReason: 'User Initiated' });
    expect(await call('ExecuteChangeSet', { ...set, DisableRollback: 'true', ClientRequestToken: 'token' })).toBe('');
    expect(stack).toMatchObject({ status: 'CREATE_FAILED', clientRequestToken: 'token', disableRollback: true });
    const rolledBack = await call('RollbackStack', { StackName: 'App', ClientRequestToken: 'next' });
    expect(rolledBack).toEqual({ StackId: stack.id });
    expect(stack).toMatchObject({ status: 'ROLLBACK_COMPLETE', clientRequestToken: 'next' });

    const other = { ...set, StackName: 'Other' };
    const { Id } = await call('CreateChangeSet', { ...other, ChangeSetType: 'CREATE', TemplateBody: failing });
    await call('ExecuteChangeSet', { ChangeSetName: Id });
    expect(engine.stack('Other')).toMatchObject({ status: 'ROLLBACK_COMPLETE', disableRollback: false });

    // An execution that does not disable the rollback has one, even if the operation before had none.
    const next = { ...set, StackName: 'Next' };
    await call('CreateStack', { ...next, DisableRollback: 'true', TemplateBody: body({ One: thing({ Name: 'a' }) }) });
    expect(engine.stack('Next')).toMatchObject({ status: 'CREATE_COMPLETE', disableRollback: true });
    await call('CreateChangeSet', { ...next, TemplateBody: body({ One: thing({ Name: 'b', FailOn: 'Update' }) }) });
    await call('ExecuteChangeSet', next);
    expect(engine.stack('Next')).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', disableRollback: false });
  });

  test('import resources', async () => {
    const types = {
      'Test::Named': {
        create: () => ({ physicalId: 'x' }),
        identifier: 'Name',
        read: async (physicalId: string) => ({ properties: { Name: physicalId }, attributes: {} }),
      },
    };
    const { call, engine } = scriptedService(byName, { types });
    const set = { StackName: 'App', ChangeSetName: 'set' };
    await expect(call('CreateChangeSet', {
      ...set,
      'ChangeSetType': 'IMPORT',
      'TemplateBody': body({ A: { Type: 'Test::Named', DeletionPolicy: 'Retain' } }),
      'ResourcesToImport.member.1.LogicalResourceId': 'A',
      'ResourcesToImport.member.1.ResourceType': 'Test::Named',
    })).rejects.toMatchObject({
      code: 'ValidationError', message: 'Invalid ResourceIdentifier for ResourceToImport A: [] Expected [Name]',
    });
    await call('CreateChangeSet', {
      ...set,
      'ChangeSetType': 'IMPORT',
      'TemplateBody': body({
        A: { Type: 'Test::Named', DeletionPolicy: 'Retain' }, B: { Type: 'Test::Named', DeletionPolicy: 'Retain' },
      }),
      'ResourcesToImport.member.1.LogicalResourceId': 'A',
      'ResourcesToImport.member.1.ResourceType': 'Test::Named',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.1.key': 'Other',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.1.value': 'other',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.2.key': 'Name',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.2.value': 'By-Hand',
      'ResourcesToImport.member.2.LogicalResourceId': 'B',
      'ResourcesToImport.member.2.ResourceType': 'Test::Named',
      'ResourcesToImport.member.2.ResourceIdentifier.entry.1.key': 'Name',
      'ResourcesToImport.member.2.ResourceIdentifier.entry.1.value': 'second',
      'ResourcesToImport.member.2.ResourceIdentifier.entry.2.key': 'Other',
      'ResourcesToImport.member.2.ResourceIdentifier.entry.2.value': 'other',
    });
    expect(await call('DescribeChangeSet', set)).toMatchObject({
      ChangeSetType: 'IMPORT',
      Changes: [{
        Type: 'Resource',
        ResourceChange: {
          Action: 'Import', LogicalResourceId: 'A', PhysicalResourceId: 'By-Hand', ResourceType: 'Test::Named',
        },
      }, { ResourceChange: { Action: 'Import', LogicalResourceId: 'B', PhysicalResourceId: 'second' } }],
    });
    await call('ExecuteChangeSet', set);
    expect(engine.stack('App')).toMatchObject({ status: 'IMPORT_COMPLETE' });
    expect(await call('DescribeStackResources', { StackName: 'App' })).toMatchObject({
      StackResources: [
        { LogicalResourceId: 'A', PhysicalResourceId: 'By-Hand', ResourceStatus: 'IMPORT_COMPLETE' },
        { LogicalResourceId: 'B', PhysicalResourceId: 'second', ResourceStatus: 'IMPORT_COMPLETE' },
      ],
    });
  });
});

describe('operations of a running or failed update', () => {
  const failsOn = (name: string) => (event: CustomResourceEvent) =>
    event.RequestType === 'Update' && event.ResourceProperties.Name === name ? undefined : byName(event);
  const create = { StackName: 'App', TemplateBody: body({ One: thing({ Name: 'a' }) }) };
  const update = { StackName: 'App', TemplateBody: body({ One: thing({ Name: 'slow' }) }) };

  test('CancelUpdateStack rolls a running update back, and nothing else', async () => {
    const { call, engine } = scriptedService(failsOn('slow'));
    await call('CreateStack', create);
    await expect(call('CancelUpdateStack', { StackName: 'App' })).rejects.toMatchObject({
      code: 'ValidationError', message: 'CancelUpdateStack cannot be called from current stack status',
    });
    const updating = call('UpdateStack', update);
    await new Promise((resolve) => setImmediate(resolve));
    for (const stacks of [{}, { StackName: 'App' }] as Parameters[]) {
      expect(await call('DescribeStacks', stacks)).toMatchObject({ Stacks: [{ StackStatus: 'UPDATE_IN_PROGRESS' }] });
    }
    await expect(call('DetectStackDrift', { StackName: 'App' })).rejects.toMatchObject({
      message: 'Drift detection cannot be performed on stack [App] in UPDATE_IN_PROGRESS state',
    });
    expect(await call('CancelUpdateStack', { StackName: 'App' })).toBe('');
    await updating;
    expect(engine.stack('App').status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('an operation is answered when it has ended, or after five seconds', async () => {
    const { call, clock, engine } = scriptedService(failsOn('slow'));
    const ended = jest.spyOn(clock, 'clearTimeout');
    await call('CreateStack', create);
    // The timers of the custom resource and of the answer.
    expect(ended).toHaveBeenCalledTimes(2);
    let answered = false;
    const updating = call('UpdateStack', update).then((result) => {
      answered = true;
      return result;
    });
    const turns = async () => {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    await turns();
    clock.advance(4999);
    await turns();
    expect(answered).toBe(false);
    clock.advance(1);
    await turns();
    expect(answered).toBe(true);
    expect(await updating).toEqual({ StackId: engine.stack('App').id });
    expect(engine.stack('App').status).toBe('UPDATE_IN_PROGRESS');
    engine.cancelUpdateStack('App');
    await engine.stack('App').operation;
  });

  test('ContinueUpdateRollback repeats a failed rollback, and can skip resources', async () => {
    const { call, engine } = scriptedService((event) =>
      event.RequestType === 'Update' ? { Status: 'FAILED', Reason: 'no' } : byName(event));
    await call('CreateStack', create);
    const stack = engine.stack('App');
    await expect(call('ContinueUpdateRollback', { StackName: 'App' })).rejects.toMatchObject({
      code: 'ValidationError',
      message: `Stack:${stack.id} is in CREATE_COMPLETE state and can not continue a rollback.`,
    });
    await call('UpdateStack', { ...update, ClientRequestToken: 'token' });
    const failed = {
      status: 'UPDATE_ROLLBACK_FAILED', statusReason: 'The following resource(s) failed to update: [One]. ',
    };
    expect(stack).toMatchObject(failed);
    expect(stack.clientRequestToken).toBe('token');
    expect(await call('ContinueUpdateRollback', { StackName: 'App', ClientRequestToken: 'next' })).toBe('');
    expect(stack).toMatchObject({ ...failed, clientRequestToken: 'next' });
    await call('ContinueUpdateRollback', { StackName: 'App' });
    expect(stack).toMatchObject({ ...failed, clientRequestToken: undefined });
    await call('ContinueUpdateRollback', { 'StackName': 'App', 'ResourcesToSkip.member.1': 'One' });
    expect(stack).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', statusReason: undefined });
    await expect(call('RollbackStack', { StackName: 'App' })).rejects.toMatchObject({
      code: 'ValidationError',
      message: `Stack:${stack.id} is in UPDATE_ROLLBACK_COMPLETE state and can not be rolled back.`,
    });
  });
});

test('UpdateTerminationProtection protects a stack from DeleteStack, until it is turned off', async () => {
  const { call, engine } = scriptedService();
  await call('CreateStack', { StackName: 'App', TemplateBody: body({ One: thing({ Name: 'a' }) }) });
  const StackId = engine.stack('App').id;
  const protect = (EnableTerminationProtection: string) =>
    call('UpdateTerminationProtection', { StackName: 'App', EnableTerminationProtection });
  expect(await protect('true')).toEqual({ StackId });
  expect(await call('DescribeStacks')).toMatchObject({
    Stacks: [{ EnableTerminationProtection: 'true', DisableRollback: 'false' }],
  });
  await expect(call('DeleteStack', { StackName: 'App' })).rejects.toMatchObject({
    code: 'ValidationError', message: 'Stack [App] cannot be deleted while TerminationProtection is enabled',
  });
  expect(engine.stack('App').status).toBe('CREATE_COMPLETE');
  expect(await protect('false')).toEqual({ StackId });
  await call('DeleteStack', { StackName: 'App' });
  expect(engine.stack(StackId).status).toBe('DELETE_COMPLETE');
});

test('ListExports and ListImports show the exports of all stacks and their users', async () => {
  const { call, engine } = scriptedService();
  const Outputs = {
    Id: { Value: { Ref: 'One' }, Export: { Name: 'shared' } },
    Own: { Value: 'x' },
    Empty: { Value: '', Export: { Name: 'empty' } },
  };
  await call('CreateStack', { StackName: 'App', TemplateBody: body({ One: thing({ Name: 'a' }) }, { Outputs }) });
  expect(await call('ListExports')).toEqual({
    Exports: [['shared', 'thing-a'], ['empty', '']].map(([Name, Value]) => (
      { ExportingStackId: engine.stack('App').id, Name, Value }
    )),
  });
  await expect(call('ListImports', { ExportName: 'shared' })).rejects.toMatchObject({
    code: 'ValidationError', message: "Export 'shared' is not imported by any stack.",
  });
  const TemplateBody = body({ One: thing({ Name: { 'Fn::ImportValue': 'shared' } }) });
  for (const StackName of ['First', 'Second']) await call('CreateStack', { StackName, TemplateBody });
  expect(await call('ListImports', { ExportName: 'shared' })).toEqual({ Imports: ['First', 'Second'] });
  await call('DeleteStack', { StackName: 'First' });
  engine.stack('Second').status = 'UPDATE_IN_PROGRESS';
  expect(await call('ListImports', { ExportName: 'shared' })).toEqual({ Imports: ['Second'] });
});

test('drift detection describes the differences of each resource, and the latest detection applies', async () => {
  const live = new Map<string, object>();
  const types: ResourceTypes = {
    'Test::Named': {
      create: ({ Name }, { logicalId }) => {
        const own = { Map: { a: 1 }, Text: 't', Some: { a: 1 }, Pair: { 0: 'a' }, Own: logicalId };
        const Numbers = ['2', 1, { b: 1 }, { a: 1 }];
        const Deep = { Count: 1, On: true, Deeper: { At: 1 } };
        live.set(String(Name), { Name, Deep, List: ['x', { a: 2 }], Numbers, ...own });
        return { physicalId: String(Name) };
      },
      read: async (physicalId) => {
        clock.advance(readingTime);
        return live.has(physicalId) ? { properties: { ...live.get(physicalId) }, attributes: {} } : undefined;
      },
    },
  };
  let readingTime = 0;
  const { call, clock, engine } = scriptedService(byName, { types });
  const named = (Name: string) => ({
    Type: 'Test::Named',
    Properties: {
      Name,
      Deep: { Count: '1', On: 'true', Deeper: { At: '1' } },
      List: [{ a: 2 }, 'x'],
      Numbers: [1, 2, { a: 1 }, { b: 1 }],
      Map: { a: 1 },
      Text: 't',
      Some: { a: 1 },
      Pair: { 0: 'a' },
    },
  });
  const resources = { Same: named('same'), Other: thing(), Edited: named('edited'), Gone: named('gone') };
  await call('CreateStack', { StackName: 'App', TemplateBody: body(resources) });
  await call('CreateStack', { StackName: 'Second', TemplateBody: body({ One: named('second') }) });
  const StackId = engine.stack('App').id;
  await expect(call('DescribeStackResourceDrifts', { StackName: 'App' })).rejects.toMatchObject({
    code: 'ValidationError', message: 'Drift detection has not run; call DetectStackDrift first.',
  });
  const detect = async (StackName = 'App') => (await call('DetectStackDrift', { StackName })).StackDriftDetectionId;
  const statusOf = (StackDriftDetectionId: string) =>
    call('DescribeStackDriftDetectionStatus', { StackDriftDetectionId });
  const first = await detect();
  const inSync = {
    StackId,
    StackDriftDetectionId: first,
    StackDriftStatus: 'IN_SYNC',
    DetectionStatus: 'DETECTION_COMPLETE',
    DriftedStackResourceCount: '0',
    Timestamp: at(),
  };
  expect(await statusOf(first)).toEqual(inSync);

  live.set('edited', {
    Name: 'other',
    Deep: { Count: 2, Deeper: { At: 2 } },
    List: ['y', { a: 2 }],
    Numbers: [2, 1, { a: 1 }, { b: 1 }],
    Map: 'a',
    Text: { b: 1 },
    Some: null,
    Pair: ['a'],
  });
  live.delete('gone');
  clock.advance(1000);
  const second = await detect();
  await detect('Second');
  clock.advance(5000);
  expect(await statusOf(second)).toEqual({
    ...inSync,
    StackDriftDetectionId: second,
    StackDriftStatus: 'DRIFTED',
    DriftedStackResourceCount: '2',
    Timestamp: at(1000),
  });
  expect(await statusOf(first)).toEqual(inSync);
  for (const unknown of ['', first.slice(0, 8)]) {
    await expect(statusOf(unknown)).rejects.toThrow('Drift detection has not run; call DetectStackDrift first.');
  }
  const drift = (LogicalResourceId: string, name: string, more: object) => ({
    StackId,
    LogicalResourceId,
    PhysicalResourceId: name,
    ResourceType: 'Test::Named',
    ExpectedProperties: JSON.stringify(named(name).Properties),
    PropertyDifferences: '',
    Timestamp: at(1000),
    ...more,
  });
  const difference = (PropertyPath: string, ExpectedValue: string, ActualValue: string, DifferenceType = 'NOT_EQUAL') =>
    ({ PropertyPath, ExpectedValue, ActualValue, DifferenceType });
  const drifts = [
    drift('Same', 'same', {
      ActualProperties: JSON.stringify(live.get('same')), StackResourceDriftStatus: 'IN_SYNC',
    }),
    drift('Edited', 'edited', {
      ActualProperties: JSON.stringify(live.get('edited')),
      StackResourceDriftStatus: 'MODIFIED',
      PropertyDifferences: [
        difference('/Name', 'edited', 'other'),
        difference('/Deep/Count', '1', '2'),
        difference('/Deep/On', 'true', 'null', 'REMOVE'),
        difference('/Deep/Deeper/At', '1', '2'),
        difference('/List', '[{"a":2},"x"]', '[{"a":2},"y"]'),
        difference('/Map', '{"a":1}', 'a'),
        difference('/Text', 't', '{"b":1}'),
        difference('/Some', '{"a":1}', 'null'),
        difference('/Pair', '{"0":"a"}', '["a"]'),
      ],
    }),
    drift('Gone', 'gone', { StackResourceDriftStatus: 'DELETED' }),
  ];
  expect(await call('DescribeStackResourceDrifts', { StackName: 'App' })).toEqual({ StackResourceDrifts: drifts });
  expect(await call('DescribeStackResourceDrifts', { StackName: StackId })).toEqual({ StackResourceDrifts: drifts });
  const filter = 'StackResourceDriftStatusFilters.member';
  expect(await call('DescribeStackResourceDrifts', {
    StackName: 'App', [`${filter}.1`]: 'MODIFIED', [`${filter}.2`]: 'DELETED',
  })).toEqual({ StackResourceDrifts: drifts.slice(1) });

  readingTime = 100;
  expect(await statusOf(await detect())).toMatchObject({ Timestamp: at(6000) });

  await call('CreateChangeSet', {
    StackName: 'New', ChangeSetName: 'set', ChangeSetType: 'CREATE', TemplateBody: body({ One: thing() }),
  });
  await expect(call('DetectStackDrift', { StackName: 'New' })).rejects.toMatchObject({
    code: 'ValidationError',
    message: 'Drift detection cannot be performed on stack [New] in REVIEW_IN_PROGRESS state',
  });
});

describe('permissions', () => {
  test('for a stack that does not exist are those of its Region and account', async () => {
    const { call } = scriptedService(byName, { region: 'eu-west-1' });
    const nobody = new Identities().assumeRole('arn:aws:sts::1:assumed-role/r/s', () => false);
    await expect(call('DeleteStack', { StackName: 'New' }, nobody)).rejects.toThrow(
      'on resource: arn:aws:cloudformation:eu-west-1:123456789012:stack/New/* because');
  });

  const TemplateBody = body({ One: thing({ Name: 'b' }) });
  const change = { StackName: 'App', ChangeSetName: 'set' };
  const app = { StackName: 'App' };
  test.each<[string, Parameters, string?]>([
    ['CreateStack', { StackName: 'New', TemplateBody }, `${ACCOUNT}:stack/New/*`],
    ['UpdateStack', { ...app, TemplateBody }],
    ['DeleteStack', app],
    ['CancelUpdateStack', app],
    ['ContinueUpdateRollback', app],
    ['RollbackStack', app],
    ['UpdateTerminationProtection', { ...app, EnableTerminationProtection: 'true' }],
    ['CreateChangeSet', { ...change, ChangeSetName: 'other', TemplateBody }],
    ['DescribeChangeSet', change],
    ['ListChangeSets', app],
    ['DeleteChangeSet', change],
    ['ExecuteChangeSet', change],
    ['DescribeStacks', app],
    ['DescribeStacks', {}, `${ACCOUNT}:stack/*/*`],
    ['DescribeStacks', { StackName: '' }, `${ACCOUNT}:stack//*`],
    ['DescribeStacks', { StackName: `${ACCOUNT}:stack/Gone/1` }, `${ACCOUNT}:stack/Gone/1`],
    ['ListStacks', {}, `${ACCOUNT}:stack/*/*`],
    ['DescribeStackEvents', app],
    ['DescribeStackResource', { ...app, LogicalResourceId: 'One' }],
    ['DescribeStackResources', app],
    ['ListStackResources', app],
    ['GetTemplate', app],
    ['GetTemplateSummary', app],
    ['DetectStackDrift', app],
    ['DescribeStackDriftDetectionStatus', {}, `${ACCOUNT}:stack/*/*`],
    ['DescribeStackResourceDrifts', app],
    ['ListExports', {}, `${ACCOUNT}:stack/*/*`],
    ['ListImports', { ExportName: 'shared' }, `${ACCOUNT}:stack/*/*`],
  ])('%s needs its own action', async (operation, parameters, resource = '') => {
    const { call, engine, events, send } = scriptedService();
    await call('CreateStack', { ...app, TemplateBody: body({ One: thing({ Name: 'a' }) }) });
    await call('CreateChangeSet', { ...change, TemplateBody });
    const session = (allows: Identity['allows']) =>
      new Identities().assumeRole('arn:aws:sts::1:assumed-role/r/s', allows);
    const action = `cloudformation:${operation}`;
    const on = resource || engine.stack('App').id;
    const before = [events.length, engine.changeSetsOf('App').length];

    const others = session((asked) => asked !== action);
    const refusal = {
      code: 'AccessDenied',
      status: 403,
      message:
        `User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ${action} on resource: ${on} because no `
        + `identity-based policy allows the ${action} action`,
    };
    await expect(call(operation, parameters, others)).rejects.toMatchObject(refusal);
    const query = new URLSearchParams({ Action: operation, ...parameters }).toString();
    await expect(send('', query, others)).rejects.toMatchObject(refusal);
    expect([events.length, engine.changeSetsOf('App').length]).toEqual(before);
    expect(engine.stack('App').terminationProtection).toBe(false);

    const only = session((asked, about) => asked === action && about === on);
    const outcome = await call(operation, parameters, only).then(() => 'done', ({ code }: { code: string }) => code);
    expect(['done', 'ValidationError']).toContain(outcome);
  });
});
