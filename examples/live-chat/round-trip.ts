import { strict as assert } from 'node:assert';
import { type ChatMessage, DeleteMessageRequest, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { GetRoomCommand, IvschatClient, ListRoomsCommand } from 'cdk-ivs-chat/client';
import { enterRoom, next } from './enter-room';

interface Outputs {
  readonly RoomArn: string;
  readonly TokenUrl: string;
}

interface RoundTripOptions {
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  deploy(...context: string[]): Promise<Outputs>;
  destroy(): Promise<void>;
  readonly deployed: Outputs;
  readonly local: {
    readonly messaging: string;
    readonly controlPlane: string;
    readonly environment: { readonly [name: string]: string };
  };
  readonly pageOrigin: string;
  readonly moderatorKey: string;
}

/** Chats as two users, updates the stack and destroys it. Throws an error if a result is not as expected. */
export async function roundTrip(options: RoundTripOptions): Promise<void> {
  const { step, deploy, destroy, deployed, local, pageOrigin, moderatorKey } = options;
  const { environment } = local;
  const ivsChat = new IvschatClient({
    region: environment.AWS_REGION!,
    endpoint: local.controlPlane,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
    },
  });

  const token = async (name: string, key?: string) => {
    const response = await fetch(deployed.TokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'origin': pageOrigin },
      body: JSON.stringify({ name, visitorKey: `the visitor ${name} of the round trip`, moderatorKey: key }),
    });
    const text = await response.text();
    assert.equal(response.status, 200, `the token function answered ${response.status}: ${text}`);
    assert.equal(response.headers.get('access-control-allow-origin'), pageOrigin);
    return JSON.parse(text);
  };

  await step('Create a chat token with the deployed function', async () => {
    const answer = await token('Ada');
    assert.ok(answer.token && Date.parse(answer.sessionExpirationTime) > Date.now());
  });

  await step('Exchange a message between two official messaging clients, and delete it as a moderator', async () => {
    const [ada, grace] = await Promise.all([
      enterRoom(local.messaging, () => token('Ada')),
      enterRoom(local.messaging, () => token('Grace', moderatorKey)),
    ]);
    try {
      const heard = next<ChatMessage>(grace, 'message');
      const sent = await ada.sendMessage(new SendMessageRequest('Good evening, Grace.'));
      assert.equal((await heard).id, sent.id);
      assert.equal((await heard).content, 'Good evening, Grace.');
      assert.equal((await heard).sender.attributes?.name, 'Ada');

      const deleted = next<{ messageId: string }>(ada, 'messageDelete');
      await grace.deleteMessage(new DeleteMessageRequest(sent.id, 'An example of a reason'));
      assert.equal((await deleted).messageId, sent.id);
      await assert.rejects(ada.deleteMessage(new DeleteMessageRequest(sent.id)), { errorCode: 403 });
    } finally {
      ada.disconnect();
      grace.disconnect();
    }
  });

  await step('cdk deploy with another message length', async () => {
    const updated = await deploy('maximumMessageLength=280');
    assert.equal(updated.RoomArn, deployed.RoomArn, 'the update must keep the room');
    const room = await ivsChat.send(new GetRoomCommand({ identifier: deployed.RoomArn }));
    assert.equal(room.maximumMessageLength, 280);
  });

  await step('cdk destroy', destroy);

  await step('Check that no room is left', async () => {
    const { rooms } = await ivsChat.send(new ListRoomsCommand({}));
    assert.deepEqual(rooms, []);
  });
  ivsChat.destroy();
}
