/**
 * Compares the committed service model with the newest AWS SDK for JavaScript and the newest botocore: `npx projen
 * model:check`. It downloads both with npm and pip. The exit code is 1 if a model differs or cannot be read.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { differences, KINDS_OF_SDK, statementsOf, statementsOfBotocore, statementsOfSdk } from './compare';
import { reduced } from './service-model';

/** Differences that change nothing. */
const KNOWN = [
  // The .* at the end of the pattern of botocore adds nothing to .+ before it.
  'LambdaArn.pattern: $|^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:.+.*'
  + ' instead of $|^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:.+',
];

const ours = statementsOf(reduced(JSON.parse(readFileSync(join(__dirname, 'service-model.json'), 'utf8'))));
const folder = mkdtempSync(join(tmpdir(), 'service-model-'));
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Compares with one published model. */
function compareWith(name: string, read: () => { readonly version: string; readonly found: string[] }): void {
  try {
    const { version, found } = read();
    const unknown = found.filter((difference) => !KNOWN.includes(difference));
    const known = found.length > unknown.length ? `, except ${found.length - unknown.length} known difference` : '';
    if (unknown.length === 0) {
      console.log(`${name} ${version}: equal to the committed model${known}`);
    } else {
      console.log(`${name} ${version}: ${unknown.length} differences\n  ${unknown.join('\n  ')}`);
      process.exitCode = 1;
    }
  } catch (error: any) {
    console.error(`${name}: NOT COMPARED. ${error.stderr?.trim() || error.message}`);
    process.exitCode = 1;
  }
}

try {
  compareWith('@aws-sdk/client-ivschat', () => {
    const archive = run('npm', 'pack', '@aws-sdk/client-ivschat@latest', '--silent').trim();
    run('tar', '-xzf', archive);
    const { version } = JSON.parse(readFileSync(join(folder, 'package', 'package.json'), 'utf8'));
    return { version, found: differences(ours, statementsOfSdk(join(folder, 'package')), KINDS_OF_SDK) };
  });

  compareWith('botocore', () => {
    run('python3', '-m', 'pip', 'download', 'botocore', '--no-deps', '--only-binary', ':all:', '--quiet');
    const wheel = readdirSync(folder).find((file) => file.endsWith('.whl'))!;
    const models = unzipSync(readFileSync(join(folder, wheel)), {
      filter: ({ name }) => /^botocore\/data\/ivschat\/[^/]+\/service-2\.json(\.gz)?$/.test(name),
    });
    const [[path, content] = []] = Object.entries(models);
    if (!path || !content) throw new Error(`${wheel} has no model of ivschat.`);
    const json = Buffer.from(path.endsWith('.gz') ? gunzipSync(content) : content).toString();
    return { version: wheel.split('-')[1]!, found: differences(ours, statementsOfBotocore(JSON.parse(json))) };
  });
} finally {
  rmSync(folder, { recursive: true });
}
