/** The page of the console in a window of jsdom, with a server, a stream and a clock of the test. It has no layout. */
import type * as jsdomModule from 'jsdom';
import { VirtualClock } from '../../../../local/clock';
import { consolePage } from '../../../../local/ivs-chat/console/console-page.cjs';
import type { ConsoleUpdate } from '../../../../local/ivs-chat/console/console-update';

/** `test/jsdom-environment.cjs` provides it. */
declare const jsdom: typeof jsdomModule;

/** A stream of updates or a connection that the page has opened. */
export class FakeSocket {
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onerror?: () => void;
  onclose?: () => void;
  readonly sent: string[] = [];
  isClosed = false;

  constructor(readonly url: string, readonly protocol?: string) {}

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.isClosed = true;
  }
}

export class BrowserPage {
  readonly clock = new VirtualClock(60_000);
  /** The requests of the page: the method, the path, the body, and the headers without those of each body. */
  readonly requests: unknown[] = [];
  /** The answer to each request. An error is the answer of the status 400. */
  answer: (path: string) => unknown = () => ({});
  readonly streams: FakeSocket[] = [];
  readonly connections: FakeSocket[] = [];
  readonly clipboard: string[] = [];
  /** The files that the page has saved: their name, their type and their content. */
  readonly files: [name: string, type: string, content: string][] = [];
  readonly scrolled: string[] = [];
  private readonly problems: unknown[] = [];
  readonly window: jsdomModule.DOMWindow;

  constructor(hash = '') {
    const virtualConsole = new jsdom.VirtualConsole().on('jsdomError', (error) => this.problems.push(error));
    const { html, script } = consolePage();
    const url = `http://127.0.0.1:1/_local/key/${hash}`;
    const options = { url, runScripts: 'outside-only', pretendToBeVisual: true, virtualConsole } as const;
    this.window = new jsdom.JSDOM(html, options).window;
    this.defineGlobals();
    this.window.eval(script);
  }

