import type { ChatCapability } from './chat-capability';
import type { ChatOperation } from './chat-operation';
import { STANDARD_ROLES, type RoleRights } from './contract/chat-api/roles';
import { CHAT_ROLE_OPTIONS } from './private/properties';
import { validateProperties } from './private/validate';

/**
 * The rights of a role.
 */
export interface ChatRoleOptions {
  /**
   * The capabilities of the chat tokens.
   *
   * @default - the users can only read the chat
   */
  readonly capabilities?: ChatCapability[];

  /**
   * The operations of the chat API that the users may call.
   *
   * @default - the operations of `ChatRole.GUEST`
   */
  readonly operations?: ChatOperation[];
}

/**
 * A role of the users of a `ChatApi`: the capabilities of their chat tokens, and the operations that they may call.
 *
 * @example
 * const vip = ChatRole.of({
 *   capabilities: [ChatCapability.SEND_MESSAGE],
 *   operations: [ChatOperation.CREATE_CHAT_TOKEN, ChatOperation.SEND_EVENT],
 * });
 */
export class ChatRole {
  /** Reads the chat. */
  public static readonly GUEST: ChatRole = new ChatRole(STANDARD_ROLES.guest);

  /** Reads the chat, sends messages, blocks users, and reports messages and users. */
  public static readonly VIEWER: ChatRole = new ChatRole(STANDARD_ROLES.viewer);

  /** A viewer who also deletes messages, disconnects, mutes and bans users, and resolves reports. */
  public static readonly MODERATOR: ChatRole = new ChatRole(STANDARD_ROLES.moderator);

  /** A moderator who also sends events, for example to open a poll. */
  public static readonly HOST: ChatRole = new ChatRole(STANDARD_ROLES.host);

  /** Returns a role with other rights than the standard roles have. */
  public static of(options: ChatRoleOptions): ChatRole {
    validateProperties('options', options, CHAT_ROLE_OPTIONS, []);
    return new ChatRole({
      capabilities: options.capabilities ?? [],
      operations: (options.operations ?? STANDARD_ROLES.guest.operations) as RoleRights['operations'],
    });
  }

  /** The capabilities of the chat tokens. */
  public readonly capabilities: ChatCapability[];

  /** The operations of the chat API that the users may call. */
  public readonly operations: ChatOperation[];

  private constructor({ capabilities, operations }: RoleRights) {
    this.capabilities = [...capabilities] as ChatCapability[];
    this.operations = [...operations] as ChatOperation[];
  }
}
