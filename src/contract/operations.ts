/** The 17 operations of the control plane in the service model: the HTTP request, the input and the output of each. */
import {
  ChatToken, ChatTokenAttributes, ChatTokenCapabilities, CreateLoggingConfigurationState, DestinationConfiguration,
  EventAttributes, EventName, ID, LambdaArn, LoggingConfigurationArn, LoggingConfigurationID,
  LoggingConfigurationIdentifier, LoggingConfigurationIdentifierList, LoggingConfigurationName,
  LoggingConfigurationState, MaxLoggingConfigurationResults, MaxRoomResults, MessageID, MessageReviewHandler,
  PaginationToken, Reason, ResourceArn, RoomArn, RoomID, RoomIdentifier, RoomMaxMessageLength,
  RoomMaxMessageRatePerSecond, RoomName, SessionDurationInMinutes, TagKeyList, Tags, Time,
  UpdateLoggingConfigurationState, UserID,
} from './constraints';
import type { Shape, StructureShape } from './shape';

export interface Operation {
  readonly name: string;
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** The path of the request. `{member}` stands for the percent-encoded input member. */
  readonly path: string;
  /** The input member that is sent as a repeated query parameter of the same name. */
  readonly query?: string;
  /** The HTTP status of success. */
  readonly status: 200 | 204;
  readonly input: StructureShape;
  /** The members of the response, or undefined if the response has none. */
  readonly output?: StructureShape;
  /** Whether a repeated request has the same effect as one request, so that a client can retry it. */
  readonly idempotent: boolean;
}

interface Members { readonly [member: string]: Shape }

// Functions build the shapes, and their calls are marked as pure, so that bundlers remove unused operations. Bundlers
// do not remove spread objects.

function structure(members: Members, required: readonly string[] = []): StructureShape {
  return { type: 'structure', members, required };
}

/** Returns an operation with the usual values. `rest` overrides them. */
function operation(
  name: string, required: readonly string[], input: Members, output?: Members, rest?: Partial<Operation>,
): Operation {
  return {
    name,
    method: 'POST',
    path: `/${name}`,
    status: 200,
    idempotent: true,
    input: structure(input, required),
    output: output && structure(output),
    ...rest,
  };
}

function roomSettings(more?: Members): Members {
  return {
    name: RoomName,
    maximumMessageRatePerSecond: RoomMaxMessageRatePerSecond,
    maximumMessageLength: RoomMaxMessageLength,
    messageReviewHandler: MessageReviewHandler,
    ...more,
    loggingConfigurationIdentifiers: LoggingConfigurationIdentifierList,
  };
}

function room(): Members {
  return { arn: RoomArn, id: RoomID, createTime: Time, updateTime: Time, ...roomSettings({ tags: Tags }) };
}

function loggingConfiguration(state: Shape): Members {
  return {
    arn: LoggingConfigurationArn,
    id: LoggingConfigurationID,
    createTime: Time,
    updateTime: Time,
    name: LoggingConfigurationName,
    destinationConfiguration: DestinationConfiguration,
    state,
    tags: Tags,
  };
}

/** Returns the shape of a page of a list: its items, and the token of the next page. */
function page(member: string, item: StructureShape): StructureShape {
  return structure({ [member]: { type: 'list', member: item }, nextToken: PaginationToken }, [member]);
}

// CreateChatToken is idempotent in effect: an unused token expires within a minute.
export const CreateChatToken = /* @__PURE__ */ operation('CreateChatToken', ['roomIdentifier', 'userId'], {
  roomIdentifier: RoomIdentifier,
  userId: UserID,
  capabilities: ChatTokenCapabilities,
  sessionDurationInMinutes: SessionDurationInMinutes,
  attributes: ChatTokenAttributes,
}, { token: ChatToken, tokenExpirationTime: Time, sessionExpirationTime: Time });

export const CreateLoggingConfiguration = /* @__PURE__ */ operation('CreateLoggingConfiguration', [
  'destinationConfiguration',
], {
  name: LoggingConfigurationName, destinationConfiguration: DestinationConfiguration, tags: Tags,
}, /* @__PURE__ */ loggingConfiguration(CreateLoggingConfigurationState), { idempotent: false });

