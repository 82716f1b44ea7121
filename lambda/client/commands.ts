import type * as models from './models';
import type { MetadataBearer } from './types';
import * as operations from '../../src/contract/operations';
import type { Operation } from '../../src/contract/operations';

/** One call of an operation, to be given to {@link IvschatClient.send}. */
export abstract class Command<Input extends object, Output extends MetadataBearer> {
  /** @internal */
  abstract readonly operation: Operation;
  readonly input: Input;
  /** @internal only for inference */
  declare readonly output?: Output;

  constructor(...[input]: Partial<Input> extends Input ? [] | [Input] : [Input]) {
    this.input = input ?? ({} as Input);
  }
}

export interface CreateChatTokenCommandInput extends models.CreateChatTokenRequest {}
export interface CreateChatTokenCommandOutput extends models.CreateChatTokenResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateChatToken.html */
export class CreateChatTokenCommand extends Command<CreateChatTokenCommandInput, CreateChatTokenCommandOutput> {
  get operation() { return operations.CreateChatToken; }
}

export interface CreateLoggingConfigurationCommandInput extends models.CreateLoggingConfigurationRequest {}
export interface CreateLoggingConfigurationCommandOutput extends models.CreateLoggingConfigurationResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateLoggingConfiguration.html */
export class CreateLoggingConfigurationCommand extends Command<CreateLoggingConfigurationCommandInput, CreateLoggingConfigurationCommandOutput> {
  get operation() { return operations.CreateLoggingConfiguration; }
}

export interface CreateRoomCommandInput extends models.CreateRoomRequest {}
export interface CreateRoomCommandOutput extends models.CreateRoomResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateRoom.html */
export class CreateRoomCommand extends Command<CreateRoomCommandInput, CreateRoomCommandOutput> {
  get operation() { return operations.CreateRoom; }
}

export interface DeleteLoggingConfigurationCommandInput extends models.DeleteLoggingConfigurationRequest {}
export interface DeleteLoggingConfigurationCommandOutput extends MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteLoggingConfiguration.html */
export class DeleteLoggingConfigurationCommand extends Command<DeleteLoggingConfigurationCommandInput, DeleteLoggingConfigurationCommandOutput> {
  get operation() { return operations.DeleteLoggingConfiguration; }
}

export interface DeleteMessageCommandInput extends models.DeleteMessageRequest {}
export interface DeleteMessageCommandOutput extends models.DeleteMessageResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteMessage.html */
export class DeleteMessageCommand extends Command<DeleteMessageCommandInput, DeleteMessageCommandOutput> {
  get operation() { return operations.DeleteMessage; }
}

export interface DeleteRoomCommandInput extends models.DeleteRoomRequest {}
export interface DeleteRoomCommandOutput extends MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteRoom.html */
export class DeleteRoomCommand extends Command<DeleteRoomCommandInput, DeleteRoomCommandOutput> {
  get operation() { return operations.DeleteRoom; }
}

export interface DisconnectUserCommandInput extends models.DisconnectUserRequest {}
export interface DisconnectUserCommandOutput extends models.DisconnectUserResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DisconnectUser.html */
export class DisconnectUserCommand extends Command<DisconnectUserCommandInput, DisconnectUserCommandOutput> {
  get operation() { return operations.DisconnectUser; }
}

export interface GetLoggingConfigurationCommandInput extends models.GetLoggingConfigurationRequest {}
export interface GetLoggingConfigurationCommandOutput extends models.GetLoggingConfigurationResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_GetLoggingConfiguration.html */
export class GetLoggingConfigurationCommand extends Command<GetLoggingConfigurationCommandInput, GetLoggingConfigurationCommandOutput> {
  get operation() { return operations.GetLoggingConfiguration; }
}

export interface GetRoomCommandInput extends models.GetRoomRequest {}
export interface GetRoomCommandOutput extends models.GetRoomResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_GetRoom.html */
export class GetRoomCommand extends Command<GetRoomCommandInput, GetRoomCommandOutput> {
  get operation() { return operations.GetRoom; }
}

export interface ListLoggingConfigurationsCommandInput extends models.ListLoggingConfigurationsRequest {}
export interface ListLoggingConfigurationsCommandOutput extends models.ListLoggingConfigurationsResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_ListLoggingConfigurations.html */
export class ListLoggingConfigurationsCommand extends Command<ListLoggingConfigurationsCommandInput, ListLoggingConfigurationsCommandOutput> {
  get operation() { return operations.ListLoggingConfigurations; }
}

export interface ListRoomsCommandInput extends models.ListRoomsRequest {}
export interface ListRoomsCommandOutput extends models.ListRoomsResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_ListRooms.html */
export class ListRoomsCommand extends Command<ListRoomsCommandInput, ListRoomsCommandOutput> {
  get operation() { return operations.ListRooms; }
}

export interface ListTagsForResourceCommandInput extends models.ListTagsForResourceRequest {}
export interface ListTagsForResourceCommandOutput extends models.ListTagsForResourceResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_ListTagsForResource.html */
export class ListTagsForResourceCommand extends Command<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput> {
  get operation() { return operations.ListTagsForResource; }
}

export interface SendEventCommandInput extends models.SendEventRequest {}
export interface SendEventCommandOutput extends models.SendEventResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_SendEvent.html */
export class SendEventCommand extends Command<SendEventCommandInput, SendEventCommandOutput> {
  get operation() { return operations.SendEvent; }
}

export interface TagResourceCommandInput extends models.TagResourceRequest {}
export interface TagResourceCommandOutput extends models.TagResourceResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_TagResource.html */
export class TagResourceCommand extends Command<TagResourceCommandInput, TagResourceCommandOutput> {
  get operation() { return operations.TagResource; }
}

export interface UntagResourceCommandInput extends models.UntagResourceRequest {}
export interface UntagResourceCommandOutput extends models.UntagResourceResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UntagResource.html */
export class UntagResourceCommand extends Command<UntagResourceCommandInput, UntagResourceCommandOutput> {
  get operation() { return operations.UntagResource; }
}

export interface UpdateLoggingConfigurationCommandInput extends models.UpdateLoggingConfigurationRequest {}
export interface UpdateLoggingConfigurationCommandOutput extends models.UpdateLoggingConfigurationResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UpdateLoggingConfiguration.html */
export class UpdateLoggingConfigurationCommand extends Command<UpdateLoggingConfigurationCommandInput, UpdateLoggingConfigurationCommandOutput> {
  get operation() { return operations.UpdateLoggingConfiguration; }
}

export interface UpdateRoomCommandInput extends models.UpdateRoomRequest {}
export interface UpdateRoomCommandOutput extends models.UpdateRoomResponse, MetadataBearer {}
/** @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UpdateRoom.html */
export class UpdateRoomCommand extends Command<UpdateRoomCommandInput, UpdateRoomCommandOutput> {
  get operation() { return operations.UpdateRoom; }
}
