import { WebSocket } from 'ws';
import type { Kit } from '../kit';
import { asking } from '../probe';

const ask = asking('Messaging', 'local IVS Chat');

/** A connection to a room. It collects the frames that it receives. */
class Connection {
  readonly frames: any[] = [];
  closeCode?: number;

  private constructor(private readonly kit: Kit, private readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => {});
  }

  static async open(kit: Kit, roomIdentifier: string, sessionDurationInMinutes?: number): Promise<Connection> {
    const input = { roomIdentifier, userId: 'verify', sessionDurationInMinutes };
    const { token } = await kit.client.createChatToken({ ...input, capabilities: ['SEND_MESSAGE'] });
    const connection = new Connection(kit, new WebSocket(kit.target.endpoints.messaging, token!));
    await kit.until('the connection is open', async () => connection.socket.readyState !== WebSocket.CONNECTING);
    if (connection.socket.readyState !== WebSocket.OPEN) throw new Error('the connection was refused');
    return connection;
  }

  send(frame: string | Buffer, binary = false): void {
    this.socket.send(frame, { binary });
  }

  /** Sends a message, and returns the frame that answers it. */
  async ask(members: object, binary = false): Promise<any> {
    const before = this.frames.length;
    this.send(JSON.stringify({ Action: 'SEND_MESSAGE', ...members }), binary);
    const isAnswered = async () => this.frames.length > before || this.closeCode !== undefined;
    await this.kit.until('a response arrives', isAnswered, 20);
    await this.kit.pause(150); // fewer than ten requests per second
    return this.frames[before] ?? { Type: `closed with ${this.closeCode}` };
  }

  /** Sends two messages at the same time, and returns the contents that are delivered. */
  async both(...contents: readonly [string, string]): Promise<string[]> {
    const before = this.frames.length;
    for (const Content of contents) this.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content }));
    await this.kit.until('both are delivered', async () => this.frames.length >= before + 2, 20);
    return this.frames.slice(before).map(({ Content }) => String(Content));
  }

  async closed(): Promise<number> {
    await this.kit.until('the connection is closed', async () => this.closeCode !== undefined, 20);
    return this.closeCode!;
  }

  close(): void {
    this.socket.close();
  }
}

