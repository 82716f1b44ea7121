import type { Live, Properties } from './resource-kind';
import { tagDifferences } from './tags';
import type { Target } from './target';

/** A failed state may be one of the past, which a read of an instant ago still shows; after so many reads it is not. */
const SURELY = 5;

/** Reads until the service shows twice in a row what was asked for: it is eventually consistent. */
export async function untilShown(target: Target, arn: string, desired: Properties): Promise<Live> {
  const { session, kind } = target;
  for (let right = 0, failed = 0; ;) {
    const live = await target.find(arn);
    const differences = live ? [...kind.differences(live, desired), ...tagsOf(live, desired)] : ['it'];
    right = differences.length === 0 ? right + 1 : 0;
    if (live && right === 2) return live;
    failed = live?.state?.endsWith('_FAILED') ? failed + 1 : 0;
    if (failed === SURELY) throw new Error(`the service says of ${arn}: ${live!.state}`);
    if (right === 0) {
      session.step = `Waiting until the service shows ${differences.join(', ')} as asked for`;
      await untilNextLook(target);
    }
  }
}

/** Reads until the service shows it no more. */
export async function untilGone(target: Target, arn: string): Promise<void> {
  for (let failed = 0; ;) {
    const live = await target.find(arn);
    if (!live) return;
    failed = live.state === 'DELETE_FAILED' ? failed + 1 : 0;
    target.session.step = 'Waiting until the service has deleted it';
    if (failed === SURELY) throw new Error(`the service says of ${arn}: ${live.state}; delete the stack again, or the logging configuration by hand`);
    await untilNextLook(target);
  }
}

/** Not in step with others, who share the account's rates. */
async function untilNextLook({ session, kind }: Target): Promise<void> {
  await session.pause(kind.readEvery * (0.75 + session.effects.random() / 2));
}

function tagsOf(live: Live, desired: Properties): string[] {
  const { missing, surplus } = tagDifferences(live.tags, desired.tags ?? {});
  return [...missing, ...surplus].map((key) => `the tag ${key}`);
}
