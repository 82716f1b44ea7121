/** The example moderated-chat, deployed to the local services with the CDK CLI. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ChatRoom, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { AwsClient } from 'aws4fetch';
import { cdk } from '../../../examples/live-chat/cdk-cli';
import { enterRoom } from '../../../examples/live-chat/enter-room';
import { createChatApiClient } from '../../../front-end/session';
import { startLocal, type Local } from '../../../local';

jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'moderated-chat-'));
const rooms: ChatRoom[] = [];
let local: Local;
let outputs: { ChatUrl: string; UserPoolId: string; ArchiveName: string; SearchName: string };

const run = (...args: string[]) => cdk([
  ...args,
  '--app', `node --import tsx ${join(__dirname, '..', '..', '..', 'examples', 'moderated-chat', 'app.ts')}`,
  '--output', join(folder, 'cdk.out'),
], { environment: local.environment });

beforeAll(async () => {
  local = await startLocal();
  await run('deploy', '--require-approval', 'never', '--outputs-file', join(folder, 'outputs.json'));
  outputs = JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')).ModeratedChat;
});

afterAll(async () => {
  rooms.forEach((room) => room.disconnect());
  await local?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Returns a client of the chat API for a user. */
async function clientOf(userId: string, group?: string) {
  const claims = { 'name': userId, 'cognito:groups': group ? [group] : [] };
  const idToken = await local.issueToken({ sub: userId, userPool: outputs.UserPoolId, tokenUse: 'id', claims });
  return createChatApiClient({ url: outputs.ChatUrl, idToken: () => idToken });
}

async function enter(tokenProvider: () => Promise<any>): Promise<ChatRoom> {
  const room = await enterRoom(local.messaging, tokenProvider);
  rooms.push(room);
  return room;
}

/** Calls a function until it succeeds. On a busy machine, a review can take longer than 200 ms and is then repeated. */
async function eventually<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

const send = (room: ChatRoom, text: string) => eventually(() => room.sendMessage(new SendMessageRequest(text)));

/** Checks that the review function denies a message with a reason. */
const expectDenied = (room: ChatRoom, text: string, reason: string) => eventually(() =>
  expect(room.sendMessage(new SendMessageRequest(text))).rejects.toMatchObject({
    errorCode: 406, errorMessage: expect.stringContaining(reason),
  }));

function aws(service: string) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = local.environment;
  return new AwsClient({
    accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey!, region: 'us-west-2', service, retries: 0,
  });
}

/** Returns the content of the messages in the archive. */
async function archived(): Promise<string[]> {
  const bucket = `${local.deploy}/${outputs.ArchiveName}`;
  const list = await (await aws('s3').fetch(`${bucket}?list-type=2`)).text();
  const keys = [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key!);
  const records = await Promise.all(keys.map(async (key) => {
    const object = await aws('s3').fetch(`${bucket}/${key}`);
    return gunzipSync(Buffer.from(await object.arrayBuffer())).toString().trim().split('\n');
  }));
  return records.flat().map((line) => JSON.parse(line)).map(({ payload }) => payload.Content ?? payload.EventName);
}

/** Returns the content of the messages in the log group. */
async function searchable(): Promise<string[]> {
  const response = await aws('logs').fetch(local.deploy, {
    method: 'POST',
    headers: { 'x-amz-target': 'Logs_20140328.FilterLogEvents', 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ logGroupName: outputs.SearchName }),
  });
  const { events } = await response.json() as { events: { message: string }[] };
  return events.map(({ message }) => JSON.parse(message).payload.Content);
}

test('messages and deletions are logged in the bucket and in the log group', async () => {
  const ada = await enter((await clientOf('ada')).token);
  const { id } = await send(ada, 'Good evening');
  await (await clientOf('grace', 'moderator')).call('delete-message', { messageId: id });
  const until = Date.now() + 30_000;
  while (!(await archived()).includes('aws:DELETE_MESSAGE') && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  expect(await archived()).toEqual(['Good evening', 'aws:DELETE_MESSAGE']);
  expect(await searchable()).toContain('Good evening');
});

test('profanity is denied, and words that contain it are not', async () => {
  const ada = await enter((await clientOf('ada')).token);
  await expectDenied(ada, 'What an a$$hole', 'a blocked word');
  await send(ada, 'Ask the assistant in Scunthorpe.');
});

test('a user who is muted cannot send messages with a token that is older than the mute', async () => {
  const mallory = await clientOf('mallory');
  const early = await mallory.token();
  await (await clientOf('grace', 'moderator')).mute('mallory', 5);
  const room = await enter(async () => early);
  await expectDenied(room, 'Hello?', 'A moderator has muted you');
});

test('destroy deletes the room', async () => {
  await run('destroy', '--force');
  const state = await (await fetch(`${local.console}state`)).json() as { rooms: unknown[] };
  expect(state.rooms).toEqual([]);
});
