import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { close, listen } from '../../../../local/aws/http/http-server';
import { isLoopback, isLoopbackName, isLoopbackOrigin, parseHost } from '../../../../local/aws/http/loopback';

test.each<[string | undefined, boolean]>([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.255.10.3', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:10.0.0.1', false],
  ['128.0.0.1', false],
  ['1127.0.0.1', false],
  ['127.0.0.1.example', false],
  ['localhost.example', false],
  ['0.0.0.0', false],
  ['', false],
  [undefined, false],
])('the address %s is a loopback address: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

const names: [string | undefined, boolean][] = [
  ['localhost', true],
  ['app.localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['::1', false],
  ['127.0.0.2', false],
  ['notlocalhost', false],
  ['localhost.example', false],
  ['example.com', false],
  [undefined, false],
];
test.each(names)('%s is a name of this machine: %s', (name, expected) => {
  expect(isLoopbackName(name)).toBe(expected);
});

test('a server that listens has no listener for errors, and a port in use is an error', async () => {
  const [first, second] = [createServer(), createServer()];
  const { address, port } = await listen(first, 0);
  expect([address, first.listenerCount('error')]).toEqual(['127.0.0.1', 0]);
  await expect(listen(second, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await close(first);
  expect((await listen(second, port)).port).toBe(port);
  await close(second);
});

test('a server closes with its open connections', async () => {
  const server = createServer(() => {});
  const { port } = await listen(server, 0);
  const sent = request({ port, host: '127.0.0.1' });
  const failed = once(sent, 'error');
  sent.end();
  await once(server, 'request');
  await close(server);
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
});

test.each<[string | undefined, ReturnType<typeof parseHost>]>([
  ['LocalHost:80', { name: 'localhost', port: 80 }],
  ['app.example', { name: 'app.example', port: undefined }],
  ['[::1]:65535', { name: '[::1]', port: 65535 }],
  ['127.0.0.1:123456', undefined],
  ['a b:1', undefined],
  ['user@localhost:1', undefined],
  ['localhost:', undefined],
  ['', undefined],
  [undefined, undefined],
])('the Host header %s', (header, expected) => {
  expect(parseHost(header)).toEqual(expected);
});

test.each([
  ['http://localhost', true],
  ['https://LOCALHOST:5173', true],
  ['http://app.localhost:80', true],
  ['http://[::1]:80', true],
  ['https://localhost.example', false],
  ['ftp://localhost', false],
  ['app-http://localhost', false],
  ['http://localhost/a', false],
  ['localhost', false],
  ['null', false],
])('%s is the origin of a page of this machine: %s', (origin, expected) => {
  expect(isLoopbackOrigin(origin)).toBe(expected);
});
