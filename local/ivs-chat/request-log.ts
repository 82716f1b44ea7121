/** One request, without anything secret: no body, no user, no token, no signature. */
export interface LoggedRequest {
  readonly time: string;
  readonly requestId: string;
  /** An operation, an action, or CONNECT. */
  readonly operation: string;
  /** HTTP status or ERROR code; 0 when nothing was answered. */
  readonly status: number;
  /** The error's code. */
  readonly error?: string;
  /** ARN of whose signature it was, or of the room whose chat token it was. */
  readonly caller?: string;
  readonly milliseconds?: number;
}

const REMEMBERED = 500;

/** The last requests, and whoever listens to all of them. */
export class RequestLog {
  private readonly ring: LoggedRequest[] = [];
  private next = 0;

  constructor(private readonly onRequest?: (request: LoggedRequest) => void, private readonly onUnexpected?: (error: unknown) => void) {}

  add(request: LoggedRequest): void {
    this.ring[this.next++ % REMEMBERED] = request;
    this.onRequest?.(request);
  }

  /** The newest first. */
  recent(): LoggedRequest[] {
    const start = this.next % REMEMBERED;
    return [...this.ring.slice(start), ...this.ring.slice(0, start)].reverse();
  }

  /** An error that no test foresaw; somebody has to see it. */
  unexpected(error: unknown): void {
    (this.onUnexpected ?? ((unforeseen) => console.error('Local IVS Chat: unexpected error:', unforeseen)))(error);
  }
}
