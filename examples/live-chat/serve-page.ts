import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface ServedPage {
  /** The origin of the page, such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Sets the configuration that the page reads when a user joins the chat. */
  configure(configuration: object): void;
  close(): Promise<void>;
}

/** Serves the chat page on the loopback interface. The official messaging client is bundled into the page. */
export async function servePage(): Promise<ServedPage> {
  const page = join(__dirname, 'page');
  const bundle = await build({
    entryPoints: [join(page, 'chat.ts')], bundle: true, format: 'esm', target: 'es2022', write: false,
  });
  const files: { [path: string]: { type: string; body: string | Uint8Array } } = {
    '/': { type: 'text/html; charset=utf-8', body: readFileSync(join(page, 'index.html')) },
    '/chat.css': { type: 'text/css; charset=utf-8', body: readFileSync(join(page, 'chat.css')) },
    '/chat.js': { type: 'text/javascript; charset=utf-8', body: bundle.outputFiles[0]!.contents },
  };
  const server = createServer((request, response) => {
    const file = Object.hasOwn(files, request.url!) ? files[request.url!] : undefined;
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain', 'cache-control': 'no-store' });
    response.end(file?.body ?? 'Not found');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    configure(configuration) {
      files['/configuration.json'] = { type: 'application/json', body: JSON.stringify(configuration) };
    },
    close: () => new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    }),
  };
}
