/** Tests of `lib/index.js`, the bundle of the constructs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '..', '..');

/** Runs a script, and returns the value that it prints. */
function run(script: string, ...options: string[]) {
  const output = execFileSync(process.execPath, [...options, '-e', script], { cwd: root, encoding: 'utf8' });
  return JSON.parse(output);
}

/** Returns the paths of all files that a script loads. */
function filesOf(script: string): string[] {
  const files: string[] = run(`${script}\nconsole.log(JSON.stringify(Object.keys(require.cache)))`);
  return files.map((file) => relative(root, file));
}

const isOwn = (file: string) => !file.startsWith('node_modules');

test('CommonJS and ES modules export each class and enum of the API', () => {
  const { types } = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));
  const expected = Object.values<any>(types).filter(({ kind }) => kind !== 'interface').map(({ name }) => name).sort();
  const kinds = '.map((name) => [name, typeof ivschat[name], ivschat[name].name])';
  const print = `console.log(JSON.stringify(Object.keys(ivschat).sort().filter((name) => name !== 'default')${kinds}))`;
  const required = run(`const ivschat = require('cdk-ivs-chat'); ${print}`);
  expect(required.map(([name]: [string]) => name)).toEqual(expected);
  expect(run(`import * as ivschat from 'cdk-ivs-chat'; ${print}`, '--input-type=module')).toEqual(required);

  // Errors contain the names of classes.
  const classes = required.filter(([, type]: [string, string]) => type === 'function');
  expect(classes.map(([name, , className]: string[]) => [name, className]))
    .toEqual(classes.map(([name]: [string]) => [name, name]));
});

test('the package loads nothing else until an app uses an export', () => {
  expect(filesOf('require("cdk-ivs-chat")')).toEqual(['lib/index.js']);
});

test('a stack with a room loads one file, and no modules of aws-cdk-lib that only other constructs need', () => {
  const files = filesOf(`
    const { App, Stack } = require('aws-cdk-lib');
    const { ChatRoom } = require('cdk-ivs-chat');
    const app = new App();
    new ChatRoom(new Stack(app, 'Stack', { env: { region: 'us-west-2', account: '123456789012' } }), 'Room');
    app.synth();`);
  expect(files.filter(isOwn)).toEqual(['lib/index.js']);
  const of = (name: string) => files.filter((file) => file.startsWith(`node_modules/aws-cdk-lib/${name}/`));
  expect(['core', 'aws-iam', 'aws-lambda', 'aws-logs'].filter((name) => of(name).length === 0)).toEqual([]);
  const unneeded = ['aws-apigatewayv2', 'aws-apigatewayv2-integrations', 'aws-dynamodb', 'aws-s3-assets'];
  expect(unneeded.flatMap(of)).toEqual([]);
  expect(of('region-info/lib')).toEqual([]); // the facts of all Regions
});
