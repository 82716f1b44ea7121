import { randomUUID } from 'node:crypto';
import { physicalName } from './physical-name';
import type { ResourceType, ResourceTypes } from './resource-type';
import type { Properties, ResourceContext } from './resource-handler';

interface NoOp extends Pick<ResourceType, 'required' | 'createOnly'> {
  /** The property with the physical name. @default - a generated name */
  readonly name?: string;
  readonly ref?: (name: string, context: ResourceContext, properties: Properties) => string;
  readonly attributes?: (
    name: string,
    context: ResourceContext,
    physicalId: string,
  ) => { readonly [attribute: string]: unknown };
}

/** The resource types of services without a folder here, with their names, `Ref` values and attributes. */
const table: { readonly [type: string]: NoOp } = {
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

/** The resource types that are created without an effect. */
export const noOpResourceTypes: ResourceTypes = Object.fromEntries(
  Object.entries(table).map(([type, noOp]) => [type, noOpResourceType(noOp)]),
);

/** A resource type that is not known. Its attributes have plausible values, because other resources can use them. */
export const unknownResourceType: ResourceType = {
  ...noOpResourceType(),
  attribute: (name, { physicalId }, { type, region, accountId }) => {
    const [, service = '', resource = ''] = type.toLowerCase().split('::');
    if (/arn$/i.test(name)) return `arn:aws:${service}:${region}:${accountId}:${resource}/${physicalId}`;
    const host = `${physicalId.toLowerCase()}.${service}.${region}.amazonaws.com`;
    if (/ur[il]$/i.test(name)) return `https://${host}`;
    return /(endpoint|domainname|address)$/i.test(name) ? host : physicalId;
  },
};

/** Creates a resource type without an effect. By default, its name is generated and it has no attributes. */
export function noOpResourceType({ name, ref, attributes, required, createOnly }: NoOp = {}): ResourceType {
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
