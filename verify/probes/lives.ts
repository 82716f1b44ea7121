import { strict as assert } from 'node:assert';
import { stackName, type Scenario } from '../app/stacks';
import type { Kit } from '../kit';
import type { Probe } from '../probe';
import { measureFreshness } from './permissions';
import { ownershipTags } from '../../src/contract/ownership-tags';

type State = Omit<Scenario, 'run'>;

const life = (id: string, question: string, promise: string, run: (kit: Kit) => Promise<string>): Probe => (
  { id, group: 'Lives of a stack', question, assumes: `promise: ${promise}`, run });

/** Does work that must succeed. A failure is a broken promise, unless the run was interrupted. */
async function succeeds<Result>(kit: Kit, work: Promise<Result>): Promise<Result> {
  return work.catch((error: Error) => {
    kit.options.signal.throwIfAborted();
    return assert.fail(error.message.slice(-2000));
  });
}

async function deploymentFails(kit: Kit, state: State, reason: RegExp, ...options: string[]): Promise<void> {
  const message = await kit.deploy(state, ...options)
    .then(() => 'the deployment succeeded', (error: Error) => error.message);
  kit.options.signal.throwIfAborted();
  assert.match(message, reason);
}

const room = (kit: Kit, identifier: string) => succeeds(kit, kit.client.getRoom({ identifier }));

async function isGone(kit: Kit, identifier: string): Promise<void> {
  await succeeds(kit, kit.until(`${identifier} is deleted`, () =>
    kit.client.getRoom({ identifier }).then(() => false, ({ name }: Error) => name === 'ResourceNotFoundException')));
}

async function removeOwner(kit: Kit, resourceArn: string): Promise<void> {
  await kit.client.untagResource({ resourceArn, tagKeys: [ownershipTags.owner] });
  await kit.until('the owner tag is removed', async () => !(await room(kit, resourceArn)).tags![ownershipTags.owner]);
}

/** The rooms of the first deployment. Later deployments remove the second room from the stack. */
const lobby = (kit: Kit) => kit.once('lobby', () => kit.output('Lobby'));
const kept = (kit: Kit) => kit.once('kept', () => kit.output('Kept'));

const main = (kit: Kit, changes: Partial<State> = {}): State =>
  ({ stack: 'main', recorders: kit.target.isLocal ? 2 : 5, ...changes });
/** The main stack after its second update. */
const adopting = async (kit: Kit, maximumMessageLength: number, slow?: number) =>
  main(kit, { kept: await kept(kit), fresh: true, maximumMessageLength, slow });

/** Removes the owner tag of one room, and adopts the retained room in the next update. */
const takeBack = (kit: Kit) => kit.once('take back', async () => {
  await removeOwner(kit, await lobby(kit));
  await succeeds(kit, kit.deploy(await adopting(kit, 102)));
});

export const create = life('create', 'Does a deployment create the room that the app declares?',
  'the room has the name, the settings and the tags of the template',
  async (kit) => {
    await succeeds(kit, kit.deploy(main(kit)));
    await kept(kit);
    const { name, maximumMessageLength, tags } = await room(kit, await lobby(kit));
    assert.deepEqual([name, maximumMessageLength, tags!.team], [`${kit.run}-lobby`, 100, 'verify']);
    assert.ok(tags![ownershipTags.owner] && tags![ownershipTags.createdBy], 'the room has no owner tag');
    return 'created as declared';
  });

