import type { Verdict } from './schedule';
import { quiet, type Rates, worlds, worldsOfDenial } from './worlds';

/** A design that is known to be wrong, as changes to the source of the right design. */
export interface Mutant {
  readonly name: string;
  /** The harm that it does. The right design does not do this harm in the same world. */
  readonly harm: keyof Verdict;
  readonly changes: readonly { readonly file: string; readonly from: string; readonly to: string }[];
  /** A world in which few schedules suffice to show the harm. */
  readonly world: Partial<Rates>;
}

const noHistory = [
  {
    file: 'stack-history',
    from: '  if (recent.length === 0) return [];\n',
    to: '  if (recent.length >= 0) return [...recent];\n',
  },
];
const neverWaits = [
  { file: 'late-writes', from: '  if (endTime === 0 ||', to: '  if (endTime >= 0 ||' },
];

export const mutants: readonly Mutant[] = [
  {
    name: 'a create that removes what an earlier request of the same owner has made',
    harm: 'retainedLost',
    world: worlds['retained resources']!,
    changes: [{
      file: 'create-resource',
      from: '        if (oldest) return oldest.arn;\n        progress.physicalId',
      to: '        const all = await resource.list(name);\n'
        + '        for (const live of all) if (live !== oldest) await resource.remove(live.arn);\n'
        + '        if (oldest) return oldest.arn;\n        progress.physicalId',
    }],
  },
  {
    name: 'a delete of a retained resource\'s successor that removes everything of the owner',
    harm: 'retainedLost',
    world: { ...worlds['retained resources'], retain: 0.5 },
    changes: [{
      file: 'delete-resource',
      from: 'const made = await resource.listCreatedBy(creation.request, creation.name);',
      to: 'const made = await resource.list(creation.name);',
    }],
  },
  {
    name: 'a delete of a failed create that removes everything of the owner',
    harm: 'lost',
    world: worlds['no rollback']!,
    changes: [
      {
        file: 'delete-resource',
        from: 'resource.listCreatedBy(request, name), [])',
        to: 'resource.list(name || request), [])',
      },
      {
        file: 'delete-resource',
        from: 'if (await recordedId(resource) !== live.arn)',
        to: 'if (live)',
      },
    ],
  },
  {
    name: 'a create that insists on CREATE_IN_PROGRESS',
    harm: 'stuck',
    world: worlds['no rollback']!,
    changes: [{
      file: 'request-status',
      from: "(status === 'UPDATE_IN_PROGRESS' && !resource",
      to: "(status === 'NEVER' && !resource",
    }],
  },
  {
    name: 'an update that checks only once whether CloudFormation waits for it',
    harm: 'wrong',
    world: worlds['canceled operations that the service refuses']!,
    changes: [{
      file: 'update-resource',
      from: 'const isOld = () => !this.live || effects.now() - this.lookedAt >= checkValidity;',
      to: 'const isOld = () => !this.live;',
    }],
  },
  {
    name: 'an update that does not wait for the requests before it',
    harm: 'wrong',
    world: { ...quiet, cancel: 0.8, fault: 0.4, lateness: 30_000 },
    changes: [{
      file: 'update-resource',
      from: 'if (!isCalm(resource, live, former)) await',
      to: 'if (!isCalm && former) await',
    }],
  },
  {
    name: 'an update that does not restore the owner tag',
    harm: 'stuck',
    world: worlds['tags edited by hand']!,
    changes: [
      { file: 'update-resource', from: 'if (owner === resource.owner) return;', to: "if (owner !== '') return;" },
      { file: 'delete-resource', from: 'if (owner === undefined) await tag(', to: "if (owner === '') await tag(" },
    ],
  },
  {
    name: 'a delete that takes a refusal for success',
    harm: 'orphans',
    world: worlds['IAM locks the provider out']!,
    changes: [
      { file: 'failed-create', from: 'if (!event.PhysicalResourceId?.startsWith(UNCREATED.denied) || ', to: 'if (' },
      {
        file: 'delete-resource',
        from: 'const earlier = (await resource.list(name))',
        to: 'const earlier = (await unlessStillDenied(resource, resource.list(name), []))',
      },
    ],
  },
  {
    name: 'a delete that does not wait for IAM',
    harm: 'failedDeletes',
    world: { ...quiet, tagLag: 3000, rollBack: 0.5, edit: 0.5, statusLags: [0] },
    changes: [{
      file: 'invocation',
      from: 'return (isAccessDenied(error) || INVALID',
      to: "return ((isAccessDenied(error) && !this.step.startsWith('Delete')) || INVALID",
    }],
  },
  {
    name: 'a rollback that deletes an adopted resource',
    harm: 'lost',
    world: worlds.adoption!,
    changes: [{
      file: 'delete-resource',
      from: "if (typeof properties.existingArn === 'string') await",
      to: "if (typeof properties.existingArn === 'string' && !arn) await",
    }],
  },
  {
    name: 'a clean-up that releases a resource which a later attempt has adopted',
    harm: 'wrong',
    world: { ...worlds.adoption, noRollback: 1, refusal: 0.5 },
    changes: [{
      file: 'adopt-resource',
      from: 'if (!resource.arn && await wasRecordedSince(resource, arn, adoptedBy?.requestTime ?? 0)) return;',
      to: '',
    }],
  },
  {
    name: 'a late duplicate that removes its resource even if CloudFormation has recorded it',
    harm: 'lost',
    world: { ...quiet, duplicate: 1, duplicateWithin: 120_000 },
    changes: [
      ...noHistory,
      { file: 'create-resource', from: 'if (await recordedId(resource) !== arn) await', to: 'if (arn) await' },
    ],
  },
  {
    name: 'a delete of an invented id that does not read the history of the stack',
    harm: 'retainedLost',
    world: { ...worlds['retained resources'], retain: 0.5, cancel: 0.5 },
    changes: noHistory,
  },
  {
    name: 'an update that removes the tags of others',
    harm: 'foreign',
    world: worlds['tags edited by hand']!,
    changes: [{
      file: 'tags',
      from: 'filter((key) => isIn(listed, key))',
      to: 'filter((key) => isIn(listed + abbreviated(key), key))',
    }],
  },
  {
    name: 'a create that waits until there is no tag of others',
    harm: 'failedCreates',
    world: { ...quiet, autoTagger: 1 },
    changes: [{
      file: 'until-shown',
      from: '  return [...kind.differences(live, desired), ...tags];',
      to: '  const foreign = Object.keys(live.tags)\n'
        + "    .filter((key) => !(key in (desired.tags ?? {})) && !key.startsWith('cdk-ivs-chat:'));\n"
        + '  return [...kind.differences(live, desired), ...tags, ...foreign];',
    }],
  },
  {
    name: 'a failed update without rollback that leaves its tags',
    harm: 'wrong',
    world: { ...worlds['no rollback'], crash: 0.1 },
    changes: [{
      file: 'tags',
      from: 'filter((key) => isIn(listed, key))',
      to: 'filter((key) => isIn(listed.slice(250), key))',
    }],
  },
  {
    name: 'an update that fails when a response cannot be parsed',
    harm: 'failedUpdates',
    world: { ...quiet, fault: 0.05 },
    changes: [{
      file: 'invocation',
      from: '|| isUnreadable(attempt)) return true;',
      to: ') return isUnreadable === undefined;',
    }],
  },
  {
    name: 'two deliveries of one create that do not look again',
    harm: 'siblings',
    world: { ...quiet, duplicate: 1, duplicateWithin: 500 },
    changes: [{
      file: 'create-resource',
      from: 'progress.mayLeaveResources = siblings.length > 0 ||',
      to: 'progress.mayLeaveResources = siblings.length > 99 &&',
    }, {
      file: 'create-resource',
      from: '    if (error instanceof SupersededError) await removeUnrecorded(resource);\n',
      to: '    progress.mayLeaveResources = false;\n',
    }, {
      file: 'create-resource',
      from: '    if (oldest!.arn !== arn) shown =',
      to: "    if (oldest!.arn === '') shown =",
    }],
  },
  {
    name: 'a create under Retain that trusts its last look',
    harm: 'orphans',
    world: { ...worlds['retained resources'], cancel: 0.8 },
    changes: [{ file: 'create-resource', from: " || desired.deletionPolicy === 'Retain';", to: ';' }],
  },
  {
    name: 'a request without X-Amz-Date that uses the current time instead',
    harm: 'failedUpdates',
    world: { ...quiet, signedByExpiry: 1, duplicate: 1, duplicateWithin: 600_000 },
    changes: [
      {
        file: 'event',
        from: 'if (!expires || !/^[0-9]{9,11}$/.test(expires)) return',
        to: 'if (!expires || expires) return',
      },
      {
        file: 'managed-resource',
        from: 'if (requestTime(this.event) === undefined && !this.invocation.effects.isEmulated) {',
        to: 'if (requestTime(this.event) === null) {',
      },
    ],
  },
  {
    name: 'a create that continues without the permission to read its status',
    harm: 'orphans',
    world: worldsOfDenial['DescribeStackResource is denied']!,
    changes: [{
      file: 'request-status',
      from: '    const answer = await describe(resource);\n',
      to: '    const { StackId, LogicalResourceId } = resource.event;\n'
        + '    const answer = await effects.cloudFormation.describeStackResource(StackId, LogicalResourceId)\n'
        + '      .catch(() => undefined);\n'
        + '    if (!answer) return 0;\n',
    }],
  },
  {
    name: 'a create that is sent again when its response is lost',
    harm: 'siblings',
    world: { ...quiet, fault: 0.5, lateness: 34_000 },
    changes: [
      {
        file: 'create-resource',
        from: 'if (error instanceof AmbiguousOutcomeError || error instanceof IncompleteResponseError) {',
        to: 'if (error === undefined) {',
      },
      {
        file: 'invocation',
        from: 'if (error instanceof AmbiguousOutcomeError) return false;',
        to: 'if (error instanceof AmbiguousOutcomeError) return true;',
      },
      {
        file: 'create-resource',
        from: "outcome.isAmbiguous || desired.deletionPolicy === 'Retain';",
        to: 'outcome.isAmbiguous;',
      },
    ],
  },
  {
    name: 'a create that does not check whether CloudFormation waits for it',
    harm: 'orphans',
    world: { lateDuplicate: 0.5 },
    changes: [{ file: 'request-status', from: "    if (verdict === 'awaited') return", to: '    if (verdict) return' }],
  },
  {
    name: 'a delete that does not wait for late writes',
    harm: 'orphans',
    world: worlds['canceled operations only']!,
    changes: neverWaits,
  },
  {
    name: 'a delete that forgets requests which take effect late',
    harm: 'orphans',
    world: { ...quiet, statusLags: [0], lateness: 34_000, cancel: 1, crash: 0.45 },
    changes: [
      { file: 'timing', from: '  writeDelay: 35_000,', to: '  writeDelay: 0,' },
      // Statuses are never old in that world.
      { file: 'timing', from: '  statusLag: 15_000,', to: '  statusLag: 1000,' },
    ],
  },
  {
    name: 'a delete that forgets that statuses lag behind',
    harm: 'orphans',
    world: {
      ...quiet, statusLags: [14_000], lateness: 34_000, cancel: 1, duplicate: 1, duplicateWithin: 20_000, crash: 0.25,
    },
    changes: [{
      file: 'timing',
      from: 'const endTime = statusLag + CLOCK_TOLERANCE + drainTime;',
      to: 'const endTime = CLOCK_TOLERANCE;',
    }],
  },
  {
    name: 'a delete that does not wait until the resource is gone',
    harm: 'orphans',
    world: {},
    changes: [{
      file: 'delete-resource',
      from: '  if (state !== undefined) await untilGone(resource, arn);\n',
      to: "  if (state === '') await untilGone(resource, arn);\n",
    }],
  },
  {
    name: 'an adoption that relies on an old list',
    harm: 'failedCreates',
    world: { ...quiet, adopt: 1, retain: 1, statusLags: [10_000] },
    changes: [{
      file: 'adopt-resource',
      from: 'if (other === undefined || isCurrentView(',
      to: 'if (other === undefined || other || isCurrentView(',
    }],
  },
  {
    name: 'a request that takes a status to be as recent as its response',
    harm: 'failedCreates',
    world: { ...worlds['statuses that arrive late'], cancel: 0 },
    changes: [{
      file: 'request-status',
      from: '    const askedAt = effects.now();\n    const answer = await describe(resource);\n',
      to: '    const answer = await describe(resource);\n    const askedAt = effects.now();\n',
    }],
  },
  {
    name: 'an update that does not notice a later request of the same second',
    harm: 'failedUpdates',
    world: worlds['two requests in one second']!,
    changes: [{
      file: 'update-resource',
      from: 'this.inProgressSince ??= since;',
      to: 'this.inProgressSince = since;',
    }],
  },
];
