/**
 * The parts of the page respond to actions of the user, to events and to the time.
 *
 * @jest-environment ./test/jsdom-environment.cjs
 */
import { ChatError, type ChatMessage } from 'cdk-ivs-chat/session';
import { createElement as h } from 'react';
import { ada, ChatPage, gap, host, later, message, moderator, own, START } from './chat-page';
import { fire, setLayout, window } from './dom';
import { Announcement } from '../../../../examples/live-chat/page/announcement';
import { Composer } from '../../../../examples/live-chat/page/composer';
import { ConnectionBanner } from '../../../../examples/live-chat/page/connection-banner';
import { HostTools } from '../../../../examples/live-chat/page/host-tools';
import { JoinCard } from '../../../../examples/live-chat/page/join-card';
import { MessageList } from '../../../../examples/live-chat/page/message-list';
import { attributesOf, pollOf } from '../../../../examples/live-chat/page/poll';
import { PollCard } from '../../../../examples/live-chat/page/poll-card';
import { Reactions } from '../../../../examples/live-chat/page/reactions';
import { Reports } from '../../../../examples/live-chat/page/reports';
import { ThemeSwitch } from '../../../../examples/live-chat/page/theme-switch';
import { ToastView } from '../../../../examples/live-chat/page/toast-view';
import { UnderTheHood } from '../../../../examples/live-chat/page/under-the-hood';
import { ViewersButton } from '../../../../examples/live-chat/page/viewers-button';
import type { SignIn } from '../../../../examples/live-chat/sign-in';

let page: ChatPage;
beforeEach(() => {
  page = new ChatPage();
  page.open();
});
afterEach(() => page.close());

const focused = () => document.activeElement!.getAttribute('data-key') ?? document.activeElement!.textContent;
const article = (key: string) => page.find(`[data-key="${key}"]`);
const setPlace = (element: Element, place: object) => setLayout(element, { getBoundingClientRect: () => place });
const list = h(MessageList);

describe('the join card', () => {
  const joined: SignIn[] = [];
  let failure: Error | undefined;
  const onJoin = async (user: SignIn) => {
    joined.push(user);
    if (failure) throw failure;
    await new Promise(() => {});
  };
  beforeEach(() => {
    joined.length = 0;
    failure = undefined;
  });
  const role = () => page.value('[name="role"]:checked');
  const alert = () => page.find('[role="alert"]').textContent;

  test('suggests a name, keeps the user of the tab, and joins once', async () => {
    await page.render(h(JoinCard, { onJoin }));
    const { value, selectionStart, selectionEnd } = page.find<HTMLInputElement>('[id="name"]');
    expect([value, value.slice(selectionStart!, selectionEnd!)]).toEqual(['Lucky Otter', 'Lucky Otter']);
    await page.enterText('[id="name"]', ' Grace Hopper ');
    expect(page.find('.avatar').textContent).toBe('GH');
    await page.do(() => page.find('[value="moderator"]').click());
    await page.click('Join');
    const { userId } = page.storage;
    expect(userId).toMatch(/^[0-9a-f-]{36}$/);
    expect(joined).toEqual([{ userId, name: 'Grace Hopper', role: 'moderator' }]);
    expect({ ...page.storage }).toEqual({ userId, userName: 'Grace Hopper', role: 'moderator' });
    expect(page.button('Join').hasAttribute('disabled')).toBe(true);
  });

  test.each([
    ['', undefined, 'viewer'], ['', 'host', 'host'], ['#moderator', 'host', 'moderator'], ['#admin', 'host', 'host'],
    ['#admin', 'admin', 'viewer'], ['#constructor', 'constructor', 'viewer'],
  ])('with the hash %j and the last role %j, the role is %s', async (hash, last, expected) => {
    location.hash = hash;
    if (last) page.storage.role = last;
    await page.render(h(JoinCard, { onJoin }));
    expect(role()).toBe(expected);
  });

  test('tells why the user cannot join, and the user can try again', async () => {
    failure = new Error('sign-in answered 500');
    await page.render(h(JoinCard, { onJoin }));
    await page.click('Join');
    expect(alert()).toBe('The chat cannot be joined: sign-in answered 500');
    await page.enterText('[id="name"]', 'Grace');
    expect(page.find('.avatar').textContent).toBe('G');
    failure = new TypeError('Load failed');
    await page.click('Join');
    expect(alert()).toBe('The server of this page does not answer. Run npm start again.');
    failure = undefined;
    await page.click('Join');
    expect([alert(), joined.length]).toEqual(['', 3]);
  });
});

test('the theme is system, light or dark, and the page remembers it', async () => {
  const theme = () => [localStorage.theme, document.documentElement.dataset.theme];
  localStorage.theme = 'unknown';
  await page.render(h(ThemeSwitch));
  expect(theme()).toEqual(['system', 'system']);
  for (const [before, after, icon] of [
    ['system', 'light', 'M12 16a4'], ['light', 'dark', 'M20 14A'], ['dark', 'system', 'M4 5h16'],
  ]) {
    await page.click(`Theme: ${before}`);
    expect(theme()).toEqual([after, after]);
    expect(page.outline()).toContain(`aria-label="Theme: ${after}" title="Theme: ${after}">\n  (icon ${icon}`);
  }
  await page.unmount();
  localStorage.theme = 'dark';
  await page.render(h(ThemeSwitch));
  page.button('Theme: dark');
});

