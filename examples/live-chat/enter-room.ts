import { ChatRoom, type ChatToken } from 'amazon-ivs-chat-messaging';
import { WebSocket } from 'ws';

// The official messaging client needs a global WebSocket, which Node.js has since version 22.
(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;

/** Returns an official messaging client that is connected to the room. Throws an error if the service refuses it. */
export async function enterRoom(regionOrUrl: string, tokenProvider: () => Promise<ChatToken>): Promise<ChatRoom> {
  const room = new ChatRoom({ regionOrUrl, tokenProvider });
  room.logger = { debug() {}, info() {}, error() {} }; // The default logger prints each frame.
  await new Promise<void>((resolve, reject) => {
    room.addListener('connect', resolve);
    room.addListener('disconnect', (reason) => reject(new Error(`the messaging client was disconnected: ${reason}`)));
    room.connect();
  });
  return room;
}

/** Returns the next event of this type. */
export function next<Value>(
  room: ChatRoom,
  event: 'disconnect' | 'event' | 'message' | 'messageDelete',
): Promise<Value> {
  return new Promise((resolve) => room.addListener(event as 'message', resolve as never));
}
