import { credentialsOfEnvironment, remembered } from './credentials';
import { endpointOfEnvironment, endpointProvider, type Endpoint, type EndpointInput } from './endpoint';
import { environment, requestHandler, type RequestHandlerOptions } from './platform';
import { standardRetryStrategy } from './retry';
import type {
  AwsCredentialIdentity, AwsCredentialIdentityProvider, Clock, HttpHandler, Logger, Provider, RetryStrategy,
} from './types';

/** The options of a client. All of them are optional; a Lambda function needs none. */
export interface IvschatClientConfig {
  /** @default - AWS_REGION */
  region?: string | Provider<string>;
  /** @default - AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN */
  credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /**
   * HTTPS, or HTTP on this machine.
   *
   * @default - AWS_ENDPOINT_URL_IVSCHAT, AWS_ENDPOINT_URL, the service's own in the Region
   */
  endpoint?: EndpointInput | Provider<EndpointInput>;
  /** @default false */
  useFipsEndpoint?: boolean | Provider<boolean>;
  /** @default false */
  useDualstackEndpoint?: boolean | Provider<boolean>;
  /** The maximum number of requests that a call sends. @default - AWS_MAX_ATTEMPTS, 3 */
  maxAttempts?: number | Provider<number>;
  /** Only `standard` is built in. Use `retryStrategy` for another mode. @default standard */
  retryMode?: string | Provider<string>;
  /** @default - the standard mode of the AWS SDKs: exponential backoff with full jitter, and a retry budget */
  retryStrategy?: RetryStrategy;
  /** The handler that sends the requests, or the options of the built-in handler. */
  requestHandler?: HttpHandler | RequestHandlerOptions;
  /**
   * Receives the command, input, output and metadata of each call. Sensitive members are masked.
   *
   * @default - no logging
   */
  logger?: Logger;
  /** The maximum duration of a call with all its attempts, in milliseconds. @default 30000 */
  callTimeout?: number;
  /** Whether inputs are checked before a request is sent. @default true */
  validateInput?: boolean;
  /**
   * The maximum size of a response, in bytes.
   *
   * @default 16777216, enough for a full page of rooms with the maximum number of tags
   */
  maximumResponseBytes?: number;
  /** @default - the clock of the system */
  clock?: Clock;
  /** Returns random numbers of at least 0 and less than 1, for the jitter of retries. @default Math.random */
  random?: () => number;
}

/** The configuration with all defaults filled in. */
export interface IvschatClientResolvedConfig {
  readonly region: Provider<string>;
  readonly credentials: Provider<AwsCredentialIdentity>;
  readonly endpoint: Provider<Endpoint>;
  readonly useFipsEndpoint: Provider<boolean>;
  readonly useDualstackEndpoint: Provider<boolean>;
  readonly maxAttempts: Provider<number>;
  readonly retryStrategy: Provider<RetryStrategy>;
  readonly requestHandler: HttpHandler;
  readonly requestTimeout: number;
  readonly logger?: Logger;
  readonly callTimeout: number;
  readonly validateInput: boolean;
  readonly maximumResponseBytes: number;
  readonly clock: Clock;
  /** The time by which the clock of the service is ahead, in milliseconds, according to its responses. */
  systemClockOffset: number;
}

const machineClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer),
};

function provider<T>(given: T | Provider<T>): Provider<T> {
  if (typeof given === 'function') return given as Provider<T>;
  const promise = Promise.resolve(given);
  return () => promise;
}

export function resolveConfig(config: IvschatClientConfig): IvschatClientResolvedConfig {
  const clock = config.clock ?? machineClock;
  const { credentials } = config;
  const maximumResponseBytes = config.maximumResponseBytes ?? 16 * 1024 * 1024;
  const handler = config.requestHandler ?? {};
  const region = provider(config.region ?? (async () => {
    const { AWS_REGION } = environment();
    if (!AWS_REGION) throw new Error('Region is missing: set AWS_REGION, or give `region`');
    return AWS_REGION;
  }));
  const useFipsEndpoint = provider(config.useFipsEndpoint ?? false);
  const useDualstackEndpoint = provider(config.useDualstackEndpoint ?? false);
  const maxAttempts = provider(config.maxAttempts ?? (Number(environment().AWS_MAX_ATTEMPTS) || 3));
  const retryMode = provider(config.retryMode ?? 'standard');
  let strategy = config.retryStrategy;
  return {
    region,
    credentials: typeof credentials === 'object'
      ? provider(credentials)
      : remembered(credentials ?? (async () => credentialsOfEnvironment(environment())), clock),
    endpoint: endpointProvider(config.endpoint ?? endpointOfEnvironment(environment()), region, useFipsEndpoint, useDualstackEndpoint),
    useFipsEndpoint,
    useDualstackEndpoint,
    maxAttempts,
    retryStrategy: async () => {
      if (!strategy) {
        const mode = await retryMode();
        if (mode !== 'standard') throw new Error(`retryMode must be standard, got ${mode}; for others give a retryStrategy, such as @smithy/core/retry has`);
        strategy = standardRetryStrategy(await maxAttempts(), clock, config.random ?? (() => Math.random()));
      }
      return strategy;
    },
    requestHandler: 'handle' in handler ? handler : requestHandler(handler, clock, maximumResponseBytes),
    requestTimeout: (handler as RequestHandlerOptions).requestTimeout ?? 5000,
    logger: config.logger,
    callTimeout: config.callTimeout ?? 30_000,
    validateInput: config.validateInput ?? true,
    maximumResponseBytes,
    clock,
    systemClockOffset: 0,
  };
}
