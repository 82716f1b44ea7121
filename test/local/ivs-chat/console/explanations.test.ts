import * as sdk from '@aws-sdk/client-ivschat';
import type { ShownRequest } from '../../../../local/ivs-chat/console/console-update';
import { explainClose, explainRequest, hasFailed } from '../../../../local/ivs-chat/console/page/explanations';
import { nameKey } from '../../../../local/ivs-chat/console/page/live-console';
import { hrefTo, parseRoute } from '../../../../local/ivs-chat/console/page/route';
import type { LocalIvsChatOptions } from '../../../../local/ivs-chat/local-ivs-chat';
import { failure, Fixture, ObservedClock } from '../fixture';

let fixture: Fixture;
let clock: ObservedClock;

const start = async (options: LocalIvsChatOptions = {}) => {
  clock = new ObservedClock();
  fixture = await Fixture.start({ clock, ...options });
};

/** Returns the explanations of the failed requests, oldest first. */
const explanations = async () => (await fixture.firstUpdate()).requests.filter(hasFailed).map(explainRequest);

describe('of a running service', () => {
  afterEach(() => fixture.end());

  test('each reason why a handshake is refused has its own explanation', async () => {
    await start();
    const room = await fixture.createRoom();
    const token = await fixture.token(room, 'ada');
    await fixture.open(token);
    await fixture.open(token);
    await fixture.open('unknown');
    await fixture.open();
    await fixture.open(await fixture.token(room, 'ada'), { origin: 'https://attacker.example' });
    fixture.chat.faults.add({ kind: 'throttle', operation: 'CONNECT', times: 1 });
    await fixture.open(await fixture.token(room, 'ada'));
    const late = await fixture.token(room, 'ada');
    clock.advance(60_000);
    await fixture.open(late);
    const orphan = await fixture.token(room, 'ada');
    await fixture.client.send(new sdk.DeleteRoomCommand({ identifier: room }));
    await fixture.open(orphan);
    expect(await explanations()).toEqual([
      {
        what: 'The chat token has already opened a connection. Each token opens one.',
        next: 'Return a new token from the token provider at each call.',
        page: 'tokens',
      },
      {
        what: 'This service did not create the chat token.',
        next: 'Create the token with this service, after its last start. Each Region has its own endpoint on AWS.',
        page: 'tokens',
      },
      { what: 'The connection has no chat token.', next: 'Send the token as the WebSocket subprotocol.' },
      {
        what: 'The origin "https://attacker.example" of this request is not allowed. To allow it, set the option '
          + 'allowedOrigins (--allowed-origin).',
      },
      {
        what: 'The injected fault “throttle” caused this. The request had no effect.',
        next: 'Remove the fault to go on.',
        page: 'faults',
      },
      {
        what: 'The chat token is older than 60 seconds.',
        next: 'Create the token immediately before the connection.',
        page: 'tokens',
      },
      { what: 'The room of the chat token was deleted.', page: 'rooms' },
    ]);
  });

  test('each reason why a frame is refused has its own explanation', async () => {
    await start();
    const room = await fixture.createRoom({ maximumMessageRatePerSecond: 1, maximumMessageLength: 5 });
    const ada = await fixture.connect(room, 'ada', ['SEND_MESSAGE']);
    await ada.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAAA' });
    await ada.ask({ Action: 'SEND_MESSAGE', Content: '123456' });
    await ada.ask({ Action: 'SEND_MESSAGE', Content: 'x' });
    fixture.chat.faults.add({ kind: 'expiredToken', operation: 'SEND_MESSAGE', times: 1 });
    await ada.ask({ Action: 'SEND_MESSAGE', Content: 'x' });
    expect(await explanations()).toEqual([
      {
        what: 'The chat token of this user does not have the capability DELETE_MESSAGE.',
        next: 'Add DELETE_MESSAGE to the capabilities in CreateChatToken.',
        page: 'tokens',
      },
      { what: 'Messages must be at most 5 characters, not 6.' },
      {
        what: 'More than 1 messages per second in this room. The client received ERROR 429.',
        next: 'Send fewer messages, or raise maximumMessageRatePerSecond of the room (at most 100).',
      },
      {
        what: 'The injected fault “expiredToken” caused this. The request had no effect.',
        next: 'Remove the fault to go on.',
        page: 'faults',
      },
    ]);
  });

  test.each<[sdk.FallbackResult, string]>([
    ['ALLOW', 'The fallback result ALLOW applied, so the message was delivered without a review.'],
    ['DENY', 'The fallback result DENY applied, so the message was rejected.'],
  ])('each failure of a review is explained with the fallback result %s', async (fallbackResult, effect) => {
    const answers: (() => unknown)[] = [
      () => new Promise(() => {}),
      () => ({ ReviewResult: 'MAYBE' }),
      () => { throw new Error('no such table'); },
      () => ({ ReviewResult: 'DENY', Attributes: { Reason: 'be nice' } }),
    ];
    await start({ invokeFunction: async () => answers.shift()!() });
    const uri = 'arn:aws:lambda:us-west-2:123456789012:function:review';
    const room = await fixture.createRoom({ messageReviewHandler: { uri, fallbackResult } });
    const ada = await fixture.connect(room, 'ada', ['SEND_MESSAGE']);
    const message = { Action: 'SEND_MESSAGE', Content: 'x' };
    ada.send(message);
    await clock.timer(200);
    clock.advance(200);
    await ada.next();
    await ada.ask(message);
    await ada.ask(message);
    fixture.chat.faults.add({ kind: 'reviewFailed', times: 1 });
    await ada.ask(message);
    await ada.ask(message);
    const rejected = {
      what: 'Message rejected by the message review handler. Only the sender was told.',
      next: 'The review function of the room decided. It may have printed a reason.',
      page: 'logs',
    };
    const told = fallbackResult === 'DENY' ? [rejected] : [];
    expect(await explanations()).toEqual([
      {
        what: `The message review handler did not answer within 200 ms. ${effect}`,
        next: 'Look at the output of the function. The first invocation starts a process, which takes longer.',
        page: 'logs',
      },
      ...told,
      {
        what: `The response of the message review handler is not valid. ${effect}`,
        next: 'The response needs ReviewResult (ALLOW or DENY). With ALLOW, it also needs Content.',
        page: 'logs',
      },
      ...told,
      { what: `The message review handler failed. ${effect}`, next: 'no such table', page: 'logs' },
      ...told,
      {
        what: `The injected fault “reviewFailed” caused this. ${effect}`,
        next: 'Remove the fault to go on.',
        page: 'faults',
      },
      ...told,
      { ...rejected, what: 'Message rejected by the message review handler: be nice. Only the sender was told.' },
    ]);
  });

  test('each error of the control plane and of a log delivery has its own explanation', async () => {
    await start({
      quotas: { requestRates: true },
      logDestinations: {
        putObject: () => { throw new Error('NoSuchBucket'); }, putLogEvents: () => {}, putRecordBatch: () => {},
      },
    });
    const { client } = fixture;
    const { identities } = fixture.chat;
    const send = (from: sdk.IvschatClient, identifier: string) =>
      failure(from.send(new sdk.GetRoomCommand({ identifier })));
    const missing = 'arn:aws:ivschat:us-west-2:123456789012:room/AAAAAAAAAAAA';
    await send(client, missing);
    const reader = identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', () => false);
    await send(fixture.clientOf({ ...reader }), missing);
    await send(fixture.clientOf({ ...identities.administrator, secretAccessKey: 'wrong' }), missing);
    await send(client, 'x');
    for (let count = 0; count < 4; count++) await send(client, missing);
    fixture.chat.faults.add({ kind: 'lostResponse', operation: 'CreateLoggingConfiguration', times: 1 });
    const destinationConfiguration = { s3: { bucketName: 'logs' } };
    await failure(client.send(new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration })));
    const [{ arn }] = (await fixture.chat.call('ListLoggingConfigurations')).loggingConfigurations;
    const roomIdentifier = await fixture.createRoom({ loggingConfigurationIdentifiers: [arn] });
    await client.send(new sdk.SendEventCommand({ roomIdentifier, eventName: 'e' }));
    await fixture.chat.flushLogs();

    const notFound = {
      what: `Resource: ${missing} not found.`,
      next: 'Check the identifier and the Region. A restart without a state file removes all rooms.',
      page: 'rooms',
    };
    expect(await explanations()).toEqual([
      notFound,
      {
        what: `User: ${reader.arn} is not authorized to perform: ivschat:GetRoom on resource: ${missing} because no `
          + 'identity-based policy allows the ivschat:GetRoom action.',
        next: 'Grant the action to the role, for example with room.grants.',
      },
      {
        what: expect.stringMatching(/^The request signature we calculated does not match .*\.$/),
        next: 'Use the credentials that the service printed at its start, or start it with --any-credentials.',
      },
      { what: expect.stringMatching(/^Request member: identifier failed to satisfy the constraints: must .*\.$/) },
      notFound,
      notFound,
      {
        what: 'The account sent more GetRoom requests per second than its quota allows.',
        next: 'Retry with a delay. The AWS SDKs do it by themselves.',
      },
      {
        what: 'The account sent more GetRoom requests per second than its quota allows.',
        next: 'Retry with a delay. The AWS SDKs do it by themselves.',
      },
      {
        what: 'The injected fault “lostResponse” caused this. The request took effect, but the client did not '
          + 'receive the response.',
        next: 'Remove the fault to go on.',
        page: 'faults',
      },
      { what: 'The chat logs were not delivered: NoSuchBucket.', page: 'logs' },
    ]);
  });

  test('each end of a connection has its own explanation', async () => {
    await start();
    const room = await fixture.createRoom();
    const names = new Map([[nameKey(room, 'mod'), 'Ada']]);
    const closings = async () => (await fixture.firstUpdate()).frames.filter(({ type }) => type === 'CLOSE');
    const moderator = await fixture.connect(room, 'mod', ['DISCONNECT_USER', 'SEND_MESSAGE']);
    const ended: string[] = [];
    const end = async (close: (socket: Awaited<ReturnType<Fixture['connect']>>) => unknown) => {
      const connection = await fixture.connect(room, 'bob', [], { sessionDurationInMinutes: 1 });
      const before = (await closings()).length;
      await close(connection);
      while ((await closings()).length === before) await new Promise(setImmediate);
      ended.push(explainClose((await closings()).at(-1)!, names));
    };

    await end(({ socket }) => socket.close(4001));
    await end(({ socket }) => socket.terminate());
    await end(({ socket }) => socket.send('x'.repeat(40_000)));
    await end(() => moderator.send({ Action: 'DISCONNECT_USER', UserId: 'bob' }));
    await end(() => fixture.client.send(
      new sdk.DisconnectUserCommand({ roomIdentifier: room, userId: 'bob', reason: 'disconnected twice' })));
    await end(() => clock.advance(60_000));
    fixture.chat.faults.add({ kind: 'lostRequest', operation: 'SEND_MESSAGE', times: 1 });
    await end(({ socket }) => socket.send('{"Action":"SEND_MESSAGE","Content":"x"}'));
    await end(() => fixture.chat.dropConnections());
    await end(() => fixture.client.send(new sdk.DeleteRoomCommand({ identifier: room })));
    expect(ended).toEqual([
      'The client closed the connection with the code 4001.',
      'The connection was lost without a close frame.',
      'An invalid frame: Max payload size exceeded.',
      'Disconnected by Ada.',
      'Disconnected by the operation DisconnectUser, reason: disconnected twice.',
      'The session ended.',
      'An injected fault.',
      'Dropped by the console or a test.',
      'The room was deleted.',
    ]);
    const [frame] = await closings();
    const content = { Reason: 'disconnected', ClosedBy: 'a$$ap' };
    expect(explainClose({ ...frame!, content }, names)).toBe('Disconnected by a$$ap.');
  });
});

