import type { ResourceTypes } from '../cloudformation/resource-type';
import { noOpResourceType } from '../cloudformation/no-op-resource-types';
import { physicalName } from '../cloudformation/physical-name';
import { ResourceFailure } from '../cloudformation/resource-handler';
import type { Buckets } from './buckets';

export function s3ResourceTypes(buckets: Buckets): ResourceTypes {
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
          const objects = count === 1 ? '1 object' : `${count} objects`;
          throw new ResourceFailure(`The bucket you tried to delete is not empty: ${physicalId} has ${objects}.`);
        }
        buckets.remove(physicalId);
      },
    },
    'AWS::S3::BucketPolicy': noOpResourceType({
      required: ['Bucket', 'PolicyDocument'],
      createOnly: ['Bucket'],
      ref: (_, __, properties) => String(properties.Bucket),
    }),
  };
}