describe('the keys of the list', () => {
  const deleted = { isDeleted: true, content: '' };
  beforeEach(async () => {
    await page.update({
      messages: [message(1), gap('g1'), message(2, deleted), message(3, { id: '', ...own }), message(4), gap('g2')],
    });
    await page.enter(list);
    page.find('.messages').focus();
  });

  test('the arrow keys, Home and End move between messages, and pass over gaps', async () => {
    expect(await page.press('ArrowDown')).toBe(true);
    for (const [key, expected] of [
      ['ArrowUp', 'm4'], ['ArrowUp', 'm3'], ['ArrowUp', 'm2'], ['ArrowUp', 'm1'], ['ArrowDown', 'm2'], ['End', 'm4'],
      ['Home', 'm1'],
    ] as const) {
      expect(await page.press(key)).toBe(false);
      expect(focused()).toBe(expected);
    }
    expect(await page.press('ArrowUp')).toBe(true);
    await page.press('End');
    expect(await page.press('ArrowDown')).toBe(true);
    expect(focused()).toBe('m4');
    // A link in a message also belongs to the message.
    await page.press('ArrowUp', {}, article('m4').querySelector('.content')!);
    expect(focused()).toBe('m3');
  });

  test.each([
    ['m1', 'm', {}, true], ['m1', 'M', {}, true], ['m1', 'm', { ctrlKey: true }, false],
    ['m1', 'm', { metaKey: true }, false], ['m1', 'x', {}, false], ['m2', 'm', {}, false], ['m3', 'm', {}, false],
  ])('the menu of %s after the key %s with %j', async (key, pressed, modifiers, isOpen) => {
    setPlace(article(key), { left: 20, right: 0, bottom: 40 });
    article(key).focus();
    expect(await page.press(pressed, modifiers)).toBe(!isOpen);
    expect(page.all('.menu')).toHaveLength(isOpen ? 1 : 0);
  });

  test('without a focused message, M opens no menu', async () => {
    expect(await page.press('m')).toBe(true);
    expect(page.all('.menu')).toEqual([]);
  });
});

