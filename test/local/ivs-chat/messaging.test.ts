import http, { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import * as sdk from '@aws-sdk/client-ivschat';
import { Fixture, type TestConnection } from './fixture';
import { VirtualClock } from '../../../local/clock';
import { systemRandom } from '../../../local/ivs-chat/ids';

const EVERYTHING = ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'];
const ID = /^[A-Za-z0-9]{12}$/;
let clock: VirtualClock;
let fixture: Fixture;
let room: string;

beforeEach(async () => {
  clock = new VirtualClock();
  fixture = await Fixture.start({ clock });
  room = await fixture.createRoom();
});
afterEach(() => fixture.end());

describe('handshake', () => {
  test('echoes the token as the subprotocol, without compression', async () => {
    const token = await fixture.token(room, 'u');
    const connection = await fixture.open(token) as TestConnection;
    expect(connection.socket.protocol).toBe(token);
    expect(connection.socket.extensions).toBe('');
    const next = await fixture.token(room, 'u');
    const { socket } = await fixture.open([next, 'chat']) as TestConnection;
    expect(socket.protocol).toBe(next);
  });

  test('accepts a token once, within a minute, and refuses unknown tokens', async () => {
    const token = await fixture.token(room, 'u');
    await fixture.open(token);
    expect(await fixture.open(token)).toBe(403);
    const late = await fixture.token(room, 'u');
    const justInTime = await fixture.token(room, 'u');
    clock.advance(59_999);
    expect(await fixture.open(justInTime)).toHaveProperty('socket');
    clock.advance(1);
    expect(await fixture.open(late)).toBe(403);
    expect(await fixture.open('made-up')).toBe(403);
    expect(await fixture.open(`${token}x`)).toBe(403);
    expect(await fixture.open()).toBe(401);
  });

  test('answers each refusal with JSON, and the log has the same text', async () => {
    const token = await fixture.token(room, 'u');
    await fixture.open(token);
    const late = await fixture.token(room, 'u');
    clock.advance(60_000);
    const other = await fixture.createRoom();
    const orphan = await fixture.token(other, 'bob');
    await fixture.client.send(new sdk.DeleteRoomCommand({ identifier: other }));
    const refused = (protocol: string) => new Promise<unknown>((resolve, reject) => {
      const upgrade = httpRequest(fixture.chat.controlPlane, {
        headers: {
          'connection': 'Upgrade',
          'upgrade': 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          ...protocol && { 'sec-websocket-protocol': protocol },
        },
      }, async (response) => {
        const { statusCode, statusMessage, headers } = response;
        const body = Buffer.concat(await response.toArray());
        expect(headers).toEqual({
          'connection': 'close', 'content-type': 'application/json', 'content-length': String(body.length),
        });
        resolve([statusCode, statusMessage, JSON.parse(body.toString())]);
      });
      upgrade.on('error', reject).end();
    });
    const refusals: [string, number, string, string, object?][] = [
      ['', 401, 'Unauthorized', 'The chat token is missing. Send it as the WebSocket subprotocol.'],
      ['made-up', 403, 'Forbidden', 'The chat token is not valid'],
      [token, 403, 'Forbidden', 'The chat token has already been used. Each token opens one connection.'],
      [`${late}, chat`, 403, 'Forbidden', 'The chat token has expired'],
      [orphan, 404, 'Not Found', 'The room does not exist', { roomArn: other, userId: 'bob' }],
    ];
    for (const [protocol, status, statusText, message] of refusals) {
      expect(await refused(protocol)).toEqual([status, statusText, { message }]);
    }
    const { requests } = await fixture.firstUpdate();
    expect(requests.slice(-refusals.length)).toEqual(refusals.map(([, status, , error, details], index) => ({
      number: requests.length - refusals.length + index + 1,
      time: new Date(clock.now()).toISOString(),
      requestId: '',
      operation: 'CONNECT',
      status,
      error,
      ...details,
    })));
  });

  test('only one of several parallel attempts can use a token', async () => {
    const token = await fixture.token(room, 'u');
    const attempts = await Promise.all([1, 2, 3].map(() => fixture.open(token)));
    expect(attempts.filter((attempt) => attempt === 403)).toHaveLength(2);
  });

  test('refuses deleted rooms, other origins and other hosts', async () => {
    const token = await fixture.token(room, 'u');
    clock.advance(50_000);
    expect(await fixture.open(token, { origin: 'https://attacker.example' })).toBe(403);
    expect(await fixture.open(token, { host: 'rebound.attacker.example' })).toBe(403);
    expect((await fixture.state()).requests.slice(0, 2)).toMatchObject(['host', 'origin'].map((header) => ({
      time: new Date(clock.now()).toISOString(),
      operation: 'CONNECT',
      status: 403,
      error: expect.stringContaining(`The ${header} `),
    })));
    await fixture.client.send(new sdk.DeleteRoomCommand({ identifier: room }));
    expect(await fixture.open(token)).toBe(404); // also shows that the refusals did not use the token
  });
});

describe('frames', () => {
  test('a message goes to all connections of the room and of no other room', async () => {
    const sender = await fixture.connect(room, 'u1', ['SEND_MESSAGE'], { attributes: { name: 'Ü' } });
    const other = await fixture.connect(room, 'u2');
    const elsewhere = await fixture.connect(await fixture.createRoom(), 'u3');
    const message = await sender.ask({
      Action: 'SEND_MESSAGE',
      Content: 'Hi 👋',
      Attributes: { a: 'b' },
      RequestId: 'r1',
    });
    const expected = {
      Type: 'MESSAGE',
      Id: expect.stringMatching(ID),
      RequestId: 'r1',
      Attributes: { a: 'b' },
      Content: 'Hi 👋',
      SendTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,8}[1-9])?Z$/),
      Sender: { UserId: 'u1', Attributes: { name: 'Ü' } },
    };
    expect(message).toEqual(expected);
    expect(Object.keys(message)).toEqual(Object.keys(expected)); // the order of the service
    expect(await other.next()).toEqual(message);
    expect(elsewhere.frames).toEqual([]);
  });

  test('the console shows the frames and requests of each user, with the reasons of refusals', async () => {
    const ada = await fixture.connect(room, 'ada', ['SEND_MESSAGE'], { attributes: { displayName: 'Ada' } });
    const bob = await fixture.connect(room, 'bob');
    const [long, short] = [
      { Action: 'SEND_MESSAGE', Content: 'é', RequestId: 'x'.repeat(65) },
      { Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAAA', RequestId: 'r' },
    ];
    const message = await ada.ask(long);
    const error = await bob.ask(short).then(() => bob.next());
    bob.send('nonsense');
    const second = await bob.next();
    await fixture.chat.call('SendEvent', { roomIdentifier: room, eventName: 'MESSAGE' }); // is not a message
    const event = await bob.next();
    const size = (content: object) => Buffer.byteLength(JSON.stringify(content));
    const { frames, requests, parts } = await fixture.firstUpdate();
    expect(parts.activity).toEqual([{
      second: Math.floor(clock.now() / 1000),
      messages: 1,
      requests: 8,
      errors: 2,
      connections: 2,
      p95: expect.any(Number),
    }]);
    const base = { time: new Date(clock.now()).toISOString(), roomArn: room };
    const connected = (UserId: string, Attributes: object, Capabilities: string[]) =>
      ({ UserId, Attributes, Capabilities, Address: '127.0.0.1' });
    const frame = (direction: string, type: string, userId: string | undefined, content: object, more: object = {}) =>
      ({ ...base, direction, type, userId, content, bytes: size(content), ...more });
    expect(frames).toEqual([
      frame('connection', 'CONNECT', 'ada', connected('ada', { displayName: 'Ada' }, ['SEND_MESSAGE'])),
      frame('connection', 'CONNECT', 'bob', connected('bob', {}, [])),
      frame('received', 'SEND_MESSAGE', 'ada', long),
      frame('sent', 'MESSAGE', undefined, message, { recipients: 2 }),
      frame('received', 'DELETE_MESSAGE', 'bob', short),
      frame('sent', 'ERROR', 'bob', error, { recipients: 1 }),
      { ...frame('received', 'unknown', 'bob', {}), content: 'nonsense', bytes: 8 },
      frame('sent', 'ERROR', 'bob', second, { recipients: 1 }),
      frame('sent', 'MESSAGE', undefined, event, { recipients: 2 }),
    ].map((item, index) => ({ number: index + 1, ...item })));

    const noCapability = 'The chat token does not have the capability DELETE_MESSAGE';
    const noAction = 'A request must be a JSON object with an Action: SEND_MESSAGE, DELETE_MESSAGE, DISCONNECT_USER';
    const asked = (requestId: string, operation: string, status: number, userId: string, number: number) =>
      ({ ...base, number: expect.any(Number), caller: room, requestId, operation, status, userId, frame: number });
    const { frame: _, ...handshake } = asked('', 'CONNECT', 101, 'bob', 0);
    expect(requests.slice(-4)).toEqual([
      handshake,
      asked('x'.repeat(64), 'SEND_MESSAGE', 200, 'ada', 3),
      { ...asked('r', 'DELETE_MESSAGE', 403, 'bob', 5), message: noCapability },
      { ...asked('', 'unknown', 400, 'bob', 7), message: noAction },
    ]);
  });

  test.each([
    [
      'lower case',
      { action: 'SEND_MESSAGE', requestId: 'r', content: 'hi', attributes: { Mixed: 'Case' } },
    ],
    ['mixed case', { Action: 'SEND_MESSAGE', requestID: 'r', CONTENT: 'hi', attributes: { Mixed: 'Case' } }],
    [
      'both cases, of which the documented one wins',
      { Action: 'SEND_MESSAGE', RequestId: 'r', content: 'no', Content: 'hi', Attributes: { Mixed: 'Case' } },
    ],
    [
      'both cases in the other order',
      { Action: 'SEND_MESSAGE', RequestId: 'r', Content: 'hi', content: 'no', Attributes: { Mixed: 'Case' } },
    ],
  ])('accepts the keys of a request in %s', async (_case, request) => {
    const sender = await fixture.connect(room, 'u', EVERYTHING);
    expect(await sender.ask(request)).toMatchObject({
      Type: 'MESSAGE',
      RequestId: 'r',
      Content: 'hi',
      Attributes: { Mixed: 'Case' },
    });
    expect(await sender.ask({ action: 'DELETE_MESSAGE', id: 'AAAAAAAAAAA1', reason: 'why' })).toMatchObject({
      EventName: 'aws:DELETE_MESSAGE',
      Attributes: { MessageID: 'AAAAAAAAAAA1', Reason: 'why' },
    });
    expect(await sender.ask({ action: 'DISCONNECT_USER', userid: 'other' })).toMatchObject({
      EventName: 'aws:DISCONNECT_USER',
    });
  });

  test('the default of RequestId is "", of Attributes null and of Sender.Attributes {}', async () => {
    const sender = await fixture.connect(room, 'u1', ['SEND_MESSAGE']);
    expect(await sender.ask({ Action: 'SEND_MESSAGE', Content: 'x' })).toMatchObject({
      RequestId: '',
      Attributes: null,
      Sender: { UserId: 'u1', Attributes: {} },
    });
  });

  test('a deletion has MessageID for the official client, and MessageId as documented', async () => {
    const moderator = await fixture.connect(room, 'm', EVERYTHING);
    expect(
      await moderator.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAA1', Reason: 'why', RequestId: 'r' }),
    ).toEqual({
      Type: 'EVENT',
      Id: expect.stringMatching(ID),
      RequestId: 'r',
      EventName: 'aws:DELETE_MESSAGE',
      SendTime: expect.any(String),
      Attributes: { MessageID: 'AAAAAAAAAAA1', MessageId: 'AAAAAAAAAAA1', Reason: 'why' },
    });
    const withoutReason = await moderator.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAA1', Reason: null });
    expect(withoutReason.Attributes).toEqual({ MessageID: 'AAAAAAAAAAA1', MessageId: 'AAAAAAAAAAA1' });
  });

  test('a disconnection sends an event to the room, and then closes every connection of the user', async () => {
    const moderator = await fixture.connect(room, 'm', EVERYTHING);
    const twins = [await fixture.connect(room, 'u'), await fixture.connect(room, 'u')];
    const event = await moderator.ask({ Action: 'DISCONNECT_USER', UserId: 'u', Reason: 'rude' });
    expect(event).toMatchObject({
      EventName: 'aws:DISCONNECT_USER',
      Attributes: { UserId: 'u', Reason: 'rude' },
      RequestId: '',
    });
    for (const twin of twins) {
      expect(await twin.closed).toBe(1000);
      expect(twin.frames).toEqual([event]);
    }
    expect(event.Attributes).toEqual({ UserId: 'u', Reason: 'rude' });
    const elsewhere = await fixture.connect(await fixture.createRoom(), 'u2');
    expect((await moderator.ask({ Action: 'DISCONNECT_USER', UserId: 'u2', RequestId: 'r' }))).toMatchObject({
      RequestId: 'r', Attributes: { UserId: 'u2' },
    });
    expect(elsewhere.socket.readyState).toBe(elsewhere.socket.OPEN);
    expect(await moderator.ask({ Action: 'SEND_MESSAGE', Content: 'still here' })).toMatchObject({
      Content: 'still here',
    });
  });

  test('events of the control plane have the returned IDs', async () => {
    const reader = await fixture.connect(room, 'u');
    const { id } = await fixture.client.send(
      new sdk.SendEventCommand({ roomIdentifier: room, eventName: 'app:score', attributes: { goals: '3' } }),
    );
    const expected = {
      Type: 'EVENT',
      Id: id,
      RequestId: '',
      EventName: 'app:score',
      Attributes: { goals: '3' },
      SendTime: expect.any(String),
    };
    const received = await reader.next();
    expect(received).toEqual(expected);
    expect(Object.keys(received)).toEqual(Object.keys(expected)); // the order of the service
    const deleted = await fixture.client.send(
      new sdk.DeleteMessageCommand({ roomIdentifier: room, id: 'AAAAAAAAAAA1', reason: 'why' }),
    );
    const event = { Type: 'EVENT', RequestId: '', SendTime: expect.any(String) };
    expect(await reader.next()).toEqual({
      ...event,
      Id: deleted.id,
      EventName: 'aws:DELETE_MESSAGE',
      Attributes: { MessageID: 'AAAAAAAAAAA1', MessageId: 'AAAAAAAAAAA1', Reason: 'why' },
    });
    await fixture.client.send(new sdk.DisconnectUserCommand({ roomIdentifier: room, userId: 'u', reason: 'rude' }));
    expect(await reader.next()).toEqual({
      ...event,
      Id: expect.stringMatching(ID),
      EventName: 'aws:DISCONNECT_USER',
      Attributes: { UserId: 'u', Reason: 'rude' },
    });
    expect(await reader.closed).toBe(1000);
  });

  test('send times are unique and ordered', async () => {
    const sender = await fixture.connect(await fixture.createRoom({ maximumMessageRatePerSecond: 100 }), 'u', [
      'SEND_MESSAGE',
    ]);
    for (let i = 0; i < 10; i++) sender.send({ Action: 'SEND_MESSAGE', Content: `${i}` });
    const frames = [];
    for (let i = 0; i < 10; i++) frames.push(await sender.next());
    expect(frames.map(({ Content }) => Content)).toEqual([...Array(10).keys()].map(String));
    const padded = frames.map(({ SendTime }) => SendTime.slice(0, -1).padEnd(29, '0'));
    expect([...padded].sort()).toEqual(padded);
    expect(new Set(padded).size).toBe(10);
  });
});

