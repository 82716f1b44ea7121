import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { App, PropertyInjectors, Stack, type InjectionContext } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  BanList, ChatApi, ChatRoom, LoggingConfiguration, LoggingDestination, MessageReviewHandler,
} from '../../src';
import { newStack } from './stack';

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-ivs-chat-synthesis-'));
  folders.push(folder);
  return folder;
};
const home = process.cwd();
afterAll(() => {
  process.chdir(home);
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Adds all features of the library to one stack. */
function synthesize(outdir: string) {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Chat');
  const review = new lambda.Function(stack, 'Review', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('-'),
  });
  const loggingConfigurations = [
    LoggingDestination.s3(new s3.Bucket(stack, 'Bucket')),
    LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup')),
    LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'Stream')),
  ].map(
    (destination, index) =>
      new LoggingConfiguration(stack, `Logging${index}`, { destination, tags: { b: '1', a: '2' } }),
  );
  new ChatRoom(stack, 'Lobby', {
    loggingConfigurations,
    messageReviewHandler: MessageReviewHandler.lambdaFunction(review),
  });
  new ChatRoom(stack, 'Stage', { region: 'eu-west-1' });
  app.synth();
}

function contents(folder: string): { [file: string]: string } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      relative(folder, join(parentPath, name)),
      readFileSync(join(parentPath, name), 'base64'),
    ]),
  );
}

test('synthesis is deterministic and does not depend on the folder', () => {
  const [first, ...others] = [home, home, newFolder()].map((cwd) => {
    const outdir = newFolder();
    process.chdir(cwd);
    synthesize(outdir); // Stack traces are part of the output, so both calls are on this line.
    return contents(outdir);
  });
  expect(Object.keys(first!).some((file) => file.endsWith('index.js'))).toBe(true);
  for (const other of others) {
    expect(Object.keys(other)).toEqual(Object.keys(first!));
    for (const file of Object.keys(other)) expect([file, other[file] === first![file]]).toEqual([file, true]);
  }
});

test('a new version of the library changes only the provider function', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby');
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: any } };
  const hashes = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function').map(
    ({ Properties }) => Properties.Code.S3Key.split('.')[0],
  );
  expect(hashes).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  const others = Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::Lambda::Function');
  expect(others.map(([id, resource]) => [id, JSON.stringify(resource).includes(hashes[0])]))
    .toEqual(others.map(([id]) => [id, false]));
});

/**
 * CloudFormation cannot change the ServiceToken of a custom resource: if the logical ID of the function changes, every
 * update of a deployed stack fails. If the logical ID of the role or the log group changes, CloudFormation replaces it,
 * and the log is lost. If the logical ID of a room changes, CloudFormation deletes the deployed room and closes its
 * connections.
 */
test('the logical IDs of the provider, its role, its log group and a room, and the ServiceToken never change', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby');
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: any } };
  expect(Resources.IvsChatControlPlaneProviderFunction8533E267.Type).toBe('AWS::Lambda::Function');
  expect(Resources.IvsChatControlPlaneProviderRole9339920C.Type).toBe('AWS::IAM::Role');
  expect(Resources.IvsChatControlPlaneProviderLogGroup34E50E2C.Type).toBe('AWS::Logs::LogGroup');
  expect(Resources.Lobby53468202.Type).toBe('Custom::IVSChatRoom');
  expect(Resources.Lobby53468202.Properties.ServiceToken).toEqual({
    'Fn::GetAtt': ['IvsChatControlPlaneProviderFunction8533E267', 'Arn'],
  });
});