describe('the menu of a message', () => {
  const place = () => {
    const { left, top } = page.find('.menu').style;
    return [left, top];
  };
  const menus = () => page.all('.menu').length;

  test('opens at the pointer, beside its button or below its message, and stays inside the window', async () => {
    await page.update({ messages: [message(1, { content: 'Hi' }), message(2, own)] });
    await page.enter(list);
    const contextMenu = async (clientX: number, clientY: number, target = article('m1')) => {
      let isDefault = false;
      await page.do(() => {
        isDefault = fire(target, 'contextmenu', { clientX, clientY });
      });
      return isDefault;
    };
    // The menu is 200 pixels wide and 100 high, and the window 1000 and 700. Its right edge is at the point.
    for (const [x, y, left, top] of [
      [500, 300, 300, 300], [100, 300, 8, 300], [999, 699, 792, 592], [208, 8, 8, 8], [600, 2, 400, 8],
      [992, 592, 792, 592],
    ] as const) {
      expect(await contextMenu(x, y)).toBe(false);
      expect(place()).toEqual([`${left}px`, `${top}px`]);
      expect(focused()).toBe('Copy text');
    }
    setPlace(page.button('Actions: Bob, Hi'), { left: 1, right: 400, bottom: 50 });
    await page.click('Actions: Bob, Hi');
    expect(place()).toEqual(['200px', '50px']);
    setPlace(article('m1'), { left: 300, right: 900, bottom: 70 });
    article('m1').focus();
    await page.press('m');
    expect(place()).toEqual(['100px', '70px']);
  });

  test('does not open for a link or for a message without an ID', async () => {
    await page.update({ messages: [message(1, { content: 'See https://example.com' }), message(2, { id: '' })] });
    await page.enter(list);
    expect(fire(page.find('a'), 'contextmenu')).toBe(true);
    expect(fire(article('m2'), 'contextmenu')).toBe(true);
    expect(menus()).toBe(0);
    expect(page.elements('.menu-button')).toHaveLength(1);
  });

  test('the keys choose an action, and Escape and Tab return to the message', async () => {
    await page.update({ messages: [message(1, { content: 'Hi' }), message(2)] });
    await page.enter(list);
    for (const last of ['Escape', 'Tab']) {
      await page.click('Actions: Bob, Hi');
      for (const [key, expected] of [
        ['ArrowDown', 'Copy user ID'], ['ArrowUp', 'Copy text'], ['ArrowUp', 'Block Bob'], ['ArrowDown', 'Copy text'],
        ['End', 'Block Bob'], ['Home', 'Copy text'],
      ] as const) {
        expect(await page.press(key)).toBe(false);
        expect(focused()).toBe(expected);
      }
      expect(await page.press('x')).toBe(true);
      expect(menus()).toBe(1);
      expect(await page.press(last)).toBe(false);
      expect([menus(), focused()]).toEqual([0, 'm1']);
    }
  });

  test('closes when the user points at another place, but not at the menu', async () => {
    await page.update({ messages: [message(1, { key: 'm"1' })] });
    await page.enter(list);
    const before = page.listeners.length;
    await page.click('Actions: Bob, Message 1');
    await page.do(() => fire(page.find('.menu button'), 'pointerdown'));
    expect(menus()).toBe(1);
    await page.do(() => fire(page.find('.messages'), 'pointerdown'));
    expect(menus()).toBe(0);
    expect(page.listeners.length).toBe(before);
    // The dialog for a report stays.
    await page.click('Actions: Bob, Message 1');
    await page.click('Report …');
    await page.do(() => fire(page.find('.messages'), 'pointerdown'));
    await page.click('Close');
    expect(page.all('dialog')).toEqual([]);
    expect(focused()).toBe('m"1');
  });

  test.each([
    ['is deleted', [message(1, { isDeleted: true, content: '' })]],
    ['leaves the list', [message(2)]],
    ['has become a vote', [message(1, { attributes: { poll: 'p1', option: '0' } })]],
  ])('closes when the message %s', async (_, messages) => {
    await page.update({ messages: [message(1)] });
    await page.enter(list);
    await page.click('Actions: Bob, Message 1');
    await page.update({ messages: [message(1), message(2)] });
    expect(menus()).toBe(1);
    await page.update({ messages });
    expect(menus()).toBe(0);
  });

  /** Chooses an action of the message 2 of Bob, and returns its effects. */
  async function choose(label: string, me = ada, changed: Partial<ChatMessage> = {}) {
    await page.update({
      messages: [
        message(1),
        message(2, { content: 'Hi', ...changed }),
        message(3, { sender: { userId: 'eve-1', attributes: {} } }),
        message(4, { isDeleted: true, content: '' }),
        gap('g1'),
        message(5),
      ],
    });
    await page.enter(list, me);
    await page.do(() => article('m2').querySelector<HTMLElement>('.menu-button')!.click());
    await page.click(label);
    return { requests: page.requests, toasts: page.toasts, calls: page.chat.calls, clipboard: page.clipboard };
  }
  const none = { requests: [], toasts: [], calls: [], clipboard: [] };

  test.each([
    ['Copy text', ada, {}, { clipboard: ['Hi'], toasts: [{ text: 'The text is copied.' }] }],
    ['Copy user ID', ada, {}, { clipboard: ['bob-1'], toasts: [{ text: 'The user ID is copied.' }] }],
    ['Copy user ID', ada, own, { clipboard: ['ada-1'], toasts: [{ text: 'The user ID is copied.' }] }],
    ['Block Bob', ada, {}, {
      requests: [{ operation: 'block-user', input: { userId: 'bob-1' } }],
      toasts: [{ text: 'You no longer see the messages of Bob.' }],
      calls: [['block', 'bob-1']],
    }],
    ['Delete', moderator, {}, {
      requests: [{ operation: 'delete-message', input: { messageId: 'id-2' } }],
      toasts: [{ text: 'You deleted a message of Bob.' }],
    }],
    ['Delete all messages of Bob', host, {}, {
      requests: ['id-1', 'id-2', 'id-5'].map((messageId) => ({ operation: 'delete-message', input: { messageId } })),
      toasts: [{ text: 'You deleted 3 messages of Bob.', call: 'POST /delete-message' }],
    }],
    ['Delete all messages of Kim', host, { sender: { userId: 'kim-1', attributes: { displayName: 'Kim' } } }, {
      requests: [{ operation: 'delete-message', input: { messageId: 'id-2' } }],
      toasts: [{ text: 'You deleted 1 message of Kim.', call: 'POST /delete-message' }],
    }],
    ['Time out for 5 minutes', moderator, {}, {
      requests: [{ operation: 'mute-user', input: { userId: 'bob-1', durationInMinutes: 5 } }],
      toasts: [{
        text: 'You muted Bob for 5 minutes.',
        undo: { operation: 'unmute-user', input: { userId: 'bob-1' }, done: 'Bob can write again.' },
      }],
    }],
    ['Ban', moderator, {}, {
      requests: [{ operation: 'ban-user', input: { userId: 'bob-1' } }],
      toasts: [{
        text: 'You banned Bob.',
        undo: { operation: 'unban-user', input: { userId: 'bob-1' }, done: 'Bob can enter again.' },
      }],
    }],
  ])('%s by %j', async (label, me, changed, effects) => {
    expect(await choose(label, me, changed)).toEqual({ ...none, ...effects });
    expect(menus()).toBe(0);
    expect(focused()).toBe(label.startsWith('Delete') ? 'm3' : 'm2');
  });

  test('a user who cannot be blocked stays in the list', async () => {
    page.answers['block-user'] = new Error('no connection');
    expect((await choose('Block Bob')).calls).toEqual([]);
  });

  test('the deletion of all messages ends with the first failure', async () => {
    page.answers['delete-message'] = new Error('no connection');
    const { requests, toasts } = await choose('Delete all messages of Bob', moderator);
    expect(requests).toHaveLength(1);
    expect(toasts).toEqual([{ text: 'That did not work: no connection', call: 'POST /delete-message' }]);
  });

  test.each([
    ['the one before', [gap('g1'), message(1), gap('g2'), message(2), gap('g3')], 'm1'],
    ['the list', [gap('g1'), message(2), gap('g2')], undefined],
  ])('after the deletion of the last message, the focus is on %s', async (_, messages, key) => {
    await page.update({ messages });
    await page.enter(list, moderator);
    await page.click('Actions: Bob, Message 2');
    await page.click('Delete');
    expect(document.activeElement).toBe(key ? article(key) : page.find('.messages'));
  });
});

