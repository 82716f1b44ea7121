import { type Answer, Harness, STACK_UUID } from './world/harness';
import { permissionsOfStack } from './world/permissions';
import { providerPolicy } from './world/provider-policy';
import { type ResourceType, resourceTypes } from './world/resource-types';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
}
interface Document {
  readonly Statement: readonly Statement[];
}

/** With this latency, a create takes longer than a second. */
const SLOW = { latency: 300 };
const policy: readonly Document[] = JSON.parse(providerPolicy());

/** An operation of the provider, in two parts: its setting, and the operation itself. */
type Operation = (type: ResourceType) => Promise<{
  readonly harness: Harness; readonly perform: () => Promise<Answer>;
}>;

const OLD = { Tags: { old: '1' } };

async function created({ options }: ResourceType): Promise<Harness> {
  const harness = new Harness({ ...options, ...SLOW });
  expect((await harness.create(OLD)).Status).toBe('SUCCESS');
  await harness.wait(3600);
  return harness;
}

async function existing({ options, arnResource }: ResourceType) {
  const harness = new Harness({ ...options, ...SLOW });
  const { arn } = harness.service.put(arnResource, { name: 'theirs' });
  await harness.wait(3600);
  return { harness, properties: { ExistingArn: arn } };
}

async function adopted(type: ResourceType) {
  const { harness, properties } = await existing(type);
  expect((await harness.create(properties)).Status).toBe('SUCCESS');
  await harness.wait(3600);
  return { harness, properties };
}

/** Adds a leftover of a create, which CloudFormation has never recorded. */
function putLeftover(harness: Harness, { arnResource }: ResourceType): void {
  const tags = {
    [ownershipTags.owner]: owner(harness.event({ RequestId: '-' })),
    [ownershipTags.createdBy]: `${STACK_UUID}/request-7/20260105T120000Z/lobby`,
  };
  harness.service.put(arnResource, { name: 'lobby', tags });
}

const operations: { readonly [title: string]: Operation } = {
  'create': async ({ options }) => {
    const harness = new Harness({ ...options, ...SLOW });
    return { harness, perform: () => harness.create(OLD) };
  },
  'update': async (type) => {
    const harness = await created(type);
    return { harness, perform: () => harness.update({ ...type.change.properties, ...OLD }, OLD) };
  },
  'rename': async (type) => {
    const harness = await created(type);
    return { harness, perform: () => harness.update({ Name: 'stage', ...OLD }, OLD) };
  },
  'add a tag': async (type) => {
    const harness = await created(type);
    return { harness, perform: () => harness.update({ Tags: { ...OLD.Tags, new: '1' } }, OLD) };
  },
  'remove a tag': async (type) => {
    const harness = await created(type);
    return { harness, perform: () => harness.update({}, OLD) };
  },
  'update after a lost owner tag': async (type) => {
    const harness = await created(type);
    harness.service.meddle(harness.recorded!, { tags: { ...OLD.Tags } });
    return { harness, perform: () => harness.update({ ...type.change.properties, ...OLD }, OLD) };
  },
  'delete': async (type) => {
    const harness = await created(type);
    return { harness, perform: () => harness.delete(OLD) };
  },
  'delete after a lost owner tag': async (type) => {
    const harness = await created(type);
    harness.service.meddle(harness.recorded!, { tags: {} });
    return { harness, perform: () => harness.delete(OLD) };
  },
  'delete a failed create': async (type) => {
    const harness = new Harness({ ...type.options, ...SLOW });
    putLeftover(harness, type);
    return { harness, perform: () => harness.delete({}, { PhysicalResourceId: 'pending/request-7/lobby' }) };
  },
  'delete a canceled create': async (type) => {
    const harness = new Harness({ ...type.options, ...SLOW });
    putLeftover(harness, type);
    return { harness, perform: () => harness.delete({}, { PhysicalResourceId: 'chat-Room-1A2B3C4D5E6F7' }) };
  },
  'adopt': async (type) => {
    const { harness, properties } = await existing(type);
    return { harness, perform: () => harness.create({ ...properties, ...OLD }) };
  },
  'adopt from another construct': async (type) => {
    const harness = new Harness({ ...type.options, ...SLOW });
    harness.setStatus('Former', 'CREATE_IN_PROGRESS');
    const { PhysicalResourceId: arn } = await harness.deliver(harness.event({ LogicalResourceId: 'Former' }));
    harness.retain('Former');
    await harness.wait(3600);
    return { harness, perform: () => harness.create({ ExistingArn: arn, ...type.change.properties }) };
  },
  'update an adopted one after a lost owner tag': async (type) => {
    const { harness, properties } = await adopted(type);
    harness.service.meddle(properties.ExistingArn, { tags: {} });
    return { harness, perform: () => harness.update({ ...properties, ...type.change.properties }, properties) };
  },
  'release': async (type) => {
    const { harness, properties } = await adopted(type);
    return { harness, perform: () => harness.delete(properties) };
  },
};

/** The operations that fail when the provider has these policies only. Each must name a call that IAM refused. */
async function failing(type: ResourceType, documents: readonly Document[]): Promise<string[]> {
  const titles: string[] = [];
  for (const [title, operation] of Object.entries(operations)) {
    const { harness, perform } = await operation(type);
    harness.allowed = permissionsOfStack(JSON.stringify(documents), STACK_UUID);
    const { Status, Reason } = await perform();
    if (Status === 'SUCCESS') continue;
    expect(Reason).toContain('AccessDenied');
    titles.push(title);
  }
  return titles;
}

