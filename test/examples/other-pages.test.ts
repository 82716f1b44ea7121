/**
 * The pages of live-video and react-chat: their text, and their response to actions.
 *
 * @jest-environment ./test/jsdom-environment.cjs
 */
import { ChatError } from 'cdk-ivs-chat/session';
import { createElement as h } from 'react';
import { FakeWebSocket } from './live-chat/fake-web-socket';
import { ada, ChatPage, gap, message } from './live-chat/page/chat-page';
import { fire, window } from './live-chat/page/dom';
import { Composer, ConnectionStatus, Messages } from '../../examples/live-video/page/chat';
import type { playStream } from '../../examples/live-video/page/play-stream';
import { HostTools, PollCard } from '../../examples/live-video/page/poll';
import { Video } from '../../examples/live-video/page/video';
import { Chat } from '../../examples/react-chat/chat';

let page: ChatPage;
beforeEach(() => {
  page = new ChatPage();
  page.open();
});
afterEach(() => page.close());

const muted = { can: { send: false, remove: false, disconnect: false } };

describe('the chat of live-video', () => {
  test.each([
    ['connected', undefined, ''], ['idle', undefined, 'Connecting to the chat'],
    ['connecting', undefined, 'Connecting to the chat'],
    ['reconnecting', undefined, 'The chat is not connected. Try again'],
    ['kicked', 'Rude', 'The chat is not connected. RudeTry again'],
    ['refused', 'No', 'The chat is not connected. NoTry again'],
    ['gone', undefined, 'The chat is not connected. Try again'],
    ['closed', undefined, 'The chat is not connected. Try again'],
  ] as const)('the status %s with the reason %s', async (status, reason, text) => {
    await page.update({ status, reason });
    await page.enter(h(ConnectionStatus));
    expect(page.element.textContent).toBe(text);
    if (!text.endsWith('Try again')) return;
    await page.click('Try again');
    expect(page.chat.calls).toEqual([['retry']]);
  });

  test('the messages, without the votes', async () => {
    const error = new ChatError('rateLimited', 'too fast');
    const from = (userId: string, attributes: { [name: string]: string }) => ({ sender: { userId, attributes } });
    await page.update({
      messages: [
        message(1),
        message(2, from('grace-1', { displayName: 'Grace', role: 'moderator' })),
        gap('g1'),
        message(3, { attributes: { poll: 'p1', option: '1' } }),
        message(4, { ...from('eve-1', {}), status: 'failed', error }),
        message(5, { status: 'failed', error: new ChatError('rejected', 'no') }),
      ],
    });
    await page.enter(h(Messages));
    expect(page.outline()).toBe([
      '<div class="messages" role="log" aria-label="Messages" tabindex="0">',
      '  <ol>',
      '    <li class="sent" style="--hue: 18">',
      '      <strong dir="auto"> "Bob"',
      '      " "',
      '      <span class="content" dir="auto"> "Message 1"',
      '    <li class="sent" style="--hue: 110">',
      '      <strong dir="auto"> "Grace"',
      '      " "',
      '      <span class="role"> "moderator"',
      '      " "',
      '      <span class="content" dir="auto"> "Message 2"',
      '    <li class="hint"> "Some messages are missing here."',
      '    <li class="failed" style="--hue: 188">',
      '      <strong dir="auto"> "eve-1"',
      '      " "',
      '      <span class="content" dir="auto"> "Message 4"',
      '      <span class="problem" role="alert"> "too fast"',
      '      <button type="button"> "Send again"',
      '    <li class="failed" style="--hue: 18">',
      '      <strong dir="auto"> "Bob"',
      '      " "',
      '      <span class="content" dir="auto"> "Message 5"',
      '      <span class="problem" role="alert"> "no"',
      '  <p class="hint welcome"> "Welcome to the chat. Say hello."',
    ].join('\n'));
    await page.click('Send again');
    expect(page.chat.calls).toEqual([['resend', 'm4']]);
  });

  test('the composer sends a message that is not blank', async () => {
    page.chat.failure = new ChatError('rejected', 'no');
    await page.enter(h(Composer));
    for (const text of ['  ', ' Hi ']) {
      await page.enterText('input', text);
      await page.click('Send');
    }
    expect([page.chat.calls, page.value('input')]).toEqual([[['send', ' Hi ']], '']);
    await page.update(muted);
    expect(page.outline()).toBe([
      '<form class="composer">',
      '  <input aria-label="Message" autocomplete="off" maxlength="500" dir="auto"'
      + ' placeholder="You cannot send messages" name="content" disabled>',
      '  <button class="primary" disabled> "Send"',
    ].join('\n'));
  });
});