test('a failed message is sent again or discarded', async () => {
  const error = new ChatError('rateLimited', 'too fast');
  await page.update({ messages: [message(1, { ...own, id: '', status: 'failed', error })] });
  await page.enter(list);
  await page.click('Retry');
  await page.click('Discard');
  expect(page.chat.calls).toEqual([['resend', 'm1'], ['discard', 'm1']]);
});

test('screen readers read that a message was removed', async () => {
  await page.enter(list);
  for (const [reason, expected] of [
    [undefined, 'A moderator removed a message.'], ['Rude', 'A moderator removed a message. Rude'],
  ]) {
    await page.emit('remove', { id: 'id-1', reason });
    expect(page.find('[role="status"]').textContent).toBe(expected);
  }
});

test('the list stays at its end until the reader scrolls up, and counts the new entries', async () => {
  const messages = [message(1), message(2)];
  await page.update({ messages });
  await page.enter(list);
  const messageList = page.find('.messages');
  const add = async (count: number) => {
    for (let index = 0; index < count; index++) messages.push(message(messages.length + 1));
    setLayout(messageList, { scrollHeight: messages.length * 100 });
    await page.update({ messages: [...messages] });
  };
  const scrollTo = async (scrollTop: number) => {
    messageList.scrollTop = scrollTop;
    await page.do(() => fire(messageList, 'scroll', {}, false));
  };
  const pill = () => page.all('.pill').join();
  await add(3);
  expect(messageList.scrollTop).toBe(500);
  setLayout(messageList, { scrollHeight: 550 });
  await page.do(() => page.observers.get(messageList)!());
  expect(messageList.scrollTop).toBe(550);

  setLayout(messageList, { scrollHeight: 500, clientHeight: 200 });
  await scrollTo(260); // 40 pixels before the end
  await add(1);
  expect([messageList.scrollTop, pill()]).toEqual([600, '']);
  await scrollTo(359);
  expect([pill(), page.observers.size]).toEqual(['', 0]);
  await add(1);
  expect([messageList.scrollTop, pill()]).toEqual([359, '1 new message']);
  await add(1);
  const vote = { ...message(0), key: 'vote', attributes: { poll: 'p', option: '0' } };
  await page.update({ messages: [...messages, vote] }); // The list does not show votes.
  expect(pill()).toBe('2 new messages');
  await page.update({ messages: messages.slice(2) }); // The oldest entries have left the list.
  expect(pill()).toBe('2 new messages');
  await page.update({ messages: messages.slice(6) }); // Even the last one that the reader has seen.
  expect(pill()).toBe('2 new messages');
  await page.click('2 new messages');
  expect([messageList.scrollTop, pill(), page.observers.size]).toEqual([800, '', 1]);
  await scrollTo(0);
  await scrollTo(600);
  await add(1);
  expect([messageList.scrollTop, pill()]).toEqual([900, '']);
});

describe('the composer', () => {
  const latencies: number[] = [];
  const field = () => page.value('textarea');
  const alert = () => page.find('[role="alert"]').textContent;
  beforeEach(async () => {
    latencies.length = 0;
    await page.enter(h(Composer, { onLatency: (milliseconds: number) => latencies.push(milliseconds) }));
  });
  const type = (text: string) => page.enterText('textarea', text);

  test('Enter and the button send the message, and the field is empty at once', async () => {
    let delivered = () => {};
    page.chat.answer = new Promise<void>((resolve) => {
      delivered = resolve;
    });
    await type(' Hi ');
    expect(await page.press('Enter')).toBe(false);
    expect([field(), latencies]).toEqual(['', []]);
    await page.advance(70);
    await page.do(delivered);
    expect(latencies).toEqual([70]);
    await type('Bye');
    await page.click('Send');
    expect(page.chat.calls).toEqual([['send', ' Hi '], ['send', 'Bye']]);
  });

  test.each([
    ['Hi', 'Enter', { shiftKey: true }], ['Hi', 'Enter', { isComposing: true }], ['Hi', 'a', {}], [' \n ', 'Enter', {}],
  ])('the text %j is not sent after the key %s with %j', async (text, key, modifiers) => {
    await type(text);
    expect(await page.press(key, modifiers)).toBe(text.trim() !== '');
    expect([page.chat.calls, field()]).toEqual([[], text]);
  });

  test('a message that is too long stays in the field, until it is sent again', async () => {
    page.chat.failure = new ChatError('tooLong', 'too long');
    await type('Hi');
    await page.press('Enter');
    const tooLong = 'Your message is too long. The maximum is 500 characters.';
    expect([field(), alert()]).toEqual(['Hi', tooLong]);
    await page.update({ can: { send: false, remove: false, disconnect: false } });
    expect([page.button('Send').hasAttribute('disabled'), alert()]).toEqual([true, tooLong]);
    await page.update({ can: { send: true, remove: false, disconnect: false } });
    for (const code of ['rejected', 'rateLimited', 'notConnected'] as const) {
      page.chat.failure = new ChatError(code, 'The list shows it.');
      await type('Hi');
      await page.press('Enter');
      expect([field(), alert(), latencies]).toEqual(['', '', []]);
    }
  });
});

