import { createHmac } from 'node:crypto';
import type { ServiceState } from '../service-state';
import { IvsChatError } from './ivs-chat-error';

export interface PageRequest {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

const DEFAULT_PAGE = 50;

/**
 * Returns the requested page. The token contains a position in the order and not a number of items, so that created or
 * deleted items do not shift the next page. The token is signed for one list and its filters.
 */
export function page<T>(
  { paginationKey }: Pick<ServiceState, 'paginationKey'>,
  of: string,
  all: readonly { readonly resource: T; readonly sequence: number }[],
  request: PageRequest,
): { items: T[]; nextToken?: string } {
  const seal = (sequence: number) =>
    createHmac('sha256', paginationKey).update(`${sequence} ${of}`).digest('base64url');
  let rest = all;
  if (request.nextToken) {
    const [sequence, given] = Buffer.from(request.nextToken, 'base64url').toString().split('.');
    if (given !== seal(Number(sequence))) {
      throw IvsChatError.invalidFields([
        { path: 'nextToken', message: 'must be the nextToken of an earlier response to the same request' },
      ]);
    }
    rest = all.filter((item) => item.sequence < Number(sequence));
  }
  const size = request.maxResults ?? DEFAULT_PAGE;
  const last = rest.length > size ? rest[size - 1]!.sequence : undefined;
  return {
    items: rest.slice(0, size).map(({ resource }) => resource),
    nextToken: last === undefined ? undefined : Buffer.from(`${last}.${seal(last)}`).toString('base64url'),
  };
}
