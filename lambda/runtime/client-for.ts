import { regions } from '../../src/contract/regions';
import type { IvschatClient } from '../client';
import { BasicClient } from '../client/basic-client';

/** Options for the functions of `cdk-ivs-chat/runtime`. */
export interface RunTimeOptions {
  /**
   * The client that sends the request.
   *
   * @default - a client for the Region of the room, with the credentials of the environment. Later calls reuse it.
   */
  readonly client?: Pick<IvschatClient, 'send'>;
}

/** The clients by Region: at most one for each Region of Amazon IVS Chat, and one for the Region of the environment. */
const clients: { [region: string]: BasicClient } = {};

const clientIn = (region: string | undefined) => clients[region as string] ??= new BasicClient({ region });

/**
 * Returns the client for the Region in the ARN of a room.
 *
 * If the ARN is invalid or has an unknown Region, it returns the client for the Region of the environment. That client
 * throws the `ValidationException` for invalid input. So invalid input does not create more clients.
 */
export const clientFor = (arn: unknown, options?: RunTimeOptions): Pick<BasicClient, 'send'> => options?.client
  ?? clientIn(regions.find((region) => typeof arn === 'string' && arn.split(':')[3] === region));