describe('the banner of the connection', () => {
  test('the button tries again', async () => {
    await page.update({ status: 'kicked' });
    await page.enter(h(ConnectionBanner, { problem: undefined }));
    await page.click('Connect again');
    expect(page.chat.calls).toEqual([['retry']]);
  });

  test('counts the seconds to the next attempt', async () => {
    await page.update({ status: 'reconnecting', attempt: 2, retryAt: later(1.2) });
    await page.enter(h(ConnectionBanner, { problem: undefined }));
    const seconds = async (milliseconds: number) => {
      await page.advance(milliseconds);
      return page.find('.countdown').textContent;
    };
    expect(await seconds(0)).toBe('Next attempt in 2 s');
    expect(await seconds(250)).toBe('Next attempt in 1 s');
    expect(await seconds(1000)).toBe('Next attempt in 0 s');
    expect(await seconds(1500)).toBe('Next attempt in 0 s');
    await page.unmount();
    expect(page.pending()).toBe(0);
  });

  test('follows the network', async () => {
    const before = page.listeners.length;
    await page.update({ status: 'reconnecting' });
    await page.enter(h(ConnectionBanner, { problem: undefined }));
    for (const [isOnline, text] of [[false, 'Your device is offline.'], [true, 'The connection was lost.']] as const) {
      page.isOnline = isOnline;
      await page.do(() => fire(window, isOnline ? 'online' : 'offline'));
      expect(page.outline()).toContain(text);
    }
    await page.unmount();
    expect(page.listeners.length).toBe(before);
  });
});

describe('announcements', () => {
  test('the last one is shown until the user closes it', async () => {
    await page.enter(h(Announcement));
    const announce = (text?: string, name = 'announcement') =>
      page.emit('event', { name, attributes: text === undefined ? {} : { text } });
    const shown = () => page.all('p').join();
    await announce('One');
    await announce('Two');
    await announce('Another event', 'announcements');
    expect(shown()).toBe('Two');
    await page.click('Close the announcement');
    expect(shown()).toBe('');
    await announce('Three');
    expect(shown()).toBe('Three');
    await announce();
    expect(shown()).toBe('');
  });

  test('the host keeps the text until it is sent', async () => {
    page.answers['send-event'] = new Error('no connection');
    await page.enter(h(HostTools), host);
    await page.click('Announce');
    await page.enterText('textarea', 'We start at nine.');
    await page.click('Send to everyone');
    expect([page.all('dialog').length, page.value('textarea'), page.toasts]).toEqual([1, 'We start at nine.', []]);
    page.answers = {};
    await page.click('Send to everyone');
    const input = { eventName: 'announcement', attributes: { text: 'We start at nine.' } };
    expect(page.requests[1]).toEqual({ operation: 'send-event', input });
    expect([page.all('dialog').length, page.toasts]).toEqual([0, [{ text: 'You announced it.' }]]);
    await page.click('Announce');
    expect(page.value('textarea')).toBe('');
    await page.click('Close');
    expect(page.all('dialog').length).toBe(0);
  });
});

