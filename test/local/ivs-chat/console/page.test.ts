/**
 * The page of the console: its elements with their attributes, and the effect of each action.
 *
 * @jest-environment ./test/jsdom-environment.cjs
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConsoleParts, ConsoleUpdate, ShownFrame } from '../../../../local/ivs-chat/console/console-update';
import { keyPage } from '../../../../local/ivs-chat/console/key-page';
import { BrowserPage, documentOf, outlineOf } from './browser-page';
import { logLines, stacks, time, typicalUpdate } from './page-data';

const lobby = 'arn:aws:ivschat:us-west-2:123456789012:room/lobby';
const plain = 'arn:aws:ivschat:us-west-2:123456789012:room/plain';
const json = { 'content-type': 'application/json' };
let update: ConsoleUpdate;
let page: BrowserPage;

beforeAll(async () => {
  update = await typicalUpdate();
});

afterEach(() => page?.window.close());

/** Opens the page at an address, with the typical state of a service and some changes of it. */
async function open(hash = '', parts: Partial<ConsoleParts> = {}, more: Partial<ConsoleUpdate> = {}): Promise<void> {
  page = new BrowserPage(hash);
  await page.settle();
  await page.receive({ ...update, parts: { ...update.parts, ...parts }, ...more });
}

const frame = (number: number, type: string, content: object, over: Partial<ShownFrame> = {}): ShownFrame =>
  ({ number, time, direction: 'sent', type, roomArn: lobby, content, bytes: 9, recipients: 1, ...over });
const message = (number: number, Content: string) => frame(number, 'MESSAGE', {
  Type: 'MESSAGE', Id: `id-${number}`, Content, Sender: { UserId: 'ada', Attributes: {} },
});

describe('the elements of', () => {
  const sections = readFileSync(join(__dirname, 'page.txt'), 'utf8').split(/^== /m).slice(1).map((section) => {
    const [heading, ...lines] = section.trimEnd().split('\n');
    return [heading!, lines.join('\n')] as const;
  });
  const service = () => ({ ...update.parts.service!, hasStacks: true });
  const variants: { readonly [name: string]: () => [Partial<ConsoleParts>, Partial<ConsoleUpdate>?] } = {
    '': () => [{}],
    'with stacks': () => [{ stacks, service: service() }, { logLines }],
    'without faults': () => [{ faults: [] }, { requests: [] }],
    'without rooms': () => [{ rooms: [], counts: { rooms: 0, connections: 0, deliveries: 0 } }],
    'with a message': () => [{}, { frames: [...update.frames, message(12, 'kept')] }],
  };

  // A section of the file has an address, and perhaps a variant. After a change, correct the lines of the section.
  test.each(sections)('%s', async (heading, text) => {
    const [, address, variant = ''] = /^(\S+) ?(.*)$/.exec(heading)!;
    if (address === 'key-page') return expect(outlineOf(documentOf(keyPage).documentElement)).toBe(text);
    await open(address, ...variants[variant]!());
    expect(`${page.document.title}\n${page.outline(address === '#/' ? 'html' : 'main')}`).toBe(text);
  });
});

