import { setTimeout as sleep } from 'node:timers/promises';
import { elements, type Aws } from './aws';
import type { Target } from './target';

const STACK_TIMEOUT_IN_MILLISECONDS = 40 * 60_000;

/**
 * Waits for the end of an operation, empties the buckets of the stack, and deletes the stack. Repeats this if logs have
 * arrived meanwhile.
 */
export async function deleteStack(aws: Aws, target: Target, stack: string): Promise<void> {
  const deadline = Date.now() + STACK_TIMEOUT_IN_MILLISECONDS;
  let status = 'UNKNOWN';
  let id = stack;
  const settle = async (except: readonly string[] = []) => {
    for (;;) {
      const xml = await aws.query('cloudformation', 'DescribeStacks', { StackName: id }).catch((error: Error) => {
        if (/does not exist/.test(error.message)) return '<StackStatus>DELETE_COMPLETE<';
        throw error;
      });
      status = /<StackStatus>(\w+)</.exec(xml)![1]!;
      id = /<StackId>([^<]+)</.exec(xml)?.[1] ?? id; // a deleted stack can only be found by its id
      if (!status.endsWith('_IN_PROGRESS') || except.includes(status) || Date.now() > deadline) return;
      await sleep(target.isLocal ? 100 : 5000);
    }
  };
  for (let attempt = 0; attempt < 3; attempt++) {
    await settle(['CREATE_IN_PROGRESS', 'REVIEW_IN_PROGRESS']); // a delete is possible in these states
    if (status === 'DELETE_COMPLETE') return;

    const xml = await aws.query('cloudformation', 'DescribeStackResources', { StackName: id });
    const resources = elements(xml, 'member');
    const buckets = resources.filter(({ ResourceType, ResourceStatus, PhysicalResourceId }) =>
      ResourceType === 'AWS::S3::Bucket' && ResourceStatus !== 'DELETE_COMPLETE' && PhysicalResourceId);
    for (const { PhysicalResourceId } of buckets) await unlessGone(emptyBucket(aws, PhysicalResourceId!));
    await aws.query('cloudformation', 'DeleteStack', { StackName: id });
    await settle();
    if (status === 'DELETE_COMPLETE') return;
  }
  const events = elements(await aws.query('cloudformation', 'DescribeStackEvents', { StackName: id }), 'member');
  const reason = events.find(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED')?.ResourceStatusReason;
  throw new Error(`the stack is ${status}${reason ? `: ${reason}` : ''}`);
}

/** Deletes all objects of a bucket. */
export async function emptyBucket(aws: Aws, bucket: string): Promise<void> {
  for (;;) {
    const keys = elements(await aws.s3('GET', `/${bucket}?list-type=2`), 'Contents').map(({ Key }) => Key!);
    if (keys.length === 0) return;
    for (const key of keys) await aws.s3('DELETE', `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`);
  }
}

/** Ignores the error of a resource that does not exist any more. */
export async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!['ResourceNotFoundException', 'NoSuchBucket'].includes((error as Error).name)) throw error;
  }
}
