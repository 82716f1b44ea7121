/** The 17 operations of the control plane, as the service model has them: where each goes, what it takes and gives. */
import {
  ChatToken, ChatTokenAttributes, ChatTokenCapabilities, CreateLoggingConfigurationState, DestinationConfiguration, EventAttributes, EventName,
  ID, LambdaArn, LoggingConfigurationArn, LoggingConfigurationID, LoggingConfigurationIdentifier, LoggingConfigurationIdentifierList,
  LoggingConfigurationName, LoggingConfigurationState, MaxLoggingConfigurationResults, MaxRoomResults, MessageID, MessageReviewHandler,
  PaginationToken, Reason, ResourceArn, RoomArn, RoomID, RoomIdentifier, RoomMaxMessageLength, RoomMaxMessageRatePerSecond, RoomName,
  SessionDurationInMinutes, TagKeyList, Tags, Time, UpdateLoggingConfigurationState, UserID,
} from './constraints';
import type { Shape, StructureShape } from './shape';

export interface Operation {
  readonly name: string;
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** `{member}` stands for the percent-encoded input member. */
  readonly path: string;
  /** The input member that is sent as a repeated query parameter of the same name. */
  readonly query?: string;
  /** The HTTP status of success. */
  readonly status: 200 | 204;
  readonly input: StructureShape;
  /** Left out where an answer has no members. */
  readonly output?: StructureShape;
  /** Doing it twice has the same effect as doing it once, so an answer that was lost may be asked for again. */
  readonly idempotent: boolean;
}

function structure(name: string, members: { readonly [member: string]: Shape }, required: readonly string[] = []): StructureShape {
  return { type: 'structure', name, members, required };
}

const roomMembers = {
  arn: RoomArn,
  id: RoomID,
  name: RoomName,
  createTime: Time,
  updateTime: Time,
  maximumMessageRatePerSecond: RoomMaxMessageRatePerSecond,
  maximumMessageLength: RoomMaxMessageLength,
  messageReviewHandler: MessageReviewHandler,
  tags: Tags,
  loggingConfigurationIdentifiers: LoggingConfigurationIdentifierList,
};
const roomSettings = {
  name: RoomName,
  maximumMessageRatePerSecond: RoomMaxMessageRatePerSecond,
  maximumMessageLength: RoomMaxMessageLength,
  messageReviewHandler: MessageReviewHandler,
  loggingConfigurationIdentifiers: LoggingConfigurationIdentifierList,
};
const roomSummary = /* @__PURE__ */ structure('RoomSummary', {
  arn: RoomArn,
  id: RoomID,
  name: RoomName,
  messageReviewHandler: MessageReviewHandler,
  createTime: Time,
  updateTime: Time,
  tags: Tags,
  loggingConfigurationIdentifiers: LoggingConfigurationIdentifierList,
});
const loggingConfigurationMembers = {
  arn: LoggingConfigurationArn,
  id: LoggingConfigurationID,
  createTime: Time,
  updateTime: Time,
  name: LoggingConfigurationName,
  destinationConfiguration: DestinationConfiguration,
  tags: Tags,
};

export const CreateChatToken: Operation = {
  name: 'CreateChatToken',
  method: 'POST',
  path: '/CreateChatToken',
  status: 200,
  idempotent: true, // a second token is harmless: unused, it expires within a minute
  input: /* @__PURE__ */ structure('CreateChatTokenRequest', {
    roomIdentifier: RoomIdentifier,
    userId: UserID,
    capabilities: ChatTokenCapabilities,
    sessionDurationInMinutes: SessionDurationInMinutes,
    attributes: ChatTokenAttributes,
  }, ['roomIdentifier', 'userId']),
  output: /* @__PURE__ */ structure('CreateChatTokenResponse', { token: ChatToken, tokenExpirationTime: Time, sessionExpirationTime: Time }),
};

export const CreateLoggingConfiguration: Operation = {
  name: 'CreateLoggingConfiguration',
  method: 'POST',
  path: '/CreateLoggingConfiguration',
  status: 200,
  idempotent: false,
  input: /* @__PURE__ */ structure('CreateLoggingConfigurationRequest', {
    name: LoggingConfigurationName, destinationConfiguration: DestinationConfiguration, tags: Tags,
  }, ['destinationConfiguration']),
  output: /* @__PURE__ */ structure('CreateLoggingConfigurationResponse', { ...loggingConfigurationMembers, state: CreateLoggingConfigurationState }),
};

export const CreateRoom: Operation = {
  name: 'CreateRoom',
  method: 'POST',
  path: '/CreateRoom',
  status: 200,
  idempotent: false,
  input: /* @__PURE__ */ structure('CreateRoomRequest', { ...roomSettings, tags: Tags }),
  output: /* @__PURE__ */ structure('CreateRoomResponse', roomMembers),
};

export const DeleteLoggingConfiguration: Operation = {
  name: 'DeleteLoggingConfiguration',
  method: 'POST',
  path: '/DeleteLoggingConfiguration',
  status: 204,
  idempotent: true,
  input: /* @__PURE__ */ structure('DeleteLoggingConfigurationRequest', { identifier: LoggingConfigurationIdentifier }, ['identifier']),
};

