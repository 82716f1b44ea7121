import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Serves the chat page on loopback, with the official messaging client bundled into it. */
export async function servePage(): Promise<{ origin: string; configure(configuration: object): void; close(): Promise<void> }> {
  const page = join(__dirname, 'page');
  const bundle = await build({ entryPoints: [join(page, 'chat.ts')], bundle: true, format: 'esm', target: 'es2022', write: false });
  const files: { [path: string]: { type: string; body: string | Uint8Array } | undefined } = {
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
