/**
 * Runs the steps of the Dockerfile in a folder, with the packed package, and then the command of the compose file. The
 * machines of the tests have no Docker.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateRoomCommand, IvschatClient } from '@aws-sdk/client-ivschat';
import { parse } from 'yaml';

jest.setTimeout(240_000);

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'container-'));
const steps = [...readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/^([A-Z]+) (.*)$/gm)];
const step = (instruction: string) => steps.find(([, name]) => name === instruction)![2]!;
const { services } = parse(readFileSync(join(root, 'examples', 'compose', 'compose.yaml'), 'utf8'));

const hasRegistry = spawnSync('npm', ['view', 'constructs', 'version'], { timeout: 60_000 }).status === 0;
if (!hasRegistry) console.warn('SKIPPED: the steps of the Dockerfile, because the npm registry does not answer');

let service: ChildProcess | undefined;
afterAll(() => {
  service?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Returns the status of a request with a host name. */
async function statusFor(port: string, host: string): Promise<number | undefined> {
  const sent = request({ host: '127.0.0.1', port, path: '/_local/health', headers: { host } }).end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

test('the compose file names a host and credentials that both of its services have', () => {
  const { 'ivs-chat': server, app } = services;
  const { AWS_ENDPOINT_URL_IVSCHAT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = app.environment;
  const { hostname, port } = new URL(AWS_ENDPOINT_URL_IVSCHAT);
  expect(Object.keys(services)).toContain(hostname);
  expect(server.command).toEqual([
    '--allowed-host', hostname, '--credentials', `${AWS_ACCESS_KEY_ID}:${AWS_SECRET_ACCESS_KEY}`,
  ]);
  expect(server.ports).toEqual([`127.0.0.1:${port}:${step('EXPOSE')}`]);
  expect(step('HEALTHCHECK')).toContain(`http://127.0.0.1:${port}/_local/health`);
});

(hasRegistry ? test : test.skip)('the image of the Dockerfile serves the program of the compose file', async () => {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const packed = execFileSync('npm', pack, { cwd: root });
  const tarball = join(folder, JSON.parse(String(packed))[0].filename);
  const install = step('RUN').replace('cdk-ivs-chat@$VERSION', tarball);
  expect(install).toContain(tarball);
  const env = { ...process.env, npm_config_prefix: folder, npm_config_cache: join(folder, 'cache') };
  execFileSync('sh', ['-c', install], { cwd: folder, env, stdio: 'pipe' });

  const [program, ...args]: string[] = JSON.parse(step('ENTRYPOINT'));
  const { command } = services['ivs-chat'];
  const freePorts = ['--port', '0', '--deploy-port', '0'];
  service = spawn(program!, [...args, ...command, ...freePorts, '--json'], {
    env: { ...env, PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter) }, stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(createInterface({ input: service.stdout! }), 'line');
  const { port } = new URL(JSON.parse(line).controlPlane);

  expect(await statusFor(port, `ivs-chat:${port}`)).toBe(200);
  expect(await statusFor(port, `other:${port}`)).toBe(403);
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = services.app.environment;
  const client = new IvschatClient({
    region,
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  });
  expect((await client.send(new CreateRoomCommand({ name: services.app.command[3] }))).name).toBe('lobby');
  client.destroy();
});
