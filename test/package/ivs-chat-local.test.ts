/** Tests of the command `ivs-chat-local`, which run it in its own process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateChatTokenCommand, CreateLoggingConfigurationCommand, CreateRoomCommand, IvschatClient,
} from '@aws-sdk/client-ivschat';
import { AwsClient } from 'aws4fetch';
import { WebSocket } from 'ws';
import { version } from '../../package.json';
import { inlineFunction } from '../local/aws/signed-client';

jest.setTimeout(60_000);

const bin = join(__dirname, '..', '..', 'lib', 'local', 'bin', 'ivs-chat-local.js');
const running: ChildProcess[] = [];
afterAll(() => running.forEach((child) => child.kill('SIGKILL')));

/** Free ports, because tests of the command can run side by side. */
const env = { ...process.env, IVS_CHAT_LOCAL_PORT: '0', IVS_CHAT_LOCAL_DEPLOY_PORT: '0' };

function start(...args: string[]) {
  return startIn(env, ...args);
}

function startIn(environment: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(bin, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let out = '';
  let error = '';
  const ready = new Promise<string>((resolve) => child.stdout.on('data', (data) => {
    out += data;
    if (out.endsWith('\n')) resolve(out);
  }));
  child.stderr.on('data', (data) => {
    error += data;
  });
  const ended = new Promise<{ code: number | null; out: string; error: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, error }));
  });
  return { child, ready, ended };
}

test.each([
  'SIGINT', 'SIGTERM',
] as const)('the command prints JSON, serves the official SDK, and ends on %s with exit code 0', async (signal) => {
  const { child, ready, ended } = start('--json');
  const { controlPlane, messaging, deploy, issuer, console: webConsole, environment } = JSON.parse(await ready);
  expect(issuer).toContain(`${deploy}/`);
  expect(controlPlane).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/);
  expect(messaging).toBe(controlPlane.replace('http', 'ws'));
  expect(deploy).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/);
  expect(environment).toMatchObject({
    AWS_ENDPOINT_URL: deploy, AWS_ENDPOINT_URL_IVSCHAT: controlPlane, AWS_REGION: 'us-west-2',
  });

  const {
    AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region, AWS_ENDPOINT_URL_IVSCHAT: endpoint,
  } = environment;
  const room = new CreateRoomCommand({ name: 'from-the-sdk' });
  const client = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new IvschatClient({ region, endpoint, credentials, maxAttempts: 1 });
  const right = client({ accessKeyId, secretAccessKey });
  const wrong = client({ accessKeyId, secretAccessKey: 'not the secret' });
  const { arn: roomIdentifier, name } = await right.send(room);
  expect(name).toBe('from-the-sdk');
  const { token } = await right.send(new CreateChatTokenCommand({ roomIdentifier, userId: 'u' }));
  const webSocket = new WebSocket(messaging, token!);
  await new Promise((resolve, reject) => webSocket.on('open', resolve).on('error', reject));
  expect((await fetch(webConsole)).status).toBe(200);
  await expect(wrong.send(room)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  right.destroy();
  wrong.destroy();

  const closed = new Promise((resolve) => webSocket.on('close', (code) => {
    child.kill(signal); // Some launchers send a signal twice.
    resolve(code);
  }));
  child.kill(signal);
  expect(await closed).toBe(1000);
  expect(await ended).toEqual({ code: 0, out: await ready, error: '' });
  await expect(fetch(controlPlane)).rejects.toThrow();
});

test('without --json, the command prints the URLs and the variables to export', async () => {
  const { child, ready, ended } = start();
  const out = await ready;
  const endpoint = (name: string) => new RegExp(`^${name} +(\\w+://\\S+)$`, 'm').exec(out)![1]!;
  const [controlPlane, deploy] = [endpoint('Control plane'), endpoint('Deploy')];
  expect(deploy).not.toBe(controlPlane);
  expect(out.replace(/=.+$/gm, '=').split('\n\n')).toEqual([
    `Control plane  ${controlPlane}\nMessaging      ${controlPlane.replace('http', 'ws')}\nDeploy         ${deploy}\n`
    + `Token issuer   ${endpoint('Token issuer')}\nConsole        ${endpoint('Console')}`,
    'To use the AWS SDKs, the AWS CLI and the CDK CLI with these endpoints, run:',
    expect.stringMatching(/^(export \w+=\n?)+$/),
    'Press Ctrl-C to stop.\n',
  ]);
  expect(endpoint('Token issuer')).toContain(`${deploy}/`);
  expect(endpoint('Console')).toContain(`${controlPlane}/_local/`);
  expect(out).toContain(`export AWS_ENDPOINT_URL=${deploy}\n`);
  expect(out).toContain(`export AWS_ENDPOINT_URL_IVSCHAT=${controlPlane}\n`);
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
  expect(await start('--help').ended).toMatchObject({ code: 0, out: expect.stringContaining('Usage: ivs-chat-local') });
});

