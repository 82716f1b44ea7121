import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from 'cdk-ivs-chat/local';
import { cdk } from './cdk-cli';
import { roundTrip, type Outputs } from './round-trip';
import { servePage } from './serve-page';
import type { SignIn } from './sign-in';
import type { StepProgress, Terminal } from './terminal';
import { bringViewers } from './viewers';

export interface RunChatOptions {
  /** Whether to run a round trip without a person. @default - the chat runs until the user ends it */
  readonly once: boolean;
  /** Whether the browser stays closed. */
  readonly noOpen: boolean;
  /** The process that has started this one: the shell of npm, or another program. */
  readonly parent: number;
}

const LOCAL_PORT = 3001;

const PARENT_CHECK_MILLISECONDS = 500;

/** Deploys this example to local services with the CDK CLI, and serves the chat page. */
export async function runChat(terminal: Terminal, { once, noOpen, parent }: RunChatOptions): Promise<void> {
  const ending = new AbortController();
  const ended = new Promise((resolve) => ending.signal.addEventListener('abort', resolve));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort(signal));
  // npm passes a signal to its shell, and some shells end without passing it on.
  if (process.env.npm_lifecycle_event) {
    setInterval(() => {
      if (process.ppid !== parent) ending.abort('SIGTERM');
    }, PARENT_CHECK_MILLISECONDS).unref();
  }

  const output = mkdtempSync(join(tmpdir(), 'live-chat-'));
  // The address of the console stays the same, unless another program uses its port.
  const start = () => startLocal({ port: LOCAL_PORT }).catch(() => startLocal());
  const local = await terminal.step('Start a local IVS Chat and an endpoint for the CDK CLI', start);
  const page = await servePage();
  try {
    const call = { environment: local.environment, signal: ending.signal };
    const deploy = async (progress: StepProgress, ...context: string[]) => {
      await cdk([
        'deploy', '--require-approval', 'never', '--progress', 'events',
        '--output', join(output, 'cdk.out'), '--outputs-file', join(output, 'outputs.json'),
        '--context', `pageOrigin=${page.origin}`,
        ...context.flatMap((pair) => ['--context', pair]),
      ], { ...call, print: (line) => report(progress, line) });
      return JSON.parse(readFileSync(join(output, 'outputs.json'), 'utf8')).LiveChat as Outputs;
    };
    const destroy = (progress: StepProgress) => cdk(
      ['destroy', '--force', '--output', join(output, 'cdk.out')],
      { ...call, print: (line) => report(progress, line) },
    );
    const deployed = await terminal.step('cdk deploy', deploy);
    const signIn = ({ userId, name, role }: SignIn) => local.issueToken({
      sub: userId,
      userPool: deployed.UserPoolId,
      tokenUse: 'id',
      claims: { name, 'cognito:groups': role === 'viewer' ? [] : [role] },
    });
    const configuration = { chatUrl: deployed.ChatUrl, messaging: local.messaging };
    page.configure(configuration, signIn, (signal) => bringViewers({ ...configuration, signIn, signal }));

    if (once) {
      await roundTrip({ terminal, deploy, destroy, deployed, local, pageOrigin: page.origin, signIn });
      terminal.print('\nThe whole trip worked.');
      return;
    }

    const addresses = { o: page.origin, m: `${page.origin}/#moderator`, c: local.console };
    terminal.print();
    terminal.box([
      `${terminal.style('bold', 'Chat')}       ${addresses.o}`,
      `${terminal.style('bold', 'Moderator')}  ${addresses.m}`,
      `${terminal.style('bold', 'Console')}    ${addresses.c}`,
      '',
      'Everything runs on this machine and costs nothing.',
      terminal.style('dim', process.stdin.isTTY
        ? 'Keys: o chat, m moderator, c console, r redeploy, q quit'
        : 'Ctrl-C ends everything.'),
    ]);
    if (process.stdout.isTTY && !noOpen && !process.env.CI) open(addresses.o);
    const stopKeys = onKey((key) => {
      if (key === 'q' || key === '\u0003') ending.abort('SIGINT');
      // The step prints the reason of a failure.
      else if (key === 'r') void terminal.step('cdk deploy', deploy).catch(() => {});
      else if (Object.hasOwn(addresses, key)) open(addresses[key as keyof typeof addresses]);
    });
    await ended;
    stopKeys();
    terminal.print('\nEnding ...');
  } finally {
    await page.close();
    await local.close();
    rmSync(output, { recursive: true, force: true });
  }
}

/** Reports a line of the CDK CLI. Its lines about resources begin with the number of completed resources. */
function report({ detail, summary }: StepProgress, line: string): void {
  if (line.trim()) detail(line);
  const [, count] = /^LiveChat \| *(\d+(?:\/\d+)?) \|/.exec(line) ?? [];
  if (count) summary(`${count.replace('/', ' of ')} resources`);
}

/** Calls back with each key until the returned function is called. Without a terminal, it does nothing. */
function onKey(callback: (key: string) => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  stdin.setRawMode(true).setEncoding('utf8').on('data', callback).resume();
  return () => void stdin.setRawMode(false).pause();
}

/** Opens a page in the browser of the user. Without a browser, nothing happens. */
function open(url: string): void {
  const [program, ...args] = {
    darwin: ['open', url], win32: ['cmd', '/c', 'start', '""', url],
  }[process.platform as string] ?? ['xdg-open', url];
  spawn(program!, args, { stdio: 'ignore', detached: true }).on('error', () => {}).unref();
}