describe('the polls of live-video', () => {
  const tea = { id: 'p1', question: 'Tea?', options: ['Yes', 'No'], votes: [1, 2], isOpen: true };
  const receive = (changed: object = {}, name = 'poll') =>
    page.emit('event', { name, attributes: { poll: JSON.stringify({ ...tea, ...changed }) } });
  const hint = () => page.all('.hint').join();
  const vote = (option: string) => page.do(() => page.elements('.option')
    .find(({ textContent }) => textContent!.startsWith(option))!.click());
  const pressed = () => page.elements('.option').map((one) => one.getAttribute('aria-pressed')).join();

  test('the card shows the last poll, and ends it after 15 seconds of silence', async () => {
    await page.enter(h(PollCard));
    await receive({}, 'Poll');
    expect(hint()).toBe('');
    await receive();
    expect(page.outline()).toBe([
      '<section class="card poll" aria-label="Poll">',
      '  <h2 dir="auto"> "Tea?"',
      '  <button type="button" class="option" aria-pressed="false">',
      '    <span class="bar" style="width: 33%">',
      '    <span dir="auto"> "Yes"',
      '    <span> "33" "%"',
      '  <button type="button" class="option" aria-pressed="false">',
      '    <span class="bar" style="width: 67%">',
      '    <span dir="auto"> "No"',
      '    <span> "67" "%"',
      '  <p class="hint"> "3 votes" " · " "open"',
      '  <p class="problem" role="alert">',
    ].join('\n'));
    await page.advance(14_999);
    await receive({ votes: [0, 1] });
    await page.advance(14_999);
    expect(hint()).toBe('1 vote · open');
    await page.advance(1);
    expect(hint()).toBe('1 vote · ended');
    expect(page.find('.option').hasAttribute('disabled')).toBe(true);
    await receive({ votes: [0, 0] });
    expect(page.all('.option')).toEqual(['Yes0%', 'No0%']);
    await page.update(muted);
    expect(page.find('.option').hasAttribute('disabled')).toBe(true);
    await receive({ isOpen: false });
    expect(page.pending()).toBe(0);
  });

  test('a vote is a message, and a vote that is not sent is not shown', async () => {
    await page.enter(h(PollCard));
    await receive();
    await vote('No');
    expect(page.chat.calls).toEqual([['send', 'No', { attributes: { poll: 'p1', option: '1' } }]]);
    expect(pressed()).toBe('false,true');
    await receive({ id: 'p2' });
    expect(pressed()).toBe('false,false');
    page.chat.failure = new ChatError('notConnected', 'no connection');
    await vote('Yes');
    expect([pressed(), page.all('.problem')]).toEqual(['false,false', ['Your vote was not sent. Vote again.']]);
    page.chat.failure = undefined;
    await vote('Yes');
    expect([pressed(), page.all('.problem')]).toEqual(['true,false', ['']]);
  });

  test('the host starts a poll, counts the last vote of each user, and ends it', async () => {
    const polls = () => page.requests.map(({ operation, input }) => {
      const { eventName, attributes } = input as { eventName: string; attributes: { poll: string } };
      expect([operation, eventName]).toEqual(['send-event', 'poll']);
      return JSON.parse(attributes.poll);
    });
    const votes = () => polls().map((poll) => poll.votes.join());
    const receiveVote = (userId: string, option: string, poll = polls()[0].id) =>
      page.emit('message', message(1, { sender: { userId, attributes: {} }, attributes: { poll, option } }));
    await page.enter(h(HostTools, { api: { call: page.call.bind(page) } as never }), { ...ada, role: 'host' });
    page.answers['send-event'] = new Error('no connection');
    const form = [
      '<details class="host">',
      '  <summary> "Start a poll"',
      '  <form class="card">',
      '    <label>',
      '      "Question"',
      '      <input required maxlength="60" autocomplete="off" value>',
      '    <label>',
      '      "Options, one on each line"',
      '      <textarea required rows="3" maxlength="120">',
      '    <button class="primary"> "Start"',
      '    <p class="problem" role="alert">',
    ].join('\n');
    expect(page.outline()).toBe(form);
    await page.enterText('input', 'Tea?');
    await page.enterText('textarea', ' Yes \n\nNo\nYes');
    await page.click('Start');
    // The host does not have to enter the texts again.
    expect([page.find('details').hasAttribute('open'), page.value('input'), page.value('textarea')])
      .toEqual([true, 'Tea?', ' Yes \n\nNo\nYes']);
    expect(page.all('[role="alert"]')).toEqual(['no connection']);
    page.requests.length = 0;
    page.answers = {};
    await page.click('Start');
    expect(polls()).toEqual([
      { id: expect.stringMatching(/^[0-9a-f-]{36}$/), question: 'Tea?', options: ['Yes', 'No'], votes: [0, 0], isOpen: true },
    ]);
    expect(page.outline()).toBe([
      '<div class="host">',
      '  <button type="button"> "End the poll"',
      '  <p class="problem" role="alert">',
    ].join('\n'));
    await receiveVote('bob-1', '0');
    await receiveVote('bob-1', '1');
    await receiveVote('eve-1', '1');
    await receiveVote('eve-1', '0', 'another poll');
    await page.advance(999);
    expect(votes()).toEqual(['0,0']);
    await page.advance(1);
    expect(votes()).toEqual(['0,0', '0,2']);
    await page.advance(4999);
    expect(votes()).toHaveLength(2);
    await page.advance(1);
    expect(votes()).toEqual(['0,0', '0,2', '0,2']);
    await receiveVote('kim-1', '0'); // A change is sent after a second.
    await page.advance(1000);
    expect(votes().slice(3)).toEqual(['1,2']);
    page.answers['send-event'] = new Error('no connection');
    await page.click('End the poll');
    expect(page.all('.problem')).toEqual(['no connection']);
    await page.advance(5000);
    page.answers = {};
    await page.click('End the poll');
    expect(polls().at(-1)).toMatchObject({ votes: [1, 2], isOpen: false });
    expect(page.outline()).toBe(form);
    expect(page.pending()).toBe(0);
    await page.enterText('input', 'Coffee?');
    await page.enterText('textarea', 'Yes\nNo');
    await page.click('Start');
    expect(votes().at(-1)).toBe('0,0');
    expect(polls().at(-1).id).not.toBe(polls()[0].id);
  });
});

