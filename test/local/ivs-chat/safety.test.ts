import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import http, { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { WebSocket } from 'ws';
import { Fixture } from './fixture';
import { maximumConnections } from '../../../local/ivs-chat/connection-limit';

let fixture: Fixture;
const sockets: Socket[] = [];
beforeEach(async () => {
  fixture = await Fixture.start();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await fixture.end();
});
const port = () => Number(new URL(fixture.chat.controlPlane).port);

/** Opens a socket, with promises for its opening and closing. */
function open(to = port(), host = '127.0.0.1') {
  const socket = connect(to, host);
  sockets.push(socket);
  let received = '';
  socket.on('data', (chunk) => received += chunk);
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  const opened = new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('error', reject));
  return { socket, closed, opened };
}

const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address && !address.internal && address.family === 'IPv4')?.address;

test('another listening address causes a warning, and the console needs its key there, too', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  if (outside) {
    await (await Fixture.start({ host: outside })).end();
    expect(warned.mock.calls.splice(0)).toEqual([[expect.stringContaining(`listens on ${outside}: other machines`)]]);
  }
  const wide = await Fixture.start({ host: '0.0.0.0', allowedHosts: outside ? [outside] : [] });
  expect(warned.mock.calls).toEqual([[
    'The local IVS Chat listens on 0.0.0.0: other machines may reach it. It is intended for development only.',
  ]]);
  if (!outside) console.warn('SKIPPED in part: this machine has no address but loopback');
  const { port: wideport, pathname } = new URL(wide.chat.console);
  for (const host of ['127.0.0.1', '0.0.0.0', ...(outside ? [outside] : [])]) {
    expect((await fetch(`http://${host}:${wideport}${pathname}state`)).status).toBe(200);
    expect((await fetch(`http://${host}:${wideport}/_local/state`)).status).toBe(403);
  }
  await wide.end();
});

test('a port in use is an error that does not lock the state file, and close can be called twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ivs-chat-port-'));
  const stateFile = join(folder, 'state');
  const intervals = jest.spyOn(globalThis, 'setInterval');
  const cleared = jest.spyOn(globalThis, 'clearInterval');
  await expect(Fixture.start({ port: port(), stateFile })).rejects.toThrow('EADDRINUSE');
  expect(readdirSync(folder)).toEqual(['state']); // it is not locked
  const free = await Fixture.start({ stateFile });
  await Promise.all([free.end(), free.end()]);
  await free.end();
  const pings = intervals.mock.results.filter((_, index) => intervals.mock.calls[index]![1] === 30_000);
  expect(pings).toHaveLength(2);
  for (const { value: timer } of pings) expect(cleared).toHaveBeenCalledWith(timer);
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('listens on loopback only', async () => {
  expect(fixture.chat.controlPlane).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  if (!outside) return console.warn('SKIPPED in part: this machine has no address but loopback');
  await expect(open(port(), outside).opened).rejects.toThrow(/ECONNREFUSED/);
});

