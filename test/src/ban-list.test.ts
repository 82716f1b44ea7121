import { PhysicalName, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { BanList } from '../../src';
import { newStack, onlyResource } from './stack';

const TABLE = 'AWS::DynamoDB::Table';

test('a ban list is a table on demand, which is retained and can be restored', () => {
  const stack = newStack();
  new BanList(stack, 'BanList');
  const { Properties, DeletionPolicy, UpdateReplacePolicy } = onlyResource(stack, TABLE);
  expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
  const keys = (partition: string, sort: string) =>
    [{ AttributeName: partition, KeyType: 'HASH' }, { AttributeName: sort, KeyType: 'RANGE' }];
  expect(Properties).toEqual({
    AttributeDefinitions: ['pk', 'sk', 'list', 'listOrder'].map(
      (AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keys('pk', 'sk'),
    GlobalSecondaryIndexes: [
      { IndexName: 'list', KeySchema: keys('list', 'listOrder'), Projection: { ProjectionType: 'ALL' } },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
});

test('the properties of a ban list', () => {
  const stack = newStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  new BanList(stack, 'BanList', {
    tableName: 'bans', encryptionKey, pointInTimeRecovery: false, removalPolicy: RemovalPolicy.DESTROY,
  });
  const { Properties, DeletionPolicy } = onlyResource(stack, TABLE);
  expect(DeletionPolicy).toBe('Delete');
  expect(Properties).toMatchObject({
    TableName: 'bans',
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: stack.resolve(encryptionKey.keyArn) },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
  });
});

test('applyRemovalPolicy changes the policy of the table', () => {
  const stack = newStack();
  new BanList(stack, 'BanList').applyRemovalPolicy(RemovalPolicy.DESTROY);
  expect(onlyResource(stack, TABLE).DeletionPolicy).toBe('Delete');
});

test.each<[string, (banList: BanList, role: iam.Role) => iam.Grant, { [suffix: string]: string | string[] }]>([
  ['grantRead', (banList, role) => banList.grantRead(role),
    { '': ['dynamodb:GetItem', 'dynamodb:Query'], '/index/list': 'dynamodb:Query' }],
  ['grantWrite', (banList, role) => banList.grantWrite(role),
    { '': ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] }],
  ['grant', (banList, role) => banList.grant(role, 'dynamodb:Query', 'dynamodb:PutItem'),
    { '': ['dynamodb:Query', 'dynamodb:PutItem'] }],
  ['grant of one action', (banList, role) => banList.grant(role, 'dynamodb:Query'), { '': 'dynamodb:Query' }],
])('%s allows the actions on the table, and the use of its key', (_, grant, actions) => {
  const stack = newStack();
  const banList = new BanList(stack, 'BanList', { encryptionKey: new kms.Key(stack, 'Key') });
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const { success, principalStatements } = grant(banList, role);
  expect([success, principalStatements.length]).toEqual([true, Object.keys(actions).length]);
  const arn = stack.resolve(banList.tableArn);
  const statements = Object.entries(actions).map(([suffix, Action]) =>
    ({ Effect: 'Allow', Action, Resource: suffix ? { 'Fn::Join': ['', [arn, suffix]] } : arn }));
  const { Statement } = onlyResource(stack, 'AWS::IAM::Policy').Properties.PolicyDocument;
  expect(Statement).toEqual(expect.arrayContaining([
    ...statements,
    expect.objectContaining({ Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'] }),
  ]));
  expect(Statement).toHaveLength(statements.length + 1);
});

test('an imported ban list has the ARN of a table in the stack\'s account and Region', () => {
  const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
  const banList = BanList.fromTableName(stack, 'BanList', 'bans');
  expect(banList.tableName).toBe('bans');
  const arn = {
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':dynamodb:eu-west-1:123456789012:table/bans']],
  };
  expect(stack.resolve([banList.tableArn, banList.tableRef])).toEqual([arn, { tableName: 'bans', tableArn: arn }]);
});

test('the name of a ban list can be generated if needed, and its attributes refer to the table', () => {
  const stack = newStack();
  const banList = new BanList(stack, 'BanList', { tableName: PhysicalName.GENERATE_IF_NEEDED });
  expect(onlyResource(stack, TABLE).Properties.TableName).toBeUndefined();
  const { tableName, tableArn, tableRef } = banList;
  const [Ref] = Object.keys(Template.fromStack(stack).findResources(TABLE));
  expect(stack.resolve([tableName, tableArn])).toEqual([{ Ref }, { 'Fn::GetAtt': [Ref, 'Arn'] }]);
  expect(tableRef).toEqual({ tableName, tableArn });
});

test.each<[any, string]>([
  [{ pointInTimeRecovery: 'yes' }, '`pointInTimeRecovery` must be a boolean, got "yes" (at Stack/BanList)'],
  [{ tableName: 'the bans' }, '`tableName` must contain only letters, digits, hyphens, underscores and periods'],
  [{ encryptionKey: 'alias/key' }, '`encryptionKey` must be a key, got "alias/key"; pass a `kms.Key`'],
  [{ removalPolicy: 'keep' }, '`removalPolicy` must be one of RemovalPolicy.DESTROY,'],
  [{ encryptionkey: undefined }, '`encryptionkey` is not a property; did you mean `encryptionKey`?'],
])('the properties %j: an error tells how to correct them', (props, message) => {
  expect(() => new BanList(newStack(), 'BanList', props)).toThrow(message);
});
