import {
  databaseFor, expiring, isCurrent, key, listed, pageOfList, pageOfPartition, timeFor, checkInput,
  type BanListOptions, type ListRequest,
} from './ban-list';
import { invalidInput } from '../client/invalid-input';
import { Comment, ReportedContent, ReportId } from '../../src/contract/chat-api/ban-list-constraints';
import {
  AutomatedDecision, Decision, isOnAppeal, type AutomatedDecisionName, type DecisionName,
} from '../../src/contract/chat-api/decisions';
import { Category, type ReportCategory } from '../../src/contract/chat-api/report-categories';
import { MessageID, RoomIdentifier, UserID } from '../../src/contract/generated/constraints';
import { structure } from '../../src/contract/shape';
import type { Attributes } from '../dynamodb/attribute-values';

/** The input of `reportUser`. */
export interface ReportUserRequest {
  /** The name of the table of the ban list. */
  readonly banList: string;
  /** The ID of the user who reports. */
  readonly reporterId: string;
  /** The ID of the reported user. */
  readonly userId: string;
  /** The ARN of the room. @default - no room */
  readonly roomIdentifier?: string;
  readonly category: ReportCategory;
  /** Up to 1,000 characters. @default - no comment */
  readonly comment?: string;
}

/** The input of `reportMessage`. */
export interface ReportMessageRequest extends ReportUserRequest {
  readonly messageId: string;
  /**
   * The content of the message as the reporter sends it, up to 500 characters. The chat log has the original.
   *
   * @default - no content
   */
  readonly content?: string;
}

/** A report that was received. */
export interface ReportReceipt {
  readonly reportId: string;
  /** The time by which a moderator has to resolve the report: 24 hours after it. */
  readonly dueTime: Date;
}

export type ReportStatus = 'OPEN' | 'APPEALED' | 'RESOLVED';

/** A report with its decision. */
export interface Report {
  readonly reportId: string;
  readonly status: ReportStatus;
  readonly category: ReportCategory;
  readonly reporterId: string;
  readonly userId: string;
  readonly roomIdentifier?: string;
  readonly messageId?: string;
  readonly content?: string;
  readonly comment?: string;
  readonly creationTime: Date;
  readonly dueTime: Date;
  readonly decision?: DecisionRecord;
  /** The comment of the user who appealed. */
  readonly appealComment?: string;
}

/** The statement of reasons of a decision. */
export interface DecisionRecord {
  readonly reportId: string;
  readonly decision: DecisionName;
  /** The facts and circumstances on which the decision relies. */
  readonly facts: string;
  /** The law, or the rule in the terms, on which the decision relies. */
  readonly ground: string;
  readonly automatedDecision: AutomatedDecisionName;
  readonly category: ReportCategory;
  readonly decisionTime: Date;
  /** Whether the reporter and the reported user can still appeal. */
  readonly canAppeal: boolean;
}

/** The input of `resolveReport`. */
export interface ResolveReportRequest {
  /** The name of the table of the ban list. */
  readonly banList: string;
  readonly reportId: string;
  /** The user ID of the moderator. A moderator cannot decide on a report about themself or on their own appeal. */
  readonly moderatorId: string;
  /** `APPEAL_ACCEPTED` and `APPEAL_REJECTED` decide on an appeal, and the other values on an open report. */
  readonly decision: DecisionName;
  /** The facts, up to 1,000 characters. Both users can read them, so do not name the reporter. */
  readonly facts: string;
  /** The law or the rule in the terms, up to 1,000 characters. */
  readonly ground: string;
  /** Whether software took the decision. @default NOT_AUTOMATED */
  readonly automatedDecision?: AutomatedDecisionName;
}

/** The input of `appealDecision`. */
export interface AppealDecisionRequest {
  /** The name of the table of the ban list. */
  readonly banList: string;
  readonly reportId: string;
  /** The ID of the user who appeals: the reporter or the reported user. */
  readonly userId: string;
  /** Up to 1,000 characters. */
  readonly comment: string;
}

/** A report does not exist, or it is not visible to the user. */
export class ReportNotFoundError extends Error {
  override readonly name = 'ReportNotFoundError';
}

/** The status of a report does not allow the operation. */
export class ReportStatusError extends Error {
  override readonly name = 'ReportStatusError';
}

/** 24 hours. */
const DUE_MILLISECONDS = 86_400_000;
/** 190 days, because users can appeal for six months. */
const KEPT_MILLISECONDS = 16_416_000_000;

const ReportShape = /* @__PURE__ */ structure({
  banList: { type: 'string', minimum: 1 },
  reporterId: UserID,
  userId: UserID,
  roomIdentifier: RoomIdentifier,
  messageId: MessageID,
  content: ReportedContent,
  category: Category,
  comment: Comment,
}, ['banList', 'reporterId', 'userId', 'category']);

