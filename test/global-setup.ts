import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a run of the tests a temporary folder of its own, which goes with it: each CDK `App` leaves a `cdk.out` there.
 * The tests also run in a time zone of their own, because UTC hides the use of the wrong one.
 */
export default function globalSetup(): void {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'cdk-ivs-chat-tests-'));
  process.env.TMPDIR = folder;
  process.env.TEMP = folder; // Windows
  process.env.TZ = 'Asia/Kolkata'; // UTC+5:30, without daylight saving time
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
