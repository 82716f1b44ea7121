import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('the signal accepts any number of listeners without a warning', () => {
  // A process of its own, because Node.js does not know the signals of Jest's environment.
  const script = `
    const { getMaxListeners } = require('node:events');
    const { abortController } = require('./local/aws/abort-controller.ts');
    console.log(getMaxListeners(abortController().signal));`;
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--eval', script], {
    cwd: join(__dirname, '..', '..', '..'), encoding: 'utf8',
  });
  expect(stdout).toBe('0\n'); // the default of Node.js 22.12 is 10
});
