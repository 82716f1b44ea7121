import { endpointOfEnvironment, endpointProvider, type Endpoint, type EndpointInput } from './endpoint';
import { credentialsOfEnvironment, remembered } from '../http/credentials';
import { environment, requestHandler, type RequestHandlerOptions } from '../http/platform';
import { standardRetryStrategy } from '../http/retry';
import { systemClock } from '../http/system-clock';
import type {
  AwsCredentialIdentity, AwsCredentialIdentityProvider, Clock, HttpHandler, Logger, Provider, RetryStrategy,
} from '../http/types';

/** The options of a client. All of them are optional. A Lambda function needs none. */
export interface IvschatClientConfig {
  /** The Region of the rooms. @default - AWS_REGION */
  region?: string | Provider<string>;
  /**
   * The credentials that sign the requests.
   *
   * @default - AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, unless AWS_PROFILE is set
   */
  credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /**
   * Not supported: the client does not read profiles. Set `credentials`, for example to
   * `fromNodeProviderChain({ profile: 'dev' })` of `@aws-sdk/credential-providers`. With a profile and without
   * `credentials`, calls fail.
   */
  profile?: undefined;
  /**
   * The address of the service. It must be an HTTPS address, or an HTTP address of this machine.
   * `allowInsecureEndpoint` allows other HTTP addresses.
   *
   * @default - AWS_ENDPOINT_URL_IVSCHAT, AWS_ENDPOINT_URL, or the endpoint of the service in the Region
   */
  endpoint?: EndpointInput | Provider<EndpointInput>;
  /**
   * Whether `endpoint` can be an HTTP address of another machine, such as a service in a compose file. Everyone on the
   * network can read the tokens then.
   *
   * @default false
   */
  allowInsecureEndpoint?: boolean;
  /** Whether to use the FIPS endpoint of the Region. @default - AWS_USE_FIPS_ENDPOINT, or false */
  useFipsEndpoint?: boolean | Provider<boolean>;
  /** Whether to use the endpoint of the Region for IPv4 and IPv6. @default - AWS_USE_DUALSTACK_ENDPOINT, or false */
  useDualstackEndpoint?: boolean | Provider<boolean>;
  /** The maximum number of requests for one call. @default - AWS_MAX_ATTEMPTS, or 3 */
  maxAttempts?: number | Provider<number>;
  /**
   * The retry mode. Only `standard` is built in, and `legacy` is the same. Set `retryStrategy` for another one.
   *
   * @default - AWS_RETRY_MODE, or standard
   */
  retryMode?: string | Provider<string>;
  /**
   * The strategy that decides about another attempt.
   *
   * @default - the standard mode of the AWS SDKs: exponential backoff with full jitter, and a retry budget
   */
  retryStrategy?: RetryStrategy;
  /**
   * The handler that sends the requests, or the options of the built-in handler.
   *
   * @default - the built-in handler: node:https on Node, `fetch` in browsers and React Native
   */
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
  /** The version of the API, which is always 2020-07-14. Accepted for applications that set it. */
  apiVersion?: string;
  /** Has no effect. Accepted for applications that set it. */
  cacheMiddleware?: boolean;
  /** Has no effect: the client has timeouts of its own. Accepted for applications that set it. */
  defaultsMode?: string | Provider<string>;
  /** Has no effect: the user agent is `cdk-ivs-chat`. Accepted for applications that set it. */
  customUserAgent?: string | Array<[name: string, version?: string]>;
  /** Has no effect: the user agent is `cdk-ivs-chat`. Accepted for applications that set it. */
  userAgentAppId?: string | Provider<string | undefined>;
  /** The clock for timeouts, delays and signatures. @default - the clock of the system */
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

/** Fills in the defaults of a configuration. Reads the environment variables, except the Region and the credentials. */
export function resolveConfig(config: IvschatClientConfig): IvschatClientResolvedConfig {
  const clock = config.clock ?? systemClock;
  const maximumResponseBytes = config.maximumResponseBytes ?? 16 * 1024 * 1024;
  const handler = config.requestHandler ?? {};
  const region = provider(config.region ?? regionOfEnvironment);
  const useFipsEndpoint = provider(config.useFipsEndpoint ?? flagOfEnvironment('AWS_USE_FIPS_ENDPOINT'));
  const useDualstackEndpoint = provider(config.useDualstackEndpoint ?? flagOfEnvironment('AWS_USE_DUALSTACK_ENDPOINT'));
  const maxAttempts = provider(config.maxAttempts ?? maxAttemptsOfEnvironment());
  const retryMode = provider(config.retryMode ?? (environment().AWS_RETRY_MODE || 'standard'));
  const { credentials = async () => credentialsOfEnvironment(environment(), config.profile) } = config;
  const endpoint = config.endpoint ?? endpointOfEnvironment(environment());
  let strategy = config.retryStrategy;

  return {
    region,
    credentials: typeof credentials === 'object' ? provider(credentials) : remembered(credentials, clock),
    endpoint: endpointProvider(
      endpoint, region, useFipsEndpoint, useDualstackEndpoint, config.allowInsecureEndpoint),
    useFipsEndpoint,
    useDualstackEndpoint,
    maxAttempts,
    retryStrategy: async () => {
      if (!strategy) {
        validateRetryMode(await retryMode());
        strategy = standardRetryStrategy(await maxAttempts(), clock, config.random ?? (() => Math.random()));
      }
      return strategy;
    },
    requestHandler: 'handle' in handler
      ? handler
      : requestHandler(handler, clock, maximumResponseBytes, 'cdk-ivs-chat'),
    requestTimeout: (handler as RequestHandlerOptions).requestTimeout ?? 5000,
    logger: config.logger,
    callTimeout: config.callTimeout ?? 30_000,
    validateInput: config.validateInput ?? true,
    maximumResponseBytes,
    clock,
    systemClockOffset: 0,
  };
}

/** Returns a provider for a value. The promise is created once. */
function provider<T>(given: T | Provider<T>): Provider<T> {
  if (typeof given === 'function') return given as Provider<T>;
  const promise = Promise.resolve(given);
  return () => promise;
}

async function regionOfEnvironment(): Promise<string> {
  const { AWS_REGION } = environment();
  if (!AWS_REGION) throw new Error('Region is missing: set AWS_REGION, or give `region`');
  return AWS_REGION;
}

/** Returns the provider of a variable that is `true` or `false`. The AWS SDK ignores other values. */
function flagOfEnvironment(name: string): Provider<boolean> {
  return async () => {
    const value = environment()[name] || 'false';
    if (!/^(true|false)$/.test(value)) throw new Error(`${name} must be true or false, got ${value}`);
    return value === 'true';
  };
}

function maxAttemptsOfEnvironment(): number {
  const attempts = parseInt(environment().AWS_MAX_ATTEMPTS!, 10);
  return Number.isNaN(attempts) ? 3 : attempts;
}

/** The AWS SDK also uses the standard mode for `legacy`. */
function validateRetryMode(mode: string): void {
  if (/^(standard|legacy)$/.test(mode)) return;
  throw new Error(`retryMode must be standard, got ${mode}; `
    + 'for another mode, give a `retryStrategy`, for example one of @smithy/core/retry');
}
