import Ajv from 'ajv/dist/2020';
import { chatApiHandler } from '../../../lambda/chat-api/chat-api-handler';
import type { ChatApiEffects } from '../../../lambda/chat-api/chat-api-effects';
import type { Claims, HttpEvent, HttpResult } from '../../../lambda/chat-api/http-event';
import { moderationOperations } from '../../../lambda/chat-api/moderation/moderation-operations';
import { disconnectLater, isDisconnectEvent } from '../../../lambda/chat-api/moderation/second-disconnect';
import { tokenOperations } from '../../../lambda/chat-api/token/token-operations';
import { CreateRoomCommand, IvschatClient } from '../../../lambda/client';
import { DynamoDbClient } from '../../../lambda/dynamodb/dynamodb-client';
import { startLocalIvsChat, type LocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';
import { responseSchemas } from '../../../projenrc/open-api/response-schemas';
import type { ChatApiConfiguration } from '../../../src/contract/chat-api/configuration';
import {
  CHAT_API_OPERATIONS, chatApiPath, type ChatApiOperation, type ChatApiOperationName,
} from '../../../src/contract/chat-api/operations';
import { credentials, startDynaliteTable, type DynaliteTable } from '../dynamodb/dynalite-table';

/** An answer with the parsed body. */
export interface Answer {
  readonly status: number;
  readonly headers: HttpResult['headers'];
  readonly body: any;
}

/** The two functions of a chat API on a local IVS Chat and an in-memory DynamoDB. */
export interface Api {
  readonly effects: ChatApiEffects & { configuration: ChatApiConfiguration };
  readonly ivsChat: LocalIvsChat;
  readonly database: DynaliteTable;
  /** The events with which the moderation function has invoked itself. */
  readonly invocations: any[];
  readonly logs: any[];
  /** Sends a request with the claims of a JSON web token, as API Gateway gives them to a function. */
  call(operation: ChatApiOperationName, claims: Claims | undefined, body?: object): Promise<Answer>;
  send(event: HttpEvent): Promise<Answer>;
  /** Moves the clock of the functions. */
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

/** The operations that users cannot perform on themselves, with the members of the body other than `userId`. */
export const operationsOnOthers: [ChatApiOperationName, object][] = [
  ['BanUser', {}],
  ['UnbanUser', {}],
  ['MuteUser', { durationInMinutes: 1 }],
  ['UnmuteUser', {}],
  ['BlockUser', {}],
  ['ReportUser', { category: 'SPAM' }],
  ['ReportMessage', { category: 'SPAM', messageId: 'AAAAAAAAAAA1' }],
];

export const claimsOf = (sub: string, ...groups: string[]): Claims =>
  ({ sub, 'token_use': 'access', 'cognito:groups': `[${groups.join(' ')}]` });

/** Returns the event of an HTTP API in payload format 2.0. */
export function eventOf(
  name: ChatApiOperationName, authorizer: HttpEvent['requestContext']['authorizer'], body?: unknown,
): HttpEvent {
  const operation: ChatApiOperation = CHAT_API_OPERATIONS[name];
  const method = operation.method ?? 'POST';
  return {
    version: '2.0',
    routeKey: `${method} ${chatApiPath(name)}`,
    rawPath: chatApiPath(name),
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: { requestId: 'request-1', authorizer, http: { method } },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
  } as HttpEvent;
}

const ajv = new Ajv({ validateFormats: false });

/** Checks that a response matches the OpenAPI document. */
function checkResponse(name: string, body: unknown): void {
  if (ajv.validate(responseSchemas[`${name}Response`]!, body)) return;
  throw new Error(`the response of ${name} does not match its schema: ${ajv.errorsText()}`);
}

export async function startApi(changes: Partial<ChatApiConfiguration> = {}): Promise<Api> {
  const ivsChat = await startLocalIvsChat({ region: 'eu-west-1' });
  const database = await startDynaliteTable();
  const { accessKeyId, secretAccessKey } = ivsChat.identities.administrator;
  const client = new IvschatClient({
    region: 'eu-west-1', endpoint: ivsChat.controlPlane, credentials: { accessKeyId, secretAccessKey },
  });
  const rooms: Record<string, string> = {};
  for (const key of ['lobby', 'stage']) rooms[key] = (await client.send(new CreateRoomCommand({ name: key }))).arn!;

  const invocations: any[] = [];
  const logs: any[] = [];
  let ahead = 0;
  const effects: Api['effects'] = {
    configuration: {
      rooms,
      table: database.table,
      roles: { viewer: 'viewer', moderator: 'moderator', host: 'host' },
      defaultRole: 'viewer',
      claims: { userId: 'sub', displayName: 'name', role: 'cognito:groups' },
      sessionDurationInMinutes: 60,
      ...changes,
    },
    database: new DynamoDbClient({
      region: 'eu-west-1', endpoint: database.endpoint, credentials: async () => credentials,
    }),
    client,
    now: () => Date.now() + ahead,
    sleep: async () => {},
    invokeSelf: async (event) => void invocations.push(event),
    log: (record) => void logs.push(record),
  };
  const functions = {
    token: chatApiHandler('token', tokenOperations(effects), effects),
    moderation: chatApiHandler('moderation', moderationOperations(effects), effects),
  };

  const send = async (event: HttpEvent): Promise<Answer> => {
    const name = Object.keys(CHAT_API_OPERATIONS)
      .find((operation) => event.routeKey.endsWith(` ${chatApiPath(operation)}`)) as ChatApiOperationName;
    const { statusCode, headers, body } = await functions[CHAT_API_OPERATIONS[name].function](event);
    if (statusCode === 200) checkResponse(name, JSON.parse(body!));
    return { status: statusCode, headers, body: body === undefined ? undefined : JSON.parse(body) };
  };
  return {
    effects,
    ivsChat,
    database,
    invocations,
    logs,
    send,
    advance(milliseconds) {
      ahead += milliseconds;
    },
    call: (operation, claims, body) => send(eventOf(operation, claims && { jwt: { claims } }, body)),
    async close() {
      client.destroy();
      await database.close();
      await ivsChat.close();
    },
  };
}

export { disconnectLater, isDisconnectEvent };
