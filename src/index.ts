export { ChatRoom } from './chat-room';
export type { ChatRoomAttributes, ChatRoomProps, IChatRoom } from './chat-room';
export { ChatRoomGrants } from './chat-room-grants';
