import type { Reply } from './ivs-chat';
import type { HttpRequest, HttpResponse } from '../../../../lambda/client';

/** One HTTP request with its operation and input. */
export interface Call {
  /** `CreateRoom`, `DescribeStackResource`, `PUT` ... */
  readonly operation: string;
  readonly input: any;
  readonly request: HttpRequest;
}

/** Returns the operation and the input of a request. */
export function callOf(request: HttpRequest): Call {
  if (request.method === 'PUT') return { operation: 'PUT', input: request.body, request };
  if (request.path === '/') {
    const input = Object.fromEntries(new URLSearchParams(request.body));
    return { operation: input.Action!, input, request };
  }
  if (request.path.startsWith('/tags/')) {
    const resourceArn = decodeURIComponent(request.path.slice('/tags/'.length));
    return request.method === 'DELETE'
      ? { operation: 'UntagResource', input: { resourceArn, tagKeys: request.query!.tagKeys }, request }
      : { operation: 'TagResource', input: { resourceArn, ...JSON.parse(request.body) }, request };
  }
  return { operation: request.path.slice(1), input: JSON.parse(request.body), request };
}

export function responseOf({ status, body, headers = {} }: Reply): { response: HttpResponse } {
  return { response: { statusCode: status, headers: { 'x-amzn-requestid': 'a1b2c3', ...headers }, body } };
}

export function stackResource(status: string, physicalResourceId?: string, since?: number): Reply {
  return {
    status: 200,
    body: '<DescribeStackResourceResponse><DescribeStackResourceResult><StackResourceDetail>'
      + (physicalResourceId === undefined ? '' : `<PhysicalResourceId>${physicalResourceId}</PhysicalResourceId>`)
      + (since === undefined ? '' : `<LastUpdatedTimestamp>${new Date(since).toISOString()}</LastUpdatedTimestamp>`)
      + `<ResourceStatus>${status}</ResourceStatus>`
      + '</StackResourceDetail></DescribeStackResourceResult></DescribeStackResourceResponse>',
  };
}

export interface StackEntry {
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly status: string;
  /** In milliseconds since 1970. */
  readonly time: number;
}

/** Returns a page of DescribeStackEvents or ListStackResources. */
export function stackEntries(
  action: 'DescribeStackEvents' | 'ListStackResources', entries: readonly StackEntry[], nextToken?: string,
): Reply {
  const timeElement = action === 'DescribeStackEvents' ? 'Timestamp' : 'LastUpdatedTimestamp';
  const members = entries.map(({ logicalId, physicalId, time, status }) =>
    `<member><LogicalResourceId>${logicalId}</LogicalResourceId>`
    + (physicalId === undefined ? '' : `<PhysicalResourceId>${physicalId}</PhysicalResourceId>`)
    + `<${timeElement}>${new Date(time).toISOString()}</${timeElement}>`
    + `<ResourceStatus>${status}</ResourceStatus></member>`);
  const token = nextToken === undefined ? '' : `<NextToken>${nextToken}</NextToken>`;
  const result = `<StackEvents>${members.join('')}</StackEvents>${token}`;
  return { status: 200, body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>` };
}

export const noSuchStack: Reply = {
  status: 400,
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>'
    + '<Message>Stack does not exist</Message></Error></ErrorResponse>',
};
