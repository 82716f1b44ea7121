import type * as models from './models';
import type { MetadataBearer } from './types';
import * as operations from '../../src/contract/operations';
import type { Operation } from '../../src/contract/operations';

/** A command for {@link IvschatClient.send}: one call of an operation. */
export abstract class Command<Input extends object, Output extends MetadataBearer> {
  /** @internal */
  abstract readonly operation: Operation;
  readonly input: Input;
  /** @internal for type inference only */
  declare readonly output?: Output;

  constructor(...[input]: Partial<Input> extends Input ? [] | [Input] : [Input]) {
    this.input = input ?? ({} as Input);
  }
}

type CommandClass<Input extends object, Output extends MetadataBearer> =
  new (...input: Partial<Input> extends Input ? [] | [Input] : [Input]) => Command<Input, Output>;

/** Creates the command class of an operation. Its name survives minification. */
function command<Input extends object, Output extends MetadataBearer>(operation: Operation): CommandClass<Input, Output> {
  const name = `${operation.name}Command`;
  return {
    [name]: class extends Command<Input, Output> {
      get operation() { return operation; }
    },
  }[name]!;
}

export interface CreateChatTokenCommandInput extends models.CreateChatTokenRequest {}
export interface CreateChatTokenCommandOutput extends models.CreateChatTokenResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateChatToken.html */
export interface CreateChatTokenCommand extends Command<CreateChatTokenCommandInput, CreateChatTokenCommandOutput> {}
export const CreateChatTokenCommand = /* @__PURE__ */ command<CreateChatTokenCommandInput, CreateChatTokenCommandOutput>(operations.CreateChatToken);

export interface CreateLoggingConfigurationCommandInput extends models.CreateLoggingConfigurationRequest {}
export interface CreateLoggingConfigurationCommandOutput extends models.CreateLoggingConfigurationResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateLoggingConfiguration.html */
export interface CreateLoggingConfigurationCommand extends Command<CreateLoggingConfigurationCommandInput, CreateLoggingConfigurationCommandOutput> {}
export const CreateLoggingConfigurationCommand = /* @__PURE__ */ command<
  CreateLoggingConfigurationCommandInput, CreateLoggingConfigurationCommandOutput
>(operations.CreateLoggingConfiguration);

export interface CreateRoomCommandInput extends models.CreateRoomRequest {}
export interface CreateRoomCommandOutput extends models.CreateRoomResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateRoom.html */
export interface CreateRoomCommand extends Command<CreateRoomCommandInput, CreateRoomCommandOutput> {}
export const CreateRoomCommand = /* @__PURE__ */ command<CreateRoomCommandInput, CreateRoomCommandOutput>(operations.CreateRoom);

export interface DeleteLoggingConfigurationCommandInput extends models.DeleteLoggingConfigurationRequest {}
export interface DeleteLoggingConfigurationCommandOutput extends MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteLoggingConfiguration.html */
export interface DeleteLoggingConfigurationCommand extends Command<DeleteLoggingConfigurationCommandInput, DeleteLoggingConfigurationCommandOutput> {}
export const DeleteLoggingConfigurationCommand = /* @__PURE__ */ command<
  DeleteLoggingConfigurationCommandInput, DeleteLoggingConfigurationCommandOutput
>(operations.DeleteLoggingConfiguration);

export interface DeleteMessageCommandInput extends models.DeleteMessageRequest {}
export interface DeleteMessageCommandOutput extends models.DeleteMessageResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteMessage.html */
export interface DeleteMessageCommand extends Command<DeleteMessageCommandInput, DeleteMessageCommandOutput> {}
export const DeleteMessageCommand = /* @__PURE__ */ command<DeleteMessageCommandInput, DeleteMessageCommandOutput>(operations.DeleteMessage);

export interface DeleteRoomCommandInput extends models.DeleteRoomRequest {}
export interface DeleteRoomCommandOutput extends MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteRoom.html */
export interface DeleteRoomCommand extends Command<DeleteRoomCommandInput, DeleteRoomCommandOutput> {}
export const DeleteRoomCommand = /* @__PURE__ */ command<DeleteRoomCommandInput, DeleteRoomCommandOutput>(operations.DeleteRoom);

export interface DisconnectUserCommandInput extends models.DisconnectUserRequest {}
export interface DisconnectUserCommandOutput extends models.DisconnectUserResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DisconnectUser.html */
export interface DisconnectUserCommand extends Command<DisconnectUserCommandInput, DisconnectUserCommandOutput> {}
export const DisconnectUserCommand = /* @__PURE__ */ command<DisconnectUserCommandInput, DisconnectUserCommandOutput>(operations.DisconnectUser);