const ResolveReportShape = /* @__PURE__ */ structure({
  banList: { type: 'string', minimum: 1 },
  reportId: ReportId,
  moderatorId: UserID,
  decision: Decision,
  facts: Comment,
  ground: Comment,
  automatedDecision: AutomatedDecision,
}, ['banList', 'reportId', 'moderatorId', 'decision', 'facts', 'ground']);

const AppealDecisionShape = /* @__PURE__ */ structure({
  banList: { type: 'string', minimum: 1 },
  reportId: ReportId,
  userId: UserID,
  comment: Comment,
}, ['banList', 'reportId', 'userId', 'comment']);

const keyOfReport = (reportId: string) => key(`REPORT#${reportId}`, 'REPORT');
const listOf = (status: ReportStatus) => `REPORTS#${status}`;
const decisionsOf = (userId: string) => `DECISIONS#${userId}`;

/** Reports on the safety of children come first, and then the ones that are due first. */
const orderOf = (category: ReportCategory, time: string, reportId: string) =>
  `${category === 'CHILD_SAFETY' ? 0 : 1}#${time}#${reportId}`;

/**
 * Reports a message to the moderators. The report is due after 24 hours.
 *
 * The function needs the permission `banList.grantWrite(fn)`.
 *
 * @throws ValidationException if the input is invalid, or if the reporter reports themself.
 */
export async function reportMessage(request: ReportMessageRequest, options?: BanListOptions): Promise<ReportReceipt> {
  if (!request?.messageId) throw invalidInput('reportMessage', [{ path: 'messageId', message: 'is required' }]);
  return report('reportMessage', request, options);
}

/** Reports a user to the moderators, as `reportMessage` does with a message. */
export async function reportUser(request: ReportUserRequest, options?: BanListOptions): Promise<ReportReceipt> {
  return report('reportUser', request, options);
}

async function report(
  name: string, request: ReportUserRequest & Partial<ReportMessageRequest>, options?: BanListOptions,
): Promise<ReportReceipt> {
  checkInput(name, ReportShape, request);
  const { banList, reporterId, userId, roomIdentifier, messageId, content, category, comment } = request;
  if (reporterId === userId) throw invalidInput(name, [{ path: 'userId', message: 'must be the ID of another user' }]);

  const reportId = crypto.randomUUID();
  const now = timeFor(options);
  const dueTime = new Date(now + DUE_MILLISECONDS);
  await databaseFor(options).putItem({
    TableName: banList,
    Item: {
      ...keyOfReport(reportId),
      ...listed(listOf('OPEN'), orderOf(category, dueTime.toISOString(), reportId)),
      reportId,
      reporterId,
      userId,
      roomIdentifier,
      messageId,
      content,
      category,
      comment,
      creationTime: new Date(now).toISOString(),
      dueTime: dueTime.toISOString(),
    },
  });
  return { reportId, dueTime };
}

/** Returns a page of the reports with a status. Child safety comes first, and then the reports that are due first. */
export async function listReports(
  request: ListRequest & { readonly status?: ReportStatus }, options?: BanListOptions,
): Promise<{ readonly reports: readonly Report[]; readonly nextToken?: string }> {
  const { items, nextToken } = await pageOfList(listOf(request.status ?? 'OPEN'), request, false, options);
  return { reports: items.map(toReport), nextToken };
}

/**
 * Records the decision on a report or on an appeal. It does not carry out the decision: delete the message, mute the
 * user or ban the user with the other functions.
 *
 * The record is kept for at least 190 days. The reporter can read it. The reported user can read it if the decision was
 * against the user.
 *
 * @throws ReportNotFoundError, ReportStatusError if the report is already resolved, or a ValidationException.
 * @see https://eur-lex.europa.eu/eli/reg/2022/2065/oj (the Digital Services Act, Articles 17 and 20)
 */
