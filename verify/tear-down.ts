import { setTimeout as sleep } from 'node:timers/promises';
import { assetBucketName } from './app/stacks';
import { deleteStack, emptyBucket, unlessGone } from './delete-stack';
import type { Kit } from './kit';
import { paginateListLoggingConfigurations, paginateListRooms } from '../lambda/client';

/** A resource that is left in the account. */
export interface Leftover {
  readonly what: string;
  readonly why: string;
  /** The command that removes it. */
  readonly command: string;
}

/** A command needs the account id, which the report redacts. */
const ACCOUNT = '$(aws sts get-caller-identity --query Account --output text)';

/** Removes everything that a run has created, whatever state it ended in. Returns the resources that are left. */
export async function tearDown(kit: Kit): Promise<Leftover[]> {
  const { run, aws, client, target } = kit;
  const left: Leftover[] = [];
  const remove = async (what: string, command: string, work: () => Promise<unknown>) => {
    kit.options.say(`removing ${what}`);
    try {
      await work();
    } catch (error) {
      const inRegion = `${command} --region ${target.region}`.replaceAll(target.accountId, ACCOUNT);
      left.push({ what, why: (error as Error).message, command: inRegion });
    }
  };

  // A request from a CDK CLI that was killed can still create a stack.
  if (kit.options.signal.aborted && !target.isLocal) await sleep(15_000);

  // Stacks delete their resources first. The lists below find the resources that they have retained or released.
  for (const stack of kit.stacks) {
    const command = `aws cloudformation delete-stack --stack-name ${stack}`;
    await remove(`stack ${stack}`, command, () => deleteStack(aws, target, stack));
  }

  const listRooms = `aws ivschat list-rooms --query "rooms[?starts_with(name, '${run}')].arn"`;
  await remove(`rooms named ${run}*`, listRooms, async () => {
    for await (const page of paginateListRooms({ client }, {})) {
      for (const { name, arn } of page.rooms!) if (name!.startsWith(run)) kit.rooms.add(arn!);
    }
  });
  for (const identifier of kit.rooms) {
    await remove(`room ${identifier}`, `aws ivschat delete-room --identifier ${identifier}`, () => (
      unlessGone(client.deleteRoom({ identifier }))));
  }

  await remove(`logging configurations named ${run}*`, 'aws ivschat list-logging-configurations', async () => {
    for await (const page of paginateListLoggingConfigurations({ client }, {})) {
      const ofRun = page.loggingConfigurations!.filter(({ name }) => name!.startsWith(run));
      for (const { arn } of ofRun) kit.loggingConfigurations.add(arn!);
    }
  });
  for (const identifier of kit.loggingConfigurations) {
    const command = `aws ivschat delete-logging-configuration --identifier ${identifier}`;
    await remove(`logging configuration ${identifier}`, command, () => (
      again(12, () => unlessGone(client.deleteLoggingConfiguration({ identifier })))));
  }

  // A late write of a function creates its log group again.
  for (const logGroupNamePrefix of [run, `/aws/lambda/${run}`]) {
    const command = `aws logs describe-log-groups --log-group-name-prefix ${logGroupNamePrefix}`;
    await remove(`log groups ${logGroupNamePrefix}*`, command, async () => {
      const { logGroups } = await aws.logs('DescribeLogGroups', { logGroupNamePrefix });
      for (const { logGroupName } of logGroups) await aws.logs('DeleteLogGroup', { logGroupName });
    });
  }

  const bucket = assetBucketName(run);
  await remove(`bucket ${bucket}`, `aws s3 rb --force s3://${bucket}`, () => (
    unlessGone(emptyBucket(aws, bucket).then(() => aws.s3('DELETE', `/${bucket}`)))));
  return left;
}

async function again(times: number, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === times || (error as Error).name !== 'ConflictException') throw error;
      await sleep(5000);
    }
  }
}
