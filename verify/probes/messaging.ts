import { WebSocket } from 'ws';
import type { Kit } from '../kit';
import type { Probe } from '../probe';

const group = 'Messaging';

/** A connection to a room that collects what it gets. */
class Connection {
  readonly frames: any[] = [];
  closeCode?: number;

  private constructor(private readonly kit: Kit, private readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    socket.on('close', (code) => { this.closeCode = code; });
    socket.on('error', () => {});
  }

  static async open(kit: Kit, roomIdentifier: string, sessionDurationInMinutes?: number): Promise<Connection> {
    const { token } = await kit.client.createChatToken({ roomIdentifier, userId: 'verify', capabilities: ['SEND_MESSAGE', 'DELETE_MESSAGE'], sessionDurationInMinutes });
    const connection = new Connection(kit, new WebSocket(kit.target.endpoints.messaging, token!));
    await kit.until('the connection is open', async () => connection.socket.readyState !== WebSocket.CONNECTING);
    if (connection.socket.readyState !== WebSocket.OPEN) throw new Error('the connection was refused');
    return connection;
  }

  send(frame: object | Buffer, options: { binary?: boolean } = {}): void {
    this.socket.send(Buffer.isBuffer(frame) ? frame : JSON.stringify(frame), options);
  }

  /** Sends a message, and returns the frame that answers it. The frame of an error has no RequestId if the request was not readable. */
  async ask(members: object, options: { binary?: boolean } = {}): Promise<any> {
    const before = this.frames.length;
    const frame = Buffer.from(JSON.stringify({ Action: 'SEND_MESSAGE', ...members }));
    this.send(frame, { binary: false, ...options });
    await this.kit.until('an answer comes', async () => this.frames.length > before || this.closeCode !== undefined, 20);
    await this.kit.pause(150); // below ten requests a second
    return this.frames[before] ?? { Type: `closed with ${this.closeCode}` };
  }

  async closed(): Promise<number> {
    await this.kit.until('the connection is closed', async () => this.closeCode !== undefined, 20);
    return this.closeCode!;
  }

  close(): void {
    this.socket.close();
  }
}