  private defineGlobals(): void {
    const { clipboard, clock, connections, files, requests, scrolled, streams, window } = this;
    const soon = (callback: () => void) => {
      const timer = { isCleared: false };
      setImmediate(() => timer.isCleared || callback());
      return timer;
    };
    const every = (callback: () => void, milliseconds: number): unknown => clock.setTimeout(() => {
      every(callback, milliseconds);
      callback();
    }, milliseconds);
    const fetch = async (path: string, { method, body, headers }: RequestInit) => {
      requests.push([method, path, ...body === undefined ? [] : [JSON.parse(body as string), headers]]);
      const answered = this.answer(path);
      const isError = answered instanceof Error;
      return { ok: !isError, json: async () => (isError ? { message: answered.message } : answered) };
    };
    Object.assign(window, {
      // Preact and jsdom set the short timers.
      setTimeout: (callback: () => void, milliseconds = 0) =>
        (milliseconds < 100 ? soon(callback) : clock.setTimeout(callback, milliseconds)),
      clearTimeout: (timer: { isCleared?: boolean } | undefined) => {
        if (timer) timer.isCleared = true;
        clock.clearTimeout(timer);
      },
      setInterval: every,
      requestAnimationFrame: soon,
      fetch,
      EventSource: class extends FakeSocket {
        constructor(url: string) {
          super(url);
          streams.push(this);
        }
      },
      WebSocket: class extends FakeSocket {
        constructor(url: string, protocol: string) {
          super(url, protocol);
          connections.push(this);
        }
      },
    });
    Object.assign(window.eval('Date') as object, { now: () => clock.now() });
    Object.defineProperty(window.navigator, 'clipboard', {
      value: { writeText: async (text: string) => void clipboard.push(text) },
    });
    const blobs = new Map<string, Blob>();
    Object.assign(window.URL, {
      createObjectURL: (blob: Blob) => `blob:${blobs.set(`blob:${blobs.size}`, blob).size - 1}`,
      revokeObjectURL: (url: string) => blobs.delete(url),
    });
    window.HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
      const blob = blobs.get(this.href)!;
      const reader = new window.FileReader();
      reader.onload = () => files.push([this.download, blob.type, String(reader.result)]);
      reader.readAsText(blob);
    };
    window.Element.prototype.scrollIntoView = function (this: Element, options: unknown) {
      scrolled.push(`${this.textContent} ${JSON.stringify(options)}`);
    };
  }

  get document(): Document {
    return this.window.document;
  }

  /** Waits until the page has rendered everything. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    expect(this.problems).toEqual([]);
  }

  async do(action: () => unknown): Promise<void> {
    await action();
    await this.settle();
  }

  /** Lets time pass. */
  advance(milliseconds: number): Promise<void> {
    return this.do(() => this.clock.advance(milliseconds));
  }

  /** Sends an update over the stream. */
  receive(update: Partial<ConsoleUpdate>): Promise<void> {
    const complete = {
      now: new Date(this.clock.now()).toISOString(),
      isFirst: false,
      parts: {},
      frames: [],
      requests: [],
      logLines: [],
      ...update,
    };
    return this.do(() => this.streams.at(-1)!.onmessage!({ data: JSON.stringify(complete) }));
  }

  /** Opens an address, as a link does. */
  go(hash: string): Promise<void> {
    return this.do(() => {
      this.window.location.hash = hash;
    });
  }

  /** Returns the first element of this name: its label, or its text. */
  find<Found extends HTMLElement>(selector: string, name?: string): Found {
    const found = [...this.document.querySelectorAll<Found>(selector)].find((element) =>
      name === undefined || (element.getAttribute('aria-label') ?? element.textContent) === name);
    if (!found) throw new Error(`No ${selector} ${name} in:\n${this.outline('body')}`);
    return found;
  }

  /** Clicks an element. If it is a link to another page, it waits for that page. */
  async click(selector: string, name?: string): Promise<void> {
    const element = this.find(selector, name);
    const isFollowed = this.fire(element, 'click') && element.localName === 'a';
    while (isFollowed && this.window.location.hash !== element.getAttribute('href')) await new Promise(setImmediate);
    await this.settle();
  }

  button(name: string): Promise<void> {
    return this.click('button', name);
  }

  /** Enters a text or chooses an option. */
  enter(selector: string, value: string): Promise<void> {
    const field = this.find<HTMLInputElement>(selector);
    return this.do(() => {
      field.value = value;
      this.fire(field, field.localName === 'select' ? 'change' : 'input');
    });
  }

  /** Presses a key. Returns whether its default action is prevented. */
  async press(key: string, modifiers: object = {}, target: Element = this.document.activeElement!): Promise<boolean> {
    const isDefault = this.fire(target, 'keydown', { key, ...modifiers });
    await this.settle();
    return !isDefault;
  }

  fire(target: EventTarget, type: string, properties: object = {}): boolean {
    const EventClass = type === 'click' ? this.window.MouseEvent : this.window.Event;
    return target.dispatchEvent(Object.assign(new EventClass(type, { bubbles: true, cancelable: true }), properties));
  }

  /** Returns the texts of the elements. */
  texts(selector: string): string[] {
    return [...this.document.querySelectorAll(selector)].map(({ textContent }) => textContent!);
  }

  /** Returns the texts of the toasts. A failure has `bad` in front. */
  toasts(): string[] {
    return [...this.document.querySelectorAll('.toasts p')].map(({ className, textContent }) =>
      `${className && `${className}: `}${textContent}`);
  }

  /** Returns the outline of the first element. */
  outline(selector: string): string {
    return outlineOf(this.find(selector));
  }
}

/** Returns the document of a page without scripts. */
export const documentOf = (html: string): Document => new jsdom.JSDOM(html).window.document;

/** Returns one line for each element, with its attributes, its state and its text. */
export function outlineOf(node: Node): string {
  if (node.nodeType !== 1) return JSON.stringify(node.nodeValue);
  const element = node as HTMLInputElement | HTMLOptionElement;
  const attributes = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
  const state = {
    ...attributes,
    ...element.matches('input') && element.value !== (attributes.value ?? '') && { value: element.value },
    ...('checked' in element ? element.checked : element.selected) && { chosen: '' },
    ...element.ownerDocument.activeElement === element && element.localName !== 'body' && { focus: '' },
  };
  const shown = Object.entries(state).map(([name, value]) => (value ? ` ${name}="${value}"` : ` ${name}`)
    .replace(/^( points="\S+ ).* /, '$1… '));
  const isTime = element.localName === 'time'; // its text depends on the time zone
  const children = [...element.childNodes].map((child, index) => (isTime && index === 0 ? '"TIME"' : outlineOf(child)))
    .filter((text) => !/^"(\\n *)+"$/.test(text));
  const lines = [`<${element.localName}${shown.join('')}>`, ...children];
  return element.children.length === 0 ? lines.join(' ') : lines.join('\n').replaceAll('\n', '\n  ');
}