describe('the frame of the page', () => {
  test('shows whether the stream is open, and begins again without the earlier state', async () => {
    page = new BrowserPage('#/rooms');
    await page.settle();
    const seen = () => [page.outline('.status'), page.texts('[role=alert]'), page.texts('.row-link')];
    expect(seen()).toEqual(['<span role="status" class="status connecting"> "Connecting"', [], []]);
    expect(page.streams.map(({ url }) => url)).toEqual(['events']);
    await page.receive({ ...update, isFirst: true });
    expect(seen()).toEqual(['<span role="status" class="status live"> "Live"', [], ['lobby', 'plain']]);
    await page.do(() => page.streams[0]!.onerror!());
    expect(seen()).toEqual([
      '<span role="status" class="status offline"> "Not reachable"',
      ['The service does not respond. If it has started again, open the address of the console that it prints.'],
      ['lobby', 'plain'],
    ]);
    await page.advance(1000);
    await page.receive({ isFirst: true, parts: { rooms: update.parts.rooms!.slice(1) } });
    expect(seen()).toEqual(['<span role="status" class="status live"> "Live"', [], ['plain']]);
    expect(page.streams.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  test('announces each page by its title and its heading, but not the first', async () => {
    await open('#/rooms');
    const { document } = page;
    expect([document.title, document.activeElement === document.body]).toEqual(['Rooms · Local IVS Chat', true]);
    await page.click('.rail a', 'Tokens4');
    expect([page.window.location.hash, document.title]).toEqual(['#/tokens', 'Tokens · Local IVS Chat']);
    expect(document.activeElement).toBe(page.find('h1', 'Tokens'));
    await page.click('td a', 'carl');
    expect(document.activeElement).toBe(page.find('h1', 'carl'));
    page.find('h1').blur();
    await page.go('#/people/plain/zoe');
    expect(page.texts('h1')).toEqual(['zoe']);
    expect(document.activeElement).toBe(document.body);
    await page.go('#/nothing');
    expect(page.texts('h1')).toEqual(['Overview']);
    expect(page.scrolled).toEqual(['Rooms0', 'Tokens4', 'People2', 'Overview'].map((text) =>
      `${text} {"block":"nearest","inline":"center"}`));
  });

  test('has a search that narrows every page, and that is part of the address', async () => {
    await open('#/requests?show=operations', { stacks }, { logLines });
    const { history, location } = page.window;
    const counts = () => Object.fromEntries([...page.document.querySelectorAll('.rail a')].map((link) =>
      [link.querySelector('span')!.textContent, [...link.querySelectorAll('.count')].map(({ className, textContent }) =>
        `${className.trim()} ${textContent}`)]));
    expect(counts()).toEqual({
      Overview: [],
      Rooms: ['count 2'],
      People: ['count 2'],
      Messages: ['count 3'],
      Frames: ['count 11'],
      Requests: ['count bad 4', 'count 15'],
      Tokens: ['count 4'],
      Logs: ['count 4'],
      Stack: ['count 2'],
      Faults: ['count bad 2'],
    });
    const entries = history.length;
    await page.enter('input[type=search]', 'GetRoom');
    expect([location.hash, history.length]).toEqual(['#/requests?show=operations&q=GetRoom', entries]);
    expect(page.texts('tbody .row-link')).toEqual(['GetRoom']);
    expect(page.find('main .filters a', 'Failed').getAttribute('href')).toBe('#/requests?show=failed&q=GetRoom');
    expect(counts()).toEqual({
      Overview: [],
      Rooms: ['count 0'],
      People: ['count 0'],
      Messages: ['count 0'],
      Frames: ['count 0'],
      Requests: ['count 1'],
      Tokens: ['count 0'],
      Logs: ['count 0'],
      Stack: ['count 0'],
      Faults: ['count 0'],
    });
    expect(page.find('.rail a', 'Rooms0').getAttribute('href')).toBe('#/rooms?q=GetRoom');
    await page.go('#/rooms?q=lob');
    expect(page.find<HTMLInputElement>('input[type=search]').value).toBe('lob');
    expect(page.texts('tbody .row-link')).toEqual(['lobby']);
    await page.go('#/rooms');
    expect(page.find<HTMLInputElement>('input[type=search]').value).toBe('');
    await page.enter('input[type=search]', 'plain');
    page.find('input[type=search]').focus();
    await page.press('Enter');
    expect(location.hash).toBe('#/rooms?q=plain');
    await page.press('Escape');
    expect([location.hash, page.document.activeElement]).toEqual(['#/rooms', page.document.body]);
    expect(page.texts('tbody .row-link')).toEqual(['lobby', 'plain']);
  });

  test('has a search that keeps what is open', async () => {
    await open('#/frames/5?show=received');
    await page.enter('input[type=search]', 'spam');
    expect([page.window.location.hash, page.texts('main h2')]).toEqual([
      '#/frames/5?show=received&q=spam', ['↑ SEND_MESSAGE'],
    ]);
  });

  test('counts all rooms, of which the service sends 200', async () => {
    await open('#/', { counts: { rooms: 300, connections: 0, deliveries: 0 } });
    expect(page.texts('.rail a').slice(0, 2)).toEqual(['Overview', 'Rooms300']);
  });

  test('moves the focus to the search with a slash, except in a field and with a modifier', async () => {
    await open('#/rooms/lobby?q=x');
    const { document } = page;
    const search = page.find<HTMLInputElement>('input[type=search]');
    const field = page.find('input[name=eventName]');
    field.focus();
    expect([await page.press('/'), document.activeElement]).toEqual([false, field]);
    for (const [key, modifiers] of [['/', { ctrlKey: true }], ['/', { metaKey: true }], ['x', {}]] as const) {
      expect([await page.press(key, modifiers, document.body), document.activeElement]).toEqual([false, field]);
    }
    expect([await page.press('/', {}, document.body), document.activeElement]).toEqual([true, search]);
    expect([search.selectionStart, search.selectionEnd]).toEqual([0, 1]);
  });

  test('leaves a slash to a selection', async () => {
    await open('#/people/new');
    const room = page.find('select[name=room]');
    room.focus();
    expect([await page.press('/'), page.document.activeElement]).toEqual([false, room]);
  });

  test('has a link that skips to the content', async () => {
    await open('#/rooms');
    await page.click('a', 'Skip to content');
    expect([page.document.activeElement, page.window.location.hash]).toEqual([page.find('main'), '#/rooms']);
  });

  test.each<[string, Partial<ConsoleParts>, string, string]>([
    ['stands still with a virtual clock', {}, 'in 60 s', 'in 60 s'],
    [
      'goes on with the system clock of the service',
      { service: { region: '', accountId: '', faultOperations: [], hasStacks: false } }, 'in 60 s', 'in 59 s',
    ],
  ])('has a time that %s', async (_what, parts, before, after) => {
    page = new BrowserPage('#/tokens');
    await page.settle();
    await page.advance(6_000); // the clock of the service is six seconds behind
    await page.receive({ ...update, parts: { ...update.parts, ...parts } });
    const ends = () => page.texts('td').find((text) => text.startsWith('in '));
    expect(ends()).toBe(before);
    await page.advance(1_000);
    expect(ends()).toBe(after);
  });

  test('shows toasts for six seconds', async () => {
    await open('#/rooms');
    await page.button('Create a room');
    page.answer = () => new Error('There are too many rooms');
    await page.advance(1_000);
    await page.button('Create a room');
    expect(page.toasts()).toEqual(['CreateRoom: the room was created', 'bad: There are too many rooms']);
    await page.advance(5_000);
    expect(page.toasts()).toEqual(['bad: There are too many rooms']);
    await page.advance(1_000);
    expect(page.toasts()).toEqual([]);
  });

  test('has a banner about the faults that are on', async () => {
    const [throttle, latency] = update.parts.faults!;
    await open('#/rooms');
    const banner = () => page.find('.stage > div.banner');
    expect([banner().hidden, page.texts('.stage .banner p')]).toEqual([
      false, ['2 faults are on: Throttle, latency of SendEvent'],
    ]);
    await page.receive({ parts: { faults: [latency!] } });
    expect([banner().hidden, page.texts('.stage .banner p')]).toEqual([false, ['A fault is on: latency of SendEvent']]);
    await page.button('Undo');
    expect([page.requests, page.toasts()]).toEqual([[['DELETE', 'faults']], ['The faults are removed']]);
    await page.receive({ parts: { faults: [] } });
    expect([banner().hidden, banner().textContent]).toEqual([true, '']);
    await page.receive({ parts: { faults: [throttle!] } });
    expect(banner().hidden).toBe(false);
  });
});

type Call = [method: string, path: string, ...body: unknown[]];
const post = (path: string, body: object): Call => ['POST', path, body, json];
const call = (operation: string, input: object) => post('call', { operation, input });

describe('the button', () => {
  test.each<[string, string, Call, string, Partial<ConsoleParts>?]>([
    ['#/rooms', 'Create a room', call('CreateRoom', {}), 'CreateRoom: the room was created'],
    [
      '#/overview', 'Create a room', call('CreateRoom', { name: 'lobby' }), 'CreateRoom: lobby was created',
      { counts: { rooms: 0, connections: 0, deliveries: 0 } },
    ],
    ['#/overview', 'Advance 1 min', post('clock', { milliseconds: 60_000 }), 'The clock is 1 min later'],
    [
      '#/rooms/lobby', 'Drop connections', post('drop-connections', { roomArn: lobby }), 'The connections are dropped',
    ],
    [
      '#/people/lobby/ada', 'Drop connections', post('drop-connections', { roomArn: lobby, userId: 'ada' }),
      'The connections are dropped. A good client connects again.',
    ],
    [
      '#/people/lobby/ada', 'Disconnect',
      call('DisconnectUser', { roomIdentifier: lobby, userId: 'ada', reason: 'Disconnected in the console' }),
      'DisconnectUser: Ada was disconnected',
    ],
    ['#/faults', 'Remove all', ['DELETE', 'faults'], 'The faults are removed'],
    ['#/faults', 'Remove latency of SendEvent', ['DELETE', 'faults/2'], 'The fault is removed'],
    [
      '#/messages', 'Delete the message id-12',
      call('DeleteMessage', { roomIdentifier: lobby, id: 'id-12', reason: 'Deleted in the console' }),
      'DeleteMessage: the message was deleted',
    ],
  ])('of %s, %s, sends its request, and shows its result', async (hash, name, request, toast, parts = {}) => {
    await open(hash, parts, { frames: [...update.frames, message(12, 'kept')] });
    await page.button(name);
    expect([page.requests, page.toasts()]).toEqual([[request], [toast]]);
    page.answer = () => new Error('No');
    await page.button(name);
    expect([page.requests, page.toasts()]).toEqual([[request, request], [toast, 'bad: No']]);
  });

  test.each<[string, string, string, string | RegExp]>([
    ['#/rooms/lobby', 'Copy the ARN', '', lobby],
    ['#/overview', 'Copy the endpoint', '', 'http://127.0.0.1:1'],
    ['#/overview', 'Copy the address of messaging', '', 'ws://127.0.0.1:1'],
    ['#/frames/11', 'Copy Connection', '', '{\n  "Code": 1000,\n  "Reason": "disconnected",\n  "ClosedBy": "ada"\n}'],
    ['#/requests/13', 'Copy Input', '', `{\n  "identifier": "${plain.replace('plain', 'AAAAAAAAAAAA')}"\n}`],
    ['#/requests/13', 'Copy as AWS CLI', '', /^aws ivschat get-room .*--endpoint-url http:\/\/127\.0\.0\.1:1$/s],
    ['#/requests/13', 'Copy as curl', 'curl', /^curl 'http:\/\/127\.0\.0\.1:1\/GetRoom' /],
    ['#/requests/13', 'Copy as AWS SDK', 'AWS SDK', /^import \{ GetRoomCommand, IvschatClient \} from /],
  ])('of %s, %s, copies its text', async (hash, name, tab, text) => {
    await open(hash);
    if (tab) await page.button(tab);
    await page.button(name);
    expect([page.clipboard, page.toasts(), page.requests]).toEqual([
      [typeof text === 'string' ? text : expect.stringMatching(text)], ['Copied'], [],
    ]);
    if (!tab) return;
    expect(page.texts('button[aria-pressed=true]')).toEqual([tab]);
    expect(page.find('pre', tab).textContent).toBe(page.clipboard[0]);
  });

  test('Advance moves the clock by the time of the slider', async () => {
    await open('#/overview');
    const seen: unknown[] = [];
    for (const position of [0, 1, 2, 3, 4, 5]) {
      await page.enter('input[type=range]', String(position));
      const text = page.find('input[type=range]').getAttribute('aria-valuetext')!;
      await page.button(`Advance ${text}`);
      seen.push([text, page.requests.pop(), page.toasts().at(-1)]);
    }
    const times: [string, number][] = [
      ['1 s', 1_000], ['10 s', 10_000], ['1 min', 60_000], ['10 min', 600_000], ['1 h', 3_600_000], ['3 h', 10_800_000],
    ];
    expect(seen).toEqual(times.map(([text, milliseconds]) =>
      [text, post('clock', { milliseconds }), `The clock is ${text} later`]));
  });
});

describe('the frames', () => {
  const numbers = () => page.texts('tbody td:first-child');

  test('can be paused, continued, cleared and exported', async () => {
    await open('#/frames?show=sent');
    const before = numbers();
    expect(before).toEqual([
      '↓ aws:DISCONNECT_USER', '↓ aws:DELETE_MESSAGE', '↓ ERROR', '↓ MESSAGE',
    ]);
    await page.button('Pause');
    expect(page.outline('button[aria-pressed]')).toBe('<button type="button" aria-pressed="true"> "Resume"');
    await page.receive({ frames: [message(12, 'twelve'), message(13, 'thirteen')] });
    expect([numbers(), page.texts('button[aria-pressed]')]).toEqual([before, ['Resume (2 new)']]);
    await page.button('Resume (2 new)');
    expect(page.outline('button[aria-pressed]')).toBe('<button type="button" aria-pressed="false"> "Pause"');
    expect(numbers()).toEqual(['↓ MESSAGE', '↓ MESSAGE', ...before]);
    await page.button('Clear');
    expect([numbers(), page.texts('.empty')]).toEqual([[], ['No frame matches.']]);
    const kept = [message(14, 'fourteen'), message(15, 'fifteen')];
    await page.receive({ frames: kept });
    expect(numbers()).toEqual(['↓ MESSAGE', '↓ MESSAGE']);
    await page.button('Export');
    while (!page.files.length) await page.settle();
    expect(page.files).toEqual([
      ['frames.json', 'application/json', JSON.stringify(kept.reverse(), undefined, 2)],
    ]);
    expect(page.toasts()).toEqual([]);
  });

  test('of a paused list are counted when the page has forgotten the oldest', async () => {
    await open('#/frames');
    await page.button('Pause');
    await page.receive({ frames: Array.from({ length: 1_000 }, (_, index) => message(12 + index, 'new')) });
    expect(page.texts('button[aria-pressed]')).toEqual(['Resume (1000 new)']);
  });

  test('of a paused list without a frame are new from the first', async () => {
    await open('#/frames', {}, { frames: [] });
    await page.button('Clear');
    await page.button('Pause');
    expect(page.texts('button[aria-pressed]')).toEqual(['Resume']);
    await page.receive({ frames: [message(1, 'one')] });
    expect(page.texts('button[aria-pressed]')).toEqual(['Resume (1 new)']);
    await page.button('Resume (1 new)');
    expect(numbers()).toEqual(['↓ MESSAGE']);
    await page.button('Clear');
    expect(page.texts('.empty')).toHaveLength(1);
  });

  test('get the focus with the arrow keys', async () => {
    await open('#/frames');
    const links = [...page.document.querySelectorAll<HTMLElement>('.row-link')];
    links[1]!.focus();
    const press = async (key: string) => [await page.press(key), links.indexOf(page.document.activeElement as any)];
    expect(await press('ArrowDown')).toEqual([true, 2]);
    expect(await press('ArrowUp')).toEqual([true, 1]);
    expect(await press('ArrowUp')).toEqual([true, 0]);
    expect(await press('ArrowUp')).toEqual([true, 0]);
    expect(await press('ArrowRight')).toEqual([false, 0]);
    const user = page.find<HTMLElement>('td a[title=ada]');
    user.focus();
    expect([await page.press('ArrowDown'), page.document.activeElement]).toEqual([false, user]);
  });

  test('can be sent again over a new connection of their user, with another request ID', async () => {
    const frames = update.frames.map((each) =>
      (each.number === 5 ? { ...each, content: { ...each.content as object, RequestId: 'first' } } : each));
    await open('#/frames/5', {}, { frames });
    page.answer = () => ({ token: 'a token' });
    await page.button('Send again');
    expect(page.requests).toEqual([call('CreateChatToken', {
      roomIdentifier: lobby,
      userId: 'ada',
      attributes: { displayName: 'Ada' },
      capabilities: ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'],
    })]);
    const [socket] = page.connections;
    expect([socket!.url, socket!.protocol, socket!.sent]).toEqual(['ws://127.0.0.1:1', 'a token', []]);
    await page.do(() => socket!.onopen!());
    const RequestId = `console-${(60_000).toString(36)}`;
    expect(socket!.sent.map((text) => JSON.parse(text))).toEqual([
      { Action: 'SEND_MESSAGE', Content: 'spam', RequestId },
    ]);
    await page.do(() => socket!.onmessage!({ data: JSON.stringify({ Type: 'MESSAGE', RequestId: 'of another' }) }));
    expect([page.toasts(), socket!.isClosed]).toEqual([[], false]);
    await page.do(() => socket!.onmessage!({ data: JSON.stringify({ Type: 'MESSAGE', RequestId }) }));
    expect([page.toasts(), socket!.isClosed]).toEqual([
      ['The frame was sent again, and the service accepted it'], true,
    ]);
    await page.button('Send again');
    await page.advance(9_999);
    expect([page.toasts(), page.connections[1]!.isClosed]).toEqual([[], false]);
    await page.advance(1);
    expect([page.toasts(), page.connections[1]!.isClosed]).toEqual([
      ['bad: There was no response within 10 seconds'], true,
    ]);
  });
});

describe('the form', () => {
  test('for an event sends its name and its attributes', async () => {
    await open('#/rooms/lobby');
    await page.button('SendEvent');
    expect(page.requests).toEqual([]); // the name is required
    await page.enter('input[name=eventName]', 'app:poll');
    await page.button('SendEvent');
    await page.enter('input[name=attributes]', '{"question":"Ready?"}');
    await page.button('SendEvent');
    await page.enter('input[name=attributes]', '{');
    await page.button('SendEvent');
    const event = { roomIdentifier: lobby, eventName: 'app:poll' };
    expect(page.requests).toEqual([
      call('SendEvent', event), call('SendEvent', { ...event, attributes: { question: 'Ready?' } }),
    ]);
    expect(page.toasts()).toEqual([
      'SendEvent: app:poll was sent', 'SendEvent: app:poll was sent', expect.stringMatching(/^bad: .*JSON/),
    ]);
  });

  test('for a user creates a token, and offers it without showing it', async () => {
    await open('#/people/new?room=plain');
    page.answer = () => ({ token: 'secret' });
    await page.button('CreateChatToken');
    expect(page.requests).toEqual([]); // the user ID is required
    await page.enter('input[name=userId]', ' grace ');
    await page.button('CreateChatToken');
    await page.enter('input[name=name]', ' Grace ');
    await page.enter('input[name=minutes]', '5');
    await page.enter('select[name=room]', lobby);
    await page.click('input[value=SEND_MESSAGE]');
    await page.click('input[value=DELETE_MESSAGE]');
    await page.click('input[value=DISCONNECT_USER]');
    await page.button('CreateChatToken');
    expect(page.requests).toEqual([
      call('CreateChatToken', {
        roomIdentifier: plain, userId: 'grace', attributes: {}, capabilities: ['SEND_MESSAGE'],
      }),
      call('CreateChatToken', {
        roomIdentifier: lobby,
        userId: 'grace',
        attributes: { displayName: 'Grace' },
        capabilities: ['DELETE_MESSAGE', 'DISCONNECT_USER'],
        sessionDurationInMinutes: 5,
      }),
    ]);
    expect(page.toasts()).toEqual(Array(2).fill('CreateChatToken: the token was created'));
    expect(page.outline('section:last-of-type')).toBe(`<section class="card">
  <div class="heading">
    <h2> "The chat token of grace"
    <div class="tools">
  <p> "The token opens one connection within 60 seconds. It is not shown here."
  <div class="actions">
    <button type="button" class="quiet" aria-label="Copy the token"> "Copy the token"
    <button type="button" class="quiet" aria-label="Copy the command of wscat"> "Copy as a wscat command"
    <a class="button" href="#/people/lobby/grace"> "Open the page of " "grace"`);
    await page.button('Copy the token');
    await page.button('Copy the command of wscat');
    expect(page.clipboard).toEqual(['secret', 'npx wscat -c ws://127.0.0.1:1 -s secret']);
    page.answer = () => new Error('No');
    await page.button('CreateChatToken');
    expect(page.toasts().at(-1)).toBe('bad: No');
  });

  test('for a user needs one room', async () => {
    await open('#/people/new', { rooms: update.parts.rooms!.slice(1) });
    expect(page.texts('select[name=room] option')).toEqual(['plain']);
  });

  test('for a message sends it as the user, and keeps the text after a failure', async () => {
    await open('#/people/lobby/bob');
    await page.button('Send');
    expect(page.requests).toEqual([]); // the text is required
    page.answer = () => ({ token: 'a token' });
    const text = () => page.find<HTMLInputElement>('.grow input').value;
    const send = async (answer: (RequestId: string) => object) => {
      await page.button('Send');
      const socket = page.connections.at(-1)!;
      await page.do(() => socket.onopen!());
      const sent = JSON.parse(socket.sent[0]!);
      await page.do(() => socket.onmessage!({ data: JSON.stringify(answer(sent.RequestId)) }));
      expect(socket.isClosed).toBe(true);
      return sent;
    };
    await page.enter('.grow input', ' hello ');
    const sent = await send((RequestId) => ({ Type: 'ERROR', RequestId, ErrorCode: 403, ErrorMessage: 'No' }));
    expect(sent).toEqual({ Action: 'SEND_MESSAGE', Content: ' hello ', RequestId: expect.any(String) });
    expect(page.requests).toEqual([
      call('CreateChatToken', { roomIdentifier: lobby, userId: 'bob', attributes: {}, capabilities: [] }),
    ]);
    expect([text(), page.outline('p[role=status] span')]).toEqual([' hello ', '<span class="bad"> "ERROR 403: No"']);
    await send((RequestId) => ({ Type: 'MESSAGE', RequestId }));
    expect([text(), page.outline('p[role=status] span'), page.toasts()]).toEqual([
      '', '<span class="good"> "The message was sent to the room."', [],
    ]);
  });

  test('for a fault sends what was entered', async () => {
    await open('#/faults');
    await page.button('Add the fault');
    await page.enter('section:last-of-type select', 'latency');
    expect(page.outline('input[name=milliseconds]')).toBe(
      '<input name="milliseconds" type="number" min="0" max="600000" placeholder="1000">',
    );
    await page.enter('select[name=operation]', 'GetRoom');
    await page.enter('input[name=times]', '2');
    await page.enter('input[name=probability]', '0.5');
    await page.enter('input[name=milliseconds]', '0');
    await page.button('Add the fault');
    expect(page.texts('section:last-of-type p')).toEqual(['latency: the request takes `milliseconds` longer.']);
    page.answer = () => new Error('No');
    await page.button('Add the fault');
    const fault = { kind: 'latency', operation: 'GetRoom', times: 2, probability: 0.5, milliseconds: 0 };
    expect(page.requests).toEqual([
      post('faults', { kind: 'throttle' }), post('faults', fault), post('faults', fault),
    ]);
    expect(page.toasts()).toEqual(['The fault is active', 'The fault is active', 'bad: No']);
    await page.enter('section:last-of-type select', 'serverError');
    expect(page.document.querySelector('input[name=milliseconds]')).toBeNull();
  });

  test('for the room of the messages keeps the search', async () => {
    await open('#/messages?q=e');
    const choose = (room: string) => page.enter('main select', room);
    await choose('plain');
    expect([page.window.location.hash, page.texts('.empty')]).toEqual([
      '#/messages?q=e&room=plain', ['Nothing matches.'],
    ]);
    await choose('');
    expect([page.window.location.hash, page.texts('tbody tr').length]).toEqual(['#/messages?q=e', 3]);
  });
});

describe('a switch', () => {
  const shown = () => [...page.document.querySelectorAll<HTMLInputElement>('input[role=switch]')].map(
    ({ checked, parentElement }) => `${checked} ${parentElement!.className}`);
  const off = 'false switch ';
  const on = 'true switch on';

  test('turns its fault on, and shows at once what was chosen', async () => {
    await open('#/faults', { faults: [] });
    expect(shown()).toEqual([off, off, off, off, off]);
    await page.click('input', 'Drop everyone');
    expect(page.requests).toEqual([
      post('faults', { kind: 'lostRequest', operation: 'CONNECT' }), post('drop-connections', {}),
    ]);
    expect(shown()).toEqual([off, off, on, off, off]);
    await page.receive({ parts: { faults: [{ id: 3, kind: 'lostRequest', operation: 'CONNECT' }] } });
    await page.advance(2_000);
    expect(shown()).toEqual([off, off, on, off, off]);
    page.requests.length = 0;
    await page.click('input', 'Drop everyone');
    expect([page.requests, shown()]).toEqual([[['DELETE', 'faults/3']], [off, off, off, off, off]]);
    await page.receive({ parts: { faults: [] } });
    expect([shown(), page.toasts()]).toEqual([[off, off, off, off, off], []]);
  });

  test('shows the state of the service again after two seconds, and after a failure', async () => {
    await open('#/overview', { faults: [] });
    await page.click('input', 'Throttle');
    await page.advance(1_999);
    expect(shown()[0]).toBe(on);
    await page.advance(1);
    expect(shown()[0]).toBe(off);
    page.answer = () => new Error('No');
    await page.click('input', 'Slow 2 s');
    expect([shown(), page.toasts()]).toEqual([[off, off, off, off, off], ['bad: No']]);
    expect(page.requests.at(-1)).toEqual(post('faults', { kind: 'latency', milliseconds: 2000 }));
  });

  test('counts the requests that its fault has affected', async () => {
    const [request] = update.requests.filter(({ fault }) => fault === 'throttle');
    const requests = (['throttle', 'latency', 'throttle', undefined] as const).map((fault, index) =>
      ({ ...request!, number: index + 1, fault }));
    const faults = [{ id: 1, kind: 'throttle' as const }, { id: 2, kind: 'reviewFailed' as const }];
    await open('#/overview', { faults }, { requests });
    expect(page.texts('.switch .badge')).toEqual(['2 requests']);
    expect(page.texts('.switch small')[3])
      .toBe('Message review handlers fail, and the fallback result of each room applies. ');
  });

  test('follows the service when another page changes its fault', async () => {
    await open('#/faults', { faults: [] });
    await page.click('input', 'Throttle');
    await page.receive({ parts: { faults: [{ id: 1, kind: 'throttle' }] } });
    await page.receive({ parts: { faults: [] } });
    expect(shown()[0]).toBe(off);
  });
});
