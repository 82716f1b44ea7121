/** The app of http-api.test.ts: an HTTP API with each kind of authorizer, tables and a user pool. */
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
  HttpUserPoolAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { CfnUserPoolGroup, UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';

const app = new App();
const stack = new Stack(app, 'HttpApi');

const table = new TableV2(stack, 'Table', {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  globalSecondaryIndexes: [{ indexName: 'byKind', partitionKey: { name: 'kind', type: AttributeType.STRING } }],
  timeToLiveAttribute: 'expires',
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  removalPolicy: RemovalPolicy.DESTROY,
});

const handler = new Function(stack, 'Handler', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  timeout: Duration.seconds(20),
  environment: { TABLE: table.tableName },
  code: Code.fromInline(`
const { DynamoDBClient, PutItemCommand, QueryCommand, ScanCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({ maxAttempts: 1 });
const TableName = process.env.TABLE;
exports.handler = async (event) => {
  if (event.routeKey !== 'POST /items/{id}') return event;
  await client.send(new PutItemCommand({
    TableName,
    Item: { pk: { S: event.pathParameters.id }, sk: { S: 'item' }, kind: { S: 'a' } },
  }));
  const { Items } = await client.send(new QueryCommand({
    TableName,
    IndexName: 'byKind',
    KeyConditionExpression: 'kind = :kind',
    ExpressionAttributeValues: { ':kind': { S: 'a' } },
  }));
  const refused = await client.send(new ScanCommand({ TableName })).catch((error) => error);
  return { items: Items.map(({ pk }) => pk.S), refused: refused.name };
};`),
});
table.grant(handler, 'dynamodb:PutItem', 'dynamodb:Query');

const authorizerFunction = new Function(stack, 'Authorizer', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromInline(`exports.handler = async ({ headers }) => ({
    isAuthorized: headers.authorization === 'secret',
    context: { role: 'viewer', level: 3 },
  });`),
});

const pool = new UserPool(stack, 'Pool', { removalPolicy: RemovalPolicy.DESTROY });
const client = pool.addClient('Client');
new CfnUserPoolGroup(stack, 'Group', { userPoolId: pool.userPoolId, groupName: 'moderators' });

const api = new HttpApi(stack, 'Api', {
  createDefaultStage: false,
  corsPreflight: {
    allowOrigins: ['https://app.example'],
    allowMethods: [CorsHttpMethod.POST],
    allowHeaders: ['authorization'],
  },
});
const accessLog = new LogGroup(stack, 'AccessLog', { removalPolicy: RemovalPolicy.DESTROY });
const stage = new HttpStage(stack, 'Stage', {
  httpApi: api,
  autoDeploy: true,
  throttle: { rateLimit: 100, burstLimit: 100 },
  accessLogSettings: { destination: new LogGroupLogDestination(accessLog) },
});

const integration = new HttpLambdaIntegration('Integration', handler);
const route = (path: string, authorizer: Parameters<HttpApi['addRoutes']>[0]['authorizer'], method = HttpMethod.POST) =>
  api.addRoutes({ path, methods: [method], integration, authorizer });
route('/pool', new HttpUserPoolAuthorizer('PoolAuthorizer', pool, { userPoolClients: [client] }));
route('/items/{id}', new HttpUserPoolAuthorizer('PoolAuthorizer2', pool, { userPoolClients: [client] }));
route('/jwt', new HttpJwtAuthorizer('JwtAuthorizer', 'https://issuer.example', { jwtAudience: ['app'] }));
route('/local', new HttpJwtAuthorizer('LocalAuthorizer', app.node.getContext('issuer'), { jwtAudience: ['app'] }));
route('/lambda', new HttpLambdaAuthorizer('LambdaAuthorizer', authorizerFunction, {
  responseTypes: [HttpLambdaResponseType.SIMPLE],
}));
route('/iam', new HttpIamAuthorizer());
route('/open/{proxy+}', undefined, HttpMethod.ANY);

new CfnOutput(stack, 'Url', { value: stage.url });
new CfnOutput(stack, 'Endpoint', { value: api.apiEndpoint });
new CfnOutput(stack, 'PoolId', { value: pool.userPoolId });
new CfnOutput(stack, 'TableName', { value: table.tableName });
new CfnOutput(stack, 'AccessLogName', { value: accessLog.logGroupName });
