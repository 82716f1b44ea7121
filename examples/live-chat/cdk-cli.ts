import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface CdkCall {
  /** Environment variables that are added to the inherited environment, such as the endpoints of AWS. */
  readonly environment: { readonly [name: string]: string };
  /** Ends the CLI when it is aborted. */
  readonly signal?: AbortSignal;
  /** Called with each line that the CLI prints. */
  readonly print?: (line: string) => void;
}

/** The CDK CLI failed. The message contains its output. */
export class CdkFailure extends Error {
  constructor(readonly summary: string, output: string) {
    super(`${summary}:\n${output}`);
  }
}

/** Runs the CDK CLI in the folder of this example. Throws a `CdkFailure` if the CLI fails. */
export async function cdk(args: readonly string[], { environment, signal, print }: CdkCall): Promise<void> {
  const cli = join(dirname(createRequire(__filename).resolve('aws-cdk/package.json')), 'bin', 'cdk');
  const child = spawn(process.execPath, [cli, ...args, '--no-color', '--no-notices', '--no-version-reporting'], {
    cwd: __dirname,
    env: { ...process.env, ...withoutProxy(environment), CI: 'true', NODE_NO_WARNINGS: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGTERM',
  });

  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      lines.forEach((line) => print?.(line));
    });
  }
  // After an abort, the CLI runs for a moment and uses the output folder, so the error is thrown when it has ended.
  let failure: Error | undefined;
  child.on('error', (error) => failure = error);
  const code = await new Promise((closed) => child.on('close', closed));
  if (failure) throw failure;
  if (code !== 0) throw new CdkFailure(`cdk ${args[0]} ended with ${code}`, printed);
}

/** Returns the variables that keep the requests to local addresses away from a proxy. */
function withoutProxy(environment: CdkCall['environment']): { [name: string]: string } {
  const isLocal = Object.values(environment).some((value) => value.startsWith('http://127.0.0.1:'));
  if (!isLocal) return {};
  const hosts = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
  return { NO_PROXY: hosts, no_proxy: hosts };
}
