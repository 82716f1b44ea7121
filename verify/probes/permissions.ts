import type { Kit } from '../kit';
import { asking, outcome, type Probe } from '../probe';
import type { Ivschat } from '../../lambda/client';
import { ASSUMPTIONS } from '../../lambda/custom-resource/timing';

const group = 'Permissions';
const ask = asking(group, 'resource-permissions.ts and local IVS Chat');
const limit = ASSUMPTIONS.permissionDelay;

interface Freshness {
  /**
   * Milliseconds from the CREATE_COMPLETE of the policy or the permission until it was effective. Negative: before it.
   */
  readonly policy: number;
  readonly permission: number;
  readonly refusals: number;
}

/** Tries, during a deployment that adds a policy and a Lambda permission, until both are effective. */
export async function measureFreshness(kit: Kit, deploy: () => Promise<void>): Promise<void> {
  const role = await kit.aws.assumeRole(await kit.output('FreshRole'), kit.pause);
  const client = kit.clientOf(role);
  const identifier = await kit.createRoom();
  const uri = await kit.output('FreshReview');
  let refusals = 0;
  let failed = false;
  const effective = async (attempt: () => Promise<unknown>) => {
    await kit.until('a permission is effective', () => attempt().then(() => true, (error: Error) => {
      if (failed || (error.name !== 'AccessDeniedException' && !/invalid lambda permission/i.test(error.message))) throw error;
      if (error.name !== 'AccessDeniedException') refusals++;
      return false;
    }), 1200);
    return Date.now();
  };
  const both = Promise.all([
    effective(() => client.listRooms({ maxResults: 1 })),
    effective(() => kit.client.updateRoom({ identifier, messageReviewHandler: { uri } })),
  ]).finally(() => client.destroy());
  both.catch(() => {});
  try {
    await deploy();
  } catch (error) {
    failed = true;
    throw error;
  }

  // The probes below report an error of this.
  await kit.once('freshness', async (): Promise<Freshness> => {
    const [policyAt, permissionAt] = await both;
    const events = await kit.events('main');
    const completed = (prefix: string) => Date.parse(events.find(({ LogicalResourceId, ResourceStatus }) =>
      LogicalResourceId!.startsWith(prefix) && ResourceStatus === 'CREATE_COMPLETE')!.Timestamp!);
    return { policy: policyAt - completed('FreshPolicy'), permission: permissionAt - completed('FreshReviewFreshPermission'), refusals };
  }).catch(() => {});
}

async function freshnessOf(kit: Kit): Promise<Freshness> {
  return kit.once('freshness', () => {
    throw new Error('the update of the main stack did not come so far');
  });
}

const shown = (milliseconds: number) =>
  `${Math.abs(milliseconds)} ms ${milliseconds < 0 ? 'before' : 'after'} CREATE_COMPLETE, by the clock of this machine`;

export const freshPermissions: readonly Probe[] = [
  {
    id: 'fresh-policy',
    group,
    question: 'How long does a fresh IAM policy take to be effective?',
    assumes: `ASSUMPTIONS.permissionDelay: at most ${limit} ms`,
    onlyOnAws: 'the local services evaluate the policies of the moment',
    async run(kit) {
      const { policy } = await freshnessOf(kit);
      return { seen: shown(policy), holds: policy <= limit };
    },
  },
  {
    id: 'fresh-lambda-permission',
    group,
    question: 'How long does "invalid lambda permission" last after the permission is created?',
    assumes: `ASSUMPTIONS.permissionDelay: at most ${limit} ms; the error is retried`,
    onlyOnAws: 'the local service reads the function\'s policy of the moment',
    async run(kit) {
      const { permission, refusals } = await freshnessOf(kit);
      return { seen: `${shown(permission)}, after ${refusals} refusals`, holds: permission <= limit };
    },
  },
];

/** Calls the service with one of the roles of the main stack, once its policy is effective. */
async function withRole(kit: Kit, output: string, work: (client: Ivschat) => Promise<string>): Promise<string> {
  const client = kit.clientOf(await kit.aws.assumeRole(await kit.output(output), kit.pause), { validateInput: false });
  try {
    await kit.until(`${output} can list rooms`, async () => await outcome(client.listRooms({})) === 'success', limit / 1000);
    return await work(client);
  } finally {
    client.destroy();
  }
}

export const permissions: readonly Probe[] = [
  ask('create-needs-tag', 'Does CreateRoom need ivschat:TagResource without tags, and with tags?', 'success, AccessDeniedException',
    (kit) => withRole(kit, 'WithoutTagging', async (client) => {
      const name = `${kit.run}-untagged`;
      await kit.until('the role can create rooms', async () => await outcome(client.createRoom({ name })) === 'success', limit / 1000);
      return `success, ${await outcome(client.createRoom({ name, tags: { probe: 'yes' } }))}`;
    })),
  ask('absent-under-condition', 'Which errors do GetRoom and DeleteRoom of a missing room give under a condition on tags, and GetRoom without?',
    'AccessDeniedException, AccessDeniedException, ResourceNotFoundException',
    (kit) => withRole(kit, 'OnlyTagged', async (client) => {
      const input = { identifier: kit.absentRoom() };
      const seen = await Promise.all([client.getRoom(input), client.deleteRoom(input), kit.client.getRoom(input)].map((work) => outcome(work)));
      return seen.join(', ');
    })),
  ask('fields-before-permission', 'Which error does CreateRoom give with a wrong name and without permission?', 'ValidationException',
    (kit) => withRole(kit, 'OnlyTagged', (client) => outcome(client.createRoom({ name: 'not a name' })))),
];
