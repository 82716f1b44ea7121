import { randomUUID } from 'node:crypto';
import { physicalName } from './physical-name';
import type { ResourceType, ResourceTypes } from './resource-type';
import type { Properties, ResourceContext } from './resource-handler';

interface Inert extends Pick<ResourceType, 'required' | 'createOnly'> {
  /** The property with the physical name. @default - a generated name */
  readonly name?: string;
  readonly ref?: (name: string, context: ResourceContext, properties: Properties) => string;
  readonly attributes?: (
    name: string,
    context: ResourceContext,
    physicalId: string,
  ) => { readonly [attribute: string]: unknown };
}

/** The resource types without an effect, with their names, `Ref` values and attributes. */
const table: { readonly [type: string]: Inert } = {
  'AWS::CDK::Metadata': { ref: (_, { stackName }) => `${stackName}-metadata` },
  'AWS::CloudWatch::Alarm': {
    name: 'AlarmName',
    required: ['ComparisonOperator', 'EvaluationPeriods'],
    attributes: (name, { region, accountId }) => ({ Arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}` }),
  },
  'AWS::CloudWatch::Dashboard': { name: 'DashboardName', required: ['DashboardBody'] },
  'AWS::ECR::Repository': {
    name: 'RepositoryName',
    attributes: (name, { region, accountId }) => ({
      Arn: `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
      RepositoryUri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
    }),
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    name: 'DeliveryStreamName',
    attributes: (name, { region, accountId }) => ({
      Arn: `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`,
    }),
  },
  'AWS::KMS::Alias': { name: 'AliasName', required: ['AliasName', 'TargetKeyId'] },
  'AWS::KMS::Key': {
    ref: () => randomUUID(),
    attributes: (_, { region, accountId }, keyId) => ({
      Arn: `arn:aws:kms:${region}:${accountId}:key/${keyId}`,
      KeyId: keyId,
    }),
  },
  'AWS::Logs::ResourcePolicy': { name: 'PolicyName', required: ['PolicyDocument', 'PolicyName'] },
  'AWS::S3::BucketPolicy': {
    required: ['Bucket', 'PolicyDocument'],
    createOnly: ['Bucket'],
    ref: (_, __, properties) => String(properties.Bucket),
  },
  'AWS::SQS::Queue': {
    name: 'QueueName',
    ref: (name, { region, accountId }) => `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
    attributes: (name, { region, accountId }, url) => ({
      Arn: `arn:aws:sqs:${region}:${accountId}:${name}`,
      QueueName: name,
      QueueUrl: url,
    }),
  },
  'AWS::SQS::QueuePolicy': { required: ['PolicyDocument', 'Queues'] },
};

export const inertTypes: ResourceTypes = Object.fromEntries(
  Object.entries(table).map(([type, inert]) => [type, inertType(inert)]),
);

/** Creates a resource type without an effect. Types that are not in the table have no attributes. */
export function inertType({ name, ref, attributes, required, createOnly }: Inert = {}): ResourceType {
  return {
    required,
    createOnly: createOnly ?? (name ? [name] : []),
    create: (properties, context) => {
      const given = name === undefined ? undefined : properties[name];
      const physical = given === undefined ? physicalName(context) : String(given);
      const physicalId = ref?.(physical, context, properties) ?? physical;
      return { physicalId, attributes: attributes?.(physical, context, physicalId) };
    },
  };
}
