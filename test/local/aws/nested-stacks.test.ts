/** Nested stacks at the local endpoint, with the real CDK CLI. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetRoomCommand, IvschatClient, ListRoomsCommand } from '@aws-sdk/client-ivschat';
import { CfnParameter, NestedStack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { cdk } from '../../../examples/live-chat/cdk-cli';
import { startLocal, type Local } from '../../../local';
import { ChatRoom } from '../../../src';
import { deployStack, synthesizeStack, type Build } from '../../deploy-stack';

jest.setTimeout(240_000);

const env = { account: '123456789012', region: 'us-west-2' };
const folder = mkdtempSync(join(tmpdir(), 'cdk-ivs-chat-nested-'));
let local: Local;
let ivsChat: IvschatClient;
/** The events of stacks, such as `CREATE_COMPLETE AWS::CloudFormation::Stack`. */
const events: string[] = [];

const synthesize = (build: Build) => synthesizeStack(folder, 'Parent', env, build);
const deploy = (build: Build) => deployStack(local, synthesize(build));

/** A room in a nested stack, which gets its name from the parent, and a parameter that gets its ARN. */
const nestedRoom = (name: string, maximumMessageLength: number): Build => (stack) => {
  const parameter = new ssm.StringParameter(stack, 'Name', { stringValue: name });
  const nested = new NestedStack(stack, 'Nested', { parameters: { Tagged: 'yes' } });
  new CfnParameter(nested, 'Tagged');
  const inner = new NestedStack(nested, 'Inner');
  const room = new ChatRoom(inner, 'Room', { roomName: parameter.stringValue, maximumMessageLength });
  new ssm.StringParameter(stack, 'Arn', { stringValue: room.roomArn });
  return { Room: room.roomArn };
};

beforeAll(async () => {
  local = await startLocal({
    region: env.region,
    accountId: env.account,
    log: (event) => {
      if (event.kind === 'stack') events.push(`${event.event.ResourceStatus} ${event.event.ResourceType}`);
    },
  });
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = local.environment;
  const credentials = { accessKeyId, secretAccessKey };
  ivsChat = new IvschatClient({ region: env.region, endpoint: local.controlPlane, credentials });
});

afterAll(async () => {
  ivsChat?.destroy();
  await local?.close();
  rmSync(folder, { recursive: true });
});

async function rooms() {
  const { rooms: all } = await ivsChat.send(new ListRoomsCommand({}));
  return Promise.all(all!.map(({ arn }) => ivsChat.send(new GetRoomCommand({ identifier: arn }))));
}

test('a room in a nested stack of a nested stack is created, updated and deleted', async () => {
  const { Room: arn } = await deploy(nestedRoom('first', 300));
  expect(arn).toMatch(/^arn:aws:ivschat:us-west-2:123456789012:room\//);
  expect(await rooms()).toMatchObject([{ arn, name: 'first', maximumMessageLength: 300 }]);

  // The name is a parameter of the nested stacks, and the length is in the template of the inner one.
  expect(await deploy(nestedRoom('second', 200))).toEqual({ Room: arn });
  expect(await rooms()).toMatchObject([{ arn, name: 'second', maximumMessageLength: 200 }]);

  const { outdir } = synthesize(nestedRoom('second', 200));
  await cdk(['destroy', 'Parent', '--app', outdir, '--force'], local);
  expect(await rooms()).toEqual([]);
});

test('a failed update of a nested stack rolls back the parent, and the error of the resource is printed', async () => {
  const { Room: arn } = await deploy(nestedRoom('first', 300));
  events.length = 0;
  await expect(deploy(nestedRoom('no spaces, please', 200))).rejects.toThrow(/must contain only letters, digits, hyphens and underscores/);
  expect(events.at(-1)).toBe('UPDATE_ROLLBACK_COMPLETE AWS::CloudFormation::Stack');
  expect(await rooms()).toMatchObject([{ arn, name: 'first', maximumMessageLength: 300 }]);

  await cdk(['destroy', 'Parent', '--app', synthesize(nestedRoom('first', 300)).outdir, '--force'], local);
  expect(await rooms()).toEqual([]);
});