/** A change of one of these IDs replaces a resource in every deployed stack. */
test('the logical IDs of all other resources never change', () => {
  const stack = newStack();
  const logging = new LoggingConfiguration(stack, 'Logging', {
    destination: LoggingDestination.cloudWatchLogs(new logs.CfnLogGroup(stack, 'LogGroup')),
  });
  new ChatRoom(stack, 'Lobby', { loggingConfigurations: [logging] });
  new ChatRoom(stack, 'Stage', { region: 'eu-west-1' });
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: { Type: string } } };
  expect(Object.fromEntries(Object.entries(Resources).map(([id, { Type }]) => [id, Type]))).toEqual({
    IvsChatControlPlaneProviderFunction8533E267: 'AWS::Lambda::Function',
    IvsChatControlPlaneProviderFunctionEventInvokeConfig29BFE051: 'AWS::Lambda::EventInvokeConfig',
    IvsChatControlPlaneProviderLogGroup34E50E2C: 'AWS::Logs::LogGroup',
    IvsChatControlPlaneProviderLogDeliveryPermissions21A7A057: 'AWS::IAM::Policy',
    IvsChatControlPlaneProviderRole9339920C: 'AWS::IAM::Role',
    IvsChatControlPlaneProviderRoleDefaultPolicyEA345E17: 'AWS::IAM::Policy',
    IvsChatLogDeliveryPolicyResourcePolicy0927BCD8: 'AWS::Logs::ResourcePolicy',
    Lobby53468202: 'Custom::IVSChatRoom',
    LogGroup: 'AWS::Logs::LogGroup',
    Logging019093B9: 'Custom::IVSChatLoggingConfiguration',
    Stage0E8C2AF5: 'Custom::IVSChatRoom',
  });
});

test('a further room adds two constructs and one resource', () => {
  const stack = newStack();
  const sizes = ['Lobby', 'Stage', 'Backstage'].map((id) => {
    new ChatRoom(stack, id, { tags: { team: 'chat' } });
    return stack.node.findAll().length;
  });
  expect([sizes[1]! - sizes[0]!, sizes[2]! - sizes[1]!]).toEqual([2, 2]);
  const { Resources } = Template.fromStack(stack).toJSON();
  expect(Object.keys(Resources).filter((id) => !id.startsWith('IvsChatControlPlaneProvider'))).toHaveLength(3);
});

const injectable: [string, string, (scope: Construct, props: any) => Construct, object][] = [
  ['a room', 'cdk-ivs-chat.ChatRoom', (scope, props) => new ChatRoom(scope, 'Chat', props), {}],
  ['a logging configuration', 'cdk-ivs-chat.LoggingConfiguration',
    (scope, props) => new LoggingConfiguration(scope, 'Chat', props),
    { destination: { bind: () => ({ logGroupName: 'chat' }) } }],
  ['a ban list', 'cdk-ivs-chat.BanList', (scope, props) => new BanList(scope, 'Chat', props), {}],
  ['a chat API', 'cdk-ivs-chat.ChatApi', (scope, props) => new ChatApi(scope, 'Chat', props), {
    rooms: { lobby: { roomRef: { roomArn: 'arn' }, env: {}, node: {} } }, authorizer: new HttpIamAuthorizer(),
  }],
];

test.each(injectable)('%s checks the properties of its injector', (name, constructUniqueId, create, injected) => {
  const stack = newStack();
  const property = name === 'a chat API' ? 'sessionDuration' : 'removalPolicy';
  PropertyInjectors.of(stack).add({ constructUniqueId, inject: () => ({ ...injected, [property]: 'wrong' }) });
  expect(() => create(stack, {})).toThrow(`\`${property}\` must be`);
});

test.each(injectable)('%s has the properties of the closest injector', (_, constructUniqueId, create, injected) => {
  const app = new App();
  const scope = new Construct(new Stack(app, 'Stack'), 'Scope');
  const calls: unknown[] = [];
  for (const [at, name] of [[app, 'the injector of the app'], [scope.node.scope!, 'the closest injector']] as const) {
    PropertyInjectors.of(at).add({
      constructUniqueId,
      inject: (props: any, { scope: { node: { path } }, id }: InjectionContext) => {
        calls.push([name, Object.keys(props), path, id]);
        return injected as any;
      },
    });
  }
  create(scope, { unknown: 'property' });
  expect(calls).toEqual([['the closest injector', ['unknown'], 'Stack/Scope', 'Chat']]);
});
