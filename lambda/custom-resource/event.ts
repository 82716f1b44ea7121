/** What CloudFormation sends; everything in it is text, whatever the template said. */
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

/** What is wrong with an event, or nothing. Never shows the event: it holds the ResponseURL. */
export function malformed(event: Partial<CustomResourceEvent>): string | undefined {
  for (const name of ['StackId', 'RequestId', 'LogicalResourceId', 'ResourceType'] as const) {
    if (typeof event[name] !== 'string' || event[name] === '') return `the event has no ${name}`;
  }
  if (event.RequestType !== 'Create' && event.RequestType !== 'Update' && event.RequestType !== 'Delete') {
    return 'the event\'s RequestType is none of Create, Update and Delete';
  }
  if (typeof event.ResourceProperties !== 'object' || event.ResourceProperties === null) return 'the event has no ResourceProperties';
  if (event.RequestType === 'Update' && !event.PhysicalResourceId) return 'the event has no PhysicalResourceId';
  return undefined;
}

/**
 * When the request was made: `X-Amz-Date` of the presigned ResponseURL, the same in every delivery of it, as basic
 * ISO 8601 text, which sorts by time.
 */
export function born(event: CustomResourceEvent, now: number): string {
  const signed = new URL(event.ResponseURL).searchParams.get('X-Amz-Date');
  return signed && /^[0-9]{8}T[0-9]{6}Z$/.test(signed) ? signed : timeText(now);
}

/** Milliseconds since 1970 as basic ISO 8601 text; whole seconds. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.[0-9]+/g, '');
}

/** The same in milliseconds since 1970; the beginning of that second. */
export function timeOf(basic: string): number {
  return Date.parse(basic.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
