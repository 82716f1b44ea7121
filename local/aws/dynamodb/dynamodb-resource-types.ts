import { isDeepStrictEqual } from 'node:util';
import { physicalName } from '../cloudformation/physical-name';
import {
  ResourceFailure,
  type Properties,
  type ResourceContext,
  type ResourceState,
} from '../cloudformation/resource-handler';
import { tagsOf, type ResourceType, type ResourceTypes } from '../cloudformation/resource-type';
import type { DynamoDbTables, TableDefinition, TableIndex } from './dynamodb-tables';

/** The resource types of DynamoDB tables. */
export function dynamoDbResourceTypes(tables: DynamoDbTables): ResourceTypes {
  return {
    'AWS::DynamoDB::Table': tableType(tables),
    'AWS::DynamoDB::GlobalTable': tableType(tables),
  };
}

function tableType(tables: DynamoDbTables): ResourceType {
  return {
    required: ['KeySchema'],
    createOnly: ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
    create: async (properties, context) => {
      const name = String(properties.TableName ?? physicalName(context, 255));
      if (await tables.describe(name)) throw new ResourceFailure(`${name} already exists`);

      const { TableId } = await tables.create(definitionOf(name, properties));
      await setTags(tables, name, properties, context);
      return { physicalId: name, attributes: { Arn: tables.arnOf(name), TableId } };
    },
    update: async (properties, current, context) => {
      const name = current.physicalId;
      // A failed update has not changed the table, and its rollback compares with this definition again.
      const before = tables.definition(name);
      const definition = definitionOf(name, properties);
      if (!isDeepStrictEqual(before, definition)) {
        checkIndexChange(before.GlobalSecondaryIndexes ?? [], definition.GlobalSecondaryIndexes ?? []);
        await tables.redefine(definition);
      }
      await setTags(tables, name, properties, context);
    },
    delete: async ({ physicalId, properties }) => {
      if (isProtected(properties)) {
        throw new ResourceFailure(
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection '
          + 'first.',
        );
      }
      await tables.remove(physicalId);
    },
  };
}

type Index = TableIndex & { readonly Projection: unknown; readonly ProvisionedThroughput?: unknown };

/** Returns the input of CreateTable for the properties of a table or of a global table. */
function definitionOf(TableName: string, properties: Properties): TableDefinition {
  const { AttributeDefinitions, KeySchema, ProvisionedThroughput } = properties;
  // Capacity has no effect here. The replicas of a global table have their own capacity, which is not used.
  const isProvisioned = ProvisionedThroughput !== undefined && properties.BillingMode !== 'PAY_PER_REQUEST';
  const indexes = (value: unknown) =>
    (value as readonly Index[] | undefined)?.map(({ IndexName, KeySchema: schema, Projection, ...index }) => ({
      IndexName,
      KeySchema: schema,
      Projection,
      ...(isProvisioned
        ? { ProvisionedThroughput: integers(index.ProvisionedThroughput ?? ProvisionedThroughput) }
        : {}),
    }));
  const global = indexes(properties.GlobalSecondaryIndexes);
  const local = indexes(properties.LocalSecondaryIndexes)?.map(({ ProvisionedThroughput: _, ...index }) => index);
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    BillingMode: isProvisioned ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    ...(isProvisioned ? { ProvisionedThroughput: integers(ProvisionedThroughput) } : {}),
    ...(global?.length ? { GlobalSecondaryIndexes: global } : {}),
    ...(local?.length ? { LocalSecondaryIndexes: local } : {}),
  };
}

/** Numbers of a template can be texts. */
function integers(throughput: unknown) {
  return Object.fromEntries(Object.entries(throughput as object).map(([name, value]) => [name, Number(value)]));
}

/** @throws ResourceFailure for a change of global secondary indexes that CloudFormation does not make. */
function checkIndexChange(before: readonly TableIndex[], after: readonly TableIndex[]): void {
  const named = (indexes: readonly TableIndex[], name: string) => indexes.find(({ IndexName }) => IndexName === name);
  const created = after.filter(({ IndexName }) => !named(before, IndexName));
  const deleted = before.filter(({ IndexName }) => !named(after, IndexName));
  if (created.length + deleted.length > 1) {
    throw new ResourceFailure('Cannot perform more than one GSI creation or deletion in a single update');
  }
  for (const index of after) {
    const old = named(before, index.IndexName);
    const { ProvisionedThroughput: _, ...definition } = index as Index;
    const { ProvisionedThroughput: __, ...oldDefinition } = (old ?? index) as Index;
    if (!isDeepStrictEqual(definition, oldDefinition)) {
      throw new ResourceFailure(
        'Cannot update GSI\'s properties other than Provisioned Throughput and Contributor Insights Specification. '
        + 'You can create a new GSI with a different name.',
      );
    }
  }
}

async function setTags(
  tables: DynamoDbTables,
  name: string,
  properties: Properties,
  context: ResourceContext,
): Promise<void> {
  const ResourceArn = tables.arnOf(name);
  const wanted = tagsOf({ Tags: properties.Tags ?? ownReplica(properties, context)?.Tags }, context);
  const listed = await tables.call<{ Tags?: { Key: string }[] }>('ListTagsOfResource', { ResourceArn });
  const removed = (listed.Tags ?? []).map(({ Key }) => Key).filter((key) => !Object.hasOwn(wanted, key));
  if (removed.length) await tables.call('UntagResource', { ResourceArn, TagKeys: removed });
  const Tags = Object.entries(wanted).map(([Key, Value]) => ({ Key, Value: String(Value) }));
  if (Tags.length) await tables.call('TagResource', { ResourceArn, Tags });
}

/** Returns the replica of a global table in the Region of the stack. */
function ownReplica({ Replicas }: Properties, { region }: Pick<ResourceContext, 'region'>): Properties | undefined {
  return (Replicas as readonly Properties[] | undefined)?.find((replica) => replica.Region === region);
}

function isProtected(properties: ResourceState['properties']): boolean {
  const replicas = (properties.Replicas as readonly Properties[] | undefined) ?? [];
  return [properties, ...replicas].some((part) => String(part.DeletionProtectionEnabled) === 'true');
}
