import { strict as assert } from 'node:assert';
import { DeleteMessageRequest, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { GetRoomCommand, IvschatClient, ListRoomsCommand } from 'cdk-ivs-chat/client';
import { enterRoom, next } from './enter-room';

interface Trip {
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  deploy(...context: string[]): Promise<{ RoomArn: string; TokenUrl: string }>;
  destroy(): Promise<void>;
  readonly deployed: { RoomArn: string; TokenUrl: string };
  readonly local: { readonly messaging: string; readonly controlPlane: string; readonly environment: { readonly [name: string]: string } };
  readonly pageOrigin: string;
  readonly moderatorKey: string;
}

/** What two people and a stack do in a life, without the people. Throws where something is not as it should be. */
export async function roundTrip({ step, deploy, destroy, deployed, local, pageOrigin, moderatorKey }: Trip): Promise<void> {
  const { environment } = local;
  const ivsChat = new IvschatClient({
    region: environment.AWS_REGION!,
    endpoint: local.controlPlane,
    credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID!, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY! },
  });

  const token = async (name: string, key?: string) => {
    const response = await fetch(deployed.TokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'origin': pageOrigin },
      body: JSON.stringify({ name, visitorKey: `the visitor ${name} of the round trip`, moderatorKey: key }),
    });
    assert.equal(response.status, 200, `the token function answered ${response.status}: ${await response.clone().text()}`);
    assert.equal(response.headers.get('access-control-allow-origin'), pageOrigin);
    return response.json();
  };

  await step('A chat token through the deployed function', async () => {
    const answer = await token('Ada');
    assert.ok(answer.token && Date.parse(answer.sessionExpirationTime) > Date.now());
  });

  await step('Two official messaging clients talk, and a moderator deletes a message', async () => {
    const [ada, grace] = await Promise.all([
      enterRoom(local.messaging, () => token('Ada')),
      enterRoom(local.messaging, () => token('Grace', moderatorKey)),
    ]);
    try {
      const heard = next<{ id: string; content: string; sender: { attributes?: Record<string, string> } }>(grace, 'message');
      const sent = await ada.sendMessage(new SendMessageRequest('Good evening, Grace.'));
      assert.equal((await heard).id, sent.id);
      assert.equal((await heard).content, 'Good evening, Grace.');
      assert.equal((await heard).sender.attributes?.name, 'Ada');

      const deleted = next<{ messageId: string }>(ada, 'messageDelete');
      await grace.deleteMessage(new DeleteMessageRequest(sent.id, 'Just to show it'));
      assert.equal((await deleted).messageId, sent.id);
      await assert.rejects(ada.deleteMessage(new DeleteMessageRequest(sent.id)), { errorCode: 403 });
    } finally {
      ada.disconnect();
      grace.disconnect();
    }
  });

  await step('cdk deploy again, with another message length', async () => {
    const updated = await deploy('maximumMessageLength=280');
    assert.equal(updated.RoomArn, deployed.RoomArn, 'an update must keep the room');
    const room = await ivsChat.send(new GetRoomCommand({ identifier: deployed.RoomArn }));
    assert.equal(room.maximumMessageLength, 280);
  });

  await step('cdk destroy', destroy);

  await step('No room is left', async () => {
    const { rooms } = await ivsChat.send(new ListRoomsCommand({}));
    assert.deepEqual(rooms, []);
  });
  ivsChat.destroy();
}
