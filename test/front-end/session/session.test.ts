/** Sessions against the local service, over real connections. */
import * as sdk from '@aws-sdk/client-ivschat';
import { ChatRefused, type ChatError, type ChatMessage } from '../../../front-end/session';
import { VirtualClock } from '../../../local/clock';
import type { Fault } from '../../../local/ivs-chat/faults';
import { Fixture } from '../../local/ivs-chat/fixture';
import { EVERYTHING, Participant } from './participant';

let clock: VirtualClock;
let fixture: Fixture;
let roomArn: string;
let participants: Participant[];

beforeEach(async () => {
  clock = new VirtualClock();
  participants = [];
  fixture = await Fixture.start({ clock });
  roomArn = await fixture.createRoom({ maximumMessageRatePerSecond: 100 });
});
afterEach(async () => {
  for (const { session } of participants) session.leave();
  clock.advance(0); // The connections close in the next turn.
  await new Promise(setImmediate);
  await fixture.end();
});

/** A participant without a back-off, so that a test does not wait. */
function participant(userId: string, options: ConstructorParameters<typeof Participant>[3] = {}): Participant {
  const one = new Participant(fixture, roomArn, userId, { random: () => 0, ...options });
  participants.push(one);
  return one;
}
const inject = (fault: Fault) => fixture.chat.faults.add(fault);
const sendEvent = (eventName: string) =>
  fixture.client.send(new sdk.SendEventCommand({ roomIdentifier: roomArn, eventName }));
const connectionCount = async () => (await fixture.state()).rooms[0]!.connections;

test('sends a message to itself and to others', async () => {
  const alice = await participant('alice').joined();
  const bob = await participant('bob', { capabilities: [] }).joined();
  const content = ' Hi 👋\n';
  const sent = await alice.session.send(content, { attributes: { a: 'b' } });
  expect(sent).toMatchObject({
    content, attributes: { a: 'b' }, sender: { userId: 'alice' }, status: 'sent', isOwn: true,
  });
  expect(await bob.heard('message')).toMatchObject({ id: sent.id, content, isOwn: false });
  expect(alice.session.messages).toEqual([sent]);
  expect(alice.statuses()).toEqual(['connecting', 'connected']);
  expect(alice.tokens).toBe(1);
});

test('a message that is sent before the connection opens waits for it, and is shown at once', async () => {
  const alice = participant('alice');
  alice.session.join();
  const before = new Date();
  const sending = [alice.session.send('first'), alice.session.send('second')];
  expect(alice.session.messages).toMatchObject([
    { content: 'first', status: 'sending' }, { content: 'second', status: 'sending' },
  ]);
  const { sendTime } = alice.session.messages[0] as ChatMessage;
  expect([before <= sendTime, sendTime <= new Date()]).toEqual([true, true]);
  const keys = alice.session.messages.map(({ key }) => key);
  const sent = await Promise.all(sending);
  expect(alice.session.messages).toEqual(sent);
  expect(sent.map(({ key }) => key)).toEqual(keys);
  expect(keys).toEqual(['-1', '-2']); // The random number of a participant is 0.
});

test('a moderator deletes a message', async () => {
  const moderator = await participant('moderator').joined();
  const viewer = await participant('viewer', { keepDeletedMessages: true }).joined();
  const { id } = await moderator.session.send('rude');
  await viewer.heard('message');
  await moderator.session.remove(id, 'why');
  expect(await viewer.heard('remove')).toEqual({ id, reason: 'why' });
  expect(moderator.session.messages).toEqual([]);
  expect(viewer.session.messages).toMatchObject([{ id, isDeleted: true, deletionReason: 'why', content: '' }]);
});

test('a user whom a moderator disconnects gets the reason, and does not connect again', async () => {
  const moderator = await participant('moderator').joined();
  const troll = await participant('troll', {
    token: async () => ({ token: await fixture.token(roomArn, 'troll'), userId: 'troll' }),
  }).joined();
  await moderator.session.disconnect('troll', 'rude');
  await troll.reached('kicked');
  expect(troll.session.getSnapshot()).toMatchObject({ status: 'kicked', reason: 'rude' });
  expect(await moderator.heard('disconnect')).toEqual({ userId: 'troll', reason: 'rude' });
  await participant('other').joined(); // takes at least as long as another connection of the first user
  expect(troll.tokens).toBe(1);
  expect(moderator.session.status).toBe('connected');

  troll.session.retry();
  await troll.reached('connected');
});

