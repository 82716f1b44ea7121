/** The CDK CLI decides whether a change may replace a resource. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ChatRoom, type ChatRoomProps } from '../../src';

const folder = mkdtempSync(join(tmpdir(), 'cdk-ivs-chat-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

function synthesize(props: ChatRoomProps): string {
  const outdir = mkdtempSync(join(folder, 'assembly-'));
  const app = new App({ outdir, analyticsReporting: false });
  new ChatRoom(new Stack(app, 'Chat'), 'Lobby', props);
  app.synth();
  return outdir;
}

test('a comparison of templates reports a change of a room without a replacement', () => {
  const before = synthesize({ maximumMessageLength: 100, tags: { team: 'chat' } });
  const after = synthesize({ roomName: 'lobby', maximumMessageLength: 200, tags: { team: 'live' } });
  const output = execFileSync(process.execPath, [
    join(__dirname, '..', '..', 'node_modules', 'aws-cdk', 'bin', 'cdk'), 'diff', 'Chat', '--app', after,
    '--template', join(before, 'Chat.template.json'), '--no-notices', '--no-color', '--ci',
  ], { encoding: 'utf8', env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: '1' } });
  expect(output).toContain('[~] Custom::IVSChatRoom Lobby');
  expect(output).toMatch(/MaximumMessageLength\n.*\[-\] 100\n.*\[\+\] 200/);
  expect(output).not.toContain('replace');
});