describe('the poll of a host', () => {
  const vote = (userId: string, option: string, poll = lastPoll()!.id) =>
    page.emit('message', message(9, { sender: { userId, attributes: {} }, attributes: { poll, option } }));
  const polls = () => page.requests.map(({ operation, input }) => {
    const { eventName, attributes } = input as { eventName: string; attributes: { [name: string]: string } };
    expect([operation, eventName]).toEqual(['send-event', 'poll']);
    return pollOf(attributes);
  });
  const lastPoll = () => polls().at(-1);
  const votes = () => polls().map((poll) => poll!.votes.join());
  async function start(...options: string[]) {
    await page.click('Start a poll');
    await page.enterText('[id="question"]', ' Tea? ');
    for (const [index, option] of options.entries()) {
      if (index > 1) await page.click('Add an option');
      await page.enterText(`[id="option-${index}"]`, option);
    }
    await page.click('Start');
  }
  /** Renders the tools without a poll. */
  const open = () => page.enter(h(HostTools), host);

  test('has the trimmed texts, and no options without a text', async () => {
    await open();
    await start('Yes', ' No ', '  ', 'Later');
    expect(polls()).toEqual([{
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      question: 'Tea?',
      options: ['Yes', 'No', 'Later'],
      votes: [0, 0, 0],
      isOpen: true,
    }]);
    expect(page.toasts).toEqual([{ text: 'You started the poll.' }]);
    expect(page.all('dialog')).toEqual([]);
    page.button('End the poll');
  });

  test('is sent at most once a second if votes have changed, and every five seconds otherwise', async () => {
    await open();
    await start('Yes', 'No');
    await vote('bob-1', '0');
    await vote('eve-1', '0');
    await vote('eve-1', '1'); // The last vote of a user counts.
    await vote('eve-1', '0', 'another poll');
    await page.emit('message', message(1));
    await page.advance(999);
    expect(votes()).toEqual(['0,0']);
    await page.advance(1);
    expect(votes()).toEqual(['0,0', '1,1']);
    await page.advance(4999);
    expect(votes()).toHaveLength(2);
    await page.advance(1);
    expect(votes()).toHaveLength(3);
    await page.advance(3000);
    await vote('kim-1', '1');
    await page.advance(1000);
    expect(votes()).toHaveLength(4);
    await page.advance(4000);
    expect(votes()).toHaveLength(4);
    await page.advance(1000);
    expect(votes()).toEqual(['0,0', '1,1', '1,1', '1,2', '1,2']);
    expect(new Set(polls().map((poll) => poll!.id)).size).toBe(1);
  });

  test('ends with the votes, and the next poll starts without votes', async () => {
    await open();
    await start('Yes', 'No');
    const { id } = lastPoll()!;
    await vote('bob-1', '1');
    await page.advance(1000);
    await page.click('End the poll');
    expect(lastPoll()).toMatchObject({ id, votes: [0, 1], isOpen: false });
    expect(page.toasts.at(-1)).toEqual({ text: 'You ended the poll.' });
    await vote('eve-1', '1');
    await page.advance(20_000);
    expect(votes()).toEqual(['0,0', '0,1', '0,1']);
    await start('Yes', 'No');
    expect(lastPoll()!.id).not.toBe(id);
    await vote('eve-1', '0', id);
    await page.advance(4999);
    expect(votes()).toHaveLength(4);
    await page.advance(1);
    expect(votes().slice(3)).toEqual(['0,0', '0,0']);
  });

  test('votes count that arrive before the chat API has answered', async () => {
    let answer = () => {};
    page.answers['send-event'] = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await open();
    await start('Yes', 'No');
    await vote('bob-1', '0');
    page.button('End the poll');
    await page.do(answer);
    await page.advance(1000);
    expect(votes()).toEqual(['0,0', '1,0']);
  });

  test('a poll that cannot be started or ended keeps its state', async () => {
    await open();
    page.answers['send-event'] = new Error('no connection');
    await start('Yes', 'No');
    expect(page.all('dialog')).toHaveLength(1);
    page.button('Start a poll');
    page.answers = {};
    await page.click('Start');
    page.answers['send-event'] = new Error('no connection');
    await page.click('End the poll');
    page.button('End the poll');
    await page.advance(5000); // A lost event does not matter.
    page.answers = {};
    await page.advance(5000);
    expect(polls().at(-1)!.isOpen).toBe(true);
  });

  test('an open poll continues after a reload, once', async () => {
    await open();
    const before = page.listeners.length;
    await page.do(() => fire(window, 'pagehide'));
    expect({ ...page.storage }).toEqual({});
    await start('Yes', 'No');
    await vote('bob-1', '1');
    const { id } = lastPoll()!;
    await page.do(() => fire(window, 'pagehide'));
    await page.unmount();
    expect([page.listeners.length, page.pending()]).toEqual([before, 0]);
    expect(Object.keys(page.storage)).toEqual(['hostedPoll']);
    await open();
    expect({ ...page.storage }).toEqual({});
    await vote('eve-1', '0', id);
    await page.click('End the poll');
    expect(lastPoll()).toMatchObject({ id, question: 'Tea?', votes: [1, 1], isOpen: false });
    await page.do(() => fire(window, 'pagehide'));
    expect({ ...page.storage }).toEqual({});
  });
});

describe('the poll card', () => {
  const tea = { id: 'p1', question: 'Tea?', options: ['Yes', 'No'], votes: [1, 0], isOpen: true };
  const receive = (changed: Partial<typeof tea> = {}, name = 'poll') =>
    page.emit('event', { name, attributes: attributesOf({ ...tea, ...changed }) });
  const hint = () => page.all('.hint').join();
  const pressed = () => page.elements('.option').map((option) => option.getAttribute('aria-pressed'));
  const click = (index: number) => page.do(() => page.elements('.option')[index]!.click());
  beforeEach(() => page.enter(h(PollCard)));

  test('shows the last poll, and no other event', async () => {
    await receive({}, 'Poll');
    expect(hint()).toBe('');
    await receive();
    await receive({ votes: [1, 1] });
    expect(hint()).toBe('2 votes · open');
    await page.emit('event', { name: 'poll', attributes: { id: 'p2' } });
    expect(hint()).toBe('');
  });

  test('a poll ends when its host is silent for 15 seconds', async () => {
    await receive();
    await page.advance(14_999);
    await receive();
    await page.advance(14_999);
    expect(hint()).toBe('1 vote · open');
    await page.advance(1);
    expect(hint()).toBe('1 vote · ended');
    await receive();
    expect(hint()).toBe('1 vote · open');
    await receive({ isOpen: false });
    expect(page.pending()).toBe(0);
  });

  test('a vote is a message with the poll and the option', async () => {
    await receive();
    await click(1);
    await click(0);
    expect(page.chat.calls).toEqual([
      ['send', 'No', { attributes: { poll: 'p1', option: '1' } }],
      ['send', 'Yes', { attributes: { poll: 'p1', option: '0' } }],
    ]);
    expect(pressed()).toEqual(['true', 'false']);
    await receive({ id: 'p2' });
    expect(pressed()).toEqual(['false', 'false']);
  });

  test('a user can vote again if the vote was not sent', async () => {
    page.chat.failure = new ChatError('notConnected', 'no connection');
    await receive();
    await click(1);
    expect(pressed()).toEqual(['false', 'false']);
    expect(page.toasts).toEqual([{ text: 'Your vote was not sent. Vote again.' }]);
  });

  test('a closed poll stays closed, and the next one is shown', async () => {
    await receive();
    await page.click('Close the poll');
    await receive({ votes: [1, 1] });
    expect(hint()).toBe('');
    await receive({ id: 'p2' });
    expect(hint()).toBe('1 vote · open');
  });
});