test('a session learns its user ID from its first message', async () => {
  const moderator = await participant('moderator').joined();
  const troll = await participant('troll').joined();
  await troll.session.send('rude');
  expect(troll.session.getSnapshot().userId).toBe('troll');
  await moderator.session.disconnect('troll');
  await troll.reached('kicked');
});

test('connects again after a drop, with one token and a gap', async () => {
  const alice = await participant('alice').joined();
  await alice.session.send('before');
  fixture.chat.dropConnections();
  await alice.heard('status', 4);
  await alice.session.send('after');
  expect(alice.statuses()).toEqual(['connecting', 'connected', 'reconnecting', 'connected']);
  expect(alice.tokens).toBe(2);
  expect(alice.session.messages).toMatchObject([{ content: 'before' }, { type: 'gap' }, { content: 'after' }]);
});

test('connects again after a clean close, and the token function decides', async () => {
  let isDeleted = false;
  const viewer = await participant('viewer', {
    token: async () => {
      if (isDeleted) throw Object.assign(new Error('The room has been deleted'), { status: 410 });
      return fixture.token(roomArn, 'viewer');
    },
  }).joined();
  isDeleted = true;
  await fixture.client.send(new sdk.DeleteRoomCommand({ identifier: roomArn }));
  await viewer.reached('gone');
  expect(viewer.session.getSnapshot().reason).toBe('The room has been deleted');
  expect(viewer.tokens).toBe(2);
});

test('connects again after the end of its session, and sends the message again that it hit', async () => {
  const alice = await participant('alice').joined();
  const bob = await participant('bob').joined();
  inject({ kind: 'expiredToken', operation: 'SEND_MESSAGE', times: 1 });
  await alice.session.send('once');
  await alice.session.send('twice');
  await bob.heard('message', 2);
  expect(bob.session.messages).toMatchObject([{ content: 'once' }, { content: 'twice' }]);
  expect(alice.tokens).toBe(2);
});

