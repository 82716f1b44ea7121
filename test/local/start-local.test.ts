import { startLocal, type Local } from '../../local/start-local';
import type { ConsoleUpdate } from '../../local/ivs-chat/console/console-update';
import type { LocalDeploy } from '../../local/aws/start-local-deploy';
import { createStack, signedClient } from './aws/signed-client';
import { reviewedRoom } from './reviewed-room';
import { Identities } from '../../local/aws/http/identities';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'a-secret-access-key' };
let local: Local;
/** The deployment endpoint, for a client with the credentials of the administrator. */
let deploy: LocalDeploy;
beforeAll(async () => {
  local = await startLocal({ credentials });
  const identities = new Identities(undefined, credentials);
  deploy = { endpoint: local.deploy, region: 'us-west-2', identities } as LocalDeploy;
});
afterAll(() => local.close());

/** Reads the console until an update satisfies the condition. */
async function consoleUpdate(isWanted: (update: ConsoleUpdate) => boolean): Promise<ConsoleUpdate> {
  const response = await fetch(`${local.console}events`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    text += (await reader.read()).value;
    const events = text.split('\n\n');
    text = events.pop()!;
    const found = events.map((event) => JSON.parse(event.slice('data: '.length)) as ConsoleUpdate).find(isWanted);
    if (!found) continue;
    await reader.cancel();
    return found;
  }
}

test('the console shows the stacks of the deployment endpoint and the masked output of their functions', async () => {
  const source = "exports.handler = async (event) => console.log('review of', event.Content, process.env);";
  const Outputs = { RoomArn: { Value: { Ref: 'Room' } } };
  expect(await createStack(deploy, 'Chat', reviewedRoom(source, 'ALLOW'), { Outputs })).toBe('CREATE_COMPLETE');

  const { parts } = await consoleUpdate(({ parts: { stacks } }) => stacks?.[0]?.status === 'CREATE_COMPLETE');
  const [stack] = parts.stacks!;
  const room = parts.rooms![0]!.arn;
  expect(stack).toMatchObject({ name: 'Chat', outputs: [{ name: 'RoomArn', value: room }] });
  expect(stack!.resources).toContainEqual({
    logicalId: 'Room', physicalId: room, type: 'AWS::IVSChat::Room', status: 'CREATE_COMPLETE',
  });
  expect(stack!.events.map(({ logicalId, status }) => `${logicalId} ${status}`)).toEqual(expect.arrayContaining([
    'Chat CREATE_COMPLETE', 'Function CREATE_COMPLETE',
  ]));

  const call = async (operation: string, input: object) => (await fetch(`${local.console}call`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ operation, input }),
  })).json() as Promise<any>;
  const input = { roomIdentifier: room, userId: 'ada', capabilities: ['SEND_MESSAGE'] };
  const { token } = await call('CreateChatToken', input);
  const socket = new WebSocket(local.messaging, token);
  socket.onopen = () => socket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content: 'hello' }));
  const isReview = ({ message }: { message: string }) => message.includes('review of hello');
  const printed = await consoleUpdate(({ logLines }) => logLines.some(isReview));
  socket.close();
  const line = printed.logLines.find(isReview)!;
  expect(line.logGroupName).toBe('/aws/lambda/review');
  expect(JSON.stringify(printed)).toContain('AWS_SECRET_ACCESS_KEY');
  expect(JSON.stringify(printed)).not.toMatch(/AWS_SECRET_ACCESS_KEY: '[^•]/);
}, 60_000);

test('GetTemplateSummary names the resources that cdk import can import, with their identifier', async () => {
  const TemplateBody = JSON.stringify({
    Resources: { Lobby: { Type: 'AWS::IVSChat::Room' }, Queue: { Type: 'AWS::SQS::Queue' } },
  });
  const { text } = await signedClient(deploy).query('cloudformation', 'GetTemplateSummary', { TemplateBody });
  const summaries = /<ResourceIdentifierSummaries>([^]*)<\/ResourceIdentifierSummaries>/.exec(text)![1]!;
  expect(summaries.replace(/<\/?(\w+)>/g, ' $1 ').match(/AWS::\S+|Lobby|Queue|Arn/g)).toEqual([
    'AWS::IVSChat::Room', 'Lobby', 'Arn',
  ]);
});
