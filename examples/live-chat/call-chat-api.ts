/** The chat API refused a call. `type` is the type of the problem document (RFC 9457). */
export class ChatApiProblem extends Error {
  constructor(readonly status: number, readonly type: string, message: string) {
    super(message);
  }
}

interface ProblemDocument {
  readonly type?: string;
  readonly title?: string;
  /** The fields of the input that are invalid. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  /** API Gateway itself answers with a message only. */
  readonly message?: string;
}

/** Calls an operation of the chat API, for example `ban-user`, as the user of the ID token. */
export async function callChatApi(
  chatUrl: string, idToken: string, operation: string, input: object = {},
): Promise<any> {
  const response = await fetch(new URL(operation, chatUrl), {
    method: 'POST',
    headers: { 'authorization': `Bearer ${idToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const body = await response.text();
  const result = body ? JSON.parse(body) : undefined;
  if (response.ok) return result;
  const { type = '', title, message, errors = [] }: ProblemDocument = result ?? {};
  const fields = errors.map((error) => `${error.field} ${error.message}`);
  throw new ChatApiProblem(response.status, type, [title ?? message ?? response.statusText, ...fields].join(' '));
}
