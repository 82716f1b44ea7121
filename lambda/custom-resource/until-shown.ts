import type { ManagedResource } from './managed-resource';
import type { Live, Properties } from './resource-kind';
import { missingTags } from './tags';

/** A read can return an old failed state. After this many consecutive reads, the state is current. */
const READS_BEFORE_FAILURE = 5;

/** Reads until the service shows the desired state, because reads are eventually consistent. */
export async function untilShown(resource: ManagedResource, arn: string, desired: Properties): Promise<Live> {
  const { invocation, kind } = resource;
  for (let failed = 0; ;) {
    const live = await resource.find(arn);
    const differences = live ? differencesOf(resource, live, desired) : ['the resource'];
    if (live && differences.length === 0) return live;

    failed = live?.state?.endsWith('_FAILED') ? failed + 1 : 0;
    if (failed === READS_BEFORE_FAILURE) throw new Error(`the state of ${arn} is ${live!.state}`);

    const awaited = `${differences.join(', ')} as requested (${kind.arnResource} ${arn})`;
    invocation.step = `Waiting until Amazon IVS Chat shows ${awaited}`;
    await untilNextRead(resource);
  }
}

/** Returns the settings and tags that differ from the desired ones. Tags that others have set do not count. */
export function differencesOf({ kind }: ManagedResource, live: Live, desired: Properties): string[] {
  const tags = missingTags(live.tags, desired.tags ?? {}).map((key) => `the tag ${key}`);
  return [...kind.differences(live, desired), ...tags];
}

/** Reads until the service does not show the resource any more. */
export async function untilGone(resource: ManagedResource, arn: string): Promise<void> {
  for (let failed = 0; ;) {
    const live = await resource.find(arn);
    if (!live) return;

    failed = live.state === 'DELETE_FAILED' ? failed + 1 : 0;
    if (failed === READS_BEFORE_FAILURE) {
      const remedy = 'delete the stack again, or delete the logging configuration by hand';
      throw new Error(`the state of ${arn} is ${live.state}; ${remedy}`);
    }
    resource.invocation.step = `Waiting until Amazon IVS Chat has deleted ${arn}`;
    await untilNextRead(resource);
  }
}

/** Waits with jitter, so that invocations that share the quotas of the account do not read at the same time. */
async function untilNextRead({ invocation, kind }: ManagedResource): Promise<void> {
  await invocation.pause(kind.readEvery * (0.75 + invocation.effects.random() / 2));
}
