/** Callers choose room identifiers in the bodies of requests. Runs in a process with a garbage collector. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const CALLS = 100_000;

test('100,000 calls with hostile room identifiers do not grow the heap', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '-e', `
    const { createChatToken, sendEvent } = require(${JSON.stringify(join(__dirname, '../../../lib/runtime'))});
    const hostile = [
      (index) => 'arn:aws:ivschat:region-' + index + ':123456789012:room/AbCdEf012345',
      (index) => 'arn:aws:ivschat:us-west-2:' + index + ':room/no-room',
      (index) => 'x'.repeat(200) + index,
      (index) => ({ ['key' + index]: index }),
      (index) => '__proto__' + index,
    ];
    const heap = () => (gc(), process.memoryUsage().heapUsed);
    async function run(calls, first) {
      let refused = 0;
      for (let index = first; index < first + calls; index++) {
        const roomIdentifier = hostile[index % hostile.length](index);
        const call = index % 2 ? createChatToken({ roomIdentifier, userId: 'ada' })
          : sendEvent({ roomIdentifier, eventName: 'event' });
        await call.catch(() => { refused++; }); // Some have a valid form, and fail because there are no credentials.
      }
      return refused;
    }
    (async () => {
      await run(1000, 0); // The first calls load and compile code.
      const before = heap();
      const refused = await run(${CALLS}, 1000);
      console.log(JSON.stringify({ refused, grown: heap() - before }));
    })();
  `], { encoding: 'utf8', env: { PATH: process.env.PATH, AWS_REGION: 'us-west-2' } });
  if (status !== 0) throw new Error(stderr);

  const { refused, grown } = JSON.parse(stdout);
  expect(refused).toBe(CALLS);
  expect(grown).toBeLessThan(1_000_000); // 10 bytes for each call
});
