/**
 * The ways in which public applications call the official SDK, in our own words: the token routes of Lambda, Next.js,
 * Express and tRPC, helper classes, moderation jobs, clean-up scripts. drop-in.test.ts compiles and runs them with this
 * import, and again with our package in its place.
 */
import {
  ChatTokenCapability, CreateChatTokenCommand, CreateLoggingConfigurationCommand, CreateRoomCommand,
  DeleteMessageCommand, DeleteRoomCommand, DisconnectUserCommand, GetRoomCommand, Ivschat, IvschatClient,
  ListRoomsCommand, ListTagsForResourceCommand, ResourceNotFoundException, SendEventCommand, TagResourceCommand,
  UpdateRoomCommand, paginateListRooms, type CreateChatTokenCommandInput, type CreateChatTokenCommandOutput,
  type CreateRoomCommandOutput, type RoomSummary, type SendEventCommandInput, type SendEventRequest,
} from '@aws-sdk/client-ivschat';

const ROOM = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf012345';

/** An application that loads the package at its first call. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const load = async (): Promise<typeof import('@aws-sdk/client-ivschat')> => require('@aws-sdk/client-ivschat');

/** An application that repeats calls until they succeed. */
async function withBackoff<Result>(call: () => Promise<Result>, attempts = 3): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

/** The rooms of one application, as a class with static methods. */
class Rooms {
  private static client?: IvschatClient;

  private static of(): IvschatClient {
    return this.client ??= new IvschatClient({ region: process.env.AWS_REGION });
  }

  static open(streamId: string) {
    return Rooms.of().send(new CreateRoomCommand({ name: streamId }));
  }

  static close(arn: string) {
    return Rooms.of().send(new DeleteRoomCommand({ identifier: arn }));
  }

  static enter(roomIdentifier: string, userId: string, attributes: { [key: string]: any }) {
    const capabilities = [ChatTokenCapability.SEND_MESSAGE];
    return Rooms.of().send(new CreateChatTokenCommand({ roomIdentifier, userId, capabilities, attributes }));
  }
}

async function publish(params: SendEventCommandInput, log: string[]): Promise<void> {
  try {
    const data = await new IvschatClient().send(new SendEventCommand(params));
    log.push(`sent ${data.id}`);
  } catch (error) {
    log.push(`failed ${(error as Error).name}`);
  }
}

