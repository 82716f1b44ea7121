/** The core of a session: its table of states, and single rules. Times are virtual. */
import { createSessionCore, type SessionEvent, type SessionLimits } from '../../../front-end/session/session-core';
import { createChatSession } from '../../../front-end/session';
import { VirtualClock } from '../../../local/clock';
import { SESSION, SimulatedWorld, type SimulatedAction } from './simulation';

const START = 1_700_000_000_000;

/** A core with a connection, and its clock. */
function connected(limits: Partial<SessionLimits> = {}, token: object = { userId: 'me' }) {
  const core = createSessionCore({ hasHistory: false, ...limits }, () => 0.5);
  let now = START;
  const handle = (...event: SessionEvent) => core.handle(event, now);
  const frame = (value: object) => handle('frame', 1, value);
  handle('join');
  handle('token', 1, token);
  handle('opened', 1);
  return {
    core,
    handle,
    frame,
    message: (Id: string, UserId = 'other', RequestId = '') => frame({
      Type: 'MESSAGE',
      Id,
      RequestId,
      Content: `content ${Id}`,
      Attributes: null,
      SendTime: '2026-01-01T00:00:00Z',
      Sender: { UserId, Attributes: {} },
    }),
    advance: (milliseconds: number) => {
      now += milliseconds;
      return handle('time');
    },
    /** Opens the connection of a link with a token, and returns the effects. */
    open(link: number, details: object = {}) {
      handle('token', link, details);
      return handle('opened', link);
    },
  };
}

describe('the table of states', () => {
  const into: { readonly [status: string]: readonly SimulatedAction['name'][] } = {
    idle: [],
    connecting: ['join'],
    connected: ['join', 'wait'] as never,
    reconnecting: ['join', 'wait', 'drop'] as never,
    closed: ['join', 'wait', 'leave', 'wait'] as never,
    kicked: ['join', 'wait', 'kick', 'wait'] as never,
    refused: ['refuse', 'join', 'wait'] as never,
  };
  const rows: [string, string, string][] = [
    ['idle', 'drop', 'idle'], ['idle', 'kick', 'idle'], ['idle', 'retry', 'idle'], ['idle', 'leave', 'idle'],
    ['idle', 'join', 'connected'],
    ['connecting', 'wait', 'connected'], ['connecting', 'leave', 'closed'], ['connecting', 'kick', 'connected'],
    ['connecting', 'refuse', 'connected'], ['connecting', 'offline', 'connected'],
    ['connected', 'drop', 'connected'], ['connected', 'closeCleanly', 'connected'],
    ['connected', 'expireSession', 'connected'], ['connected', 'kick', 'kicked'], ['connected', 'leave', 'closed'],
    ['connected', 'offline', 'connected'], ['connected', 'retry', 'connected'], ['connected', 'silence', 'connected'],
    ['reconnecting', 'wait', 'connected'], ['reconnecting', 'leave', 'closed'], ['reconnecting', 'refuse', 'refused'],
    ['reconnecting', 'offline', 'reconnecting'], ['reconnecting', 'kick', 'connected'],
    ['closed', 'retry', 'closed'], ['closed', 'join', 'connected'], ['closed', 'online', 'closed'],
    ['kicked', 'join', 'kicked'], ['kicked', 'retry', 'connected'], ['kicked', 'leave', 'kicked'],
    ['refused', 'retry', 'refused'], ['refused', 'allowed', 'connected'], ['refused', 'leave', 'refused'],
  ];
  const run = (world: SimulatedWorld, name: string) => {
    if (name === 'wait') return world.advance(1_000);
    if (name === 'refuse') return world.act({ name: 'tokens', mode: 'refused' });
    if (name !== 'allowed') return world.act({ name } as SimulatedAction);
    world.act({ name: 'tokens', mode: 'issued' });
    return world.act({ name: 'retry' });
  };

  test.each(rows)('%s, then %s: %s', (status, event, result) => {
    const world = new SimulatedWorld(() => 0.5);
    for (const name of into[status]!) run(world, name);
    expect(world.status).toBe(status);
    run(world, event);
    world.advance(1_000);
    expect([world.status, world.problems]).toEqual([result, []]);
  });

  test('a request that was sent has an unknown outcome after the end, and one that was not sent has none', () => {
    const settled = (code: string) =>
      ['settle', 'key', expect.objectContaining({ code, reason: 'The session has ended' })];
    const open = connected();
    open.handle('send', 'key', 'text');
    open.handle('leave');
    expect(open.advance(1)).toContainEqual(settled('unknownOutcome'));

    const closed = connected();
    closed.handle('closed', 1);
    closed.handle('send', 'key', 'text');
    closed.handle('leave');
    expect(closed.advance(1)).toContainEqual(settled('notConnected'));

    const kicked = connected();
    kicked.handle('send', 'key', 'text');
    const Attributes = { UserId: 'me', Reason: 'rude' };
    const kick = { Type: 'EVENT', Id: 'e', RequestId: '', EventName: 'aws:DISCONNECT_USER', Attributes };
    expect(kicked.frame(kick)).toContainEqual(settled('unknownOutcome'));
  });

  test('an ERROR 404 means that the room has been deleted', () => {
    const { core, frame, handle } = connected();
    handle('send', 'key', 'text');
    const reason = 'The room does not exist';
    expect(frame({ Type: 'ERROR', Id: 'e', RequestId: 'key', ErrorCode: 404, ErrorMessage: reason })).toEqual([
      ['settle', 'key', expect.objectContaining({ code: 'notConnected', reason })],
      ['close', 1],
      ['emit', 'status', { status: 'gone', reason, attempt: 0 }],
    ]);
    expect(core.snapshot()).toMatchObject({ status: 'gone', reason: 'The room does not exist' });
  });
});