test('-h prints the help, and --version the version', async () => {
  expect(await start('-h').ended).toMatchObject({ code: 0, out: expect.stringContaining('--deploy-port N') });
  expect(await start('--version').ended).toEqual({ code: 0, out: `${version}\n`, error: '' });
});

test('has the given options, and prints each request', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ivs-chat-local-'));
  const stateFile = join(folder, 'state.json');
  const upstream = createHttpServer((_, response) => response.end('from upstream'));
  await new Promise<void>((listening) => upstream.listen(0, '127.0.0.1', listening));
  const options = {
    'credentials': 'test:secret',
    'account': '000000000000',
    'region': 'eu-west-1',
    'state-file': stateFile,
    'log-folder': join(folder, 'logs'),
    'allowed-host': 'chat.test',
    'allowed-origin': 'https://app.test',
    'allow-unknown-resource-types': 'AWS::SNS::Topic',
    'upstream': `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
  };
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { child, ready, ended } = start('--json', '--verbose', ...given);
  const { controlPlane, messaging, deploy, environment } = JSON.parse(await ready);
  expect(environment).toMatchObject({
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'eu-west-1',
    CDK_DEFAULT_ACCOUNT: '000000000000',
  });
  const status = (headers: OutgoingHttpHeaders) => new Promise((resolve, reject) => {
    httpRequest(`${controlPlane}/_local/health`, { headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject).end();
  });
  const sent = [
    { host: 'chat.test' }, { host: 'app.test' }, { origin: 'https://app.test' }, { origin: 'https://chat.test' },
  ];
  expect(await Promise.all(sent.map(status))).toEqual([200, 403, 200, 403]);

  const credentials = { accessKeyId: 'test', secretAccessKey: 'secret' };
  const client = new IvschatClient({ region: 'eu-west-1', endpoint: controlPlane, credentials });
  const { arn: logging } = await client.send(new CreateLoggingConfigurationCommand({
    destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } },
  }));
  const { arn: room } = await client.send(new CreateRoomCommand({ loggingConfigurationIdentifiers: [logging!] }));
  expect(room).toMatch(/^arn:aws:ivschat:eu-west-1:000000000000:room\//);
  const { token } = await client.send(new CreateChatTokenCommand({
    roomIdentifier: room, userId: 'u', capabilities: ['SEND_MESSAGE'],
  }));
  const webSocket = new WebSocket(messaging, token!);
  webSocket.on('open', () => webSocket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content: 'hello' })));
  await new Promise((resolve, reject) => webSocket.on('message', resolve).on('error', reject));
  client.destroy();

  const aws = new AwsClient({ ...credentials, region: 'eu-west-1', retries: 0 });
  const call = async (service: string, parameters: { [name: string]: string }) => (await aws.fetch(deploy, {
    method: 'POST', body: new URLSearchParams(parameters).toString(), aws: { service },
  })).text();
  expect(await call('sns', { Action: 'ListTopics' })).toBe('from upstream');
  const Resources = {
    Topic: { Type: 'AWS::SNS::Topic' }, ...inlineFunction('exports.handler = async () => console.log("said")'),
  };
  await call('cloudformation', {
    'Action': 'CreateStack',
    'StackName': 'App',
    'TemplateBody': JSON.stringify({ Resources }),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  });
  expect(await call('cloudformation', { Action: 'DescribeStacks', StackName: 'App' })).toContain('CREATE_COMPLETE');
  await call('cloudformation', { Action: 'DescribeStacks', StackName: 'None' });
  const invocations = `${deploy}/2015-03-31/functions/the-function/invocations`;
  expect((await aws.fetch(invocations, { method: 'POST', aws: { service: 'lambda' } })).status).toBe(200);

  child.kill();
  const lines = (await ended).error.replace(/[0-9]+ ms$/gm, 'N ms').split('\n');
  expect(lines).toEqual(expect.arrayContaining([
    'ivschat CreateRoom 200 N ms',
    expect.stringMatching(/^ivschat GET 403 [A-Za-z]/),
    'sns ListTopics 200',
    'cloudformation CreateStack 200',
    'cloudformation DescribeStacks 400 ValidationError',
    expect.stringMatching(/^the-function: .*said$/),
  ]));
  expect(readFileSync(stateFile, 'utf8')).toContain(room);
  expect(readdirSync(join(folder, 'logs', 'cloudwatch-logs'))).toEqual(['chat']);
  rmSync(folder, { recursive: true });
  await new Promise((closed) => upstream.close(closed));
});

test.each([
  [[], false],
  [['--quotas'], true],
])('with the options %j, the service throttles 50 requests at once: %j', async (options, throttles) => {
  const { child, ready, ended } = start('--json', '--any-credentials', ...options);
  const { controlPlane } = JSON.parse(await ready);
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new IvschatClient({ region: 'us-west-2', endpoint: controlPlane, credentials, maxAttempts: 1 });
  const create = () => client.send(new CreateRoomCommand({})).then(() => 'created', ({ name }: Error) => name);
  const results = await Promise.all(Array.from({ length: 50 }, create));
  client.destroy();
  child.kill();
  expect(results.includes('ThrottlingException')).toBe(throttles);
  expect(results).toContain('created');
  await ended;
});

test('--any-credentials accepts all credentials for both services', async () => {
  const { child, ready, ended } = start('--json', '--any-credentials');
  const { controlPlane, deploy } = JSON.parse(await ready);
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new IvschatClient({ region: 'us-west-2', endpoint: controlPlane, credentials });
  await client.send(new CreateRoomCommand({}));
  client.destroy();
  const aws = new AwsClient({ ...credentials, region: 'us-west-2', service: 'sts', retries: 0 });
  const identity = await aws.fetch(deploy, {
    method: 'POST',
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(await identity.text()).toContain('<Arn>arn:aws:iam::123456789012:user/local</Arn>');
  child.kill();
  expect((await ended).code).toBe(0);
});

test('--review-handler sends each message to a URL, and a failed review is printed', async () => {
  const events: { Content: string }[] = [];
  const handler = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      const event = JSON.parse(body);
      events.push(event);
      if (event.Content === 'late') return; // never responds
      response.end(JSON.stringify({ ReviewResult: 'ALLOW', Content: 'reviewed' }));
    });
  });
  await new Promise<void>((listening) => handler.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(handler.address() as AddressInfo).port}/review`;
  const { child, ready, ended } = start('--json', '--any-credentials', '--review-handler', url);
  const { controlPlane, messaging, console: webConsole } = JSON.parse(await ready);
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new IvschatClient({ region: 'us-west-2', endpoint: controlPlane, credentials });
  const { arn: roomIdentifier } = await client.send(new CreateRoomCommand({
    messageReviewHandler: { uri: 'arn:aws:lambda:us-west-2:123456789012:function:any', fallbackResult: 'ALLOW' },
  }));
  const capabilities = ['SEND_MESSAGE' as const];
  const { token } = await client.send(new CreateChatTokenCommand({ roomIdentifier, userId: 'u', capabilities }));
  client.destroy();
  const webSocket = new WebSocket(messaging, token!);
  await new Promise((resolve, reject) => webSocket.on('open', resolve).on('error', reject));
  const say = async (Content: string) => {
    const answer = new Promise<{ Content?: string }>((resolve) => {
      webSocket.once('message', (data) => resolve(JSON.parse(String(data))));
    });
    webSocket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content }));
    return answer;
  };
  // On a busy machine, the first reviews can take longer than 200 ms.
  for (let content: string | undefined; content !== 'reviewed';) content = (await say('hello')).Content;
  expect(await say('late')).toMatchObject({ Type: 'MESSAGE', Content: 'late' });
  expect(events.slice(-2)).toMatchObject([{ Content: 'hello', Sender: { UserId: 'u' } }, { Content: 'late' }]);
  const { requests } = await (await fetch(`${webConsole}state`)).json() as { requests: object[] };
  expect(requests).toContainEqual(expect.objectContaining({ operation: 'MessageReview', error: 'ReviewTimedOut' }));

  child.kill();
  expect((await ended).error).toMatch(/^(ivschat MessageReview 0 ReviewTimedOut\n)+$/);
  handler.closeAllConnections();
  await new Promise((closed) => handler.close(closed));
});

