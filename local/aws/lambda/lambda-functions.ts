import { randomUUID } from 'node:crypto';
import { abortController } from '../abort-controller';
import { sleep, type Clock } from '../../clock';
import type { LogGroups } from '../cloudwatch-logs/log-groups';
import { ServiceError } from '../http/service-error';
import type {
  EventInvokeConfiguration,
  FunctionConfiguration,
  FunctionPolicy,
  InvocationResult,
  PermissionStatement,
} from './function-configuration';
import { FunctionInstances, type FunctionInstancesOptions, type InitializationListener } from './function-instances';

/** The delay until a throttled asynchronous event is tried again. Lambda waits longer after each attempt. */
const THROTTLED_DELAY_MILLISECONDS = 1000;

export interface LambdaFunctionsOptions extends Omit<FunctionInstancesOptions, 'onOutput'> {
  readonly clock: Clock;
  readonly logs: LogGroups;
  /** The delays before the first and second retry of an asynchronous invocation, in milliseconds. */
  readonly retryDelays: readonly number[];
  /** Receives each line of output of a function. */
  onOutput(functionName: string, line: string): void;
}

interface DeployedFunction {
  latest: FunctionConfiguration;
  /** The published versions, by number. */
  readonly versions: Map<string, FunctionConfiguration>;
  readonly aliases: Map<string, string>;
  readonly instances: Map<string, FunctionInstances>;
  readonly permissions: Map<string, PermissionStatement>;
  readonly eventInvoke: Map<string, EventInvokeConfiguration>;
  published: number;
}

/** The deployed functions, with their versions, policies and running instances. */
export class LambdaFunctions {
  private readonly functions = new Map<string, DeployedFunction>();
  private readonly closing = abortController();
  /** All instances, including those of removed versions that still run an invocation. */
  private readonly everyInstances = new Set<FunctionInstances>();

  constructor(private readonly options: LambdaFunctionsOptions) {}

  arnOf(name: string): string {
    return `arn:aws:lambda:${this.options.region}:${this.options.accountId}:function:${name}`;
  }

  exists(name: string): boolean {
    return this.functions.has(name);
  }

  put(configuration: FunctionConfiguration): void {
    const existing = this.functions.get(configuration.name);
    if (existing) {
      existing.latest = configuration;
      void this.retire(existing, '$LATEST');
    } else {
      this.functions.set(configuration.name, {
        latest: configuration,
        versions: new Map(),
        aliases: new Map(),
        instances: new Map(),
        permissions: new Map(),
        eventInvoke: new Map(),
        published: 0,
      });
    }
  }

  async remove(name: string): Promise<void> {
    const removed = this.functions.get(name);
    this.functions.delete(name);
    await Promise.all([...(removed?.instances.values() ?? [])].map((instances) => instances.end()));
  }

  publish(nameOrArn: string, description: string): FunctionConfiguration {
    const found = this.function(nameOrArn);
    const version: FunctionConfiguration = {
      ...found.latest,
      version: String(++found.published),
      ...(description ? { description } : {}),
    };
    found.versions.set(version.version, version);
    return version;
  }

  async removeVersion(nameOrArn: string, version: string): Promise<void> {
    const found = this.functions.get(nameOf(nameOrArn).name);
    found?.versions.delete(version);
    if (found) await this.retire(found, version);
  }

  setAlias(nameOrArn: string, alias: string, version: string | undefined): void {
    const { aliases } = this.function(nameOrArn);
    if (version === undefined) aliases.delete(alias);
    else aliases.set(alias, version);
  }

  /** Sets the provisioned concurrency of a version or of the version of an alias. */
  async provision(nameOrArn: string, qualifier: string, concurrency: number): Promise<void> {
    await this.instancesOf(this.configuration(nameOrArn, qualifier)).provision(concurrency);
  }

  /** @throws ResourceNotFoundException */
  configuration(nameOrArn: string, qualifier = nameOf(nameOrArn).qualifier): FunctionConfiguration {
    const found = this.function(nameOrArn);
    if (qualifier === undefined || qualifier === '$LATEST') return found.latest;
    const version = found.versions.get(found.aliases.get(qualifier) ?? qualifier);
    if (!version) throw notFound(`${this.arnOf(found.latest.name)}:${qualifier}`);
    return version;
  }

  addPermission(nameOrArn: string, statement: PermissionStatement): void {
    this.function(nameOrArn).permissions.set(statement.Sid, statement);
  }

  removePermission(nameOrArn: string, sid: string): void {
    this.functions.get(nameOf(nameOrArn).name)?.permissions.delete(sid);
  }

  /** @throws ResourceNotFoundException if the function does not exist. */
  policy(nameOrArn: string): FunctionPolicy {
    return { Version: '2012-10-17', Id: 'default', Statement: [...this.function(nameOrArn).permissions.values()] };
  }

