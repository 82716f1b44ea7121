/**
 * Code of applications that use the official SDK. drop-in.test.ts compiles and runs it with this import, and again with
 * our package in its place.
 */
import {
  AccessDeniedException, ChatTokenCapability, ConflictException, CreateChatTokenCommand,
  CreateLoggingConfigurationCommand, CreateLoggingConfigurationState, CreateRoomCommand,
  DeleteLoggingConfigurationCommand, DeleteMessageCommand, DeleteRoomCommand, DisconnectUserCommand, FallbackResult,
  GetLoggingConfigurationCommand, GetRoomCommand, InternalServerException, Ivschat, IvschatClient,
  IvschatServiceException, ListLoggingConfigurationsCommand, ListRoomsCommand, ListTagsForResourceCommand,
  LoggingConfigurationState, PendingVerification, ResourceNotFoundException, ResourceType, SendEventCommand,
  ServiceQuotaExceededException, TagResourceCommand, ThrottlingException, UntagResourceCommand,
  UpdateLoggingConfigurationCommand, UpdateLoggingConfigurationState, UpdateRoomCommand, ValidationException,
  ValidationExceptionReason, paginateListLoggingConfigurations, paginateListRooms, type CreateChatTokenCommandInput,
  type CreateChatTokenCommandOutput, type CreateChatTokenRequest, type CreateChatTokenResponse,
  type CreateRoomCommandOutput, type DestinationConfiguration, type IvschatClientConfig,
  type IvschatPaginationConfiguration, type ListRoomsCommandOutput, type LoggingConfigurationSummary,
  type MessageReviewHandler, type RoomSummary, type ValidationExceptionField,
} from '@aws-sdk/client-ivschat';
import { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const credentials = {
  accessKeyId: 'AKID',
  secretAccessKey: 'secret',
  sessionToken: 'token',
  expiration: new Date(),
  accountId: '123456789012',
};

/** All options that both clients have. */
export const configurations: IvschatClientConfig[] = [
  {},
  {
    region: 'us-west-2',
    credentials,
    endpoint: 'https://example.com',
    maxAttempts: 5,
    retryMode: 'standard',
    logger: console,
  },
  {
    region: async () => 'us-west-2',
    credentials: async () => credentials,
    endpoint: async () => ({ protocol: 'https:', hostname: 'example.com', path: '/' }),
  },
  {
    endpoint: { protocol: 'https:', hostname: 'example.com', port: 8443, path: '/' },
    maxAttempts: async () => 2,
    retryMode: async () => 'standard',
  },
  { endpoint: { url: new URL('https://example.com') }, useFipsEndpoint: false, useDualstackEndpoint: false },
  { useFipsEndpoint: async () => true, useDualstackEndpoint: async () => true },
  { requestHandler: new NodeHttpHandler({ connectionTimeout: 1000, requestTimeout: 2000 }) },
  { requestHandler: new FetchHttpHandler() },
  { requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, httpsAgent: { maxSockets: 25 } } },
  { requestHandler: { requestTimeout: 2000, socketTimeout: 1000, throwOnRequestTimeout: true } },
  { apiVersion: '2020-07-14', cacheMiddleware: true, defaultsMode: 'standard' },
  { customUserAgent: 'app/1.0', userAgentAppId: 'app' },
  { customUserAgent: [['app', '1.0']], userAgentAppId: async () => 'app' },
];

export async function rooms(client: IvschatClient, roomIdentifier: string, loggingConfigurationIdentifier: string) {
  const created: CreateRoomCommandOutput = await client.send(new CreateRoomCommand({
    name: 'room',
    maximumMessageLength: 100,
    maximumMessageRatePerSecond: 20,
    messageReviewHandler: { uri: 'arn:aws:lambda:us-west-2:123456789012:function:review', fallbackResult: 'DENY' },
    tags: { team: 'chat' },
    loggingConfigurationIdentifiers: [loggingConfigurationIdentifier],
  }));
  await client.send(new CreateRoomCommand({}));
  const arn: string | undefined = created.arn;
  const time: Date | undefined = created.createTime;
  const handler: MessageReviewHandler | undefined = created.messageReviewHandler;
  const attempts: number | undefined = created.$metadata.attempts;
  const { name, tags } = await client.send(new GetRoomCommand({ identifier: roomIdentifier }));
  const { rooms: page = [], nextToken } = await client.send(new ListRoomsCommand({
    maxResults: 5,
    name: 'room',
    messageReviewHandlerUri: '',
    nextToken: undefined,
  }));
  const summaries: RoomSummary[] = page;
  await client.send(new UpdateRoomCommand({
    identifier: roomIdentifier,
    messageReviewHandler: { uri: '' },
    loggingConfigurationIdentifiers: [],
  }));
  await client.send(new DeleteRoomCommand({ identifier: roomIdentifier }));
  return { arn, time, handler, attempts, name, tags, nextToken, summaries };
}

