import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { createStack, signedClient } from '../signed-client';

let deploy: LocalDeploy;
beforeAll(async () => {
  deploy = await startLocalDeploy();
});
afterAll(() => deploy.close());

const queue = { Type: 'AWS::SQS::Queue' };
const all = (text: string, element: string) =>
  [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map((match) => match[1]!);

/** Returns the text of every page of a list. */
async function pages(operation: string, StackName: string, between?: () => Promise<unknown>): Promise<string[]> {
  const { query } = signedClient(deploy);
  const texts: string[] = [];
  for (let token: string | undefined; texts.length === 0 || token !== undefined;) {
    const { text } = await query('cloudformation', operation, {
      StackName,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    texts.push(text);
    token = all(text, 'NextToken')[0];
    await between?.();
  }
  return texts;
}

describe('a stack of 250 resources', () => {
  const names = Array.from({ length: 250 }, (_, index) => `Queue${index}`);
  let stackId: string;
  beforeAll(async () => {
    expect(await createStack(deploy, 'Large', Object.fromEntries(names.map((name) => [name, queue])))).toBe(
      'CREATE_COMPLETE',
    );
    stackId = all(
      (await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'Large' })).text,
      'StackId',
    )[0]!;
  });

  test('lists its resources in pages of 100', async () => {
    const listed = (await pages('ListStackResources', stackId)).map((text) => all(text, 'LogicalResourceId'));
    expect(listed.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(listed.flat().sort()).toEqual([...names].sort());
  });

  test('describes one of its resources', async () => {
    const parameters = { StackName: stackId, LogicalResourceId: 'Queue7' };
    const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStackResources', parameters);
    expect(all(text, 'LogicalResourceId')).toEqual(['Queue7']);
  });

  test('lists its events in pages of 100, newest first, each exactly once despite new events', async () => {
    const { query } = signedClient(deploy);
    let tag = 0;
    const texts = await pages('DescribeStackEvents', stackId, () =>
      query('cloudformation', 'UpdateStack', {
        'StackName': 'Large',
        'UsePreviousTemplate': 'true',
        'DisableRollback': 'true',
        'Tags.member.1.Key': 'tag',
        'Tags.member.1.Value': String(tag++),
      }),
    );
    const listed = texts.map((text) => all(text, 'EventId'));
    expect(listed.map(({ length }) => length)).toEqual([100, 100, 100, 100, 100, 100, 100, 52]);
    expect(new Set(listed.flat()).size).toBe(752);
    const times = texts.flatMap((text) => all(text, 'Timestamp'));
    expect(times).toEqual([...times].sort().reverse());
    expect(listed[0]![0]).toMatch(/^Large-CREATE_COMPLETE/);
    expect(listed.at(-1)!.at(-1)).toMatch(/^Large-CREATE_IN_PROGRESS/);
    expect(
      all((await query('cloudformation', 'DescribeStackEvents', { StackName: stackId })).text, 'EventId')[0],
    ).toMatch(/^Large-UPDATE_COMPLETE/);
  });

  test.each([
    ['DescribeStackResource', { LogicalResourceId: 'Queue0' }], ['DescribeStackEvents', {}], ['ListStackResources', {}],
  ])('requires IAM permission for %s on this stack', async (operation, parameters) => {
    const asked: unknown[][] = [];
    const session = (answer: boolean) =>
      deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/someone/s', (...question) => {
        asked.push(question.slice(0, 2));
        return answer;
      });
    const ask = (answer: boolean) =>
      signedClient(deploy, session(answer)).query('cloudformation', operation, { StackName: stackId, ...parameters });
    expect(await ask(false)).toMatchObject({
      status: 403,
      text: expect.stringContaining(
        `is not authorized to perform: cloudformation:${operation} on resource: ${stackId}`,
      ),
    });
    expect(await ask(true)).toMatchObject({ status: 200 });
    expect(asked).toEqual([[`cloudformation:${operation}`, stackId], [`cloudformation:${operation}`, stackId]]);
  });
});