export async function resolveReport(request: ResolveReportRequest, options?: BanListOptions): Promise<void> {
  checkInput('resolveReport', ResolveReportShape, request);
  const { banList, reportId, moderatorId, decision, facts, ground, automatedDecision = 'NOT_AUTOMATED' } = request;
  const database = databaseFor(options);
  const now = timeFor(options);
  const item = await readReport(banList, reportId, options);
  if (!item) throw new ReportNotFoundError('the report does not exist');

  const { reporterId, userId, status, category } = toReport(item);
  if (moderatorId === userId || moderatorId === item.appellantId) {
    const message = 'must be a report that another moderator resolves';
    throw invalidInput('resolveReport', [{ path: 'reportId', message }]);
  }
  const isAppeal = isOnAppeal(decision);
  if (status !== (isAppeal ? 'APPEALED' : 'OPEN')) {
    throw new ReportStatusError(`the decision ${decision} is not possible for a report with the status ${status}`);
  }

  const decisionTime = new Date(now).toISOString();
  const record = { reportId, decision, facts, ground, automatedDecision, category, decisionTime, canAppeal: !isAppeal };
  const expiration = expiring(now + KEPT_MILLISECONDS);
  // The first decision stays in the lists of the users.
  const original = (item.firstDecision ?? decision) as DecisionName;
  await change(database.putItem({
    TableName: banList,
    Item: {
      ...item,
      ...listed(listOf('RESOLVED'), `${decisionTime}#${reportId}`),
      ...record,
      ...expiration,
      moderatorId,
      firstDecision: original,
    },
    ...unchangedSince(item),
  }));

  const isAgainstUser = original !== 'NO_ACTION' || decision === 'APPEAL_ACCEPTED';
  for (const reader of isAgainstUser ? [reporterId, userId] : [reporterId]) {
    await database.putItem({
      TableName: banList,
      Item: { ...key(decisionsOf(reader), `${decisionTime}#${reportId}`), ...record, ...expiration },
    });
  }
}

/** Returns a page of the decisions on the reports by and about a user, the latest first. It hides the reporter. */
export async function listDecisions(
  request: ListRequest & { readonly userId: string }, options?: BanListOptions,
): Promise<{ readonly decisions: readonly DecisionRecord[]; readonly nextToken?: string }> {
  const { items, nextToken } = await pageOfPartition(decisionsOf(request.userId), request, true, options);
  return { decisions: items.map(toDecision), nextToken };
}

/**
 * Appeals against the decision on a report. The reporter can appeal, and the reported user can if the decision was
 * against the user. Each decision has at most one appeal, and the decision on the appeal is final.
 *
 * @throws ReportNotFoundError also for all other users. ReportStatusError if the report is open or was appealed before.
 */
export async function appealDecision(request: AppealDecisionRequest, options?: BanListOptions): Promise<void> {
  checkInput('appealDecision', AppealDecisionShape, request);
  const { banList, reportId, userId, comment } = request;
  const item = await readReport(banList, reportId, options);
  const { reporterId, userId: reportedUserId, category, decision } = item ? toReport(item) : {} as Partial<Report>;
  const isAgainstUser = decision !== undefined && decision.decision !== 'NO_ACTION';
  const isVisible = userId === reporterId || (userId === reportedUserId && isAgainstUser);
  if (!item || !isVisible) throw new ReportNotFoundError('the report does not exist');
  if (!decision?.canAppeal) throw new ReportStatusError('the decision cannot be appealed');

  const dueTime = new Date(timeFor(options) + DUE_MILLISECONDS).toISOString();
  await change(databaseFor(options).putItem({
    TableName: banList,
    Item: {
      ...item,
      ...listed(listOf('APPEALED'), orderOf(category!, dueTime, reportId)),
      dueTime,
      canAppeal: false,
      appellantId: userId,
      appealComment: comment,
    },
    ...unchangedSince(item),
  }));
}

async function readReport(
  banList: string, reportId: string, options?: BanListOptions,
): Promise<Attributes | undefined> {
  const item = await databaseFor(options)
    .getItem({ TableName: banList, Key: keyOfReport(reportId), ConsistentRead: true });
  return item && isCurrent(item, timeFor(options)) ? item : undefined;
}

/** The condition that a report has not changed since it was read. Each change sets another order. */
function unchangedSince({ list, listOrder }: Attributes) {
  return {
    ConditionExpression: '#list = :list AND listOrder = :order',
    ExpressionAttributeNames: { '#list': 'list' },
    ExpressionAttributeValues: { ':list': list, ':order': listOrder },
  };
}

async function change(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
    throw new ReportStatusError('the report was changed in the meantime');
  }
}

function toReport(item: Attributes): Report {
  const text = (name: string) => item[name] as string | undefined;
  return {
    reportId: text('reportId')!,
    status: text('list')!.replace('REPORTS#', '') as ReportStatus,
    category: text('category') as ReportCategory,
    reporterId: text('reporterId')!,
    userId: text('userId')!,
    roomIdentifier: text('roomIdentifier'),
    messageId: text('messageId'),
    content: text('content'),
    comment: text('comment'),
    creationTime: new Date(text('creationTime')!),
    dueTime: new Date(text('dueTime')!),
    decision: item.decision === undefined ? undefined : toDecision(item),
    appealComment: text('appealComment'),
  };
}

function toDecision(item: Attributes): DecisionRecord {
  return {
    reportId: item.reportId as string,
    decision: item.decision as DecisionName,
    facts: item.facts as string,
    ground: item.ground as string,
    automatedDecision: item.automatedDecision as AutomatedDecisionName,
    category: item.category as ReportCategory,
    decisionTime: new Date(item.decisionTime as string),
    canAppeal: item.canAppeal as boolean,
  };
}
