/** Renders parts of the chat page in this process, with a session, a chat API and a clock of the test. */
import { isDeepStrictEqual } from 'node:util';
import { ChatProvider } from 'cdk-ivs-chat/react';
import type { ChatMessage, ChatSession, ChatSessionEvents, ChatSnapshot } from 'cdk-ivs-chat/session';
import { act, createElement as h, useCallback, useMemo, useState, type ReactNode } from 'react';
import type { Root } from 'react-dom/client';
import { enterText, fire, outlineOf, problems, window } from './dom';
import type { Me } from '../../../../examples/live-chat/page/enter';
import { RoomContext, type RoomAction, type Toast } from '../../../../examples/live-chat/page/room-context';
import { CountingClock } from '../../../counting-clock';

const ICON = new RegExp('<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" fill="none" '
  + 'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">\\n *<path d="(.*)">', 'g');

/** React looks at the document when it is loaded. */
const reactDom = () => jest.requireActual<typeof import('react-dom/client')>('react-dom/client');

export const START = Date.UTC(2026, 0, 1, 12);

const METHODS = ['resend', 'discard', 'block', 'unblock', 'remove', 'disconnect', 'retry'];

/** A session without a connection. The test changes its snapshot and sends its events. */
export class FakeSession {
  readonly calls: unknown[][] = [];
  /** How the session answers `send`, unless it fails. */
  answer: Promise<unknown> = Promise.resolve();
  failure?: Error;
  private snapshot: ChatSnapshot = {
    status: 'connected', attempt: 0, messages: [], can: { send: true, remove: false, disconnect: false },
  };
  private readonly subscribers = new Set<() => void>();
  private readonly listeners: { name: string; listener: (value: never) => void }[] = [];

  readonly session = {
    ...Object.fromEntries(METHODS.map((name) => [name, (value: unknown) => {
      this.calls.push([name, ...typeof value === 'string' ? [value] : []]); // Some get the event of a button.
    }])),
    send: (...values: unknown[]) => {
      this.calls.push(['send', ...values]);
      return this.failure ? Promise.reject(this.failure) : this.answer;
    },
    on: (name: string, listener: (value: never) => void) => {
      const entry = { name, listener };
      this.listeners.push(entry);
      return () => void this.listeners.splice(this.listeners.indexOf(entry), 1);
    },
    subscribe: (listener: () => void) => {
      this.subscribers.add(listener);
      return () => void this.subscribers.delete(listener);
    },
    getSnapshot: () => this.snapshot,
    getServerSnapshot: () => this.snapshot,
  } as unknown as ChatSession;

  update(changed: Partial<ChatSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...changed };
    this.subscribers.forEach((subscriber) => subscriber());
  }

  emit<Name extends keyof ChatSessionEvents>(name: Name, value: Partial<ChatSessionEvents[Name]>): void {
    for (const entry of [...this.listeners]) if (entry.name === name) entry.listener(value as never);
  }
}

/** A message of Bob, with the key and the ID `m1` and so on. */
export function message(number: number, changed: Partial<ChatMessage> = {}): ChatMessage {
  return {
    type: 'message',
    key: `m${number}`,
    id: `id-${number}`,
    status: 'sent',
    content: `Message ${number}`,
    attributes: {},
    sender: { userId: 'bob-1', attributes: { displayName: 'Bob', role: 'viewer' } },
    sendTime: new Date(START),
    isOwn: false,
    ...changed,
  };
}

/** A time some seconds after the start. */
export const later = (seconds: number) => new Date(START + seconds * 1000);

/** A gap of 9 seconds. */
export const gap = (key: string) => ({ type: 'gap', key, from: later(0), to: later(9) }) as const;

/** The members of an own message that differ. The service has not named its sender yet. */
export const own = { isOwn: true, sender: { userId: '', attributes: {} } };

export const ada: Me = { userId: 'ada-1', name: 'Ada', role: 'viewer', idToken: 'the ID token' };
export const moderator: Me = { ...ada, role: 'moderator' };
export const host: Me = { ...ada, role: 'host' };

/** A browser with the chat page. It is global from `open` to `close`. */
export class ChatPage {
  readonly clock = new CountingClock(START);
  readonly chat = new FakeSession();
  /** The calls of the chat API. */
  readonly requests: { operation: string; input: unknown }[] = [];
  /** How the chat API answers. An error is thrown. */
  answers: { [operation: string]: unknown } = {};
  /** The toasts that the page has shown. */
  readonly toasts: Toast[] = [];
  fetch = jest.fn<Promise<Partial<Response>>, [url: string, options?: RequestInit]>();
  readonly clipboard: string[] = [];
  readonly storage = window.sessionStorage;
  isOnline = true;
  prefersReducedMotion = false;
  readonly observers = new Map<Element, () => void>();
  /** The listeners of the window that the page has added and not removed. */
  readonly listeners: Parameters<Window['addEventListener']>[] = [];
  readonly element = window.document.createElement('div');
  private readonly before = new Map<string, PropertyDescriptor | undefined>();
  private readonly unhandled = new Set<Error>();
  private root?: Root;

