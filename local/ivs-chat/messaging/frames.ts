type Attributes = { readonly [key: string]: string };

/** A message to clients. The members have the same order as in the service. */
export interface MessageFrame {
  readonly Type: 'MESSAGE';
  readonly Id: string;
  readonly RequestId: string;
  readonly Attributes: Attributes | null;
  readonly Content: string;
  readonly SendTime: string;
  readonly Sender: { readonly UserId: string; readonly Attributes: Attributes };
}

export interface EventFrame {
  readonly Type: 'EVENT';
  readonly Id: string;
  readonly RequestId: string;
  readonly EventName: string;
  readonly Attributes: Attributes | null;
  readonly SendTime: string;
}

export interface ErrorFrame {
  readonly Type: 'ERROR';
  readonly Id: string;
  readonly RequestId: string;
  readonly ErrorCode: number;
  readonly ErrorMessage: string;
}

/** Encodes an unmasked, uncompressed text frame (RFC 6455, section 5.2) for any number of connections. */
export function encodeFrame(frame: MessageFrame | EventFrame | ErrorFrame): Buffer {
  const text = JSON.stringify(frame);
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : 4; // limits on the members keep every frame below 65,536 bytes
  const buffer = Buffer.allocUnsafe(header + length);
  buffer[0] = 0x81;
  if (length < 126) {
    buffer[1] = length;
  } else {
    buffer[1] = 126;
    buffer.writeUInt16BE(length, 2);
  }
  buffer.write(text, header);
  return buffer;
}

/** Creates unique send times in nanoseconds, without trailing zeros. */
export class SendTimes {
  private millisecond = 0;
  private nanosecond = 0;

  next(now: number): string {
    const millisecond = Math.max(Math.trunc(now), this.millisecond);
    this.nanosecond = millisecond === this.millisecond ? this.nanosecond + 37 : (millisecond * 7919) % 99_991;
    this.millisecond = millisecond;
    const iso = new Date(millisecond).toISOString(); // …:21.123Z
    return `${iso.slice(0, -1)}${String(this.nanosecond % 1_000_000).padStart(6, '0')}`.replace(/\.?0+$/, '') + 'Z';
  }
}
