/**
 * The bundle of Metro, the bundler of React Native, with the packed package: its modules, its syntax, and a chat.
 * Everything that React Native itself would add is replaced by the globals that it has.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { installPackedPackage } from './packed-package';
import { installFromNpm } from '../npm-install';
import { Fixture } from '../local/ivs-chat/fixture';

jest.setTimeout(300_000);

const folder = mkdtempSync(join(tmpdir(), 'metro-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isAsked = Boolean(process.env.METRO ?? process.env.LONG_TESTS);
if (!isAsked) console.warn('SKIPPED: the bundle of Metro, with packages of 100 MB. `npx projen test:metro` runs it.');
const hasMetro = isAsked && installFromNpm(folder, [
  'metro@0.87', '@react-native/metro-config@0.88', '@babel/core@7', 'hermes-compiler@260318099.0.8',
  'react@19', 'react-test-renderer@19',
], 'the bundle of Metro');

const configuration = `
  const { getDefaultConfig, mergeConfig } = require('@react-native/metro-config');
  module.exports = mergeConfig(getDefaultConfig(__dirname), {
    serializer: { getModulesRunBeforeMainModule: () => [] }, // React Native is not installed.
  });
`;

const app = `
  import { createElement as h, StrictMode } from 'react';
  import { create } from 'react-test-renderer';
  import { ChatProvider, useChat, useChatSession } from 'cdk-ivs-chat/react';
  import { ChatError, createChatSession } from 'cdk-ivs-chat/session';

  function Chat() {
    const { status, messages } = useChat();
    return h('Text', {}, [status, ...messages.map(({ content }) => content)].join());
  }
  function Room(options) {
    const session = useChatSession(options);
    return h(ChatProvider, { session }, h(Chat));
  }
  Object.assign(globalThis, {
    createChatSession,
    ChatError,
    render: (options) => create(h(StrictMode, {}, h(Room, options))),
  });
`;

/** The globals of React Native that the session, React and Metro need. */
function newContext(fetch: () => Promise<Response>) {
  const navigator = { product: 'ReactNative' };
  const timers = { setTimeout, clearTimeout };
  return createContext({ WebSocket, AbortController, TextEncoder, console, navigator, fetch, ...timers });
}

const platforms = ['ios', 'android'];

(hasMetro ? describe : describe.skip).each(platforms)('the bundle of Metro for %s', (platform) => {
  const file = (name: string) => join(folder, `${platform}.${name}`);
  let code: string;

  beforeAll(() => {
    if (platform === platforms[0]) {
      installPackedPackage(folder);
      writeFileSync(join(folder, 'metro.config.js'), configuration);
      writeFileSync(join(folder, 'index.js'), app);
    }
    execFileSync(process.execPath, [
      join(folder, 'node_modules', 'metro', 'src', 'cli.js'), 'build', 'index.js', '--platform', platform,
      '--out', file('js'), '--source-map', '--max-workers', '1', '--config', 'metro.config.js',
    ], { cwd: folder, stdio: 'pipe' });
    code = readFileSync(file('js'), 'utf8');
  });

  test('has each module of the package once, and nothing of Node.js', () => {
    const { sections } = JSON.parse(readFileSync(file('map'), 'utf8'));
    const modules: string[] = sections.flatMap(({ map }: any) => map.sources);
    const packed = join(folder, 'node_modules', 'cdk-ivs-chat', 'lib');
    expect(modules.filter((module) => module.startsWith(packed)).sort()).toEqual(
      ['react', 'session'].map((name) => join(packed, name, 'index.mjs')));
    const names = builtinModules.map((name) => name.replaceAll('/', '\\/')).join('|');
    const nodeJs = new RegExp(`['"](node:.*|${names})['"]\\)|getBuiltinModule|\\bBuffer\\b`);
    expect(code.match(nodeJs)?.[0]).toBeUndefined();
  });

  test('is compiled by Hermes, the engine of React Native', () => {
    const binary = { linux: 'linux64-bin/hermesc', darwin: 'osx-bin/hermesc', win32: 'win64-bin/hermesc.exe' };
    const programs = join(folder, 'node_modules', 'hermes-compiler', 'hermesc');
    const hermes = join(programs, binary[process.platform as keyof typeof binary]);
    execFileSync(hermes, ['-emit-binary', '-O', '-w', '-out', file('hbc'), file('js')], { stdio: 'pipe' });
    expect(readFileSync(file('hbc')).length).toBeGreaterThan(0);
  });

  test('chats with and without React, with the globals of React Native only', async () => {
    const fixture = await Fixture.start();
    const roomArn = await fixture.createRoom();
    const issueToken = () => fixture.token(roomArn, 'ada', ['SEND_MESSAGE']);
    const context = newContext(async () => Response.json({ token: await issueToken() }));
    runInContext(code, context);
    const { messaging: endpoint } = fixture.chat;
    context.options = { endpoint };
    runInContext("options.token = ({ signal }) => fetch('/chat-token', { method: 'POST', signal })", context);

    const tree = runInContext('render(options)', context);
    const shows = async (text: string) => {
      while (tree.toJSON()?.children.join() !== text) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await shows('connected');
    const session = runInContext('createChatSession(options)', context);
    session.join();
    expect(await session.send('Hi 👋')).toMatchObject({ content: 'Hi 👋', sender: { userId: 'ada' } });
    await shows('connected,Hi 👋');

    const error = await session.send(' ').catch((thrown: unknown) => thrown);
    context.error = error;
    expect([error.code, runInContext('error instanceof ChatError && error instanceof Error', context)])
      .toEqual(['invalid', true]);
    tree.unmount();
    session.leave();
    while ((await fixture.state()).rooms[0]!.connections) await new Promise(setImmediate);
    await fixture.end();
  });
});