test('1,000 drops leave one connection, and none after the last leave', () => {
  const world = new SimulatedWorld(() => 0.5);
  world.act({ name: 'join' });
  for (let drop = 0; drop < 1_000; drop++) {
    world.advance(35_000);
    world.act({ name: 'drop' });
  }
  world.advance(35_000);
  expect([world.status, world.openConnections, world.tokens]).toEqual(['connected', 1, 1_001]);
  world.act({ name: 'leave' });
  world.advance(1);
  expect([world.openConnections, world.core.deadline()]).toEqual([0, Infinity]);
});

test('a session that is never interrupted takes one token for each session of the service', () => {
  const world = new SimulatedWorld(() => 0.5);
  world.act({ name: 'join' });
  world.advance(20 * SESSION);
  // The connections of the simulation last three minutes, and are replaced after a little less than two.
  expect(world.tokens).toBeLessThanOrEqual(35);
  expect(world.connectedTimes).toEqual([{ from: expect.any(Number), to: Infinity }]);
});

test('the back-off has full jitter from 0.5 to 30 seconds, and is reset after 10 seconds of connection', () => {
  const delays: number[] = [];
  const core = createSessionCore({ hasHistory: false }, () => 1);
  let now = START;
  core.handle(['join'], now);
  for (let link = 1; link < 10; link++) {
    core.handle(['noToken', link, 'outage'], now);
    delays.push(core.deadline() - now);
    now = core.deadline();
    core.handle(['time'], now);
  }
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  for (const [age, delay] of [[9_999, 30_000], [10_000, 500]] as const) {
    const lastLink = age === 9_999 ? 10 : 11;
    core.handle(['token', lastLink, {}], now);
    core.handle(['opened', lastLink], now);
    now += age;
    core.handle(['closed', lastLink], now);
    expect(core.deadline() - now).toBe(delay);
    now = core.deadline();
    core.handle(['time'], now);
  }
});

test('a connection of 10 seconds resets the back-off also if its last frame was a moment ago', () => {
  const { core, handle, advance, open } = connected();
  handle('closed', 1);
  handle('retry');
  open(2);
  advance(9_999);
  handle('frame', 2, { Type: 'EVENT', Id: 'e', RequestId: '', EventName: 'poll', SendTime: START });
  advance(1);
  handle('closed', 2);
  expect(core.snapshot()).toMatchObject({ attempt: 1, retryAt: new Date(START + 10_250) });
});

test.each([0, 60_000])('the next attempt comes at once when the network returns after %i ms', (milliseconds) => {
  const { core, handle, advance } = connected();
  handle('offline');
  handle('closed', 1);
  expect(core.snapshot()).toMatchObject({ status: 'reconnecting', attempt: 1, retryAt: undefined });
  expect(core.deadline()).toBe(Infinity);
  expect(advance(milliseconds)).toEqual([]);
  expect(handle('online')).toContainEqual(['token', 2, 2]);
});

test('the status has the time of the next attempt, and retry ends the wait', () => {
  const { core, handle } = connected();
  handle('closed', 1);
  expect(core.snapshot()).toMatchObject({ status: 'reconnecting', attempt: 1, retryAt: new Date(START + 250) });
  expect(handle('retry')).toContainEqual(['token', 2, 2]);
  expect(core.snapshot()).toMatchObject({ status: 'reconnecting', attempt: 1, retryAt: undefined });
});

test.each<[number | string, number]>([
  [0, Infinity], [START - 1, Infinity], [START + 30_000, Infinity], ['never', Infinity],
  [START + 30_001, 30_000], [START + 120_000, 54_000], [START + 1e15, 180 * 60_000 - 90_000],
])('with the end %s of the session, no connection is refreshed before its age', (sessionExpirationTime, age) => {
  // The clock of the device can be wrong.
  expect(connected({}, { sessionExpirationTime }).core.deadline() - START).toBe(age);
});

test('a session of 180 minutes is refreshed 60 to 120 seconds before its end', () => {
  const { core } = connected({}, { sessionExpirationTime: START + 180 * 60_000 });
  expect(core.deadline()).toBeGreaterThanOrEqual(START + 178 * 60_000);
  expect(core.deadline()).toBeLessThanOrEqual(START + 179 * 60_000);
});