const updates = ['update', 'rename', 'add a tag', 'remove a tag', 'update after a lost owner tag'];
const deletesOfFailedCreates = ['delete a failed create', 'delete a canceled create'];
const deletes = ['delete', 'delete after a lost owner tag', ...deletesOfFailedCreates];
const adoptions = ['adopt', 'adopt from another construct', 'update an adopted one after a lost owner tag'];
const settings = ['update', 'rename', 'update after a lost owner tag', ...adoptions];

/** The operations that fail without a statement or one action of it. `KIND` stands for the kind of the resource. */
const neededBy: { readonly [removed: string]: readonly string[] } = {
  'AskCloudFormation': ['create', ...updates, ...deletesOfFailedCreates, ...adoptions],
  'AskCloudFormation cloudformation:DescribeStackResource': [
    'create', ...updates, ...deletesOfFailedCreates, ...adoptions,
  ],
  'AskCloudFormation cloudformation:DescribeStackEvents': ['delete a canceled create'],
  'AskCloudFormation cloudformation:ListStackResources': ['adopt from another construct'],
  'TagOnCreate': ['create', 'update after a lost owner tag', 'delete after a lost owner tag'],
  'List': ['create', ...deletes],
  'List ivschat:ListKINDs': ['create', ...deletes],
  'Read': ['create', ...updates, 'delete', 'delete after a lost owner tag', ...adoptions, 'release'],
  'Read ivschat:GetKIND': ['create', ...updates, 'delete', 'delete after a lost owner tag', ...adoptions, 'release'],
  'ChangeOwn': [...updates, ...deletes, ...adoptions, 'release'],
  'ChangeOwn ivschat:UpdateKIND': settings,
  'ChangeOwn ivschat:DeleteKIND': deletes,
  'ChangeOwn ivschat:TagResource': [
    'add a tag',
    'remove a tag',
    'update after a lost owner tag',
    'adopt',
    'update an adopted one after a lost owner tag',
  ],
  'ChangeOwn ivschat:UntagResource': ['remove a tag', 'release'],
  'CreateKIND': ['create'],
  'Adopt': ['adopt', 'update an adopted one after a lost owner tag'],
};

interface Removal {
  readonly title: string;
  readonly documents: readonly Document[];
}

const actionsOf = ({ Action }: Statement) => [Action].flat();
const otherKind = ({ kind }: ResourceType) => (kind === 'Room' ? 'LoggingConfiguration' : 'Room');
const isOfOther = (type: ResourceType, name: string) => new RegExp(`${otherKind(type)}s?$`).test(name);

/** The policies with one statement replaced or removed. */
function replace(replaced: Statement, replacement?: Statement): Document[] {
  const by = replacement ? [replacement] : [];
  return policy.map(
    ({ Statement }) => ({ Statement: Statement.flatMap((statement) => (statement === replaced ? by : [statement])) }),
  );
}

const statements = policy.flatMap(({ Statement }) => Statement)
  .filter((statement) => actionsOf(statement).some((action) => /^(ivschat|cloudformation):/.test(action)));

/** Every statement that is about IVS Chat or CloudFormation, and every action of the statements with several. */
function removals(type: ResourceType): Removal[] {
  return statements.filter(({ Sid }) => !isOfOther(type, Sid!)).flatMap((statement) => {
    const actions = actionsOf(statement);
    const each = actions.length === 1 ? [] : actions.filter((action) => !isOfOther(type, action)).map((action) => ({
      title: `${statement.Sid} ${action.replace(type.kind, 'KIND')}`,
      documents: replace(statement, { ...statement, Action: actions.filter((other) => other !== action) }),
    }));
    return [{ title: statement.Sid!.replace(type.kind, 'KIND'), documents: replace(statement) }, ...each];
  });
}

describe.each(resourceTypes)('The policies of the provider, for a %s,', (_, type) => {
  test('allow every operation', async () => {
    expect(await failing(type, policy)).toEqual([]);
  });

  test('have no statement and no action that these tests do not cover', () => {
    expect(removals(type).map(({ title }) => title).sort()).toEqual(Object.keys(neededBy).sort());
  });

  test.each(removals(type).map(
    ({ title, documents }) => [title, documents] as const,
  ))('are not enough without %s', async (title, documents) => {
    const needed = new Set(neededBy[title]);
    if (type.kind === 'LoggingConfiguration' && title.startsWith('Read')) {
      for (const operation of deletesOfFailedCreates) needed.add(operation); // their end is waited for
    }
    expect(needed.size).toBeGreaterThan(0);
    expect(new Set(await failing(type, documents))).toEqual(needed);
  });

  test('allow every operation without the permissions that only the other type needs', async () => {
    const documents = policy.map(({ Statement }) => ({
      Statement: Statement.filter(({ Sid }) => !isOfOther(type, Sid ?? '')).map((statement) => ({
        ...statement, Action: actionsOf(statement).filter((action) => !isOfOther(type, action)),
      })),
    }));
    expect(JSON.stringify(documents)).not.toMatch(new RegExp(`ivschat:[A-Za-z]*${otherKind(type)}`));
    expect(await failing(type, documents)).toEqual([]);
  });
});
