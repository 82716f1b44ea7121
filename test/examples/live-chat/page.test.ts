/** The chat page without a browser: it runs in a document that has no way to make elements from text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

const folder = join(__dirname, '..', '..', '..', 'examples', 'live-chat', 'page');
const script = transformSync(readFileSync(join(folder, 'chat.ts'), 'utf8'), { loader: 'ts', format: 'cjs' }).code;
const html = readFileSync(join(folder, 'index.html'), 'utf8');

/** Throws for all members that the fake does not have, such as `innerHTML` and `insertAdjacentHTML`. */
function strict<Fake extends object>(name: string, fake: Fake): Fake {
  const known = (target: Fake, key: string | symbol) => {
    if (!(key in target)) throw new Error(`the page uses ${name}.${String(key)}, which this test does not allow`);
  };
  return new Proxy(fake, {
    get(target, key, receiver) {
      known(target, key);
      return Reflect.get(target, key, receiver);
    },
    set(target, key, value) {
      known(target, key);
      return Reflect.set(target, key, value);
    },
    defineProperty(target, key, descriptor) {
      known(target, key);
      return Reflect.defineProperty(target, key, descriptor);
    },
  });
}

class FakeElement {
  id = '';
  className = '';
  type = '';
  value = '';
  hidden = false;
  textContent = '';
  dataset: { [name: string]: string } = {};
  attributes: { [name: string]: string } = {};
  children: FakeElement[] = [];
  listeners: { [event: string]: (event: object) => unknown } = {};
  removed = false;

  constructor(readonly tagName: string) {}
  append(...nodes: (FakeElement | string)[]) {
    for (const node of nodes) {
      if (typeof node === 'string') this.textContent += node;
      else this.children.push(node);
    }
  }

  setAttribute(name: string, value: string) {
    if (!/^(aria-[a-z]+|role)$/.test(name)) throw new Error(`the page sets the attribute ${name}`);
    this.attributes[name] = value;
  }

  querySelector(selector: string) {
    const id = /^\[data-id="([^"]*)"\]$/.exec(selector)![1];
    return this.children.find(({ dataset }) => dataset.id === id) ?? null;
  }

  addEventListener(event: string, listener: (event: object) => unknown) { this.listeners[event] = listener; }
  scrollIntoView() {}
  focus() {}
  remove() { this.removed = true; }
}

interface Options {
  readonly hash?: string;
  readonly refuse?: unknown;
}

const joined: FakeRoom[] = [];

class FakeRoom {
  readonly listeners: { [event: string]: (value?: any) => unknown } = {};
  readonly sent: any[] = [];
  connected!: Promise<unknown>;

  constructor(readonly options: { regionOrUrl: string; tokenProvider(): Promise<object> }) {
    joined.push(this);
  }

  addListener(event: string, listener: (value?: any) => unknown) { this.listeners[event] = listener; }
  connect() { this.connected = this.options.tokenProvider(); }
  async sendMessage(request: { content: string; refuse?: unknown }) {
    if (request.refuse) throw request.refuse;
    this.sent.push(request);
  }

  async deleteMessage(request: object) { this.sent.push(request); }
}

/** Opens the page and joins the chat. */
async function openChat(name: string, { hash = '', refuse }: Options = {}) {
  const elements: { [id: string]: FakeElement } = {};
  for (const [, tag, id] of html.matchAll(/<([a-z]+) id="([a-z]+)"/g)) {
    elements[id!] = strict(tag!, new FakeElement(tag!));
  }
  const document = strict('document', {
    getElementById: (id: string) => elements[id],
    createElement: (tag: string) => strict(tag, new FakeElement(tag)),
  });
  const asked: any[] = [];
  const responses: { [url: string]: object } = {
    'configuration.json': { tokenUrl: 'http://127.0.0.1:1/', messaging: 'ws://127.0.0.1:2' },
    'http://127.0.0.1:1/': { token: 'token', userId: 'me', tokenExpirationTime: 0, sessionExpirationTime: 0 },
  };
  const fetch = async (url: string, options?: { body: string }) => {
    if (options) asked.push(JSON.parse(options.body));
    return { ok: true, json: async () => responses[url] };
  };
  const messaging = {
    ChatRoom: FakeRoom,
    SendMessageRequest: class {
      readonly refuse = refuse;
      constructor(readonly content: string) {}
    },
    DeleteMessageRequest: class {
      constructor(readonly id: string, readonly reason: string) {}
    },
  };
  const globals: { [name: string]: unknown } = {
    module: { exports: {} },
    require: (path: string) => (path === 'amazon-ivs-chat-messaging' ? messaging : fail(path)),
    document,
    location: strict('location', { hash }),
    sessionStorage: {},
    fetch,
    window: strict('window', {}),
    self: strict('self', {}),
    globalThis: strict('globalThis', {}),
  };
  new Function(...Object.keys(globals), script)(...Object.values(globals));

  elements.name!.value = name;
  await elements.join!.listeners.submit!({ preventDefault() {} });
  const room = joined.at(-1)!;
  await room.connected;
  const submit = async (text: string) => {
    elements.content!.value = text;
    elements.send!.listeners.submit!({ preventDefault() {} });
    await new Promise(setImmediate);
  };
  return { elements, room, asked, submit, items: elements.messages!.children };
}

