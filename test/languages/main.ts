/**
 * npx projen test:languages [LANGUAGE...] [--all] [--dist FOLDER] [--go-cdk VERSION]: builds the package of each
 * language, synthesizes the app of examples/languages with it, and compares its template with the template of the
 * TypeScript app.
 *
 * A language without its tools is skipped. With --all, a skip is a failure. With --go-cdk VERSION, the Go package and
 * the Go app use a later version of the AWS CDK than the minimum. Some proxies do not have the minimum.
 */
import { deepStrictEqual } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(__dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { version } = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));
const peers: Record<string, string> = {
  'aws-cdk-lib': manifest.devDependencies['aws-cdk-lib'],
  'constructs': manifest.devDependencies.constructs,
};

interface Place {
  /** A copy of the example. */
  readonly app: string;
  /** The packages of all languages. */
  readonly dist: string;
  /** Runs a program in the app, and throws with its output if it fails. */
  readonly run: (program: string, ...args: string[]) => void;
  /** The version of the AWS CDK for Go, if it is not the minimum. */
  readonly goCdk?: string;
}

interface Language {
  /** The programs that synthesize the app. */
  readonly tools: string[];
  /** Synthesizes the app with the package in `dist`. */
  readonly synthesize: (place: Place) => void;
}

const languages: Record<string, Language> = {
  typescript: {
    tools: ['node'],
    synthesize: ({ app, dist, run }) => {
      const installed = join(app, 'node_modules', 'cdk-ivs-chat');
      mkdirSync(installed, { recursive: true });
      run('tar', '-xzf', packageOf(join(dist, 'js'), '.tgz'), '-C', installed, '--strip-components', '1');
      for (const peer of Object.keys(peers)) {
        symlinkSync(join(root, 'node_modules', peer), join(app, 'node_modules', peer));
      }
      run(process.execPath, '--import', join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs'), 'app.ts');
    },
  },
  python: {
    tools: ['python3'],
    synthesize: ({ app, dist, run }) => {
      const constraints = Object.entries(peers).map(([name, pinned]) => `${name}==${pinned}\n`).join('');
      writeFileSync(join(app, 'constraints.txt'), constraints);
      run('python3', '-m', 'venv', 'venv');
      const python = join(app, 'venv', 'bin', 'python');
      run(python, '-m', 'pip', 'install', '--quiet', '--find-links', join(dist, 'python'),
        '-c', 'constraints.txt', '-r', 'requirements.txt');
      run(python, 'app.py');
    },
  },
  java: {
    tools: ['mvn', 'javac'],
    synthesize: ({ app, dist, run }) => {
      // Maven never reads a release again that it has in its cache.
      rmSync(join(homedir(), '.m2', 'repository', 'dev', 'cdk-ivs-chat'), { recursive: true, force: true });
      writeFileSync(join(app, 'settings.xml'), `<settings>
  <profiles><profile>
    <id>packed</id>
    <repositories><repository><id>packed</id><url>file://${join(dist, 'java')}</url></repository></repositories>
  </profile></profiles>
  <activeProfiles><activeProfile>packed</activeProfile></activeProfiles>
</settings>
`);
      run('mvn', '--batch-mode', '--quiet', '--settings', 'settings.xml', `-Dcdk-ivs-chat.version=${version}`,
        `-Dcdk.version=${peers['aws-cdk-lib']}`, 'compile', 'exec:java');
    },
  },
  go: {
    tools: ['go'],
    synthesize: ({ dist, run, goCdk }) => {
      const module = 'github.com/cdk-ivs-chat/cdk-ivs-chat-go/cdkivschat';
      run('go', 'mod', 'edit', `-replace=${module}=${join(dist, 'go', 'cdkivschat')}`);
      const cdk = 'github.com/aws/aws-cdk-go/awscdk/v2';
      if (goCdk) run('go', 'mod', 'edit', `-replace=${cdk}@v${peers['aws-cdk-lib']}=${cdk}@v${goCdk}`);
      run('go', 'mod', 'tidy');
      run('go', 'vet', '.');
      run('go', 'run', '.');
    },
  },
  dotnet: {
    tools: ['dotnet'],
    synthesize: ({ app, dist, run }) => {
      writeFileSync(join(app, 'nuget.config'), `<configuration>
  <packageSources><add key="packed" value="${join(dist, 'dotnet')}" /></packageSources>
</configuration>
`);
      run('dotnet', 'add', 'package', 'CdkIvsChat', '--version', version);
      run('dotnet', 'run');
    },
  },
};

/** Returns the only file in a folder that has the extension. */
function packageOf(folder: string, extension: string): string {
  const [file, ...more] = readdirSync(folder).filter((name) => name.endsWith(extension));
  if (!file || more.length > 0) throw new Error(`${folder} needs exactly one file ${extension}`);
  return join(folder, file);
}

function runIn(cwd: string, environment: NodeJS.ProcessEnv, program: string, ...args: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd, encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed with ${status}\n${stdout}${stderr}`);
}

const isInstalled = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;

/** The template without what tells the language: the analytics resource of the CDK. */
function templateOf(output: string): unknown {
  const template = JSON.parse(readFileSync(join(output, 'Chat.template.json'), 'utf8'));
  for (const [id, { Type }] of Object.entries<{ Type: string }>(template.Resources)) {
    if (Type === 'AWS::CDK::Metadata') delete template.Resources[id];
  }
  delete template.Conditions?.CDKMetadataAvailable;
  if (Object.keys(template.Conditions ?? {}).length === 0) delete template.Conditions;
  return template;
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'all': { type: 'boolean', default: false }, 'dist': { type: 'string' }, 'go-cdk': { type: 'string' } },
  });
  const unknown = positionals.filter((name) => !languages[name]);
  if (unknown.length > 0) {
    throw new Error(`unknown language ${unknown.join()}; the languages are ${Object.keys(languages).join()}`);
  }
  const wanted = positionals.length > 0 ? positionals : Object.keys(languages);
  const names = ['typescript', ...wanted.filter((name) => name !== 'typescript')];

  const results: { name: string; result: 'passed' | 'FAILED' | 'SKIPPED'; detail: string }[] = [];
  const report = (name: string, result: 'passed' | 'FAILED' | 'SKIPPED', detail: string) => {
    results.push({ name, result, detail });
    console.log(`${name}: ${result}: ${detail}`);
  };

  const work = mkdtempSync(join(tmpdir(), 'languages-'));
  try {
    const ready = names.filter((name) => {
      const missing = languages[name]!.tools.filter((tool) => !isInstalled(tool));
      if (missing.length > 0) report(name, 'SKIPPED', `${missing.join(' and ')} is not installed`);
      return missing.length === 0;
    });
    const dist = values.dist ? resolve(values.dist) : join(work, 'dist');
    const pack = (name: string) => {
      const target = name === 'typescript' ? 'js' : name;
      // The build of the Go package needs the minimum version. The Go app also compiles the package.
      const codeOnly = name === 'go' && values['go-cdk'] !== undefined;
      runIn(root, {}, process.execPath, join(root, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak'),
        '--target', target, '--outdir', dist, '--force-subdirectory', ...(codeOnly ? ['--code-only'] : []));
    };

    let expected: unknown;
    for (const name of ready) {
      const start = Date.now();
      const app = join(work, name);
      const output = join(work, `${name}.out`);
      cpSync(join(root, 'examples', 'languages', name), app, { recursive: true });
      try {
        if (!values.dist) pack(name);
        const run: Place['run'] = (...command) => runIn(app, { CDK_OUTDIR: output }, ...command);
        languages[name]!.synthesize({ app, dist, run, goCdk: values['go-cdk'] });
        const template = templateOf(output);
        if (name === 'typescript') expected = template;
        deepStrictEqual(template, expected);
        const count = Object.keys((template as { Resources: object }).Resources).length;
        report(name, 'passed', `the ${count} resources of TypeScript, in ${Math.round((Date.now() - start) / 1000)} s`);
      } catch (error) {
        report(name, 'FAILED', (error as Error).message);
        if (name === 'typescript') break; // Nothing to compare with.
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }

  const count = (result: string) => results.filter((one) => one.result === result).length;
  for (const { name, result, detail } of results) {
    if (result === 'SKIPPED') console.log(`NOT TESTED: ${name}, because ${detail}`);
  }
  console.log(`${count('passed')} passed, ${count('FAILED')} failed, ${count('SKIPPED')} skipped`);
  if (count('FAILED') > 0 || (values.all && count('SKIPPED') > 0)) process.exitCode = 1;
}

main();