describe('requests', () => {
  test('are checked before they are sent', () => {
    const { core, handle } = connected({ maximumMessageLength: 3 });
    const codes = [' ', '👋👋👋👋', '👋👋👋'].map((text) => {
      const [effect] = handle('send', `key ${text}`, text);
      return effect![0] === 'settle' ? effect![2]!.message : effect![0];
    });
    expect(codes).toEqual([
      'invalid: The message is blank', 'tooLong: The message has 4 characters, the maximum is 3', 'write',
    ]);
    expect(handle('send', 'longest', 'x', { a: 'é'.repeat(511), b: '' })[0]![0]).toBe('write');
    handle('discard', 'longest');
    const [effect] = handle('send', 'attributes', 'x', { a: 'é'.repeat(512) });
    const reason = 'The attributes have 1025 bytes, the maximum is 1024';
    expect(effect![2]).toMatchObject({ code: 'tooLong', reason });
    expect(core.snapshot()).toMatchObject({
      messages: [{ content: '👋👋👋' }, { key: 'longest' }], error: { code: 'tooLong' },
    });
  });

  test('a message has at most 500 characters, unless the application sets another maximum', () => {
    const { handle } = connected();
    expect(handle('send', 'a', 'x'.repeat(500))[0]![0]).toBe('write');
    const reason = 'The message has 501 characters, the maximum is 500';
    expect(handle('send', 'b', 'x'.repeat(501))).toEqual([
      ['settle', 'b', expect.objectContaining({ code: 'tooLong', reason })],
    ]);
  });

  test('a failed message is sent again with its attributes', () => {
    const { core, handle, advance } = connected();
    handle('send', 'key', 'text', { a: 'b' });
    advance(10_000);
    handle('closed', 1);
    handle('token', 2, {});
    handle('opened', 2);
    expect(handle('resend', 'key')).toEqual([
      ['write', 2, { Action: 'SEND_MESSAGE', RequestId: 'key', Content: 'text', Attributes: { a: 'b' } }],
    ]);
    expect(core.snapshot().messages).toMatchObject([
      { key: 'key', status: 'sending', attributes: { a: 'b' } }, { type: 'gap' },
    ]);
  });

  test('the sender of a message is empty until the session knows the user', () => {
    const { core, handle } = connected({}, {});
    handle('send', 'key', 'text');
    expect(core.snapshot().messages).toMatchObject([{ sender: { userId: '', attributes: {} }, isOwn: true }]);
  });

  test('the result of a request can arrive on the other connection', () => {
    const session = () => {
      const one = connected({}, { userId: 'me', sessionExpirationTime: START + 600_000 });
      one.advance(510_000);
      one.handle('send', 'key', 'text');
      one.open(2);
      return one;
    };
    const status = (attempt: number, retryAt?: Date) =>
      ['emit', 'status', { status: 'reconnecting', attempt, reason: undefined, retryAt }];
    const earlier = session();
    expect(earlier.handle('closed', 1)).toEqual([]);
    const event = { Type: 'EVENT', Id: 'e', RequestId: 'key', EventName: 'poll', SendTime: START };
    expect(earlier.handle('frame', 2, event)).toContainEqual(['settle', 'key']);
    const later = session();
    expect(later.handle('closed', 2)).toEqual([status(1, new Date(START + 510_250))]);
    const error = { code: 'unknownOutcome', reason: 'The connection was lost' };
    expect(later.handle('closed', 1)).toEqual([['settle', 'key', expect.objectContaining(error)]]);
  });

  test('a request without an answer has an unknown outcome after 10 seconds, and its echo is recognized later', () => {
    const { core, handle, advance, message } = connected({}, {}); // The session learns the user from the echo.
    handle('send', 'key', 'text');
    advance(9_999);
    expect(core.snapshot().messages).toMatchObject([{ status: 'sending' }]);
    expect(advance(1)).toContainEqual(['settle', 'key', expect.objectContaining({ code: 'unknownOutcome' })]);
    expect(core.snapshot().messages).toMatchObject([{ key: 'key', status: 'failed' }]);
    message('id', 'me', 'key');
    expect(core.snapshot().messages).toMatchObject([{ key: 'key', id: 'id', status: 'sent' }]);
    expect(core.snapshot().userId).toBe('me');
  });

  test('a request without a connection is refused after 10 seconds, and was not sent', () => {
    const { handle, advance } = connected();
    handle('closed', 1);
    expect(handle('send', 'key', 'text').map(([name]) => name)).not.toContain('write');
    const reason = 'No connection within 10 seconds';
    const refusal = ['settle', 'key', expect.objectContaining({ code: 'notConnected', retryable: true, reason })];
    expect(advance(9_999)).not.toContainEqual(refusal);
    expect(advance(1)).toContainEqual(refusal);
  });

  test('a request has an unknown outcome as soon as its connection breaks', () => {
    const { handle } = connected();
    handle('send', 'key', 'text');
    const error = { code: 'unknownOutcome', reason: 'The connection was lost' };
    expect(handle('closed', 1)).toContainEqual(['settle', 'key', expect.objectContaining(error)]);
  });

  test('a token and a connection of an earlier attempt are ignored', () => {
    const { handle } = connected();
    handle('closed', 1);
    expect(handle('token', 1, {})).toEqual([]);
    expect(handle('opened', 1)).toEqual([]);
  });

  test('a request without an answer replaces the connection, unless a frame has arrived since', () => {
    const dead = connected();
    dead.handle('send', 'key', 'text');
    expect(dead.advance(10_000)).toContainEqual(['token', 2, 1]);
    const alive = connected();
    alive.handle('send', 'key', 'text');
    alive.advance(5_000);
    alive.message('id');
    expect(alive.advance(5_000)).not.toContainEqual(['token', 2, 1]);
  });

  test('a failed message can be discarded, and a message of others cannot', () => {
    const { core, handle, message, advance } = connected();
    message('id');
    handle('send', 'key', 'text');
    advance(10_000);
    handle('discard', 'key');
    handle('discard', 'id');
    expect(core.snapshot().messages).toMatchObject([{ id: 'id' }]);
    const reason = 'No failed message has this key';
    expect(handle('resend', 'id')).toEqual([['settle', 'id', expect.objectContaining({ code: 'invalid', reason })]]);
    expect(core.snapshot().messages).toMatchObject([{ id: 'id', status: 'sent' }]);
  });

  test.each([
    [400, 'Length is above the maximum', 'tooLong'], [400, 'Message exceeds maximum length', 'tooLong'],
    [400, 'Messages must be less than 240 chars', 'tooLong'],
    [400, 'Bad request', 'invalid'], [403, 'no', 'forbidden'], [406, 'no', 'rejected'], [413, 'no', 'tooLong'],
    [429, 'rate limit exceeded', 'rateLimited'], [500, 'no', 'serverError'], [418, 'no', 'invalid'],
  ])('ERROR %i %j has the code %s', (ErrorCode, ErrorMessage, code) => {
    const { core, handle, frame } = connected();
    handle('send', 'key', 'text');
    const retryable = code === 'rateLimited' || code === 'serverError';
    const error = expect.objectContaining({ code, reason: ErrorMessage, retryable });
    const effects = frame({ Type: 'ERROR', Id: 'e', RequestId: 'key', ErrorCode, ErrorMessage });
    expect(effects).toEqual([['settle', 'key', error]]);
    expect(core.snapshot().can.send).toBe(code !== 'forbidden');
  });

  test('a request that was refused at the end of a session has 10 seconds again', () => {
    const { handle, frame, advance } = connected();
    handle('send', 'key', 'text');
    advance(9_000);
    frame({ Type: 'ERROR', Id: 'e', RequestId: 'key', ErrorCode: 401, ErrorMessage: 'expired' });
    const refusal = ['settle', 'key', expect.objectContaining({ code: 'notConnected' })];
    expect(advance(9_999)).not.toContainEqual(refusal);
    expect(advance(1)).toContainEqual(refusal);
  });

  test('requests that an ended session refused are sent again once, in their order', () => {
    const { handle, frame } = connected();
    for (const key of ['a', 'b']) handle('send', key, key);
    const expired = { Type: 'ERROR', Id: 'e', ErrorCode: 401, ErrorMessage: 'The session has expired' };
    for (const RequestId of ['a', 'b']) frame({ ...expired, RequestId });
    handle('send', 'c', 'c');
    handle('token', 2, {});
    const writes = handle('opened', 2).filter(([name]) => name === 'write').map(([, , request]) => request as any);
    expect(writes.map(({ RequestId }) => RequestId)).toEqual(['a', 'b', 'c']);
    expect(handle('frame', 2, { ...expired, RequestId: 'a' })).toContainEqual(
      ['settle', 'a', expect.objectContaining({ code: 'notConnected' })]);
  });
});

