import { fork, type ChildProcess } from 'node:child_process';
import fs, { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-ivschat';
import { buildSync } from 'esbuild';
import { Fixture } from './fixture';
import { systemClock, VirtualClock } from '../../../local/clock';
import { ResourceStore, type Room } from '../../../local/ivs-chat/state/resource-store';
import { startLocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';

let folder: string;
let stateFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivs-chat-state-'));
  stateFile = join(folder, 'state.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const everything = async ({ client }: Fixture) => {
  const { rooms } = await client.send(new sdk.ListRoomsCommand({}));
  const { loggingConfigurations } = await client.send(new sdk.ListLoggingConfigurationsCommand({}));
  const got = rooms!.map(async ({ arn }) => ({
    ...(await client.send(new sdk.GetRoomCommand({ identifier: arn }))),
    $metadata: undefined,
  }));
  return { rooms: await Promise.all(got), loggingConfigurations };
};

test('rooms, logging configurations, their tags and their order survive a restart', async () => {
  const first = await Fixture.start({ stateFile });
  const { client } = first;
  const { arn: logging } = await client.send(
    new sdk.CreateLoggingConfigurationCommand({
      destinationConfiguration: { s3: { bucketName: 'logs' } },
      tags: { a: 'b' },
    }),
  );
  const arns = [];
  for (const name of ['one', 'two', 'three', 'gone']) {
    arns.push(await first.createRoom({ name, loggingConfigurationIdentifiers: [logging!] }));
  }
  await client.send(new sdk.TagResourceCommand({ resourceArn: arns[0], tags: { constructor: 'x', é: '' } }));
  await client.send(new sdk.UpdateRoomCommand({ identifier: arns[1], maximumMessageLength: 7 }));
  await client.send(new sdk.UpdateLoggingConfigurationCommand({ identifier: logging, name: 'renamed' }));
  await client.send(new sdk.DeleteRoomCommand({ identifier: arns[3] }));
  const before = await everything(first);
  expect(before.rooms.map(({ name }) => name)).toEqual(['two', 'three', 'one']);
  expect(Object.keys(before.rooms[2]!.tags!)).toEqual(['constructor', 'é']);
  expect(before.loggingConfigurations).toMatchObject([{ name: 'renamed', state: 'ACTIVE' }]);
  await first.end();
  for (let restart = 0; restart < 2; restart++) {
    const again = await Fixture.start({ stateFile });
    expect(await everything(again)).toEqual(before);
    await again.end();
  }
  const lines = readFileSync(stateFile, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1 + 4); // the header and the existing resources
});

test('an incomplete last line is dropped, because it was never acknowledged', async () => {
  const first = await Fixture.start({ stateFile });
  await first.createRoom({ name: 'kept' });
  await first.end();
  appendFileSync(stateFile, '{"room":{"arn":"arn:aws:ivsch');
  const again = await Fixture.start({ stateFile });
  await again.createRoom({ name: 'next' });
  await again.end();
  const last = await Fixture.start({ stateFile });
  expect((await everything(last)).rooms.map(({ name }) => name)).toEqual(['next', 'kept']);
  await last.end();
});

test.each([
  [
    '{"format":"something else"}\n', ' is not a state file of the local IVS Chat. Specify another path.',
  ],
  [
    '{"format":"Local IVS Chat state","version":99}\n', ' has version 99, but this release supports version 1',
  ],
  ['{"format":"Local IVS Chat state","version":0}\n', ' has version 0, but this release supports version 1'],
  [
    '{"format":"Local IVS Chat state","version":1}\nnonsense\n{}\n',
    ', line 2 is not valid JSON. Repair the line, or remove the file to start with an empty state.',
  ],
])('the invalid file %j is refused, not changed and not locked', async (content, message) => {
  writeFileSync(stateFile, content);
  await expect(startLocalIvsChat({ stateFile })).rejects.toThrow(new Error(`${stateFile}${message}`));
  expect(readFileSync(stateFile, 'utf8')).toBe(content);
  expect(readdirSync(folder)).toEqual(['state.jsonl']);
});

test('an empty file is an empty state, and deletions and a reset survive a restart', async () => {
  writeFileSync(stateFile, '');
  const first = await Fixture.start({ stateFile });
  expect(readFileSync(stateFile, 'utf8')).toBe('{"format":"Local IVS Chat state","version":1}\n');
  expect(readFileSync(`${stateFile}.lock`, 'utf8')).toBe(String(process.pid));
  const destinationConfiguration = { s3: { bucketName: 'logs' } };
  const { call } = first.chat;
  const [gone, kept] = [
    await call('CreateLoggingConfiguration', { destinationConfiguration }),
    await call('CreateLoggingConfiguration', { name: 'kept', destinationConfiguration }),
  ];
  await call('DeleteLoggingConfiguration', { identifier: gone.arn });
  await first.end();
  expect(readdirSync(folder)).toEqual(['state.jsonl']);
  const second = await Fixture.start({ stateFile });
  expect((await everything(second)).loggingConfigurations).toMatchObject([{ name: 'kept', arn: kept.arn }]);
  await fetch(`${second.chat.console}reset`, { method: 'POST' });
  await second.end();
  const third = await Fixture.start({ stateFile });
  expect(await everything(third)).toEqual({ rooms: [], loggingConfigurations: [] });
  await third.end();
});

test('a change is written completely, even in parts, and the file is closed at the end', async () => {
  const { writeSync } = fs;
  const write = jest.spyOn(fs, 'writeSync').mockImplementation(((file: number, bytes: Buffer, offset: number) =>
    writeSync(file, bytes, offset ?? 0, Math.min(50, bytes.length - (offset ?? 0)))) as typeof writeSync);
  const close = jest.spyOn(fs, 'closeSync');
  const sync = jest.spyOn(fs, 'fsyncSync');
  const rename = jest.spyOn(fs, 'renameSync');
  const first = await Fixture.start({ stateFile });
  await first.createRoom({ name: 'long-'.repeat(20) });
  await first.end();
  const [descriptor] = write.mock.calls[0]!;
  expect(close).toHaveBeenCalledWith(descriptor);
  // The new file replaces the old one when all of it is on the disk.
  expect([sync.mock.calls, rename.mock.calls]).toEqual([[[descriptor]], [[`${stateFile}.next`, stateFile]]]);
  expect(sync.mock.invocationCallOrder[0]).toBeLessThan(rename.mock.invocationCallOrder[0]!);
  jest.restoreAllMocks();
  const again = await Fixture.start({ stateFile });
  expect((await everything(again)).rooms).toMatchObject([{ name: 'long-'.repeat(20) }]);
  await again.end();
});

test('a change that cannot be written has no effect', () => {
  let full = false;
  const store = new ResourceStore<Room>(systemClock, 0, () => {
    if (full) throw new Error('ENOSPC');
  });
  const room = { arn: 'a', name: 'before', updateTime: '1' } as Room;
  store.put(room);
  full = true;
  expect(() => store.put({ ...room, name: 'after' })).toThrow('ENOSPC');
  expect(() => store.delete('a')).toThrow('ENOSPC');
  expect(store.get('a')).toBe(room);
});

test('a deletion that cannot be written is an internal error, and the connections of the room stay open', async () => {
  const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
  const fixture = await Fixture.start({ stateFile });
  const identifier = await fixture.createRoom();
  const connection = await fixture.connect(identifier, 'u', ['SEND_MESSAGE']);
  const problem = new Error('ENOSPC');
  const write = jest.spyOn(fs, 'writeSync').mockImplementation(() => {
    throw problem;
  });
  const deletion = fixture.client.send(new sdk.DeleteRoomCommand({ identifier }));
  await expect(deletion).rejects.toMatchObject({ name: 'InternalServerException' });
  expect(printed.mock.calls).toEqual([['Local IVS Chat: unexpected error:', problem]]);
  write.mockRestore();
  printed.mockRestore();
  expect(await connection.ask({ Action: 'SEND_MESSAGE', Content: 'x' })).toMatchObject({ Type: 'MESSAGE' });
  await fixture.end();
});

test('a store shows readers each version after the delay, in the order of the last update', () => {
  const clock = new VirtualClock(0);
  const changes: unknown[] = [];
  const store = new ResourceStore<Room>(clock, 10, (change) => changes.push(change));
  const room = (arn: string, updateTime: string, name = '') => ({ arn, name, updateTime }) as Room;
  const shown = () => store.list('').map(({ resource }) => `${resource.arn}${resource.name}`);
  const [a, b] = [room('room/a', '1'), room('room/b', '1')];
  store.put(a);
  store.put(b);
  expect([shown(), store.read('room/a'), store.get('room/a'), store.count('room/')]).toEqual([[], undefined, a, 2]);
  clock.advance(10);
  expect([shown(), store.read('room/a')]).toEqual([['room/b', 'room/a'], a]);
  store.put(room('room/a', '2', ' renamed'));
  expect(shown()).toEqual(['room/b', 'room/a']);
  clock.advance(10);
  expect(shown()).toEqual(['room/a renamed', 'room/b']);
  store.put(room('room/b', '1', ' tagged'));
  clock.advance(10);
  expect(shown()).toEqual(['room/a renamed', 'room/b tagged']);
  store.delete('room/a');
  store.delete('room/a');
  store.delete('room/c');
  expect([shown(), [...store.all()].length, store.count('room/'), store.get('room/a')]).toEqual([
    ['room/a renamed', 'room/b tagged'], 1, 1, undefined,
  ]);
  clock.advance(10);
  expect([shown(), store.read('room/a')]).toEqual([['room/b tagged'], undefined]);
  // Versions that no reader sees any more use no memory.
  const { versions } = store as unknown as { versions: Map<string, { before?: { before?: object } }> };
  expect([...versions.keys()]).toEqual(['room/b']);
  store.put(room('room/b', '1', ' again'));
  expect([versions.get('room/b')!.before, versions.get('room/b')!.before!.before]).toEqual([
    expect.anything(), undefined,
  ]);
  expect([store.list('room/').length, store.list('other/').length, store.count('other/')]).toEqual([1, 0, 0]);
  expect(changes).toEqual([
    { put: a }, { put: b }, { put: room('room/a', '2', ' renamed') }, { put: room('room/b', '1', ' tagged') },
    { delete: 'room/a' }, { put: room('room/b', '1', ' again') },
  ]);
});

test('a file of another running process is refused', async () => {
  writeFileSync(`${stateFile}.lock`, String(process.ppid));
  await expect(startLocalIvsChat({ stateFile })).rejects.toThrow(new Error(
    `${stateFile}.lock: process ${process.ppid} uses this state file. End the process or specify another path.`,
  ));
  expect(readFileSync(`${stateFile}.lock`, 'utf8')).toBe(String(process.ppid));
});

// In a container, the process often has the ID 1 again.
test.each([String(process.pid), ''])('a lock of this process, or of none, is ignored: %j', async (id) => {
  writeFileSync(`${stateFile}.lock`, id);
  const fixture = await Fixture.start({ stateFile });
  await fixture.end();
  expect(readdirSync(folder)).toEqual(['state.jsonl']);
});

test.each([
  ['has ended', 'ESRCH', true],
  ['belongs to another user', 'EPERM', false],
])('a lock of a process that %s (%s)', async (_what, code, isFree) => {
  writeFileSync(`${stateFile}.lock`, '4194305');
  const kill = jest.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error(code), { code });
  });
  const starting = startLocalIvsChat({ stateFile });
  if (isFree) await (await starting).close();
  else await expect(starting).rejects.toThrow('process 4194305 uses this state file');
  expect(kill).toHaveBeenCalledWith(4194305, 0);
  kill.mockRestore();
});