  setEventInvokeConfiguration(
    nameOrArn: string,
    qualifier: string,
    configuration: EventInvokeConfiguration | undefined,
  ): void {
    const found = this.functions.get(nameOf(nameOrArn).name);
    if (configuration === undefined) found?.eventInvoke.delete(qualifier);
    else this.function(nameOrArn).eventInvoke.set(qualifier, configuration);
  }

  /** @throws ResourceNotFoundException, TooManyRequestsException */
  async invoke(
    nameOrArn: string,
    payload: string,
    details: {
      readonly qualifier?: string;
      readonly requestId?: string;
      readonly clientContext?: unknown;
      readonly initialization?: InitializationListener;
    } = {},
  ): Promise<InvocationResult> {
    const qualifier = details.qualifier ?? nameOf(nameOrArn).qualifier;
    const configuration = this.configuration(nameOrArn, qualifier);
    const requestId = details.requestId ?? randomUUID();
    const functionArn = qualifier ? `${configuration.arn}:${qualifier}` : configuration.arn;
    const invocation = { requestId, payload, functionArn, clientContext: details.clientContext };
    const outcome = await this.instancesOf(configuration).invoke(invocation, details.initialization);
    return { requestId, executedVersion: configuration.version, ...outcome };
  }

  /**
   * Invokes a function asynchronously. After an error, the same request is retried as often as the event invoke
   * configuration allows, by default twice. A throttled request returns to the queue and is not an attempt, unless
   * the reserved concurrency is 0. The promise settles after the last attempt, with its error.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   *
   * @throws ResourceNotFoundException if the function does not exist.
   */
  invokeAsynchronously(
    nameOrArn: string,
    payload: string,
    qualifier = nameOf(nameOrArn).qualifier,
  ): Promise<{ readonly error?: string }> {
    const found = this.function(nameOrArn);
    this.configuration(nameOrArn, qualifier);
    const { maximumRetryAttempts = 2, maximumEventAgeInSeconds = 21_600 } =
      found.eventInvoke.get(qualifier ?? '$LATEST') ?? {};
    const requestId = randomUUID();
    const { clock, retryDelays } = this.options;
    const deadline = clock.now() + maximumEventAgeInSeconds * 1000;
    const attempt = async (number: number): Promise<{ readonly error?: string }> => {
      let throttled = false;
      const error = await this.invoke(nameOrArn, payload, { qualifier, requestId }).then(
        ({ functionError, payload: answer }) => (functionError ? messageOf(answer) : undefined),
        (refusal: Error) => {
          throttled = refusal.name === 'TooManyRequestsException' && found.latest.reservedConcurrency !== 0;
          return refusal.message;
        },
      );
      if (error === undefined) return {};
      const delay = throttled
        ? THROTTLED_DELAY_MILLISECONDS
        : retryDelays[Math.min(number, retryDelays.length - 1)] ?? 0;
      const isLast = !throttled && number >= maximumRetryAttempts;
      if (isLast || clock.now() + delay > deadline || !this.exists(found.latest.name)) return { error };
      const slept = await sleep(clock, delay, this.closing.signal).then(
        () => true,
        () => false,
      );
      if (!slept) return { error };
      return attempt(throttled ? number : number + 1);
    };
    return attempt(0);
  }

  /** Ends every instance immediately. */
  async close(): Promise<void> {
    this.closing.abort();
    this.functions.clear();
    await Promise.all([...this.everyInstances].map((instances) => instances.end(true)));
  }

  private instancesOf(configuration: FunctionConfiguration): FunctionInstances {
    const { instances } = this.function(configuration.name);
    const existing = instances.get(configuration.version);
    if (existing) return existing;
    const { logs, onOutput } = this.options;
    const started = new FunctionInstances(configuration, {
      ...this.options,
      onOutput: (stream, line) => {
        logs.write(configuration.logGroupName, stream, line);
        onOutput(configuration.name, line);
      },
    });
    instances.set(configuration.version, started);
    this.everyInstances.add(started);
    return started;
  }

  private async retire(of: DeployedFunction, version: string): Promise<void> {
    const instances = of.instances.get(version);
    of.instances.delete(version);
    await instances?.end();
  }

  private function(nameOrArn: string): DeployedFunction {
    const { name } = nameOf(nameOrArn);
    const found = this.functions.get(name);
    if (!found) throw notFound(this.arnOf(name));
    return found;
  }
}

/** Parses a name, a partial ARN or an ARN, each with an optional qualifier. */
export function nameOf(nameOrArn: string): { name: string; qualifier?: string } {
  const match = /^(?:arn:[^:]+:lambda:[^:]*:)?(?:\d{12}:)?(?:function:)?([^:]+)(?::([^:]+))?$/.exec(nameOrArn);
  return { name: match?.[1] ?? nameOrArn, qualifier: match?.[2] };
}

function notFound(arn: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}

function messageOf(payload: string): string {
  const { errorType, errorMessage } = JSON.parse(payload) as { errorType?: string; errorMessage?: string };
  return `${errorType ?? 'Error'}: ${errorMessage ?? ''}`;
}