export const updates: readonly Probe[] = [
  life('update',
    'Does an update change the room in place, and keep a room that is removed from the stack under RETAIN?',
    'the ARN does not change; the retained room exists',
    async (kit) => {
      const before = await lobby(kit);
      const state = main(kit, { kept: 'out', fresh: true, maximumMessageLength: 101 });
      await measureFreshness(kit, () => succeeds(kit, kit.deploy(state)));
      assert.equal(await kit.output('Lobby'), before);
      assert.equal((await room(kit, before)).maximumMessageLength, 101);
      await room(kit, await kept(kit));
      return 'the ARN did not change, and the retained room exists';
    }),
  life('retained-back', 'Can the stack adopt the retained room under another logical id?',
    '`existingRoom` adopts it if ListStackResources does not show it',
    async (kit) => {
      await takeBack(kit);
      assert.equal(await kit.output('Adopted'), await kept(kit));
      assert.equal((await room(kit, await kept(kit))).name, `${kit.run}-kept`);
      return 'the same room is in the stack again';
    }),
  life('owner-removed-update', 'Does an update work after the owner tag was removed by hand?',
    'the provider restores the tag, and updates the room',
    async (kit) => {
      await takeBack(kit);
      const { maximumMessageLength, tags } = await room(kit, await lobby(kit));
      assert.equal(maximumMessageLength, 102);
      assert.ok(tags![ownershipTags.owner], 'the owner tag was not restored');
      return 'updated, and the tag was restored';
    }),
  life('canceled-update', 'Does the room have its former settings after an update is canceled?',
    'the rollback restores the room in place',
    async (kit) => {
      const state = await adopting(kit, 103, kit.target.isLocal ? 3 : 60);
      const deployment = deploymentFails(kit, state, /UPDATE_ROLLBACK_COMPLETE/);
      deployment.catch(() => {});
      const slow = { StackName: stackName({ run: kit.run, stack: 'main' }), LogicalResourceId: 'Slow' };
      await kit.until('the slow resource is being updated', async () =>
        (await kit.aws.query('cloudformation', 'DescribeStackResource', slow)).includes('>UPDATE_IN_PROGRESS<'), 600);
      assert.equal((await room(kit, await lobby(kit))).maximumMessageLength, 103);
      await kit.aws.query('cloudformation', 'CancelUpdateStack', { StackName: slow.StackName });
      await deployment;
      assert.equal((await room(kit, await lobby(kit))).maximumMessageLength, 102);
      return 'the room was changed, and has its former settings again';
    }),
];

/** The end of the main stack, and the lives of two other stacks. */
export const ends: readonly Probe[] = [
  life('owner-removed-destroy',
    'Does a destroy delete a room after its owner tag was removed by hand, and release the adopted room?',
    'the recorded room is deleted; the adopted room exists without the tags of the library', async (kit) => {
      await removeOwner(kit, await lobby(kit));
      await succeeds(kit, kit.destroy('main'));
      await isGone(kit, await lobby(kit));
      assert.equal((await room(kit, await kept(kit))).tags![ownershipTags.owner], undefined);
      return 'deleted, and released';
    }),
  life('no-rollback',
    'How does CloudFormation retry a create that failed under --no-rollback, and is the room created once?',
    'CREATE_IN_PROGRESS or UPDATE_IN_PROGRESS, with a request that creates exactly one room', async (kit) => {
      const name = `${kit.run}-again`;
      const invalid: State = { stack: 'no-rollback', roomName: 'not a name' };
      await deploymentFails(kit, invalid, /Name must contain only letters/, '--no-rollback');
      await succeeds(kit, kit.deploy({ stack: 'no-rollback', roomName: name }, '--no-rollback'));
      const { rooms } = await kit.client.listRooms({ name });
      assert.equal(rooms!.length, 1, `${rooms!.length} rooms have the name`);
      const seen = await historyOfRoom(kit);
      await succeeds(kit, kit.destroy('no-rollback'));
      await isGone(kit, rooms![0]!.arn!);
      return seen;
    }),
  life('failed-adoption', 'Is a room released if the deployment that adopts it fails?',
    'the room exists without the tags of the library',
    async (kit) => {
      const adopt = await kit.createRoom({ name: `${kit.run}-foreign`, tags: { team: 'another' } });
      await deploymentFails(kit, { stack: 'adoption', adopt }, /asked to fail/);
      const { tags, name } = await room(kit, adopt);
      assert.deepEqual({ name, tags }, { name: `${kit.run}-foreign`, tags: { team: 'another' } });
      return 'the room exists with only its own tags';
    }),
];

/** Returns the statuses of the room in CloudFormation, and the requests in the log of the provider function. */
async function historyOfRoom(kit: Kit): Promise<string> {
  const events = await kit.events('no-rollback');
  const statuses = events.filter(({ ResourceType }) => ResourceType === 'Custom::IVSChatRoom')
    .map(({ ResourceStatus }) => ResourceStatus)
    .filter((status, index, all) => status !== all[index - 1]);
  await kit.pause(15_000); // CloudWatch Logs shows the last lines later
  const requests = (await kit.providerLog('no-rollback')).map(({ message }) => message)
    .filter((message) => /^(Create|Update|Delete) (SUCCESS|FAILED)$/.test(message));
  return `${statuses.join(', ')}; requests: ${requests.join(', ') || 'not in the log'}`;
}
