/** The messaging client of the examples. The official client is replaced. */
import { WebSocket } from 'ws';
import { replaceWebSocket } from './fake-web-socket';
import { enterRoom, next } from '../../../examples/live-chat/enter-room';

const mockRooms: any[] = [];
jest.mock('amazon-ivs-chat-messaging', () => ({
  ChatRoom: class {
    readonly listeners: { [name: string]: (value?: unknown) => void } = {};
    isConnecting = false;
    constructor(readonly config: object) {
      mockRooms.push(this);
    }
    addListener(name: string, listener: (value?: unknown) => void) {
      expect(this.isConnecting).toBe(name === 'messageDelete');
      this.listeners[name] = listener;
    }
    connect() {
      this.isConnecting = true;
    }
  },
}));
const tokenProvider = async () => ({ token: 'a token' }) as never;
beforeEach(() => {
  mockRooms.length = 0;
});

test('a user has entered the room when the client is connected', async () => {
  const prints = (['log', 'info', 'debug', 'error'] as const).map((name) => jest.spyOn(console, name));
  const entering = enterRoom('us-west-2', tokenProvider);
  const [room] = mockRooms;
  expect(room.config).toEqual({ regionOrUrl: 'us-west-2', tokenProvider });
  for (const name of ['debug', 'info', 'error']) room.logger[name]('a frame');
  for (const print of prints) expect(print).not.toHaveBeenCalled();
  expect(await Promise.race([entering, 'waiting'])).toBe('waiting');
  room.listeners.connect();
  expect(await entering).toBe(room);
  const deleted = next(room, 'messageDelete');
  room.listeners.messageDelete({ id: 'id-1' });
  expect(await deleted).toEqual({ id: 'id-1' });
});

test('a refusal of the service is an error', async () => {
  const entering = enterRoom('us-west-2', tokenProvider);
  mockRooms[0].listeners.disconnect('socketError');
  await expect(entering).rejects.toThrow(new Error('the messaging client was disconnected: socketError'));
});

test('a WebSocket is defined in versions of Node.js without one, and is not replaced', () => {
  const global = globalThis as { WebSocket?: unknown };
  for (const [given, expected] of [[undefined, WebSocket.name], [class Own {}, 'Own']] as const) {
    const restore = replaceWebSocket(given);
    jest.isolateModules(() => jest.requireActual('../../../examples/live-chat/enter-room'));
    const { name } = global.WebSocket as { name: string };
    restore();
    expect(name).toBe(expected);
  }
});