describe('the effects of an event', () => {
  test('a join requests a token, opens the connection and reads the history', () => {
    const core = createSessionCore({ hasHistory: true }, () => 0.5);
    expect(core.deadline()).toBe(Infinity);
    expect(core.handle(['join'], START)).toEqual([
      ['token', 1, 1],
      ['emit', 'status', { status: 'connecting', attempt: 0 }],
    ]);
    expect(core.deadline()).toBe(START + 10_000);
    expect(core.handle(['token', 1, { userId: 'me' }], START + 9_999)).toEqual([['open', 1]]);
    expect(core.deadline()).toBe(START + 19_999); // The handshake has 10 seconds of its own.
    expect(core.handle(['opened', 1], START + 10_000)).toEqual([
      ['history', undefined, undefined, START + 10_000],
      ['emit', 'status', { status: 'connected', attempt: 0 }],
    ]);
    expect(core.snapshot()).toEqual({
      status: 'connected',
      attempt: 0,
      messages: [],
      can: { send: true, remove: true, disconnect: true },
      userId: 'me',
    });
  });

  test('a session without a history reads none', () => {
    const core = createSessionCore({ hasHistory: false }, () => 0.5);
    core.handle(['join'], START);
    core.handle(['token', 1, {}], START);
    expect(core.handle(['opened', 1], START)).toEqual([['emit', 'status', { status: 'connected', attempt: 0 }]]);
  });

  test('a leave and a join in the same turn have no effect', () => {
    const { core, handle, advance } = connected();
    expect([handle('leave'), handle('join'), advance(0)]).toEqual([[], [], []]);
    expect([core.snapshot().status, core.deadline()]).toEqual(['connected', Infinity]);
  });

  test('a leave before the first join has no effect', () => {
    const core = createSessionCore({ hasHistory: false }, () => 0.5);
    expect([core.handle(['leave'], START), core.deadline()]).toEqual([[], Infinity]);
    expect(core.handle(['join'], START)).toContainEqual(['token', 1, 1]);
    core.handle(['leave'], START);
    core.handle(['leave'], START);
    core.handle(['time'], START);
    expect(core.handle(['join'], START)).toContainEqual(['token', 2, 1]);
  });

  test('a frame without an ID is ignored', () => {
    const { frame, message } = connected();
    expect([frame({}), frame({ Type: 'EVENT', EventName: 'poll' }), message('', 'other')]).toEqual([[], [], []]);
  });

  test('a handshake without an end is closed after 10 seconds, and the session tries again', () => {
    const { handle, advance } = connected();
    handle('closed', 1);
    handle('retry');
    handle('token', 2, {});
    const retryAt = new Date(START + 10_500);
    expect(advance(10_000)).toEqual([
      ['close', 2],
      ['emit', 'status', { status: 'reconnecting', attempt: 2, retryAt }],
    ]);
  });

  test.each(['refused', 'gone'] as const)('a token function that ends the session: %s', (status) => {
    const core = createSessionCore({ hasHistory: false }, () => 0.5);
    core.handle(['join'], START);
    expect(core.handle(['noToken', 1, 'why', status], START)).toEqual([
      ['close', 1],
      ['emit', 'status', { status, reason: 'why', attempt: 0 }],
    ]);
    expect([core.isActive(), core.deadline()]).toEqual([false, Infinity]);
    expect(core.handle(['retry'], START)).toEqual([
      ['token', 2, 1],
      ['emit', 'status', { status: 'connecting', attempt: 0 }],
    ]);
    core.handle(['token', 2, {}], START + 1);
    core.handle(['opened', 2], START + 2);
    expect(core.snapshot().messages).toEqual([]); // There was no connection, so there is no gap.
  });

  test('a leave closes the connection in the next turn', () => {
    const { core, handle, advance } = connected();
    expect(handle('leave')).toEqual([]);
    expect(core.deadline()).toBe(START);
    expect(advance(0)).toEqual([['close', 1], ['emit', 'status', { status: 'closed', attempt: 0 }]]);
    expect([core.isActive(), core.deadline()]).toEqual([false, Infinity]);
  });

  test('a request of a moderator is written, and settled by its event', () => {
    const { handle, frame } = connected();
    expect(handle('request', 'key', 'DELETE_MESSAGE', { Id: 'id', Reason: 'why' })).toEqual([
      ['write', 1, { Action: 'DELETE_MESSAGE', RequestId: 'key', Id: 'id', Reason: 'why' }],
    ]);
    const Attributes = { MessageID: 'id', Reason: 'why' };
    const event = { Type: 'EVENT', Id: 'e', RequestId: 'key', EventName: 'aws:DELETE_MESSAGE', Attributes };
    expect(frame(event)).toEqual([['settle', 'key'], ['emit', 'remove', { id: 'id', reason: 'why' }]]);
    expect(frame(event)).toEqual([]); // The same frame on the other connection.
  });

  test('a message is written with its attributes, is shown, and is settled by the message of the service', () => {
    const { core, handle, frame } = connected({}, { userId: 'me', attributes: { name: 'Me' } });
    expect(handle('send', 'key', 'text', { a: 'b' })).toEqual([
      ['write', 1, { Action: 'SEND_MESSAGE', RequestId: 'key', Content: 'text', Attributes: { a: 'b' } }],
    ]);
    const sending = {
      type: 'message',
      key: 'key',
      id: '',
      status: 'sending',
      content: 'text',
      attributes: { a: 'b' },
      sender: { userId: 'me', attributes: { name: 'Me' } },
      sendTime: new Date(START),
      isOwn: true,
    };
    expect(core.snapshot().messages).toEqual([sending]);
    expect(core.deadline()).toBe(START + 10_000);
    const sendTime = new Date('2026-01-01T00:00:00.123Z');
    const sent = { ...sending, id: 'id', status: 'sent', sendTime };
    expect(frame({
      Type: 'MESSAGE',
      Id: 'id',
      RequestId: 'key',
      Content: 'text',
      Attributes: { a: 'b' },
      SendTime: '2026-01-01T00:00:00.123456789Z',
      Sender: { UserId: 'me', Attributes: { name: 'Me' } },
    })).toEqual([['settle', 'key', undefined, sent], ['emit', 'message', sent]]);
    expect(core.snapshot().messages).toEqual([sent]);
  });

  test('an event of the application is passed on', () => {
    const { frame } = connected();
    const event = { Type: 'EVENT', EventName: 'poll', SendTime: '2026-01-01T00:00:00.5Z' };
    const sendTime = new Date('2026-01-01T00:00:00.5Z');
    expect(frame({ ...event, Id: '1', Attributes: { a: 'b' } })).toEqual([
      ['emit', 'event', { id: '1', name: 'poll', attributes: { a: 'b' }, sendTime }],
    ]);
    expect(frame({ ...event, Id: '2', Attributes: null })).toEqual([
      ['emit', 'event', { id: '2', name: 'poll', attributes: {}, sendTime }],
    ]);
  });

  test('the disconnection of another user does not end the session', () => {
    const { frame } = connected();
    const event = { Type: 'EVENT', RequestId: '', EventName: 'aws:DISCONNECT_USER' };
    expect(frame({ ...event, Id: '1', Attributes: { UserId: 'other', Reason: 'rude' } })).toEqual([
      ['emit', 'disconnect', { userId: 'other', reason: 'rude' }],
    ]);
    expect(frame({ ...event, Id: '2', Attributes: { UserId: 'me', Reason: 'rude' } })).toEqual([
      ['emit', 'disconnect', { userId: 'me', reason: 'rude' }],
      ['close', 1],
      ['emit', 'status', { status: 'kicked', reason: 'rude', attempt: 0 }],
    ]);
  });
});