/** Does work with one connection to the given room. The default is a new room. */
async function connected<Result>(
  kit: Kit, work: (connection: Connection) => Promise<Result>, roomIdentifier?: string, minutes?: number,
): Promise<Result> {
  const room = roomIdentifier ?? await kit.createRoom({ maximumMessageRatePerSecond: 100 });
  const connection = await Connection.open(kit, room, minutes);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

const shown = ({ Type, ErrorCode }: any) => (Type === 'ERROR' ? `ERROR ${ErrorCode}` : String(Type));

/** Whether the handler of the main stack has appended the message id. */
const wasReviewed = (content: string) => content.includes(' ');

/**
 * Does work in the room with the handler, after two instances of the handler are warm. The first review of an instance
 * takes longer than 200 ms.
 */
async function reviewed<Result>(kit: Kit, work: (connection: Connection) => Promise<Result>): Promise<Result> {
  return connected(kit, async (connection) => {
    for (let attempt = 0; !(await connection.both('slow', 'warm')).every(wasReviewed); attempt++) {
      if (attempt === 20) throw new Error('no review came within 200 ms');
      await kit.pause(500);
    }
    return work(connection);
  }, await kit.output('Reviewed'));
}

export const messaging = [
  ask('too-long', 'Which errors does the service give for content and attributes that are too long?',
    'ERROR 400, ERROR 413',
    (kit) => connected(kit, async (connection) => {
      const content = await connection.ask({ Content: 'x'.repeat(501) });
      const attributes = await connection.ask({ Content: 'x', Attributes: { a: 'x'.repeat(2000) } });
      return [content, attributes].map(shown).join(', ');
    })),
  ask('key-case', 'Are the keys of a messaging request accepted in lower case?', 'MESSAGE with attributes',
    (kit) => connected(kit, async (connection) => {
      const members = { Action: undefined, action: 'SEND_MESSAGE', content: 'x', attributes: { a: 'b' } };
      const frame = await connection.ask(members);
      return `${shown(frame)} ${frame.Attributes?.a === 'b' ? 'with' : 'without'} attributes`;
    })),
  ask('error-texts', 'Which texts do the errors for content that is too long and for rates have?',
    'Message exceeds maximum length; rate limit exceeded',
    (kit) => connected(kit, async (connection) => {
      const { ErrorMessage } = await connection.ask({ Content: 'x'.repeat(501) });
      for (let count = 0; count < 30; count++) connection.send('{"Action":"SEND_MESSAGE","Content":"x"}');
      const isRateError = ({ ErrorCode }: any) => ErrorCode === 429;
      await kit.until('an error for the rate arrives', async () => connection.frames.some(isRateError), 20);
      return `${ErrorMessage}; ${connection.frames.find(isRateError).ErrorMessage}`;
    })),
  ask('attribute-size',
    'Which sizes of message attributes are accepted: 1,024 and 1,025 bytes of keys and values, in ASCII and in UTF-8?',
    'MESSAGE, ERROR 413, MESSAGE, ERROR 413', (kit) => connected(kit, async (connection) => {
      const seen = [];
      for (const a of ['x'.repeat(1023), 'x'.repeat(1024), `x${'é'.repeat(511)}`, 'é'.repeat(512)]) {
        seen.push(shown(await connection.ask({ Content: 'x', Attributes: { a } })));
      }
      return seen.join(', ');
    })),
  ask('request-id', 'Is a RequestId of 4,000 characters accepted?', 'MESSAGE',
    (kit) => connected(kit, async (connection) =>
      shown(await connection.ask({ Content: 'x', RequestId: 'r'.repeat(4000) })))),
  ask('binary-frame', 'What is the response to a binary frame?', 'ERROR 400',
    (kit) => connected(kit, async (connection) =>
      shown(await connection.ask({ Content: 'x' }, true)))),
  ask('close-codes', 'Which codes does the service close a connection with after invalid UTF-8, and after 33 KiB?',
    '1007, 1009',
    async (kit) => {
      const code = (frame: Buffer) => connected(kit, (connection) => {
        connection.send(frame);
        return connection.closed();
      });
      return [await code(Buffer.from([0xff, 0xfe])), await code(Buffer.alloc(33 * 1024, 'x'))].join(', ');
    }),
  ask('odd-denial', 'Is a message denied if the other members of the review are invalid and fallbackResult is ALLOW?',
    'ERROR 406',
    (kit) => reviewed(kit, async (connection) => shown(await connection.ask({ Content: 'deny' })))),
  ask('review-id', 'Does the handler see the MessageId that is delivered?', 'the same id',
    (kit) => reviewed(kit, async (connection) => {
      const { Id, Content } = await connection.ask({ Content: 'id' });
      return Content === `id ${Id}` ? 'the same id' : `delivered ${Id}, reviewed ${Content}`;
    })),
  ask('review-order', 'In which order are two messages delivered if the review of the first takes longer?',
    'fast, slow',
    (kit) => reviewed(kit, async (connection) => {
      const contents = await connection.both('slow', 'fast');
      if (!contents.every(wasReviewed)) throw new Error('a review took longer than 200 ms');
      return contents.map((content) => content.split(' ')[0]).join(', ');
    })),
];

/** The last probe, because it advances the clock of the local service. */
export const sessionEnd = ask('session-end', 'How does a session end?', 'ERROR 401, then a close with 1000',
  (kit) => connected(kit, async (connection) => {
    await kit.target.wait(65_000, kit.options.signal);
    const code = await connection.closed();
    return `${connection.frames.map(shown).join(', ') || 'no frame'}, then a close with ${code}`;
  }, undefined, 1));
