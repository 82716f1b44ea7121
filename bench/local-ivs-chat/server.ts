/** Runs the service in its own process. It answers each message with its memory and its CPU time. */
import { systemClock } from '../../local/clock';
import { startLocalIvsChat } from '../../local/ivs-chat/start-local-ivs-chat';

async function main() {
  // A room accepts at most 100 messages per second. With a fast clock, the service checks such limits, but they do not
  // limit the measured rate.
  const [start, pace] = [Date.now(), Number(process.argv[2])];
  const chat = await startLocalIvsChat({ clock: { ...systemClock, now: () => start + (Date.now() - start) * pace } });
  const { accessKeyId, secretAccessKey } = chat.identities.administrator;
  let cpu = process.cpuUsage();
  process.on('message', () => {
    global.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    process.send!({ rss, heapUsed, external, cpuSeconds: (user + system) / 1e6 });
  });
  process.on('disconnect', () => process.exit(0));
  process.send!({ controlPlane: chat.controlPlane, accessKeyId, secretAccessKey });
}

void main();