export async function loggingConfigurations(client: IvschatClient, identifier: string) {
  const destinations: DestinationConfiguration[] = [
    { s3: { bucketName: 'bucket' } },
    { cloudWatchLogs: { logGroupName: 'group' } },
    { firehose: { deliveryStreamName: 'stream' } },
  ];
  const { state } = await client.send(new CreateLoggingConfigurationCommand({
    destinationConfiguration: destinations[0],
    name: 'logs',
    tags: {},
  }));
  const isActive: boolean = state === CreateLoggingConfigurationState.ACTIVE;
  const got = await client.send(new GetLoggingConfigurationCommand({ identifier }));
  const deleting: boolean = got.state === LoggingConfigurationState.DELETING;
  const bucket: string | undefined = got.destinationConfiguration?.s3?.bucketName;
  const listed = await client.send(new ListLoggingConfigurationsCommand({}));
  const summaries: LoggingConfigurationSummary[] | undefined = listed.loggingConfigurations;
  const updated = await client.send(new UpdateLoggingConfigurationCommand({
    identifier,
    destinationConfiguration: destinations[1],
  }));
  const same: boolean = updated.state === UpdateLoggingConfigurationState.ACTIVE;
  await client.send(new DeleteLoggingConfigurationCommand({ identifier }));
  return { isActive, deleting, bucket, summaries, same };
}

export async function chat(client: IvschatClient, roomIdentifier: string) {
  const request: CreateChatTokenRequest = {
    roomIdentifier,
    userId: 'ada',
    capabilities: ['SEND_MESSAGE', ChatTokenCapability.DELETE_MESSAGE],
  };
  const input: CreateChatTokenCommandInput = { ...request, sessionDurationInMinutes: 60, attributes: { name: 'Ada' } };
  const output: CreateChatTokenCommandOutput = await client.send(new CreateChatTokenCommand(input));
  const response: CreateChatTokenResponse = output;
  const expires: Date | undefined = response.tokenExpirationTime;
  const { id } = await client.send(new SendEventCommand({
    roomIdentifier,
    eventName: 'app:poll',
    attributes: { question: '?' },
  }));
  const deletion = await client.send(new DeleteMessageCommand({ roomIdentifier, id: 'AbCdEf012345', reason: 'spam' }));
  const deleted: string | undefined = deletion.id;
  await client.send(new DisconnectUserCommand({ roomIdentifier, userId: 'ada', reason: 'spam' }));
  return { token: output.token, expires, id, deleted };
}

export async function tagsOf(client: IvschatClient, resourceArn: string) {
  await client.send(new TagResourceCommand({ resourceArn, tags: { team: 'chat' } }));
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
  const { tags: all } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
  return all?.team;
}

/** Calls with await, promises and callbacks, and the methods of version 2 of the SDK. */
export async function styles(client: IvschatClient, aggregated: Ivschat) {
  const seen: string[] = [];
  const command = new ListRoomsCommand({});
  const { signal } = new AbortController();
  seen.push(typeof (await client.send(command, { abortSignal: signal, requestTimeout: 1000 })).rooms);
  await client.send(command)
    .then((data) => seen.push(typeof data.rooms), (error) => seen.push(error))
    .finally(() => seen.push('finally'));
  await new Promise<void>((resolve) => client.send(command, (error: any, data?: ListRoomsCommandOutput) => {
    seen.push(`${error} ${typeof data?.rooms}`);
    resolve();
  }));
  await new Promise<void>((resolve) => client.send(command, { abortSignal: signal }, (error, data) => {
    seen.push(`${error} ${typeof data?.rooms}`);
    resolve();
  }));
  seen.push(typeof (await aggregated.listRooms({})).rooms, typeof (await aggregated.listRooms()).rooms);
  await new Promise<void>((resolve) => aggregated.listRooms({}, (error: any, data?: ListRoomsCommandOutput) => {
    seen.push(`${error} ${typeof data?.rooms}`);
    resolve();
  }));
  await new Promise<void>((resolve) => aggregated.listRooms({}, { requestTimeout: 1000 }, (error, data) => {
    seen.push(`${error} ${typeof data?.rooms}`);
    resolve();
  }));
  return seen;
}

