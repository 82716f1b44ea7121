/** A request of CloudFormation. CloudFormation passes every number and every boolean of the template as a string. */
export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly [name: string]: unknown };
  readonly OldResourceProperties?: { readonly [name: string]: unknown };
}

/** The presigned ResponseURL of CloudFormation is valid for two hours. */
const RESPONSE_URL_LIFETIME = 2 * 60 * 60_000;

/** Returns why the event is invalid. Never shows the event, because it contains the ResponseURL, which is a secret. */
export function malformed(event: Partial<CustomResourceEvent>): string | undefined {
  for (const name of ['StackId', 'RequestId', 'LogicalResourceId', 'ResourceType'] as const) {
    if (typeof event[name] !== 'string' || event[name] === '') return `the event has no ${name}`;
  }
  if (event.RequestType !== 'Create' && event.RequestType !== 'Update' && event.RequestType !== 'Delete') {
    return 'the RequestType of the event must be Create, Update or Delete';
  }
  if (typeof event.ResourceProperties !== 'object' || event.ResourceProperties === null) {
    return 'the event has no ResourceProperties';
  }
  if (event.RequestType === 'Update' && !event.PhysicalResourceId) return 'the event has no PhysicalResourceId';
  return undefined;
}

/**
 * Returns the time of the request in the basic format of ISO 8601, which sorts by time. Every delivery of the request
 * has the same time: `X-Amz-Date` of its presigned ResponseURL, or `Expires` minus the lifetime of the URL.
 */
export function requestTime(event: Pick<CustomResourceEvent, 'ResponseURL'>): string | undefined {
  const { searchParams } = new URL(event.ResponseURL);
  const signed = searchParams.get('X-Amz-Date');
  if (signed && /^[0-9]{8}T[0-9]{6}Z$/.test(signed) && !Number.isNaN(timeOf(signed))) return signed;

  const expires = searchParams.get('Expires');
  if (!expires || !/^[0-9]{9,11}$/.test(expires)) return undefined;
  return timeText(Number(expires) * 1000 - RESPONSE_URL_LIFETIME);
}

/** Formats milliseconds since 1970 in the basic format of ISO 8601, without the milliseconds. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.[0-9]+/g, '');
}

/** Parses a time in the basic format of ISO 8601 to milliseconds since 1970. Returns NaN if the text is not a time. */
export function timeOf(basic: string): number {
  return Date.parse(basic.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
