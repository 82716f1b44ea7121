import { RemovalPolicy, Resource, type IResource } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { BAN_LIST_TABLE } from './contract/chat-api/ban-list-table';
import { GRANTEE, TEXT } from './private/expectations';
import { BAN_LIST_PROPERTIES, PROPERTY_NAMES } from './private/properties';
import { injectProperties } from './private/property-injection';
import { validateArgument, validateProperties, validateScope } from './private/validate';

/**
 * A ban list: a DynamoDB table with the bans, mutes, blocks and reports of a chat.
 */
export interface IBanList extends IResource, dynamodb.ITableRef {
  /**
   * The name of the DynamoDB table. Pass it to the functions of `cdk-ivs-chat/runtime` as `banList`.
   *
   * @attribute
   */
  readonly tableName: string;

  /**
   * The ARN of the DynamoDB table.
   *
   * @attribute
   */
  readonly tableArn: string;

  /**
   * Grants permission for the given actions on the table, without its index.
   *
   * @param grantee The principal to grant the permission to.
   * @param actions The IAM actions, such as `dynamodb:Query`.
   */
  grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant;

  /**
   * Grants permission to read the bans, mutes, blocks and reports.
   *
   * @param grantee The principal to grant the permission to.
   */
  grantRead(grantee: iam.IGrantable): iam.Grant;

  /**
   * Grants permission to add, change and remove bans, mutes, blocks and reports, but not to read them.
   *
   * @param grantee The principal to grant the permission to.
   */
  grantWrite(grantee: iam.IGrantable): iam.Grant;
}

/**
 * Properties for a BanList.
 */
export interface BanListProps {
  /**
   * The name of the table.
   *
   * @default - a name that CloudFormation generates
   */
  readonly tableName?: string;

  /**
   * The key that encrypts the table.
   *
   * @default - a key that DynamoDB owns
   */
  readonly encryptionKey?: kms.IKeyRef;

  /**
   * Whether you can restore the table to any second of the last 35 days. The table contains the decisions on reports,
   * and some laws require you to keep them.
   *
   * @default true
   */
  readonly pointInTimeRecovery?: boolean;

  /**
   * The policy to apply when the ban list leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

abstract class BanListBase extends Resource implements IBanList {
  public abstract readonly tableName: string;
  public abstract readonly tableArn: string;

  public get tableRef(): dynamodb.TableReference {
    return { tableName: this.tableName, tableArn: this.tableArn };
  }

  /** The key that encrypts the table, if it is not a key that DynamoDB owns. */
  protected readonly encryptionKey?: kms.IKeyRef;

  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return this.grantOn(this.tableArn, grantee, actions);
  }

  public grantRead(grantee: iam.IGrantable): iam.Grant {
    const index = `${this.tableArn}/index/${BAN_LIST_TABLE.index}`;
    return this.grant(grantee, 'dynamodb:GetItem', 'dynamodb:Query')
      .combine(this.grantOn(index, grantee, ['dynamodb:Query']));
  }

  public grantWrite(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }

  private grantOn(arn: string, grantee: iam.IGrantable, actions: string[]): iam.Grant {
    validateArgument('grantee', grantee, GRANTEE);
    // DynamoDB uses the key on behalf of the caller, for reads and for writes.
    if (this.encryptionKey) kms.KeyGrants.fromKey(this.encryptionKey).encryptDecrypt(grantee);
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [arn] });
  }
}

/**
 * A ban list: a DynamoDB table with the bans, mutes, blocks and reports of a chat.
 *
 * Several chat APIs can share a ban list, and your own functions can read it, for example to review messages. The
 * table is on demand and encrypted. DynamoDB removes bans and mutes after they have ended.
 *
 * @resource AWS::DynamoDB::Table
 *
 * @example
 * declare const review: lambda.Function;
 * const banList = new BanList(this, 'BanList');
 * banList.grantRead(review);
 * review.addEnvironment('BAN_LIST', banList.tableName);
 */
export class BanList extends BanListBase {
  /** The identifier of this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ivs-chat.BanList';

  /** Imports the ban list of another stack by the name of its table. */
  public static fromTableName(scope: Construct, id: string, tableName: string): IBanList {
    const path = validateScope(scope, id);
    validateArgument('tableName', tableName, TEXT, path);
    class Import extends BanListBase {
      public readonly tableName = tableName;
      public readonly tableArn = this.stack.formatArn({
        service: 'dynamodb', resource: 'table', resourceName: tableName,
      });
    }
    return new Import(scope, id);
  }

  public readonly tableName: string;
  public readonly tableArn: string;

  protected readonly encryptionKey?: kms.IKeyRef;

  constructor(scope: Construct, id: string, props: BanListProps = {}) {
    const path = validateScope(scope, id);
    props = injectProperties(BanList.PROPERTY_INJECTION_ID, scope, id, props ?? {});
    validateProperties('props', props, BAN_LIST_PROPERTIES, PROPERTY_NAMES, path);
    super(scope, id, { physicalName: props.tableName });

    this.encryptionKey = props.encryptionKey;
    const { partitionKey, sortKey, index, indexPartitionKey, indexSortKey, timeToLive } = BAN_LIST_TABLE;
    const keySchema = (partition: string, sort: string) =>
      [{ attributeName: partition, keyType: 'HASH' }, { attributeName: sort, keyType: 'RANGE' }];
    const table = new dynamodb.CfnTable(this, 'Resource', {
      tableName: this.physicalName,
      attributeDefinitions: [partitionKey, sortKey, indexPartitionKey, indexSortKey].map((attributeName) =>
        ({ attributeName, attributeType: 'S' })),
      keySchema: keySchema(partitionKey, sortKey),
      globalSecondaryIndexes: [{
        indexName: index,
        keySchema: keySchema(indexPartitionKey, indexSortKey),
        projection: { projectionType: 'ALL' },
      }],
      timeToLiveSpecification: { attributeName: timeToLive, enabled: true },
      billingMode: 'PAY_PER_REQUEST',
      sseSpecification: props.encryptionKey ? {
        sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: props.encryptionKey.keyRef.keyArn,
      } : undefined,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.pointInTimeRecovery ?? true },
    });
    this.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    this.tableName = table.ref;
    this.tableArn = table.attrArn;
  }
}