describe('kill -9', () => {
  let child: ChildProcess | undefined;
  // This still runs after a failure.
  afterEach(() => {
    child?.kill('SIGKILL');
  });
  const kills = process.env.LONG_TESTS ? 100 : 3; // the third run verifies the deletes of the second
  const writes = process.env.LONG_TESTS ? 1000 : 200;
  const writers = 8;

  test(`does not lose an acknowledged change (${kills} times during ${writes} writes)`, async () => {
    const program = join(folder, 'server.js');
    buildSync({
      stdin: {
        contents: `
          import { startLocalIvsChat } from './local/ivs-chat/start-local-ivs-chat';
          startLocalIvsChat({ stateFile: process.argv[2], verifySignatures: false })
            .then(({ controlPlane }) => process.send(controlPlane));
        `,
        resolveDir: join(__dirname, '../../..'),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      outfile: program,
      mainFields: ['module', 'main'],
    });
    const acknowledged = new Map<string, string>(); // ARN to name
    let deleted: string[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const server = (child = fork(program, [stateFile]));
      const exited = new Promise((resolve) => server.once('exit', resolve));
      const endpoint = await new Promise<string>((resolve, reject) => {
        server.once('message', (message) => resolve(message as string));
        server.once('exit', (code) => reject(new Error(`the server exited with code ${code} before it listened`)));
      });
      const post = async (operation: string, body: object) => {
        const response = await fetch(`${endpoint}/${operation}`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        });
        if (!response.ok) throw new Error(await response.text());
        return response.status === 204 ? {} : (response.json() as Promise<any>);
      };
      for (const [arn, name] of acknowledged) expect((await post('GetRoom', { identifier: arn })).name).toBe(name);
      for (const identifier of deleted) {
        await expect(post('GetRoom', { identifier })).rejects.toThrow('"resourceType":"ROOM"');
      }
      deleted = [...acknowledged.keys()].slice(20);
      for (const identifier of deleted) {
        await post('DeleteRoom', { identifier }).then(() => acknowledged.delete(identifier));
      }
      let sent = 0;
      // The process is not killed before the first acknowledged changes.
      const killAt = 2 * writers + Math.trunc(Math.random() * (writes - 2 * writers));
      const writer = async () => {
        while (sent < writes) {
          const n = sent++;
          if (n === killAt) server.kill('SIGKILL');
          try {
            const room = await post('CreateRoom', { name: `${kill}-${n}` });
            acknowledged.set(room.arn, room.name);
            const { name } = await post('UpdateRoom', { identifier: room.arn, name: `${kill}-${n}-updated` });
            acknowledged.set(room.arn, name);
          } catch {
            // If the update was written but not acknowledged, both names are valid.
            for (const [arn, name] of acknowledged) if (name === `${kill}-${n}`) acknowledged.delete(arn);
            return;
          }
        }
      };
      await Promise.all([...Array(writers)].map(writer));
      await exited;
      expect(acknowledged.size).toBeGreaterThan(0);
    }
  }, 30_000 + kills * 60_000);
});
