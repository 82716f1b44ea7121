/** npm start, as a person uses it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

jest.setTimeout(120_000);

const groups: number[] = [];
const isRunning = (group: number) => {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
};
afterAll(() => groups.filter(isRunning).forEach((group) => process.kill(-group, 'SIGKILL')));

/** Starts it in a process group of its own, as a terminal does, and presses Ctrl-C when the text appears. */
async function interruptedAt(text: string) {
  const child = spawn('npm', ['start'], { cwd: join(__dirname, '..', '..'), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const group = child.pid!;
  groups.push(group);
  let printed = '';
  let pressed = false;
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      printed += data;
      if (pressed || !printed.includes(text)) return;
      pressed = true;
      process.kill(-group, 'SIGINT');
    });
  }
  await ended;
  for (let waited = 0; waited < 5000 && isRunning(group); waited += 100) await sleep(100); // for the system to clear up
  return { printed, left: isRunning(group) };
}

test('says what was deployed and where the chat is; Ctrl-C ends it, and nothing is left running', async () => {
  const { printed, left } = await interruptedAt('Ctrl-C ends everything');
  expect(printed).toMatch(/Room +arn:aws:ivschat:us-west-2:123456789012:room\/[a-zA-Z0-9]{12}\n/);
  expect(printed).toMatch(/Token URL +http:\/\/127\.0\.0\.1:[0-9]+\/\n/);
  expect(printed).toMatch(/Chat +http:\/\/127\.0\.0\.1:[0-9]+\/\n/);
  expect(printed).toMatch(/Moderator +http:\/\/127\.0\.0\.1:[0-9]+\/#moderator=/);
  expect(printed).not.toMatch(/Error/);
  expect(left).toBe(false);
});

test('Ctrl-C in the middle of the deployment leaves nothing running either', async () => {
  const { printed, left } = await interruptedAt('CREATE_IN_PROGRESS');
  expect(printed).not.toMatch(/Error/);
  expect(left).toBe(false);
});