/** Does work over one connection to a new room, or to the given one. */
async function connected<Result>(kit: Kit, work: (connection: Connection) => Promise<Result>, roomIdentifier?: string, minutes?: number): Promise<Result> {
  const connection = await Connection.open(kit, roomIdentifier ?? await kit.createRoom({ maximumMessageRatePerSecond: 100 }), minutes);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

const shown = ({ Type, ErrorCode }: any) => (Type === 'ERROR' ? `ERROR ${ErrorCode}` : String(Type));

/** A room with a review handler that has run lately, in two instances: the first reviews of a function take longer than 200 ms. */
async function reviewed<Result>(kit: Kit, work: (connection: Connection) => Promise<Result>): Promise<Result> {
  return connected(kit, async (connection) => {
    for (let attempt = 0; ; attempt++) {
      const from = connection.frames.length;
      for (const Content of ['warm', 'slow']) connection.send({ Action: 'SEND_MESSAGE', Content });
      await kit.until('two answers come', async () => connection.frames.length >= from + 2, 20);
      if (connection.frames.slice(from).every(({ Content }) => / /.test(Content ?? ''))) break;
      if (attempt === 20) throw new Error('no review came within 200 ms');
      await kit.pause(500);
    }
    return work(connection);
  }, await kit.output('Reviewed'));
}

export const messaging: readonly Probe[] = [
  {
    id: 'too-long',
    group,
    question: 'Which errors do content and attributes give that are too long?',
    assumes: 'local IVS Chat: ERROR 400; ERROR 413',
    run: (kit) => connected(kit, async (connection) => {
      const content = shown(await connection.ask({ Content: 'x'.repeat(501) }));
      const attributes = shown(await connection.ask({ Content: 'x', Attributes: { a: 'x'.repeat(2000) } }));
      return { seen: `content ${content}, attributes ${attributes}`, holds: content === 'ERROR 400' && attributes === 'ERROR 413' };
    }),
  },
  {
    id: 'attribute-size',
    group,
    question: 'How is 1 KB of message attributes counted?',
    assumes: 'local IVS Chat: 1,024 bytes of keys and values in UTF-8',
    run: (kit) => connected(kit, async (connection) => {
      const size = async (value: string) => shown(await connection.ask({ Content: 'x', Attributes: { a: value } }));
      const sizes = [await size('x'.repeat(1023)), await size('x'.repeat(1024)), await size(`x${'é'.repeat(511)}`), await size('é'.repeat(512))];
      return {
        seen: `1,024 bytes ${sizes[0]}, 1,025 bytes ${sizes[1]}, 1,024 bytes in UTF-8 ${sizes[2]}, 1,025 bytes in UTF-8 ${sizes[3]}`,
        holds: sizes[0] === 'MESSAGE' && sizes[1]!.startsWith('ERROR') && sizes[2] === 'MESSAGE' && sizes[3]!.startsWith('ERROR'),
      };
    }),
  },
  {
    id: 'request-id',
    group,
    question: 'Is a RequestId of any length accepted?',
    assumes: 'local IVS Chat: accepted, within the frame',
    run: (kit) => connected(kit, async (connection) => {
      const seen = shown(await connection.ask({ Content: 'x', RequestId: 'r'.repeat(4000) }));
      return { seen: `4,000 characters: ${seen}`, holds: seen === 'MESSAGE' };
    }),
  },
  {
    id: 'binary-frame',
    group,
    question: 'What is the answer to a binary frame?',
    assumes: 'local IVS Chat: ERROR 400',
    run: (kit) => connected(kit, async (connection) => {
      const seen = shown(await connection.ask({ Content: 'x' }, { binary: true }));
      return { seen, holds: seen === 'ERROR 400' };
    }),
  },
  {
    id: 'close-codes',
    group,
    question: 'With which codes does the service close a connection that sends broken UTF-8, and one that sends 33 KiB?',
    assumes: 'local IVS Chat: 1007, 1009',
    async run(kit) {
      const code = (frame: Buffer) => connected(kit, async (connection) => {
        connection.send(frame, { binary: false });
        return connection.closed();
      });
      const codes = [await code(Buffer.from([0xff, 0xfe])), await code(Buffer.alloc(33 * 1024, 'x'))];
      return { seen: codes.join(', '), holds: codes.join() === '1007,1009' };
    },
  },
  {
    id: 'odd-denial',
    group,
    question: 'Does a denial stand if the other members of the review are wrong?',
    assumes: 'local IVS Chat: it stands (ERROR 406), although fallbackResult is ALLOW',
    run: (kit) => reviewed(kit, async (connection) => {
      const seen = shown(await connection.ask({ Content: 'deny' }));
      return { seen, holds: seen === 'ERROR 406' };
    }),
  },
  {
    id: 'review-id',
    group,
    question: 'Does the handler see the MessageId that is delivered?',
    assumes: 'local IVS Chat: yes',
    run: (kit) => reviewed(kit, async (connection) => {
      const { Id, Content } = await connection.ask({ Content: 'id' });
      const same = Content === `id ${Id}`;
      return { seen: same ? 'the same id' : `delivered ${Id}, reviewed ${Content}`, holds: same };
    }),
  },
  {
    id: 'review-order',
    group,
    question: 'Are messages that are under review at the same time delivered as their reviews end?',
    assumes: 'local IVS Chat: yes; a faster review overtakes',
    run: (kit) => reviewed(kit, async (connection) => {
      const from = connection.frames.length;
      for (const Content of ['slow', 'fast']) connection.send({ Action: 'SEND_MESSAGE', Content });
      await kit.until('both are delivered', async () => connection.frames.length >= from + 2, 20);
      const contents = connection.frames.slice(from).map(({ Content }) => String(Content));
      if (!contents.every((content) => / /.test(content))) throw new Error('a review took longer than 200 ms');
      return { seen: contents.map((content) => content.split(' ')[0]).join(', then '), holds: contents[0]!.startsWith('fast') };
    }),
  },
];

/** The last probe: locally, it moves the clock of the service away from the others. */
export const sessionEnd: Probe = {
  id: 'session-end',
  group,
  question: 'How does a session end?',
  assumes: 'local IVS Chat: ERROR 401, then a close with 1000',
  run: (kit) => connected(kit, async (connection) => {
    await kit.target.wait(65_000, kit.options.signal);
    const code = await connection.closed();
    const seen = `${connection.frames.map(shown).join(', ') || 'no frame'}, then a close with ${code}`;
    return { seen, holds: seen === 'ERROR 401, then a close with 1000' };
  }, undefined, 1),
};
