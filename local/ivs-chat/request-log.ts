/** A record of a request. It contains no body, user, token or signature. */
export interface LoggedRequest {
  readonly time: string;
  readonly requestId: string;
  /** The operation, the action, or CONNECT. */
  readonly operation: string;
  /** The HTTP status or ERROR code. 0 if there was no response. */
  readonly status: number;
  /** The error code, or the reason of the refusal. */
  readonly error?: string;
  /** The ARN of the caller, or of the room of the chat token. */
  readonly caller?: string;
  readonly milliseconds?: number;
}

const REMEMBERED = 500;

/** The most recent requests. */
export class RequestLog {
  private readonly ring: LoggedRequest[] = [];
  private next = 0;

  constructor(
    private readonly onRequest?: (request: LoggedRequest) => void,
    private readonly onUnexpected?: (error: unknown) => void,
  ) {}

  add(request: LoggedRequest): void {
    this.ring[this.next++ % REMEMBERED] = request;
    this.onRequest?.(request);
  }

  /** Returns the most recent requests, newest first. */
  recent(): LoggedRequest[] {
    const start = this.next % REMEMBERED;
    return [...this.ring.slice(start), ...this.ring.slice(0, start)].reverse();
  }

  /** Reports an unexpected error. */
  unexpected(error: unknown): void {
    (this.onUnexpected ?? ((unforeseen) => console.error('Local IVS Chat: unexpected error:', unforeseen)))(error);
  }
}
