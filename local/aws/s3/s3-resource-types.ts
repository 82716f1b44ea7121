import { randomUUID } from 'node:crypto';
import type { Buckets } from './buckets';
import { ResourceFailure, type Properties } from '../cloudformation/resource-handler';
import type { LogGroups } from '../logs/log-groups';
import type { ParameterStore } from '../ssm/parameter-store';
import { physicalName } from '../cloudformation/physical-name';
import type { ResourceTypes } from '../cloudformation/resource-type';

export interface StorageTypesOptions {
  readonly buckets: Buckets;
  readonly logs: LogGroups;
  readonly parameters: ParameterStore;
}

/** Returns the resource types of buckets, log groups and parameters. */
export function storageTypes({ buckets, logs, parameters }: StorageTypesOptions): ResourceTypes {
  const setRetention = (name: string, properties: Properties) => {
    logs.create(name).retentionInDays =
      properties.RetentionInDays === undefined ? undefined : Number(properties.RetentionInDays);
  };
  return {
    'AWS::S3::Bucket': {
      createOnly: ['BucketName'],
      create: (properties, context) => {
        const name = String(properties.BucketName ?? physicalName(context, 63).toLowerCase());
        if (buckets.get(name)?.seeded === false) throw new ResourceFailure(`${name} already exists`);
        buckets.create(name);
        const { region } = context;
        return {
          physicalId: name,
          attributes: {
            Arn: `arn:aws:s3:::${name}`,
            DomainName: `${name}.s3.amazonaws.com`,
            DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
            RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
            WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
          },
        };
      },
      delete: ({ physicalId }) => {
        const count = buckets.get(physicalId)?.objects.size ?? 0;
        if (count) {
          throw new ResourceFailure(`The bucket you tried to delete is not empty: ${physicalId} has ${count} objects.`);
        }
        buckets.remove(physicalId);
      },
    },
    'AWS::Logs::LogGroup': {
      createOnly: ['LogGroupName'],
      create: (properties, context) => {
        const name = String(properties.LogGroupName ?? physicalName(context, 512));
        if (logs.get(name) && properties.LogGroupName !== undefined) {
          throw new ResourceFailure(`${name} already exists`);
        }
        setRetention(name, properties);
        return {
          physicalId: name,
          attributes: { Arn: `arn:aws:logs:${context.region}:${context.accountId}:log-group:${name}:*` },
        };
      },
      update: (properties, { physicalId }) => setRetention(physicalId, properties),
      delete: ({ physicalId }) => logs.remove(physicalId),
    },
    'AWS::SSM::Parameter': {
      required: ['Type', 'Value'],
      createOnly: ['Name'],
      create: (properties, context) => {
        const name = String(properties.Name ?? `CFN-${physicalName(context)}`);
        if (parameters.get(name)?.seeded === false) throw new ResourceFailure(`${name} already exists`);
        parameters.put(name, String(properties.Value), properties.Type as 'String');
        return { physicalId: name, attributes: { Type: properties.Type, Value: String(properties.Value) } };
      },
      update: (properties, { physicalId }) => {
        parameters.put(physicalId, String(properties.Value), properties.Type as 'String');
        return { Type: properties.Type, Value: String(properties.Value) };
      },
      delete: ({ physicalId }) => void parameters.remove(physicalId),
    },
    'AWS::CloudFormation::WaitConditionHandle': {
      create: (_, { stackName, logicalId }) => ({
        physicalId: `https://cloudformation-waitcondition.s3.amazonaws.com/${stackName}/${logicalId}/${randomUUID()}`,
      }),
    },
  };
}
