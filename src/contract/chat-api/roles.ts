import type { ChatApiOperationName } from './operations';
import { ROLE_CAPABILITIES, type Capability, type StandardRole } from './role-capabilities';

export type { Capability, StandardRole };

/** The rights of a role: the capabilities of its chat tokens, and the operations of the chat API that it may call. */
export interface RoleRights {
  readonly capabilities: readonly Capability[];
  readonly operations: readonly ChatApiOperationName[];
}

const GUEST: RoleRights = {
  capabilities: ROLE_CAPABILITIES.guest,
  operations: ['CreateChatToken', 'GetPolicy', 'AcceptTerms'],
};

const VIEWER: RoleRights = {
  capabilities: ROLE_CAPABILITIES.viewer,
  operations: [
    ...GUEST.operations,
    'BlockUser', 'UnblockUser', 'ListBlockedUsers',
    'ReportMessage', 'ReportUser', 'ListDecisions', 'AppealDecision',
  ],
};

const MODERATOR: RoleRights = {
  capabilities: ROLE_CAPABILITIES.moderator,
  operations: [
    ...VIEWER.operations,
    'DeleteMessage', 'DisconnectUser', 'BanUser', 'UnbanUser', 'ListBans', 'MuteUser', 'UnmuteUser',
    'ListReports', 'ResolveReport',
  ],
};

const HOST: RoleRights = {
  capabilities: ROLE_CAPABILITIES.host,
  operations: [...MODERATOR.operations, 'SendEvent'],
};

/** The roles that exist without any configuration. Each has the rights of the ones before it. */
export const STANDARD_ROLES = {
  guest: GUEST,
  viewer: VIEWER,
  moderator: MODERATOR,
  host: HOST,
} as const satisfies Record<StandardRole, RoleRights>;
