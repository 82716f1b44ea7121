import type { SignIn } from '../sign-in';

/** The addresses of the chat. */
export interface Configuration {
  /** The URL of the chat API. */
  readonly chatUrl: string;
  /** The Region of the room, or the `ws://` URL of a local service. */
  readonly messaging: string;
}

/** A user who has signed in. */
export interface Me extends SignIn {
  readonly idToken: string;
}

/** The chat and the user of this page. */
export interface Visit {
  readonly configuration: Configuration;
  readonly me: Me;
}

/**
 * Reads the configuration and signs the user in. In a product, the user pool signs the user in. The local sign-in
 * accepts every name and role.
 *
 * @throws TypeError if the server of the page has ended.
 */
export async function enter(user: SignIn): Promise<Visit> {
  const configuration: Configuration = await json('configuration.json');
  const { idToken } = await json('sign-in', { method: 'POST', body: JSON.stringify(user) });
  return { configuration, me: { ...user, idToken } };
}

/** Each tab is a separate user. A reload keeps the user. */
export function userIdOfTab(): string {
  return sessionStorage.userId ??= crypto.randomUUID();
}

async function json(url: string, options?: RequestInit): Promise<any> {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
