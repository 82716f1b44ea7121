import { strict as assert } from 'node:assert';
import { type ChatMessage, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { GetRoomCommand, IvschatClient, ListRoomsCommand } from 'cdk-ivs-chat/client';
import { createChatApiClient } from 'cdk-ivs-chat/session';
import { enterRoom, next } from './enter-room';
import type { SignIn } from './sign-in';
import type { StepProgress, Terminal } from './terminal';

/** The outputs of the stack. */
export interface Outputs {
  readonly RoomArn: string;
  readonly ChatUrl: string;
  readonly UserPoolId: string;
}

interface RoundTripOptions {
  readonly terminal: Terminal;
  deploy(progress: StepProgress, ...context: string[]): Promise<Outputs>;
  destroy(progress: StepProgress): Promise<void>;
  readonly deployed: Outputs;
  readonly local: {
    readonly messaging: string;
    readonly controlPlane: string;
    readonly environment: { readonly [name: string]: string };
  };
  readonly pageOrigin: string;
  signIn(user: SignIn): Promise<string>;
}

/**
 * Chats as three users, moderates, updates the stack and destroys it. Throws an error if a result is not as expected.
 */
export async function roundTrip(options: RoundTripOptions): Promise<void> {
  const { terminal, deploy, destroy, deployed, local, pageOrigin, signIn } = options;
  const { environment } = local;
  const ivsChat = new IvschatClient({
    region: environment.AWS_REGION!,
    endpoint: local.controlPlane,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
    },
  });
  const call = (idToken: string, operation: string, input?: object) =>
    createChatApiClient({ url: deployed.ChatUrl, idToken: () => idToken }).call(operation, input);
  const enter = (idToken: string) => enterRoom(local.messaging, () => call(idToken, 'create-chat-token'));

  const [ada, grace, edsger] = await Promise.all([
    signIn({ userId: 'ada', name: 'Ada', role: 'viewer' }),
    signIn({ userId: 'grace', name: 'Grace', role: 'moderator' }),
    signIn({ userId: 'edsger', name: 'Edsger', role: 'viewer' }),
  ] as const);

  await terminal.step('Refuse a request without a sign-in, and pages of other origins', async () => {
    await assert.rejects(call('no token', 'create-chat-token'), { status: 401 });
    const preflight = (origin: string) => fetch(`${deployed.ChatUrl}create-chat-token`, {
      method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' },
    });
    const allowed = async (origin: string) => (await preflight(origin)).headers.get('access-control-allow-origin');
    assert.equal(await allowed(pageOrigin), pageOrigin);
    assert.equal(await allowed('https://example.com'), null);
  });

  await terminal.step('Exchange a message between two official messaging clients, and delete it', async () => {
    const [one, other] = await Promise.all([enter(ada), enter(grace)]);
    try {
      const heard = next<ChatMessage>(other, 'message');
      const sent = await one.sendMessage(new SendMessageRequest('Good evening, Grace.'));
      assert.equal((await heard).id, sent.id);
      assert.equal((await heard).content, 'Good evening, Grace.');
      assert.deepEqual((await heard).sender.attributes, { displayName: 'Ada', role: 'viewer' });
      await assert.rejects(one.sendMessage(new SendMessageRequest('See https://example.com')), { errorCode: 406 });

      const deleted = next<{ messageId: string }>(one, 'messageDelete');
      await call(grace, 'delete-message', { messageId: sent.id, reason: 'An example of a reason' });
      assert.equal((await deleted).messageId, sent.id);
      await assert.rejects(call(ada, 'delete-message', { messageId: sent.id }), { status: 403 });
    } finally {
      one.disconnect();
      other.disconnect();
    }
  });

  await terminal.step('Report a user to the moderators, and resolve the report', async () => {
    await call(edsger, 'report-user', { userId: 'ada', category: 'HARASSMENT' });
    await assert.rejects(call(edsger, 'list-reports'), { status: 403 });
    const { reports: [report] } = await call(grace, 'list-reports');
    assert.equal(report.userId, 'ada');
    await call(grace, 'resolve-report', {
      reportId: report.reportId, decision: 'NO_ACTION', facts: 'Ada was polite.', ground: 'The terms of the chat',
    });
    assert.deepEqual((await call(grace, 'list-reports')).reports, []);
  });

  await terminal.step('Mute a user, and ban another', async () => {
    const [one, other] = await Promise.all([enter(ada), enter(edsger)]);
    const left = [next(one, 'disconnect'), next(other, 'disconnect')];
    await call(grace, 'mute-user', { userId: 'ada', durationInMinutes: 5 });
    await call(grace, 'ban-user', { userId: 'edsger', durationInMinutes: 5, reason: 'An example of a reason' });
    await Promise.all(left);
    const { capabilities } = await call(ada, 'create-chat-token');
    assert.deepEqual(capabilities, []);
    await assert.rejects(call(edsger, 'create-chat-token'), { status: 403 });
    one.disconnect();
    other.disconnect();
  });

  await terminal.step('cdk deploy with another message length', async (progress) => {
    const updated = await deploy(progress, 'maximumMessageLength=280');
    assert.equal(updated.RoomArn, deployed.RoomArn, 'the update must keep the room');
    const room = await ivsChat.send(new GetRoomCommand({ identifier: deployed.RoomArn }));
    assert.equal(room.maximumMessageLength, 280);
  });

  await terminal.step('cdk destroy', destroy);

  await terminal.step('Check that no room is left', async () => {
    const { rooms } = await ivsChat.send(new ListRoomsCommand({}));
    assert.deepEqual(rooms, []);
  });
  ivsChat.destroy();
}
