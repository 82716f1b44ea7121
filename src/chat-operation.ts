/**
 * An operation of a `ChatApi` that a role can be allowed to call.
 */
export enum ChatOperation {
  /** Creates a chat token for the user who is signed in. */
  CREATE_CHAT_TOKEN = 'CreateChatToken',

  /** Returns the contact, the terms and the categories of reports. */
  GET_POLICY = 'GetPolicy',

  /** Records that the user accepts a version of the terms. */
  ACCEPT_TERMS = 'AcceptTerms',

  /** Sends an event to all users of a room. */
  SEND_EVENT = 'SendEvent',

  /** Deletes a message on the screens of all users of a room. */
  DELETE_MESSAGE = 'DeleteMessage',

  /** Closes the connections of a user to a room. The user can connect again. */
  DISCONNECT_USER = 'DisconnectUser',

  /** Bans a user from a room, or from all rooms if `room` is absent, and disconnects the user. */
  BAN_USER = 'BanUser',

  /** Ends the ban of a user from a room, or from all rooms if `room` is absent. */
  UNBAN_USER = 'UnbanUser',

  /** Returns the bans and mutes, the latest first. */
  LIST_BANS = 'ListBans',

  /** Mutes a user in a room, or in all rooms if `room` is absent. The user can only read. */
  MUTE_USER = 'MuteUser',

  /** Ends the mute of a user in a room, or in all rooms if `room` is absent. */
  UNMUTE_USER = 'UnmuteUser',

  /** Blocks another user for the user who is signed in. Their client hides the messages of that user. */
  BLOCK_USER = 'BlockUser',

  /** Ends the block of another user. */
  UNBLOCK_USER = 'UnblockUser',

  /** Returns the users whom the user who is signed in has blocked. */
  LIST_BLOCKED_USERS = 'ListBlockedUsers',

  /** Reports a message to the moderators. */
  REPORT_MESSAGE = 'ReportMessage',

  /** Reports a user to the moderators. */
  REPORT_USER = 'ReportUser',

  /** Returns the reports with a status, the first that is due at the top. */
  LIST_REPORTS = 'ListReports',

  /** Resolves a report with a statement of reasons. */
  RESOLVE_REPORT = 'ResolveReport',

  /** Returns the decisions on the reports by and about the user who is signed in. */
  LIST_DECISIONS = 'ListDecisions',

  /** Appeals against the decision on a report by or about the user who is signed in. */
  APPEAL_DECISION = 'AppealDecision',
}
