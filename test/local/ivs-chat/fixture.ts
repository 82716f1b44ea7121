import * as sdk from '@aws-sdk/client-ivschat';
import { WebSocket } from 'ws';
import { VirtualClock } from '../../../local/clock';
import type { ConsoleState } from '../../../local/ivs-chat/console/console-state';
import type { ConsoleUpdate } from '../../../local/ivs-chat/console/console-update';
import {
  startLocalIvsChat,
  type LocalIvsChat,
  type LocalIvsChatOptions,
} from '../../../local/ivs-chat/start-local-ivs-chat';

export type Frame = { [key: string]: any };
type TokenInput = Partial<sdk.CreateChatTokenCommandInput>;

/** Returns the error of a rejected promise. */
export async function failure(promise: Promise<unknown>): Promise<any> {
  return promise.then(() => {
    throw new Error('it succeeded');
  }, (error) => error);
}

jest.setTimeout(30_000); // enough for a busy machine

/** A local IVS Chat with clients of the official SDK and WebSockets. `end()` closes all of them. */
export class Fixture {
  static async start(options: LocalIvsChatOptions = {}): Promise<Fixture> {
    return new Fixture(await startLocalIvsChat(options));
  }

  readonly client: sdk.IvschatClient;
  private readonly clients: sdk.IvschatClient[] = [];
  private readonly sockets: WebSocket[] = [];

  private constructor(readonly chat: LocalIvsChat) {
    this.client = this.clientOf(chat.identities.administrator);
  }

  /** Creates a client of the official SDK. */
  clientOf(credentials: sdk.IvschatClientConfig['credentials'], over: sdk.IvschatClientConfig = {}): sdk.IvschatClient {
    const client = new sdk.IvschatClient({
      endpoint: this.chat.controlPlane,
      region: this.chat.region,
      credentials,
      maxAttempts: 1,
      ...over,
    });
    this.clients.push(client);
    return client;
  }

  async createRoom(input: sdk.CreateRoomCommandInput = {}): Promise<string> {
    return (await this.client.send(new sdk.CreateRoomCommand(input))).arn!;
  }

  async token(
    roomIdentifier: string,
    userId: string,
    capabilities: string[] = [],
    over: TokenInput = {},
  ): Promise<string> {
    const input = { roomIdentifier, userId, capabilities: capabilities as sdk.ChatTokenCapability[], ...over };
    return (await this.client.send(new sdk.CreateChatTokenCommand(input))).token!;
  }

  /** Opens a connection, or returns the HTTP status of the refusal. */
  async open(
    protocols?: string | string[],
    headers: { [name: string]: string } = {},
  ): Promise<TestConnection | number> {
    const socket = new WebSocket(this.chat.messaging, protocols, { headers });
    this.sockets.push(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(connection));
      socket.on('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode!);
      });
      socket.on('error', reject);
      const connection = new TestConnection(socket);
    });
  }

  async connect(
    roomArn: string,
    userId: string,
    capabilities: string[] = [],
    over: TokenInput = {},
  ): Promise<TestConnection> {
    const connection = await this.open(await this.token(roomArn, userId, capabilities, over));
    if (typeof connection === 'number') throw new Error(`refused with ${connection}`);
    return connection;
  }

  /** Returns the state that the web console shows. */
  async state(): Promise<ConsoleState> {
    return (await fetch(`${this.chat.console}state`)).json() as Promise<ConsoleState>;
  }

  /** Returns the first update that a page of the web console receives. */
  async firstUpdate(): Promise<ConsoleUpdate> {
    const response = await fetch(`${this.chat.console}events`);
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes('\n\n')) break; // also closes the stream
    }
    return JSON.parse(text.slice('data: '.length, text.indexOf('\n\n'))) as ConsoleUpdate;
  }

  async end(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    for (const client of this.clients) client.destroy();
    await this.chat.close();
  }
}

/** A virtual clock that shows which timers have been set, so that a test can wait until a request has arrived. */
export class ObservedClock extends VirtualClock {
  private readonly delays: number[] = [];
  private readonly waiting: (() => void)[] = [];

  override setTimeout(callback: () => void, milliseconds: number): unknown {
    this.delays.push(milliseconds);
    this.waiting.splice(0).forEach((wake) => wake());
    return super.setTimeout(callback, milliseconds);
  }

  /** Returns how many timers of this length have been set. */
  countOf(milliseconds: number): number {
    return this.delays.filter((delay) => delay === milliseconds).length;
  }

  /** Waits until a timer of this length has been set. */
  async timer(milliseconds: number): Promise<void> {
    while (!this.delays.includes(milliseconds)) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}

/** A WebSocket with its received frames, in order. */
export class TestConnection {
  readonly frames: Frame[] = [];
  readonly closed: Promise<number>;
  private readonly waiting: (() => void)[] = [];
  private taken = 0;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)));
      this.waiting.splice(0).forEach((wake) => wake());
    });
    this.closed = new Promise((resolve) => socket.on('close', resolve));
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Returns the next frame. */
  async next(): Promise<Frame> {
    while (this.frames.length === this.taken) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.frames[this.taken++]!;
  }

  /** Sends a frame and returns the next received frame. */
  async ask(frame: unknown): Promise<Frame> {
    this.send(frame);
    return this.next();
  }
}
