/**
 * Runs the unchanged recipes of docs/testing.md. `npx projen test:recipes` installs pytest and boto3, and also runs the
 * recipe for Go.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

jest.setTimeout(300_000);

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'recipes-'));
const documentation = readFileSync(join(root, 'docs', 'testing.md'), 'utf8');

/** The code blocks with the name of a file in a comment on their first line. */
const files = new Map(
  [...documentation.matchAll(/```\w+\n(?:#|\/\/) (\w+\.\w+)\n([^]*?)```/g)].map(([, name, content]) => [name!, content!]),
);

function write(name: string, content = files.get(name)!): void {
  writeFileSync(join(folder, name), content);
}

function run(program: string, ...args: string[]): void {
  const path = [join(folder, 'bin'), process.env.PATH].join(delimiter);
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: path },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
}

const canImport = (python: string) => spawnSync(python, ['-c', 'import boto3, pytest']).status === 0;

const python = process.env.RECIPES_PYTHON ?? 'python3';
const hasPytest = canImport(python);
if (!hasPytest) console.warn(`SKIPPED: the recipe for pytest, because ${python} has no boto3 and pytest`);

const hasGo = process.env.RECIPES_GO !== undefined;
if (!hasGo) console.warn('SKIPPED: the recipe for Go. `npx projen test:recipes` runs it.');

beforeAll(() => {
  // The package as npx finds it in a project. The recipes call `npx cdk-ivs-chat`.
  const program = join(root, 'lib', 'local', 'bin', 'ivs-chat-local.js');
  const npx = join(folder, 'bin', 'npx');
  mkdirSync(join(folder, 'bin'));
  const call = `exec '${process.execPath}' '${program}' "$@"`;
  writeFileSync(npx, `#!/bin/sh\n[ "$1" = cdk-ivs-chat ] || exit 1\nshift\n${call}\n`);
  chmodSync(npx, 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('docs/testing.md has the files of all recipes', () => {
  expect([...files.keys()]).toEqual(['conftest.py', 'test_chat.py', 'main_test.go']);
});

(hasPytest ? test : test.skip)('the recipe for pytest works', () => {
  write('conftest.py');
  write('test_chat.py');
  run(python, '-m', 'pytest', '--quiet', '-p', 'no:cacheprovider');
});

(hasGo ? test : test.skip)('the recipe for Go works', () => {
  write('main_test.go');
  write('go.mod', 'module chat\n\ngo 1.24\n');
  write('chat_test.go', `package chat

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ivschat"
)

func TestRoom(t *testing.T) {
	configuration, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	client := ivschat.NewFromConfig(configuration)
	if _, err := client.CreateRoom(context.Background(), &ivschat.CreateRoomInput{}); err != nil {
		t.Fatal(err)
	}
}
`);
  run('go', 'get', 'github.com/aws/aws-sdk-go-v2/config', 'github.com/aws/aws-sdk-go-v2/service/ivschat');
  run('go', 'test', './...');
});