test('localhost connects even if it resolves to ::1 first, and host can be ::1', async () => {
  const both = [{ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }];
  const status = (url: string) => new Promise((resolve, reject) => {
    httpRequest(
      url,
      {
        lookup: (_name, _options, found) => found(null, both),
        method: 'OPTIONS',
        headers: { origin: 'http://localhost' },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    )
      .on('error', reject)
      .end();
  });
  expect(await status(`http://localhost:${port()}/CreateRoom`)).toBe(200);
  await expect(open(port(), '::1').opened).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
  if (
    !Object.values(networkInterfaces())
      .flat()
      .some((address) => address?.address === '::1')
  ) {
    return console.warn('SKIPPED in part: this machine has no ::1');
  }
  const six = await Fixture.start({ host: '::1' });
  expect(six.chat.messaging).toMatch(/^ws:\/\/\[::1\]:\d+$/);
  await six.connect(await six.createRoom(), 'u');
  await six.end();
});

describe('Host and Origin', () => {
  let printed: jest.SpyInstance;
  beforeEach(() => {
    printed = jest.spyOn(console, 'warn').mockImplementation(() => {});
  });
  afterEach(() => printed.mockRestore());

  const get = (path: string, headers: { [name: string]: string }) => new Promise<number>((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: port(), path, method: 'OPTIONS', headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    }).on('error', reject).end();
  });
  const upgrade = (headers: { [name: string]: string }) => new Promise<number>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port()}`, 'not-a-token', { headers });
    socket
      .on('unexpected-response', (request, { statusCode }) => {
        request.destroy();
        resolve(statusCode!);
      })
      .on('error', () => {});
  });
  const hosts: [string, boolean][] = [
    ['127.0.0.1', true],
    ['localhost', true],
    ['LOCALHOST', true],
    ['[::1]', true],
    ['attacker.example', false],
    ['127.0.0.1.attacker.example', false],
    ['app.localhost', true],
    ['localhost.attacker.example', false],
    ['applocalhost', false],
    ['127.attacker.example', false],
    ['0.0.0.0', false],
    ['127.0.0.2', false],
    ['127.1', false],
    ['2130706433', false],
    ['localhost@attacker.example', false],
    ['', false],
  ];
  const origins: [string | undefined, boolean][] = [
    [undefined, true],
    ['http://localhost:3000', true],
    ['https://127.0.0.1', true],
    ['http://[::1]:8080', true],
    ['http://app.localhost:8080', true],
    ['https://attacker.example', false],
    ['http://localhost.attacker.example', false],
    ['http://127.0.0.1.attacker.example:80', false],
    ['null', false],
    ['http://localhost:3000.attacker.example', false],
    ['http://attacker.example#localhost', false],
    ['file://localhost', false],
    ['http://localhost@attacker.example', false],
  ];
  test(`${hosts.length * origins.length} pairs are allowed or refused for requests and connections`, async () => {
    for (const [host, hostAllowed] of hosts) {
      for (const [origin, originAllowed] of origins) {
        const headers = { host: `${host}:${port()}`, ...(origin === undefined ? {} : { origin }) };
        const allowed = hostAllowed && originAllowed;
        const status = await get('/CreateRoom', headers);
        expect([host, origin, status]).toEqual([host, origin, allowed && origin !== undefined ? 200 : 403]);
        expect([host, origin, await upgrade(headers)]).toEqual([host, origin, 403]);
      }
    }
  });

  test('a refusal does not use the token', async () => {
    const token = await fixture.token(await fixture.createRoom(), 'u');
    expect(await fixture.open(token, { origin: 'https://attacker.example' })).toBe(403);
    expect(await fixture.open(token, { host: 'attacker.example' })).toBe(403);
    expect(await fixture.open(token, { origin: 'http://localhost:5173' })).toHaveProperty('socket');
  });

  test('each refusal is in the log, and is printed once with the option that allows it', async () => {
    const refusals: { [name: string]: string }[] = [
      { host: 'chat.test' },
      { host: 'chat.test' },
      { host: `localhost:${port()}`, origin: 'https://app.test' },
    ];
    for (const headers of refusals) {
      expect([await get('/CreateRoom', headers), await upgrade(headers)]).toEqual([403, 403]);
    }

    const texts = printed.mock.calls.map(([line]) => line as string);
    expect(texts).toEqual([
      expect.stringMatching(/host "chat.test" .*allowedHosts \(--allowed-host\)/),
      expect.stringMatching(/origin "https:\/\/app.test" .*allowedOrigins \(--allowed-origin\)/),
    ]);
    const logged = (await fixture.state()).requests.filter(({ status }) => status === 403);
    expect(logged).toHaveLength(2 * refusals.length);
    expect(logged.map(({ operation }) => operation)).toEqual(refusals.flatMap(() => ['CONNECT', 'OPTIONS']));
    expect(logged[0]).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      requestId: '',
      operation: 'CONNECT',
      status: 403,
      error: 'The origin "https://app.test" of this request is not allowed. To allow it, set the option allowedOrigins '
        + '(--allowed-origin)',
    });
  });

  test('additional hosts and origins can be allowed', async () => {
    const wider = await Fixture.start({ allowedHosts: ['chat.test'], allowedOrigins: ['https://app.test'] });
    const room = await wider.createRoom();
    expect(
      await wider.open(await wider.token(room, 'u'), { host: 'chat.test:80', origin: 'https://app.test' }),
    ).toHaveProperty('socket');
    expect(await wider.open(await wider.token(room, 'u'), { host: 'other.test' })).toBe(403);
    await wider.end();
  });
});

describe('limits', () => {
  test('are set for the time of requests and for the number of connections, and an error of the server is printed',
    async () => {
      const create = jest.spyOn(http, 'createServer');
      const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
      const folder = mkdtempSync(join(tmpdir(), 'ivs-chat-error-'));
      const limited = await Fixture.start({ stateFile: join(folder, 'state') });
      const server = create.mock.results[0]!.value as http.Server;
      expect(create.mock.calls[0]![0]).toEqual({
        headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000, keepAliveTimeout: 60_000,
      });
      expect(server.maxConnections).toBe(maximumConnections());
      const problem = new Error('EMFILE');
      server.emit('error', problem);
      await limited.createRoom(); // also writes the state file
      expect(printed.mock.calls).toEqual([['Local IVS Chat: unexpected error:', problem]]);
      await limited.end();
      jest.restoreAllMocks();
      rmSync(folder, { recursive: true });
    });

  test('slow headers and bodies are closed without an effect on other requests', async () => {
    const host = `127.0.0.1:${port()}`;
    const slowHeaders = [...Array(500)].map(() => open());
    const slowBodies = [...Array(50)].map(() => open());
    const silent = [...Array(50)].map(() => open());
    await Promise.all([...slowHeaders, ...slowBodies, ...silent].map(({ opened }) => opened));
    for (const { socket } of slowHeaders) socket.write(`POST /ListRooms HTTP/1.1\r\nHost: ${host}\r\nX-A: `);
    for (const { socket } of slowBodies) {
      socket.write(`POST /ListRooms HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\n{`);
    }
    const dribble = setInterval(() => {
      for (const { socket } of [...slowHeaders, ...slowBodies]) if (socket.writable) socket.write('a');
    }, 500);
    await fixture.createRoom();
    const answers = await Promise.all(slowHeaders.map(({ closed }) => closed));
    expect(answers.every((answer) => answer === '' || answer.startsWith('HTTP/1.1 408'))).toBe(true);
    await fixture.createRoom();
    await Promise.all([...slowBodies, ...silent].map(({ closed }) => closed));
    clearInterval(dribble);
    await fixture.createRoom();
  }, 40_000);

  const junkMegabytes = process.env.LONG_TESTS ? 1024 : 32;
  const header = Buffer.from([0x81, 0xfe, 0x10, 0x00, 0, 0, 0, 0]); // the mask is zero
  const wellFormed = Buffer.concat([header, Buffer.alloc(4096, 'x')]);
  test.each([
    ['invalid frames', Buffer.alloc(1024 * 1024, 0xee)],
    ['invalid requests with unread responses', Buffer.concat(Array(256).fill(wellFormed))],
  ])(
    `${junkMegabytes} MiB of %s do not fill the memory`,
    async (_what, megabyte) => {
      const room = await fixture.createRoom();
      const before = process.memoryUsage().rss;
      let connections = 0;
      for (let sent = 0; sent < junkMegabytes;) {
        const connection = await fixture.connect(room, 'u');
        connections++;
        const raw = (connection.socket as any)._socket as Socket;
        connection.socket.pause();
        while (sent < junkMegabytes && !raw.destroyed && raw.writable) {
          // The promise settles when the kernel has the data, or when the connection is closed.
          await new Promise((resolve) => raw.write(megabyte, resolve));
          sent++;
        }
        connection.socket.terminate();
      }
      const witness = await fixture.connect(room, 'w', ['SEND_MESSAGE']);
      expect(await witness.ask({ Action: 'SEND_MESSAGE', Content: 'fine' })).toMatchObject({ Type: 'MESSAGE' });
      expect(connections).toBeGreaterThanOrEqual(1);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    },
    600_000,
  );

  test('at the limit of file descriptors, only new connections are closed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ivs-chat-limit-'));
    const program = join(folder, 'server.js');
    buildSync({
      stdin: {
        contents: `
          import { startLocalIvsChat } from './local/ivs-chat/start-local-ivs-chat';
          startLocalIvsChat({ verifySignatures: false, logFolder: ${JSON.stringify(folder)} })
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
    const child = fork(program, {
      execPath: '/bin/sh',
      execArgv: ['-c', `ulimit -n 200; exec "${process.execPath}" "$0"`],
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const endpoint = new URL(
      await new Promise<string>((resolve) => child.once('message', (message) => resolve(message as string))),
    );
    const post = async (operation: string, body: object) =>
      (
        await fetch(new URL(`/${operation}`, endpoint), {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', 'connection': 'close' },
        })
      ).json() as Promise<any>;
    const { arn: logging } = await post('CreateLoggingConfiguration', {
      destinationConfiguration: { firehose: { deliveryStreamName: 'stream' } },
    });
    const { arn: roomIdentifier } = await post('CreateRoom', { loggingConfigurationIdentifiers: [logging] });
    const first = open(Number(endpoint.port));
    await first.opened;
    const rest = [...Array(400)].map(() => open(Number(endpoint.port)));
    const outcome = await Promise.all(
      rest.map(({ closed }) =>
        Promise.race([closed.then(() => 'shed'), new Promise((resolve) => setTimeout(resolve, 1500, 'kept'))]),
      ),
    );
    expect(outcome.filter((each) => each === 'kept').length).toBeGreaterThan(50);
    expect(outcome.filter((each) => each === 'shed').length).toBeGreaterThan(200);
    const event = JSON.stringify({ roomIdentifier, eventName: 'e' });
    first.socket.write(
      `POST /SendEvent HTTP/1.1\r\nHost: ${endpoint.host}\r\nContent-Length: ${event.length}\r\nConnection: `
      + `close\r\n\r\n${event}`,
    );
    const more = [...Array(5)].map(() => open(Number(endpoint.port))); // replace the first connection
    expect(await first.closed).toMatch(/^HTTP\/1.1 200/);
    const logs = () => readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.json'));
    while (!logs().length) await new Promise((resolve) => setTimeout(resolve, 50));
    for (const { socket } of more) socket.destroy();
    for (const { socket } of rest) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(
      (
        await fetch(new URL('/ListRooms', endpoint), {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'application/json' },
        })
      ).status,
    ).toBe(200);
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true });
  }, 30_000);
});

