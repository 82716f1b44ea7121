import type { ChatApiEffects } from './chat-api-effects';
import type { HttpEvent, HttpResult } from './http-event';
import { inputOf } from './input';
import { ProblemError } from './problem-error';
import { problemOf } from './problem-of';
import { userOf, type User } from './user';
import {
  CHAT_API_OPERATIONS, chatApiPath, type ChatApiFunction, type ChatApiOperation, type ChatApiOperationName,
} from '../../src/contract/chat-api/operations';

/** The valid input of an operation. */
export type OperationInput = { readonly [member: string]: any };

/** An operation: returns the body of the response, or nothing for 204. */
export type ChatApiOperationHandler = (input: OperationInput, user: User) => Promise<object | void>;

/** The operations of one function by name. */
export type OperationHandlers<Function extends ChatApiFunction> = {
  readonly [name in ChatApiOperationName as
    typeof CHAT_API_OPERATIONS[name]['function'] extends Function ? name : never]: ChatApiOperationHandler;
};

/** The user of an operation that is public. */
const NO_USER: User = { id: '', role: '', capabilities: [], operations: [] };

/** Creates the function that answers the requests of an HTTP API. */
export function chatApiHandler<Function extends ChatApiFunction>(
  functionName: Function, operations: OperationHandlers<Function>, effects: ChatApiEffects,
): (event: HttpEvent) => Promise<HttpResult> {
  const byRoute = new Map<string, ChatApiOperationName>();
  for (const [name, operation] of Object.entries<ChatApiOperation>(CHAT_API_OPERATIONS)) {
    if (operation.function !== functionName) continue;
    byRoute.set(`${operation.method ?? 'POST'} ${chatApiPath(name)}`, name as ChatApiOperationName);
  }

  return async (event) => {
    const name = byRoute.get(event.routeKey);
    if (!name) return new ProblemError('not-found').result;
    const operation: ChatApiOperation = CHAT_API_OPERATIONS[name];
    const audit: { user?: User; input?: OperationInput } = {};
    let problem: ProblemError | undefined;
    try {
      const user = audit.user = operation.isPublic ? NO_USER : userOf(event, effects.configuration);
      if (!operation.isPublic && !user.operations.includes(name)) throw new ProblemError('forbidden');
      const input = audit.input = inputOf(event, operation);
      const output = await (operations as Record<string, ChatApiOperationHandler>)[name]!(input, user);
      return {
        statusCode: operation.status ?? 204,
        headers: { 'cache-control': 'no-store', ...operation.status && { 'content-type': 'application/json' } },
        body: operation.status && JSON.stringify(output),
      };
    } catch (error) {
      problem = problemOf(error, { operation: name, requestId: event.requestContext.requestId }, effects);
      return problem.result;
    } finally {
      if (functionName === 'moderation') effects.log(auditRecord(name, event, audit, problem));
    }
  };
}

/** Returns the record of a moderation operation: its names and IDs, and no content. */
function auditRecord(
  operation: string, { requestContext }: HttpEvent, { user, input }: { user?: User; input?: OperationInput },
  problem: ProblemError | undefined,
) {
  const { room, userId, messageId, reportId, decision, durationInMinutes } = input ?? {};
  return {
    type: 'audit',
    operation,
    moderatorId: user?.id,
    role: user?.role,
    userId,
    room,
    messageId,
    reportId,
    decision,
    durationInMinutes,
    result: problem?.problem ?? 'success',
    requestId: requestContext.requestId,
  };
}
