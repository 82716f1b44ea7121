import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as sdk from '@aws-sdk/client-ivschat';
import * as ours from '../../lambda/client';
import type { ConformanceEndpoint } from './endpoint';

/** A response of the service in one format for all clients: times as ISO 8601 text, errors as name and members. */
export type Outcome =
  | { readonly output: any; readonly error?: undefined }
  | { readonly output?: undefined; readonly error: { readonly name: string; readonly [member: string]: unknown } };

export interface ConformanceClient {
  call(operation: string, input: object): Promise<Outcome>;
  close(): void;
}

export interface ConformanceClientKind {
  readonly name: string;
  /** The reason why the client is not available on this machine. */
  readonly missing?: string;
  /** Whether each call starts a new process. */
  readonly isSlow?: boolean;
  /** Whether the client shows the members of an error. */
  readonly showsMembers: boolean;
  start(endpoint: ConformanceEndpoint): ConformanceClient;
}

/** Returns the value with its dates as text, as in JSON. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value ?? {}));
const environmentOf = ({ controlPlane, credentials, region }: ConformanceEndpoint, folder: string) => ({
  PATH: process.env.PATH,
  HOME: folder,
  AWS_CONFIG_FILE: join(folder, 'config'),
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_DEFAULT_REGION: region,
  AWS_REGION: region,
  ...(credentials.sessionToken ? { AWS_SESSION_TOKEN: credentials.sessionToken } : {}),
  ...(controlPlane ? { AWS_ENDPOINT_URL_IVSCHAT: controlPlane } : {}),
  AWS_EC2_METADATA_DISABLED: 'true',
});

function javaScript(
  library: { IvschatClient: any; [command: string]: any }, config: object,
): ConformanceClientKind['start'] {
  return ({ controlPlane: endpoint, region, credentials }) => {
    const client = new library.IvschatClient({ endpoint, region, credentials, maxAttempts: 8, ...config });
    return {
      async call(operation, input) {
        try {
          const { $metadata: _, ...output } = await client.send(new library[`${operation}Command`](input));
          return { output: plain(output) };
        } catch (error: any) {
          const { name, message, $metadata } = error;
          return { error: { ...plain(error), name, message, status: $metadata?.httpStatusCode } };
        }
      },
      close: () => client.destroy(),
    };
  };
}

const BOTO3 = `
import boto3, json, sys, re
from botocore.config import Config
from botocore.exceptions import ClientError
client = boto3.client('ivschat', config=Config(parameter_validation=False, retries={'max_attempts': 8}))
iso = lambda value: value.isoformat().replace('+00:00', 'Z')
for line in sys.stdin:
    call = json.loads(line)
    name = re.sub(r'(?<!^)(?=[A-Z])', '_', call['operation']).lower()
    try:
        output = getattr(client, name)(**call['input'])
        output.pop('ResponseMetadata')
        answer = {'output': output}
    except ClientError as error:
        response = error.response
        status = response.pop('ResponseMetadata')['HTTPStatusCode']
        inner = response.pop('Error')
        answer = {'error': {**response, 'name': inner['Code'], 'message': inner['Message'], 'status': status}}
    print(json.dumps(answer, default=iso), flush=True)
`;

function startBoto3(endpoint: ConformanceEndpoint): ConformanceClient {
  const folder = mkdtempSync(join(tmpdir(), 'ivs-chat-boto3-'));
  const env = environmentOf(endpoint, folder);
  const python = spawn('python3', ['-c', BOTO3], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((line: string) => void)[] = [];
  createInterface(python.stdout).on('line', (line) => waiting.shift()!(line));
  return {
    call: (operation, input) => new Promise((resolve) => {
      waiting.push((line) => resolve(JSON.parse(line)));
      python.stdin.write(`${JSON.stringify({ operation, input })}\n`);
    }),
    close() {
      python.stdin.end();
      python.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const CLI_ERROR =
  /An error occurred \((\w+)\) when calling the \w+ operation(?: \(reached max retries: \d+\))?: (.*)/s;

const startCli = (aws: string) => (endpoint: ConformanceEndpoint): ConformanceClient => {
  const folder = mkdtempSync(join(tmpdir(), 'ivs-chat-cli-'));
  writeFileSync(join(folder, 'config'), '[default]\nparameter_validation = false\noutput = json\n');
  return {
    call: (operation, input) => new Promise((resolve, reject) => {
      const command = operation.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();
      // Versions before 2.13 do not read the environment variable.
      const to = endpoint.controlPlane ? ['--endpoint-url', endpoint.controlPlane] : [];
      const args = ['ivschat', command, '--cli-input-json', JSON.stringify(input), ...to];
      execFile(aws, args, { env: environmentOf(endpoint, folder) }, (error, stdout, stderr) => {
        if (!error) return resolve({ output: stdout.trim() ? JSON.parse(stdout) : {} });
        const [, name, message] = CLI_ERROR.exec(stderr) ?? [];
        return name ? resolve({ error: { name, message: message!.trim() } }) : reject(new Error(stderr));
      });
    }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const version = (command: string, ...args: string[]) => {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return error || status !== 0 ? undefined : `${stdout}${stderr}`.trim();
};
const boto3 = version('python3', '-c', 'import boto3; print(boto3.__version__)');
const clis = process.env.PATH!.split(delimiter)
  .map((folder) => join(folder, 'aws'))
  .map((aws) => ({ aws, name: version(aws, '--version')?.split(' ')[0] ?? '' }));
const cliVersion = (major: number): ConformanceClientKind => {
  const { aws, name } = clis.find((cli) => cli.name.startsWith(`aws-cli/${major}.`)) ?? { aws: '', name: '' };
  return {
    name: `AWS CLI v${major} ${name}`.trim(),
    missing: name ? undefined : `the PATH has no AWS CLI of version ${major}`,
    isSlow: true,
    showsMembers: false,
    start: startCli(aws),
  };
};

export const clientKinds: readonly ConformanceClientKind[] = [
  { name: '@aws-sdk/client-ivschat', showsMembers: true, start: javaScript(sdk as any, {}) },
  { name: 'cdk-ivs-chat/client', showsMembers: true, start: javaScript(ours as any, { validateInput: false }) },
  {
    name: `boto3 ${boto3 ?? ''}`.trim(),
    missing: boto3 ? undefined : 'python3 has no boto3',
    showsMembers: true,
    start: startBoto3,
  },
  cliVersion(1),
  cliVersion(2),
];
