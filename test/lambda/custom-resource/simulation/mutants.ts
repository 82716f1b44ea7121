import type { Rates } from './rates';

/** A design that is known to be wrong, as changes to the sources of the right one. */
export interface Mutant {
  readonly name: string;
  /** What it does to people. */
  readonly harm: 'orphans' | 'lost' | 'stuck';
  readonly changes: readonly { readonly file: string; readonly from: string; readonly to: string }[];
  /** A world in which it comes out soon. */
  readonly rates?: Partial<Rates>;
}

const blindRetry = [
  { file: 'lifecycle', from: 'if (error instanceof AmbiguousOutcomeError || error instanceof IncompleteAnswer) {', to: 'if (error === undefined) {' },
  { file: 'session', from: 'if (error instanceof AmbiguousOutcomeError) return false;', to: 'if (error instanceof AmbiguousOutcomeError) return true;' },
  { file: 'lifecycle', from: 'return mine?.arn;', to: 'return undefined;' },
];
const nothingIsSwept = [
  { file: 'target', from: '    return listed\n', to: '    return listed.slice(listed.length)\n' },
];
const noFence = [
  { file: 'fence', from: '  const { effects } = session;\n', to: '  const { effects } = session;\n  if (effects) return { wanted: true };\n' },
];

export const mutants: readonly Mutant[] = [
  { name: 'blind retry: a create is sent again when its answer is lost, and a delete deletes what is recorded', harm: 'orphans', changes: [...blindRetry, ...nothingIsSwept] },
  { name: 'tag without fence: a create believes that it is waited for', harm: 'orphans', changes: noFence },
  {
    name: 'a fence that deletes what it adopted',
    harm: 'lost',
    changes: [
      { file: 'lifecycle', from: '  if (createdHere) {\n', to: '  {\n' },
      { file: 'lifecycle', from: 'if (!now.wanted && now.recorded !== arn) {', to: 'if (!now.wanted) {' },
    ],
  },
  {
    name: 'a delete that trusts stale status',
    harm: 'orphans',
    changes: [{
      file: 'lifecycle',
      from: '  const found = arn ? await target.find(arn) : undefined;\n',
      to: '  if (!arn && !/^DELETE_IN/.test((await session.call(\'\', () => effects.describeStackResource(event.StackId, event.LogicalResourceId))).status)) return;\n'
        + '  const found = arn ? await target.find(arn) : undefined;\n',
    }],
  },
  {
    name: 'a delete that does not wait for creates that are still on their way',
    harm: 'orphans',
    changes: [{ file: 'lifecycle', from: '  if (end > session.effects.now()) {', to: '  if (end < 0) {' }],
  },
  {
    name: 'a delete that forgets about requests which are carried out late',
    harm: 'orphans',
    changes: [{ file: 'times', from: 'const LATENESS = 35_000;', to: 'const LATENESS = 0;' }],
    rates: { statusLags: [14_000], lateness: 34_000, cancel: 1, fault: 0.5, crash: 0, duplicate: 0, lateDuplicate: 0 },
  },
  {
    name: 'a delete that forgets that the status of a cancelled create lags behind',
    harm: 'orphans',
    changes: [{ file: 'times', from: '    untilNothingMoreComes: ANSWER_TIME + STATUS_LAG + FRESHNESS + untilListed,', to: '    untilNothingMoreComes: untilListed - LATENESS,' }],
  },
  {
    name: 'a create that does not say that it is answered late',
    harm: 'orphans',
    changes: [{ file: 'tags', from: 'if (now <= createTime + answerTime) return;', to: 'if (answerTime > 0) return;' }],
    rates: {
      statusLags: [14_000],
      readLag: 0,
      cancel: 0,
      fault: 0,
      crash: 0.25,
      duplicate: 1,
      duplicateWithin: 14_000,
      lateDuplicate: 0,
      again: 0,
      calmAfterCreate: true,
    },
  },
  {
    name: 'a delete that takes what the service accepted for done',
    harm: 'orphans',
    changes: [{ file: 'lifecycle', from: '  for (const one of left) if (ours || one !== arn) await untilGone(target, one);\n', to: '' }],
  },
  {
    name: 'a delete that also sweeps what later creates made',
    harm: 'lost',
    changes: [{ file: 'lifecycle', from: 'if (born > target.born || arn === target.arn) continue;', to: 'if (!born || arn === target.arn) continue;' }],
  },
  {
    name: 'a late duplicate that tidies up without knowing what is recorded',
    harm: 'lost',
    changes: [{ file: 'fence', from: "status: 'the request is too old', recorded }", to: "status: 'the request is too old' }" }],
  },
  {
    name: 'a fence that takes an old view for the present one',
    harm: 'stuck',
    changes: [
      { file: 'times', from: 'const STATUS_LAG = 15_000;', to: 'const STATUS_LAG = 0;' },
      { file: 'fence', from: 'if (tooOld) return { wanted: false', to: 'if (tooOld || since < bornAt - 60_000) return { wanted: false' },
    ],
  },
  {
    name: 'an update that renames and leaves behind what has the old name',
    harm: 'orphans',
    changes: [{ file: 'lifecycle', from: 'if (oldName !== undefined && oldName !== desired.name && event.OldResourceProperties) {', to: 'if (oldName === null) {' }],
    rates: { duplicate: 1, duplicateWithin: 1000, fault: 0, crash: 0, lateDuplicate: 0, cancel: 0 },
  },
];