export const CreateRoom = /* @__PURE__ */ operation(
  'CreateRoom', [], /* @__PURE__ */ roomSettings({ tags: Tags }), /* @__PURE__ */ room(), { idempotent: false });

export const DeleteLoggingConfiguration = /* @__PURE__ */ operation(
  'DeleteLoggingConfiguration', ['identifier'], { identifier: LoggingConfigurationIdentifier }, undefined,
  { status: 204 });

export const DeleteMessage = /* @__PURE__ */ operation(
  'DeleteMessage', ['roomIdentifier', 'id'],
  { roomIdentifier: RoomIdentifier, id: MessageID, reason: Reason }, { id: ID });

export const DeleteRoom = /* @__PURE__ */ operation(
  'DeleteRoom', ['identifier'], { identifier: RoomIdentifier }, undefined, { status: 204 });

export const DisconnectUser = /* @__PURE__ */ operation(
  'DisconnectUser', ['roomIdentifier', 'userId'], { roomIdentifier: RoomIdentifier, userId: UserID, reason: Reason });

export const GetLoggingConfiguration = /* @__PURE__ */ operation(
  'GetLoggingConfiguration', ['identifier'], { identifier: LoggingConfigurationIdentifier },
  /* @__PURE__ */ loggingConfiguration(LoggingConfigurationState));

export const GetRoom = /* @__PURE__ */ operation(
  'GetRoom', ['identifier'], { identifier: RoomIdentifier }, /* @__PURE__ */ room());

export const ListLoggingConfigurations = /* @__PURE__ */ operation(
  'ListLoggingConfigurations', [],
  { nextToken: PaginationToken, maxResults: MaxLoggingConfigurationResults }, undefined, {
    output: /* @__PURE__ */ page('loggingConfigurations',
      /* @__PURE__ */ structure(/* @__PURE__ */ loggingConfiguration(LoggingConfigurationState))),
  });

export const ListRooms = /* @__PURE__ */ operation('ListRooms', [], {
  name: RoomName,
  nextToken: PaginationToken,
  maxResults: MaxRoomResults,
  messageReviewHandlerUri: LambdaArn,
  loggingConfigurationIdentifier: LoggingConfigurationIdentifier,
}, undefined, {
  output: /* @__PURE__ */ page('rooms', /* @__PURE__ */ structure({
    arn: RoomArn,
    id: RoomID,
    name: RoomName,
    messageReviewHandler: MessageReviewHandler,
    createTime: Time,
    updateTime: Time,
    tags: Tags,
    loggingConfigurationIdentifiers: LoggingConfigurationIdentifierList,
  })),
});

const TAGS_PATH = '/tags/{resourceArn}';

export const ListTagsForResource = /* @__PURE__ */ operation(
  'ListTagsForResource', ['resourceArn'], { resourceArn: ResourceArn }, undefined,
  { method: 'GET', path: TAGS_PATH, output: /* @__PURE__ */ structure({ tags: Tags }, ['tags']) });

export const SendEvent = /* @__PURE__ */ operation(
  'SendEvent', ['roomIdentifier', 'eventName'],
  { roomIdentifier: RoomIdentifier, eventName: EventName, attributes: EventAttributes },
  { id: ID }, { idempotent: false });

export const TagResource = /* @__PURE__ */ operation(
  'TagResource', ['resourceArn', 'tags'], { resourceArn: ResourceArn, tags: Tags }, undefined, { path: TAGS_PATH });

export const UntagResource = /* @__PURE__ */ operation(
  'UntagResource', ['resourceArn', 'tagKeys'], { resourceArn: ResourceArn, tagKeys: TagKeyList }, undefined,
  { method: 'DELETE', path: TAGS_PATH, query: 'tagKeys' });

export const UpdateLoggingConfiguration = /* @__PURE__ */ operation('UpdateLoggingConfiguration', ['identifier'], {
  identifier: LoggingConfigurationIdentifier,
  name: LoggingConfigurationName,
  destinationConfiguration: DestinationConfiguration,
}, /* @__PURE__ */ loggingConfiguration(UpdateLoggingConfigurationState));

export const UpdateRoom = /* @__PURE__ */ operation(
  'UpdateRoom', ['identifier'], /* @__PURE__ */ roomSettings({ identifier: RoomIdentifier }), /* @__PURE__ */ room());
