import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a run of the tests a temporary folder of its own, which goes with it: each CDK `App` leaves a `cdk.out` there.
 */
export default function temporaryFolder(): void {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'cdk-ivs-chat-tests-'));
  process.env.TMPDIR = folder;
  process.env.TEMP = folder; // Windows
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
