/** A capability of a chat token. Every token can read the chat. */
export type Capability = 'SEND_MESSAGE' | 'DELETE_MESSAGE' | 'DISCONNECT_USER';

const MODERATOR: readonly Capability[] = ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'];

/** The capabilities of the standard roles. */
export const ROLE_CAPABILITIES = {
  guest: [],
  viewer: ['SEND_MESSAGE'],
  moderator: MODERATOR,
  host: MODERATOR,
} as const satisfies Record<string, readonly Capability[]>;

export type StandardRole = keyof typeof ROLE_CAPABILITIES;
