import { VirtualClock } from '../../../local/clock';
import { systemRandom } from '../../../local/ivs-chat/ids';
import { FrameLog } from '../../../local/ivs-chat/messaging/frame-log';
import { Messaging, type Connection } from '../../../local/ivs-chat/messaging/messaging';
import { RateLimit } from '../../../local/ivs-chat/rate-limit';

const clock = new VirtualClock();
const ROOM = 'arn:aws:ivschat:us-west-2:123456789012:room/AAAAAAAAAAAA';

/** Creates a connection that records its writes. */
function connection(userId: string, roomArn = ROOM) {
  const written: string[] = [];
  const webSocket = {
    readyState: 1,
    OPEN: 1,
    close: () => {
      written.push('closed');
    },
    terminate: () => {
      written.push('dropped');
    },
  };
  const stream = {
    writableLength: 0,
    write: (bytes: Uint8Array) => {
      written.push(
        ...(Buffer.from(bytes)
          .toString('latin1')
          .match(/"EventName":"[^"]+"/g) ?? ['other']),
      );
    },
  };
  const grant = {
    roomArn,
    userId,
    attributes: {},
    capabilities: [],
    tokenExpirationTime: 0,
    sessionExpirationTime: 0,
    used: true,
  };
  return {
    written,
    stream,
    connection: {
      webSocket,
      stream,
      grant,
      address: '',
      connectedAt: 0,
      rate: new RateLimit(),
    } as unknown as Connection,
  };
}
const turn = () => new Promise(setImmediate);
const event = (name: string) => `"EventName":"${name}"`;

test('the frames of one turn of the event loop are written together, in order', async () => {
  const messaging = new Messaging(clock, systemRandom, () => {}, new FrameLog(clock, () => {}));
  const one = connection('u');
  const writes = jest.spyOn(one.stream, 'write');
  messaging.join(one.connection);
  for (const name of ['a', 'b', 'c']) messaging.sendEvent(ROOM, name);
  expect(one.written).toEqual([]);
  await turn();
  expect(one.written).toEqual(['a', 'b', 'c'].map(event));
  expect(writes).toHaveBeenCalledTimes(1);
  expect(messaging.deliveries).toBe(3);
});

test('a new connection does not receive earlier frames, even of the same turn', async () => {
  const messaging = new Messaging(clock, systemRandom, () => {}, new FrameLog(clock, () => {}));
  const [early, late] = [connection('early'), connection('late')];
  messaging.join(early.connection);
  messaging.sendEvent(ROOM, 'before');
  messaging.join(late.connection);
  messaging.sendEvent(ROOM, 'after');
  await turn();
  expect(early.written).toEqual(['before', 'after'].map(event));
  expect(late.written).toEqual([event('after')]);
});

test('a connection that is closed receives all earlier frames first', async () => {
  const messaging = new Messaging(clock, systemRandom, () => {}, new FrameLog(clock, () => {}));
  const [one, two] = [connection('one'), connection('two')];
  messaging.join(one.connection);
  messaging.join(two.connection);
  messaging.sendEvent(ROOM, 'before');
  messaging.disconnectUser(ROOM, 'one');
  messaging.sendEvent(ROOM, 'after');
  messaging.closeRoom(ROOM);
  await turn();
  expect(one.written).toEqual([event('before'), event('aws:DISCONNECT_USER'), 'closed']);
  expect(two.written).toEqual([event('before'), event('aws:DISCONNECT_USER'), event('after'), 'closed']);
  expect(messaging.connectionCount).toBe(0);
});

test('a connection with a backlog of more than 1 MiB is closed', async () => {
  const messaging = new Messaging(clock, systemRandom, () => {}, new FrameLog(clock, () => {}));
  const [slow, fast] = [connection('slow'), connection('fast')];
  for (const each of [slow, fast]) messaging.join(each.connection);
  slow.stream.writableLength = 1024 * 1024;
  messaging.sendEvent(ROOM, 'a');
  await turn();
  slow.stream.writableLength++;
  messaging.sendEvent(ROOM, 'b');
  await turn();
  expect([slow.written, fast.written]).toEqual([[event('a'), 'dropped'], [event('a'), event('b')]]);
  expect(slow.connection.closeReason).toBe('the client did not read more than 1 MiB of frames');
  expect(messaging.deliveries).toBe(3);
});

test('an ERROR goes to one connection only, after all earlier frames', async () => {
  const messaging = new Messaging(clock, systemRandom, () => {}, new FrameLog(clock, () => {}));
  const [one, two] = [connection('one'), connection('two')];
  for (const each of [one, two]) messaging.join(each.connection);
  messaging.sendEvent(ROOM, 'before');
  messaging.sendError(one.connection, 400, 'no');
  await turn();
  expect([one.written, two.written]).toEqual([[event('before'), 'other'], [event('before')]]);
  expect(messaging.deliveries).toBe(3);
});

test('a connection that is closing receives nothing, and leaves once', async () => {
  const messaging = new Messaging(clock, systemRandom, () => {}, new FrameLog(clock, () => {}));
  const [one, two] = [connection('one'), connection('two')];
  for (const each of [one, two]) messaging.join(each.connection);
  Object.assign(one.connection.webSocket, { readyState: 2 });
  messaging.sendEvent(ROOM, 'a');
  await turn();
  expect([one.written, two.written]).toEqual([[], [event('a')]]);
  for (let count = 0; count < 2; count++) messaging.leave(one.connection);
  expect(messaging.connectionCount).toBe(1);
  expect([...messaging.connections()]).toEqual([two.connection]);
  messaging.leave(two.connection);
  messaging.leave(two.connection);
  expect(messaging.connectionCount).toBe(0);
  expect((messaging as any).channels.size).toBe(0); // a room without connections uses no memory
});
