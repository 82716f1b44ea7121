import { regions } from '../../src/contract/regions';
import { IvschatClient } from '../client';

/** Options for the functions of `cdk-ivs-chat/runtime`. */
export interface RunTimeOptions {
  /**
   * The client that sends the request.
   *
   * @default - a client for the Region of the room, with the credentials of the environment, which later calls reuse
   */
  readonly client?: Pick<IvschatClient, 'send'>;
}

/** At most one client for each Region of Amazon IVS Chat, and one for the Region of the environment. */
const clients: { [region: string]: IvschatClient } = {};

const clientIn = (region: string | undefined) => clients[region as string] ??= new IvschatClient({ region });

/**
 * Returns the client for the Region in the ARN of a room.
 *
 * If the ARN has no known Region, the client is for the Region of the environment. It throws the `ValidationException`
 * for invalid input. The number of clients does not grow, whatever the input is.
 */
export const clientFor = (arn: unknown, options?: RunTimeOptions): Pick<IvschatClient, 'send'> => options?.client
  ?? clientIn(regions.find((region) => typeof arn === 'string' && arn.split(':')[3] === region));
