import { cloudFormation, type CloudFormation } from './cloudformation';
import { ASSUMPTIONS } from './timing';
import { IvschatClient } from '../client';
import { Attempt } from '../http/attempt';
import type { AwsCredentialIdentity, Clock, HttpHandler, Provider } from '../http/types';

/** Everything outside of the custom resource: the services, the clock, random numbers and the log. */
export interface Effects {
  /** The Region of the function and of its stack. */
  readonly region: string;
  /**
   * The maximum read-after-write delay of the service, in milliseconds. With 0, the service, the statuses of
   * CloudFormation and IAM are all strongly consistent, and no request takes effect late.
   */
  readonly settlingTime: number;
  /** Returns the client for a Region. It makes one attempt per call: the custom resource has its own retries. */
  client(region: string): IvschatClient;
  /** The value of `AWS_ENDPOINT_URL`. AWS does not set it. */
  readonly endpoint: string | undefined;
  /**
   * Whether a simpler AWS emulator sent the request. Such an emulator delivers each request once and immediately,
   * without a date, and does not show a resource before it is complete.
   */
  readonly isEmulated: boolean;
  /** The client for CloudFormation. It makes one attempt per call. */
  readonly cloudFormation: CloudFormation;
  /** Sends the response to CloudFormation with PUT. Returns the HTTP status. */
  put(url: URL, body: string): Promise<number>;
  /** Returns the time in milliseconds since 1970. */
  now(): number;
  /** Waits. Ends early, without an error, if the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Returns a number of at least 0 and less than 1. */
  random(): number;
  log(record: { readonly [name: string]: unknown }): void;
}

/** The dependencies of `effectsOf`. Tests use a virtual clock and a faulty network. */
export interface Outside {
  /** Sends every request: to IVS Chat, to CloudFormation, and the response. */
  readonly transport: HttpHandler;
  readonly clock: Clock;
  readonly credentials: Provider<AwsCredentialIdentity>;
  readonly environment: { readonly [name: string]: string | undefined };
  random(): number;
  log(record: { readonly [name: string]: unknown }): void;
}

/** The maximum duration of one request to CloudFormation, in milliseconds. */
const REQUEST_TIMEOUT = 4000;

export function effectsOf({ transport, clock, random, log, credentials, environment }: Outside): Effects {
  const region = environment.AWS_REGION ?? '';
  const now = () => clock.now();
  const clients = new Map<string, IvschatClient>();
  const patientTransport: HttpHandler = {
    handle: (request) =>
      Attempt.run(clock, REQUEST_TIMEOUT, undefined, (attempt) => transport.handle(request, attempt)),
  };
  const endpoint = environment.AWS_ENDPOINT_URL_CLOUDFORMATION ?? environment.AWS_ENDPOINT_URL;
  return {
    client(ofRegion) {
      let client = clients.get(ofRegion);
      if (!client) {
        client = new IvschatClient({
          region: ofRegion,
          credentials,
          endpoint: environment.AWS_ENDPOINT_URL_IVSCHAT ?? environment.AWS_ENDPOINT_URL,
          maxAttempts: 1,
          requestHandler: transport,
          clock,
          random,
        });
        clients.set(ofRegion, client);
      }
      return client;
    },
    cloudFormation: cloudFormation({ transport: patientTransport, credentials, region, endpoint, now }),
    async put(url, body) {
      const { response } = await patientTransport.handle({
        method: 'PUT',
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port ? { port: Number(url.port) } : {}),
        path: url.pathname + url.search, // unchanged, because it is signed
        headers: { 'host': url.host, 'content-type': '' }, // the transport adds the length
        body,
      });
      return response.statusCode;
    },
    now,
    sleep: (milliseconds, signal) => new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clock.clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = clock.setTimeout(wake, milliseconds);
      signal?.addEventListener('abort', wake);
    }),
    random,
    log,
    region,
    endpoint: environment.AWS_ENDPOINT_URL,
    isEmulated: false,
    settlingTime: Number(environment.IVS_CHAT_SETTLING_TIME_IN_SECONDS ?? ASSUMPTIONS.readLag / 1000) * 1000,
  };
}
