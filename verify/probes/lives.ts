import { strict as assert } from 'node:assert';
import { stackName, type Scenario } from '../app/stacks';
import type { Kit } from '../kit';
import type { Probe } from '../probe';
import { measureFreshness } from './permissions';
import { ownershipTags } from '../../src/contract/ownership-tags';

const group = 'Lives of a stack';

/** The main stack in the state that the last step has left. */
const main = (kit: Kit, changes: Partial<Scenario> = {}) => ({ stack: 'main' as const, recorders: kit.target.isLocal ? 2 : 10, ...changes });

/** A deployment that fails breaks the promise that the step is about. */
async function deployed(kit: Kit, scenario: Omit<Scenario, 'run'>, ...options: string[]): Promise<void> {
  await kit.deploy(scenario, ...options).catch((error: Error) => {
    if (kit.options.signal.aborted) throw error;
    assert.fail(error.message.slice(-2000));
  });
}

async function deploymentFails(kit: Kit, scenario: Omit<Scenario, 'run'>, reason: RegExp, ...options: string[]): Promise<void> {
  const message = await kit.deploy(scenario, ...options).then(() => '', (error: Error) => error.message);
  kit.options.signal.throwIfAborted();
  assert.match(message, reason);
}

/** Returns the room, once reads show that the stack is done with it. */
async function room(kit: Kit, identifier: string) {
  return kit.client.getRoom({ identifier }).catch((error: Error) => assert.fail(`${identifier}: ${error.message}`));
}

async function isGone(kit: Kit, identifier: string): Promise<void> {
  await kit.until(`${identifier} is deleted`, () => kit.client.getRoom({ identifier }).then(() => false, ({ name }: Error) => name === 'ResourceNotFoundException'), 30)
    .catch((error: Error) => assert.fail(error.message));
}

async function destroyed(kit: Kit, stack: Scenario['stack']): Promise<void> {
  await kit.destroy(stack).catch((error: Error) => {
    if (kit.options.signal.aborted) throw error;
    assert.fail(error.message.slice(-2000));
  });
}

async function removeOwner(kit: Kit, resourceArn: string): Promise<void> {
  await kit.client.untagResource({ resourceArn, tagKeys: [ownershipTags.owner] });
  await kit.until('the owner tag is removed', async () => !(await room(kit, resourceArn)).tags![ownershipTags.owner]);
}

/** The arguments of the next steps, which each step hands over. */
const kept = (kit: Kit) => kit.once('kept', () => kit.output('Kept'));
const lobby = (kit: Kit) => kit.once('lobby', () => kit.output('Lobby'));

export const create: Probe = {
  id: 'create',
  group,
  question: 'Does a deployment create what the app declares?',
  assumes: 'promise: the room of the template exists, and has its tags and the four settings',
  async run(kit) {
    await deployed(kit, main(kit));
    const { name, maximumMessageLength, tags } = await room(kit, await lobby(kit));
    assert.deepEqual({ name, maximumMessageLength, team: tags!.team }, { name: `${kit.run}-lobby`, maximumMessageLength: 100, team: 'verify' });
    assert.ok(tags![ownershipTags.owner] && tags![ownershipTags.createdBy], 'the room has no owner tag');
    await kept(kit);
    return 'created as declared';
  },
};

export const updates: readonly Probe[] = [
  {
    id: 'update',
    group,
    question: 'Does an update change the room in place, and leave a room alone that is taken out under RETAIN?',
    assumes: 'promise: the ARN stays; the retained room exists',
    async run(kit) {
      const before = await lobby(kit);
      await measureFreshness(kit, () => deployed(kit, main(kit, { kept: 'out', fresh: true, maximumMessageLength: 101 })));
      assert.equal(await kit.output('Lobby'), before);
      assert.equal((await room(kit, before)).maximumMessageLength, 101);
      await room(kit, await kept(kit));
      return 'the ARN stayed, the retained room exists';
    },
  },
  {
    id: 'retained-back',
    group,
    question: 'Can the retained room come back under another logical id?',
    assumes: 'promise: `adopt` takes the room over; ListStackResources shows that no other resource records it',
    async run(kit) {
      const adopt = await kept(kit);
      await deployed(kit, main(kit, { kept: adopt, fresh: true, maximumMessageLength: 102 }));
      assert.equal(await kit.output('Adopted'), adopt);
      assert.equal((await room(kit, adopt)).name, `${kit.run}-kept`);
      return 'the same room is in the stack again';
    },
  },
  {
    id: 'owner-removed-update',
    group,
    question: 'Does an update work after the owner tag was removed by hand?',
    assumes: 'promise: the provider restores the tag, and updates the room',
    async run(kit) {
      const arn = await lobby(kit);
      await removeOwner(kit, arn);
      await deployed(kit, main(kit, { kept: await kept(kit), fresh: true, maximumMessageLength: 103 }));
      const { maximumMessageLength, tags } = await room(kit, arn);
      assert.equal(maximumMessageLength, 103);
      assert.ok(tags![ownershipTags.owner], 'the owner tag is not back');
      return 'updated, and the tag is back';
    },
  },
  {
    id: 'cancelled-update',
    group,
    question: 'Is the room as before after an update is cancelled?',
    assumes: 'promise: the rollback restores the room in place',
    async run(kit) {
      const arn = await lobby(kit);
      const seen = (await kit.events('main')).length;
      const deployment = deploymentFails(kit, main(kit, { kept: await kept(kit), fresh: true, maximumMessageLength: 104, slow: kit.target.isLocal ? 3 : 60 }), /ROLLBACK/);
      deployment.catch(() => {});
      await kit.until('the slow resource is being updated', async () => (await kit.events('main')).slice(seen)
        .some(({ LogicalResourceId, ResourceStatus }) => LogicalResourceId!.startsWith('Slow') && ResourceStatus === 'UPDATE_IN_PROGRESS'), 600);
      assert.equal((await room(kit, arn)).maximumMessageLength, 104);
      await kit.aws.query('cloudformation', 'CancelUpdateStack', { StackName: stackName({ run: kit.run, stack: 'main' }) });
      await deployment;
      assert.equal((await room(kit, arn)).maximumMessageLength, 103);
      return 'the room was changed, and is as before';
    },
  },
];

