/** A WebSocket that is connected to the test. */
export class FakeWebSocket {
  static all: FakeWebSocket[] = [];
  readonly sent: string[] = [];
  isClosed = false;
  private readonly listeners: [string, (event: object) => void][] = [];

  constructor(readonly url: string, readonly protocol: string) {
    FakeWebSocket.all.push(this);
  }

  addEventListener(type: string, listener: (event: object) => void): void {
    this.listeners.push([type, listener]);
  }

  send(data: string): void {
    if (this.isClosed) throw new Error('The connection is closed');
    this.sent.push(data);
  }

  close(): void {
    this.isClosed = true;
  }

  fire(type: string, event: object = {}): void {
    for (const [own, listener] of this.listeners) if (own === type) listener(event);
    (this as unknown as { [name: string]: ((event: object) => void) | undefined })[`on${type}`]?.(event);
  }
}

/** Replaces the global `WebSocket`. Returns a function that restores it. */
export function replaceWebSocket(value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  Object.defineProperty(globalThis, 'WebSocket', { value, configurable: true, writable: true });
  return () => {
    // Node.js has one since version 22.
    if (before) Object.defineProperty(globalThis, 'WebSocket', before);
    else delete (globalThis as { WebSocket?: unknown }).WebSocket;
  };
}
