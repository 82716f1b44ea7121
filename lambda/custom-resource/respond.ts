import type { Effects } from './effects';
import type { CustomResourceEvent } from './event';
import { utf8Bytes } from '../../src/contract/check';

/** CloudFormation refuses longer responses. */
const MAXIMUM_RESPONSE_BYTES = 4096;
const PUT_ATTEMPTS = 5;

/** The attributes of a resource. */
type Attributes = { readonly [name: string]: string };

/** The result of a request. */
export type Outcome =
  | { readonly status: 'SUCCESS'; readonly physicalResourceId: string; readonly data?: Attributes }
  | { readonly status: 'FAILED'; readonly physicalResourceId: string; readonly reason: string };

/** Returns the response as JSON of at most 4,096 bytes. A reason that is too long is cut between two characters. */
export function responseBody(event: CustomResourceEvent, outcome: Outcome): string {
  const body = (status: Outcome['status'], reason: string | undefined, data?: Attributes) => JSON.stringify({
    Status: status,
    Reason: reason,
    PhysicalResourceId: outcome.physicalResourceId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    Data: data,
  });
  const fits = (text: string) => utf8Bytes(text) <= MAXIMUM_RESPONSE_BYTES;

  if (outcome.status === 'SUCCESS') {
    const success = body('SUCCESS', undefined, outcome.data);
    return fits(success) ? success : body('FAILED', 'the attributes do not fit into a response to CloudFormation');
  }

  const characters = [...outcome.reason];
  const failure = (length: number) => body('FAILED', characters.slice(0, length).join(''));
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(failure(middle))) low = middle;
    else high = middle - 1;
  }
  return failure(low);
}

/**
 * Sends the response to CloudFormation. If that fails, throws an error without the URL, which is a secret. Lambda then
 * delivers the request again, and every step can be repeated. A success never becomes a failure here.
 */
export async function respond(effects: Effects, url: URL, event: CustomResourceEvent, outcome: Outcome): Promise<void> {
  const body = responseBody(event, outcome);
  for (let attempt = 1; ; attempt++) {
    let problem: string;
    try {
      const status = await effects.put(url, body);
      if (status >= 200 && status < 300) return;
      problem = `HTTP ${status}`;
      if (status < 500 && status !== 408 && status !== 429) attempt = PUT_ATTEMPTS;
    } catch (error) {
      problem = (error as { code?: string }).code ?? (error as Error).name;
    }
    if (attempt >= PUT_ATTEMPTS) throw new Error(`failed to send the response to CloudFormation: ${problem}`);
    await effects.sleep(effects.random() * 200 * 2 ** attempt);
  }
}

/**
 * The URL of the response. It must be an https URL of AWS, or have the origin of `AWS_ENDPOINT_URL`, which is then the
 * address of an AWS emulator. The error does not show the given value.
 */
export function responseUrl(text: unknown, endpoint: string | undefined): { url: URL; isEmulated: boolean } {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url && !url.username && !url.password) {
    if (isOfAws(url)) return { url, isEmulated: false };
    if (isOfEndpoint(url, endpoint)) return { url, isEmulated: true };
  }

  throw new Error(
    'the ResponseURL of the event must be an https URL of AWS; nothing was done, and no response was sent',
  );
}

function isOfAws({ protocol, hostname, port }: URL): boolean {
  return protocol === 'https:' && /^([a-z0-9-]+\.)+amazonaws\.com(\.cn)?$/.test(hostname) && !port;
}

function isOfEndpoint({ protocol, origin }: URL, endpoint = ''): boolean {
  return /^https?:$/.test(protocol) && URL.canParse(endpoint) && origin === new URL(endpoint).origin;
}
