import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { sleep, type Clock } from '../../clock';
import type { Identities } from '../http/identities';
import { ServiceError } from '../http/service-error';
import type { FunctionConfiguration } from './function-configuration';
import { FunctionProcess, type Invocation, type InvocationOutcome } from './function-process';

export interface FunctionInstancesOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly identities: Identities;
  readonly nodePath: string;
  readonly endpoint: string;
  readonly responseHost: string;
  /** The environment variables that take precedence over the variables of the function. */
  readonly extraEnvironment: { readonly [name: string]: string };
  allowsOf(
    roleArn: string,
  ): (action: string, resource: string, context: { readonly [key: string]: string | readonly string[] }) => boolean;
  /** The duration of a simulated cold start, in milliseconds. */
  readonly coldStartMilliseconds: number;
  onOutput(logStreamName: string, line: string): void;
}

/** Is told when an invocation waits for the start of a process on this machine, before the simulated cold start. */
export interface InitializationListener {
  began(): void;
  ended(): void;
}

interface Instance {
  readonly process: FunctionProcess;
  readonly logStreamName: string;
  readonly accessKeyId: string;
  /** Ends the instance while it is idle. */
  idleTimer?: unknown;
}

/** The concurrency without a reservation. It is lower than the 1,000 of an account, to protect this machine. */
const DEFAULT_CONCURRENCY = 50;
/** Instances that start at the same time share the processors. With more of them, each start takes longer. */
const MAXIMUM_STARTS = availableParallelism();
/** A deployment of many resources must not leave one process for each of them. */
const MAXIMUM_IDLE_INSTANCES = 4;
const MAXIMUM_IDLE_MILLISECONDS = 10 * 60_000;

interface GivenInstance {
  readonly instance: Instance;
  /** Whether the instance has started for this invocation. */
  readonly isNew: boolean;
}

interface WaitingInvocation {
  take(given: GivenInstance): void;
  fail(error: Error): void;
}

/**
 * The instances of one version of a function. Parallel invocations start additional instances. An invocation waits for
 * the first instance that has started or is idle again, so short invocations of a burst share a few instances.
 */
export class FunctionInstances {
  private readonly idle: Instance[] = [];
  private readonly busy = new Set<Instance>();
  private readonly starting = new Set<Instance>();
  /** The invocations that have no instance yet. */
  private readonly waiting: WaitingInvocation[] = [];
  /** The number of idle instances that do not end. */
  private provisioned = 0;
  private ended = false;

  constructor(
    private readonly configuration: FunctionConfiguration,
    private readonly options: FunctionInstancesOptions,
  ) {}

  /** @throws TooManyRequestsException if the concurrency of the function is exceeded. */
  async invoke(
    invocation: Omit<Invocation, 'timeoutSeconds'>,
    initialization?: InitializationListener,
  ): Promise<InvocationOutcome> {
    const { timeoutSeconds, reservedConcurrency, version, memorySize } = this.configuration;
    if (this.busy.size + this.waiting.length >= (reservedConcurrency ?? DEFAULT_CONCURRENCY)) {
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
    }
    const instance = this.takeIdle() ?? await this.nextInstance(initialization);
    this.busy.add(instance);
    const tell = (line: string) => this.options.onOutput(instance.logStreamName, line);
    const began = performance.now();
    tell(`START RequestId: ${invocation.requestId} Version: ${version}`);
    try {
      return await instance.process.invoke({ ...invocation, timeoutSeconds });
    } finally {
      const duration = performance.now() - began;
      tell(`END RequestId: ${invocation.requestId}`);
      tell(
        `REPORT RequestId: ${invocation.requestId}\tDuration: ${duration.toFixed(2)} ms\tBilled Duration: `
        + `${Math.ceil(duration)} ms\tMemory Size: ${memorySize} MB`,
      );
      this.busy.delete(instance);
      if (!instance.process.usable) await this.endInstance(instance);
      else await this.giveAway(instance, false);
    }
  }

  /**
   * Sets the provisioned concurrency: starts instances that stay idle until an invocation takes them, and waits until
   * they are initialized. The number is limited, to protect this machine.
   */
  async provision(concurrency: number): Promise<void> {
    this.provisioned = Math.min(concurrency, MAXIMUM_IDLE_INSTANCES);
    while (this.idle.length < this.provisioned) this.idle.push(this.startInstance('provisioned-concurrency'));
    await Promise.all(this.idle.map((instance) => instance.process.initialized()));
  }

  /** Ends idle instances immediately and busy instances after their invocation, or all instances immediately. */
  async end(atOnce = false): Promise<void> {
    this.ended = true;
    const refusal = new ServiceError('ServiceException', 'The service is closing.', 500);
    if (atOnce) for (const { fail } of this.waiting.splice(0)) fail(refusal);
    await Promise.all(
      [...this.idle, ...(atOnce ? [...this.busy, ...this.starting] : [])].map((instance) => this.endInstance(instance)),
    );
  }

