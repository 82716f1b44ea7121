/**
 * The text of each part of the page in each of its states.
 *
 * @jest-environment ./test/jsdom-environment.cjs
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChatError, type ChatErrorCode, type ChatStatus } from 'cdk-ivs-chat/session';
import { createElement as h } from 'react';
import { ada, ChatPage, gap, host, later, message, moderator, own } from './chat-page';
import { fire, outlineOf } from './dom';
import { Announcement } from '../../../../examples/live-chat/page/announcement';
import { Composer } from '../../../../examples/live-chat/page/composer';
import { ConnectionBanner } from '../../../../examples/live-chat/page/connection-banner';
import { Header } from '../../../../examples/live-chat/page/header';
import { HostTools } from '../../../../examples/live-chat/page/host-tools';
import { Icon, type IconName } from '../../../../examples/live-chat/page/icon';
import { JoinCard } from '../../../../examples/live-chat/page/join-card';
import { MessageList } from '../../../../examples/live-chat/page/message-list';
import { PollCard } from '../../../../examples/live-chat/page/poll-card';
import { Reactions } from '../../../../examples/live-chat/page/reactions';
import { Reports } from '../../../../examples/live-chat/page/reports';
import { Stage } from '../../../../examples/live-chat/page/stage';
import { ToastView } from '../../../../examples/live-chat/page/toast-view';
import { UnderTheHood } from '../../../../examples/live-chat/page/under-the-hood';
import type { ConnectionProblem } from '../../../../examples/live-chat/page/use-room-session';
import { ViewersButton } from '../../../../examples/live-chat/page/viewers-button';

let page: ChatPage;
beforeEach(() => {
  page = new ChatPage();
  page.open();
});
afterEach(() => page.close());

const list = h(MessageList);

function poll(changed: { [name: string]: string } = {}) {
  const attributes = { id: 'p1', question: 'Tea?', options: '["Yes","No","Later"]', votes: '1,2,0', state: 'open' };
  return page.emit('event', { name: 'poll', attributes: { ...attributes, ...changed } });
}

/** Shows the banner in words. */
async function banners(): Promise<string> {
  const lines: string[] = [];
  const show = async (name: string, status: ChatStatus, changed: object = {}, problem?: ConnectionProblem) => {
    await page.update({ status, reason: undefined, attempt: 0, retryAt: undefined, ...changed });
    await page.enter(h(ConnectionBanner, { problem }));
    lines.push(`${name}:`, page.outline());
  };
  const retryAt = later(3.2);
  for (const attempt of [0, 1, 2]) {
    await show(`connecting ${attempt}`, 'connecting', { attempt });
    await show(`reconnecting ${attempt}`, 'reconnecting', { attempt, retryAt });
  }
  await show('server ended', 'connecting', { attempt: 2 }, 'serverEnded');
  await show('kicked', 'kicked');
  await show('kicked with a reason', 'kicked', { reason: 'Please calm down' });
  await show('refused', 'refused', { reason: 'Your subscription has ended' });
  await show('refused after an end of the server', 'refused', { reason: 'No' }, 'serverEnded');
  await show('banned', 'refused', { reason: 'You are banned' }, 'banned');
  await show('connecting after a ban', 'connecting', { attempt: 1 }, 'banned');
  await show('reconnecting after a ban', 'reconnecting', { attempt: 1 }, 'banned');
  await show('gone', 'gone');
  for (const status of ['idle', 'connected', 'closed'] as const) await show(status, status, {}, 'serverEnded');
  page.isOnline = false;
  await page.unmount();
  await show('offline', 'reconnecting', { attempt: 5, retryAt }, 'serverEnded');
  await show('connecting offline', 'connecting');
  for (const status of ['idle', 'connected', 'closed', 'kicked', 'refused', 'gone'] as const) {
    await show(`${status} offline`, status, { reason: 'No' });
  }
  return lines.join('\n');
}

const statuses: ChatStatus[] = [
  'idle', 'connecting', 'connected', 'reconnecting', 'closed', 'kicked', 'refused', 'gone',
];
const errors: ChatErrorCode[] = [
  'invalid', 'tooLong', 'rejected', 'forbidden', 'rateLimited', 'serverError', 'notConnected', 'unknownOutcome',
];

