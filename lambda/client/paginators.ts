import {
  ListLoggingConfigurationsCommand, ListRoomsCommand, type ListLoggingConfigurationsCommandInput, type ListLoggingConfigurationsCommandOutput,
  type ListRoomsCommandInput, type ListRoomsCommandOutput,
} from './commands';
import type { IvschatClient } from './ivschat-client';
import type { HttpHandlerOptions } from './types';

export interface IvschatPaginationConfiguration {
  client: IvschatClient;
  /** 1 to 50 items a page. @default 50 */
  pageSize?: number;
  /** Where to go on. @default - from the start */
  startingToken?: string;
  /** Ends when a page comes with the token that led to it, which would never end otherwise. @default false */
  stopOnSameToken?: boolean;
}

async function* paginate<Input extends { nextToken?: string; maxResults?: number }, Output extends { nextToken?: string }>(
  { startingToken, pageSize, stopOnSameToken }: IvschatPaginationConfiguration,
  input: Input,
  page: (input: Input) => Promise<Output>,
): AsyncGenerator<Output, undefined> {
  let nextToken = startingToken ?? input.nextToken;
  for (;;) {
    const output = await page({ ...input, nextToken, maxResults: input.maxResults ?? pageSize });
    yield output;
    if (!output.nextToken || (stopOnSameToken && output.nextToken === nextToken)) return undefined;
    nextToken = output.nextToken;
  }
}

/** All pages of ListRooms, one after another. */
export const paginateListRooms = (
  configuration: IvschatPaginationConfiguration, input: ListRoomsCommandInput, ...rest: [options?: HttpHandlerOptions]
): AsyncGenerator<ListRoomsCommandOutput, undefined> =>
  paginate(configuration, input, (page) => configuration.client.send(new ListRoomsCommand(page), ...rest));

/** All pages of ListLoggingConfigurations, one after another. */
export const paginateListLoggingConfigurations = (
  configuration: IvschatPaginationConfiguration, input: ListLoggingConfigurationsCommandInput, ...rest: [options?: HttpHandlerOptions]
): AsyncGenerator<ListLoggingConfigurationsCommandOutput, undefined> =>
  paginate(configuration, input, (page) => configuration.client.send(new ListLoggingConfigurationsCommand(page), ...rest));