export interface GetLoggingConfigurationCommandInput extends models.GetLoggingConfigurationRequest {}
export interface GetLoggingConfigurationCommandOutput extends models.GetLoggingConfigurationResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_GetLoggingConfiguration.html */
export interface GetLoggingConfigurationCommand extends Command<GetLoggingConfigurationCommandInput, GetLoggingConfigurationCommandOutput> {}
export const GetLoggingConfigurationCommand = /* @__PURE__ */ command<
  GetLoggingConfigurationCommandInput, GetLoggingConfigurationCommandOutput
>(operations.GetLoggingConfiguration);

export interface GetRoomCommandInput extends models.GetRoomRequest {}
export interface GetRoomCommandOutput extends models.GetRoomResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_GetRoom.html */
export interface GetRoomCommand extends Command<GetRoomCommandInput, GetRoomCommandOutput> {}
export const GetRoomCommand = /* @__PURE__ */ command<GetRoomCommandInput, GetRoomCommandOutput>(operations.GetRoom);

export interface ListLoggingConfigurationsCommandInput extends models.ListLoggingConfigurationsRequest {}
export interface ListLoggingConfigurationsCommandOutput extends models.ListLoggingConfigurationsResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_ListLoggingConfigurations.html */
export interface ListLoggingConfigurationsCommand extends Command<ListLoggingConfigurationsCommandInput, ListLoggingConfigurationsCommandOutput> {}
export const ListLoggingConfigurationsCommand = /* @__PURE__ */ command<
  ListLoggingConfigurationsCommandInput, ListLoggingConfigurationsCommandOutput
>(operations.ListLoggingConfigurations);

export interface ListRoomsCommandInput extends models.ListRoomsRequest {}
export interface ListRoomsCommandOutput extends models.ListRoomsResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_ListRooms.html */
export interface ListRoomsCommand extends Command<ListRoomsCommandInput, ListRoomsCommandOutput> {}
export const ListRoomsCommand = /* @__PURE__ */ command<ListRoomsCommandInput, ListRoomsCommandOutput>(operations.ListRooms);

export interface ListTagsForResourceCommandInput extends models.ListTagsForResourceRequest {}
export interface ListTagsForResourceCommandOutput extends models.ListTagsForResourceResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_ListTagsForResource.html */
export interface ListTagsForResourceCommand extends Command<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput> {}
export const ListTagsForResourceCommand = /* @__PURE__ */ command<
  ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput
>(operations.ListTagsForResource);

export interface SendEventCommandInput extends models.SendEventRequest {}
export interface SendEventCommandOutput extends models.SendEventResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_SendEvent.html */
export interface SendEventCommand extends Command<SendEventCommandInput, SendEventCommandOutput> {}
export const SendEventCommand = /* @__PURE__ */ command<SendEventCommandInput, SendEventCommandOutput>(operations.SendEvent);

export interface TagResourceCommandInput extends models.TagResourceRequest {}
export interface TagResourceCommandOutput extends models.TagResourceResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_TagResource.html */
export interface TagResourceCommand extends Command<TagResourceCommandInput, TagResourceCommandOutput> {}
export const TagResourceCommand = /* @__PURE__ */ command<TagResourceCommandInput, TagResourceCommandOutput>(operations.TagResource);

export interface UntagResourceCommandInput extends models.UntagResourceRequest {}
export interface UntagResourceCommandOutput extends models.UntagResourceResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UntagResource.html */
export interface UntagResourceCommand extends Command<UntagResourceCommandInput, UntagResourceCommandOutput> {}
export const UntagResourceCommand = /* @__PURE__ */ command<UntagResourceCommandInput, UntagResourceCommandOutput>(operations.UntagResource);

export interface UpdateLoggingConfigurationCommandInput extends models.UpdateLoggingConfigurationRequest {}
export interface UpdateLoggingConfigurationCommandOutput extends models.UpdateLoggingConfigurationResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UpdateLoggingConfiguration.html */
export interface UpdateLoggingConfigurationCommand extends Command<UpdateLoggingConfigurationCommandInput, UpdateLoggingConfigurationCommandOutput> {}
export const UpdateLoggingConfigurationCommand = /* @__PURE__ */ command<
  UpdateLoggingConfigurationCommandInput, UpdateLoggingConfigurationCommandOutput
>(operations.UpdateLoggingConfiguration);

export interface UpdateRoomCommandInput extends models.UpdateRoomRequest {}
export interface UpdateRoomCommandOutput extends models.UpdateRoomResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UpdateRoom.html */
export interface UpdateRoomCommand extends Command<UpdateRoomCommandInput, UpdateRoomCommandOutput> {}
export const UpdateRoomCommand = /* @__PURE__ */ command<UpdateRoomCommandInput, UpdateRoomCommandOutput>(operations.UpdateRoom);
