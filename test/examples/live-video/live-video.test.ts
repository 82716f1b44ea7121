/** The example live-video, deployed to the local services with the CDK CLI, and its page in Chromium. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { context, type BuildContext } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { cdk } from '../../../examples/live-chat/cdk-cli';
import { LiveVideoStack } from '../../../examples/live-video/live-video-stack';
import { startLocal, type Local } from '../../../local';
import { chromiumPath, launchChromium } from '../../chromium';
import { axeProblems } from '../../end-to-end/chat-page-browser';

jest.setTimeout(120_000);

const example = join(__dirname, '..', '..', '..', 'examples', 'live-video');
const folder = mkdtempSync(join(tmpdir(), 'live-video-'));
const outputsFile = join(folder, 'outputs.json');
let local: Local;
let page: BuildContext;
let origin: string;
let outputs: { [name: string]: string };

beforeAll(async () => {
  // The options of the command in README.md.
  page = await context({
    entryPoints: [join(example, 'page', 'page.tsx')],
    bundle: true,
    jsx: 'automatic',
    outfile: join(example, 'page', 'page.js'),
    write: false,
  });
  const { port } = await page.serve({ servedir: join(example, 'page'), host: '127.0.0.1' });
  origin = `http://127.0.0.1:${port}`;
  local = await startLocal({
    deploy: { allowUnknownResourceTypes: ['AWS::IVS::Channel', 'AWS::IVS::StreamKey'] },
  });
  await cdk([
    'deploy', '--require-approval', 'never', '--outputs-file', outputsFile,
    '--context', `pageOrigin=${origin}`, '--context', `chatEndpoint=${local.messaging}`,
    '--app', `node --import tsx ${join(example, 'app.ts')}`, '--output', join(folder, 'cdk.out'),
  ], { environment: local.environment });
  outputs = JSON.parse(readFileSync(outputsFile, 'utf8')).LiveVideo;
});

afterAll(async () => {
  await page?.dispose();
  await local?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the outputs are the addresses, and do not contain the stream key', () => {
  expect(Object.keys(outputs).sort()).toEqual([
    'ChatEndpoint', 'ChatUrl', 'ClientId', 'IngestEndpoint', 'PlaybackUrl', 'StreamKeyArn', 'UserPoolId',
  ]);
  const { Resources, Outputs } = JSON.parse(readFileSync(join(folder, 'cdk.out', 'LiveVideo.template.json'), 'utf8'));
  expect(Resources.StreamKey.Properties).toEqual({ ChannelArn: { 'Fn::GetAtt': ['Channel', 'Arn'] } });
  expect(JSON.stringify(Outputs)).not.toContain('"StreamKey","Value"');
});

test('without a chat endpoint, the page uses the Region of the stack', () => {
  const stack = new LiveVideoStack(new App(), 'LiveVideo', { pageOrigin: 'https://example.com' });
  Template.fromStack(stack).hasOutput('ChatEndpoint', { Value: { Ref: 'AWS::Region' } });
});

if (!chromiumPath) console.warn('SKIPPED: the page of live-video. Install Chromium, or set CHROMIUM_PATH.');

(chromiumPath ? describe : describe.skip)('the page in Chromium', () => {
  /** A script in the place of the Amazon IVS player. The channel is not live. `emit` emits an event of the player. */
  const player = `
    const listeners = {};
    globalThis.loads = [];
    globalThis.emit = (event) => listeners[event]();
    globalThis.IVSPlayer = {
      isPlayerSupported: true,
      PlayerState: { PLAYING: 'Playing', ENDED: 'Ended' },
      PlayerEventType: { ERROR: 'PlayerError' },
      create: () => ({
        attachHTMLVideoElement() {},
        setAutoplay() {},
        load: (url) => {
          loads.push(url);
          setTimeout(() => emit('PlayerError'));
        },
        delete() {},
        addEventListener: (event, listener) => listeners[event] = listener,
      }),
    };`;
  let browser: Browser;
  const errors: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(hash: string, options: { colorScheme?: 'dark'; width?: number; script?: string } = {}) {
    const { colorScheme, width = 1280, script } = options;
    const visit = await browser.newContext({
      viewport: { width, height: width < 720 ? 780 : 720 }, reducedMotion: 'reduce', colorScheme,
    });
    const opened = await visit.newPage();
    opened.on('pageerror', (error) => errors.push(error.message));
    await opened.route('**/outputs.json', (route) => route.fulfill({ path: outputsFile }));
    await opened.route('https://player.live-video.net/**', (route) => (
      script === undefined ? route.abort() : route.fulfill({ contentType: 'text/javascript', body: script })
    ));
    await opened.goto(`${origin}/${hash}`);
    return opened;
  }

  async function enter(name: string, group?: string, options: Parameters<typeof open>[1] = {}) {
    const idToken = await local.issueToken({
      sub: name.toLowerCase(),
      userPool: outputs.UserPoolId,
      tokenUse: 'id',
      claims: { name, 'cognito:groups': group ? [group] : [] },
    });
    const opened = await open(`#id_token=${idToken}`, { script: player, ...options });
    await opened.getByRole('log').waitFor();
    await opened.getByText('Connecting to the chat').waitFor({ state: 'hidden' });
    return opened;
  }

  async function say(opened: Page, text: string) {
    await opened.getByLabel('Message', { exact: true }).fill(text);
    await opened.keyboard.press('Enter');
  }

  const picture = (opened: Page, name: string) => process.env.PICTURES
    && opened.screenshot({ path: join(process.env.PICTURES, `${name}.png`) });

  test('a page without a sign-in says how to sign in', async () => {
    const opened = await open('');
    await opened.getByText('Open this page with the link of your sign-in.').waitFor();
    expect(await axeProblems(opened)).toEqual([]);
  });

  test('the host starts a poll, and the votes of the viewers are counted', async () => {
    const host = await enter('Hana', 'host');
    const [ada, grace] = await Promise.all([
      enter('Ada', undefined, { colorScheme: 'dark' }), enter('Grace', undefined, { width: 390 }),
    ]);
    await say(ada, 'Good evening from Lagos');
    await host.getByText('Good evening from Lagos').waitFor();
    expect(await ada.getByText('Start a poll').count()).toBe(0);

    await host.getByText('Start a poll').click();
    await host.getByLabel('Question').fill('Which song is next?');
    await host.getByLabel('Options').fill('The slow one\nThe loud one');
    await picture(host, 'host-form');
    expect(await axeProblems(host)).toEqual([]);
    await host.getByRole('button', { name: 'Start' }).click();

    await ada.getByRole('button', { name: 'The slow one' }).click();
    await grace.getByRole('button', { name: 'The loud one' }).click();
    await host.getByText('2 votes · open').waitFor();
    await ada.getByRole('button', { name: 'The loud one' }).click(); // A user has one vote, the last one.
    for (const opened of [host, ada, grace]) {
      await opened.getByRole('button', { name: 'The loud one 100%' }).waitFor();
      await opened.getByText('2 votes · open').waitFor();
    }
    // Votes are no lines of the chat.
    expect(await grace.getByRole('log').getByRole('listitem').allTextContents()).toEqual([
      'Ada Good evening from Lagos',
    ]);

    const late = await enter('Edsger');
    await late.getByText('2 votes · open').waitFor();
    await say(grace, 'The loud one, please!');
    await host.getByText('The loud one, please!').waitFor();
    await say(host, 'Thank you all. It starts in a minute.');
    await grace.getByText('It starts in a minute.').waitFor();

    for (const [name, opened] of Object.entries({ host, dark: ada, phone: grace })) {
      await picture(opened, name);
      expect(await axeProblems(opened)).toEqual([]);
    }
    await host.getByRole('button', { name: 'End the poll' }).click();
    await ada.getByText('2 votes · ended').waitFor();
    expect(await ada.getByRole('button', { name: 'The loud one' }).isDisabled()).toBe(true);
    expect(errors).toEqual([]);
  });

  test('the video says that nothing is live, and plays when the stream begins', async () => {
    const opened = await enter('Olga');
    const video = opened.getByLabel('Video');
    await video.getByText('Nothing is live').waitFor();
    expect(await opened.evaluate('loads')).toEqual([outputs.PlaybackUrl]);
    expect(await axeProblems(opened)).toEqual([]);
    await opened.evaluate('emit("Playing")');
    await video.getByText('Live', { exact: true }).waitFor();
    await picture(opened, 'live');
    expect(await axeProblems(opened)).toEqual([]);
    await opened.evaluate('emit("Ended")');
    await video.getByText('Nothing is live').waitFor();
  });

  test('without the player, the chat works', async () => {
    const opened = await enter('Rosa', undefined, { script: undefined });
    await opened.getByText('The video player did not load').waitFor();
    await say(opened, 'I only hear silence');
    await opened.getByText('I only hear silence').waitFor();
  });
});
