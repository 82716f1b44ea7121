import { signer } from '../http/sign';
import type { AwsCredentialIdentity, HttpHandler, HttpRequest, Provider } from '../http/types';

/** A resource as CloudFormation records it. */
export interface StackResource {
  readonly logicalResourceId?: string;
  /** `NOT_FOUND` if the stack or the resource does not exist. */
  readonly status: string;
  readonly physicalResourceId?: string;
  /** When the resource got this status, in milliseconds since 1970. */
  readonly since?: number;
}

/** One page of a list. */
export interface Page {
  readonly items: readonly StackResource[];
  readonly nextToken?: string;
}

/** The three operations of CloudFormation that the custom resource calls, for its own stack only. */
export interface CloudFormation {
  /** Returns the current status of one resource. */
  describeStackResource(stackId: string, logicalResourceId: string): Promise<StackResource>;
  /** Returns the events of the stack, newest first. */
  describeStackEvents(stackId: string, nextToken?: string): Promise<Page>;
  /** Returns the resources of the stack. */
  listStackResources(stackId: string, nextToken?: string): Promise<Page>;
}

export interface CloudFormationOptions {
  readonly transport: HttpHandler;
  readonly credentials: Provider<AwsCredentialIdentity>;
  readonly region: string;
  /** The value of `AWS_ENDPOINT_URL`. */
  readonly endpoint?: string;
  now(): number;
}

/**
 * A client for three operations of CloudFormation. The SDK's client is ten times the size of the whole function.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/
 */
export function cloudFormation(options: CloudFormationOptions): CloudFormation {
  const { transport, credentials, region, endpoint, now } = options;
  const url = new URL(endpoint ?? `https://cloudformation.${region}.amazonaws.com`);
  const sign = signer('cloudformation');

  async function call(Action: string, input: Record<string, string | undefined>): Promise<string> {
    const given = Object.entries(input).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const request: HttpRequest = {
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: url.port ? Number(url.port) : undefined,
      path: '/',
      headers: { 'host': url.host, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams([['Action', Action], ['Version', '2010-05-15'], ...given]).toString(),
    };
    const headers = await sign(request, await credentials(), region, now());

    const { response } = await transport.handle({ ...request, headers });
    const { statusCode, body } = response;
    const xml = String(body);
    if (statusCode === 200) return whole(xml, Action);

    const message = text(xml, 'Message') ?? `CloudFormation responded with HTTP ${statusCode}`;
    throw Object.assign(new Error(message), {
      name: text(xml, 'Code') ?? `HTTP${statusCode}`,
      $metadata: { httpStatusCode: statusCode, requestId: text(xml, 'RequestId') },
    });
  }

  const page = async (Action: string, StackName: string, NextToken?: string): Promise<Page> => {
    const xml = await call(Action, { StackName, NextToken });
    return { items: xml.split('<member>').slice(1).map(stackResource), nextToken: text(xml, 'NextToken') };
  };
  return {
    async describeStackResource(StackName, LogicalResourceId) {
      try {
        return stackResource(await call('DescribeStackResource', { StackName, LogicalResourceId }));
      } catch (error) {
        if ((error as Error).name !== 'ValidationError') throw error;
        return { status: 'NOT_FOUND' };
      }
    },
    describeStackEvents: (stackId, nextToken) => page('DescribeStackEvents', stackId, nextToken),
    listStackResources: (stackId, nextToken) => page('ListStackResources', stackId, nextToken),
  };
}

/** Returns the response if it is complete. A truncated response counts as no response. */
function whole(xml: string, action: string): string {
  if (xml.includes(`</${action}Response>`)) return xml;
  throw Object.assign(new Error('the response of CloudFormation is incomplete'), { name: 'TimeoutError' });
}

function stackResource(xml: string): StackResource {
  const time = text(xml, 'LastUpdatedTimestamp') ?? text(xml, 'Timestamp') ?? '';
  return {
    logicalResourceId: text(xml, 'LogicalResourceId'),
    status: text(xml, 'ResourceStatus') ?? '',
    physicalResourceId: text(xml, 'PhysicalResourceId'),
    since: Date.parse(time) || undefined,
  };
}

/** Returns the text of the first element of that name. Text from users has its angle brackets escaped. */
function text(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
}