export async function aggregate(client: Ivschat, roomIdentifier: string, loggingConfigurationIdentifier: string) {
  const tagged = { resourceArn: roomIdentifier };
  return [
    await client.createChatToken({ roomIdentifier, userId: 'ada' }),
    await client.createLoggingConfiguration({ destinationConfiguration: { s3: { bucketName: 'bucket' } } }),
    await client.createRoom({}),
    await client.createRoom(),
    await client.deleteLoggingConfiguration({ identifier: loggingConfigurationIdentifier }),
    await client.deleteMessage({ roomIdentifier, id: 'AbCdEf012345' }),
    await client.deleteRoom({ identifier: roomIdentifier }),
    await client.disconnectUser({ roomIdentifier, userId: 'ada' }),
    await client.getLoggingConfiguration({ identifier: loggingConfigurationIdentifier }),
    await client.getRoom({ identifier: roomIdentifier }),
    await client.listLoggingConfigurations(),
    await client.listLoggingConfigurations({}),
    await client.listRooms({ maxResults: 1 }),
    await client.listTagsForResource(tagged),
    await client.sendEvent({ roomIdentifier, eventName: 'event' }),
    await client.tagResource({ ...tagged, tags: {} }),
    await client.untagResource({ ...tagged, tagKeys: [] }),
    await client.updateLoggingConfiguration({ identifier: loggingConfigurationIdentifier }),
    await client.updateRoom({ identifier: roomIdentifier, name: 'new' }),
  ].map(({ $metadata: { httpStatusCode } }) => httpStatusCode);
}

export async function pages(client: IvschatClient) {
  const configuration: IvschatPaginationConfiguration = {
    client,
    pageSize: 2,
    startingToken: undefined,
    stopOnSameToken: true,
  };
  const names: Array<string | undefined> = [];
  for await (const { rooms: page } of paginateListRooms(configuration, {})) {
    names.push(...page!.map((room) => room.name));
  }
  for await (const page of paginateListLoggingConfigurations({ client }, {})) {
    names.push(...page.loggingConfigurations!.map(({ id }) => id));
  }
  return names;
}

export function explain(error: unknown): string {
  if (error instanceof ResourceNotFoundException || error instanceof ConflictException) {
    const isRoom: boolean = error.resourceType === ResourceType.ROOM;
    return `${error.name} ${error.resourceId} ${isRoom}`;
  }
  if (error instanceof ServiceQuotaExceededException || error instanceof ThrottlingException) {
    return `${error.name} ${error.limit?.toFixed(0)} ${error.$fault}`;
  }
  if (error instanceof ValidationException) {
    const fields: ValidationExceptionField[] = error.fieldList ?? [];
    const isFieldError = error.reason === ValidationExceptionReason.FIELD_VALIDATION_FAILED;
    return `${error.name} ${isFieldError} ${fields.map(({ name }) => name).join()}`;
  }
  if (error instanceof AccessDeniedException || error instanceof PendingVerification) return error.name;
  if (error instanceof InternalServerException) return error.name;
  if (error instanceof IvschatServiceException) {
    const { requestId, cfId, extendedRequestId, attempts, totalRetryDelay, httpStatusCode } = error.$metadata;
    const { name, $fault, message, $retryable } = error;
    const metadata = [requestId, cfId, extendedRequestId, attempts, totalRetryDelay, httpStatusCode];
    return [name, $fault, message, ...metadata, $retryable?.throttling].join();
  }
  return 'something else';
}

export const fallback: FallbackResult = FallbackResult.DENY;

export async function configurationOf(client: IvschatClient) {
  const identity = await client.config.credentials();
  client.config.requestHandler.destroy?.();
  client.destroy();
  return [await client.config.region(), identity.accessKeyId, await client.config.maxAttempts()];
}

// The compiler must reject each of these lines. It would accept them if a type were `any`.
export async function wrong(client: IvschatClient, aggregated: Ivschat) {
  // @ts-expect-error an input is missing
  new GetRoomCommand();
  // @ts-expect-error a member is missing
  new CreateChatTokenCommand({ roomIdentifier: 'room' });
  // @ts-expect-error an unknown member
  new CreateRoomCommand({ color: 'red' });
  // @ts-expect-error text instead of a number
  new CreateRoomCommand({ maximumMessageLength: '100' });
  // @ts-expect-error not a capability
  new CreateChatTokenCommand({ roomIdentifier: 'room', userId: 'ada', capabilities: ['VIEW_MESSAGE'] });
  // @ts-expect-error two destinations
  const destinations: DestinationConfiguration = { s3: { bucketName: 'b' }, firehose: { deliveryStreamName: 's' } };
  // @ts-expect-error a Date is not text
  const time: string = (await client.send(new GetRoomCommand({ identifier: 'room' }))).createTime!;
  // @ts-expect-error an unknown member of an output
  (await client.send(new GetRoomCommand({ identifier: 'room' }))).color;
  // @ts-expect-error not a command
  await client.send({});
  // @ts-expect-error a number instead of text
  new IvschatClient({ region: 5 });
  // @ts-expect-error not a fallback result
  const result: FallbackResult = 'PERHAPS';
  // @ts-expect-error not a method
  await aggregated.listEverything();
  // @ts-expect-error an input is missing
  await aggregated.getRoom();
  // @ts-expect-error a client is missing
  paginateListRooms({}, {});
  return [time, result, destinations];
}
