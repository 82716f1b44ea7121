/** The output and the end of `npm start`. */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

jest.setTimeout(120_000);

const groups: number[] = [];

function isRunning(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

function killGroup(group: number): void {
  if (isRunning(group)) process.kill(-group, 'SIGKILL');
}

afterAll(() => groups.forEach(killGroup));

interface Interruption {
  /** The program, which runs in its own process group. */
  readonly command: readonly [string, ...string[]];
  /** The output after which the signal is sent. */
  readonly after: string;
  /** Sends the signal. */
  readonly interrupt: (pid: number) => void;
}

/** Sends SIGINT to all processes of the group, as a terminal does for Ctrl-C. */
const ctrlC = (pid: number) => void process.kill(-pid, 'SIGINT');

/** Runs the program until the interruption ends it. The program is killed if it does not end, and the test fails. */
async function interrupted({ command: [program, ...args], after, interrupt }: Interruption) {
  const child = spawn(program, args, {
    cwd: join(__dirname, '..', '..'), detached: true, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = child.pid!;
  groups.push(group);

  let printed = '';
  let sent = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      printed += data;
      if (sent || !printed.includes(after)) return;
      sent = true;
      interrupt(group);
    });
  }
  let killed = false;
  const watchdog = setTimeout(() => {
    killed = true;
    killGroup(group);
  }, 100_000);
  await new Promise((closed) => child.on('close', closed));
  clearTimeout(watchdog);

  // The system removes ended processes from the group a moment later.
  for (let attempt = 0; attempt < 50 && isRunning(group); attempt++) await sleep(100);
  return { printed, sent, killed, left: isRunning(group) };
}

const ended = { sent: true, killed: false, left: false };

test('npm start -- -h prints the options', () => {
  const printed = execFileSync(process.execPath, ['--import', 'tsx', 'examples/live-chat/start.ts', '-h'], {
    cwd: join(__dirname, '..', '..'), encoding: 'utf8',
  });
  expect(printed).toBe(`npm start -- [OPTIONS]

Deploys a chat to local services on this machine, and opens the chat page. It needs no AWS account.

  --once      Run a round trip without a person, and destroy the stack
  --no-open   Do not open the browser
  --verbose   Print the output of the CDK CLI
  -h, --help  Print this text
`);
});

test('npm start prints the outputs and the URLs, and Ctrl-C ends all of its processes', async () => {
  const { printed, ...outcome } = await interrupted({
    command: ['npm', 'start'], after: 'Ctrl-C ends everything', interrupt: ctrlC,
  });
  expect(printed).toMatch(/✔ cdk deploy \(\d+ of \d+ resources\) +\d+\.\d s\n/);
  expect(printed).toMatch(/Chat +http:\/\/127\.0\.0\.1:[0-9]+ /);
  expect(printed).toMatch(/Moderator +http:\/\/127\.0\.0\.1:[0-9]+\/#moderator /);
  expect(printed).toMatch(/Console +http:\/\/127\.0\.0\.1:[0-9]+\//);
  expect(printed.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(printed).not.toMatch(/Error/);
  expect(outcome).toEqual(ended);
});

test('Ctrl-C during the deployment ends all processes', async () => {
  const { printed, ...outcome } = await interrupted({
    command: ['npm', 'start', '--', '--verbose'], after: 'CREATE_IN_PROGRESS', interrupt: ctrlC,
  });
  expect(printed).not.toMatch(/Error/);
  expect(outcome).toEqual(ended);
});

test.each<[string, Interruption['command'], string]>([
  // The program notices the end of npm half a second later, so the signal is sent while the deployment begins.
  ['npm', ['npm', 'start', '--', '--verbose'], 'Bundling asset'],
  [
    'the program',
    [process.execPath, '--import', 'tsx', 'examples/live-chat/start.ts', '--verbose'],
    'CREATE_IN_PROGRESS',
  ],
])('a signal to %s alone ends the CDK CLI during the deployment', async (_, command, after) => {
  const { printed, ...outcome } = await interrupted({
    command,
    after,
    interrupt: (pid) => void process.kill(pid, 'SIGTERM'),
  });
  expect(printed).not.toMatch(/Error/);
  expect(printed).not.toContain('Ctrl-C ends everything');
  expect(outcome).toEqual(ended);
});