const states: { readonly [name: string]: () => Promise<string | void> } = {
  'the join card': async () => {
    Object.assign(page.storage, { userId: 'ada-1', userName: 'Ada' });
    await page.render(h(JoinCard, { onJoin: async () => {} }));
  },
  'an empty list': () => page.enter(list),
  'an empty list without a connection': async () => {
    const outlines = new Set<string>();
    for (const status of statuses.filter((one) => one !== 'connected')) {
      await page.update({ status });
      await page.enter(list);
      outlines.add(page.outline());
    }
    return [...outlines].join('\n');
  },
  'messages of others': async () => {
    const senderOf = (userId: string, attributes: { [name: string]: string }) => ({ sender: { userId, attributes } });
    const bob = { displayName: 'Bob', role: 'viewer' };
    await page.update({
      messages: [
        message(1),
        message(2, { content: 'Within two minutes', sendTime: later(119.999) }),
        message(3, { content: 'After two minutes', sendTime: later(239.999) }),
        message(4, { ...senderOf('grace-1', { displayName: 'Grace', role: 'moderator' }), content: 'Hello @ADA' }),
        message(5, { ...senderOf('bob-2', { ...bob, displayName: 'bob' }), content: 'See https://example.com/?a' }),
        message(6, { ...senderOf('hugo-1', { role: 'host' }), content: '🎉' }),
        message(7, { ...senderOf('hugo-1', { role: 'host' }), isDeleted: true, content: '' }),
        message(8, { ...senderOf('hugo-1', {}), content: 'After a deleted message' }),
        message(9, { ...senderOf('hugo-1', {}), isDeleted: true, content: '', deletionReason: 'Rude' }),
        gap('g1'),
        message(10, { ...senderOf('kim-1', { displayName: 'Grace' }), attributes: { reaction: '🔥' } }),
        gap('g2'),
        message(11, { ...senderOf('eve-1', {}), attributes: { poll: 'p1', option: '0' } }),
        message(12, { ...senderOf('eve-1', {}), content: 'Hi @Bob, @everyone', attributes: { reaction: 'none' } }),
        gap('g3'),
      ],
    });
    await page.enter(list);
  },
  'own messages': async () => {
    await page.update({
      messages: [
        message(1, { ...own, content: 'I am @Ada' }),
        message(2, { ...own, id: '', status: 'sending', content: 'Now' }),
        message(3),
        message(4, { ...own, content: 'Not mine', isOwn: false, sender: { userId: 'ada-1', attributes: {} } }),
      ],
    });
    await page.enter(list, host);
  },
  'failed messages': async () => {
    await page.update({
      messages: errors.map((code, index) => message(index, {
        ...own, id: '', status: 'failed', error: new ChatError(code, 'a reason'),
      })),
    });
    await page.enter(list);
    return page.all('.problem').join('\n');
  },
  'the outline of a failed message': async () => {
    await page.update({
      messages: [message(1, { ...own, id: '', status: 'failed', error: new ChatError('rateLimited', 'slow down') })],
    });
    await page.enter(list);
  },
  'the menus': async () => {
    const lines: string[] = [];
    for (const me of [ada, moderator, host]) {
      for (const isOwn of [false, true]) {
        await page.update({ messages: [message(1, { isOwn })] });
        await page.enter(list, me);
        await page.do(() => fire(page.find('article'), 'contextmenu', { clientX: 1, clientY: 1 }));
        lines.push(`${me.role}, ${isOwn ? 'own' : 'other'}:`, outlineOf(page.find('.menu')));
        await page.unmount();
      }
    }
    return lines.join('\n');
  },
  'the report dialog': async () => {
    await page.update({ messages: [message(1, { content: 'Buy!' })] });
    await page.enter(list);
    await page.click('Actions: Bob, Buy!');
    await page.click('Report …');
    return page.outline(page.find('dialog'));
  },
  'the composer': () => page.enter(h(Composer, { onLatency() {} })),
  'the composer of a muted user': async () => {
    await page.update({ can: { send: false, remove: false, disconnect: false } });
    await page.enter(h(Composer, { onLatency() {} }));
  },
  'the composer near the maximum': async () => {
    await page.enter(h(Composer, { onLatency() {} }));
    const lines: string[] = [];
    for (const [text, count] of [['x', 399], ['𝒜', 400], ['x', 500], ['x', 501], [' ', 3]] as const) {
      await page.enterText('textarea', text.repeat(count));
      const { disabled } = page.button('Send');
      lines.push(`${count}: ${outlineOf(page.find('[id="content-hint"]'))} ${disabled}`);
    }
    return lines.join('\n');
  },
  'the banners': banners,
  'a poll': async () => {
    await page.enter(h(PollCard));
    await poll();
    await page.do(() => page.elements('.option')[1]!.click());
  },
  'a poll with one vote that has ended': async () => {
    await page.enter(h(PollCard));
    await poll({ votes: '0,1,0', state: 'closed' });
  },
  'a poll without votes, for a muted user': async () => {
    await page.update({ can: { send: false, remove: false, disconnect: false } });
    await page.enter(h(PollCard));
    await poll({ votes: '0,0,0' });
  },
  'the reactions': async () => {
    await page.enter(h(Reactions));
    await page.emit('message', message(1, { attributes: { reaction: '🔥' } }));
    await page.emit('message', message(2, { attributes: { reaction: '👏' } }));
  },
  'the reactions without a connection': async () => {
    await page.update({ status: 'reconnecting' });
    await page.enter(h(Reactions));
  },
  'the reactions of a muted user': async () => {
    await page.update({ can: { send: false, remove: false, disconnect: false } });
    await page.enter(h(Reactions));
  },
  'the reports': async () => {
    const creationTime = later(60).toISOString();
    const bobs = { userId: 'bob-1', messageId: 'id-1', content: 'Boo' };
    page.answers['list-reports'] = {
      reports: [
        { ...bobs, reportId: 'r1', category: 'HATE', comment: 'Rude', creationTime },
        { reportId: 'r2', category: 'NEW_CATEGORY', userId: 'eve-1', creationTime },
      ],
    };
    await page.update({ messages: [message(1)] });
    await page.enter(h(Reports), moderator);
    await page.do(() => page.find('button').click());
  },
  'no reports': async () => {
    page.answers['list-reports'] = { reports: [] };
    await page.enter(h(Reports), moderator);
    await page.do(() => page.find('button').click());
  },
  'the tools of a host': () => page.enter(h(HostTools), host),
  'the dialog for an announcement': async () => {
    await page.enter(h(HostTools), host);
    await page.click('Announce');
  },
  'the dialog for a poll': async () => {
    await page.enter(h(HostTools), host);
    await page.click('Start a poll');
    await page.enterText('[id="question"]', 'Tea?');
    await page.click('Add an option');
    await page.enterText('[id="option-2"]', 'Later');
    await page.enterText('[id="option-0"]', 'Yes');
  },
  'the dialog for a poll with four options': async () => {
    await page.enter(h(HostTools), host);
    await page.click('Start a poll');
    await page.click('Add an option');
    await page.click('Add an option');
    return page.all('button').join();
  },
  'an announcement': async () => {
    await page.enter(h(Announcement));
    await page.emit('event', { name: 'announcement', attributes: { text: 'We start at nine.' } });
  },
  'the header': async () => {
    await page.enter(h(Header, { me: ada, latency: 12.6 }));
    await page.update({ messages: [message(1)] });
  },
  'the header in each state': async () => {
    const lines: string[] = [];
    const messages = [message(1), message(2), message(3, { sender: { userId: 'ada-1', attributes: {} } })];
    for (const status of statuses) {
      await page.update({ status, messages });
      await page.enter(h(Header, { me: ada, latency: status === 'connected' ? 0 : 1 }));
      lines.push(`${status}: ${page.all('p').join(' | ')} ${page.find('.state').getAttribute('data-state')}`);
    }
    return lines.join('\n');
  },
  'a toast': () => page.enter(h(ToastView, {
    toast: { text: 'You banned Bob.', call: 'POST /ban-user', undo: { operation: 'unban-user', input: {}, done: '' } },
    onClose() {},
  })),
  'a toast without an action': () => page.enter(h(ToastView, { toast: { text: 'The text is copied.' }, onClose() {} })),
  'no toast': () => page.enter(h(ToastView, { toast: undefined, onClose() {} })),
  'the viewers button': () => page.enter(h(ViewersButton)),
  'the stage': () => page.render(h(Stage)),
  'the drawer': async () => {
    const entries = [
      { key: 7, time: later(0), direction: 'out', name: 'POST /ban-user', body: { userId: 'bob-1' } },
      { key: 9, time: later(1), direction: 'in', name: 'MESSAGE', body: { Content: 'Hi' } },
    ] as const;
    const wireLog = { subscribe: () => () => {}, getSnapshot: () => entries, clear() {} } as never;
    page.fetch.mockResolvedValue({
      text: async () => "\n    const chat = new ChatApi(this, 'Chat', {\n      rooms,\n    });\n",
    });
    await page.enter(h(UnderTheHood, { wireLog }));
    await page.do(() => page.find('button').click());
    const before = page.outline();
    await page.do(() => page.find('li:nth-child(2) button').click());
    return `${before}\nselected:\n${page.outline()}`
      .replaceAll(later(0).toLocaleTimeString([], { hour12: false }), '12:00:00')
      .replaceAll(later(1).toLocaleTimeString([], { hour12: false }), '12:00:01');
  },
  'the icons': async () => {
    const names: IconName[] = ['announce', 'poll', 'flag', 'people', 'code', 'sun', 'moon', 'screen', 'close', 'down'];
    await page.render(names.map((name) => h(Icon, { key: name, name })));
  },
};

const file = join(__dirname, 'states.txt');
const sections = new Map(readFileSync(file, 'utf8').split(/^== /m).slice(1).map((section) => {
  const [name, ...lines] = section.trimEnd().split('\n');
  return [name!, lines.join('\n')] as const;
}));

// After a change, correct the lines of the section in states.txt.
test.each(Object.keys(states))('%s', async (name) => {
  const text = await states[name]!() ?? page.outline();
  expect(text).toBe(sections.get(name));
});

test('each section of the file is a state', () => {
  expect([...sections.keys()]).toEqual(Object.keys(states));
});