describe('the next connection', () => {
  /** A core with a session of 10 minutes, and with its second connection. */
  function refreshed() {
    const session = connected({ hasHistory: true }, { userId: 'me', sessionExpirationTime: START + 600_000 });
    expect(session.core.deadline()).toBe(START + 510_000);
    expect(session.advance(510_000)).toEqual([['token', 2, 1]]);
    expect(session.open(2)).toEqual([]);
    return session;
  }

  test('receives the frames of the earlier one for 2 seconds, and then closes it', () => {
    const { core, message, advance } = refreshed();
    message('late');
    expect(core.deadline()).toBe(START + 512_000);
    expect(advance(1_999)).toEqual([]);
    expect(advance(1)).toEqual([['close', 1]]);
    expect(message('later')).toEqual([]);
    expect(core.snapshot().messages).toMatchObject([{ id: 'late' }]);
  });

  test('stays when the session of the earlier one ends, but not when the room has been deleted', () => {
    const { core, frame } = refreshed();
    const error = { Type: 'ERROR', Id: 'e', RequestId: '', ErrorMessage: 'no' };
    expect(frame({ ...error, ErrorCode: 401 })).toEqual([]);
    expect(core.snapshot()).toMatchObject({ status: 'connected', attempt: 0 });
    frame({ ...error, ErrorCode: 404 });
    expect(core.snapshot().status).toBe('gone');
  });

  test('is the attempt that follows if the earlier one breaks before', () => {
    const { handle, advance } = connected({}, { userId: 'me', sessionExpirationTime: START + 600_000 });
    advance(510_000);
    expect(handle('closed', 1)).toEqual([['emit', 'status', { status: 'reconnecting', attempt: 0 }]]);
  });

  test('closes the earlier one at once if a third one opens', () => {
    const { handle, open } = refreshed();
    handle('offline');
    expect(handle('online')).toEqual([['token', 3, 1]]);
    expect(open(3)[0]).toEqual(['close', 1]);
  });

  test('has its attempt at the planned time if the earlier one breaks after a failed attempt', () => {
    const { core, handle, advance } = connected({}, { userId: 'me', sessionExpirationTime: START + 600_000 });
    advance(510_000);
    expect(handle('noToken', 2, 'outage')).toEqual([]);
    expect(core.snapshot()).toMatchObject({ status: 'connected', attempt: 0, retryAt: undefined });
    advance(100);
    handle('closed', 1);
    const retryAt = new Date(START + 510_250);
    expect(core.snapshot()).toMatchObject({ status: 'reconnecting', retryAt });
    expect(advance(149)).toEqual([]);
    expect(advance(1)[0]).toEqual(['token', 3, expect.any(Number)]);
  });

  test('opens when the network returns, unless a frame has arrived since', () => {
    const { handle, advance, message } = connected();
    advance(1_000);
    handle('offline');
    advance(1_000);
    message('id');
    expect(handle('online')).toEqual([]);
    handle('offline');
    expect(handle('online')).toEqual([['token', 2, 1]]);
    const other = connected();
    other.handle('offline');
    other.advance(1_000);
    other.message('id');
    other.advance(1_000);
    other.handle('offline'); // The time without a network has begun before.
    expect(other.handle('online')).toEqual([]);
  });

  test('that is being opened when the network returns is the only one', () => {
    const { handle, advance, open } = connected({}, { userId: 'me', sessionExpirationTime: START + 600_000 });
    advance(510_000);
    handle('offline');
    expect(handle('online')).toEqual([]);
    expect([open(2), advance(1)]).toEqual([[], []]);
  });

  test('does not open for a connection that has opened without a network', () => {
    const core = createSessionCore({ hasHistory: false }, () => 0.5);
    core.handle(['join'], START);
    core.handle(['token', 1, {}], START);
    core.handle(['offline'], START + 1);
    core.handle(['opened', 1], START + 2);
    expect(core.handle(['online'], START + 3)).toEqual([]);
  });

  test('leaves no gap if the earlier connection was still alive', () => {
    const { core, handle, message, open, advance } = connected();
    advance(1_000);
    handle('offline');
    expect(handle('online')).toEqual([['token', 2, 1]]);
    message('id');
    open(2);
    expect(core.snapshot().messages).toMatchObject([{ id: 'id' }]);
  });

  test('opens at once after the first end of a session, and waits after the second', () => {
    const { handle, frame, open } = connected();
    const expired = { Type: 'ERROR', Id: 'e', ErrorCode: 401, ErrorMessage: 'The session has expired' };
    expect(frame(expired)).toEqual([
      ['token', 2, 2],
      ['emit', 'status', { status: 'reconnecting', attempt: 1 }],
    ]);
    open(2);
    expect(handle('frame', 2, expired)).toEqual([
      ['close', 1],
      ['emit', 'status', { status: 'reconnecting', attempt: 2, retryAt: new Date(START + 500) }],
    ]);
  });

  test('has the user and the attributes of its token, or those of the earlier token', () => {
    const { core, handle, open } = connected({}, { userId: 'me', attributes: { name: 'old' } });
    const reconnect = (link: number, token: object) => {
      handle('closed', link - 1);
      handle('retry');
      return open(link, token);
    };
    const senderOf = (key: string) => {
      handle('send', key, 'text');
      return (core.snapshot().messages.at(-1) as { readonly sender?: object }).sender;
    };
    reconnect(2, { userId: 'me', attributes: { name: 'new' } });
    expect(senderOf('a')).toEqual({ userId: 'me', attributes: { name: 'new' } });
    reconnect(3, {});
    expect(senderOf('b')).toEqual({ userId: 'me', attributes: { name: 'new' } });
    expect(reconnect(4, { userId: 'me too' })).toContainEqual(['userChanged']);
    expect(senderOf('c')).toEqual({ userId: 'me too', attributes: { name: 'new' } });
  });

  test('permits again an action that the service refused on the earlier one', () => {
    const { core, handle, frame, open } = connected();
    handle('send', 'key', 'text');
    frame({ Type: 'ERROR', Id: 'e', RequestId: 'key', ErrorCode: 403, ErrorMessage: 'no' });
    expect(core.snapshot().can).toEqual({ send: false, remove: true, disconnect: true });
    handle('closed', 1);
    handle('retry');
    open(2);
    expect(core.snapshot().can).toEqual({ send: true, remove: true, disconnect: true });
  });
});

