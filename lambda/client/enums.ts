import * as constraints from '../../src/contract/constraints';
import type { StringShape } from '../../src/contract/shape';

type Enumeration<Value extends string> = { readonly [Name in Value]: Name };

function enumeration<Value extends string>({ values }: StringShape): Enumeration<Value> {
  return Object.fromEntries(values!.map((value) => [value, value])) as Enumeration<Value>;
}

export type ChatTokenCapability = 'DELETE_MESSAGE' | 'DISCONNECT_USER' | 'SEND_MESSAGE';
export const ChatTokenCapability = /* @__PURE__ */ enumeration<ChatTokenCapability>(constraints.ChatTokenCapability);

export type ResourceType = 'ROOM';
export const ResourceType: Enumeration<ResourceType> = { ROOM: 'ROOM' };

export type ValidationExceptionReason = 'FIELD_VALIDATION_FAILED' | 'OTHER' | 'UNKNOWN_OPERATION';
export const ValidationExceptionReason: Enumeration<ValidationExceptionReason> = {
  FIELD_VALIDATION_FAILED: 'FIELD_VALIDATION_FAILED', OTHER: 'OTHER', UNKNOWN_OPERATION: 'UNKNOWN_OPERATION',
};

/**
 * The result for a message when its review handler fails or takes longer than 200 ms. The default of the service is
 * ALLOW.
 */
export type FallbackResult = 'ALLOW' | 'DENY';
export const FallbackResult = /* @__PURE__ */ enumeration<FallbackResult>(constraints.FallbackResult);

export type CreateLoggingConfigurationState = 'ACTIVE';
export const CreateLoggingConfigurationState = /* @__PURE__ */ enumeration<CreateLoggingConfigurationState>(
  constraints.CreateLoggingConfigurationState);

export type UpdateLoggingConfigurationState = 'ACTIVE';
export const UpdateLoggingConfigurationState = /* @__PURE__ */ enumeration<UpdateLoggingConfigurationState>(
  constraints.UpdateLoggingConfigurationState);

export type LoggingConfigurationState =
  'ACTIVE' | 'CREATE_FAILED' | 'CREATING' | 'DELETE_FAILED' | 'DELETING' | 'UPDATE_FAILED' | 'UPDATING';
export const LoggingConfigurationState = /* @__PURE__ */ enumeration<LoggingConfigurationState>(constraints.LoggingConfigurationState);