export const DeleteMessage: Operation = {
  name: 'DeleteMessage',
  method: 'POST',
  path: '/DeleteMessage',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('DeleteMessageRequest', {
    roomIdentifier: RoomIdentifier, id: MessageID, reason: Reason,
  }, ['roomIdentifier', 'id']),
  output: /* @__PURE__ */ structure('DeleteMessageResponse', { id: ID }),
};

export const DeleteRoom: Operation = {
  name: 'DeleteRoom',
  method: 'POST',
  path: '/DeleteRoom',
  status: 204,
  idempotent: true,
  input: /* @__PURE__ */ structure('DeleteRoomRequest', { identifier: RoomIdentifier }, ['identifier']),
};

export const DisconnectUser: Operation = {
  name: 'DisconnectUser',
  method: 'POST',
  path: '/DisconnectUser',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('DisconnectUserRequest', {
    roomIdentifier: RoomIdentifier, userId: UserID, reason: Reason,
  }, ['roomIdentifier', 'userId']),
};

export const GetLoggingConfiguration: Operation = {
  name: 'GetLoggingConfiguration',
  method: 'POST',
  path: '/GetLoggingConfiguration',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('GetLoggingConfigurationRequest', { identifier: LoggingConfigurationIdentifier }, ['identifier']),
  output: /* @__PURE__ */ structure('GetLoggingConfigurationResponse', { ...loggingConfigurationMembers, state: LoggingConfigurationState }),
};

export const GetRoom: Operation = {
  name: 'GetRoom',
  method: 'POST',
  path: '/GetRoom',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('GetRoomRequest', { identifier: RoomIdentifier }, ['identifier']),
  output: /* @__PURE__ */ structure('GetRoomResponse', roomMembers),
};

export const ListLoggingConfigurations: Operation = {
  name: 'ListLoggingConfigurations',
  method: 'POST',
  path: '/ListLoggingConfigurations',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('ListLoggingConfigurationsRequest', { nextToken: PaginationToken, maxResults: MaxLoggingConfigurationResults }),
  output: /* @__PURE__ */ structure('ListLoggingConfigurationsResponse', {
    loggingConfigurations: {
      type: 'list',
      name: 'LoggingConfigurationList',
      member: structure('LoggingConfigurationSummary', { ...loggingConfigurationMembers, state: LoggingConfigurationState }),
    },
    nextToken: PaginationToken,
  }, ['loggingConfigurations']),
};

export const ListRooms: Operation = {
  name: 'ListRooms',
  method: 'POST',
  path: '/ListRooms',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('ListRoomsRequest', {
    name: RoomName,
    nextToken: PaginationToken,
    maxResults: MaxRoomResults,
    messageReviewHandlerUri: LambdaArn,
    loggingConfigurationIdentifier: LoggingConfigurationIdentifier,
  }),
  output: /* @__PURE__ */ structure('ListRoomsResponse', {
    rooms: { type: 'list', name: 'RoomList', member: roomSummary }, nextToken: PaginationToken,
  }, ['rooms']),
};

export const ListTagsForResource: Operation = {
  name: 'ListTagsForResource',
  method: 'GET',
  path: '/tags/{resourceArn}',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('ListTagsForResourceRequest', { resourceArn: ResourceArn }, ['resourceArn']),
  output: /* @__PURE__ */ structure('ListTagsForResourceResponse', { tags: Tags }, ['tags']),
};

export const SendEvent: Operation = {
  name: 'SendEvent',
  method: 'POST',
  path: '/SendEvent',
  status: 200,
  idempotent: false,
  input: /* @__PURE__ */ structure('SendEventRequest', {
    roomIdentifier: RoomIdentifier, eventName: EventName, attributes: EventAttributes,
  }, ['roomIdentifier', 'eventName']),
  output: /* @__PURE__ */ structure('SendEventResponse', { id: ID }),
};

export const TagResource: Operation = {
  name: 'TagResource',
  method: 'POST',
  path: '/tags/{resourceArn}',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('TagResourceRequest', { resourceArn: ResourceArn, tags: Tags }, ['resourceArn', 'tags']),
};

export const UntagResource: Operation = {
  name: 'UntagResource',
  method: 'DELETE',
  path: '/tags/{resourceArn}',
  query: 'tagKeys',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('UntagResourceRequest', { resourceArn: ResourceArn, tagKeys: TagKeyList }, ['resourceArn', 'tagKeys']),
};

export const UpdateLoggingConfiguration: Operation = {
  name: 'UpdateLoggingConfiguration',
  method: 'POST',
  path: '/UpdateLoggingConfiguration',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('UpdateLoggingConfigurationRequest', {
    identifier: LoggingConfigurationIdentifier, name: LoggingConfigurationName, destinationConfiguration: DestinationConfiguration,
  }, ['identifier']),
  output: /* @__PURE__ */ structure('UpdateLoggingConfigurationResponse', { ...loggingConfigurationMembers, state: UpdateLoggingConfigurationState }),
};

export const UpdateRoom: Operation = {
  name: 'UpdateRoom',
  method: 'POST',
  path: '/UpdateRoom',
  status: 200,
  idempotent: true,
  input: /* @__PURE__ */ structure('UpdateRoomRequest', { identifier: RoomIdentifier, ...roomSettings }, ['identifier']),
  output: /* @__PURE__ */ structure('UpdateRoomResponse', roomMembers),
};
