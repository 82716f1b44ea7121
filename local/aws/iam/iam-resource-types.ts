import { randomBytes } from 'node:crypto';
import type { PolicyDocument } from './policy-evaluation';
import { ResourceFailure, type Properties } from '../cloudformation/resource-handler';
import type { Roles } from './roles';
import { physicalName } from '../cloudformation/physical-name';
import type { ResourceTypes } from '../cloudformation/resource-type';

export function iamResourceTypes(roles: Roles): ResourceTypes {
  const putRole = (name: string, accountId: string, properties: Properties) => {
    const managedPolicyArns = strings(properties.ManagedPolicyArns);
    const unknown = managedPolicyArns.filter((arn) => !roles.knowsManagedPolicy(arn));
    if (unknown.length) {
      throw new ResourceFailure(
        `The content of managed policy ${unknown.join(', ')} is not known to the local service. Add the required `
        + 'statements to an inline policy of the role.',
      );
    }
    const arn = `arn:aws:iam::${accountId}:role${String(properties.Path ?? '/')}${name}`;
    roles.put({
      name,
      arn,
      trustPolicy: properties.AssumeRolePolicyDocument as PolicyDocument,
      inlinePolicies: ((properties.Policies ?? []) as readonly { readonly PolicyDocument: PolicyDocument }[]).map(
        (policy) => policy.PolicyDocument,
      ),
      managedPolicyArns,
    });
    return arn;
  };
  return {
    'AWS::IAM::Role': {
      required: ['AssumeRolePolicyDocument'],
      createOnly: ['RoleName', 'Path'],
      create: (properties, context) => {
        const name = properties.RoleName === undefined ? physicalName(context) : String(properties.RoleName);
        if (roles.get(name)) throw new ResourceFailure(`${name} already exists`);
        const arn = putRole(name, context.accountId, properties);
        return {
          physicalId: name,
          attributes: { Arn: arn, RoleId: `AROA${randomBytes(8).toString('hex').toUpperCase()}` },
        };
      },
      update: (properties, { physicalId }, { accountId }) => void putRole(physicalId, accountId, properties),
      delete: ({ physicalId }) => roles.remove(physicalId),
    },
    'AWS::IAM::Policy': {
      required: ['PolicyDocument', 'PolicyName'],
      create: (properties, context) => {
        const physicalId = physicalName(context);
        roles.attach(physicalId, strings(properties.Roles), properties.PolicyDocument as PolicyDocument);
        return { physicalId, attributes: { Id: physicalId } };
      },
      update: (properties, { physicalId }) =>
        roles.attach(physicalId, strings(properties.Roles), properties.PolicyDocument as PolicyDocument),
      delete: ({ physicalId }) => roles.detach(physicalId),
    },
    'AWS::IAM::ManagedPolicy': {
      required: ['PolicyDocument'],
      createOnly: ['ManagedPolicyName', 'Path', 'Description'],
      create: (properties, context) => {
        const name = String(properties.ManagedPolicyName ?? physicalName(context));
        const arn = `arn:aws:iam::${context.accountId}:policy${String(properties.Path ?? '/')}${name}`;
        roles.putManagedPolicy(arn, properties.PolicyDocument as PolicyDocument);
        roles.attach(arn, strings(properties.Roles), properties.PolicyDocument as PolicyDocument);
        return { physicalId: arn, attributes: { PolicyArn: arn } };
      },
      update: (properties, { physicalId }) => {
        roles.putManagedPolicy(physicalId, properties.PolicyDocument as PolicyDocument);
        roles.attach(physicalId, strings(properties.Roles), properties.PolicyDocument as PolicyDocument);
      },
      delete: ({ physicalId }) => {
        roles.removeManagedPolicy(physicalId);
        roles.detach(physicalId);
      },
    },
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
