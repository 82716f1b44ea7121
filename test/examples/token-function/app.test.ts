/** The app of the example, as the CDK CLI runs it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const example = join(__dirname, '..', '..', '..', 'examples', 'token-function');

/** Synthesizes the app without bundling the token function. */
function synthesize(context: { [name: string]: string } = {}) {
  const output = mkdtempSync(join(tmpdir(), 'token-function-app-'));
  try {
    const { app } = JSON.parse(readFileSync(join(example, 'cdk.json'), 'utf8'));
    const [, ...args] = app.split(' ');
    execFileSync(process.execPath, args, {
      cwd: example,
      env: {
        ...process.env,
        CDK_OUTDIR: output,
        CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [], ...context }),
        CDK_DEFAULT_ACCOUNT: '123456789012',
        CDK_DEFAULT_REGION: 'us-west-2',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 50_000,
    });
    const { Resources, Outputs } = JSON.parse(readFileSync(join(output, 'TokenFunction.template.json'), 'utf8'));
    const of = (type: string) => Object.values<any>(Resources).filter(({ Type }) => Type === type);
    const tokenFunction = of('AWS::Lambda::Function')
      .find(({ Properties }) => Properties.Environment?.Variables?.ROOM_ARN);
    return {
      outputs: Object.keys(Outputs).sort(),
      rooms: of('Custom::IVSChatRoom').map(({ Properties }) => Properties),
      moderatorKey: tokenFunction.Properties.Environment.Variables.MODERATOR_KEY,
      urls: of('AWS::Lambda::Url').map(({ Properties }) => Properties),
    };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

test('without context, the app has no moderator key and allows the page of localhost only', () => {
  const { outputs, rooms, moderatorKey, urls } = synthesize();
  expect(outputs).toEqual(['RoomArn', 'TokenUrl']);
  expect(rooms).toHaveLength(1);
  expect(rooms[0]).toMatchObject({ MaximumMessageRatePerSecond: 50 });
  expect(moderatorKey).toBe('');
  expect(urls.map(({ Cors }) => Cors)).toEqual([
    { AllowOrigins: ['http://localhost:3000'], AllowMethods: ['POST'], AllowHeaders: ['content-type'] },
  ]);
});

test('the context sets the page, the moderator key and the message length', () => {
  const { rooms, moderatorKey, urls } = synthesize({
    pageOrigin: 'https://chat.example.com', moderatorKey: 'a key', maximumMessageLength: '280',
  });
  expect(rooms[0]).toMatchObject({ MaximumMessageLength: 280 });
  expect(moderatorKey).toBe('a key');
  expect(urls[0].Cors.AllowOrigins).toEqual(['https://chat.example.com']);
});
