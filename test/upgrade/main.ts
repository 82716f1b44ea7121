/**
 * npx projen upgrade:check [--short]: installs the packed package beside the newest AWS CDK 2 and cdk-nag 3, and
 * compares the templates of the newest and the minimum AWS CDK for the app in examples/languages/typescript.
 *
 * The long form also synthesizes with the newest CDK CLI 2.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';

const root = join(__dirname, '..', '..');
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');

/** The differences between the two versions that the AWS CDK makes, with the reason. */
const explained: { readonly difference: RegExp; readonly reason: string }[] = [];

/** The constructs of the example that are not of this library. */
const usersConstructs = /^Chat\/(Archive|ChatLog|Stream|(Token|Moderation|Review)Function|ReviewErrors|LogErrors)\//;

function run(cwd: string, environment: NodeJS.ProcessEnv, program: string, ...args: string[]) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd, encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  return { status, printed: stdout + stderr };
}

function succeed(...command: Parameters<typeof run>): void {
  const { status, printed } = run(...command);
  if (status !== 0) throw new Error(`${command.slice(2).join(' ')} failed with ${status}\n${printed}`);
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** Returns one line for each value that differs. */
function differences(before: unknown, after: unknown, path = ''): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const both = [before, after].every((value) => typeof value === 'object' && value !== null);
  if (!both) return [`${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`];

  const [left, right] = [before, after] as Record<string, unknown>[];
  return [...new Set([...Object.keys(left!), ...Object.keys(right!)])]
    .flatMap((key) => differences(left![key], right![key], `${path}/${key}`));
}

/** The findings of cdk-nag in the constructs of this library. */
function findings(output: string): string[] {
  const { pluginReports } = json(output, 'validation-report.json') as {
    pluginReports: { violations: { ruleName: string; violatingConstructs: { constructPath: string }[] }[] }[];
  };
  const all = pluginReports.flatMap(({ violations }) => violations).flatMap(({ ruleName, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => ({ ruleName, constructPath })));
  if (!all.some(({ constructPath }) => usersConstructs.test(constructPath))) {
    throw new Error('cdk-nag found nothing in the constructs of the user, so it did not run');
  }
  return all.filter(({ constructPath }) => !usersConstructs.test(constructPath))
    .map(({ ruleName, constructPath }) => `${ruleName} at ${constructPath}`);
}

function main(): void {
  const { short } = parseArgs({ options: { short: { type: 'boolean', default: false } } }).values;
  const work = mkdtempSync(join(tmpdir(), 'upgrade-'));
  const problems: string[] = [];
  try {
    succeed(root, {}, 'npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', work);
    const tarball = join(work, readdirSync(work).find((name) => name.endsWith('.tgz'))!);
    const [floor, newest] = ['floor', 'newest'].map((name) => {
      const app = join(work, name);
      cpSync(join(root, 'examples', 'languages', 'typescript'), app, { recursive: true });
      writeFileSync(join(app, 'package.json'), '{ "private": true }');
      return app;
    }) as [string, string];

    const installed = join(floor, 'node_modules', 'cdk-ivs-chat');
    mkdirSync(installed, { recursive: true });
    succeed(floor, {}, 'tar', '-xzf', tarball, '-C', installed, '--strip-components', '1');
    for (const peer of ['aws-cdk-lib', 'constructs']) {
      symlinkSync(join(root, 'node_modules', peer), join(floor, 'node_modules', peer));
    }
    succeed(newest, {}, 'npm', 'install', '--no-audit', '--no-fund', tarball, 'aws-cdk-lib@2', 'constructs@10',
      'cdk-nag@3', ...(short ? [] : ['aws-cdk@2']));

    for (const app of [floor, newest]) {
      succeed(app, { CDK_OUTDIR: join(app, 'out') }, process.execPath, '--import', tsx, 'app.ts');
    }
    const names = ['aws-cdk-lib', 'constructs', 'cdk-nag', ...(short ? [] : ['aws-cdk'])];
    const versions = names.map((name) => `${name} ${json(newest, 'node_modules', name, 'package.json').version}`);
    console.log(`Compared with aws-cdk-lib ${json(floor, 'node_modules', 'aws-cdk-lib', 'package.json').version}: `
      + versions.join(', '));

    const expected = json(floor, 'out', 'Chat.template.json');
    const compare = (name: string, output: string) => {
      for (const difference of differences(expected, json(output, 'Chat.template.json'))) {
        const reason = explained.find((one) => one.difference.test(difference))?.reason;
        if (reason) console.log(`explained: ${difference}: ${reason}`);
        else problems.push(`${name}: ${difference}`);
      }
    };
    compare('template', join(newest, 'out'));

    writeFileSync(join(newest, 'nag.ts'), `import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { ChatStack } from './chat-stack';

const app = new App();
new ChatStack(app, 'Chat', { env: { account: '123456789012', region: 'us-west-2' } });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
app.synth();
`);
    // The synthesis fails, because the example has findings of its own.
    const nag = join(newest, 'nag');
    run(newest, { CDK_OUTDIR: nag }, process.execPath, '--import', tsx, 'nag.ts');
    problems.push(...findings(nag));

    if (!short) {
      const cdk = join(newest, 'node_modules', 'aws-cdk', 'bin', 'cdk');
      succeed(newest, {}, process.execPath, cdk, 'synth', '--quiet', '--no-version-reporting', '--no-path-metadata',
        '--no-asset-metadata', '--app', `"${process.execPath}" --import "${tsx}" app.ts`, '--output', 'cli');
      compare('cdk synth', join(newest, 'cli'));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }

  for (const problem of problems) console.log(problem);
  if (problems.length > 0) {
    console.log(`${problems.length} problems`);
    process.exitCode = 1;
  } else {
    console.log('The templates are equal, and cdk-nag has no findings.');
  }
}

main();