function fail(path: string): never {
  throw new Error(`the page imports ${path}`);
}

const MARKUP = '<img src=x onerror="alert(1)">"\'&lt;';

test('the names and texts of messages are rendered as text', async () => {
  const { room, items } = await openChat('Ada');
  room.listeners.message!({
    id: 'AAAAAAAAAAA1',
    content: `text ${MARKUP}`,
    sender: { userId: 'u', attributes: { name: `name ${MARKUP}`, role: MARKUP } },
  });
  const [line, text] = items[0]!.children;
  expect(line!.children.map(({ tagName, textContent }) => [tagName, textContent]))
    .toEqual([['strong', `name ${MARKUP}`]]);
  expect([text!.tagName, text!.textContent, text!.children]).toEqual(['div', `text ${MARKUP}`, []]);
});

test('the user ID of a sender without a name is rendered as text', async () => {
  const { room, items } = await openChat('Ada');
  room.listeners.message!({ id: 'AAAAAAAAAAA1', content: 'Hello', sender: { userId: MARKUP } });
  expect(items[0]!.children[0]!.children[0]!.textContent).toBe(MARKUP);
});

test('the name of a sender is text in the label of the button of a moderator', async () => {
  const { room, items } = await openChat('Ada', { hash: '#moderator=key' });
  const sender = { userId: 'u', attributes: { name: MARKUP } };
  room.listeners.message!({ id: 'AAAAAAAAAAA1', content: 'Hello', sender });
  const [who, button] = items[0]!.children[0]!.children;
  expect(who!.textContent).toBe(MARKUP);
  expect(button!.textContent).toBe('Delete');
  expect(button!.attributes['aria-label']).toBe(`Delete the message of ${MARKUP}`);
});

test('the state and the problems are rendered as text', async () => {
  const { elements, room, submit } = await openChat('Ada', { refuse: { errorMessage: MARKUP } });
  room.listeners.disconnect!(MARKUP);
  expect(elements.state!.textContent).toBe(`Disconnected (${MARKUP})`);
  await submit('Hello');
  expect(elements.problem!.textContent).toBe(MARKUP);
  expect(elements.content!.value).toBe('Hello');
});

test('the page asks for a token with the name, and sends messages', async () => {
  const { elements, room, asked, submit } = await openChat(' Ada ', { hash: '#moderator=a%20key' });
  expect(room.options.regionOrUrl).toBe('ws://127.0.0.1:2');
  const visitorKey = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(asked).toEqual([{ name: 'Ada', moderatorKey: 'a key', visitorKey }]);
  await submit('Hello');
  expect(room.sent).toMatchObject([{ content: 'Hello' }]);
  expect(elements.content!.value).toBe('');
});

test('a deleted message leaves the page', async () => {
  const { room, items } = await openChat('Ada');
  for (const id of ['AAAAAAAAAAA1', 'AAAAAAAAAAA2']) {
    room.listeners.message!({ id, content: 'Hello', sender: { userId: 'u' } });
  }
  room.listeners.messageDelete!({ messageId: 'AAAAAAAAAAA2' });
  expect(items.map(({ removed }) => removed)).toEqual([false, true]);
});

test('only a moderator has a button to delete a message, and it deletes that message', async () => {
  const attributes = { name: 'Eve', role: 'moderator' };
  const message = { id: 'AAAAAAAAAAA1', content: 'Hello', sender: { userId: 'u', attributes } };
  const viewer = await openChat('Ada');
  viewer.room.listeners.message!(message);
  expect(viewer.items[0]!.children[0]!.children.map(({ textContent }) => textContent)).toEqual(['Eve', 'moderator']);

  const moderator = await openChat('Grace', { hash: '#moderator=key' });
  moderator.room.listeners.message!(message);
  moderator.items[0]!.children[0]!.children.at(-1)!.listeners.click!({});
  expect(moderator.room.sent).toEqual([{ id: 'AAAAAAAAAAA1', reason: 'Deleted by a moderator' }]);
});
