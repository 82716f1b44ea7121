/** The service under load, in a process of its own; answers each message with what it takes up. */
import { systemClock } from '../../local/clock';
import { startLocalIvsChat } from '../../local/ivs-chat/start-local-ivs-chat';

async function main() {
  // A room takes at most 100 messages a second. With a clock that is fast, such limits are judged, but not what is measured.
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
