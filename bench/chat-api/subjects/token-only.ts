/** A function that only creates a token, without a ban list. */
import { createChatToken } from '../../../lambda/runtime/create-chat-token';

const { rooms } = JSON.parse(process.env.CHAT_API!);

export async function handler(event: any) {
  const userId = event.requestContext.authorizer.jwt.claims.sub;
  const chatToken = await createChatToken({ roomIdentifier: rooms.lobby, userId, role: 'viewer' });
  return { statusCode: 200, body: JSON.stringify(chatToken) };
}
