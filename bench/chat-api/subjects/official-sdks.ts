/** The token function as an application writes it with the official SDKs: the same requests, without any checks. */
import { DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateChatTokenCommand, IvschatClient } from '@aws-sdk/client-ivschat';

const { rooms, table } = JSON.parse(process.env.CHAT_API!);
const database = new DynamoDBClient({});
const chat = new IvschatClient({});

async function isBanned(userId: string): Promise<boolean> {
  const { Items } = await database.send(new QueryCommand({
    TableName: table,
    KeyConditionExpression: 'pk = :user',
    ExpressionAttributeValues: { ':user': { S: `USER#${userId}` } },
    ConsistentRead: true,
  }));
  return Items!.length > 0;
}

const count = (userId: string) => database.send(new UpdateItemCommand({
  TableName: table,
  Key: { pk: { S: `RATE#${userId}` }, sk: { S: 'TOKEN' } },
  UpdateExpression: 'ADD requests :one',
  ConditionExpression: 'attribute_not_exists(requests) OR requests < :maximum',
  ExpressionAttributeValues: { ':one': { N: '1' }, ':maximum': { N: '10' } },
}));

export async function handler(event: any) {
  const userId = event.requestContext.authorizer.jwt.claims.sub;
  const createToken = async () => {
    if (await isBanned(userId)) throw new Error('banned');
    const request = { roomIdentifier: rooms.lobby, userId, capabilities: ['SEND_MESSAGE' as const] };
    return chat.send(new CreateChatTokenCommand(request));
  };
  const [{ token, sessionExpirationTime }] = await Promise.all([createToken(), count(userId)]);
  if (await isBanned(userId)) throw new Error('banned');
  return { statusCode: 200, body: JSON.stringify({ token, sessionExpirationTime }) };
}
