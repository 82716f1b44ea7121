import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { linkRuntimeModules } from '../../../../local/aws/lambda/runtime-modules';

const folder = mkdtempSync(path.join(tmpdir(), 'runtime-modules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes files, such as `application/node_modules/@aws-sdk/client-s3/index.js`. */
function write(name: string, content: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
}

/** Runs a function in the folder of an unpacked asset, and returns what it prints. */
function run(root: string, file: string, source: string): string {
  write(path.join(root, 'asset', file), source);
  return execFileSync(process.execPath, [path.join(folder, root, 'asset', file)], { encoding: 'utf8' }).trim();
}

write('mono/node_modules/@aws-sdk/client-s3/index.js', 'exports.from = "root";');
write('mono/node_modules/@aws-sdk/client-sts/index.js', 'exports.from = require("@smithy/types").from;');
write('mono/node_modules/@smithy/types/index.js', 'exports.from = "dependency";');
write('mono/node_modules/lodash/index.js', '');
write('mono/packages/node_modules/@smithy/core/index.js', 'exports.from = "packages";');
write('mono/node_modules/@smithy/core/index.js', 'exports.from = "root";');
write('mono/packages/app/node_modules/@aws-sdk/client-s3/index.js', 'exports.from = "application";');
mkdirSync(path.join(folder, 'functions'));
linkRuntimeModules(path.join(folder, 'functions'), path.join(folder, 'mono', 'packages', 'app'));

test('functions find the AWS SDK of the application, the nearest first', () => {
  const print = (name: string) => `console.log(require('@aws-sdk/${name}').from)`;
  expect(run('functions', 'index.js', print('client-s3'))).toBe('application');
  expect(run('functions', 'index.js', print('client-sts'))).toBe('dependency');
  const smithy = ['core', 'types'].map((name) => `require('@smithy/${name}').from`);
  expect(run('functions', 'index.js', `console.log(${smithy.join()})`)).toBe('packages dependency');
});

test('ES modules find it, too', () => {
  const source = 'import { from } from "@aws-sdk/client-s3"; console.log(from)';
  expect(run('functions', 'index.mjs', source)).toBe('application');
});

test('the packages of the function take precedence', () => {
  write('functions/asset/node_modules/@aws-sdk/client-s3/index.js', 'exports.from = "function";');
  expect(run('functions', 'index.js', 'console.log(require("@aws-sdk/client-s3").from)')).toBe('function');
});

test('functions do not find other packages of the application', () => {
  expect(existsSync(path.join(folder, 'functions', 'node_modules', 'lodash'))).toBe(false);
});

test('the client of this package replaces a missing @aws-sdk/client-ivschat', () => {
  const source = 'console.log(typeof new IvschatClient({ region: "us-west-2" }).send, typeof CreateChatTokenCommand)';
  const name = '"@aws-sdk/client-ivschat"';
  const names = '{ IvschatClient, CreateChatTokenCommand }';
  expect(run('functions', 'a.js', `const ${names} = require(${name}); ${source}`)).toBe('function function');
  expect(run('functions', 'a.mjs', `import ${names} from ${name}; ${source}`)).toBe('function function');

  write('with/node_modules/@aws-sdk/client-ivschat/index.js', 'exports.from = "application";');
  mkdirSync(path.join(folder, 'second'));
  linkRuntimeModules(path.join(folder, 'second'), path.join(folder, 'with'));
  expect(run('second', 'index.js', `console.log(require(${name}).from)`)).toBe('application');
});
