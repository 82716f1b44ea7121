/** The operations of the standard roles of a chat API, written out for the tests. */
export const guest = ['CreateChatToken', 'GetPolicy', 'AcceptTerms'];
export const viewer = [
  ...guest, 'BlockUser', 'UnblockUser', 'ListBlockedUsers', 'ReportMessage', 'ReportUser', 'ListDecisions',
  'AppealDecision',
];
export const moderator = [
  ...viewer, 'DeleteMessage', 'DisconnectUser', 'BanUser', 'UnbanUser', 'ListBans', 'MuteUser', 'UnmuteUser',
  'ListReports', 'ResolveReport',
];
