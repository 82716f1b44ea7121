import { noOpResourceType } from '../cloudformation/no-op-resource-types';
import { physicalName } from '../cloudformation/physical-name';
import { ResourceFailure, type Properties } from '../cloudformation/resource-handler';
import type { ResourceTypes } from '../cloudformation/resource-type';
import type { LogGroups } from './log-groups';

export function cloudWatchLogsResourceTypes(groups: LogGroups): ResourceTypes {
  const setRetention = (name: string, { RetentionInDays: days }: Properties) => {
    groups.create(name).retentionInDays = days === undefined ? undefined : Number(days);
  };

  return {
    'AWS::Logs::LogGroup': {
      createOnly: ['LogGroupName'],
      create: (properties, context) => {
        const name = String(properties.LogGroupName ?? physicalName(context, 512));
        if (groups.get(name)) throw new ResourceFailure(`${name} already exists`);

        setRetention(name, properties);
        return {
          physicalId: name,
          attributes: { Arn: `arn:aws:logs:${context.region}:${context.accountId}:log-group:${name}:*` },
        };
      },
      update: (properties, { physicalId }) => setRetention(physicalId, properties),
      delete: ({ physicalId }) => groups.remove(physicalId),
    },
    'AWS::Logs::ResourcePolicy': noOpResourceType({ name: 'PolicyName', required: ['PolicyDocument', 'PolicyName'] }),
  };
}