test('DescribeStacks masks NoEcho parameters', async () => {
  const { query } = signedClient(deploy);
  const TemplateBody = JSON.stringify({
    Parameters: { Secret: { Type: 'String', NoEcho: true }, Plain: { Type: 'String' } },
    Resources: { Queue: queue },
  });
  await query('cloudformation', 'CreateStack', {
    'StackName': 'Masked',
    TemplateBody,
    'Parameters.member.1.ParameterKey': 'Secret',
    'Parameters.member.1.ParameterValue': 'hunter2',
    'Parameters.member.2.ParameterKey': 'Plain',
    'Parameters.member.2.ParameterValue': 'shown',
  });
  const { text } = await query('cloudformation', 'DescribeStacks', { StackName: 'Masked' });
  expect(all(text, 'ParameterValue')).toEqual(['****', 'shown']);
  expect(text).not.toContain('hunter2');
});

test('a change set has its own parameters, and UsePreviousValue keeps a value of the stack', async () => {
  const { query } = signedClient(deploy);
  const TemplateBody = JSON.stringify({
    Parameters: { Kept: { Type: 'String', Default: 'default' }, Changed: { Type: 'String' } },
    Resources: { Queue: { ...queue, Properties: { QueueName: { 'Fn::Sub': '${Kept}-${Changed}' } } } },
  });
  const parameters = {
    'Parameters.member.1.ParameterKey': 'Kept',
    'Parameters.member.2.ParameterKey': 'Changed',
  };
  await query('cloudformation', 'CreateStack', {
    'StackName': 'Parameters',
    TemplateBody,
    ...parameters,
    'Parameters.member.1.ParameterValue': 'kept',
    'Parameters.member.2.ParameterValue': 'before',
  });
  const changeSet = { StackName: 'Parameters', ChangeSetName: 'change' };
  await query('cloudformation', 'CreateChangeSet', {
    ...changeSet,
    TemplateBody,
    ...parameters,
    'Parameters.member.1.UsePreviousValue': 'true',
    'Parameters.member.2.ParameterValue': 'after',
  });
  const described = await query('cloudformation', 'DescribeChangeSet', changeSet);
  expect(all(described.text, 'ParameterValue')).toEqual(['kept', 'after']);
  const valuesOfStack = async () =>
    all((await query('cloudformation', 'DescribeStacks', { StackName: 'Parameters' })).text, 'ParameterValue');
  expect(await valuesOfStack()).toEqual(['kept', 'before']);
  await query('cloudformation', 'ExecuteChangeSet', changeSet);
  expect(await valuesOfStack()).toEqual(['kept', 'after']);
});

test('a change set and a stack show their deployment mode', async () => {
  const { query } = signedClient(deploy);
  const TemplateBody = JSON.stringify({ Resources: { Queue: queue } });
  const create = (mode: string | undefined, ChangeSetName = 'first') =>
    query('cloudformation', 'CreateChangeSet', {
      'StackName': 'Express',
      ChangeSetName,
      'ChangeSetType': 'CREATE',
      TemplateBody,
      ...mode ? { 'DeploymentConfig.Mode': mode } : {},
      'DeploymentConfig.DisableRollback': 'false',
    });
  expect(await create(undefined, 'default')).toMatchObject({ status: 200 });
  const described = await query('cloudformation', 'DescribeChangeSet', {
    StackName: 'Express', ChangeSetName: 'default',
  });
  expect(described.text).toContain('<Mode>STANDARD</Mode>');
  for (const mode of ['CARROT', 'EXPRESSO', 'express']) {
    expect(await create(mode)).toMatchObject({
      status: 400,
      text: expect.stringContaining(
        `Value &#39;${mode}&#39; at &#39;deploymentConfig.mode&#39; failed to satisfy constraint: Member must satisfy `
        + 'enum value set: [STANDARD, EXPRESS]'),
    });
  }
  expect(await create('EXPRESS')).toMatchObject({ status: 200 });
  const told = '<DeploymentConfig><Mode>EXPRESS</Mode><DisableRollback>false</DisableRollback></DeploymentConfig>';
  expect(
    (await query('cloudformation', 'DescribeChangeSet', { StackName: 'Express', ChangeSetName: 'first' })).text,
  ).toContain(told);
  await query('cloudformation', 'ExecuteChangeSet', { StackName: 'Express', ChangeSetName: 'first' });
  const { text } = await query('cloudformation', 'DescribeStacks', { StackName: 'Express' });
  expect(text).toContain(told);
  expect(text).toContain('<DisableRollback>false</DisableRollback><DeploymentConfig>');
  await query('cloudformation', 'DeleteStack', { 'StackName': 'Express', 'DeploymentConfig.Mode': 'EXPRESS' });
  expect((await query('cloudformation', 'DescribeStacks', { StackName: 'Express' })).status).toBe(400);
});
