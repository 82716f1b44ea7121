import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Permissions of the provider that resources need as long as they are there.
 *
 * A policy of its own, on which they depend, and not part of the role's: when the last of them is taken out of the stack,
 * CloudFormation deletes first the resource, which takes the permission, and then the policy.
 */
export class ProviderPermissions extends iam.Policy {
  private readonly bySid = new Map<string, iam.PolicyStatement>();

  constructor(scope: Construct, id: string, role: iam.IRole) {
    super(scope, id, { roles: [role] });
  }

  /** Allows what a statement with the same sid does not allow yet. */
  allow(statements: iam.PolicyStatementProps[]): void {
    for (const { sid, ...props } of statements) {
      const before = this.bySid.get(sid!);
      if (before) {
        before.addResources(...props.resources!);
      } else {
        const statement = new iam.PolicyStatement({ sid, ...props });
        this.bySid.set(sid!, statement);
        this.addStatements(statement);
      }
    }
  }
}
