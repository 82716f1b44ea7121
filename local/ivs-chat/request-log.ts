import type { FaultKind } from './faults';
import { RecentItems } from './recent-items';

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

/** The part of a request that only the console shows. */
export interface RequestDetails {
  readonly region?: string;
  readonly roomArn?: string;
  readonly userId?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  /** The error in words. */
  readonly message?: string;
  /** The injected fault that caused the error. */
  readonly fault?: FaultKind;
  /** The number of the frame that was the request. */
  readonly frame?: number;
}

/** A request with its details. */
export type RecordedRequest = LoggedRequest & RequestDetails;

const REMEMBERED = 500;

/** The most recent requests. */
export class RequestLog {
  private readonly requests = new RecentItems<{ readonly request: LoggedRequest; readonly details?: RequestDetails }>(
    REMEMBERED,
  );

  /** @param onRequest Receives each request, without the details. */
  constructor(private readonly onRequest?: (request: LoggedRequest) => void) {}

  add(request: LoggedRequest, details?: RequestDetails): void {
    this.requests.add({ request, details });
    this.onRequest?.(request);
  }

  /** Returns the most recent requests without their details, newest first. */
  recent(): LoggedRequest[] {
    return this.requests.newestFirst().map(({ request }) => request);
  }

  /** Returns the requests with a higher number, oldest first. */
  after(number: number): (RecordedRequest & { readonly number: number })[] {
    return this.requests.after(number).map(({ number: own, item }) => ({
      ...item.details, ...item.request, number: own,
    }));
  }

  /** Reports an unexpected error. */
  unexpected(error: unknown): void {
    console.error('Local IVS Chat: unexpected error:', error);
  }
}
