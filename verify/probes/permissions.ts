import type { Kit } from '../kit';
import { asking, outcome, type Probe } from '../probe';
import type { Ivschat } from '../../lambda/client';
import { ASSUMPTIONS } from '../../lambda/custom-resource/timing';

const group = 'Permissions';
const ask = asking(group, 'resource-permissions.ts and local IVS Chat');
const limit = ASSUMPTIONS.permissionDelay;

interface Freshness {
  /**
   * The time from the CREATE_COMPLETE of the policy or the permission until it was effective, in milliseconds. Negative
   * if it was effective earlier.
   */
  readonly policy: number;
  readonly permission: number;
  readonly refusals: number;
}

/** Makes calls during a deployment that adds a policy and a Lambda permission, until both are effective. */
export async function measureFreshness(kit: Kit, deploy: () => Promise<void>): Promise<void> {
  const role = await kit.aws.assumeRole(await kit.output('FreshRole'), kit.pause);
  const client = kit.clientOf(role);
  const identifier = await kit.createRoom();
  const uri = await kit.output('FreshReview');
  let refusals = 0;
  let failed = false;
  const effective = async (attempt: () => Promise<unknown>) => {
    await kit.until('a permission is effective', () => attempt().then(() => true, ({ name, message }: Error) => {
      const isDenied = name === 'AccessDeniedException';
      const isInvalid = /invalid lambda permission/i.test(message);
      if (failed || !(isDenied || isInvalid)) throw Object.assign(new Error(message), { name });
      if (!isDenied) refusals++;
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

  // The probes below report an error of this measurement.
  await kit.once('freshness', async (): Promise<Freshness> => {
    const [policyAt, permissionAt] = await both;
    const events = await kit.events('main');
    const completed = (prefix: string) => Date.parse(events.find(({ LogicalResourceId, ResourceStatus }) =>
      LogicalResourceId!.startsWith(prefix) && ResourceStatus === 'CREATE_COMPLETE')!.Timestamp!);
    return {
      policy: policyAt - completed('FreshPolicy'),
      permission: permissionAt - completed('FreshReviewFreshPermission'),
      refusals,
    };
  }).catch(() => {});
}

async function freshnessOf(kit: Kit): Promise<Freshness> {
  return kit.once('freshness', () => {
    throw new Error('the update of the main stack failed before the measurement');
  });
}

const shown = (milliseconds: number) =>
  `${Math.abs(milliseconds)} ms ${milliseconds < 0 ? 'before' : 'after'} CREATE_COMPLETE, by the clock of this machine`;

export const freshPermissions: readonly Probe[] = [
  {
    id: 'fresh-policy',
    group,
    question: 'How long does a new IAM policy take to become effective?',
    assumes: `ASSUMPTIONS.permissionDelay: at most ${limit} ms`,
    onlyOnAws: 'a new policy is effective immediately in the local services',
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
    onlyOnAws: 'a new permission is effective immediately in the local service',
    async run(kit) {
      const { permission, refusals } = await freshnessOf(kit);
      return { seen: `${shown(permission)}, after ${refusals} refusals`, holds: permission <= limit };
    },
  },
];

/** Calls the service with one of the roles of the main stack, once its policy is effective. */
async function withRole(kit: Kit, output: string, work: (client: Ivschat) => Promise<string>): Promise<string> {
  const client = kit.clientOf(await kit.aws.assumeRole(await kit.output(output), kit.pause), { validateInput: false });
  const canList = async () => await outcome(client.listRooms({})) === 'success';
  try {
    await kit.until(`${output} can list rooms`, canList, limit / 1000);
    return await work(client);
  } finally {
    client.destroy();
  }
}

export const permissions: readonly Probe[] = [
  ask('create-needs-tag', 'Does CreateRoom need ivschat:TagResource without tags, and with tags?',
    'success, AccessDeniedException',
    (kit) => withRole(kit, 'WithoutTagging', async (client) => {
      const name = `${kit.run}-untagged`;
      const canCreate = async () => await outcome(client.createRoom({ name })) === 'success';
      await kit.until('the role can create rooms', canCreate, limit / 1000);
      return `success, ${await outcome(client.createRoom({ name, tags: { probe: 'yes' } }))}`;
    })),
  ask('absent-under-condition',
    'Which errors do GetRoom and DeleteRoom of a missing room give with a condition on tags, and GetRoom without it?',
    'AccessDeniedException, AccessDeniedException, ResourceNotFoundException',
    (kit) => withRole(kit, 'OnlyTagged', async (client) => {
      const input = { identifier: kit.absentRoom() };
      const calls = [client.getRoom(input), client.deleteRoom(input), kit.client.getRoom(input)];
      return (await Promise.all(calls.map((call) => outcome(call)))).join(', ');
    })),
  ask('fields-before-permission', 'Which error does CreateRoom give with an invalid name and without permission?',
    'ValidationException',
    (kit) => withRole(kit, 'OnlyTagged', (client) => outcome(client.createRoom({ name: 'not a name' })))),
];
