import type { ChatApiOperationName } from './operations';

/** A capability of a chat token. Every token can read the chat. */
export type Capability = 'SEND_MESSAGE' | 'DELETE_MESSAGE' | 'DISCONNECT_USER';

/** The rights of a role: the capabilities of its chat tokens, and the operations of the chat API that it may call. */
export interface RoleRights {
  readonly capabilities: readonly Capability[];
  readonly operations: readonly ChatApiOperationName[];
}

const GUEST: RoleRights = {
  capabilities: [],
  operations: ['CreateChatToken', 'GetPolicy', 'AcceptTerms'],
};

const VIEWER: RoleRights = {
  capabilities: ['SEND_MESSAGE'],
  operations: [
    ...GUEST.operations,
    'BlockUser', 'UnblockUser', 'ListBlockedUsers',
    'ReportMessage', 'ReportUser', 'ListDecisions', 'AppealDecision',
  ],
};

const MODERATOR: RoleRights = {
  capabilities: ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'],
  operations: [
    ...VIEWER.operations,
    'DeleteMessage', 'DisconnectUser', 'BanUser', 'UnbanUser', 'ListBans', 'MuteUser', 'UnmuteUser',
    'ListReports', 'ResolveReport',
  ],
};

const HOST: RoleRights = {
  capabilities: MODERATOR.capabilities,
  operations: [...MODERATOR.operations, 'SendEvent'],
};

/** The roles that exist without any configuration. Each has the rights of the ones before it. */
export const STANDARD_ROLES = {
  guest: GUEST,
  viewer: VIEWER,
  moderator: MODERATOR,
  host: HOST,
} as const;

export type StandardRole = keyof typeof STANDARD_ROLES;
