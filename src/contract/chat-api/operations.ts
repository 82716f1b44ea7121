import {
  Comment, DurationInMinutes, MaxResults, ModeratorReason, NextToken, ReportedContent, ReportId,
} from './ban-list-constraints';
import { AutomatedDecision, Decision } from './decisions';
import { Category } from './report-categories';
import { EventAttributes, EventName, MessageID, UserID } from '../generated/constraints';
import { oneOf, structure, text, type StructureShape } from '../shape';

/** The function that handles an operation. Each function has its own role. */
export type ChatApiFunction = 'token' | 'moderation';

/** An operation of the chat API: a route, the function that handles it and its input. */
export interface ChatApiOperation {
  /** The description of the operation in the API document. */
  readonly description: string;
  readonly function: ChatApiFunction;
  readonly input: StructureShape;
  /** GET for operations without input. The default is POST with a JSON body. */
  readonly method?: 'GET';
  /** The HTTP status of success. The default is 204, and the response has no body. */
  readonly status?: 200;
  /** Whether the route has no authorizer. */
  readonly isPublic?: true;
}

/** The key of a room in the `rooms` of the chat API. A request can omit it if the API has one room. */
export const RoomKey = text(1, 64, /^[a-zA-Z0-9-_]*$/, 'contain only letters, digits, hyphens and underscores');

/** The operations of the chat API by name. The path of `CreateChatToken` is `/create-chat-token`. */
export const CHAT_API_OPERATIONS = {
  CreateChatToken: {
    description: 'Creates a chat token for the user who is signed in.',
    function: 'token',
    input: structure({ room: RoomKey }),
    status: 200,
  },
  CreateGuestChatToken: {
    description: 'Creates a chat token with which a visitor without a sign-in can read the chat.',
    function: 'token',
    input: structure({ room: RoomKey }),
    status: 200,
    isPublic: true,
  },
  GetPolicy: {
    description: 'Returns the contact, the terms and the categories of reports.',
    function: 'token',
    method: 'GET',
    input: structure({}),
    status: 200,
  },
  AcceptTerms: {
    description: 'Records that the user accepts a version of the terms.',
    function: 'token',
    input: structure({ version: text(1, 64) }, ['version']),
  },
  SendEvent: {
    description: 'Sends an event to all users of a room.',
    function: 'moderation',
    input: structure({ room: RoomKey, eventName: EventName, attributes: EventAttributes }, ['eventName']),
    status: 200,
  },
  DeleteMessage: {
    description: 'Deletes a message on the screens of all users of a room.',
    function: 'moderation',
    input: structure({ room: RoomKey, messageId: MessageID, reason: ModeratorReason }, ['messageId']),
    status: 200,
  },
  DisconnectUser: {
    description: 'Closes the connections of a user to a room. The user can connect again.',
    function: 'moderation',
    input: structure({ room: RoomKey, userId: UserID, reason: ModeratorReason }, ['userId']),
  },
  BanUser: {
    description: 'Bans a user from a room, or from all rooms if `room` is absent, and disconnects the user.',
    function: 'moderation',
    input: structure({
      room: RoomKey, userId: UserID, reason: ModeratorReason, durationInMinutes: DurationInMinutes,
    }, ['userId']),
  },
  UnbanUser: {
    description: 'Ends the ban of a user from a room, or from all rooms if `room` is absent.',
    function: 'moderation',
    input: structure({ room: RoomKey, userId: UserID }, ['userId']),
  },
  ListBans: {
    description: 'Returns the bans and mutes, the latest first.',
    function: 'moderation',
    input: structure({ maxResults: MaxResults, nextToken: NextToken }),
    status: 200,
  },
  MuteUser: {
    description: 'Mutes a user in a room, or in all rooms if `room` is absent. The user can only read.',
    function: 'moderation',
    input: structure({
      room: RoomKey, userId: UserID, reason: ModeratorReason, durationInMinutes: DurationInMinutes,
    }, ['userId', 'durationInMinutes']),
  },
  UnmuteUser: {
    description: 'Ends the mute of a user in a room, or in all rooms if `room` is absent.',
    function: 'moderation',
    input: structure({ room: RoomKey, userId: UserID }, ['userId']),
  },
  BlockUser: {
    description: 'Blocks another user for the user who is signed in. Their client hides the messages of that user.',
    function: 'moderation',
    input: structure({ userId: UserID }, ['userId']),
  },
  UnblockUser: {
    description: 'Ends the block of another user.',
    function: 'moderation',
    input: structure({ userId: UserID }, ['userId']),
  },
  ListBlockedUsers: {
    description: 'Returns the users whom the user who is signed in has blocked.',
    function: 'moderation',
    input: structure({ maxResults: MaxResults, nextToken: NextToken }),
    status: 200,
  },
  ReportMessage: {
    description: 'Reports a message to the moderators.',
    function: 'moderation',
    input: structure({
      room: RoomKey,
      messageId: MessageID,
      userId: UserID,
      content: ReportedContent,
      category: Category,
      comment: Comment,
    }, ['messageId', 'userId', 'category']),
    status: 200,
  },
  ReportUser: {
    description: 'Reports a user to the moderators.',
    function: 'moderation',
    input: structure({ room: RoomKey, userId: UserID, category: Category, comment: Comment }, ['userId', 'category']),
    status: 200,
  },
  ListReports: {
    description: 'Returns the reports with a status: child safety first, and then the ones that are due first.',
    function: 'moderation',
    input: structure({
      status: oneOf('OPEN', 'APPEALED', 'RESOLVED'), maxResults: MaxResults, nextToken: NextToken,
    }),
    status: 200,
  },
  ResolveReport: {
    description: 'Resolves a report with a statement of reasons.',
    function: 'moderation',
    input: structure({
      reportId: ReportId,
      decision: Decision,
      facts: Comment,
      ground: Comment,
      automatedDecision: AutomatedDecision,
    }, ['reportId', 'decision', 'facts', 'ground']),
  },
  ListDecisions: {
    description: 'Returns the decisions on the reports by and about the user who is signed in.',
    function: 'moderation',
    input: structure({ maxResults: MaxResults, nextToken: NextToken }),
    status: 200,
  },
  AppealDecision: {
    description: 'Appeals against the decision on a report by or about the user who is signed in.',
    function: 'moderation',
    input: structure({ reportId: ReportId, comment: Comment }, ['reportId', 'comment']),
  },
} as const satisfies Record<string, ChatApiOperation>;

export type ChatApiOperationName = keyof typeof CHAT_API_OPERATIONS;

/** Returns the path of an operation, for example `/create-chat-token` for `CreateChatToken`. */
export function chatApiPath(name: string): string {
  return `/${name.replace(/\B[A-Z]/g, '-$&').toLowerCase()}`;
}
