/** Signatures of other packages for a captured request. */
import aws4 from 'aws4';
import { AwsV4Signer } from 'aws4fetch';

interface Identity {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The members of a query that have values. */
export const canonicalQuery = (query: Record<string, any> = {}) =>
  Object.entries(query).filter(([, value]) => value.length > 0);

const escaped = (text: string) => encodeURIComponent(text)
  .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** The path of a request with its query. */
export function urlOf({ path, query }: any): string {
  const pairs = canonicalQuery(query)
    .flatMap(([key, values]) => (values as string[]).map((value) => `${key}=${escaped(value)}`));
  return path + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
}

/** Returns the authorization header of aws4 for the request. */
export function signedByAws4(request: any, credentials: Identity, region: string): string {
  const { authorization: _, ...headers } = request.headers;
  return aws4.sign({
    service: 'ivschat',
    region,
    method: request.method,
    host: request.hostname,
    path: urlOf(request),
    headers,
    body: request.body,
    // Without this option, aws4 adds a header of its own.
    extraHeadersToIgnore: { 'content-length': true },
  } as any, credentials).headers!.Authorization as string;
}

/** Returns the authorization header of aws4fetch for the request. */
export async function signedByAws4fetch(request: any, credentials: Identity, region: string): Promise<string> {
  const { authorization: _, 'x-amz-date': datetime, ...headers } = request.headers;
  const peer = new AwsV4Signer({
    ...credentials,
    service: 'ivschat',
    region,
    method: request.method,
    url: `https://${request.hostname}${urlOf(request)}`,
    headers,
    body: request.body,
    datetime,
    allHeaders: true,
  });
  return (await peer.sign()).headers.get('authorization')!;
}
