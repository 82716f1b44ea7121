/** Sends a request to the console server. @throws an error with its message. */
export async function sendToServer(method: 'POST' | 'DELETE', path: string, body?: object): Promise<any> {
  const response = await fetch(path, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  const answer = await response.json() as { readonly message?: string };
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

/** Performs an operation as the administrator. */
export const callOperation = (operation: string, input: object) => sendToServer('POST', 'call', { operation, input });

/** The user of a new connection. */
export interface ChatUser {
  readonly roomArn: string;
  readonly userId: string;
  readonly attributes: { readonly [key: string]: string };
  readonly capabilities: readonly string[];
}

/** Creates a chat token. */
export async function createToken(user: ChatUser, sessionDurationInMinutes?: number): Promise<string> {
  const { roomArn: roomIdentifier, userId, attributes, capabilities } = user;
  const input = { roomIdentifier, userId, attributes, capabilities, sessionDurationInMinutes };
  return (await callOperation('CreateChatToken', input)).token;
}

const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Sends a frame as a user: it creates a chat token, opens a connection, and closes it after the response. So the rates,
 * the capabilities and the review apply as for every client.
 *
 * @returns The frame that the service sent in response.
 * @throws an error with the text of the service.
 */
export async function sendAs(user: ChatUser, frame: object | string): Promise<object> {
  const requestId = `console-${Date.now().toString(36)}`;
  const text = typeof frame === 'string' ? frame : JSON.stringify({ ...frame, RequestId: requestId });
  const socket = new WebSocket(`ws://${location.host}`, await createToken(user));
  try {
    return await new Promise<object>((resolve, reject) => {
      const late = () => reject(new Error('There was no response within 10 seconds'));
      const timer = setTimeout(late, TIMEOUT_MILLISECONDS);
      socket.onopen = () => socket.send(text);
      socket.onmessage = ({ data }) => {
        const received = JSON.parse(data as string);
        if (received.Type === 'ERROR') reject(new Error(`ERROR ${received.ErrorCode}: ${received.ErrorMessage}`));
        else if (received.RequestId === requestId) resolve(received);
      };
      socket.onclose = () => {
        clearTimeout(timer);
        reject(new Error('The service closed the connection without a response'));
      };
    });
  } finally {
    socket.close();
  }
}