describe('an ERROR goes to the requester only, with its own Id', () => {
  const sendMessage = (members: object = {}) => ({ Action: 'SEND_MESSAGE', Content: 'x', RequestId: 'r', ...members });
  const noAction = 'A request must be a JSON object with an Action: SEND_MESSAGE, DELETE_MESSAGE, DISCONNECT_USER';
  const hidden = 'a value that is not shown because it is sensitive';
  const cases: [string, unknown, number, string, string][] = [
    ['not JSON', 'nonsense', 400, '', noAction],
    ['not an object', '[]', 400, '', noAction],
    ['a binary frame', Buffer.from(JSON.stringify(sendMessage())), 400, '', 'Requests must be text frames'],
    [
      'nested too deep', `{"Action":"SEND_MESSAGE","Content":${'['.repeat(4000)}${']'.repeat(4000)}}`, 400, '',
      noAction,
    ],
    ['an unknown action', { Action: 'PING', RequestId: 'r' }, 400, 'r', noAction],
    ['an action of an object', { Action: 'constructor', RequestId: 'r' }, 400, 'r', noAction],
    ['an action that is no string', { Action: ['SEND_MESSAGE'], Content: 'x', RequestId: 'r' }, 400, 'r', noAction],
    ['no content', sendMessage({ Content: undefined }), 400, 'r', 'Content is required'],
    ['empty content', sendMessage({ Content: '' }), 400, 'r', 'Content must be at least 1 characters, got 0'],
    ['no ID of a message', { Action: 'DELETE_MESSAGE', RequestId: 'r' }, 400, 'r', 'Id is required'],
    ['no user ID', { Action: 'DISCONNECT_USER', RequestId: 'r' }, 400, 'r', 'UserId is required'],
    ['content that is no string', sendMessage({ Content: 1 }), 400, 'r', `Content must be a string, got ${hidden}`],
    [
      'content of more characters than the room allows', sendMessage({ Content: '👋'.repeat(501) }), 400, 'r',
      'Message exceeds maximum length',
    ],
    [
      'attributes that are no strings', sendMessage({ Attributes: { a: 1 } }), 400, 'r',
      `Attributes.a must be a string, got ${hidden}`,
    ],
    [
      'attributes of more than 1 KB', sendMessage({ Attributes: { a: 'é'.repeat(512) } }), 413, 'r',
      'Attributes must be at most 1024 bytes of keys and values together, got 1025',
    ],
    [
      'content and attributes that are too long',
      sendMessage({ Content: 'x'.repeat(501), Attributes: { a: 'x'.repeat(1024) } }), 400, 'r',
      'Message exceeds maximum length',
    ],
    ['a RequestId of more than 64 characters', { RequestId: 'r'.repeat(65) }, 400, 'r'.repeat(65), noAction],
    [
      'a binary frame of more than 8 KiB', Buffer.alloc(8193), 413, '', 'A request must be at most 8192 bytes',
    ],
    [
      'a frame of more than 8 KiB', sendMessage({ Content: 'x'.repeat(9000) }), 413, '',
      'A request must be at most 8192 bytes',
    ],
    [
      'an id of another length', { Action: 'DELETE_MESSAGE', Id: 'short', RequestId: 'r' }, 400, 'r',
      'Id must be exactly 12 characters, got 5',
    ],
    [
      'a reason of a deletion that is too long',
      { Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAAA', Reason: 'x'.repeat(257), RequestId: 'r' }, 400, 'r',
      'Reason must be between 1 and 256 characters, got 257',
    ],
    [
      'a reason that is too long', { Action: 'DISCONNECT_USER', UserId: 'u', Reason: 'x'.repeat(257), RequestId: 'r' },
      400, 'r', 'Reason must be between 1 and 256 characters, got 257',
    ],
    [
      'two problems', { Action: 'DELETE_MESSAGE', Id: 'short', Reason: 7, RequestId: 'r' }, 400, 'r',
      'Id must be exactly 12 characters, got 5; Reason must be a string, got 7',
    ],
    [
      'a RequestId that is no string', sendMessage({ RequestId: 7 }), 400, '',
      `RequestId must be a string, got ${hidden}`,
    ],
  ];
  test.each(cases)('%s', async (_what, frame, code, requestId, message) => {
    const sender = await fixture.connect(room, 'u', EVERYTHING);
    const witness = await fixture.connect(room, 'w');
    const error = await sender.ask(frame);
    expect(error).toEqual({
      Type: 'ERROR',
      Id: expect.stringMatching(ID),
      RequestId: requestId,
      ErrorCode: code,
      ErrorMessage: message,
    });
    const { operation } = (await fixture.state()).requests[0]!;
    expect(operation).toMatch(/^([A-Z]+_[A-Z]+|unknown)$/);
    const longest = { Action: 'SEND_MESSAGE', Content: '👋'.repeat(500), RequestId: '' };
    longest.RequestId = 'x'.repeat(8192 - Buffer.byteLength(JSON.stringify(longest)));
    expect(await sender.ask(longest)).toMatchObject({ Type: 'MESSAGE', RequestId: longest.RequestId });
    expect((await witness.next()).Type).toBe('MESSAGE');
  });

  test('a message that is too long and a rate that is too high have the texts that front ends compare', async () => {
    const slow = await fixture.createRoom({ maximumMessageRatePerSecond: 1, maximumMessageLength: 5 });
    const sender = await fixture.connect(slow, 'u', EVERYTHING);
    const tooLong = { Action: 'SEND_MESSAGE', Content: '12345👋' };
    expect(await sender.ask(tooLong)).toMatchObject({ ErrorMessage: 'Message exceeds maximum length' });
    expect(await sender.ask(tooLong)).toMatchObject({ ErrorMessage: 'rate limit exceeded' });

    const errors = (await fixture.state()).requests.map(({ error }) => error);
    expect(errors).toContain('Messages must be at most 5 characters, not 6');
    expect(errors).toContain('More than 1 messages per second in this room');
  });

  test('403 without the capability of the action', async () => {
    const viewer = await fixture.connect(room, 'u');
    for (const frame of [
      { Action: 'SEND_MESSAGE', Content: 'x' },
      { Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAA1' },
      { Action: 'DISCONNECT_USER', UserId: 'u' },
    ]) {
      expect(await viewer.ask(frame)).toMatchObject({
        ErrorCode: 403, ErrorMessage: `The chat token does not have the capability ${frame.Action}`,
      });
    }
    for (const Action of EVERYTHING) {
      const one = await fixture.connect(room, 'one', [Action]);
      const all = { Content: 'x', Id: 'AAAAAAAAAAA1', UserId: 'nobody' };
      for (const asked of EVERYTHING) {
        expect([asked, (await one.ask({ ...all, Action: asked })).ErrorCode]).toEqual([
          asked, asked === Action ? undefined : 403,
        ]);
      }
    }
  });

  test('429 above the rate of the connection and of the room', async () => {
    const sender = await fixture.connect(room, 'u', EVERYTHING);
    for (let i = 0; i < 10; i++) {
      expect(await sender.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAA1' })).toMatchObject({ Type: 'EVENT' });
    }
    expect(await sender.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAA1', RequestId: 'r' })).toMatchObject({
      ErrorCode: 429,
      ErrorMessage: 'rate limit exceeded',
      RequestId: 'r',
    });
    expect((await fixture.state()).requests[0]!.error).toBe('More than 10 requests per second on this connection');
    // The rate applies before a frame is looked at.
    for (const frame of [Buffer.from('{}'), 'x'.repeat(9000), 'nonsense']) {
      expect(await sender.ask(frame)).toMatchObject({ ErrorCode: 429 });
    }
    clock.advance(100);
    expect(await sender.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAA1' })).toMatchObject({ Type: 'EVENT' });
    expect(await sender.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAA1' })).toMatchObject({ ErrorCode: 429 });
    clock.advance(1000);
    const slow = await fixture.createRoom({ maximumMessageRatePerSecond: 2 });
    const [one, two] = [await fixture.connect(slow, 'a', EVERYTHING), await fixture.connect(slow, 'b', EVERYTHING)];
    expect(await one.ask({ Action: 'SEND_MESSAGE', Content: '1' })).toMatchObject({ Type: 'MESSAGE' });
    await two.next();
    expect(await two.ask({ Action: 'SEND_MESSAGE', Content: '2' })).toMatchObject({ Type: 'MESSAGE' });
    await one.next();
    expect(await one.ask({ Action: 'SEND_MESSAGE', Content: '3' })).toMatchObject({ ErrorCode: 429 });
    clock.advance(500);
    expect(await one.ask({ Action: 'SEND_MESSAGE', Content: '4' })).toMatchObject({ Type: 'MESSAGE' });
  });

  test('the message rate of a room does not count the messages of another room', async () => {
    for (let i = 0; i < 2; i++) {
      const slow = await fixture.createRoom({ maximumMessageRatePerSecond: 1 });
      const sender = await fixture.connect(slow, 'u', EVERYTHING);
      expect(await sender.ask({ Action: 'SEND_MESSAGE', Content: '1' })).toMatchObject({ Type: 'MESSAGE' });
      expect(await sender.ask({ Action: 'SEND_MESSAGE', Content: '2' })).toMatchObject({ ErrorCode: 429 });
    }
  });
});

describe('ends', () => {
  test('the end of a session sends ERROR 401 and closes the connection', async () => {
    const connection = await fixture.connect(room, 'u', [], { sessionDurationInMinutes: 2 });
    clock.advance(119_000);
    expect(connection.frames).toEqual([]);
    clock.advance(1000);
    expect(await connection.next()).toMatchObject({
      Type: 'ERROR', ErrorCode: 401, ErrorMessage: 'The session has expired',
    });
    expect(await connection.closed).toBe(1000);
  });

  test('a connection that closes before the end of its session has no effect later', async () => {
    const connection = await fixture.connect(room, 'u', [], { sessionDurationInMinutes: 1 });
    const witness = await fixture.connect(room, 'w', [], { sessionDurationInMinutes: 2 });
    connection.socket.close();
    while ((await fixture.state()).counts.connections > 1) await new Promise(setImmediate);
    clock.advance(60_000);
    const { frames, parts } = await fixture.firstUpdate();
    expect(frames.map(({ type }) => type)).toEqual(['CONNECT', 'CONNECT', 'CLOSE']);
    expect(parts.activity).toMatchObject([{ connections: 1 }]);
    expect(witness.frames).toEqual([]);
  });

  test('an unexpected error is an ERROR 500, which is printed', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    let isBroken = false;
    const broken = await Fixture.start({
      clock,
      random: (size) => {
        if (!isBroken) return systemRandom(size);
        isBroken = false;
        throw new Error('no entropy');
      },
    });
    const sender = await broken.connect(await broken.createRoom(), 'u', EVERYTHING);
    isBroken = true;
    expect(await sender.ask({ Action: 'SEND_MESSAGE', Content: 'x', RequestId: 'r' })).toMatchObject({
      Type: 'ERROR', RequestId: 'r', ErrorCode: 500, ErrorMessage: 'Internal server error',
    });
    expect(printed).toHaveBeenCalledTimes(1);
    printed.mockRestore();
    await broken.end();
  });

  test('a delayed request to a room that was deleted meanwhile is a 404', async () => {
    const sender = await fixture.connect(room, 'u', EVERYTHING);
    const viewer = await fixture.connect(room, 'v');
    fixture.chat.faults.add({ kind: 'latency', operation: 'SEND_MESSAGE', milliseconds: 0 });
    const { call } = fixture.chat;
    const frames = async () => (await fixture.firstUpdate()).frames.filter(({ type }) => type === 'SEND_MESSAGE');
    for (const [index, connection] of [sender, viewer].entries()) {
      connection.send({ Action: 'SEND_MESSAGE', Content: 'x' });
      while ((await frames()).length <= index) await new Promise(setImmediate);
    }
    await call('DeleteRoom', { identifier: room });
    clock.advance(0);
    await Promise.all([sender.closed, viewer.closed]);
    expect((await fixture.firstUpdate()).requests.slice(-2)).toMatchObject([
      { operation: 'SEND_MESSAGE', status: 404, message: 'The room does not exist' },
      { status: 403, message: 'The chat token does not have the capability SEND_MESSAGE' },
    ]);
  });

  test('the console shows the reason of each end of a connection', async () => {
    const { call, dropConnections, faults } = fixture.chat;
    const open = (userId: string) => fixture.connect(room, userId, EVERYTHING, { sessionDurationInMinutes: 1 });
    const ends: [string, (connection: TestConnection) => unknown, object][] = [
      [
        'leaves', ({ socket }) => socket.close(4321),
        { Code: 4321, Reason: 'the client closed the connection with the code 4321' },
      ],
      [
        'is lost', ({ socket }) => socket.terminate(),
        { Code: 1006, Reason: 'the connection was lost without a close frame' },
      ],
      [
        'rude', (connection) => connection.send({ Action: 'DISCONNECT_USER', UserId: 'rude', Reason: 'spam' }),
        { Code: 1000, Reason: 'disconnected, reason: spam', ClosedBy: 'rude' },
      ],
      [
        'bye', () => call('DisconnectUser', { roomIdentifier: room, userId: 'bye' }),
        { Code: 1000, Reason: 'disconnected' },
      ],
      ['dropped', () => dropConnections(room), { Code: 1006, Reason: 'dropped by the console or a test' }],
      [
        'dropped first', () => {
          dropConnections(room);
          return call('DisconnectUser', { roomIdentifier: room, userId: 'dropped first' });
        }, { Code: 1006, Reason: 'dropped by the console or a test' },
      ],
      [
        'faulty', (connection) => {
          faults.add({ kind: 'lostRequest', operation: 'SEND_MESSAGE', times: 1 });
          connection.send({ Action: 'SEND_MESSAGE', Content: 'x' });
        }, { Code: 1006, Reason: 'an injected fault' },
      ],
      [
        'broken', ({ socket }) => {
          socket.pause(); // does not answer the close frame
          (socket as any)._socket.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]));
        },
        { Code: 1006, Reason: 'an invalid frame: Invalid WebSocket frame: invalid UTF-8 sequence' },
      ],
      ['expires', () => clock.advance(60_000), { Code: 1000, Reason: 'the session ended' }],
      ['last', () => call('DeleteRoom', { identifier: room }), { Code: 1000, Reason: 'the room was deleted' }],
    ];
    const closes = async () => (await fixture.firstUpdate()).frames.filter(({ type }) => type === 'CLOSE');
    for (const [index, [userId, end, content]] of ends.entries()) {
      const connection = await open(userId);
      await end(connection);
      while ((await closes()).length <= index) await new Promise(setImmediate);
      expect((await closes())[index]).toEqual({
        number: expect.any(Number),
        time: new Date(clock.now()).toISOString(),
        direction: 'connection',
        type: 'CLOSE',
        roomArn: room,
        userId,
        content,
        bytes: Buffer.byteLength(JSON.stringify(content)),
      });
    }
  });

  test('the next ping ends a connection that does not answer its disconnection, with the same reason', async () => {
    const intervals = jest.spyOn(globalThis, 'setInterval');
    const pinged = await Fixture.start({ clock, pingMilliseconds: 1_000_000 });
    const ping = intervals.mock.calls.find(([, milliseconds]) => milliseconds === 1_000_000)![0] as () => void;
    intervals.mockRestore();
    const connection = await pinged.connect(await pinged.createRoom(), 'u');
    connection.socket.pause();
    ping();
    await pinged.chat.call('DisconnectUser', { roomIdentifier: (await pinged.state()).rooms[0]!.arn, userId: 'u' });
    ping();
    let last: { type: string } | undefined;
    while (last?.type !== 'CLOSE') last = (await pinged.firstUpdate()).frames.at(-1);
    expect(last).toMatchObject({ content: { Code: 1006, Reason: 'disconnected' } });
    await pinged.end();
  });

  test('an error of a socket that waits for its handshake has no other effect', async () => {
    const created = jest.spyOn(http, 'createServer');
    const waiting = await Fixture.start({ clock });
    const server = created.mock.results[0]!.value as http.Server;
    created.mockRestore();
    const upgrading = new Promise<Duplex>((resolve) => {
      server.prependListener('upgrade', (_request, socket) => resolve(socket));
    });
    waiting.chat.faults.add({ kind: 'latency', operation: 'CONNECT' });
    const opening = waiting.open(await waiting.token(await waiting.createRoom(), 'u'));
    const socket = await upgrading;
    await new Promise(setImmediate);
    socket.emit('error', new Error('ECONNRESET'));
    await expect(opening).rejects.toThrow('socket hang up');
    expect(socket.destroyed).toBe(true);
    await waiting.end();
  });

  test('DeleteRoom closes all connections with code 1000', async () => {
    const connections = [await fixture.connect(room, 'u1'), await fixture.connect(room, 'u2')];
    await fixture.client.send(new sdk.DeleteRoomCommand({ identifier: room }));
    expect(await Promise.all(connections.map(({ closed }) => closed))).toEqual([1000, 1000]);
  });

  test('a frame of more than 32 KiB and invalid UTF-8 close the connection', async () => {
    const big = await fixture.connect(room, 'u');
    expect(await big.ask('x'.repeat(32 * 1024))).toMatchObject({ ErrorCode: 413 });
    big.send('x'.repeat(32 * 1024 + 1));
    expect(await big.closed).toBe(1009);
    const broken = await fixture.connect(room, 'u');
    (broken.socket as any)._socket.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]));
    expect(await broken.closed).toBe(1007);
  });

  test('a connection without pongs is closed, independently of the virtual clock', async () => {
    const pinged = await Fixture.start({ clock, pingMilliseconds: 250 });
    const arn = await pinged.createRoom();
    const [here, gone] = [await pinged.connect(arn, 'u'), await pinged.connect(arn, 'u')];
    gone.socket.pause();
    clock.advance(59 * 60_000);
    for (let pings = 0; pings < 3; pings++) await new Promise((resolve) => here.socket.once('ping', resolve));
    gone.socket.resume();
    expect(await gone.closed).toBe(1006);
    expect(here.socket.readyState).toBe(here.socket.OPEN);
    expect((await pinged.firstUpdate()).frames.at(-1)).toMatchObject({
      type: 'CLOSE', content: { Code: 1006, Reason: 'the client did not answer a ping' },
    });
    await pinged.end();
  });

  test('a connection that does not read is closed without an effect on others', async () => {
    const lazy = await fixture.connect(room, 'lazy');
    lazy.socket.pause();
    const awake = await fixture.connect(room, 'awake');
    const attributes = { text: '\u0001'.repeat(1000) }; // 6 kB as JSON
    const events = 1600; // 9 MB, more than the buffers of the kernel and the maximum backlog
    for (let sent = 0; sent < events; sent += 100) {
      await Promise.all(
        [...Array(100)].map(() =>
          fixture.client.send(new sdk.SendEventCommand({ roomIdentifier: room, eventName: 'e', attributes })),
        ),
      );
    }
    for (let i = 0; i < events; i++) await awake.next();
    lazy.socket.resume();
    expect(await lazy.closed).toBe(1006);
    expect(lazy.frames.length).toBeLessThan(events);
  }, 60_000);
});
