/** A request to the chat API, or a frame of the connection. It contains no token. */
export interface WireEntry {
  readonly key: number;
  readonly time: Date;
  readonly direction: 'out' | 'in';
  /** Such as `POST /create-chat-token`, or `SEND_MESSAGE`. */
  readonly name: string;
  readonly body: unknown;
}

const MAXIMUM_ENTRIES = 200;

/** Records the requests and the frames of the page. Chat tokens and ID tokens are masked before they are recorded. */
export class WireLog {
  private entries: readonly WireEntry[] = [];
  private listener?: () => void;
  private lastKey = 0;
  private isNotifying = false;

  /** A `fetch` that records requests with JSON. */
  readonly fetch: typeof fetch = async (url, options) => {
    const name = `POST ${new URL(String(url)).pathname}`;
    this.add('out', name, { authorization: 'Bearer ••••', ...JSON.parse(String(options?.body ?? '{}')) });
    try {
      const response = await fetch(url, options);
      const body = await response.clone().json().catch(() => ({}));
      this.add('in', `${response.status} ${name.slice(5)}`, withoutTokens(body));
      return response;
    } catch (error) {
      this.add('in', `No response ${name.slice(5)}`, {});
      throw error;
    }
  };

  /** A `WebSocket` that records frames. The chat token is its subprotocol, which is not recorded. */
  readonly WebSocket = ((log: WireLog) => class extends WebSocket {
    constructor(url: string, token: string) {
      super(url, token);
      log.add('out', 'CONNECT', { url, token: '••••' });
      this.addEventListener('open', () => log.add('in', 'CONNECTED', {}));
      this.addEventListener('message', ({ data }) => log.addFrame('in', data));
      this.addEventListener('close', ({ code, reason }) => log.add('in', 'CLOSED', { code, reason }));
    }

    override send(data: string) {
      super.send(data);
      log.addFrame('out', data);
    }
  })(this);

  readonly subscribe = (listener: () => void) => {
    this.listener = listener;
    return () => {
      this.listener = undefined;
    };
  };

  /** Returns the last 200 entries, oldest first. */
  readonly getSnapshot = () => this.entries;

  readonly clear = () => {
    this.entries = [];
    this.notify();
  };

  private addFrame(direction: WireEntry['direction'], data: string) {
    try {
      const frame = JSON.parse(data);
      this.add(direction, frame.EventName ?? frame.Action ?? frame.Type ?? 'FRAME', frame);
    } catch {
      this.add(direction, 'FRAME', {});
    }
  }

  private add(direction: WireEntry['direction'], name: string, body: unknown) {
    const entry = { key: ++this.lastKey, time: new Date(), direction, name, body };
    this.entries = [...this.entries, entry].slice(-MAXIMUM_ENTRIES);
    this.notify();
  }

  /** Notifies the drawer at most once for each frame of the screen. */
  private notify() {
    if (!this.listener || this.isNotifying) return;
    this.isNotifying = true;
    requestAnimationFrame(() => {
      this.isNotifying = false;
      this.listener?.();
    });
  }
}

function withoutTokens(body: object): object {
  return 'token' in body ? { ...body, token: '••••' } : body;
}
