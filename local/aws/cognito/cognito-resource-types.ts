import { randomInt } from 'node:crypto';
import { ResourceFailure, type Properties } from '../cloudformation/resource-handler';
import type { ResourceTypes } from '../cloudformation/resource-type';
import type { UserPool, UserPools } from './user-pools';

const LOWER_CASE = 'abcdefghijklmnopqrstuvwxyz0123456789';
const MIXED_CASE = `${LOWER_CASE}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

/** The resource types of user pools. Their tokens come from `issueToken`, because there are no users and no sign-in. */
export function cognitoResourceTypes(pools: UserPools): ResourceTypes {
  const poolOf = ({ UserPoolId }: Properties): UserPool => {
    const pool = pools.get(String(UserPoolId));
    if (!pool) throw new ResourceFailure(`User pool ${String(UserPoolId)} does not exist.`);
    return pool;
  };

  return {
    'AWS::Cognito::UserPool': {
      createOnly: ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration'],
      create: (_, { region }) => {
        const { id, arn, issuer } = pools.create(`${region}_${randomText(9, MIXED_CASE)}`);
        return {
          physicalId: id,
          attributes: { Arn: arn, UserPoolId: id, ProviderName: issuer.slice('https://'.length), ProviderURL: issuer },
        };
      },
      delete: ({ physicalId }) => pools.remove(physicalId),
    },
    'AWS::Cognito::UserPoolClient': {
      required: ['UserPoolId'],
      createOnly: ['UserPoolId', 'GenerateSecret'],
      create: (properties) => {
        const clientId = randomText(26, LOWER_CASE);
        poolOf(properties).clients.add(clientId);
        return {
          physicalId: clientId,
          attributes: {
            ClientId: clientId,
            ClientSecret: randomText(52, LOWER_CASE),
            Name: properties.ClientName ?? clientId,
          },
        };
      },
      delete: ({ physicalId, properties }) => void pools.get(String(properties.UserPoolId))?.clients.delete(physicalId),
    },
    'AWS::Cognito::UserPoolGroup': {
      required: ['UserPoolId'],
      createOnly: ['UserPoolId', 'GroupName'],
      create: (properties, { logicalId }) => {
        poolOf(properties);
        return { physicalId: String(properties.GroupName ?? logicalId) };
      },
    },
    'AWS::Cognito::UserPoolDomain': {
      required: ['UserPoolId', 'Domain'],
      createOnly: ['UserPoolId', 'Domain'],
      create: (properties) => {
        poolOf(properties);
        return { physicalId: String(properties.Domain), attributes: { CloudFrontDistribution: '' } };
      },
    },
  };
}

function randomText(length: number, characters: string): string {
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
}
