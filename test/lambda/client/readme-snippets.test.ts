/** Runs the snippets in the README of the official SDK with this client, against the local service. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startLocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';

const SDK = '@aws-sdk/client-ivschat';
const readme = readFileSync(join(dirname(require.resolve(`${SDK}/package.json`)), 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/```(?:js|ts)\n([^]*?)```/g)].map(([, code]) => code!);
type Snippets = [string, string, string, string, string, string, string, string, string];
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

const environment = { ...process.env };
afterAll(() => {
  process.env = environment;
});

/** Runs a snippet with imports from the given package, and waits for the promise of the snippet. */
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

const packages = [['this package', '../../../lambda/client'], ['the SDK', SDK]] as const;

test.each(packages)('the snippets work with %s', async (_, packageName) => {
  const requests: string[] = [];
  let arrived = () => {};
  // The README uses REGION as the name of the Region.
  const local = await startLocalIvsChat({
    region: 'REGION',
    onRequest: ({ operation, status }) => {
      requests.push(`${operation} ${status}`);
      arrived();
    },
  });

  /** Runs a snippet and waits for its requests. Some snippets do not wait for them. */
  const requestsOf = async (snippet: string, given: Record<string, unknown>, count: number) => {
    requests.length = 0;
    const all = new Promise<void>((resolve) => arrived = () => {
      if (requests.length === count) resolve();
    });
    await run(snippet, given, packageName);
    await all;
    return requests;
  };

  const { IvschatClient, ListRoomsCommand } = jest.requireActual(packageName);
  const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = local.identities.administrator;
  const AWS_ENDPOINT_URL_IVSCHAT = local.controlPlane;
  Object.assign(process.env, { AWS_ENDPOINT_URL_IVSCHAT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
  const client = new IvschatClient({ region: 'REGION' });
  try {
    expect(snippets).toHaveLength(9);
    const [es5, es6, usage, awaited, promised, caught, callback, version2, troubleshooting] = snippets as Snippets;
    const params = {};
    const given = { client, params, command: new ListRoomsCommand(params) };

    await run(es5 + usage, {}, packageName);
    await run(es6 + usage, {}, packageName);
    for (const snippet of [awaited, promised, caught, callback]) {
      expect(await requestsOf(snippet, given, 1)).toEqual(['ListRooms 200']);
    }
    expect(await requestsOf(version2, { params }, 3)).toEqual(['ListRooms 200', 'ListRooms 200', 'ListRooms 200']);

    const refused = { client, command: new ListRoomsCommand({ nextToken: 'of nobody' }) };
    const printed = await run(troubleshooting, refused, packageName);
    expect(printed).toEqual([{ requestId: expect.any(String), cfId: undefined, extendedRequestId: undefined }]);
  } finally {
    client.destroy();
    await local.close();
  }
});
