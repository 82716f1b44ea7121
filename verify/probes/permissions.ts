import type { Kit } from '../kit';
import type { Probe } from '../probe';
import { ASSUMPTIONS } from '../../lambda/custom-resource/timing';

const group = 'Permissions';
const limit = ASSUMPTIONS.permissionDelay;

interface Freshness {
  /** Milliseconds from the CREATE_COMPLETE of the policy or the permission until it was effective. Negative: before it. */
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
  const effective = async (attempt: () => Promise<unknown>) => {
    await kit.until('a permission is effective', () => attempt().then(() => true, (error: Error) => {
      if (error.name !== 'AccessDeniedException' && !/invalid lambda permission/i.test(error.message)) throw error;
      if (error.name !== 'AccessDeniedException') refusals++;
      return false;
    }), 1200);
    return Date.now();
  };
  const both = Promise.all([
    effective(() => client.listRooms({ maxResults: 1 })),
    effective(() => kit.client.updateRoom({ identifier, messageReviewHandler: { uri } })),
  ]).finally(() => client.destroy());
  // The probes below report its error. The deployment comes first.
  const freshness = kit.once('freshness', async (): Promise<Freshness> => {
    const [policyAt, permissionAt] = await both;
    const events = await kit.events('main');
    const completed = (prefix: string) => Date.parse(events.find(({ LogicalResourceId, ResourceStatus }) =>
      LogicalResourceId!.startsWith(prefix) && ResourceStatus === 'CREATE_COMPLETE')!.Timestamp!);
    return { policy: policyAt - completed('FreshPolicy'), permission: permissionAt - completed('FreshReviewFreshPermission'), refusals };
  });
  freshness.catch(() => {});
  await deploy();
  await freshness.catch(() => {});
}

async function freshnessOf(kit: Kit): Promise<Freshness> {
  return kit.once('freshness', () => { throw new Error('the update of the main stack did not come so far'); });
}

const shown = (milliseconds: number) => (milliseconds > 0 ? `${milliseconds} ms after CREATE_COMPLETE` : `${-milliseconds} ms before CREATE_COMPLETE`);

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

export const permissions: readonly Probe[] = [
  {
    id: 'create-needs-tag',
    group,
    question: 'Does CreateRoom with tags need ivschat:TagResource?',
    assumes: 'resource-permissions.ts: yes, and the provider has it',
    async run(kit) {
      const client = kit.clientOf(await kit.aws.assumeRole(await kit.output('WithoutTagging'), kit.pause));
      try {
        const name = `${kit.run}-untagged`;
        const created = async (tags?: Record<string, string>) => client.createRoom({ name, tags }).then(({ arn }) => {
          kit.rooms.add(arn!);
          return 'allowed';
        }, (error: Error) => error.name);
        await kit.until('the role can create rooms', async () => await created() === 'allowed', 300);
        const tagged = await created({ probe: 'yes' });
        return { seen: `without tags allowed, with tags ${tagged}`, holds: tagged === 'AccessDeniedException' };
      } finally {
        client.destroy();
      }
    },
  },
  {
    id: 'absent-under-condition',
    group,
    question: 'Which error does a missing room give under an IAM condition on tags?',
    assumes: 'delete: AccessDeniedException, which means gone only if GetRoom does not find the room either',
    async run(kit) {
      const client = kit.clientOf(await kit.aws.assumeRole(await kit.output('OnlyTagged'), kit.pause));
      try {
        await kit.until('the role can list rooms', () => client.listRooms({}).then(() => true, () => false), 300);
        const identifier = kit.absentRoom();
        const get = await client.getRoom({ identifier }).then(() => 'success', ({ name }: Error) => name);
        const remove = await client.deleteRoom({ identifier }).then(() => 'success', ({ name }: Error) => name);
        const permitted = await kit.client.getRoom({ identifier }).then(() => 'success', ({ name }: Error) => name);
        const holds = get === 'AccessDeniedException' && remove === get && permitted === 'ResourceNotFoundException';
        return { seen: `GetRoom ${get}, DeleteRoom ${remove}; with all permissions ${permitted}`, holds };
      } finally {
        client.destroy();
      }
    },
  },
  {
    id: 'fields-before-permission',
    group,
    question: 'Which comes first: the check of the fields or the check of the permission?',
    assumes: 'local IVS Chat: fields, permission, existence',
    async run(kit) {
      const role = await kit.aws.assumeRole(await kit.output('OnlyTagged'), kit.pause);
      const client = kit.clientOf(role, { validateInput: false });
      try {
        const wrong = await client.createRoom({ name: 'not a name' }).then(() => 'success', ({ name }: Error) => name);
        return { seen: `CreateRoom without permission and with a wrong name: ${wrong}`, holds: wrong === 'ValidationException' };
      } finally {
        client.destroy();
      }
    },
  },
];
