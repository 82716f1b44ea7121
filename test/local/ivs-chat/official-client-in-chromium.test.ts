import * as sdk from '@aws-sdk/client-ivschat';
import { buildSync } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { VirtualClock } from '../../../local/clock';
import { Fixture } from './fixture';
import { chromiumPath, launchChromium, serveHtml, type ServedPage } from '../../chromium';

if (!chromiumPath) console.warn('SKIPPED: no Chromium on this machine, so the official client is tried in Node only');
const inBrowser = chromiumPath ? describe : describe.skip;

inBrowser('the official messaging client in Chromium', () => {
  let site: ServedPage;
  let browser: Browser;
  let script: string;
  let page: Page;
  let clock: VirtualClock;
  let fixture: Fixture;
  let roomArn: string;
  let tokens: number;
  let nextToken: (() => Promise<object>) | undefined;

  beforeAll(async () => {
    script = buildSync({
      stdin: { contents: "export * from 'amazon-ivs-chat-messaging'", resolveDir: __dirname },
      bundle: true,
      format: 'iife',
      globalName: 'ivs',
      write: false,
      platform: 'browser',
    }).outputFiles[0]!.text;
    site = await serveHtml('<!doctype html>');
    browser = await launchChromium();
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  beforeEach(async () => {
    clock = new VirtualClock();
    tokens = 0;
    nextToken = undefined;
    fixture = await Fixture.start({ clock });
    roomArn = await fixture.createRoom();
    page = await browser.newPage();
    await page.exposeFunction('issueToken', async () => {
      tokens++;
      return nextToken
        ? nextToken()
        : {
          token: await fixture.token(roomArn, 'alice', ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'], {
            sessionDurationInMinutes: 2,
          }),
        };
    });
    await page.goto(site.url);
    await page.addScriptTag({ content: script });
    await page.evaluate((regionOrUrl) => {
      const window = globalThis as any;
      window.told = [];
      window.room = new window.ivs.ChatRoom({ regionOrUrl, tokenProvider: () => window.issueToken() });
      window.room.logLevel = 'silent';
      for (const event of [
        'connecting',
        'connect',
        'disconnect',
        'message',
        'event',
        'messageDelete',
        'userDisconnect',
      ]) {
        window.room.addListener(event, (...args: any[]) => window.told.push([event, args.at(-1)]));
      }
      window.room.connect();
    }, fixture.chat.messaging.replace('127.0.0.1', 'localhost')); // Chromium tries ::1 and then 127.0.0.1
  }, 30_000);
  afterEach(async () => {
    await page.close();
    await fixture.end();
  });

  const names = () => page.evaluate(() => (globalThis as any).told.map(([name]: [string]) => name));
  const heard = (event: string, times = 1) =>
    page.waitForFunction(
      ([name, count]) =>
        (globalThis as any).told.filter(([told]: [string]) => told === name).length >= (count as number),
      [event, times] as const,
    );
  const last = (event: string) =>
    page.evaluate((name) => (globalThis as any).told.filter(([told]: [string]) => told === name).at(-1)[1], event);
  const ask = (method: string, request: string, ...args: unknown[]) => page.evaluate(async ([call, type, values]) => {
    const window = globalThis as any;
    const asked = window.room[call](new window.ivs[type](...(values as unknown[])));
    return asked.then(
      (value: unknown) => ({ value }),
      ({ errorCode, errorMessage }: any) => ({ error: { errorCode, errorMessage } }),
    );
  }, [method, request, args] as [string, string, unknown[]]);

  test('connects, sends, deletes, receives events and disconnects a user', async () => {
    await heard('connect');
    const { value } = await ask('sendMessage', 'SendMessageRequest', 'Hi 👋', { a: 'b' });
    expect(value).toMatchObject({ content: 'Hi 👋', attributes: { a: 'b' }, sender: { userId: 'alice' } });
    expect((await ask('deleteMessage', 'DeleteMessageRequest', value.id, 'why')).value).toMatchObject({
      messageId: value.id,
      reason: 'why',
    });
    await fixture.client.send(
      new sdk.SendEventCommand({ roomIdentifier: roomArn, eventName: 'score', attributes: { goals: '3' } }),
    );
    await heard('event');
    expect(await last('event')).toMatchObject({ eventName: 'score' });
    expect((await ask('disconnectUser', 'DisconnectUserRequest', 'alice')).value).toMatchObject({ userId: 'alice' });
    await heard('disconnect');
    expect(await last('disconnect')).toBe('serverDisconnect');
    expect(await names()).toEqual([
      'connecting',
      'connect',
      'message',
      'messageDelete',
      'event',
      'userDisconnect',
      'disconnect',
    ]);
  }, 30_000);

  test('receives errors', async () => {
    await heard('connect');
    expect((await ask('sendMessage', 'SendMessageRequest', 'x'.repeat(501))).error).toMatchObject({ errorCode: 400 });
  }, 30_000);

  test('connects again after a dropped connection and after the end of its session', async () => {
    await heard('connect');
    fixture.chat.dropConnections();
    await heard('connect', 2);
    clock.advance(2 * 60_000);
    await heard('connect', 3);
    expect(tokens).toBe(3);
    expect((await ask('sendMessage', 'SendMessageRequest', 'back')).value).toMatchObject({ content: 'back' });
  }, 30_000);

  test('refreshes its token and receives each message once', async () => {
    await heard('connect');
    nextToken = async () => ({
      token: await fixture.token(roomArn, 'alice', ['SEND_MESSAGE']),
      tokenExpirationTime: new Date(Date.now() + (tokens < 3 ? 1_000 : 600_000)).toISOString(),
    });
    fixture.chat.dropConnections(); // the next token appears to expire soon
    await heard('connect', 2);
    const say = (eventName: string) =>
      fixture.client.send(new sdk.SendEventCommand({ roomIdentifier: roomArn, eventName }));
    while (tokens < 3) await say('before');
    // There are two connections. The client may lose an event that comes just as it closes the first connection.
    for (let i = 0; i < 50; i++) await say('during');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await ask('sendMessage', 'SendMessageRequest', 'after')).value).toMatchObject({ content: 'after' });
    const ids: string[] = await page.evaluate(() =>
      (globalThis as any).told.filter(([name]: [string]) => name === 'event').map(([, { id }]: any) => id),
    );
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  }, 30_000);

  test('stops after four refused tokens', async () => {
    await heard('connect');
    const used = await fixture.token(roomArn, 'alice');
    await fixture.open(used);
    tokens = 0;
    nextToken = async () => ({ token: used });
    fixture.chat.dropConnections();
    await heard('disconnect');
    expect(await last('disconnect')).toBe('socketError');
    expect(tokens).toBe(4);
  }, 30_000);

  test('disconnects when its room is deleted', async () => {
    await heard('connect');
    await fixture.client.send(new sdk.DeleteRoomCommand({ identifier: roomArn }));
    await heard('disconnect');
    expect([await last('disconnect'), tokens]).toEqual(['serverDisconnect', 1]);
  }, 30_000);
});
