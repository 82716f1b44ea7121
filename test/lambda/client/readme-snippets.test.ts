/** The snippets of the official SDK's README, as they are written there, run with our client against the local service. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startLocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';

const SDK = '@aws-sdk/client-ivschat';
const readme = readFileSync(join(dirname(require.resolve(`${SDK}/package.json`)), 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/```(?:js|ts)\n([^]*?)```/g)].map(([, code]) => code!);
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

const environment = { ...process.env };
afterAll(() => {
  process.env = environment;
});

/** Runs a snippet with its imports being of this package, and waits for what it leaves running. */
async function run(snippet: string, given: Record<string, unknown>, packageName: string) {
  const code = snippet.replace(/import (.*) from (".*");/g, 'const $1 = require($2);').replace('* as ', '');
  expect(code).not.toMatch(/^import/m);
  const output: unknown[] = [];
  const modules = (name: string) => {
    expect(name).toBe(SDK);
    return jest.requireActual(packageName);
  };
  const console = { log: (entry: unknown) => output.push(entry) };
  const all = { ...given, require: modules, console };
  await new AsyncFunction(...Object.keys(all), code)(...Object.values(all));
  return output;
}

test.each([['ours', '../../../lambda/client'], ['the SDK, to compare', SDK]])('run with %s', async (_, packageName) => {
  const requests: string[] = [];
  // the README's Region is called REGION
  const local = await startLocalIvsChat({ region: 'REGION', onRequest: ({ operation, status }) => requests.push(`${operation} ${status}`) });
  const { IvschatClient, ListRoomsCommand } = jest.requireActual(packageName);
  const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = local.identities.administrator;
  Object.assign(process.env, { AWS_ENDPOINT_URL_IVSCHAT: local.controlPlane, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
  const client = new IvschatClient({ region: 'REGION' });
  try {
    expect(snippets).toHaveLength(9);
    const [es5 = '', es6 = '', usage = '', awaited = '', promised = '', caught = '', callback = '', version2 = '', troubleshooting = ''] = snippets;
    const params = {};
    const given = { client, params, command: new ListRoomsCommand(params) };

    await run(es5 + usage, {}, packageName);
    await run(es6 + usage, {}, packageName);
    for (const snippet of [awaited, promised, caught, callback]) {
      requests.length = 0;
      await run(snippet, given, packageName);
      await until(() => requests.length === 1);
      expect(requests).toEqual(['ListRooms 200']);
    }
    requests.length = 0;
    await run(version2, { params }, packageName);
    await until(() => requests.length === 3);
    expect(requests).toEqual(['ListRooms 200', 'ListRooms 200', 'ListRooms 200']);

    const refused = { client, command: new ListRoomsCommand({ nextToken: 'of nobody' }) };
    const printed = await run(troubleshooting, refused, packageName);
    expect(printed).toEqual([{ requestId: expect.any(String), cfId: undefined, extendedRequestId: undefined }]);
  } finally {
    client.destroy();
    await local.close();
  }
});

async function until(condition: () => boolean) {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
}
