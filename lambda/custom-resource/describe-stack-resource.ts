import type { AwsCredentialIdentity, HttpHandler, HttpRequest, Provider } from '../client';
import type { StackResource } from './effects';
import { signer } from '../client/sign';

export interface StackResourceReader {
  readonly transport: HttpHandler;
  readonly credentials: Provider<AwsCredentialIdentity>;
  readonly region: string;
  /** As `AWS_ENDPOINT_URL` has it. */
  readonly endpoint?: string;
  now(): number;
}

/**
 * Asks CloudFormation how a resource stands. The one call of another service than IVS Chat's, so no SDK client for it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html
 */
export async function describeStackResource(
  { transport, credentials, region, endpoint, now }: StackResourceReader, stackId: string, logicalResourceId: string,
): Promise<StackResource> {
  const url = new URL(endpoint ?? `https://cloudformation.${region}.amazonaws.com`);
  const request: HttpRequest = {
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port ? Number(url.port) : undefined,
    path: '/',
    headers: { 'host': url.host, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      Action: 'DescribeStackResource', Version: '2010-05-15', StackName: stackId, LogicalResourceId: logicalResourceId,
    }).toString(),
  };
  const headers = await signer('cloudformation')(request, await credentials(), region, now());
  const { response } = await transport.handle({ ...request, headers });
  const xml = String(response.body);
  const text = (element: string) => new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
  if (response.statusCode === 200) {
    const status = text('ResourceStatus');
    if (!status) throw Object.assign(new Error('CloudFormation\'s answer has no ResourceStatus'), { name: 'TimeoutError' }); // cut off: as good as none
    return { status, physicalResourceId: text('PhysicalResourceId'), since: Date.parse(text('LastUpdatedTimestamp') ?? '') || undefined };
  }
  const name = text('Code') ?? `HTTP${response.statusCode}`;
  if (name === 'ValidationError') return { status: 'NOT_THERE' }; // the stack or the resource is gone
  throw Object.assign(new Error(text('Message') ?? `CloudFormation answered ${response.statusCode}`), {
    name, $metadata: { httpStatusCode: response.statusCode, requestId: text('RequestId') },
  });
}
