import { ChatRoom, type ChatToken } from 'amazon-ivs-chat-messaging';
import { WebSocket } from 'ws';

(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket; // for the official client, on Node before 22

/** An official messaging client that is in the room. Throws when it is not let in. */
export async function enterRoom(regionOrUrl: string, tokenProvider: () => Promise<ChatToken>): Promise<ChatRoom> {
  const room = new ChatRoom({ regionOrUrl, tokenProvider });
  room.logger = { debug() {}, info() {}, error() {} }; // it prints every frame
  await new Promise<void>((resolve, reject) => {
    room.addListener('connect', resolve);
    room.addListener('disconnect', (reason) => reject(new Error(`the messaging client was disconnected: ${reason}`)));
    room.connect();
  });
  return room;
}

/** What the client is told next of this. */
export function next<Value>(room: ChatRoom, event: 'disconnect' | 'event' | 'message' | 'messageDelete'): Promise<Value> {
  return new Promise((resolve) => room.addListener(event as 'message', resolve as never));
}
