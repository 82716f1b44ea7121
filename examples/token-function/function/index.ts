import { createHash, timingSafeEqual } from 'node:crypto';
import { createChatToken } from 'cdk-ivs-chat/runtime';

interface FunctionUrlEvent {
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** Creates a chat token for a visitor. The function chooses the capabilities. The request cannot choose them. */
export async function handler(event: FunctionUrlEvent) {
  const { name, visitorKey, moderatorKey } = read(event);
  if (typeof name !== 'string' || name.length < 1 || name.length > 40) {
    return answer(400, { message: 'name must be 1 to 40 characters' });
  }
  if (typeof visitorKey !== 'string' || visitorKey.length < 16) {
    return answer(400, { message: 'visitorKey must be at least 16 random characters' });
  }

  // In a product, take the user ID from your sign-in. This example derives it from a secret key of the visitor.
  // The hash prevents other users, who see the user ID, from finding the key.
  const userId = createHash('sha256').update(visitorKey).digest('hex').slice(0, 16);
  const moderator = isModerator(moderatorKey);
  const chatToken = await createChatToken({
    roomIdentifier: process.env.ROOM_ARN!,
    userId,
    capabilities: moderator ? ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'] : ['SEND_MESSAGE'],
    attributes: { name, role: moderator ? 'moderator' : 'viewer' },
  });
  return answer(200, { ...chatToken, userId });
}

function read({ body = '', isBase64Encoded }: FunctionUrlEvent): { [field: string]: unknown } {
  try {
    return Object(JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body));
  } catch {
    return {};
  }
}

/** Without a configured key, no user is a moderator. */
function isModerator(key: unknown): boolean {
  const expected = Buffer.from(process.env.MODERATOR_KEY ?? '');
  const given = Buffer.from(typeof key === 'string' ? key : '');
  return expected.length > 0 && given.length === expected.length && timingSafeEqual(given, expected);
}

function answer(statusCode: number, body: unknown) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
