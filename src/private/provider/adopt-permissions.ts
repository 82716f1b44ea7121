import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ofThisStack, requestTag, resourceTag } from './resource-permissions';
import { ownershipTags } from '../../contract/ownership-tags';

/**
 * The permission to put the owner tag on existing resources that no other stack owns. The resources that adopt them
 * depend on it.
 *
 * It is a managed policy because it has one ARN for each adopted resource, and the inline policies of a role have at
 * most 10,240 characters together.
 */
export class AdoptPermissions extends iam.ManagedPolicy {
  /** The number of ARNs that fit into the 6,144 characters of a managed policy. */
  static readonly MAXIMUM_ARNS = 60;

  private readonly statement: iam.PolicyStatement;

  constructor(scope: Construct, id: string, role: iam.IRole) {
    const statement = new iam.PolicyStatement({
      sid: 'Adopt',
      actions: ['ivschat:TagResource'],
      conditions: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': [ownershipTags.owner, ownershipTags.updatedBy] },
        'StringLike': { [requestTag(ownershipTags.owner)]: ofThisStack },
        'StringLikeIfExists': { [resourceTag(ownershipTags.owner)]: ofThisStack },
      },
    });
    super(scope, id, {
      description: 'Allows the provider function to adopt Amazon IVS Chat resources (cdk-ivs-chat)',
      roles: [role],
      statements: [statement],
    });
    this.statement = statement;
  }

  /** Allows the adoption of one resource. */
  allowAdopt(arn: string): void {
    this.statement.addResources(arn);
  }
}
