import type { WebSocket } from 'ws';
import type { ChatTokenGrant } from './chat-tokens';
import type { Clock } from '../../clock';
import type { FrameLog } from './frame-log';
import { encodeFrame, SendTimes, type ErrorFrame, type EventFrame, type MessageFrame } from './frames';
import { newId, type Random } from '../ids';
import type { RateLimit } from '../rate-limit';

/** A connection that was opened with a chat token. */
export interface Connection {
  readonly webSocket: WebSocket;
  /** The stream of the WebSocket. Frames for several connections are encoded once and written directly. */
  readonly stream: { readonly writableLength: number; write(bytes: Uint8Array): unknown };
  readonly grant: ChatTokenGrant;
  readonly address: string;
  /** The start of the connection, in milliseconds since 1970. */
  readonly connectedAt: number;
  readonly rate: RateLimit;
  /** The reason why the service closes the connection. Undefined if the client closes it. */
  closeReason?: string;
  /** The user who disconnected the user of this connection. */
  closedBy?: string;
}

interface Channel {
  readonly connections: Set<Connection>;
  /** The frames that are written together at the end of this turn of the event loop. */
  pending: Buffer[];
}

type Attributes = { readonly [key: string]: string };
export type RoomFrame = MessageFrame | EventFrame;

/** A connection with a larger backlog is closed, to limit memory use. */
const MAXIMUM_BACKLOG_BYTES = 1024 * 1024;

/** The connections of all rooms, and the delivery of frames to them. */
export class Messaging {
  private readonly channels = new Map<string, Channel>();
  private readonly sendTimes = new SendTimes();
  connectionCount = 0;
  /** The number of frames that were written to connections. */
  deliveries = 0;

  /** @param onFrame Receives each message and event once, even if the room has no connections. */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly onFrame: (roomArn: string, frame: RoomFrame) => void,
    private readonly log: FrameLog,
  ) {}

  join(connection: Connection): void {
    const { roomArn } = connection.grant;
    const channel = this.channels.get(roomArn) ?? { connections: new Set(), pending: [] };
    this.flush(channel); // the new connection does not receive earlier frames
    this.channels.set(roomArn, channel);
    channel.connections.add(connection);
    this.connectionCount++;
    const { userId, attributes, capabilities } = connection.grant;
    const content = { UserId: userId, Attributes: attributes, Capabilities: capabilities, Address: connection.address };
    this.log.add({ direction: 'connection', type: 'CONNECT', roomArn, userId, content });
  }

  leave(connection: Connection): void {
    const channel = this.channels.get(connection.grant.roomArn);
    if (!channel?.connections.delete(connection)) return;
    this.connectionCount--;
    if (channel.connections.size === 0) this.channels.delete(connection.grant.roomArn);
  }

  *connections(roomArn?: string): Generator<Connection> {
    for (const [arn, channel] of this.channels) {
      if (roomArn === undefined || arn === roomArn) yield* channel.connections;
    }
  }

  sendMessage(
    roomArn: string,
    message: Pick<MessageFrame, 'Id' | 'RequestId' | 'Attributes' | 'Content' | 'Sender'>,
  ): void {
    const { Id, RequestId, Attributes, Content, Sender } = message;
    this.broadcast(roomArn, {
      Type: 'MESSAGE',
      Id,
      RequestId,
      Attributes,
      Content,
      SendTime: this.sendTimes.next(this.clock.now()),
      Sender,
    });
  }

  /** @returns The ID of the event. */
  sendEvent(roomArn: string, eventName: string, attributes?: Attributes, requestId = ''): string {
    const Id = newId(this.random);
    this.broadcast(roomArn, {
      Type: 'EVENT',
      Id,
      RequestId: requestId,
      EventName: eventName,
      Attributes: attributes ?? null,
      SendTime: this.sendTimes.next(this.clock.now()),
    });
    return Id;
  }

  deleteMessage(roomArn: string, messageId: string, reason?: string, requestId?: string): string {
    // The official client reads MessageID. The documentation names MessageId instead.
    const attributes = {
      MessageID: messageId,
      MessageId: messageId,
      ...(reason === undefined ? {} : { Reason: reason }),
    };
    return this.sendEvent(roomArn, 'aws:DELETE_MESSAGE', attributes, requestId);
  }

  /**
   * Sends the event to the room, and then closes all connections of the user.
   *
   * @param by The user who disconnects the user. Undefined for the operation DisconnectUser.
   */
  disconnectUser(roomArn: string, userId: string, reason?: string, requestId?: string, by?: string): string {
    const id = this.sendEvent(
      roomArn,
      'aws:DISCONNECT_USER',
      { ...(reason === undefined ? {} : { Reason: reason }), UserId: userId },
      requestId,
    );
    this.flush(this.channels.get(roomArn));
    for (const connection of [...this.connections(roomArn)]) {
      if (connection.grant.userId === userId) {
        connection.closedBy = by;
        this.close(connection, `disconnected${reason === undefined ? '' : `, reason: ${reason}`}`);
      }
    }
    return id;
  }

  closeRoom(roomArn: string): void {
    this.flush(this.channels.get(roomArn));
    for (const connection of [...this.connections(roomArn)]) this.close(connection, 'the room was deleted');
  }

  /** Sends an error to the requester only. */
  sendError(connection: Connection, code: number, message: string, requestId = ''): void {
    const frame: ErrorFrame = {
      Type: 'ERROR',
      Id: newId(this.random),
      RequestId: requestId,
      ErrorCode: code,
      ErrorMessage: message,
    };
    const { roomArn, userId } = connection.grant;
    this.log.add({ direction: 'sent', type: 'ERROR', roomArn, userId, recipients: 1, content: frame });
    this.flush(this.channels.get(roomArn));
    this.write(connection, encodeFrame(frame), 1);
  }

  /** Closes a connection with a close frame. Without it, the official client connects again. */
  close(connection: Connection, reason: string): void {
    connection.closeReason ??= reason;
    this.leave(connection);
    connection.webSocket.close(1000);
  }

  private broadcast(roomArn: string, frame: RoomFrame): void {
    this.onFrame(roomArn, frame);
    const channel = this.channels.get(roomArn);
    const type = frame.Type === 'MESSAGE' ? frame.Type : frame.EventName;
    const recipients = channel?.connections.size ?? 0;
    this.log.add({ direction: 'sent', type, roomArn, recipients, content: frame });
    if (!channel) return;
    if (channel.pending.push(encodeFrame(frame)) === 1) setImmediate(() => this.flush(channel));
  }

  private flush(channel: Channel | undefined): void {
    if (!channel?.pending.length) return;
    const frames = channel.pending.length;
    const bytes = frames === 1 ? channel.pending[0]! : Buffer.concat(channel.pending);
    channel.pending = [];
    for (const connection of channel.connections) this.write(connection, bytes, frames);
  }

  private write(connection: Connection, bytes: Buffer, frames: number): void {
    if (connection.webSocket.readyState !== connection.webSocket.OPEN) return;
    if (connection.stream.writableLength > MAXIMUM_BACKLOG_BYTES) {
      connection.closeReason ??= 'the client did not read more than 1 MiB of frames';
      connection.webSocket.terminate();
    } else {
      connection.stream.write(bytes);
      this.deliveries += frames;
    }
  }
}