describe('reactions', () => {
  const floating = () => page.all('span').join('');
  const receive = (number: number, reaction: string) =>
    page.emit('message', message(number, { attributes: { reaction } }));
  beforeEach(() => page.enter(h(Reactions)));

  test('a user sends at most four in a second', async () => {
    await page.advance(10_000);
    for (const [reaction, milliseconds] of [['🔥', 249], ['👏', 1], ['😂', 250], ['😮', 0]] as const) {
      await page.click(`React with ${reaction}`);
      await page.advance(milliseconds);
    }
    expect(page.chat.calls).toEqual(['🔥', '😂', '😮'].map((reaction) =>
      ['send', reaction, { attributes: { reaction } }]));
  });

  test('they float until their animation ends', async () => {
    for (const [index, reaction] of ['🔥', '👏', '😂', '🔥', '<b>'].entries()) await receive(index, reaction);
    await page.emit('message', message(9));
    expect(floating()).toBe('🔥👏😂🔥');
    await page.do(() => fire(page.elements('span')[0]!, 'animationend'));
    expect(floating()).toBe('👏😂🔥');
  });

  test('at most 30 float, the last ones', async () => {
    await receive(0, '🔥');
    for (let number = 1; number <= 30; number++) await receive(number, '👏');
    expect(floating()).toBe('👏'.repeat(30));
  });

  test('none float in a hidden page, or for a reader who prefers reduced motion', async () => {
    const hidden = jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    await receive(1, '🔥');
    hidden.mockReturnValue(false);
    page.prefersReducedMotion = true;
    await receive(2, '🔥');
    expect(floating()).toBe('');
  });
});

describe('the reports', () => {
  const creationTime = later(0).toISOString();
  const report = { reportId: 'r1', category: 'SPAM', userId: 'bob-1', messageId: 'id-1', creationTime };
  const other = { ...report, reportId: 'r2', userId: 'eve-1', category: 'NEW' };
  const lists = () => page.requests.filter(({ operation }) => operation === 'list-reports').length;
  const count = () => page.all('.count').join();
  beforeEach(async () => {
    page.answers['list-reports'] = { reports: [report, other] };
    await page.enter(h(Reports), moderator);
  });
  const open = () => page.do(() => page.find('button').click());

  test('are asked for every ten seconds, and when the dialog opens or closes', async () => {
    expect([lists(), count()]).toEqual([1, '2']);
    await page.advance(9_999);
    expect(lists()).toBe(1);
    page.answers['list-reports'] = new Error('no connection');
    await page.advance(1);
    expect([lists(), count()]).toEqual([2, '2']);
    await open();
    await page.update({ messages: [message(1)] });
    expect(page.all('.hint')[0]).toContain('Spam · Bob · ');
    await page.click('Close');
    page.answers['list-reports'] = { reports: [] };
    await open();
    expect([lists(), count()]).toEqual([5, '']);
    await page.click('Close');
    expect(page.all('dialog')).toEqual([]);
    expect(lists()).toBe(6);
    await page.unmount();
    expect(page.pending()).toBe(0);
  });

  const resolution = (decision: string, facts: string, ground = 'The rules of this chat: Spam') =>
    ({ operation: 'resolve-report', input: { reportId: 'r1', decision, facts, ground } });
  test.each([
    ['No action', [resolution('NO_ACTION', 'No rule was broken.')], ['You resolved the report.']],
    ['Delete the message', [
      { operation: 'delete-message', input: { messageId: 'id-1' } },
      resolution('MESSAGE_DELETED', 'The message was deleted.'),
    ], ['You deleted the message.', 'You deleted the message.']],
    ['Ban the user', [
      { operation: 'ban-user', input: { userId: 'bob-1' } },
      resolution('USER_BANNED', 'The user was banned.'),
    ], ['You banned the user.', 'You banned the user.']],
  ])('%s', async (label, requests, texts) => {
    await open();
    page.requests.length = 0;
    page.answers['list-reports'] = { reports: [other] };
    await page.click(label);
    expect(page.requests).toEqual([...requests, { operation: 'list-reports', input: undefined }]);
    expect(page.toasts.map(({ text }) => text)).toEqual(texts);
    expect(count()).toBe('1');
    page.requests.length = 0;
    await page.click('No action');
    expect(page.requests[0]).toEqual({
      operation: 'resolve-report',
      input: {
        reportId: 'r2', decision: 'NO_ACTION', facts: 'No rule was broken.', ground: 'The rules of this chat: NEW',
      },
    });
  });

  test.each([
    ['Delete the message', 'delete-message', []], ['Ban the user', 'ban-user', []],
    ['No action', 'resolve-report', ['list-reports']], // Another moderator may have resolved it.
  ])(
    'a report stays open if its action fails: %s', async (label, operation, others) => {
      page.answers[operation] = new Error('no connection');
      await open();
      page.requests.length = 0;
      await page.click(label);
      expect(page.requests.map((request) => request.operation)).toEqual([operation, ...others]);
    });
});

