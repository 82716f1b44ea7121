/** The pages of the console, in the order of the navigation. */
export const pageTitles = {
  overview: 'Overview',
  rooms: 'Rooms',
  people: 'People',
  messages: 'Messages',
  frames: 'Frames',
  requests: 'Requests',
  tokens: 'Tokens',
  logs: 'Logs',
  stack: 'Stack',
  faults: 'Faults',
} as const;

export type PageName = keyof typeof pageTitles;

/** An address in the console, such as `#/people/abc123DEF456/ada?q=mute`. */
export interface ConsoleRoute {
  readonly page: PageName;
  /** The parts of the path after the page. */
  readonly path: readonly string[];
  readonly query: { readonly [name: string]: string };
}

/** Reads a route. An unknown page is the overview. */
export function parseRoute(hash: string): ConsoleRoute {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', ...rest] = path.split('/').map(decoded);
  return {
    page: Object.hasOwn(pageTitles, page) ? page as PageName : 'overview',
    path: rest.filter((part) => part !== ''),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** Returns the address of a page, without empty parameters. */
export function hrefTo(
  page: PageName, path: readonly (string | number)[] = [], query: ConsoleRoute['query'] = {},
): string {
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const text = parameters.toString();
  return `#/${[page, ...path].map((part) => encodeURIComponent(part)).join('/')}${text && `?${text}`}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
