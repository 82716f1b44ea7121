/** A route key, such as `GET /rooms/{id}`, `ANY /{proxy+}` or `$default`. */
export interface RouteKey {
  readonly text: string;
  /** The method, `ANY`, or `$default`. */
  readonly method: string;
  /** The path with its variables, or an empty text for `$default`. */
  readonly path: string;
  readonly segments: readonly Segment[];
}

interface Segment {
  readonly kind: 'literal' | 'variable' | 'greedy';
  /** The text of a literal, or the name of a variable. */
  readonly text: string;
}

export interface RouteMatch<T> {
  readonly route: T;
  readonly pathParameters: { readonly [name: string]: string };
}

const pattern = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) (\/\S*)$/;

/** Parses a route key. Returns undefined if it is not valid. */
export function parseRouteKey(text: string): RouteKey | undefined {
  if (text === '$default') return { text, method: '$default', path: '', segments: [] };
  const [, method, path] = pattern.exec(text) ?? [];
  if (method === undefined || path === undefined) return undefined;
  const segments = path.slice(1).split('/').map(parseSegment);
  // A greedy variable matches the rest of the path, so it can only be the last segment.
  if (segments.some(({ kind }, index) => kind === 'greedy' && index < segments.length - 1)) return undefined;
  return { text, method, path, segments };
}

function parseSegment(text: string): Segment {
  const [, name, plus] = /^\{([^{}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: 'literal', text };
  return { kind: plus ? 'greedy' : 'variable', text: name };
}

/**
 * Selects the route of a request as API Gateway does: a full match before a match with a greedy variable, before
 * `$default`. Literal segments precede variables, and a method precedes `ANY`.
 *
 * @param path The decoded path without the stage.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function selectRoute<T extends { readonly key: RouteKey }>(
  routes: Iterable<T>,
  method: string,
  path: string,
): RouteMatch<T> | undefined {
  const segments = path.slice(1).split('/');
  let best: RouteMatch<T> | undefined;
  for (const route of routes) {
    if (route.key.method !== method && route.key.method !== 'ANY' && route.key.method !== '$default') continue;
    const pathParameters = route.key.method === '$default' ? {} : variablesOf(route.key, segments);
    if (pathParameters && (!best || precedes(route.key, best.route.key))) best = { route, pathParameters };
  }
  return best;
}

/** Returns the values of the variables if the path matches, otherwise undefined. */
function variablesOf(key: RouteKey, segments: readonly string[]): { [name: string]: string } | undefined {
  if (key.segments.at(-1)!.kind !== 'greedy' && segments.length !== key.segments.length) return undefined;
  const variables: [string, string][] = [];
  for (const [index, { kind, text }] of key.segments.entries()) {
    const value = kind === 'greedy' ? segments.slice(index).join('/') : segments[index]!;
    if (kind === 'literal' ? value !== text : value === '') return undefined;
    if (kind !== 'literal') variables.push([text, value]);
  }
  return Object.fromEntries(variables);
}

function precedes(a: RouteKey, b: RouteKey): boolean {
  const [rankA, rankB] = [rank(a), rank(b)];
  const different = rankA.findIndex((value, index) => value !== rankB[index]);
  return different >= 0 && rankA[different]! < rankB[different]!;
}

/** Returns numbers to compare in order. A lower number precedes. */
function rank({ method, segments }: RouteKey): number[] {
  if (method === '$default') return [2];
  const isGreedy = segments.at(-1)!.kind === 'greedy';
  const kinds = segments.map(({ kind }) => ['literal', 'variable', 'greedy'].indexOf(kind));
  return [isGreedy ? 1 : 0, ...kinds, method === 'ANY' ? 1 : 0];
}