describe('the report dialog', () => {
  beforeEach(async () => {
    await page.update({ messages: [message(1, { content: 'Buy!' })] });
    await page.enter(list);
    await page.click('Actions: Bob, Buy!');
    await page.click('Report …');
  });
  const base = { messageId: 'id-1', userId: 'bob-1', content: 'Buy!' };

  test.each([
    ['SPAM', '  ', { category: 'SPAM' }], ['HATE', ' Rude ', { category: 'HATE', comment: ' Rude ' }],
  ])('reports the message with the category %s and the comment %j', async (category, comment, input) => {
    await page.enterText('select', category);
    await page.enterText('[id="comment"]', comment);
    await page.click('Report');
    expect(page.requests).toEqual([{ operation: 'report-message', input: { ...base, ...input } }]);
    expect(page.toasts).toEqual([{ text: 'You reported Bob. A moderator decides.' }]);
    expect([page.all('dialog').length, focused()]).toEqual([0, 'm1']);
  });

  test('stays open if the report fails', async () => {
    page.answers['report-message'] = new Error('no connection');
    await page.click('Report');
    expect(page.all('dialog')).toHaveLength(1);
  });
});

describe('the toast', () => {
  test('is shown for eight seconds, and the next one has its own time', async () => {
    const closed: number[] = [];
    const onClose = () => closed.push(page.clock.now() - START);
    const show = (text: string) => page.enter(h(ToastView, { toast: { text }, onClose }));
    await show('One');
    await page.advance(5000);
    await show('One'); // The same action again.
    await page.advance(20_000);
    expect(closed).toEqual([13_000]);
  });

  test('the user can undo the action', async () => {
    const undo = { operation: 'unban-user', input: { userId: 'bob-1' }, done: 'Bob can enter again.' };
    await page.enter(h(ToastView, { toast: { text: 'You banned Bob.', undo }, onClose() {} }));
    await page.click('Undo');
    expect(page.requests).toEqual([{ operation: 'unban-user', input: { userId: 'bob-1' } }]);
    expect(page.toasts).toEqual([{ text: 'Bob can enter again.' }]);
  });
});

describe('the viewers', () => {
  const bringIn = () => {
    let answer: (response: { text(): Promise<string> }) => void = () => {};
    let fail: (error: Error) => void = () => {};
    page.fetch.mockImplementationOnce(() => new Promise((resolve, reject) => {
      answer = resolve;
      fail = reject;
    }));
    return {
      answer: (text: string) => page.do(() => answer({ text: async () => text })),
      fail: () => page.do(() => fail(new TypeError())),
    };
  };
  const signal = () => page.fetch.mock.lastCall![1]!.signal!;
  beforeEach(() => page.enter(h(ViewersButton)));

  test('stay until the server ends the request', async () => {
    const { answer } = bringIn();
    await page.click('Bring in 20 viewers');
    expect(page.fetch.mock.calls).toEqual([['viewers', { method: 'POST', signal: expect.any(AbortSignal) }]]);
    page.button('Send the viewers away');
    await answer('They are already here.');
    expect(page.toasts).toEqual([{ text: 'The viewers have left. They are already here.' }]);
    page.button('Bring in 20 viewers');
  });

  test('the page tells that they have left with the server', async () => {
    const { fail } = bringIn();
    await page.click('Bring in 20 viewers');
    await fail();
    expect(page.toasts).toEqual([{ text: 'The viewers have left.' }]);
    page.button('Bring in 20 viewers');
  });

  test('the user can send them away', async () => {
    const { fail } = bringIn();
    await page.click('Bring in 20 viewers');
    expect(signal().aborted).toBe(false);
    await page.click('Send the viewers away');
    expect(signal().aborted).toBe(true);
    await fail();
    expect([page.toasts, page.fetch.mock.calls.length]).toEqual([[], 1]);
    page.button('Bring in 20 viewers');
  });

  test('leave with the page', async () => {
    const { fail } = bringIn();
    await page.click('Bring in 20 viewers');
    await page.unmount();
    expect(signal().aborted).toBe(true);
    await fail();
  });
});

test('the drawer opens and closes, is cleared, and needs no source', async () => {
  const clear = jest.fn();
  const unsubscribe = jest.fn();
  const entries = [{ key: 1, time: later(0), direction: 'in', name: 'MESSAGE', body: {} }] as const;
  const wireLog = { subscribe: () => unsubscribe, getSnapshot: () => entries, clear } as never;
  page.fetch.mockImplementation(() => page.failing(new TypeError('Failed to fetch')) as Promise<never>);
  await page.enter(h(UnderTheHood, { wireLog }));
  const isOpen = () => [page.button('Under the hood').getAttribute('aria-expanded'), page.all('.drawer').length];
  expect(isOpen()).toEqual(['false', 0]);
  await page.click('Under the hood');
  expect(isOpen()).toEqual(['true', 1]);
  await page.click('Clear');
  expect(clear).toHaveBeenCalledTimes(1);
  await page.do(() => page.find('.wire button').click());
  expect(page.fetch.mock.calls).toEqual([['live-chat-stack.ts', undefined]]);
  expect(page.all('.source')).toEqual(['']);
  await page.click('Close the drawer');
  expect(isOpen()).toEqual(['false', 0]);
  await page.click('Under the hood');
  await page.click('Under the hood');
  expect(isOpen()).toEqual(['false', 0]);
  expect(unsubscribe).toHaveBeenCalledTimes(2);
});