describe('the video of live-video', () => {
  const player = { listeners: {} as { [event: string]: () => void }, calls: [] as unknown[][], isSupported: true };
  /** The scripts of the player. The page loads it once. */
  const scripts = () => [...document.head.querySelectorAll('script')];
  beforeEach(() => {
    Object.assign(player, { listeners: {}, calls: [], isSupported: true });
    const record = (name: string) => (...values: unknown[]) => void player.calls.push([name, ...values]);
    page.setGlobals({
      AbortController: window.AbortController,
      IVSPlayer: {
        get isPlayerSupported() {
          return player.isSupported;
        },
        PlayerState: { PLAYING: 'Playing', ENDED: 'Ended' },
        PlayerEventType: { ERROR: 'PlayerError' },
        create: () => ({
          attachHTMLVideoElement: (video: Element) => player.calls.push(['attach', video.localName]),
          setAutoplay: record('autoplay'),
          load: record('load'),
          delete: record('delete'),
          addEventListener(event: string, listener: () => void) {
            player.listeners[event] = listener;
          },
        }),
      },
    });
    document.head.replaceChildren();
  });
  const emit = (event: string) => page.do(() => player.listeners[event]!());
  const shown = () => page.outline().split('\n');
  const show = async () => {
    await page.render(h(Video, { playbackUrl: 'https://example.com/stream.m3u8' }));
    await page.do(() => scripts().forEach((script) => fire(script, 'load')));
  };
  const load = ['load', 'https://example.com/stream.m3u8'];

  test('plays, and tries again every ten seconds while nothing is live', async () => {
    await page.render(h(Video, { playbackUrl: 'https://example.com/stream.m3u8' }));
    expect(shown()).toEqual([
      '<section class="video loading" aria-label="Video">',
      '  <video playsinline>',
      '  <div class="state" role="status">',
      '    <h1> "Loading the video"',
      '    <p> "One moment, please."',
    ]);
    expect(scripts()[0]!.src).toMatch(/^https:\/\/player\.live-video\.net\/[\d.]+\/amazon-ivs-player\.min\.js$/);
    await page.do(() => fire(scripts()[0]!, 'load'));
    expect(player.calls).toEqual([['attach', 'video'], ['autoplay', true], load]);
    await emit('PlayerError');
    await emit('PlayerError');
    expect(page.find('section').textContent)
      .toBe('Nothing is liveThe video starts here when the stream begins. The chat is open.');
    await page.advance(9_999);
    expect(player.calls).toHaveLength(3);
    await page.advance(1);
    expect(player.calls.slice(3)).toEqual([load]);
    await emit('PlayerError');
    await emit('Playing');
    expect(shown()).toEqual([
      '<section class="video live" aria-label="Video">',
      '  <video playsinline controls>',
      '  <div class="state" role="status">',
      '    <h1> "Live"',
    ]);
    await page.advance(20_000);
    expect(player.calls).toHaveLength(4);
    await emit('Ended');
    expect(shown().slice(0, 4)).toEqual([
      '<section class="video offline" aria-label="Video">',
      '  <video playsinline>',
      '  <div class="state" role="status">',
      '    <h1> "Nothing is live"',
    ]);
    await page.unmount();
    expect(player.calls.at(-1)).toEqual(['delete']);
    expect(page.pending()).toBe(0);
  });

  test('the script of the player is loaded once', async () => {
    await show();
    expect(scripts()).toEqual([]);
    expect(player.calls.at(-1)).toEqual(load);
    await page.render(h(Video, { playbackUrl: 'https://example.com/another.m3u8' }));
    expect(player.calls.slice(3)).toEqual([
      ['delete'], ['attach', 'video'], ['autoplay', true], ['load', 'https://example.com/another.m3u8'],
    ]);
  });

  test.each([
    [true, 'Loading the videoOne moment, please.'],
    [false, 'This browser cannot play the videoThe chat works. Try a current browser for the video.'],
  ])(
    'without the player, a browser with HLS: %s', async (canPlay, text) => {
      player.isSupported = false;
      jest.spyOn(window.HTMLMediaElement.prototype, 'canPlayType').mockReturnValue(canPlay ? 'maybe' : '');
      await show();
      expect(page.find('section').textContent).toBe(text);
      expect(player.calls).toEqual([]);
      if (!canPlay) return;
      expect(window.HTMLMediaElement.prototype.canPlayType).toHaveBeenCalledWith('application/vnd.apple.mpegurl');
      const video = page.find<HTMLVideoElement>('video');
      expect([video.src, video.autoplay, video.muted]).toEqual(['https://example.com/stream.m3u8', true, true]);
      const states = { playing: 'live', ended: 'offline', error: 'offline' };
      for (const event of ['playing', 'ended', 'playing', 'error'] as const) {
        await page.do(() => fire(video, event, {}, false));
        expect(page.find('section').getAttribute('class')).toBe(`video ${states[event]}`);
      }
      video.src = 'https://example.com/another';
      await page.advance(10_000);
      expect(video.src).toBe('https://example.com/stream.m3u8');
      await page.unmount();
      for (const event of ['error', 'ended', 'playing']) await page.do(() => fire(video, event, {}, false));
      expect(page.pending()).toBe(0);
    });

  test('tells that its player did not load', async () => {
    const react = jest.requireActual('react');
    let NewVideo = Video;
    jest.isolateModules(() => {
      jest.doMock('react', () => react);
      NewVideo = jest.requireActual('../../examples/live-video/page/video').Video;
    });
    await page.render(h(NewVideo, { playbackUrl: 'https://example.com/stream.m3u8' }));
    await page.do(() => fire(scripts()[0]!, 'error', {}, false));
    expect(page.find('section').textContent)
      .toBe('The video player did not loadCheck your connection, and load the page again. The chat is open.');
  });

  /** Plays a stream before the player is loaded. */
  function play() {
    const states: string[] = [];
    let stop = () => {};
    jest.isolateModules(() => {
      const actual = jest.requireActual('../../examples/live-video/page/play-stream').playStream as typeof playStream;
      stop = actual(document.createElement('video'), 'stream.m3u8', (state) => states.push(state));
    });
    return { states, stop };
  }

  test('a player that cannot be loaded is a failure', async () => {
    const { states } = play();
    await page.do(() => fire(scripts()[0]!, 'error', {}, false));
    expect([states, player.calls]).toEqual([['failed'], []]);
  });

  test('a page that leaves before the player is loaded does not play', async () => {
    const { states, stop } = play();
    stop();
    await page.do(() => fire(scripts()[0]!, 'load', {}, false));
    expect([states, player.calls, page.pending()]).toEqual([[], [], 0]);
  });
});

