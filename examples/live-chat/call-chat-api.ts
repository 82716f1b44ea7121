/** The chat API refused a call. `type` and `title` are those of the problem document. */
export class ChatApiProblem extends Error {
  constructor(readonly status: number, readonly type: string, title: string) {
    super(title);
  }
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
  // API Gateway itself answers with `message`.
  throw new ChatApiProblem(response.status, result?.type ?? '', result?.title ?? result?.message ?? response.statusText);
}