/** Each of them runs without arguments, and returns what the application would use. */
export const applications = {
  'a Lambda function of an HTTP API that reads its input from the body': async () => {
    const ivschat = new IvschatClient();
    const event = { body: JSON.stringify({ userId: 'ada', username: 'Ada' }) } as { body?: string };
    const { userId, username, capabilities } = JSON.parse(event.body || '{}');
    const params = {
      roomIdentifier: ROOM,
      userId,
      attributes: { username },
      capabilities: capabilities || ['SEND_MESSAGE', 'DELETE_MESSAGE'],
      sessionDurationInMinutes: 180,
    };
    const data = await ivschat.send(new CreateChatTokenCommand(params));
    return { statusCode: 200, body: JSON.stringify({ token: data.token, expires: data.tokenExpirationTime }) };
  },

  'a route of Next.js with the keys in its configuration and an unknown member': async () => {
    const client = new IvschatClient({
      region: 'us-east-1', credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    });
    const params: any = {
      'roomIdentifier': ROOM,
      'userId': 'ada',
      'capabilities': ['SEND_MESSAGE'],
      'duration:': 180,
      'attributes': { displayName: 'Ada' },
    };
    const result: any = await client.send(new CreateChatTokenCommand(params));
    return JSON.parse(JSON.stringify(result));
  },

  'a procedure of tRPC that loads the package at its first call': async () => {
    const { CreateChatTokenCommand: Command, IvschatClient: Client } = await load();
    const chat = new Client({
      region: 'us-west-2',
      credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID!, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY! },
    });
    const answer = await chat.send(new Command({
      roomIdentifier: ROOM,
      userId: 'guest-1',
      attributes: { username: 'Guest' },
      capabilities: ['SEND_MESSAGE'],
      sessionDurationInMinutes: 180,
    }));
    return { token: answer.token!, sessionExpirationTime: answer.sessionExpirationTime! };
  },

  'a route of Express that converts errors to statuses': async () => {
    const chat = new IvschatClient({ region: process.env.AWS_REGION || 'us-east-1', maxAttempts: 1 });
    try {
      await chat.send(new CreateChatTokenCommand({ roomIdentifier: ROOM, userId: 'denied' }));
      return 'no error';
    } catch (error: any) {
      if (error.name === 'ResourceNotFoundException') return { status: 404, message: 'no such room' };
      return { status: error.$metadata?.httpStatusCode ?? 500, message: error.message, code: error.name };
    }
  },

  'a service that requires the times of a token': async () => {
    const chat = new IvschatClient({});
    const response: CreateChatTokenCommandOutput = await chat.send(new CreateChatTokenCommand({
      roomIdentifier: ROOM,
      userId: 'ada',
      capabilities: ['SEND_MESSAGE', 'DELETE_MESSAGE'],
      sessionDurationInMinutes: 60,
      attributes: { displayName: 'Ada', role: 'viewer' },
    }));
    if (!response.token || !response.sessionExpirationTime || !response.tokenExpirationTime) throw new Error('invalid');
    return [response.token, response.sessionExpirationTime.toISOString(), response.tokenExpirationTime.toISOString()];
  },

  'optional attributes with a conditional spread': async () => {
    const viewerAttributes = undefined as Record<string, string> | undefined;
    const input: CreateChatTokenCommandInput = {
      capabilities: [ChatTokenCapability.SEND_MESSAGE, ChatTokenCapability.DISCONNECT_USER],
      userId: 'unknown-user',
      roomIdentifier: ROOM,
      ...viewerAttributes ? { attributes: viewerAttributes } : {},
    };
    return (await new IvschatClient({}).send(new CreateChatTokenCommand(input))).token;
  },

  'a helper class with static methods and one shared client': async () => {
    const room: CreateRoomCommandOutput = await Rooms.open('stream-1');
    const { token } = await Rooms.enter(room.arn!, 'ada', { displayName: 'Ada' });
    const { $metadata } = await Rooms.close(room.arn!);
    return [room.id, token, room.createTime?.getTime(), $metadata.httpStatusCode];
  },

  'a room with tags, created with the backoff of the application': async () => {
    const client = new IvschatClient({ maxAttempts: 1 });
    const tags = { stage: 'dev', createdAt: '2026-01-01T00:00:00.000Z' };
    const { arn, tags: given } = await withBackoff(() => client.send(new CreateRoomCommand({ name: 'flaky', tags })));
    return { arn, given };
  },

  'an event to the room of each language, with errors in the log': async () => {
    const log: string[] = [];
    for (const language of ['de', 'fr', 'en']) {
      await publish({
        roomIdentifier: language === 'fr' ? 'arn:aws:ivschat:us-west-2:123456789012:room/missing00000' : ROOM,
        eventName: 'app:caption',
        attributes: { language, text: 'Hallo – 你好 😀' },
      }, log);
    }
    return log;
  },

  'a handler with a client of its own that forwards the attributes of its caller': async () => {
    const body = { arn: ROOM, eventName: 'app:poll', eventAttributes: { question: '?', answers: '2' } };
    const params: SendEventRequest = {
      roomIdentifier: `${body.arn}`, eventName: body.eventName, attributes: { ...body.eventAttributes },
    };
    const data = await new IvschatClient().send(new SendEventCommand(params));
    return JSON.stringify({ ...data, $metadata: undefined });
  },

  'numbers as text in the attributes of an event': async () => {
    const client = new IvschatClient({});
    const viewers = parseInt('42', 10);
    const attributes = { viewerCount: String(viewers), at: new Date(0).toISOString() };
    return (await client.send(new SendEventCommand({
      roomIdentifier: ROOM, eventName: 'presence:update', attributes,
    }))).id;
  },

  'a moderator who deletes a message and disconnects its sender at the same time': async () => {
    const chat = new IvschatClient({});
    const results = await Promise.allSettled([
      chat.send(new DeleteMessageCommand({ roomIdentifier: ROOM, id: 'AbCdEf012345', reason: 'spam' })),
      chat.send(new DisconnectUserCommand({ roomIdentifier: ROOM, userId: 'mallory', reason: 'spam' })),
    ]);
    return results.map(({ status }) => status);
  },

  'a ban that announces itself and ignores users who have left': async () => {
    const chat = new IvschatClient({});
    const attributes = { userId: 'somebody' };
    await chat.send(new SendEventCommand({ roomIdentifier: ROOM, eventName: 'user_kicked', attributes }));
    try {
      await chat.send(new DisconnectUserCommand({ roomIdentifier: ROOM, userId: 'gone', reason: undefined }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      return error.resourceType;
    }
    return 'disconnected';
  },

  'a search of all rooms, page by page, for rooms with a tag': async () => {
    const client = new IvschatClient({});
    const found: RoomSummary[] = [];
    let nextToken: string | undefined;
    do {
      const page: { rooms?: RoomSummary[]; nextToken?: string } = await client.send(new ListRoomsCommand({
        maxResults: 50, nextToken,
      }));
      found.push(...(page.rooms ?? []).filter(({ tags }) => tags?.demo === 'yes'));
      nextToken = page.nextToken;
    } while (nextToken);
    return found.map(({ arn, name, updateTime }) => ({ arn, name, updateTime }));
  },

  'a script that removes all rooms with a paginator': async () => {
    const client = new IvschatClient({ region: 'us-west-2' });
    const removed: string[] = [];
    for await (const { rooms = [] } of paginateListRooms({ client, pageSize: 10 }, {})) {
      for (const { arn } of rooms) {
        await client.send(new DeleteRoomCommand({ identifier: arn })).catch(({ name }) => removed.push(name));
        removed.push(arn!);
      }
    }
    client.destroy();
    return removed;
  },

  'the methods of the aggregated client in a component of React Native': async () => {
    const ivsChat = new Ivschat({ region: 'us-west-2' });
    const room = await ivsChat.getRoom({ identifier: ROOM });
    const { token } = await ivsChat.createChatToken({ roomIdentifier: ROOM, userId: 'ada', capabilities: [] });
    return [room.name, room.maximumMessageLength, token];
  },

  'promises with then and catch': () => new IvschatClient({})
    .send(new GetRoomCommand({ identifier: ROOM }))
    .then(({ messageReviewHandler }) => messageReviewHandler?.fallbackResult, ({ name }) => name),

  'a callback, as in version 2 of the SDK': () => new Promise((resolve, reject) => {
    new IvschatClient({}).send(new GetRoomCommand({ identifier: ROOM }), (error: any, data?: { name?: string }) => {
      if (error) reject(error);
      else resolve(data?.name);
    });
  }),

  'a set-up that adds logs, a review handler and tags to a room': async () => {
    const client = new IvschatClient({});
    const { arn } = await client.send(new CreateLoggingConfigurationCommand({
      name: 'logs', destinationConfiguration: { cloudWatchLogs: { logGroupName: '/aws/ivs/chat' } },
    }));
    await client.send(new UpdateRoomCommand({
      identifier: ROOM,
      loggingConfigurationIdentifiers: [arn!],
      maximumMessageRatePerSecond: 20,
      messageReviewHandler: { uri: 'arn:aws:lambda:us-west-2:123456789012:function:review', fallbackResult: 'ALLOW' },
    }));
    await client.send(new TagResourceCommand({ resourceArn: ROOM, tags: { team: 'chat' } }));
    return (await client.send(new ListTagsForResourceCommand({ resourceArn: ROOM }))).tags;
  },
} satisfies Record<string, () => Promise<unknown>>;