/** The frame of a message of Bob. */
const frame = () => ({
  data: JSON.stringify({
    Type: 'MESSAGE',
    Id: 'id-1',
    RequestId: '',
    Content: 'Hello',
    Attributes: {},
    SendTime: '2026-01-01T12:00:00Z',
    Sender: { UserId: 'bob-1', Attributes: { displayName: 'Bob', role: 'viewer' } },
  }),
});
const token = { token: 'secret', userId: 'ada-1', displayName: 'Ada', capabilities: ['SEND_MESSAGE'], room: 'lobby' };
const authorizations = () => page.fetch.mock.calls.filter(([url]) => url === 'http://api.test/create-chat-token')
  .map(([, options]) => new Headers(options!.headers).get('authorization'));
const socket = () => FakeWebSocket.all.at(-1)!;

describe('the page of live-video', () => {
  const outputs = { PlaybackUrl: 'https://example.com/s.m3u8', ChatUrl: 'http://api.test/', ChatEndpoint: 'ws://chat.test' };
  async function open(hash: string, role = 'viewer') {
    FakeWebSocket.all = [];
    page.setGlobals({ WebSocket: FakeWebSocket, history: window.history });
    page.fetch.mockImplementation(async (url) =>
      new Response(JSON.stringify(url === 'outputs.json' ? { LiveVideo: outputs } : { ...token, role })));
    window.history.replaceState(undefined, '', `/page/${hash}`);
    await page.load(() => jest.requireActual('../../examples/live-video/page/page'));
  }

  test('without a sign-in tells how to sign in', async () => {
    await open('');
    expect(page.outline()).toBe([
      '<main class="card sign-in">',
      '  <h1> "Live video"',
      '  <p> "Open this page with the link of your sign-in. The README.md of this example has the command."',
    ].join('\n'));
    expect([page.fetch.mock.calls, { ...page.storage }]).toEqual([[['outputs.json', undefined]], {}]);
  });

  test.each([['viewer', []], ['moderator', []], ['host', ['Start a poll']]])(
    'has the tools of a %s, and removes the ID token from the address', async (role, summaries) => {
      const { length } = window.history;
      await open('#id_token=a%2Bb&state=1', role);
      expect(window.history.length).toBe(length); // The button Back does not return to the ID token.
      expect(page.fetch.mock.lastCall![1]!.signal).toBeInstanceOf(AbortSignal);
      expect([location.href, { ...page.storage }]).toEqual(['http://page.test/page/', { idToken: 'a+b' }]);
      expect(authorizations()).toEqual(['Bearer a+b']);
      expect(FakeWebSocket.all.map(({ url, protocol }) => [url, protocol])).toEqual([['ws://chat.test', 'secret']]);
      expect(page.all('[role="status"] p')).toEqual(['One moment, please.', 'Connecting to the chat']);
      await page.do(() => socket().fire('open'));
      await page.do(() => socket().fire('message', frame()));
      const Attributes = { poll: JSON.stringify({ question: 'Tea?', options: [], votes: [] }) };
      const event = { Type: 'EVENT', Id: 'e1', EventName: 'poll', SendTime: '', Attributes };
      await page.do(() => socket().fire('message', { data: JSON.stringify(event) }));
      await page.advance(16);
      expect(page.all('summary')).toEqual(summaries);
      expect([...page.find('aside').children].map(({ className }) => className)).toEqual([
        ...summaries.map(() => 'host'), 'card poll', 'messages', 'composer',
      ]);
      expect(page.find('aside').getAttribute('aria-label')).toBe('Chat');
      expect(page.all('li')).toEqual(['Bob Hello']);
      await page.enterText('[name="content"]', 'Hi');
      await page.click('Send');
      await page.advance(16);
      const shown = role === 'viewer' ? 'Ada Hi' : `Ada ${role} Hi`;
      expect(page.all('li')).toEqual(['Bob Hello', shown]);
      await page.unmount();
      await page.advance(0);
      expect(socket().isClosed).toBe(true);
    });

  test('keeps the sign-in of its tab', async () => {
    page.storage.idToken = 'stored';
    await open('#state=1');
    expect([location.hash, authorizations()]).toEqual(['#state=1', ['Bearer stored']]);
  });

  test('a new sign-in replaces the earlier sign-in of its tab', async () => {
    page.storage.idToken = 'stored';
    await open('#id_token=new');
    expect([{ ...page.storage }, authorizations()]).toEqual([{ idToken: 'new' }, ['Bearer new']]);
  });
});

