/** Tracing with the real packages of AWS X-Ray, of Powertools for AWS Lambda and of OpenTelemetry. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

/**
 * The instrumentation of OpenTelemetry replaces functions of modules that Node.js loads, so this runs in a process of
 * its own. The middleware is the code in docs/client.md.
 */
test('the middleware in docs/client.md creates the spans that OpenTelemetry creates for the SDK', async () => {
  const root = join(__dirname, '..', '..', '..');
  const documentation = readFileSync(join(root, 'docs', 'client.md'), 'utf8');
  const [code] = /import \{ SpanKind[^]*?(?=```)/.exec(documentation)!;
  const middleware = code.replace(/import (\{.*\}) from (.*);/, 'const $1 = require($2);');
  const { accessKeyId, secretAccessKey } = local.identities.administrator;
  const config = { region: REGION, endpoint: local.controlPlane, credentials: { accessKeyId, secretAccessKey } };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', `
    const { AwsInstrumentation } = require('@opentelemetry/instrumentation-aws-sdk');
    const sdkTrace = require('@opentelemetry/sdk-trace-base');
    const exporter = new sdkTrace.InMemorySpanExporter();
    const provider = new sdkTrace.BasicTracerProvider({ spanProcessors: [new sdkTrace.SimpleSpanProcessor(exporter)] });
    require('@opentelemetry/api').trace.setGlobalTracerProvider(provider);
    new AwsInstrumentation().setTracerProvider(provider);

    async function spansOf(package, prepare) {
      const { GetRoomCommand, IvschatClient, ListRoomsCommand } = require(package);
      const client = new IvschatClient(${JSON.stringify(config)});
      prepare(client);
      await client.send(new ListRoomsCommand({}));
      const identifier = 'arn:aws:ivschat:${REGION}:123456789012:room/AbCdEf012345';
      await client.send(new GetRoomCommand({ identifier })).catch(() => {});
      const spans = exporter.getFinishedSpans().map(({ name, kind, status, attributes, events }) => ({
        name, kind, code: status.code, exceptions: events.map(({ attributes }) => attributes['exception.type']),
        attributes: Object.entries(attributes).filter(([key]) => key.startsWith('rpc.')).sort(),
      }));
      exporter.reset();
      return spans;
    }
    (async () => console.log(JSON.stringify([
      await spansOf('@aws-sdk/client-ivschat', () => {}),
      await spansOf('./lib/client/index.js', () => {}),
      await spansOf('./lib/client/index.js', (client) => { ${middleware} }),
    ])))();
  `], { cwd: root });

  const [sdk, ours, withMiddleware] = JSON.parse(stdout);
  expect(sdk).toMatchObject([{ name: 'ivschat.ListRooms' }, { exceptions: ['ResourceNotFoundException'] }]);
  expect(ours).toEqual([]);
  expect(withMiddleware).toEqual(sdk);
});