  open(): void {
    const { clock, listeners, observers } = this;
    const once = (callback: () => void, milliseconds = 0) => clock.setTimeout(callback, milliseconds);
    const clear = (timer: unknown) => clock.clearTimeout(timer);
    const every = (callback: () => void, milliseconds: number) => {
      const timer: { current?: unknown } = {};
      const next = () => {
        timer.current = once(() => {
          next();
          callback();
        }, milliseconds);
      };
      next();
      return timer;
    };
    const page = this;
    this.setGlobals({
      document: window.document,
      window,
      navigator: {
        userAgent: '',
        get onLine() {
          return page.isOnline;
        },
        clipboard: { writeText: async (text: string) => void this.clipboard.push(text) },
      },
      location: window.location,
      sessionStorage: window.sessionStorage,
      localStorage: window.localStorage,
      innerWidth: 1000,
      innerHeight: 700,
      addEventListener: (...listener: typeof listeners[0]) => {
        listeners.push(listener);
        window.addEventListener(...listener);
      },
      removeEventListener: (...listener: typeof listeners[0]) => {
        listeners.splice(0, Infinity, ...listeners.filter((other) => !isDeepStrictEqual(other, listener)));
        window.removeEventListener(...listener);
      },
      matchMedia: (query: string) => ({
        matches: query === '(prefers-reduced-motion: reduce)' && this.prefersReducedMotion,
      }),
      ResizeObserver: class {
        constructor(private readonly callback: () => void) {}
        observe(element: Element) {
          observers.set(element, this.callback);
        }
        disconnect() {
          observers.clear();
        }
      },
      CSS: { escape: (text: string) => text.replace(/["\\]/g, '\\$&') },
      FormData: window.FormData,
      fetch: (url: string, options?: RequestInit) => this.fetch(url, options),
      setTimeout: once,
      clearTimeout: clear,
      setInterval: every,
      clearInterval: (timer: { current?: unknown }) => clear(timer.current),
      requestAnimationFrame: (callback: () => void) => once(callback, 16),
      IS_REACT_ACT_ENVIRONMENT: true,
    });
    jest.spyOn(console, 'error').mockImplementation();
    jest.spyOn(Date, 'now').mockImplementation(() => clock.now());
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    jest.spyOn(performance, 'now').mockImplementation(() => clock.now() - START);
    window.document.body.append(this.element);
    window.sessionStorage.clear();
    window.localStorage.clear();
    window.history.replaceState(undefined, '', '/');
    problems.length = 0;
  }

  /** Defines global variables until the page is closed. */
  setGlobals(values: object): void {
    for (const [name, value] of Object.entries(values)) {
      if (!this.before.has(name)) this.before.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
      // Jest changes all objects that have been values of the global object, and jsdom does not allow it.
      Object.defineProperty(globalThis, name, { get: () => value, configurable: true });
    }
  }

  async close(): Promise<void> {
    await this.unmount();
    this.element.remove();
    jest.restoreAllMocks();
    for (const [name, descriptor] of this.before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else delete (globalThis as { [name: string]: unknown })[name];
    }
  }

  /** Expects that React has printed no error, that the page handles all failures, and that it submits its forms. */
  private expectNoProblem(): void {
    const errors = jest.mocked(console.error).mock.calls;
    expect([errors, [...this.unhandled], problems]).toEqual([[], [], []]);
  }

  async render(node: ReactNode): Promise<void> {
    this.root ??= reactDom().createRoot(this.element);
    await act(async () => this.root!.render(node));
  }

  /** Loads a module that renders a whole page into the element `root`. */
  async load(require: () => unknown): Promise<void> {
    const [react, dom] = [jest.requireActual('react'), reactDom()];
    this.element.id = 'root';
    const createRoot = (element: Element) => this.root = dom.createRoot(element);
    await this.do(() => {
      jest.isolateModules(() => {
        jest.doMock('react', () => react);
        jest.doMock('react-dom/client', () => ({ ...dom, createRoot }));
        require();
      });
      return new Promise(setImmediate);
    });
  }

  /** Renders a part of the room. */
  async enter(node: ReactNode, me = ada): Promise<void> {
    await this.render(h(FakeRoom, { page: this, me }, node));
  }

  async unmount(): Promise<void> {
    await act(async () => this.root?.unmount());
    this.expectNoProblem();
    this.root = undefined;
  }

  /** Does something, and waits until the page has rendered it. */
  async do(action: () => unknown): Promise<void> {
    await act(async () => void await action());
    this.expectNoProblem();
  }

  /** Returns the number of timers that the page has set. */
  pending(): number {
    return this.clock.pending.size;
  }

  /** Lets time pass. */
  advance(milliseconds: number): Promise<void> {
    return this.do(() => this.clock.advance(milliseconds));
  }

  update(changed: Partial<ChatSnapshot>): Promise<void> {
    return this.do(() => this.chat.update(changed));
  }

  emit<Name extends keyof ChatSessionEvents>(name: Name, value: Partial<ChatSessionEvents[Name]>): Promise<void> {
    return this.do(() => this.chat.emit(name, value));
  }

  /** Returns the button with this label or text. */
  button(label: string): HTMLButtonElement {
    const found = this.elements<HTMLButtonElement>('button').find((button) =>
      (button.getAttribute('aria-label') ?? button.textContent) === label);
    if (!found) throw new Error(`No button ${label} in:\n${this.outline()}`);
    return found;
  }

  click(label: string): Promise<void> {
    return this.do(() => this.button(label).click());
  }

  elements<Found extends Element = HTMLElement>(selector: string): Found[] {
    return [...this.element.querySelectorAll<Found>(selector)];
  }

  find<Found extends Element = HTMLElement>(selector: string): Found {
    const found = this.element.querySelector<Found>(selector);
    if (!found) throw new Error(`No ${selector} in:\n${this.outline()}`);
    return found;
  }

  all(selector: string): string[] {
    return this.elements(selector).map(({ textContent }) => textContent!);
  }

  enterText(selector: string, text: string): Promise<void> {
    return this.do(() => enterText(this.find(selector), text));
  }

  /** Returns the text of a field. */
  value(selector: string): string {
    return this.find<HTMLInputElement>(selector).value;
  }

  /** Presses a key. Returns whether its default action is not prevented. */
  async press(key: string, modifiers: object = {}, target = window.document.activeElement!): Promise<boolean> {
    let isDefault = false;
    await this.do(() => {
      isDefault = fire(target, 'keydown', { key, ...modifiers });
    });
    return isDefault;
  }

  /** Returns the page as text. The times of the first ten minutes are in UTC. */
  outline(element: Element = this.element): string {
    const format = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });
    const ids: string[] = [];
    let text = [...element.childNodes].map(outlineOf).join('\n')
      .replace(ICON, '(icon $1)')
      .replace(/_r_\w+_/g, (id) => `id-${ids.includes(id) ? ids.indexOf(id) + 1 : ids.push(id)}`);
    for (let minute = 0; minute < 10; minute++) {
      text = text.replaceAll(format.format(START + minute * 60_000), `12:0${minute}`);
    }
    return text;
  }

  /** Calls the chat API. */
  call(operation: string, input: unknown): PromiseLike<unknown> {
    this.requests.push({ operation, input });
    const answer = this.answers[operation];
    return answer instanceof Error ? this.failing(answer) : Promise.resolve(answer);
  }

  /** Returns a promise that is rejected. The page must handle its error. */
  failing(error: Error): PromiseLike<never> {
    this.unhandled.add(error);
    const failure = {
      then: (done?: () => never, failed?: (reason: unknown) => never): PromiseLike<never> => {
        if (!failed) return failure;
        this.unhandled.delete(error);
        return Promise.reject(error).then(done, failed);
      },
      catch: (failed: () => never) => failure.then(undefined, failed),
    } as PromiseLike<never>;
    return failure;
  }
}

/** The room of the page, without its connection. */
function FakeRoom({ page, me, children }: { page: ChatPage; me: Me; children?: ReactNode }) {
  const [api] = useState({ call: page.call.bind(page) } as never);
  const showToast = useCallback((toast: Toast) => void page.toasts.push(toast), []);
  const actInRoom = useCallback(async ({ operation, input, done, undo }: RoomAction) => {
    try {
      await page.call(operation, input);
      page.toasts.push({ text: done, undo });
      return true;
    } catch {
      return false;
    }
  }, []);
  const room = useMemo(() => ({ me, api, act: actInRoom, showToast }), [me, api]);
  return h(RoomContext, { value: room }, h(ChatProvider, { session: page.chat.session }, children));
}
