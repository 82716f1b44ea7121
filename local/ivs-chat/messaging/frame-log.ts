import type { Clock } from '../../clock';
import { RecentItems } from '../recent-items';

/** A frame, or the start or the end of a connection. */
export interface LoggedFrame {
  /** The time, in milliseconds since 1970. */
  readonly time: number;
  /** `received` from a client, `sent` to clients, or a `connection` that started or ended. */
  readonly direction: 'received' | 'sent' | 'connection';
  /** The action, `MESSAGE`, the name of the event, `ERROR`, `CONNECT` or `CLOSE`. */
  readonly type: string;
  readonly roomArn: string;
  /** The user of the connection. Undefined for a frame to all connections of the room. */
  readonly userId?: string;
  /** The number of connections that the frame was sent to. */
  readonly recipients?: number;
  /** The text of a received frame, or the frame that was sent. */
  readonly content: string | object;
  /** The length of a received frame, in bytes. The content can be shorter. */
  readonly bytes?: number;
}

const REMEMBERED = 1000;
const REMEMBERED_BYTES = 8 * 1024;

/** The most recent frames of all connections. */
export class FrameLog {
  private readonly frames = new RecentItems<LoggedFrame>(REMEMBERED);

  /** @param onFrame Receives the direction of each frame. */
  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly onFrame: (direction: LoggedFrame['direction']) => void,
  ) {}

  /** Records a frame and returns its number. */
  add(frame: Omit<LoggedFrame, 'time'>): number {
    this.onFrame(frame.direction);
    return this.frames.add({ time: this.clock.now(), ...frame });
  }

  /** Records a frame of a client and returns its number. */
  received(type: string, { roomArn, userId }: { roomArn: string; userId: string }, data: Buffer): number {
    // A copy, because the buffer is a part of a larger one.
    const content = data.toString('utf8', 0, REMEMBERED_BYTES);
    return this.add({ direction: 'received', type, roomArn, userId, content, bytes: data.length });
  }

  /** Returns the frames with a higher number, oldest first. */
  after(number: number): { readonly number: number; readonly item: LoggedFrame }[] {
    return this.frames.after(number);
  }

  clear(): void {
    this.frames.clear();
  }
}
