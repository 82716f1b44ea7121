import { LogGroups } from '../../../local/aws/cloudwatch-logs/log-groups';
import { deployState } from '../../../local/aws/deploy-state';
import { byName, scriptedEngine, thing } from './cloudformation/scripted-engine';

test('the state has the stacks, newest first, with all that the console shows', async () => {
  let advance = () => {};
  const types = { 'Test::Slow': { create: () => ({ physicalId: 'slow' }), delete: () => advance() } };
  const { clock, deploy, destroy, engine, events } = scriptedEngine(byName, { types });
  advance = () => clock.advance(30_000);
  const Slow = { Type: 'Test::Slow' };
  await deploy({ One: thing({ Name: 'a' }), Slow }, {
    sections: {
      Outputs: { Id: { Value: { Ref: 'One' }, Description: 'The ID', Export: { Name: 'id' } }, Own: { Value: 'x' } },
    },
  }, 'First');
  clock.advance(60_000);
  await deploy({ Bad: thing({ Name: 'b', FailOn: 'Create' }) }, { disableRollback: true }, 'Second');
  const reason = (logicalId: string) => events.find(({ LogicalResourceId, ResourceStatus }) =>
    LogicalResourceId === logicalId && ResourceStatus === 'CREATE_FAILED')!.ResourceStatusReason;
  const { stacks } = deployState(engine, new LogGroups(clock));
  expect(stacks[0]).toEqual({
    name: 'Second',
    status: 'CREATE_FAILED',
    statusReason: 'The following resource(s) failed to create: [Bad]. ',
    lastUpdated: '2026-11-22T10:01:00.000Z',
    outputs: [],
    resources: [{
      logicalId: 'Bad',
      physicalId: 'thing-b',
      type: 'Custom::Thing',
      status: 'CREATE_FAILED',
      statusReason: reason('Bad'),
    }],
    events: [
      ['2026-11-22T10:01:00.003Z', 'Second', 'AWS::CloudFormation::Stack', 'CREATE_FAILED', reason('Second')],
      ['2026-11-22T10:01:00.002Z', 'Bad', 'Custom::Thing', 'CREATE_FAILED', reason('Bad')],
      ['2026-11-22T10:01:00.001Z', 'Bad', 'Custom::Thing', 'CREATE_IN_PROGRESS', undefined],
      ['2026-11-22T10:01:00.000Z', 'Second', 'AWS::CloudFormation::Stack', 'CREATE_IN_PROGRESS', 'User Initiated'],
    ].map(([time, logicalId, type, status, statusReason]) => ({ time, logicalId, type, status, statusReason })),
  });
  expect(stacks[1]).toMatchObject({
    name: 'First',
    status: 'CREATE_COMPLETE',
    lastUpdated: '2026-11-22T10:00:00.000Z',
    outputs: [
      { name: 'Id', value: 'thing-a', description: 'The ID' }, { name: 'Own', value: 'x', description: undefined },
    ],
  });
  expect(stacks).toHaveLength(2);

  const lastUpdated = () => deployState(engine, new LogGroups(clock)).stacks.map((stack) => stack.lastUpdated);
  clock.advance(60_000);
  await deploy({ One: thing({ Name: 'c' }), Slow }, {}, 'First');
  expect(lastUpdated()).toEqual(['2026-11-22T10:01:00.000Z', '2026-11-22T10:02:00.000Z']);
  clock.advance(60_000);
  await destroy('First');
  expect(lastUpdated()).toEqual(['2026-11-22T10:01:00.000Z', '2026-11-22T10:03:30.000Z']);
});

test('the state has the last 100 events of each stack', async () => {
  const { deploy, engine } = scriptedEngine(byName);
  const queue = { Type: 'AWS::SQS::Queue' };
  const ids = Array.from({ length: 40 }, (_, index) => `Queue${index}`);
  const stack = await deploy(Object.fromEntries(ids.map((id) => [id, queue])));
  expect(stack.events).toHaveLength(122);
  const { events } = deployState(engine, new LogGroups({ now: () => 0 })).stacks[0]!;
  expect(events).toHaveLength(100);
  expect(events[0]).toMatchObject({ logicalId: 'App', status: 'CREATE_COMPLETE' });
  expect(events[99]).toMatchObject({ time: stack.events[22]!.Timestamp.toISOString() });
});

test('the state has the last 500 lines of all log groups, in the order in which they were written', () => {
  const { engine } = scriptedEngine(byName);
  const logs = new LogGroups({ now: () => 0 });
  for (let line = 0; line < 300; line++) {
    logs.write('one', 'stream', `one ${line}`, 2000 - line);
    logs.write('two', 'stream', `two ${line}`, 1000);
  }
  const { logLines } = deployState(engine, logs);
  expect(logLines).toHaveLength(500);
  expect(logLines[0]).toEqual({
    id: expect.stringMatching(/^0+100$/), time: '1970-01-01T00:00:01.950Z', logGroupName: 'one', message: 'one 50',
  });
  expect(logLines.slice(-2).map(({ message }) => message)).toEqual(['one 299', 'two 299']);
  expect(logLines.map(({ id }) => Number(id))).toEqual(Array.from({ length: 500 }, (_, index) => index + 100));

  const alone = new LogGroups({ now: () => 0 });
  for (let line = 0; line < 501; line++) alone.write('one', 'stream', String(line));
  expect(deployState(engine, alone).logLines.map(({ message }) => message).slice(0, 2)).toEqual(['1', '2']);
});