test('the request log, errors and the console state contain no secrets', async () => {
  const log: unknown[] = [];
  const watched = await Fixture.start({ onRequest: (request) => log.push(request) });
  const { identities } = watched.chat;
  const secrets = [
    'canary-user',
    'canary-attribute',
    'canary-reason',
    'canary-content',
    identities.administrator.secretAccessKey,
    identities.administrator.accessKeyId,
  ];
  const room = await watched.createRoom();
  const token = await watched.token(room, 'canary-user', ['SEND_MESSAGE'], { attributes: { a: 'canary-attribute' } });
  secrets.push(token);
  const connection = await watched.open(token);
  if (typeof connection === 'number') throw new Error('refused');
  await connection.ask({ Action: 'SEND_MESSAGE', Content: 'canary-content' });
  await connection.ask({ Action: 'DISCONNECT_USER', UserId: 'canary-user', Reason: 'canary-reason' });
  const wrong = await fetch(`${watched.chat.controlPlane}/CreateChatToken`, {
    method: 'POST',
    body: JSON.stringify({ roomIdentifier: 'x', userId: 'canary-user' }),
    headers: { authorization: 'AWS4-HMAC-SHA256 canary-content' },
  });
  const state = await (await fetch(`${watched.chat.console}state`)).json() as { [what: string]: unknown };
  expect(log.length).toBeGreaterThan(4);
  const shown = JSON.stringify([
    log,
    await wrong.text(),
    { ...state, connections: undefined, tokens: undefined, frames: undefined },
  ]);
  for (const secret of secrets) expect(shown).not.toContain(secret);
  expect(JSON.stringify(state)).not.toContain(token); // the console shows messages, but not tokens
  await watched.end();
});
