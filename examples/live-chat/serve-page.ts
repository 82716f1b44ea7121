import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import type { SignIn } from './sign-in';

export interface ServedPage {
  /** The origin of the page, such as `http://127.0.0.1:3000`. */
  readonly origin: string;
  /**
   * Sets the configuration that the page reads, the sign-in of its users, and the viewers that the page can bring in.
   * In a product, the sign-in is the hosted page of the user pool.
   *
   * @param viewers Brings viewers into the room until the signal is aborted. @default - the page brings in no viewers
   */
  configure(
    configuration: object,
    signIn: (user: SignIn) => Promise<string>,
    viewers?: (signal: AbortSignal) => Promise<void>,
  ): void;
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
    '/live-chat-stack.ts': {
      type: 'text/plain; charset=utf-8', body: readFileSync(join(__dirname, 'live-chat-stack.ts')),
    },
  };
  const operations: { [path: string]: (request: IncomingMessage, response: ServerResponse) => Promise<void> } = {};

  const server = createServer(async (request, response) => {
    const { headers, method, url = '' } = request;
    // Pages of other origins cannot sign users in.
    const isOwn = headers.host === new URL(origin()).host && [undefined, origin()].includes(headers.origin);
    response.setHeader('cache-control', 'no-store');
    if (method === 'POST' && Object.hasOwn(operations, url)) {
      if (isOwn) await operations[url]!(request, response);
      else response.writeHead(403).end('Another origin');
      return;
    }
    const file = Object.hasOwn(files, url) ? files[url] : undefined;
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' });
    response.end(file?.body ?? 'Not found');
  });
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await listen(server, port).catch(() => listen(server, 0));

  return {
    origin: origin(),
    configure(configuration, signIn, viewers) {
      files['/configuration.json'] = { type: 'application/json', body: JSON.stringify(configuration) };
      operations['/sign-in'] = async (request, response) => {
        const answer = await text(request).then(JSON.parse).then(signIn).then(
          (idToken) => ({ status: 200, body: { idToken } }),
          (error: Error) => ({ status: 400, body: { message: error.message } }),
        );
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      };
      if (viewers) operations['/viewers'] = viewersOperation(viewers);
    },
    close: () => new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    }),
  };
}

/** The viewers stay in the room while the request is open: until the page closes it, or the page or the server ends. */
function viewersOperation(viewers: (signal: AbortSignal) => Promise<void>) {
  let areHere = false;
  return async (_: IncomingMessage, response: ServerResponse) => {
    if (areHere) {
      response.writeHead(409).end('They are already here.');
      return;
    }
    areHere = true;
    const leaving = new AbortController();
    response.on('close', () => leaving.abort());
    response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
    await viewers(leaving.signal).catch((error: Error) => response.write(error.message));
    areHere = false;
    response.end();
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
