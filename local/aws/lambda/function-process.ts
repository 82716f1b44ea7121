import { spawn, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

// The file is beside this file in the sources, and beside the bundle in the package.
const HOST_FILE = path.join(__dirname, 'lambda-host.cjs');
const INITIALIZATION_SECONDS = 10;

export interface FunctionProcessOptions {
  readonly nodePath: string;
  readonly codeDirectory: string;
  /** The complete environment of the process. */
  readonly environment: { readonly [name: string]: string };
  readonly endpoint: string;
  readonly responseHost: string;
  onOutput(line: string): void;
}

export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  readonly functionArn: string;
  readonly timeoutSeconds: number;
  readonly clientContext?: unknown;
}

/** The return value or the error of a function. */
export interface InvocationOutcome {
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

interface HostMessage {
  readonly type: 'ready' | 'succeeded' | 'failed';
  readonly payload?: string;
  readonly error?: { readonly errorType: string; readonly errorMessage: string; readonly trace?: readonly string[] };
  readonly fatal?: boolean;
}

/** One instance of a function: a Node.js process that handles one invocation at a time, until it fails or is ended. */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly ready: Promise<HostMessage | undefined>;
  private alive = true;
  private failedToStart = false;

  constructor(options: FunctionProcessOptions) {
    this.child = spawn(
      options.nodePath,
      [HOST_FILE, JSON.stringify({ endpoint: options.endpoint, responseHost: options.responseHost })],
      {
        cwd: options.codeDirectory,
        env: options.environment,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    for (const stream of [this.child.stdout!, this.child.stderr!]) forEachLine(stream, options.onOutput);
    this.exited = new Promise((resolve) => {
      this.child.once('exit', () => {
        this.alive = false;
        resolve();
      });
      this.child.once('error', () => {
        this.alive = false;
        resolve();
      });
    });
    this.ready = this.nextMessage(INITIALIZATION_SECONDS).then((message) => {
      this.failedToStart = message?.type !== 'ready';
      return message;
    });
  }

  /** Whether the process can handle another invocation. */
  get usable(): boolean {
    return this.alive && this.child.connected && !this.failedToStart;
  }

  /** Settles when the process has loaded the handler, or has failed to do so. */
  async initialized(): Promise<void> {
    await this.ready;
  }

  async invoke(invocation: Invocation): Promise<InvocationOutcome> {
    const ready = await this.ready;
    if (ready?.type !== 'ready') return this.unusable(invocation, ready, INITIALIZATION_SECONDS);
    const { requestId, payload, functionArn, clientContext } = invocation;
    const answer = this.nextMessage(invocation.timeoutSeconds);
    this.child.send({
      requestId,
      payload,
      functionArn,
      clientContext,
      deadline: Date.now() + invocation.timeoutSeconds * 1000,
    });
    const message = await answer;
    // The function writes its output before its answer. Read the output in the pipes first.
    await nextTurn();
    await nextTurn();
    if (message?.type === 'succeeded') return { payload: message.payload! };
    if (message && !message.fatal) return failed(message.error!);
    return this.unusable(invocation, message, invocation.timeoutSeconds);
  }

  /** Ends the process at once. */
  async end(): Promise<void> {
    if (this.alive) this.child.kill('SIGKILL');
    await this.exited;
  }

  private async unusable(
    { requestId }: Invocation,
    message: HostMessage | undefined,
    seconds: number,
  ): Promise<InvocationOutcome> {
    const timedOut = this.alive && !message;
    await this.end();
    if (message?.error) return failed(message.error);
    if (timedOut) {
      return failed({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
      });
    }
    return failed({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited ${exitReason(this.child)}`,
    });
  }

  /** Returns the next message, or undefined if the process ends or the time expires before. */
  private nextMessage(seconds: number): Promise<HostMessage | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(undefined), seconds * 1000);
      const settle = (message: HostMessage | undefined) => {
        clearTimeout(timer);
        this.child.off('message', settle as (message: unknown) => void);
        resolve(message);
      };
      this.child.on('message', settle as (message: unknown) => void);
      void this.exited.then(() => settle(undefined));
    });
  }
}

function failed(error: NonNullable<HostMessage['error']>): InvocationOutcome {
  return { payload: JSON.stringify(error), functionError: 'Unhandled' };
}

function exitReason({ exitCode, signalCode }: ChildProcess): string {
  if (signalCode) return `with error: signal: ${signalCode}`;
  return exitCode ? `with error: exit status ${exitCode}` : 'without providing a reason';
}

function forEachLine(stream: NodeJS.ReadableStream, tell: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    lines.forEach(tell);
  });
  stream.on('end', () => {
    if (rest) tell(rest);
  });
}
