import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Kit } from '../kit';
import type { Probe } from '../probe';

const root = join(__dirname, '..', '..');

/** Runs the suite as a child process. A local run starts its own service and tests only one client. */
async function suite({ target, options }: Kit, bucket: string): Promise<{ code: number | null; printed: string }> {
  const real = { IVS_CHAT_CONFORMANCE: 'real', IVS_CHAT_CONFORMANCE_BUCKET: bucket };
  const only = target.isLocal ? ['--testNamePattern', 'with cdk-ivs-chat/client'] : [];
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, 'test/conformance', '--ci', ...only], {
    cwd: root,
    env: { ...process.env, ...target.environment, ...(target.isLocal ? {} : real) },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: options.signal,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const code = await new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done));
  return { code, printed };
}

export const conformance: Probe = {
  id: 'conformance',
  group: 'Conformance',
  question: 'Does the conformance suite pass?',
  assumes: 'test/conformance: the local service behaves like the real service',
  onlyOnAws: 'the suite ran against the local service',
  async run(kit) {
    const { code, printed } = await suite(kit, await kit.output('Bucket'));
    const summary = /^Tests:.*$/m.exec(printed)?.[0] ?? 'the suite did not start';
    const failed = [...printed.matchAll(/^\s*● (.+)$/gm)].map(([, title]) => title).slice(0, 10);
    assert.equal(code, 0, [summary, ...failed].join('; '));
    const skipped = [...printed.matchAll(/SKIPPED[^$\n]*$/gm)].map(([line]) => line);
    return [summary, ...skipped].join('; ');
  },
};
