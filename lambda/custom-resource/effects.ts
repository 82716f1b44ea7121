import { IvschatClient, type AwsCredentialIdentity, type Clock, type HttpHandler, type Provider } from '../client';
import { Attempt } from '../client/attempt';
import { ASSUMPTIONS } from './timing';
import { cloudFormation, type CloudFormation } from './cloudformation';

/** Everything that the custom resource does to the outside. */
export interface Effects {
  /** The Region of the function, and so of the stack. */
  readonly region: string;
  /**
   * How long the service may not show what it has done, in milliseconds. 0 says that nothing out there lags: neither the
   * service nor CloudFormation's status nor IAM nor requests on their way.
   */
  readonly settlingTime: number;
  /** The client of a Region. Makes one attempt per call: how long to go on is the custom resource's own business. */
  client(region: string): IvschatClient;
  /** Makes one attempt per call, like the clients. */
  readonly cloudFormation: CloudFormation;
  /** PUTs the answer to CloudFormation; gives the HTTP status. */
  put(url: URL, body: string): Promise<number>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, without an error, when the signal says so. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
  log(record: { readonly [name: string]: unknown }): void;
}

/** What the effects are made of: tests give a virtual clock and a faulty network. */
export interface Outside {
  /** Carries every request: to IVS Chat, to CloudFormation, and the answer. */
  readonly transport: HttpHandler;
  readonly clock: Clock;
  readonly credentials: Provider<AwsCredentialIdentity>;
  readonly environment: { readonly [name: string]: string | undefined };
  random(): number;
  log(record: { readonly [name: string]: unknown }): void;
}

/** How long CloudFormation may take to answer one request, or to take our answer. */
const REQUEST_TIMEOUT = 4000;

export function effectsOf({ transport, clock, random, log, credentials, environment }: Outside): Effects {
  const region = environment.AWS_REGION ?? '';
  const now = () => clock.now();
  const clients = new Map<string, IvschatClient>();
  const patientTransport: HttpHandler = {
    handle: (request) => Attempt.run(clock, REQUEST_TIMEOUT, undefined, (attempt) => transport.handle(request, attempt)),
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
        path: url.pathname + url.search, // verbatim: it is what was signed
        headers: { 'host': url.host, 'content-type': '', 'content-length': String(Buffer.byteLength(body)) },
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
    settlingTime: Number(environment.IVS_CHAT_SETTLING_TIME_IN_SECONDS ?? ASSUMPTIONS.readLag / 1000) * 1000,
  };
}