test('a session has the capabilities of its last token, and no attempts while it is connected', () => {
  const { core, handle, open } = connected({}, { capabilities: ['SEND_MESSAGE'] });
  const can = (...names: string[]) =>
    Object.fromEntries(['send', 'remove', 'disconnect'].map((name) => [name, names.includes(name)]));
  expect(core.snapshot().can).toEqual(can('send'));
  for (const [link, capabilities, expected] of [
    [2, ['DELETE_MESSAGE'], can('remove')], [3, [], can()], [4, undefined, can('send', 'remove', 'disconnect')],
  ] as const) {
    handle('closed', link - 1);
    handle('retry');
    open(link, { capabilities });
    expect(core.snapshot()).toMatchObject({ status: 'connected', attempt: 0, can: expected });
  }
});

test('a session learns its attributes from its own message', () => {
  const { core, handle, frame } = connected({}, { userId: 'me', attributes: { name: 'old' } });
  handle('send', 'a', 'text');
  const Sender = { UserId: 'me', Attributes: { name: 'Me' } };
  frame({ Type: 'MESSAGE', Id: 'id', RequestId: 'a', Content: 'text', SendTime: START, Sender });
  handle('send', 'b', 'text');
  expect(core.snapshot().messages.at(-1)).toMatchObject({ sender: { userId: 'me', attributes: { name: 'Me' } } });
});

test('a message that the user has sent with another device is an own message', () => {
  const { core, message } = connected();
  message('a', 'me');
  message('b', 'me too');
  expect(core.snapshot().messages).toMatchObject([{ id: 'a', isOwn: true }, { id: 'b', isOwn: false }]);
});

test('the end of a session during an overlap closes both connections', () => {
  const { advance, open, handle } = connected({}, { userId: 'me', sessionExpirationTime: START + 600_000 });
  advance(510_000);
  open(2);
  handle('leave');
  expect(advance(0)).toEqual([['close', 2], ['close', 1], ['emit', 'status', { status: 'closed', attempt: 0 }]]);
});