describe('the example react-chat', () => {
  const show = (idToken: string, endpoint = 'ws://chat.test') =>
    page.render(h(Chat, { endpoint, url: 'http://api.test/', idToken }));
  beforeEach(async () => {
    FakeWebSocket.all = [];
    page.setGlobals({ WebSocket: FakeWebSocket });
    page.fetch.mockImplementation(async () => new Response(JSON.stringify(token)));
    await show('one');
  });

  test('connects, shows messages, and sends messages', async () => {
    await page.advance(16);
    expect(authorizations()).toEqual(['Bearer one']);
    const form = '<form>\n  <input aria-label="Message" name="content">';
    expect(page.outline()).toBe(
      '<p role="status">\n  "connecting"\n  " "\n  " "\n  <button> "Try again"\n<ol>\n' + form);
    await page.do(() => socket().fire('open'));
    await page.do(() => socket().fire('message', frame()));
    await page.enterText('input', ' Hi ');
    await page.do(() => page.find<HTMLFormElement>('form').requestSubmit());
    await page.advance(16);
    const { RequestId, ...request } = JSON.parse(socket().sent[0]!);
    expect([request, page.value('input')]).toEqual([{ Action: 'SEND_MESSAGE', Content: ' Hi ', Attributes: {} }, '']);
    const error = { Type: 'ERROR', RequestId, ErrorCode: 406, ErrorMessage: 'Be kind' };
    await page.do(() => socket().fire('message', { data: JSON.stringify(error) }));
    await page.advance(16);
    expect(page.outline()).toBe([
      '<ol>',
      '  <li> "Bob" ": " "Hello" " "',
      '  <li> ": " " Hi " " " "Be kind"',
      form,
    ].join('\n'));
    await page.do(() => socket().fire('close', { code: 1006, reason: '' }));
    await page.advance(16);
    expect(page.find('p').textContent).toBe('reconnecting  Try again');
    await page.click('Try again');
    expect(authorizations()).toHaveLength(2);
  });

  test('another user gets another session', async () => {
    await show('two');
    await page.advance(0);
    expect(authorizations()).toEqual(['Bearer one', 'Bearer two']);
    expect(FakeWebSocket.all.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  test('a user who cannot send messages has no field for them', async () => {
    page.fetch.mockImplementation(async () => new Response(JSON.stringify({ ...token, capabilities: [] })));
    await show('two');
    await page.do(() => socket().fire('open'));
    await page.advance(16);
    expect(page.find('input').hasAttribute('disabled')).toBe(true);
  });
});
