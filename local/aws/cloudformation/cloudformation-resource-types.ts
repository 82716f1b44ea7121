import { randomUUID } from 'node:crypto';
import type { ResourceTypes } from './resource-type';

export const cloudFormationResourceTypes: ResourceTypes = {
  'AWS::CloudFormation::WaitConditionHandle': {
    create: (_, { stackName, logicalId }) => ({
      physicalId: `https://cloudformation-waitcondition.s3.amazonaws.com/${stackName}/${logicalId}/${randomUUID()}`,
    }),
  },
};
