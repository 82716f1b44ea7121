/**
 * The scenes of the pictures in docs/pictures: `npm start` in a terminal, the chat page and the console, all from one
 * run of the example live-chat.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Page } from 'playwright-core';
import { terminalLines, terminalPage } from './terminal-text';
import { createChatApiClient, createChatSession, type ChatSession } from '../../front-end/session';

const root = join(__dirname, '..', '..');

/** The pictures need the program `script`, which gives `npm start` a terminal. */
export const canTakePictures = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** A part of the example to take a picture of. */
export interface Scene {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Opens the scene in the page. */
  show(page: Page): Promise<void>;
}

/** The running example. */
export interface Stage {
  readonly scenes: readonly Scene[];
  close(): Promise<void>;
}

const people = {
  ada: ['Ada', 'viewer'],
  mary: ['Mary', 'viewer'],
  linus: ['Linus', 'viewer'],
  hugo: ['Hugo', 'host'],
  vera: ['Vera', 'moderator'],
} as const;
type Person = keyof typeof people;

const conversation: readonly (readonly [Person, string])[] = [
  ['hugo', 'Welcome to the show! We start in a minute.'],
  ['ada', 'Hello from Lisbon'],
  ['mary', 'Hi all! Is there a recording afterwards?'],
  ['hugo', 'Yes, tomorrow on the same page.'],
  ['linus', 'BUY CHEAP FOLLOWERS at followers dot example'],
  ['ada', 'The sound is great today'],
  ['mary', 'Greetings from Nairobi, and thanks for the early start'],
  ['ada', '@Hugo Which camera is that?'],
  ['hugo', 'The small one. More about it after the break.'],
  ['mary', 'That was quick, thank you.'],
];

/** Starts the example in a terminal. */
export async function startStage(): Promise<Stage> {
  const { child, printed } = await startExample();
  const [, chatUrl] = /Chat +(http:[\w.:/]+)/.exec(stripVTControlCharacters(printed))!;
  const [, consoleUrl] = /Console +(http:[\w.:/]+)/.exec(stripVTControlCharacters(printed))!;
  const sessions: ChatSession[] = [];
  return {
    scenes: [
      {
        name: 'terminal',
        width: 720,
        height: 360,
        show: (page) => page.setContent(terminalPage('npm start', terminalLines(printed.trimEnd()))),
      },
      { name: 'chat', width: 1180, height: 700, show: (page) => showChat(page, chatUrl!, sessions) },
      { name: 'console', width: 1180, height: 700, show: (page) => showConsole(page, consoleUrl!) },
    ],
    async close() {
      sessions.forEach((session) => session.leave());
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.stdin!.write('q'); // the key that ends the example
      await closed;
    },
  };
}

/** Runs `npm start` in a terminal until it has printed its addresses. */
async function startExample(): Promise<{ child: ChildProcess; printed: string }> {
  const command = `stty cols 78; '${process.execPath}' --import tsx examples/live-chat/start.ts --no-open`;
  const { CI, NO_COLOR, FORCE_COLOR, ...environment } = process.env;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: root, env: { ...environment, TERM: 'xterm-256color' }, stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  await new Promise<void>((ready, failed) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      if (/q quit[^]*\n[^]*\n$/.test(printed)) ready(); // the line and the edge of the box
    });
    child.once('close', (code) => failed(new Error(`npm start ended with ${code}\n${printed}`)));
  });
  return { child, printed };
}

/** Opens the chat page as a moderator, lets people chat, and deletes a message. */
async function showChat(page: Page, origin: string, sessions: ChatSession[]): Promise<void> {
  await page.goto(`${origin}/#moderator`);
  await page.getByLabel('Your name').fill('Grace');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByText('Connected', { exact: true }).waitFor();

  const everyone = await enter(origin);
  sessions.push(...Object.values(everyone));
  for (const [person, text] of conversation) {
    const { id } = await everyone[person].send(text);
    await page.getByText(text).waitFor();
    if (person === 'linus') await everyone.vera.remove(id, 'spam');
  }
  await page.getByText('Message removed by a moderator').waitFor();
}

/** Signs the people in, and lets them join the chat one after another. */
async function enter(origin: string): Promise<{ readonly [person in Person]: ChatSession }> {
  const configuration = await fetch(`${origin}/configuration.json`);
  const { chatUrl, messaging } = await configuration.json() as { chatUrl: string; messaging: string };
  const sessions: { [person: string]: ChatSession } = {};
  for (const [userId, [name, role]] of Object.entries(people)) {
    const signIn = await fetch(`${origin}/sign-in`, { method: 'POST', body: JSON.stringify({ userId, name, role }) });
    const { idToken } = await signIn.json() as { idToken: string };
    const api = createChatApiClient({ url: chatUrl, idToken: () => idToken });
    const session = createChatSession({ endpoint: messaging, token: api.token });
    sessions[userId] = session;
    session.join();
    await connected(session);
  }
  return sessions as { [person in Person]: ChatSession };
}

function connected(session: ChatSession): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.subscribe(() => {
      if (session.getSnapshot().status !== 'connected') return;
      stop();
      resolve();
    });
  });
}

/** Opens the frames of the conversation in the console. */
async function showConsole(page: Page, address: string): Promise<void> {
  await page.goto(`${address}#/frames`);
  await page.getByText(conversation.at(-1)![1]).first().waitFor();
}

/** The roles of the accessibility tree that tell the content of a page, but no rows of tables and no figures. */
const ROLES = [
  'heading', 'columnheader', 'link', 'tab', 'button', 'textbox', 'combobox', 'searchbox', 'region', 'navigation',
  'paragraph',
];

/** Returns the named parts of a page in their order. */
async function partsOf(page: Page): Promise<string> {
  const snapshot = await page.locator('body').ariaSnapshot();
  const parts = snapshot.split('\n').flatMap((line) => {
    const [, role = '', name, text] = /^ *- '?(\w+)(?: "((?:[^"\\]|\\.)*)")?.*?(?:: (.*))?$/.exec(line) ?? [];
    return ROLES.includes(role) ? [`${role}: ${name ?? text ?? ''}`] : [];
  });
  return [...new Set(parts)].join('\n');
}

/**
 * Returns the text that a scene shows, without IDs and numbers, which differ between runs. A picture is out of date
 * when this text has changed.
 */
export async function textOf(page: Page, { name }: Scene): Promise<string> {
  const text = name === 'terminal' ? await page.locator('pre').innerText() : await partsOf(page);
  const steady = text
    .replace(/_local\/\w+/g, '_local/ID')
    .replace(/\b(?=\w*\d)(?=\w*[a-z])\w{6,}\b/gi, 'ID')
    .replace(/\d+/g, '0');
  return `${steady.replace(/─+/g, '─').replace(/ +/g, ' ')}\n`;
}
