import { IvschatClient } from '../client';

export interface RunTimeOptions {
  /**
   * The client to use.
   *
   * @default one client per Region, kept for the next call, with the credentials of the environment
   */
  readonly client?: Pick<IvschatClient, 'send'>;
}

const clients = new Map<string | undefined, IvschatClient>();

/** A room is reached in its own Region, which its ARN tells. */
export function clientFor(roomIdentifier: string | undefined, options?: RunTimeOptions): Pick<IvschatClient, 'send'> {
  if (options?.client) return options.client;
  const region = roomIdentifier?.split(':')[3] || undefined;
  let client = clients.get(region);
  if (!client) clients.set(region, client = new IvschatClient(region ? { region } : {}));
  return client;
}
