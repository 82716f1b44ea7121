export const ChatTokenCapability = { DELETE_MESSAGE: 'DELETE_MESSAGE', DISCONNECT_USER: 'DISCONNECT_USER', SEND_MESSAGE: 'SEND_MESSAGE' } as const;
export type ChatTokenCapability = (typeof ChatTokenCapability)[keyof typeof ChatTokenCapability];

export const ResourceType = { ROOM: 'ROOM' } as const;
export type ResourceType = (typeof ResourceType)[keyof typeof ResourceType];

export const ValidationExceptionReason = {
  FIELD_VALIDATION_FAILED: 'FIELD_VALIDATION_FAILED', OTHER: 'OTHER', UNKNOWN_OPERATION: 'UNKNOWN_OPERATION',
} as const;
export type ValidationExceptionReason = (typeof ValidationExceptionReason)[keyof typeof ValidationExceptionReason];

/** What happens to a message when its review handler fails or takes longer than 200 ms. The service's default is ALLOW. */
export const FallbackResult = { ALLOW: 'ALLOW', DENY: 'DENY' } as const;
export type FallbackResult = (typeof FallbackResult)[keyof typeof FallbackResult];

export const CreateLoggingConfigurationState = { ACTIVE: 'ACTIVE' } as const;
export type CreateLoggingConfigurationState = (typeof CreateLoggingConfigurationState)[keyof typeof CreateLoggingConfigurationState];

export const UpdateLoggingConfigurationState = { ACTIVE: 'ACTIVE' } as const;
export type UpdateLoggingConfigurationState = (typeof UpdateLoggingConfigurationState)[keyof typeof UpdateLoggingConfigurationState];

export const LoggingConfigurationState = {
  ACTIVE: 'ACTIVE',
  CREATE_FAILED: 'CREATE_FAILED',
  CREATING: 'CREATING',
  DELETE_FAILED: 'DELETE_FAILED',
  DELETING: 'DELETING',
  UPDATE_FAILED: 'UPDATE_FAILED',
  UPDATING: 'UPDATING',
} as const;
export type LoggingConfigurationState = (typeof LoggingConfigurationState)[keyof typeof LoggingConfigurationState];
