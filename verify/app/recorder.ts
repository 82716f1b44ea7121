/**
 * The handler of a custom resource that records the requests of CloudFormation: the type and the time of each request,
 * and the time at which DescribeStackResource shows it. It logs one line per request.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';

interface Request {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly Fail?: string; readonly DelayInSeconds?: string };
}

const inProgress: { readonly [type: string]: readonly string[] } = {
  Create: ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'],
  Update: ['UPDATE_IN_PROGRESS'],
  Delete: ['DELETE_IN_PROGRESS'],
};
const PATIENCE_IN_MILLISECONDS = 30_000;
const TOLERANCE_IN_MILLISECONDS = 10_000;

export async function handler(request: Request): Promise<void> {
  const { RequestType, RequestId, StackId, LogicalResourceId } = request;
  const { Fail, DelayInSeconds = '0' } = request.ResourceProperties;
  const failed = Fail === 'yes' && RequestType !== 'Delete';
  console.log(JSON.stringify({ recorder: LogicalResourceId, type: RequestType, ...await look(request) }));
  await sleep(RequestType === 'Update' ? Number(DelayInSeconds) * 1000 : 0);
  await fetch(request.ResponseURL, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body: JSON.stringify({
      Status: failed ? 'FAILED' : 'SUCCESS',
      Reason: failed ? 'asked to fail' : '',
      PhysicalResourceId: request.PhysicalResourceId ?? `recorder/${RequestId}`,
      StackId,
      RequestId,
      LogicalResourceId,
    }),
  });
}

/**
 * Reads the view until it shows this request, and four more times, because a later response can have an older view.
 * Does not wait for a delete, because the delete of a clean-up is for an id that the view does not show any more.
 */
async function look({ RequestType, ResponseURL, StackId, LogicalResourceId }: Request) {
  const requestTime = timeOf(new URL(ResponseURL));
  const isNear = (time: number) => Math.abs(time - requestTime) <= TOLERANCE_IN_MILLISECONDS;
  const shows = ({ status, updated }: View) => inProgress[RequestType]!.includes(status) && isNear(updated);
  const first = await view(StackId, LogicalResourceId);
  let seen = first;
  while (RequestType !== 'Delete' && !shows(seen) && Date.now() - requestTime < PATIENCE_IN_MILLISECONDS) {
    await sleep(250);
    seen = await view(StackId, LogicalResourceId);
  }
  let older = 0;
  for (let again = 0; again < 4; again++) {
    await sleep(50);
    if ((await view(StackId, LogicalResourceId)).updated < seen.updated) older++;
  }
  return {
    first: first.status,
    status: seen.status,
    shown: shows(seen),
    age: seen.at - requestTime,
    distance: seen.updated - requestTime,
    older,
  };
}

/** Returns `X-Amz-Date`, or two hours before `Expires`, in milliseconds since 1970. */
function timeOf({ searchParams }: URL): number {
  const date = searchParams.get('X-Amz-Date');
  if (!date) return (Number(searchParams.get('Expires')) - 7200) * 1000;
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

interface View {
  readonly status: string;
  readonly updated: number;
  readonly at: number;
}

async function view(stackId: string, logicalId: string): Promise<View> {
  const { env } = process;
  const client = new AwsClient({
    accessKeyId: env.AWS_ACCESS_KEY_ID!,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY!,
    sessionToken: env.AWS_SESSION_TOKEN,
    region: env.AWS_REGION,
    service: 'cloudformation',
  });
  const input = {
    Action: 'DescribeStackResource', Version: '2010-05-15', StackName: stackId, LogicalResourceId: logicalId,
  };
  const endpoint = env.AWS_ENDPOINT_URL ?? `https://cloudformation.${env.AWS_REGION}.amazonaws.com/`;
  const response = await client.fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(input).toString(),
  });
  const xml = await response.text();
  return {
    status: /<ResourceStatus>(\w+)</.exec(xml)?.[1] ?? `none (HTTP ${response.status})`,
    updated: Date.parse(/<LastUpdatedTimestamp>([^<]+)</.exec(xml)?.[1] ?? '') || 0,
    at: Date.now(),
  };
}
