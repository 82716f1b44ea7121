/** Tracing with the real packages of AWS X-Ray and of Powertools for AWS Lambda. */
import { Tracer } from '@aws-lambda-powertools/tracer';
import * as xray from 'aws-xray-sdk-core';
import { IvschatClient, ListRoomsCommand } from '../../../lambda/client';
import { startLocalIvsChat, type LocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';

const REGION = 'us-west-2';
let local: LocalIvsChat;

beforeAll(async () => {
  local = await startLocalIvsChat({ region: REGION });
});
afterAll(() => local.close());

function newClient(): IvschatClient {
  const { accessKeyId, secretAccessKey } = local.identities.administrator;
  return new IvschatClient({
    region: REGION, endpoint: local.controlPlane, credentials: { accessKeyId, secretAccessKey },
  });
}

/** Runs in a segment, and returns its subsegments. */
async function traced(work: (segment: xray.Segment) => Promise<void>): Promise<any[]> {
  const segment = new xray.Segment('test');
  await xray.getNamespace().runPromise(async () => {
    xray.setSegment(segment);
    await work(segment);
  });
  return segment.subsegments ?? [];
}

const operation = expect.objectContaining({
  name: 'Ivschat', namespace: 'aws', aws: expect.objectContaining({ operation: 'ListRooms', region: REGION }),
});

test('captureAWSv3Client of AWS X-Ray records each call', async () => {
  const subsegments = await traced(async (segment) => {
    const client = xray.captureAWSv3Client(newClient() as any, segment) as IvschatClient;
    expect((await client.send(new ListRoomsCommand({}))).rooms).toEqual([]);
    client.destroy();
  });
  expect(subsegments).toEqual([operation]);
});

test('captureAWSv3Client of Powertools for AWS Lambda records each call', async () => {
  const before = { ...process.env };
  Object.assign(process.env, { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x', POWERTOOLS_TRACE_ENABLED: 'true' });
  try {
    const tracer = new Tracer({ serviceName: 'chat', captureHTTPsRequests: false });
    const subsegments = await traced(async () => {
      const client = tracer.captureAWSv3Client(newClient());
      expect((await client.send(new ListRoomsCommand({}))).rooms).toEqual([]);
      client.destroy();
    });
    expect(subsegments).toEqual([operation]);
  } finally {
    process.env = before;
  }
});
