import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import type { SignIn } from './sign-in';

export interface ServedPage {
  /** The origin of the page, such as `http://127.0.0.1:3000`. */
  readonly origin: string;
  /**
   * Sets the configuration that the page reads, and the sign-in of its users. In a product, the sign-in is the hosted
   * page of the user pool.
   */
  configure(configuration: object, signIn: (user: SignIn) => Promise<string>): void;
  close(): Promise<void>;
}

/**
 * Serves the chat page on the loopback interface.
 *
 * @param port The port, or any free port if another program uses it. A fixed port keeps the address of the page.
 */
export async function servePage(port = 3000): Promise<ServedPage> {
  const page = join(__dirname, 'page');
  const bundle = await build({
    entryPoints: [join(page, 'chat.tsx')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  });
  const files: { [path: string]: { type: string; body: string | Uint8Array } } = {
    '/': { type: 'text/html; charset=utf-8', body: readFileSync(join(page, 'index.html')) },
    '/chat.css': { type: 'text/css; charset=utf-8', body: readFileSync(join(page, 'chat.css')) },
    '/chat.js': { type: 'text/javascript; charset=utf-8', body: bundle.outputFiles[0]!.contents },
  };
  let signIn: ((user: SignIn) => Promise<string>) | undefined;
  const server = createServer(async (request, response) => {
    if (request.method === 'POST' && request.url === '/sign-in' && signIn) {
      const answer = await text(request).then(JSON.parse).then(signIn).then(
        (idToken) => ({ status: 200, body: { idToken } }),
        (error: Error) => ({ status: 400, body: { message: error.message } }),
      );
      response.writeHead(answer.status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(answer.body));
      return;
    }
    const file = Object.hasOwn(files, request.url!) ? files[request.url!] : undefined;
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain', 'cache-control': 'no-store' });
    response.end(file?.body ?? 'Not found');
  });
  await listen(server, port).catch(() => listen(server, 0));

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    configure(configuration, signInOfUsers) {
      signIn = signInOfUsers;
      files['/configuration.json'] = { type: 'application/json', body: JSON.stringify(configuration) };
    },
    close: () => new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    }),
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', () => {
      server.removeListener('error', failed);
      listening();
    });
  });
}