test('opens its next connection before the end of its session, without a loss and without a duplicate', async () => {
  const alice = await participant('alice', {
    clock,
    token: async () => ({
      token: await fixture.token(roomArn, 'alice', EVERYTHING, { sessionDurationInMinutes: 3 }),
      tokenExpirationTime: new Date(clock.now() + 60_000), // is not used
      sessionExpirationTime: new Date(clock.now() + 3 * 60_000).toISOString(),
    }),
  }).joined();
  for (let round = 0; round < 10; round++) await sendEvent(`early-${round}`);
  clock.advance(60_000);
  expect(alice.tokens).toBe(1);
  clock.advance(61_000);
  expect(alice.tokens).toBe(2);
  let events = 10;
  while (await connectionCount() < 2) await sendEvent(`event-${events++}`);
  for (let round = 0; round < 20; round++) await sendEvent(`event-${events++}`);
  await alice.heard('event', events);
  clock.advance(2_000); // ends the overlap
  while (await connectionCount() > 1);
  await sendEvent('last');
  await alice.heard('event', events + 1);
  const names = alice.told.filter(([name]) => name === 'event').map(([, { name }]) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(events + 1);
  expect(alice.statuses()).toEqual(['connecting', 'connected']);
  expect(alice.session.messages).toEqual([]);
});

test('25 messages at once stay within the rate of a connection, in their order', async () => {
  const alice = await participant('alice', { clock }).joined();
  const sending = [...Array(25)].map((_, index) => alice.session.send(`${index}`));
  await Promise.all(sending.slice(0, 10));
  clock.advance(1_100);
  await Promise.all(sending.slice(10, 20));
  clock.advance(1_100);
  await Promise.all(sending);
  expect(alice.session.messages.map((entry) => entry.type === 'message' && entry.content)).toEqual(
    [...Array(25)].map((_, index) => `${index}`));
});

describe('faults of a request', () => {
  test.each<[Fault['kind'], Partial<ChatError>, boolean]>([
    ['throttle', { code: 'rateLimited', retryable: true }, false],
    ['serverError', { code: 'serverError', retryable: true }, false],
    ['lostRequest', { code: 'unknownOutcome', retryable: false }, false],
    ['lostResponse', { code: 'unknownOutcome', retryable: false }, true],
  ])('%s', async (kind, error, isDelivered) => {
    const alice = await participant('alice').joined();
    const witness = await participant('witness').joined();
    inject({ kind, operation: 'SEND_MESSAGE', times: 1 });
    // The message can still arrive at its sender before the connection breaks.
    const result = await alice.session.send('text').catch((thrown: ChatError) => thrown);
    if (!isDelivered) {
      expect(result).toBeInstanceOf(Error);
      expect(result).toMatchObject({ name: 'ChatError', ...error });
      const [{ key }] = alice.session.messages as [ChatMessage];
      expect(alice.session.messages[0]).toMatchObject({ content: 'text', status: 'failed', error: result });
      expect(await alice.session.resend(key)).toMatchObject({ key, status: 'sent' });
    } else if (result instanceof Error) {
      expect(result).toMatchObject(error);
    }
    expect(await witness.heard('message')).toMatchObject({ content: 'text' });
  });

  test('the capability is missing', async () => {
    const viewer = await participant('viewer', { capabilities: [] }).joined();
    expect(viewer.session.can).toEqual({ send: true, remove: true, disconnect: true });
    await expect(viewer.session.send('x')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(viewer.session.remove('AAAAAAAAAAA1')).rejects.toMatchObject({ code: 'forbidden' });
    expect(viewer.session.can).toEqual({ send: false, remove: false, disconnect: true });
  });

  test('the message is longer than the room allows', async () => {
    roomArn = await fixture.createRoom({ maximumMessageLength: 3 });
    const alice = await participant('alice').joined();
    await expect(alice.session.send('four')).rejects.toMatchObject({ code: 'tooLong' });
  });

  test('the message review handler rejects the message', async () => {
    await fixture.end();
    const denied = { payload: '{"ReviewResult":"DENY","Content":"x"}' };
    fixture = await Fixture.start({ invokeFunction: async () => denied as any });
    roomArn = await fixture.createRoom({
      messageReviewHandler: { uri: 'arn:aws:lambda:us-west-2:123456789012:function:f', fallbackResult: 'DENY' },
    });
    const alice = await participant('alice').joined();
    await expect(alice.session.send('rude')).rejects.toMatchObject({ code: 'rejected' });
    expect(alice.session.messages).toMatchObject([{ status: 'failed', error: { code: 'rejected' } }]);
  });
});

describe('faults of the connection', () => {
  type State = 'connecting' | 'connected' | 'reconnecting';
  const faults: [string, (participant: Participant) => void][] = [
    ...(['lostRequest', 'serverError', 'throttle', 'expiredToken'] as const).map((kind): [string, () => void] =>
      [`CONNECT ${kind}`, () => void inject({ kind, operation: 'CONNECT', times: 2 })]),
    ['drop', () => fixture.chat.dropConnections()],
    ['the session ends', () => clock.advance(61 * 60_000)],
  ];
  const cases = (['connecting', 'connected', 'reconnecting'] satisfies State[]).flatMap((state) =>
    faults.map(([name, fault]): [string, State, (participant: Participant) => void] => [name, state, fault]));

  test.each(cases)('%s while %s: the session connects and sends', async (_, state, fault) => {
    const alice = participant('alice');
    alice.session.join();
    if (state === 'connecting') fault(alice);
    await alice.reached('connected');
    if (state === 'reconnecting') {
      fixture.chat.dropConnections();
      await alice.reached('reconnecting');
    }
    if (state !== 'connecting') fault(alice);
    if (state === 'connected') fixture.chat.dropConnections();
    await alice.reached('connected');
    let sent = await alice.session.send('text').catch((error: ChatError) => error);
    // The connection broke at the same time.
    if (sent instanceof Error) sent = await alice.session.send('text');
    expect(sent).toMatchObject({ content: 'text' });
    alice.session.leave();
    await alice.reached('closed');
    while (await connectionCount());
  });
});

describe('the token function', () => {
  test.each<[string, () => Promise<any>, string]>([
    ['throws ChatRefused', async () => { throw new ChatRefused('no'); }, 'no'],
    ['throws an error with the status 403', async () => {
      throw Object.assign(new Error('no'), { status: 403 });
    }, 'no'],
    ['throws an error with a response', async () => {
      throw Object.assign(new Error('no'), { response: { status: 404 } });
    }, 'no'],
    ['throws the error of another copy of the package', async () => {
      throw Object.assign(new Error('no'), { name: 'ChatRefused' });
    }, 'no'],
    ['returns a response with the status 401', async () => new Response('', { status: 401 }),
      'The token function answered with status 401'],
  ])('%s: the session is refused', async (_, token, reason) => {
    const one = participant('u', { token });
    one.session.join();
    await one.reached('refused');
    expect(one.tokens).toBe(1);
    expect(one.session.getSnapshot()).toMatchObject({ status: 'refused', reason, attempt: 0 });
    await expect(one.session.send('x')).rejects.toMatchObject({ code: 'notConnected' });
  });

  test.each<[string, () => any]>([
    ['throws an error', () => { throw new Error('outage'); }],
    ['throws an error with the status 429', () => { throw Object.assign(new Error('slow'), { status: 429 }); }],
    ['throws nothing', () => Promise.reject()],
    ['returns a response with the status 500', async () => new Response('', { status: 500 })],
    ['returns nothing', async () => undefined],
    ['returns no token', async () => ({ message: 'Internal server error' })],
    ['returns a token that no WebSocket accepts', async () => 'a b'],
  ])('%s: the session tries again', async (_, broken) => {
    const attempts: number[] = [];
    const one = participant('u', {
      token: async ({ attempt }) => {
        attempts.push(attempt);
        return attempt < 5 ? broken() : fixture.token(roomArn, 'u');
      },
    });
    await one.joined();
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
  });

  test('returns a response with a token', async () => {
    await participant('u', {
      token: async () => Response.json({ token: await fixture.token(roomArn, 'u') }),
    }).joined();
  });

  test('does not return: the session gives up after 10 seconds, and ignores a late token', async () => {
    const signals: AbortSignal[] = [];
    let late = (_: string) => {};
    const never = new Promise<string>((resolve) => {
      late = resolve;
    });
    const one = participant('u', {
      clock,
      token: ({ signal, attempt }) => {
        signals.push(signal);
        return attempt > 1 ? fixture.token(roomArn, 'u') : never;
      },
    });
    one.session.join();
    while (!signals.length) await new Promise(setImmediate);
    clock.advance(9_999);
    expect(signals[0]!.aborted).toBe(false);
    clock.advance(1);
    expect(signals[0]!.aborted).toBe(true);
    late(await fixture.token(roomArn, 'u'));
    await one.reached('connected');
    expect([one.tokens, await connectionCount()]).toEqual([2, 1]);
  });

  test.each([
    ['test', [['The chat tokens have different user IDs.']]], ['production', []],
  ])('returns two user IDs: a warning for developers, without the IDs: %s', async (environment, warnings) => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = environment;
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    let issued = 0;
    const one = await participant('u', {
      token: async () => ({ token: await fixture.token(roomArn, 'u'), userId: `secret-${++issued}` }),
    }).joined();
    fixture.chat.dropConnections();
    await one.heard('status', 4);
    process.env.NODE_ENV = before;
    expect(warn.mock.calls).toEqual(warnings);
    warn.mockRestore();
  });
});

test('join, leave and join in one turn open one connection with one token', async () => {
  const alice = participant('alice');
  alice.session.join();
  alice.session.leave();
  alice.session.join();
  await alice.reached('connected');
  expect([alice.tokens, await connectionCount()]).toEqual([1, 1]);

  alice.session.join();
  alice.session.leave();
  await alice.session.send('still here');
  alice.session.leave();
  await alice.reached('closed');
  while (await connectionCount());
  alice.session.join();
  await alice.reached('connected');
  expect(alice.tokens).toBe(2);
});

test('a listener that throws an error stops nothing, and a listener can use the session', async () => {
  const print = jest.spyOn(console, 'error').mockImplementation();
  const alice = participant('alice');
  alice.session.on('message', () => {
    throw new Error('a mistake');
  });
  const replies: string[] = [];
  const offBefore = alice.session.on('message', () => replies.push('never'));
  alice.session.on('message', ({ content }) => {
    if (content === 'question') void alice.session.send('answer');
    replies.push(content);
  });
  const off = alice.session.on('message', () => replies.push('never'));
  off();
  offBefore();
  const statuses: string[][] = [];
  alice.session.on('status', ({ status }) => statuses.push([status, alice.session.status]));
  await alice.joined();
  expect(statuses).toEqual([['connecting', 'connecting'], ['connected', 'connected']]);
  expect(await alice.session.send('question')).toMatchObject({ content: 'question' });
  await alice.heard('message', 2);
  expect(replies).toEqual(['question', 'answer']);
  expect(print.mock.calls).toEqual([[new Error('a mistake')], [new Error('a mistake')]]);
  print.mockRestore();
});

test('nothing is printed, and the debug log has no token and no content', async () => {
  const prints = (['log', 'info', 'debug', 'warn', 'error'] as const).map((name) => jest.spyOn(console, name));
  const lines: string[] = [];
  const tokens: string[] = [];
  const alice = participant('alice', {
    debug: (line) => lines.push(line),
    token: async () => {
      tokens.push(await fixture.token(roomArn, 'alice', EVERYTHING));
      return tokens.at(-1)!;
    },
  });
  await alice.joined();
  await alice.session.send('a secret', { attributes: { key: 'a hidden value' } });
  await expect(alice.session.send(' ')).rejects.toThrow();
  fixture.chat.dropConnections();
  await alice.heard('status', 4);
  expect(lines.slice(0, 4)).toEqual(['online: idle', 'join: connecting', 'token: connecting', 'opened: connected']);
  expect(lines.length).toBeGreaterThan(5);
  for (const hidden of ['a secret', 'a hidden value', ...tokens]) expect(lines.join('\n')).not.toContain(hidden);
  for (const print of prints) {
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
  }
});

test('the history fills the start and the gaps', async () => {
  const sendTime = '2026-01-01T00:00:00.123456789Z';
  const past = (id: string) => ({ id, content: id, sender: { userId: 'bob' }, sendTime });
  const ranges: any[] = [];
  const lines: string[] = [];
  const alice = await participant('alice', {
    debug: (line) => lines.push(line),
    history: async (range) => {
      ranges.push(range);
      if (ranges.length === 3) throw new Error('outage');
      return ranges.length === 1 ? [past('a'), past('b')] : [past('b'), past('c')];
    },
  }).joined();
  const contents = () =>
    alice.session.messages.map((entry) => (entry.type === 'message' ? entry.content : entry.type)).join();
  while (contents() !== 'a,b') await new Promise(setImmediate);
  await alice.session.send('live');
  fixture.chat.dropConnections();
  await alice.heard('status', 4);
  while (contents() !== 'a,b,live,c') await new Promise(setImmediate);
  fixture.chat.dropConnections();
  await alice.heard('status', 6);
  await alice.session.send('later');
  expect(contents()).toBe('a,b,live,c,gap,later');
  expect(lines.filter((line) => line.endsWith('failed'))).toEqual(['history: failed']);
  expect(ranges).toEqual([
    { from: undefined, to: expect.any(Date) },
    { from: expect.any(Date), to: expect.any(Date) },
    { from: expect.any(Date), to: expect.any(Date) },
  ]);
});

test('messages of blocked users are filtered', async () => {
  const [alice, bob] = [await participant('alice').joined(), await participant('bob').joined()];
  await bob.session.send('one');
  await alice.heard('message');
  alice.session.block('bob');
  expect(alice.session.messages).toEqual([]);
  await bob.session.send('two');
  await alice.session.send('own');
  expect(alice.session.messages).toMatchObject([{ content: 'own' }]);
  expect(alice.told.filter(([name]) => name === 'message').map(([, { content }]) => content)).toEqual(['one', 'own']);
  alice.session.unblock('bob');
  expect(alice.session.messages).toMatchObject([{ content: 'one' }, { content: 'two' }, { content: 'own' }]);
});

test.each(['https://example.com', 'us-west-2a', 'US-WEST-2', 'us-west', 'xws://example.com', 'ws:example.com', ''])(
  'the endpoint %j, which is no Region and no WebSocket URL, is an error', (endpoint) => {
    let error: unknown;
    try {
      participant('u', { endpoint });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: `endpoint must be a Region or a wss:// or ws:// URL, got ${endpoint}` });
  });