const keys = 'Use the credentials that the service printed at its start, or start it with --any-credentials.';
test.each<[Partial<ShownRequest>, object]>([
  ...['InvalidSignature', 'UnrecognizedClient', 'MissingAuthenticationToken', 'IncompleteSignature',
    'SignatureDoesNotMatch'].map((name): [Partial<ShownRequest>, object] => [
    { operation: 'GetRoom', status: 403, error: `${name}Exception`, message: 'no' }, { what: 'No.', next: keys },
  ]),
  [
    { operation: 'CONNECT', status: 429, error: 'The account has reached its quota of 1 connections' },
    {
      what: 'The account has reached its quota of 1 connections.',
      next: 'Close connections, or raise the quota concurrentConnections.',
    },
  ],
  [
    { operation: 'OPTIONS', status: 403, error: 'The host "a.test" of this request is not allowed' },
    { what: 'The host "a.test" of this request is not allowed.' },
  ],
  [
    { operation: 'SEND_MESSAGE', status: 401 },
    { what: 'The session of the user has ended.', next: 'Connect again with a new token.' },
  ],
  [{ operation: 'GetRoom', status: 0 }, { what: 'The connection closed before there was a response.' }],
  [{ operation: 'GetRoom', status: 500 }, { what: 'The status is 500.' }],
  [{ operation: 'GetRoom', status: 418, error: 'teapot', message: 'i am a teapot. ' }, { what: 'I am a teapot.' }],
  [
    { operation: 'MessageReview', status: 0, error: 'ReviewFailed' },
    {
      what: 'The message review handler failed. The fallback result DENY applied, so the message was rejected.',
      next: 'Look at the output of the function.',
      page: 'logs',
    },
  ],
])('%j is explained', (request, explanation) => {
  expect(explainRequest(request as ShownRequest)).toEqual(explanation);
});

test.each([
  [200, undefined, false],
  [399, undefined, false],
  [400, undefined, true],
  [0, undefined, true],
  [200, 'an error', true],
])('a request with the status %d and the error %s has failed: %s', (status, error, failed) => {
  expect(hasFailed({ status, error } as ShownRequest)).toBe(failed);
});

const routes = ['#/people/room1/user%2F1%3F?q=a%26b', '#/requests/7', '#/frames?show=failed'];
test.each(routes)('the route %s survives', (hash) => {
  const { page, path, query } = parseRoute(hash);
  expect(hrefTo(page, path, query)).toBe(hash);
});

test.each(['', '#', '#/nothing', '#/constructor', '#/%E0%A4%A'])('the hash "%s" is the overview', (hash) => {
  expect(parseRoute(hash).page).toBe('overview');
});
