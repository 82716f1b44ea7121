import { once } from 'node:events';
import { startLocal, type Local, type LocalOptions } from '../../local/start-local';
import { Identities } from '../../local/aws/http/identities';
import type { LocalDeploy } from '../../local/aws/start-local-deploy';
import { CreateChatTokenCommand, IvschatClient, ListRoomsCommand } from '../../lambda/client';
import { createStack } from './aws/signed-client';
import { reviewedRoom } from './reviewed-room';

jest.setTimeout(60_000);

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'a-secret-access-key' };
let local: Local;
let invocationEnded = () => {};
afterEach(() => local.close());

/** Deploys a room with a message review function, and returns its ARN. */
async function deployRoom(source: string, options: LocalOptions['deploy']): Promise<string> {
  const log: LocalOptions['log'] = (event) => {
    if (event.kind === 'function-output' && event.line.startsWith('REPORT')) invocationEnded();
  };
  local = await startLocal({ credentials, log, deploy: options });
  const identities = new Identities(undefined, credentials);
  const deploy = { endpoint: local.deploy, region: 'us-west-2', identities } as LocalDeploy;
  const status = await createStack(deploy, 'Chat', reviewedRoom(source, 'DENY'));
  expect(status).toBe('CREATE_COMPLETE');
  const { rooms } = await client().send(new ListRoomsCommand({}));
  return rooms![0]!.arn!;
}

function client(): IvschatClient {
  return new IvschatClient({ endpoint: local.controlPlane, region: 'us-west-2', credentials });
}

/** Sends messages one after another, and returns the type of each answer. */
async function answers(roomIdentifier: string, messages: readonly string[]): Promise<string[]> {
  const { token } = await client().send(
    new CreateChatTokenCommand({ roomIdentifier, userId: 'ada', capabilities: ['SEND_MESSAGE'] }),
  );
  const socket = new WebSocket(local.messaging, token!);
  await once(socket, 'open');
  const types: string[] = [];
  for (const Content of messages) {
    socket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content }));
    const [{ data }] = await once(socket, 'message') as [MessageEvent];
    types.push(JSON.parse(data).Type);
  }
  socket.close();
  return types;
}

const allow = 'exports.handler = async ({ Content }) => ({ ReviewResult: "ALLOW", Content });';

test('the start of a process on this machine does not count as time of the review', async () => {
  const slowStart = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);';
  const room = await deployRoom(slowStart + allow, {});
  expect(await answers(room, ['first', 'second'])).toEqual(['MESSAGE', 'MESSAGE']);
});

test('a simulated cold start counts as time of the review', async () => {
  const room = await deployRoom(allow, { coldStartMilliseconds: 400 });
  const ended = new Promise<void>((resolve) => (invocationEnded = resolve));
  expect(await answers(room, ['first'])).toEqual(['ERROR']);
  await ended; // Until then, another message would start another instance.
  expect(await answers(room, ['second'])).toEqual(['MESSAGE']);
});
