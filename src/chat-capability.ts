/**
 * A capability of a chat token. Every token can read the chat.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateChatToken.html
 */
export enum ChatCapability {
  /** Send messages. */
  SEND_MESSAGE = 'SEND_MESSAGE',

  /** Delete the messages of all users. */
  DELETE_MESSAGE = 'DELETE_MESSAGE',

  /** Disconnect other users. */
  DISCONNECT_USER = 'DISCONNECT_USER',
}
