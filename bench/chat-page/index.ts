/**
 * Measures the chat page of the example in Chromium while a room receives 100 messages a second, the maximum of a room.
 *
 *     npx projen bench:chat-page [--seconds 60]
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { WebSocket } from 'ws';
import { servePage } from '../../examples/live-chat/serve-page';
import { CreateChatTokenCommand, CreateRoomCommand, IvschatClient } from '../../lambda/client';
import { startLocalIvsChat } from '../../local';
import { chromiumPath } from '../../test/chromium';

const MESSAGES_PER_SECOND = 100;
const SPEAKERS = 20;
const FRAME_MILLISECONDS = 1000 / 60;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const seconds = Number(values.seconds);

/** Runs in the page. It is a text, because the names that tsx adds to functions do not exist in the page. */
const MEASURE = `
  measured = { longTasks: [], frames: [] };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) measured.longTasks.push(duration);
  }).observe({ type: 'longtask' });
  let last = performance.now();
  requestAnimationFrame(function frame(now) {
    measured.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  });
`;

interface Measured {
  /** The CPU time of the main thread, in milliseconds for each second. Other programs do not change it much. */
  readonly cpu: number;
  readonly longTasks: number[];
  readonly frames: number[];
  readonly rows: number;
  readonly nodes: number;
  readonly lastText: string;
}

async function main() {
  if (!chromiumPath) throw new Error('Install Chromium, or set CHROMIUM_PATH.');
  const ivsChat = await startLocalIvsChat();
  const client = new IvschatClient({
    region: ivsChat.region, endpoint: ivsChat.controlPlane, credentials: ivsChat.identities.administrator,
  });
  const { arn } = await client.send(new CreateRoomCommand({ maximumMessageRatePerSecond: MESSAGES_PER_SECOND }));
  const tokenOf = (userId: string) => client.send(new CreateChatTokenCommand({
    roomIdentifier: arn!, userId, capabilities: ['SEND_MESSAGE'], attributes: { displayName: userId, role: 'viewer' },
  }));

  /** The operations of a chat API that the page needs. */
  const chatApi = createServer(async ({ method, url }, response) => {
    response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', '*');
    const isToken = method === 'POST' && url === '/create-chat-token';
    response.end(JSON.stringify(isToken ? { ...await tokenOf('reader'), userId: 'reader' } : { blockedUsers: [] }));
  });
  await new Promise<void>((listening) => chatApi.listen(0, '127.0.0.1', listening));
  const page = await servePage(0);
  const chatUrl = `http://127.0.0.1:${(chatApi.address() as AddressInfo).port}`;
  page.configure({ chatUrl, messaging: ivsChat.messaging }, async () => 'an ID token');
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    const speakers = await Promise.all([...Array(SPEAKERS)].map(async (_, index) => {
      const { token } = await tokenOf(`speaker ${index}`);
      const socket = new WebSocket(ivsChat.messaging, token!);
      await new Promise((opened) => socket.on('open', opened));
      return socket;
    }));
    const tab = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await tab.goto(page.origin);
    await tab.getByRole('button', { name: 'Join' }).click();
    await tab.getByText('Connected', { exact: true }).waitFor();
    await tab.evaluate(MEASURE);

    const devTools = await tab.context().newCDPSession(tab);
    await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const taskSeconds = async () => {
      const { metrics } = await devTools.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')!.value;
    };
    const taskSecondsBefore = await taskSeconds();
    const start = performance.now();
    const total = seconds * MESSAGES_PER_SECOND;
    for (let sent = 0; sent < total; sent++) {
      const due = start + sent * 1000 / MESSAGES_PER_SECOND;
      if (due > performance.now()) await sleep(due - performance.now());
      const Content = `Message ${sent + 1} of ${total}, which is about as long as a message in a chat is`;
      speakers[sent % SPEAKERS]!.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content }));
    }
    const sendSeconds = (performance.now() - start) / 1000;
    await sleep(1000);
    const cpu = 1000 * (await taskSeconds() - taskSecondsBefore) / sendSeconds;
    const measured: Measured = await tab.evaluate((time) => ({
      ...(globalThis as any).measured,
      cpu: time,
      rows: document.querySelectorAll('.message').length,
      nodes: document.querySelectorAll('*').length,
      lastText: [...document.querySelectorAll('.message .content')].at(-1)!.textContent,
    }), cpu);
    report(measured, total / sendSeconds);
    speakers.forEach((socket) => socket.close());
  } finally {
    await browser.close();
    await page.close();
    await new Promise((closed) => chatApi.close(closed));
    await ivsChat.close();
  }
}

function report({ cpu, longTasks, frames, rows, nodes, lastText }: Measured, rate: number) {
  const sorted = [...longTasks].sort((one, other) => one - other);
  const dropped = frames.reduce((sum, frame) => sum + Math.max(0, Math.round(frame / FRAME_MILLISECONDS) - 1), 0);
  const droppedPercent = (100 * dropped / (frames.length + dropped)).toFixed(1);
  const elapsed = frames.reduce((sum, frame) => sum + frame, 0);
  const lines = {
    'messages a second': rate.toFixed(1),
    'last message': lastText.slice(0, lastText.indexOf(',')),
    'CPU time of the main thread': `${cpu.toFixed(0)} ms in a second`,
    'long tasks (over 50 ms)': `${longTasks.length}, ${(longTasks.length / (elapsed / 60_000)).toFixed(1)} a minute`,
    'longest and median long task': longTasks.length
      ? `${sorted.at(-1)!.toFixed(0)} ms, ${sorted[Math.floor(sorted.length / 2)]!.toFixed(0)} ms` : 'none',
    'frames, dropped frames': `${frames.length}, ${dropped} (${droppedPercent} %)`,
    'rows, elements': `${rows}, ${nodes}`,
  };
  for (const [name, value] of Object.entries(lines)) console.log(`${name}: ${value}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