  /** Waits until an instance has started or is idle again. */
  private async nextInstance(listener: InitializationListener | undefined): Promise<Instance> {
    listener?.began();
    const { instance, isNew } = await new Promise<GivenInstance>((take, fail) => {
      this.waiting.push({ take, fail });
      this.startInstances();
    });
    listener?.ended();
    const { clock, coldStartMilliseconds } = this.options;
    if (isNew && coldStartMilliseconds) await sleep(clock, coldStartMilliseconds);
    return instance;
  }

  /** Starts instances for the waiting invocations, a few at a time. */
  private startInstances(): void {
    while (this.starting.size < Math.min(MAXIMUM_STARTS, this.waiting.length)) {
      const instance = this.startInstance();
      this.starting.add(instance);
      void instance.process.initialized().then(() => {
        this.starting.delete(instance);
        // An invocation reports the failure of an instance that could not start.
        void this.giveAway(instance, true);
        this.startInstances();
      });
    }
  }

  /** Gives an instance to the invocation that has waited for the longest time, or keeps it warm. */
  private async giveAway(instance: Instance, isNew: boolean): Promise<void> {
    const invocation = this.waiting.shift();
    if (!invocation) return this.keepWarm(instance);
    this.busy.add(instance);
    invocation.take({ instance, isNew });
  }

  private takeIdle(): Instance | undefined {
    for (let instance = this.idle.pop(); instance; instance = this.idle.pop()) {
      this.options.clock.clearTimeout(instance.idleTimer);
      if (instance.process.usable) return instance;
      void this.endInstance(instance);
    }
    return undefined;
  }

  private async keepWarm(instance: Instance): Promise<void> {
    const isNeeded = !this.ended && instance.process.usable && this.idle.length < MAXIMUM_IDLE_INSTANCES;
    if (!isNeeded) return this.endInstance(instance);
    this.idle.push(instance);
    instance.idleTimer = this.options.clock.setTimeout(() => {
      if (this.idle.length > this.provisioned) void this.endInstance(instance);
    }, MAXIMUM_IDLE_MILLISECONDS);
  }

  private startInstance(initializationType = 'on-demand'): Instance {
    const { configuration, options } = this;
    const date = new Date().toISOString().slice(0, 10).replace(/-/g, '/');
    const logStreamName = `${date}/[${configuration.version}]${randomBytes(16).toString('hex')}`;
    const roleName = configuration.roleArn.slice(configuration.roleArn.lastIndexOf('/') + 1);
    const sessionArn = `arn:aws:sts::${options.accountId}:assumed-role/${roleName}/${configuration.name}`;
    const identity = options.identities.assumeRole(sessionArn, options.allowsOf(configuration.roleArn));
    const process = new FunctionProcess({
      nodePath: options.nodePath,
      codeDirectory: configuration.codeDirectory,
      endpoint: options.endpoint,
      responseHost: options.responseHost,
      environment: {
        ...systemEnvironment(),
        ...runtimeEnvironment(configuration, options, logStreamName),
        AWS_LAMBDA_INITIALIZATION_TYPE: initializationType,
        ...configuration.environment,
        AWS_ACCESS_KEY_ID: identity.accessKeyId,
        AWS_SECRET_ACCESS_KEY: identity.secretAccessKey,
        AWS_SESSION_TOKEN: identity.sessionToken!,
        AWS_ENDPOINT_URL: options.endpoint,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...options.extraEnvironment,
      },
      onOutput: (line) => options.onOutput(logStreamName, line),
    });
    return { process, logStreamName, accessKeyId: identity.accessKeyId };
  }

  private async endInstance(instance: Instance): Promise<void> {
    const idleIndex = this.idle.indexOf(instance);
    if (idleIndex >= 0) this.idle.splice(idleIndex, 1);
    this.options.clock.clearTimeout(instance.idleTimer);
    this.options.identities.remove(instance.accessKeyId);
    await instance.process.end();
  }
}

/** The environment variables that a function inherits from the parent process. */
function systemEnvironment(): { [name: string]: string } {
  return Object.fromEntries(
    ['PATH', 'SystemRoot', 'TMPDIR', 'TEMP'].flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]]],
    ),
  );
}

function runtimeEnvironment(
  configuration: FunctionConfiguration,
  { region }: FunctionInstancesOptions,
  logStreamName: string,
): { [name: string]: string } {
  const modules = configuration.layers.flatMap(({ directory }) => [
    path.join(directory, 'nodejs', 'node_modules'),
    path.join(directory, 'nodejs'),
  ]);
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    LAMBDA_TASK_ROOT: configuration.codeDirectory,
    _HANDLER: configuration.handler,
    NODE_PATH: [...modules, path.join(configuration.codeDirectory, 'node_modules')].join(path.delimiter),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_VERSION: configuration.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_LAMBDA_LOG_FORMAT: configuration.logFormat,
  };
}
