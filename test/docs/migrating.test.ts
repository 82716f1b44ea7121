/** Deploys the two stacks of docs/migrating.md: a ChatRoom takes over the room of a CfnRoom. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateChatTokenCommand, GetRoomCommand, IvschatClient, ListRoomsCommand } from '@aws-sdk/client-ivschat';
import { cdk } from '../../examples/live-chat/cdk-cli';
import { enterRoom, next } from '../../examples/live-chat/enter-room';
import { startLocal, type Local } from '../../local';

jest.setTimeout(180_000);

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'migrating.md'), 'utf8');
const [before, after] = [...page.matchAll(/^ *```ts fixture=readme\n([^]*?)^ *```/gm)].map(([, code]) => code!);
const folder = mkdtempSync(join(tmpdir(), 'migrating-'));
let local: Local;
let ivsChat: IvschatClient;

/** Deploys the code of the page as a stack. */
async function deploy(code: string): Promise<{ RoomArn: string }> {
  const imports = code.match(/^ *import .*$/gm)!;
  writeFileSync(join(folder, 'app.ts'), `${imports.join('\n')}
    import { App, Stack } from 'aws-cdk-lib';
    class Chat extends Stack {
      constructor(scope: App) {
        super(scope, 'Chat');
        ${code.replace(/^ *import .*$/gm, '')}
      }
    }
    new Chat(new App());`);
  await cdk([
    'deploy', '--require-approval', 'never', '--app', `node --import tsx ${join(folder, 'app.ts')}`,
    '--output', join(folder, 'cdk.out'), '--outputs-file', join(folder, 'outputs.json'),
  ], { environment: local.environment });
  return JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')).Chat ?? {};
}

/** Returns the only room. */
async function onlyRoom() {
  const { rooms } = await ivsChat.send(new ListRoomsCommand({}));
  expect(rooms).toHaveLength(1);
  return ivsChat.send(new GetRoomCommand({ identifier: rooms![0]!.arn }));
}

beforeAll(async () => {
  local = await startLocal();
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = local.environment;
  ivsChat = new IvschatClient({
    region: local.environment.AWS_REGION,
    endpoint: local.controlPlane,
    credentials: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! },
  });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules', 'aws-cdk-lib'), join(folder, 'node_modules', 'aws-cdk-lib'));
  symlinkSync(root, join(folder, 'node_modules', 'cdk-ivs-chat'));
});

afterAll(async () => {
  ivsChat?.destroy();
  await local?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the ChatRoom keeps the room of the CfnRoom, and users stay connected', async () => {
  const { RoomArn } = await deploy(before!);
  expect(await onlyRoom()).toMatchObject({ arn: RoomArn, maximumMessageRatePerSecond: 10 });

  const { token } = await ivsChat.send(new CreateChatTokenCommand({ roomIdentifier: RoomArn, userId: 'ada' }));
  const room = await enterRoom(local.messaging, async () => ({ token: token! }));
  let isDisconnected = false;
  void next(room, 'disconnect').then(() => {
    isDisconnected = true;
  });
  const [example] = /arn:aws:ivschat:\S+room\/\w+/.exec(after!)!;
  await deploy(after!.replace(example, RoomArn));
  expect(await onlyRoom()).toMatchObject({ arn: RoomArn, maximumMessageRatePerSecond: 50 });
  expect(isDisconnected).toBe(false);
  room.disconnect();
});
