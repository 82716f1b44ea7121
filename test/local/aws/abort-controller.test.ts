import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Returns the standard error of a process that adds 20 listeners to the signal of an AbortController. */
function warningsOf(controller: string): string {
  const script = `
    const { abortController } = require('./local/aws/abort-controller.ts');
    const { signal } = ${controller};
    for (let count = 0; count < 20; count++) signal.addEventListener('abort', () => count);`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--eval', script], {
    cwd: join(__dirname, '..', '..', '..'), encoding: 'utf8',
  });
  expect(status).toBe(0);
  return stderr;
}

test('many listeners of an abortController() print no warning', () => {
  expect(warningsOf('new AbortController()')).toContain('MaxListenersExceededWarning');
  expect(warningsOf('abortController()')).toBe('');
});