test('a join forgets the error of the last request', () => {
  const core = createSessionCore({ hasHistory: false }, () => 0.5);
  core.handle(['send', 'key', 'text'], START);
  expect(core.snapshot().error).toMatchObject({ code: 'notConnected' });
  core.handle(['join'], START);
  expect(core.snapshot().error).toBeUndefined();
});

test('a new connection has its own rate', () => {
  const { handle, open } = connected();
  const send = (prefix: string) =>
    Array.from({ length: 10 }, (_, index) => handle('send', `${prefix}${index}`, 'x')[0]?.[0]);
  send('a');
  handle('closed', 1);
  handle('retry');
  open(2);
  expect(send('b')).toEqual(Array(10).fill('write'));
});

test('a request needs a session that has joined, and a chat token that permits it', () => {
  const core = createSessionCore({ hasHistory: false }, () => 0.5);
  expect(core.handle(['request', 'key', 'DELETE_MESSAGE', {}], START)).toEqual([
    ['settle', 'key', expect.objectContaining({ code: 'notConnected', reason: 'The session has not joined' })],
  ]);
  const { core: reader, handle } = connected({}, { capabilities: ['DELETE_MESSAGE'] });
  expect(reader.snapshot().can).toEqual({ send: false, remove: true, disconnect: false });
  const reason = 'The chat token does not permit SEND_MESSAGE';
  expect(handle('send', 'key', 'text')).toEqual([
    ['settle', 'key', expect.objectContaining({ code: 'forbidden', reason })],
  ]);
  expect(reader.snapshot()).toMatchObject({ messages: [], error: { code: 'forbidden' } });
  handle('closed', 1); // also without a connection
  expect(reader.snapshot().status).toBe('reconnecting');
  expect(handle('send', 'next', 'text')).toEqual([
    ['settle', 'next', expect.objectContaining({ code: 'forbidden', reason })],
  ]);
  handle('leave');
  reader.handle(['time'], START);
  expect(handle('send', 'key', 'text')).toEqual([
    ['settle', 'key', expect.objectContaining({ code: 'notConnected' })],
  ]);
});

describe('a connection sends 10 requests in 1.1 seconds', () => {
  const send = ({ handle }: ReturnType<typeof connected>, count: number) =>
    Array.from({ length: count }, (_, index) => handle('send', `${index}`, 'text')[0]?.[0]);

  test('and the next one later', () => {
    const session = connected();
    expect(send(session, 11)).toEqual([...Array(10).fill('write'), undefined]);
    expect(session.core.deadline()).toBe(START + 1_100);
    expect(session.advance(1_099)).toEqual([]);
    expect(session.advance(1)).toEqual([['write', 1, expect.objectContaining({ RequestId: '10' })]]);
    const settled = session.advance(8_900).map(([name, key]) => [name, key]);
    expect(settled.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, index) => ['settle', `${index}`]));
    expect(settled).not.toContainEqual(['settle', '10']); // Its 10 seconds began when it was sent.
  });

  test('and refuses one that has waited for 10 seconds', () => {
    const session = connected();
    send(session, 11);
    const reasons = session.advance(10_000).map(([, , error]) => error instanceof Error && error.message);
    expect(reasons.slice(0, 11)).toEqual([
      ...Array(10).fill('unknownOutcome: No answer within 10 seconds'), 'rateLimited: More than 10 requests a second',
    ]);
  });
});

