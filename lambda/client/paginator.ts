import type { Command } from './command';
import type { IvschatClient } from './ivschat-client';
import type { HttpHandlerOptions, MetadataBearer } from '../http/types';

/** The options of a paginator. */
export interface IvschatPaginationConfiguration {
  /** The client that sends the requests. */
  client: IvschatClient;
  /** The maximum number of items on a page, 1 to 50. @default 50 */
  pageSize?: number;
  /** The token to start from. @default - the first page */
  startingToken?: string;
  /** Called with each command before it is sent. Returns the command to send. */
  withCommand?: (command: any) => any;
  /** Stops when a page has the same token as the previous one. Without it, such a list never ends. @default false */
  stopOnSameToken?: boolean;
}

type Paginator<Input, Output> = (
  configuration: IvschatPaginationConfiguration, input: Input, options?: HttpHandlerOptions,
) => AsyncGenerator<Output, undefined>;

interface ListInput { nextToken?: string; maxResults?: number }
interface ListOutput extends MetadataBearer { nextToken?: string }

/** Creates the paginator of a command that lists items. */
export function paginator<Input extends ListInput, Output extends ListOutput>(
  ListCommand: new (input: Input) => Command<Input, Output>,
): Paginator<Input, Output> {
  return async function* ({ client, startingToken, pageSize, stopOnSameToken, withCommand }, input, options) {
    let nextToken = startingToken ?? input.nextToken;
    for (;;) {
      const command = new ListCommand({ ...input, nextToken, maxResults: input.maxResults ?? pageSize });
      const output = await client.send<Input, Output>(withCommand?.(command) ?? command, options);
      yield output;
      if (!output.nextToken || (stopOnSameToken && output.nextToken === nextToken)) return undefined;
      nextToken = output.nextToken;
    }
  };
}
