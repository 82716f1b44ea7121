/** `npx projen advisories` against a registry of the test. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const root = join(__dirname, '..', '..');
const components: { group?: string; name: string; version: string }[] =
  JSON.parse(readFileSync(join(root, 'sbom.cdx.json'), 'utf8')).components;
const versions = new Map(components.map(({ group, name, version }) => [group ? `${group}/${name}` : name, version]));

let server: Server;
afterEach(() => {
  server.close();
});

/** Runs the check with a registry that has the inlined packages, and that answers the request for advisories. */
async function check(status: number, advisories: object) {
  let asked: object = {};
  server = createServer(async (request, response) => {
    const name = decodeURIComponent(request.url!.slice(1));
    const version = versions.get(name);
    const chunks = await request.toArray();
    if (request.method === 'POST') {
      const body = Buffer.concat(chunks);
      asked = JSON.parse(String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(advisories));
    } else if (version) {
      const tarball = `${request.headers.host}/${name}.tgz`;
      response.end(JSON.stringify({
        name, 'dist-tags': { latest: version }, 'versions': { [version]: { name, version, dist: { tarball } } },
      }));
    } else {
      response.writeHead(404).end('{}');
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const environment = {
    ...process.env,
    npm_config_registry: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    npm_config_cache: mkdtempSync(join(tmpdir(), 'npm-cache-')),
    npm_config_fetch_retries: '0',
  };
  const child = execFile(process.execPath, ['projenrc/advisories.mjs'], { cwd: root, env: environment });
  const printed: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (data: string) => printed.push(data));
  const [exitCode] = await once(child, 'close');
  return { exitCode, printed: printed.join(''), asked };
}

test('the check asks for each inlined package with its version', async () => {
  const { exitCode, printed, asked } = await check(200, {});
  expect(asked).toEqual(Object.fromEntries([...versions].map(([name, version]) => [name, [version]])));
  expect(printed).toContain(`jose@${versions.get('jose')}`);
  expect(exitCode).toBe(0);
});

test('an advisory fails the check', async () => {
  const advisory = {
    id: 1, url: 'https://example.com/advisory', title: 'A weakness', severity: 'low', vulnerable_versions: '>=0.0.0',
  };
  const { exitCode, printed } = await check(200, { jose: [advisory] });
  expect(printed).toBe('jose: low: A weakness: https://example.com/advisory\n');
  expect(exitCode).toBe(1);
});

test('a registry without advisories does not pass as a check', async () => {
  const { exitCode, printed } = await check(405, {});
  expect(printed).toContain('NOT CHECKED');
  expect(printed).toContain('405 Method Not Allowed');
  expect(exitCode).toBe(2);
});