test('prints a warning if other machines can connect', async () => {
  const { child, ready, ended } = start('--json', '--host', '0.0.0.0');
  await ready;
  child.kill();
  expect((await ended).error).toContain('other machines may reach it');
});

test.each(['ivs-chat-local', 'cdk-ivs-chat'])('npx %s in the background ends with its process id', async (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'ivs-chat-npx-'));
  writeFileSync(join(folder, 'package.json'), '{}');
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(bin, join(folder, 'node_modules', '.bin', program));
  const script = `npx ${program} --json > ready & id=$!
    until [ -s ready ] || ! kill -0 $id; do sleep 0.1; done
    cat ready
    kill $id`;
  const shell = spawn('sh', ['-c', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(shell);
  let out = '';
  shell.stdout.on('data', (data) => {
    out += data;
  });
  await new Promise((resolve) => shell.on('close', resolve));
  const { controlPlane } = JSON.parse(out);

  const answers = () => fetch(`${controlPlane}/_local/health`).then(() => true, () => false);
  for (let i = 0; i < 200 && await answers(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await answers()).toBe(false);
  rmSync(folder, { recursive: true });
});

test('without npx, goes on after the end of its shell', async () => {
  const script = `"${bin}" --json & echo $!`;
  const environment = { ...env, npm_command: undefined };
  const shell = spawn('sh', ['-c', script], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  const ready = new Promise<void>((resolve) => shell.stdout.on('data', (data) => {
    out += data;
    if (out.includes('}\n')) resolve();
  }));
  await new Promise((resolve) => shell.on('exit', resolve));
  await ready;
  const processId = Number(/^[0-9]+$/m.exec(out)![0]);
  await new Promise((resolve) => setTimeout(resolve, 1000)); // four times the interval of the check
  expect(process.kill(processId, 'SIGTERM')).toBe(true);
});

test.each([
  [['--port', '65536'], '--port must be between 0 and 65535, got "65536"'],
  [['--port', 'many'], '--port must be between 0 and 65535, got "many"'],
  [['--prot', '1'], 'Unknown option \'--prot\'; see ivs-chat-local --help'],
  [['--state-file', tmpdir()], 'EISDIR: illegal operation on a directory, read'],
])('the command with %j prints one line and ends with exit code 1', async (args, line) => {
  expect(await start(...args).ended).toEqual({ code: 1, out: '', error: `ivs-chat-local: ${line}\n` });
});

test('each wrong option has a line of its own', async () => {
  expect((await start('--port', 'many', '--prot', '1').ended).error).toBe(
    'ivs-chat-local: --port must be between 0 and 65535, got "many"\n'
    + 'ivs-chat-local: Unknown option \'--prot\'; see ivs-chat-local --help\n',
  );
});

test.each([
  ['--port', 4920, { IVS_CHAT_LOCAL_PORT: undefined }],
  ['--deploy-port', 4921, { IVS_CHAT_LOCAL_DEPLOY_PORT: undefined }],
])('the default of %s is %i. If it is taken, the command prints one line and ends', async (option, port, unset) => {
  const server = createServer();
  await new Promise<void>((taken) => {
    server.once('error', () => taken()).listen(port, '127.0.0.1', () => taken()); // an error if it is taken already
  });
  expect(await startIn({ ...env, ...unset }).ended).toEqual({
    code: 1,
    out: '',
    error: `ivs-chat-local: port ${port} is taken. `
      + `Choose another with ${option} N, or any free port with ${option} 0\n`,
  });
  if (server.listening) await new Promise((closed) => server.close(closed));
});
