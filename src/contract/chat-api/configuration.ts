import type { StandardRole } from './role-capabilities';
import type { RoleRights } from './roles';

/** The environment variable with the `ChatApiConfiguration` as JSON. Both functions have it. */
export const CHAT_API_CONFIGURATION = 'CHAT_API';

/** The configuration of the functions of a chat API. The construct writes it and the functions read it. */
export interface ChatApiConfiguration {
  /** The ARNs of the rooms by key. */
  readonly rooms: { readonly [key: string]: string };
  /** The name of the table of the ban list. */
  readonly table: string;
  /** The rights of the roles by the name that the claim contains. A standard role is named by a string. */
  readonly roles: { readonly [name: string]: StandardRole | RoleRights };
  /** The role of a user if the claim contains none of `roles`. */
  readonly defaultRole: string;
  readonly claims: {
    readonly userId: string;
    readonly displayName?: string;
    readonly role?: string;
  };
  /** The duration of a session in minutes, 1 to 180. */
  readonly sessionDurationInMinutes: number;
  /** The version of the terms that users have to accept before they can send messages. */
  readonly requiredTerms?: string;
  readonly policy?: {
    readonly contact: string;
    readonly termsUrl?: string;
  };
}
