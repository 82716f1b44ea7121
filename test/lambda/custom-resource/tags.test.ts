import { Harness, STACK_UUID } from './world/harness';
import type { ManagedResource } from '../../../lambda/custom-resource/managed-resource';
import type { Live } from '../../../lambda/custom-resource/resource-kind';
import { createdBy } from '../../../lambda/custom-resource/ownership';
import {
  birthTags, changeTags, lostTags, mark, missingTags, obsoleteTags, updatedBy,
} from '../../../lambda/custom-resource/tags';
import { isOwnershipTag, MAXIMUM_USER_TAGS, ownershipTags } from '../../../src/contract/ownership-tags';

const { owner, createdBy: createdByKey, updatedBy: updatedByKey, tagKeys } = ownershipTags;

const resource = {
  owner: 'stack/hash',
  stack: 'stack',
  request: 'request-1',
  requestedAt: '20260105T120000Z',
  invocation: { effects: { now: () => Date.UTC(2026, 0, 5, 12, 0, 7, 999) } },
} as unknown as ManagedResource;

/** The value of the tag `tag-keys` for these keys. */
const listOf = (keys: readonly string[]): string => {
  const tags = Object.fromEntries(keys.map((key) => [key, '']));
  return birthTags(resource, { name: 'lobby', tags })[tagKeys] ?? '';
};

