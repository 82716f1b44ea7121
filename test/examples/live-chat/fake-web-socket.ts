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
