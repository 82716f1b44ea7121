import type { ServerResponse } from 'node:http';
import type { ConsoleParts, ConsoleUpdate } from './console-update';
import { maskedJson } from './mask-secrets';

/** The items that a reader of the stream does not have yet. */
type News = Pick<ConsoleUpdate, 'frames' | 'requests' | 'logLines'>;

export interface ConsoleSource {
  now(): string;
  parts(): ConsoleParts;
  /** Returns the items after those with the given numbers. */
  news(frame: number, request: number, logLine: string): News;
}

interface Reader {
  readonly response: ServerResponse;
  /** The text of each part that the reader has. All readers share the texts. */
  parts: ReadonlyMap<string, string>;
  frame: number;
  request: number;
  logLine: string;
  isFirst: boolean;
}

const INTERVAL_MILLISECONDS = 250;
/** A reader with a larger backlog, such as a tab that the browser suspends, gets the next update later. */
const MAXIMUM_BACKLOG_BYTES = 1024 * 1024;

/** Sends the changes of the state to the open pages of the console. Without a page, it does nothing. */
export class ConsoleStream {
  private readonly readers = new Set<Reader>();
  private parts: ReadonlyMap<string, string> = new Map();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly source: ConsoleSource) {}

  get readerCount(): number {
    return this.readers.size;
  }

  /** Sends the state, and then each change until the connection closes. */
  open(response: ServerResponse): void {
    const reader: Reader = { response, parts: new Map(), frame: 0, request: 0, logLine: '', isFirst: true };
    this.readers.add(reader);
    response.on('close', () => this.leave(reader));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.timer ??= setInterval(() => this.send(), INTERVAL_MILLISECONDS);
    this.send();
  }

  /** Ends all connections. */
  close(): void {
    for (const { response } of this.readers) response.end();
  }

  private leave(reader: Reader): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.parts = new Map();
  }

  private send(): void {
    const before = this.parts;
    this.parts = new Map(Object.entries(this.source.parts()).map(([name, part]) => {
      const text = maskedJson(part);
      return [name, before.get(name) === text ? before.get(name)! : text];
    }));
    for (const reader of this.readers) this.sendTo(reader);
  }

  private sendTo(reader: Reader): void {
    if (reader.response.writableLength > MAXIMUM_BACKLOG_BYTES) return;
    const { frames, requests, logLines } = this.source.news(reader.frame, reader.request, reader.logLine);
    const changed = [...this.parts].filter(([name, text]) => reader.parts.get(name) !== text);
    if (!changed.length && !frames.length && !requests.length && !logLines.length) return;

    const parts = changed.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join();
    const rest = maskedJson({ now: this.source.now(), isFirst: reader.isFirst, frames, requests, logLines });
    reader.response.write(`data: {"parts":{${parts}},${rest.slice(1)}\n\n`);
    reader.parts = this.parts;
    reader.frame = frames.at(-1)?.number ?? reader.frame;
    reader.request = requests.at(-1)?.number ?? reader.request;
    reader.logLine = logLines.at(-1)?.id ?? reader.logLine;
    reader.isFirst = false;
  }
}
