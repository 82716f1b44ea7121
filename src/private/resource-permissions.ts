import { Aws, Fn, type Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { ownershipTags } from '../contract/ownership-tags';

/** As in `arn:aws:ivschat:REGION:ACCOUNT:room/ID`. */
export type ResourceKind = 'room' | 'logging-configuration';

const nouns = { 'room': 'Room', 'logging-configuration': 'LoggingConfiguration' } as const;

/**
 * What the provider of a stack may do in one Region to one kind of resource.
 *
 * It may change only what carries an owner tag of its own stack, and may put that tag only on what carries none: so it
 * can't touch anybody else's, whatever it is made to do. Creating and listing are not about one ARN, says the service's
 * user guide.
 */
export function resourcePermissions(stack: Stack, kind: ResourceKind, region: string): iam.PolicyStatementProps[] {
  const noun = nouns[kind];
  const arns = [stack.formatArn({ service: 'ivschat', region, resource: kind, resourceName: '*' })];
  const ofThisStack = `${Fn.select(2, Fn.split('/', Aws.STACK_ID))}/*`;
  const inRegion = { StringEquals: { 'aws:RequestedRegion': region } };
  return [
    {
      sid: 'Create',
      actions: [`ivschat:Create${noun}`],
      resources: ['*'],
      conditions: { ...inRegion, StringLike: { [`aws:RequestTag/${ownershipTags.owner}`]: ofThisStack } },
    },
    {
      sid: 'Own',
      actions: ['ivschat:TagResource'],
      resources: arns,
      conditions: {
        StringLike: { [`aws:RequestTag/${ownershipTags.owner}`]: ofThisStack },
        StringLikeIfExists: { [`aws:ResourceTag/${ownershipTags.owner}`]: ofThisStack },
      },
    },
    // A logging configuration can't be deleted while rooms use it: who wants to can be told which.
    { sid: 'List', actions: [...new Set([`ivschat:List${noun}s`, 'ivschat:ListRooms'])], resources: ['*'], conditions: inRegion },
    { sid: 'Read', actions: [`ivschat:Get${noun}`], resources: arns },
    {
      sid: 'ChangeOwn',
      actions: [`ivschat:Update${noun}`, `ivschat:Delete${noun}`, 'ivschat:TagResource', 'ivschat:UntagResource'],
      resources: arns,
      conditions: { StringLike: { [`aws:ResourceTag/${ownershipTags.owner}`]: ofThisStack } },
    },
  ];
}
