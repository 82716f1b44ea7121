import { spawnSync } from 'node:child_process';
import { getMaxListeners } from 'node:events';
import { join } from 'node:path';
import { abortController } from '../../../local/aws/abort-controller';

test('a signal has no maximum number of listeners', () => {
  const { signal } = abortController();
  expect([getMaxListeners(signal), signal.aborted]).toEqual([0, false]);
});

test('20 listeners of the signal print no warning', () => {
  // Node.js 22.12 prints one for the signal of a plain AbortController. Newer versions do not.
  const script = `
    const { abortController } = require('./local/aws/abort-controller.ts');
    const { signal } = abortController();
    for (let count = 0; count < 20; count++) signal.addEventListener('abort', () => count);
    console.log('added');`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--eval', script], {
    cwd: join(__dirname, '..', '..', '..'), encoding: 'utf8',
  });
  expect(stdout).toBe('added\n');
  expect(stderr).not.toContain('MaxListenersExceededWarning');
});