describe('the tag created-by', () => {
  test.each([
    [
      'stack/request-1/20260105T120000Z/lobby',
      { request: 'request-1', requestedAt: '20260105T120000Z', name: 'lobby' },
    ],
    ['stack/-/-/', undefined],
    ['stack/-/20260105T120000Z/lobby', undefined],
    ['stack/request-1/20260105T120000Z/', undefined],
    ['stack/request-1/20260105T120000Z', undefined],
    ['stack//20260105T120000Z/lobby', undefined],
    ['stack/request-1//lobby', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('is read from %j', (tag, expected) => {
    expect(createdBy(tag === undefined ? {} : { [createdByKey]: tag })).toEqual(expected);
  });

  test('is read as the create call writes it', () => {
    expect(createdBy(birthTags(resource, { name: 'lobby' })))
      .toEqual({ request: 'request-1', requestedAt: '20260105T120000Z', name: 'lobby' });
  });
});

describe('the tag updated-by', () => {
  const requestTime = Date.UTC(2026, 0, 5, 12);
  test.each([
    [
      '20260105T120000Z/request-1/20260105T120007Z',
      { request: 'request-1', requestTime, markedAt: requestTime + 7000 },
    ],
    ['20260105T120000Z/request-1', undefined],
    ['20260105T120000Z/request-1/x', undefined],
    ['x/request-1/20260105T120007Z', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('is read from %j', (tag, expected) => {
    expect(updatedBy(tag === undefined ? {} : { [updatedByKey]: tag })).toEqual(expected);
  });

  test('has the time of the request, the request and the time of the mark', () => {
    expect(mark(resource)).toEqual({ [updatedByKey]: '20260105T120000Z/request-1/20260105T120007Z' });
    expect(updatedBy(mark(resource))).toEqual({ request: 'request-1', requestTime, markedAt: requestTime + 7000 });
  });
});

describe('the tags of the create call', () => {
  test('have the owner, the request with its time, and the name', () => {
    expect(birthTags(resource, { name: 'lobby' })).toEqual({
      [owner]: 'stack/hash', [createdByKey]: 'stack/request-1/20260105T120000Z/lobby',
    });
  });

  test('have the tags of the user, and the list of their keys', () => {
    const tags = birthTags(resource, { name: 'lobby', tags: { team: 'x' } });
    expect(tags).toMatchObject({ team: 'x', [owner]: 'stack/hash' });
    expect(tags[tagKeys]).toMatch(/^[\w-]{5}$/);
  });
});

describe('the tags that an update restores after the owner tag was lost', () => {
  const live = (tags: object) => ({ tags }) as never;

  test('are the owner, a created-by without a request, and the keys that the request knows', () => {
    expect(lostTags(resource, live({}), { team: '1' })).toEqual({
      [owner]: 'stack/hash', [createdByKey]: 'stack/-/-/', [tagKeys]: listOf(['team']),
    });
  });

  test('include the values that the resource still has', () => {
    const tags = { [createdByKey]: 'stack/request-0/20260101T000000Z/lobby', [tagKeys]: listOf(['stage']) };
    expect(lostTags(resource, live(tags), { team: '1' })).toEqual({ [owner]: 'stack/hash', ...tags });
  });
});

test('a desired tag is missing if it does not exist or has another value', () => {
  const actual = { same: '1', other: '1', extra: '1' };
  expect(missingTags(actual, { same: '1', other: '2', new: '', toString: 'x' })).toEqual(['other', 'new', 'toString']);
  expect(missingTags({}, {})).toEqual([]);
});

describe('a tag is obsolete', () => {
  const keys = ['team', 'stage'];

  test('if the former properties have it and the new ones do not', () => {
    expect(obsoleteTags({ team: '1', stage: '1' }, { team: '1', stage: '1' }, { stage: '2' })).toEqual(['team']);
  });

  test('if the tag tag-keys lists it and the new properties do not have it', () => {
    const actual = { team: '1', stage: '1', theirs: '1', [tagKeys]: listOf(keys) };
    expect(obsoleteTags(actual, {}, { stage: '1' })).toEqual(['team']);
    expect(obsoleteTags(actual, { team: '1' }, {}).sort()).toEqual(['stage', 'team']);
    expect(obsoleteTags({ ...actual, [tagKeys]: '' }, {}, {})).toEqual([]);
  });

  test('only if it is on the resource, or in the former properties', () => {
    expect(obsoleteTags({ [tagKeys]: listOf(keys) }, {}, {})).toEqual([]);
  });

  test('never if it is a tag of AWS or of the library', () => {
    const reserved = ['aws:cloudformation:stack-name', 'aws:x', ...Object.values(ownershipTags)];
    const actual = Object.fromEntries(reserved.map((key) => [key, 'x']));
    expect(obsoleteTags({ ...actual, [tagKeys]: listOf(reserved) }, {}, {})).toEqual([]);
    expect(obsoleteTags({ awsome: '1', [tagKeys]: listOf(['awsome']) }, {}, {})).toEqual(['awsome']);
  });

  test('never if the list has the five characters of its key across two entries', () => {
    const shifted = `x${listOf(['team'])}yyyy`;
    expect(obsoleteTags({ team: '1', [tagKeys]: shifted }, {}, {})).toEqual([]);
  });
});

describe('the list of tag keys', () => {
  test('fits the keys of all tags that a user can set', () => {
    const longest = Array.from({ length: MAXIMUM_USER_TAGS }, (_, index) => `${'k'.repeat(125)}${100 + index}`);
    expect(MAXIMUM_USER_TAGS).toBe(46);
    expect(listOf(longest).length).toBe(230);
    expect(listOf(longest).length).toBeLessThanOrEqual(256);
    expect(listOf(longest)).toMatch(/^[a-zA-Z0-9_-]+$/);
    const actual = { ...Object.fromEntries(longest.map((key) => [key, '1'])), theirs: '1', [tagKeys]: listOf(longest) };
    expect(obsoleteTags(actual, {}, {})).toEqual(longest);
  });

  test('does not depend on the order of the tags', () => {
    expect(listOf(['a', 'b', 'c'])).toBe(listOf(['c', 'a', 'b']));
  });
});

describe('an update', () => {
  const userTags = (harness: Harness) => (
    Object.fromEntries(Object.entries(harness.owned[0]!.tags).filter(([key]) => !isOwnershipTag(key))));

  /** A room that was created an hour ago, with tags of the stack and of others. */
  async function created(Tags: Record<string, string>, others: Record<string, string> = {}) {
    const harness = new Harness();
    await harness.create({ Tags });
    const stored = harness.owned[0]!;
    const { updateTime } = stored;
    harness.service.meddle(stored.arn, { tags: { ...stored.tags, ...others }, updateTime });
    await harness.wait(3600);
    harness.reset();
    return harness;
  }

  test('adds, changes and removes the tags of the stack and keeps all others', async () => {
    const others = { 'theirs': '1', 'aws:cloudformation:stack-name': 'chat' };
    const harness = await created({ kept: '1', changed: '1', removed: '1' }, others);
    const answer = await harness.update(
      { Tags: { kept: '1', changed: '2', added: '1' } }, { Tags: { kept: '1', changed: '1', removed: '1' } });
    expect(answer.Status).toBe('SUCCESS');
    expect(userTags(harness)).toEqual({ kept: '1', changed: '2', added: '1', ...others });
    const untag = harness.calls.find(({ operation }) => operation === 'UntagResource')!;
    expect([untag.input.tagKeys].flat()).toEqual(['removed']);
    const tag = harness.calls.filter(({ operation }) => operation === 'TagResource').at(-1)!;
    expect(Object.keys(tag.input.tags).filter((key) => !isOwnershipTag(key))).toEqual(['changed', 'added']);
  });

  test('without a change of tags does not call TagResource or UntagResource', async () => {
    const harness = await created({ team: '1' }, { theirs: '1' });
    expect((await harness.update({ Tags: { team: '1' }, MaximumMessageLength: '7' }, { Tags: { team: '1' } })).Status)
      .toBe('SUCCESS');
    expect(harness.operations).not.toContain('TagResource');
    expect(harness.operations).not.toContain('UntagResource');
  });

  test('restores a tag of the stack that was removed by hand', async () => {
    const harness = await created({ team: '1' });
    const { team: _, ...tags } = harness.owned[0]!.tags;
    harness.service.meddle(harness.recorded!, { tags });
    expect((await harness.update({ Tags: { team: '1' }, MaximumMessageLength: '7' }, { Tags: { team: '1' } })).Status)
      .toBe('SUCCESS');
    expect(userTags(harness)).toEqual({ team: '1' });
  });

  test('removes a tag of a failed update that was not rolled back', async () => {
    const harness = await created({ team: '1' }, { theirs: '1' });
    harness.intercept = ({ operation }) => (operation === 'GetRoom' && harness.operations.includes('TagResource')
      ? { status: 400, body: '{"message":"no"}', headers: { 'x-amzn-errortype': 'ValidationException' } } : undefined);
    const failed = await harness.update({ Tags: { team: '1', left: '1' } }, { Tags: { team: '1' } });
    expect(failed.Status).toBe('FAILED');
    expect(userTags(harness)).toEqual({ team: '1', left: '1', theirs: '1' });
    harness.reset();
    await harness.wait(600);

    // CloudFormation sends the properties from before the failed update.
    expect((await harness.update({ Tags: { team: '2' } }, { Tags: { team: '1' } })).Status).toBe('SUCCESS');
    expect(userTags(harness)).toEqual({ team: '2', theirs: '1' });
  });

  test('replaces 46 tags by 46 others', async () => {
    const tags = (prefix: string) =>
      Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`${prefix}-${index}`, 'x']));
    const harness = await created(tags('old'));
    expect(Object.keys(harness.owned[0]!.tags)).toHaveLength(49);
    expect((await harness.update({ Tags: tags('new') }, { Tags: tags('old') })).Status).toBe('SUCCESS');
    expect(userTags(harness)).toEqual(tags('new'));
    expect(Object.keys(harness.owned[0]!.tags)).toHaveLength(50);
  });

  test('never changes created-by, and writes the mark and the list with its last tag', async () => {
    const harness = await created({ team: '1' });
    const before = harness.owned[0]!.tags;
    expect((await harness.update({ Tags: { team: '2' } }, { Tags: { team: '1' } })).Status).toBe('SUCCESS');
    const after = harness.owned[0]!.tags;
    expect(after[createdByKey]).toBe(before[createdByKey]);
    expect(after[createdByKey]).toMatch(new RegExp(`^${STACK_UUID}/request-1/[0-9TZ]+/lobby$`));
    expect(after[owner]).toBe(before[owner]);
    expect(after[updatedByKey]).toMatch(/^[0-9TZ]+\/request-2\/[0-9TZ]+$/);
    expect(after[tagKeys]).toBe(listOf(['team']));
  });

  test.each([
    ['TagResource', { new: '1' }],
    ['UntagResource', {}],
  ])('reports a %s that the service refuses', async (operation, Tags) => {
    const harness = await created({ old: '1' });
    harness.intercept = (call) => (call.operation === operation
      ? { status: 400, body: '{"message":"no"}', headers: { 'x-amzn-errortype': 'ValidationException' } } : undefined);
    const { Status, Reason } = await harness.update({ Tags }, { Tags: { old: '1' } });
    expect(Status).toBe('FAILED');
    expect(Reason).toMatch(new RegExp(`^${operation} failed: ValidationException: no`));
  });
});

describe('a change of tags', () => {
  test('sends the missing tags, the keys of all tags and the mark, and checks before each write', async () => {
    const steps: unknown[] = [];
    const { invocation } = resource;
    const recording = {
      ...resource,
      invocation: { ...invocation, call: (_: string, operation: () => Promise<unknown>) => operation() },
      client: { send: async ({ input }: { input: unknown }) => steps.push(input) },
    } as unknown as ManagedResource;
    const current = { arn: 'arn', tags: { kept: '1', old: '2' } } as unknown as Live;
    const check = async () => steps.push('check');
    await changeTags(recording, current, { kept: '1', old: '2' }, { kept: '1', new: '3' }, check);
    expect(steps).toEqual([
      'check',
      { resourceArn: 'arn', tagKeys: ['old'] },
      'check',
      { resourceArn: 'arn', tags: { new: '3', [tagKeys]: listOf(['kept', 'new']), ...mark(resource) } },
    ]);
  });

  test('compares exact values and own keys', () => {
    expect(missingTags({ team: 'A' }, { team: 'a' })).toEqual(['team']);
    expect(obsoleteTags({ team: '' }, { team: '' }, { team: '' })).toEqual([]);
    expect(obsoleteTags({ constructor: '1' }, { constructor: '1' }, {})).toEqual(['constructor']);
  });

  // The tags of existing resources have these values, so a new version must compute the same ones.
  test('keeps the form of the list of keys, and the owner wins over a tag of the user', () => {
    expect(listOf(['team'])).toBe('yosi0');
    expect(birthTags(resource, { tags: { [owner]: 'mine' } })[owner]).toBe('stack/hash');
  });
});
