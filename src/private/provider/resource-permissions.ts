import { Aws, Fn, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ownershipTags } from '../../contract/ownership-tags';

/** The kind of a resource, as in the operation names of the service. */
export type ResourceKind = 'Room' | 'LoggingConfiguration';

/** The condition key of a tag that a request sets. */
export const requestTag = (key: string) => `aws:RequestTag/${key}`;

/** The condition key of a tag that a resource has. */
export const resourceTag = (key: string) => `aws:ResourceTag/${key}`;

/** The pattern of tag values that start with the unique ID of the stack, for the tags `owner` and `created-by`. */
export const ofThisStack = `${Fn.select(2, Fn.split('/', Aws.STACK_ID))}/*`;

/**
 * The permission to create resources of a kind with the owner tag of the stack in some Regions.
 *
 * According to the user guide of the service, the operations that create and list resources require the resource `*`.
 */
export function createPermission(kind: ResourceKind, regions: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: `Create${kind}`,
    actions: [`ivschat:Create${kind}`],
    resources: ['*'],
    conditions: {
      StringEquals: { 'aws:RequestedRegion': regions },
      StringLike: { [requestTag(ownershipTags.owner)]: ofThisStack },
    },
  });
}

/**
 * The permissions to find, change and delete the resources that the stack owns.
 *
 * They cover both kinds of resources and all Regions: CloudFormation updates the policy of the role before it deletes
 * the last logging configuration, or the last room of a Region, that has left the template.
 */
export function changePermissions(stack: Stack): iam.PolicyStatement[] {
  const arns = ['room', 'logging-configuration'].map((resource) =>
    stack.formatArn({ service: 'ivschat', region: '*', resource, resourceName: '*' }));
  return [
    // The service authorizes the tags of a create call as TagResource on a resource that has no tags yet. No condition
    // key distinguishes this from tagging an existing resource without an owner tag, so the policy cannot prevent
    // that. The function makes use of it only to restore the owner tag of a resource that CloudFormation has recorded
    // for the stack.
    new iam.PolicyStatement({
      sid: 'TagOnCreate',
      actions: ['ivschat:TagResource'],
      resources: arns,
      conditions: {
        StringLike: {
          [requestTag(ownershipTags.owner)]: ofThisStack,
          [requestTag(ownershipTags.createdBy)]: ofThisStack,
        },
        StringLikeIfExists: { [resourceTag(ownershipTags.owner)]: ofThisStack },
      },
    }),
    new iam.PolicyStatement({
      sid: 'List',
      actions: ['ivschat:ListRooms', 'ivschat:ListLoggingConfigurations'],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      sid: 'Read',
      actions: ['ivschat:GetRoom', 'ivschat:GetLoggingConfiguration'],
      resources: arns,
    }),
    new iam.PolicyStatement({
      sid: 'ChangeOwn',
      actions: [
        'ivschat:UpdateRoom',
        'ivschat:DeleteRoom',
        'ivschat:UpdateLoggingConfiguration',
        'ivschat:DeleteLoggingConfiguration',
        'ivschat:TagResource',
        'ivschat:UntagResource',
      ],
      resources: arns,
      conditions: { StringLike: { [resourceTag(ownershipTags.owner)]: ofThisStack } },
    }),
  ];
}