describe('the list of messages', () => {
  const past = (id: string, content = `content ${id}`) => ({
    id, content, sender: { userId: 'other' }, sendTime: '2026-01-01T00:00:00Z',
  });
  const ids = ({ core }: ReturnType<typeof connected>) =>
    core.snapshot().messages.map((entry) => (entry.type === 'gap' ? 'gap' : entry.id));

  test('has the history before the live messages, without those that it has already', () => {
    const session = connected({ maximumMessages: 4 });
    for (const id of ['c', 'd']) session.message(id);
    session.handle('history', undefined, ['y', 'z', 'a', 'b', 'c'].map((id) => past(id)));
    expect(ids(session)).toEqual(['a', 'b', 'c', 'd']);
    expect(session.core.snapshot().messages[0]).toEqual({
      type: 'message',
      key: 'a',
      id: 'a',
      status: 'sent',
      content: 'content a',
      attributes: {},
      sender: { userId: 'other', attributes: {} },
      sendTime: new Date('2026-01-01T00:00:00Z'),
      isOwn: false,
    });
    session.message('e');
    expect(ids(session)).toEqual(['b', 'c', 'd', 'e']);
  });

  test('has the history of a gap in its place, and ignores the history of a gap that it no longer has', () => {
    const session = connected({ hasHistory: true });
    session.message('a');
    session.advance(1_000);
    session.handle('closed', 1);
    session.handle('retry');
    expect(session.open(2)[0]).toEqual(['history', 'gap-2', START, START + 1_000]);
    session.handle('frame', 2, { Type: 'MESSAGE', Id: 'd', Content: '', SendTime: START, Sender: { UserId: 'other' } });
    expect(ids(session)).toEqual(['a', 'gap', 'd']);
    session.handle('history', 'gap-2', [past('b'), past('c')]);
    session.handle('history', 'gap-2', [past('e')]);
    expect(ids(session)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('has no deleted messages from the history', () => {
    const session = connected();
    const Attributes = { MessageID: 'b' };
    session.frame({ Type: 'EVENT', Id: 'e', EventName: 'aws:DELETE_MESSAGE', Attributes });
    session.handle('history', undefined, ['a', 'b'].map((id) => past(id)));
    expect(ids(session)).toEqual(['a']);
  });

  test('keeps a deleted message without its content if the application wants it', () => {
    const session = connected({ keepDeletedMessages: true });
    session.message('id');
    const [message] = session.core.snapshot().messages;
    const Attributes = { MessageID: 'id', Reason: 'why' };
    session.frame({ Type: 'EVENT', Id: 'e', EventName: 'aws:DELETE_MESSAGE', Attributes });
    const deleted = { ...message, content: '', attributes: {}, isDeleted: true, deletionReason: 'why' };
    expect(session.core.snapshot().messages).toEqual([deleted]);
  });

  test('has a gap after the end of a session, from its last frame to the next connection', () => {
    const session = connected();
    session.advance(5_000);
    session.message('id');
    session.advance(60_000);
    session.handle('leave');
    session.advance(1_000);
    session.handle('join');
    session.open(2);
    expect(session.core.snapshot().messages).toMatchObject([
      { id: 'id' }, { type: 'gap', key: 'gap-2', from: new Date(START + 5_000), to: new Date(START + 66_000) },
    ]);
  });

  test('hides the messages of blocked users, also those of the options', () => {
    const session = connected({ blockedUsers: ['troll'] });
    expect(session.message('a', 'troll')).toEqual([]);
    session.message('b');
    session.handle('block', 'other', true);
    expect(ids(session)).toEqual([]);
    session.handle('block', 'troll', false);
    expect(ids(session)).toEqual(['a']);
    session.handle('block', 'other', false);
    expect(ids(session)).toEqual(['a', 'b']);
    session.handle('closed', 1);
    session.handle('retry');
    session.open(2);
    session.handle('block', 'other', true);
    expect(ids(session)).toEqual(['a', 'gap']);
  });
});

test('a gap starts with the last frame, because a device can suspend a page without a sign', () => {
  const { core, handle, message, advance } = connected();
  advance(5_000);
  message('first');
  advance(60_000);
  handle('closed', 1);
  advance(1_000);
  handle('token', 2, {});
  handle('opened', 2);
  // This frame arrived during a suspension, and its event comes later.
  advance(60_000);
  const SendTime = new Date(START + 70_000).toISOString();
  handle('frame', 2, { Type: 'EVENT', Id: 'e', RequestId: '', EventName: 'poll', SendTime });
  handle('closed', 2);
  advance(1_000);
  handle('token', 3, {});
  handle('opened', 3);
  expect(core.snapshot().messages).toMatchObject([
    { id: 'first' },
    { type: 'gap', from: new Date(START + 5_000), to: new Date(START + 66_000) },
    { type: 'gap', from: new Date(START + 70_000), to: new Date(START + 127_000) },
  ]);
});

test('a gap starts with the connection if the connection had no frame', () => {
  const { core, handle, message, open, advance } = connected();
  message('first');
  advance(5_000);
  handle('closed', 1);
  advance(1_000);
  open(2);
  advance(60_000);
  handle('closed', 2);
  advance(1_000);
  open(3);
  expect(core.snapshot().messages).toMatchObject([
    { id: 'first' },
    { type: 'gap', from: new Date(START), to: new Date(START + 6_000) },
    { type: 'gap', from: new Date(START + 6_000), to: new Date(START + 67_000) },
  ]);
});

test('a session that joins again starts with its first attempt', () => {
  const { core, handle, advance } = connected();
  handle('closed', 1);
  handle('retry');
  handle('noToken', 2, 'outage');
  handle('leave');
  advance(0);
  expect(handle('join')).toContainEqual(['token', 3, 1]);
  handle('noToken', 3, 'outage');
  expect(core.snapshot()).toMatchObject({ status: 'connecting', attempt: 1, retryAt: new Date(START + 250) });
});

test('a deletion that precedes its message is remembered', () => {
  const removed = connected();
  const deletion = { MessageID: 'late', Reason: 'why' };
  expect(removed.frame({
    Type: 'EVENT', Id: 'e', RequestId: '', EventName: 'aws:DELETE_MESSAGE', Attributes: deletion,
  })).toEqual([['emit', 'remove', { id: 'late', reason: 'why' }]]);
  const other = { ...deletion, MessageID: 'another' };
  removed.frame({ Type: 'EVENT', Id: 'f', RequestId: '', EventName: 'aws:DELETE_MESSAGE', Attributes: other });
  expect(removed.message('late')).toEqual([]);
  expect(removed.core.snapshot().messages).toEqual([]);

  const kept = connected({ keepDeletedMessages: true });
  kept.frame({ Type: 'EVENT', Id: 'e', RequestId: '', EventName: 'aws:DELETE_MESSAGE', Attributes: deletion });
  expect(kept.message('late')).toEqual([]);
  expect(kept.core.snapshot().messages).toMatchObject([
    { id: 'late', content: '', isDeleted: true, deletionReason: 'why' },
  ]);
});

test('the memory is bounded over 100,000 messages, and a message is shown once', () => {
  const { core, message } = connected();
  for (let count = 0; count < 100_000; count++) message(`${count}`);
  message('99999');
  const { messages } = core.snapshot();
  expect(messages).toHaveLength(200);
  expect(messages[0]).toMatchObject({ id: '99800' });
});

test('a session that joins without a network requests no token', async () => {
  const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator')!;
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: false }, configurable: true });
  const token = jest.fn(async () => 'token');
  const session = createChatSession({ endpoint: 'ws://localhost', clock: new VirtualClock(), token });
  session.join();
  await new Promise(setImmediate);
  expect(session.status).toBe('connecting');
  expect(token).not.toHaveBeenCalled();
  session.leave();
  Object.defineProperty(globalThis, 'navigator', navigator);
});

test('a message that the next connection delivers again after 450 others is shown once', () => {
  const { message } = connected();
  for (let count = 0; count < 450; count++) message(`${count}`);
  expect(message('0')).toEqual([]);
});
