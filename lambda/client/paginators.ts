import {
  ListLoggingConfigurationsCommand, ListRoomsCommand, type Command, type ListLoggingConfigurationsCommandInput,
  type ListLoggingConfigurationsCommandOutput, type ListRoomsCommandInput, type ListRoomsCommandOutput,
} from './commands';
import type { IvschatClient } from './ivschat-client';
import type { HttpHandlerOptions, MetadataBearer } from './types';

export interface IvschatPaginationConfiguration {
  client: IvschatClient;
  /** 1 to 50 items a page. @default 50 */
  pageSize?: number;
  /** Where to go on. @default - from the start */
  startingToken?: string;
  /** Sees each command before it is sent, and may give another. */
  withCommand?: (command: any) => any;
  /** Ends when a page comes with the token that led to it, which would never end otherwise. @default false */
  stopOnSameToken?: boolean;
}

type Paginator<Input, Output> =
  (configuration: IvschatPaginationConfiguration, input: Input, options?: HttpHandlerOptions) => AsyncGenerator<Output, undefined>;

function paginator<Input extends { nextToken?: string; maxResults?: number }, Output extends MetadataBearer & { nextToken?: string }>(
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

/** All pages of ListRooms, one after another. */
export const paginateListRooms = /* @__PURE__ */ paginator<ListRoomsCommandInput, ListRoomsCommandOutput>(ListRoomsCommand);

/** All pages of ListLoggingConfigurations, one after another. */
export const paginateListLoggingConfigurations = /* @__PURE__ */ paginator<
  ListLoggingConfigurationsCommandInput, ListLoggingConfigurationsCommandOutput
>(ListLoggingConfigurationsCommand);