/** The end of the main stack, and the lives of two other stacks. */
export const ends: readonly Probe[] = [
  {
    id: 'owner-removed-destroy',
    group,
    question: 'Does a destroy delete the room after its owner tag was removed by hand, and release the adopted room?',
    assumes: 'promise: a recorded room is deleted; an adopted one exists without the tags of the library',
    async run(kit) {
      const [arn, adopted] = [await lobby(kit), await kept(kit)];
      await removeOwner(kit, arn);
      await destroyed(kit, 'main');
      await isGone(kit, arn);
      assert.equal((await room(kit, adopted)).tags![ownershipTags.owner], undefined);
      return 'deleted, and released';
    },
  },
  {
    id: 'no-rollback',
    group,
    question: 'How does CloudFormation retry a create that failed under --no-rollback, and is the room created once?',
    assumes: 'rule: CREATE_IN_PROGRESS or UPDATE_IN_PROGRESS with Create or Update; promise: exactly one room',
    async run(kit) {
      const name = `${kit.run}-again`;
      await deploymentFails(kit, { stack: 'no-rollback', roomName: name, recorderFails: true }, /asked to fail/, '--no-rollback');
      await deploymentFails(kit, { stack: 'no-rollback', roomName: 'not a name' }, /letters, digits|Name/, '--no-rollback');
      await deployed(kit, { stack: 'no-rollback', roomName: name }, '--no-rollback');
      const { rooms } = await kit.client.listRooms({ name });
      assert.equal(rooms!.length, 1, `${rooms!.length} rooms have the name`);
      const history = await describedRetry(kit);
      await destroyed(kit, 'no-rollback');
      await isGone(kit, rooms![0]!.arn!);
      return { seen: history, holds: !/_IN_PROGRESS/.test(history.replace(/(CREATE|UPDATE|DELETE)_IN_PROGRESS/g, '')) };
    },
  },
  {
    id: 'failed-adoption',
    group,
    question: 'Is a room released if the deployment that adopts it fails?',
    assumes: 'promise: the room exists, without the tags of the library',
    async run(kit) {
      const adopt = await kit.createRoom({ name: `${kit.run}-foreign`, tags: { team: 'another' } });
      await deploymentFails(kit, { stack: 'adoption', adopt }, /asked to fail/);
      const { tags, name } = await room(kit, adopt);
      assert.equal(name, `${kit.run}-foreign`);
      assert.equal(tags!.team, 'another');
      assert.deepEqual(Object.values(ownershipTags).filter((key) => tags![key] !== undefined), []);
      return 'the room exists, with its own tags only';
    },
  },
];

/** Returns the statuses of both resources that failed, and the types of the requests that their functions got. */
async function describedRetry(kit: Kit): Promise<string> {
  const events = await kit.events('no-rollback');
  const statuses = (prefix: string) => events.filter(({ LogicalResourceId, ResourceType }) => ResourceType!.startsWith('Custom::') && LogicalResourceId!.startsWith(prefix))
    .map(({ ResourceStatus }) => ResourceStatus).filter((status, index, all) => status !== all[index - 1]);
  const requests = (await kit.logged((await kit.outputs('no-rollback')).RecorderLogs!)).map(({ type, given }) => (given ? `${type} of ${given.split('/')[0]}/…` : type));
  const provider = await kit.providerLog('no-rollback');
  const roomRequests = provider.flatMap(({ message }) => /^(Create|Update|Delete) (SUCCESS|FAILED)$/.exec(message)?.[0] ?? []);
  return `recorder: ${statuses('First').join(', ')}, requests ${requests.join(', ')}; `
    + `room: ${statuses('Room').join(', ')}, requests ${roomRequests.join(', ') || 'not in the log'}`;
}
