import { Token, TokenComparison, Validations, type PermissionsOptions } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import { GRANTEE, list, OBJECT } from './expectations';
import { similarName } from './similar-name';
import { described, isUnknown, validateArgument } from './validate';
import { LoggingConfigurationIdentifier, ResourceArn, RoomIdentifier } from '../contract/generated/constraints';
import * as operations from '../contract/generated/operations';
import type { Operation } from '../contract/operation';
import type { Shape } from '../contract/shape';

/** The resource of a grant. */
export interface GrantResource {
  readonly kind: 'room' | 'logging configuration';
  readonly arn: string;
  readonly construct: Construct & IEnvironmentAware;
  /** The principal on which the resource depends, if any. */
  readonly dependency?: iam.IPrincipal;
}

const IDENTIFIERS: { readonly [kind in GrantResource['kind']]: Shape } = {
  'room': RoomIdentifier,
  'logging configuration': LoggingConfigurationIdentifier,
};

/** Grants permission for actions on a resource. Throws if an action does not exist or does not apply to it. */
export function grant(
  resource: GrantResource, grantee: iam.IGrantable, actions: string[], options: PermissionsOptions = {},
): iam.Grant {
  validateArgument('grantee', grantee, GRANTEE);
  validateArgument('actions', actions, list('`[\'ivschat:GetRoom\']`'));
  if (actions.length === 0) throw new Error('`actions` must not be empty');
  validateArgument('options', options, OBJECT);
  const { kind, arn } = resource;
  actions.forEach((action, index) => validateAction(`\`actions[${index}]\``, action, !options.resourceArns && kind));
  warnIfInOtherAccount(resource, grantee);
  const principal = principalOf(resource, grantee);
  return iam.Grant.addToPrincipal({ grantee: principal, actions, resourceArns: options.resourceArns ?? [arn] });
}

/**
 * Returns the principal to which the grant adds its statement.
 *
 * A function depends on the default policy of its role. If the resource depends on the function, a statement about the
 * resource in that policy would result in a circular dependency, so it is in a policy of its own.
 */
function principalOf({ construct, dependency }: GrantResource, { grantPrincipal }: iam.IGrantable): iam.IPrincipal {
  if (grantPrincipal !== dependency || !('attachInlinePolicy' in grantPrincipal)) return grantPrincipal;

  const role = grantPrincipal as iam.IRole;
  const id = 'MessageReviewPolicy';
  const existing = construct.node.tryFindChild(id) as iam.Policy | undefined;
  const policy = existing ?? new iam.Policy(construct, id, { roles: [role] });
  const principal: iam.IPrincipal = {
    get grantPrincipal() { return principal; },
    assumeRoleAction: role.assumeRoleAction,
    policyFragment: role.policyFragment,
    principalAccount: role.principalAccount,
    addToPrincipalPolicy(statement) {
      policy.addStatements(statement);
      return { statementAdded: true, policyDependable: policy };
    },
  };
  return principal;
}

function validateAction(at: string, action: string, kind: GrantResource['kind'] | false): void {
  if (isUnknown(action)) return;

  const pattern = String(action).replace(/[.?+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  const matching = Object.values(operations)
    .filter(({ name }) => new RegExp(`^${pattern}$`, 'i').test(`ivschat:${name}`));
  if (matching.length === 0) {
    const similar = similarName(String(action).replace(/^.*:/, ''), Object.keys(operations));
    throw new Error(`${at} must be an action of Amazon IVS Chat, got ${described(action)}`
      + (similar ? `; did you mean "ivschat:${similar}"?` : ''));
  }
  const applies = ({ input: { members, required = [] } }: Operation) =>
    required.some((member) => kind && [IDENTIFIERS[kind], ResourceArn].includes(members[member]!));
  if (kind && !matching.some(applies)) {
    throw new Error(`${at} must apply to a ${kind}, got ${described(action)}; set \`resourceArns\` to ['*']`);
  }
}

function warnIfInOtherAccount({ kind, construct }: GrantResource, { grantPrincipal }: iam.IGrantable): void {
  const { principalAccount } = grantPrincipal;
  if (principalAccount === undefined) return;
  const { account } = construct.env;
  if (Token.compareStrings(principalAccount, account) !== TokenComparison.DIFFERENT) return;

  Validations.of(construct).addWarning('cdk-ivs-chat:crossAccountGrant',
    `a grant on the ${kind} has no effect for a principal in the account ${principalAccount}, because Amazon IVS Chat`
    + ` has no resource-based policies; grant the permission to a role in the account ${account} that the principal can`
    + ' assume');
}
