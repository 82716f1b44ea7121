import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { regions } from '../../src/contract/regions';
import { Identities } from '../identities';
import { ChatTokens } from './chat-tokens';
import { systemClock, type Clock } from './clock';
import { ControlPlane } from './control-plane';
import { Faults } from './faults';
import { Handshake, refuseUpgrade } from './handshake';
import { HostAndOrigin } from './host-and-origin';
import { systemRandom, type Random } from './ids';
import type { InvokeFunction } from './message-review';
import type { FunctionPolicy } from './message-review-permission';
import { Messaging } from './messaging';
import { MessagingRequests } from './messaging-requests';
import { defaultQuotas, type Quotas } from './quotas';
import { RateLimits } from './rate-limit';
import { RequestLog, type LoggedRequest } from './request-log';
import { ResourceStore, type LoggingConfiguration, type Room } from './resource-store';
import type { Service } from './service';

export interface LocalIvsChatOptions {
  /** Default: 0, any that is free. */
  readonly port?: number;
  /** The address to listen on. Anything but loopback lets other machines in. Default: 127.0.0.1. */
  readonly host?: string;
  /** Further host names that requests may be addressed to. Default: only loopback names. */
  readonly allowedHosts?: readonly string[];
  /** Further origins whose pages may use it, `*` for all. Default: only pages of loopback hosts. */
  readonly allowedOrigins?: readonly string[];
  /** The Region it tells in its answer; it serves all Regions that IVS Chat has. Default: us-west-2. */
  readonly region?: string;
  /** Default: 123456789012. */
  readonly accountId?: string;
  /** Whose signatures are accepted. Default: an administrator with keys made for this process. */
  readonly identities?: Identities;
  /** Default: true. With false anybody is the administrator. */
  readonly verifySignatures?: boolean;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default: the system's. */
  readonly random?: Random;
  /** Default: `defaultQuotas`, with the rates off that would only hinder. */
  readonly quotas?: Partial<Quotas>;
  /** How many milliseconds a change takes to be seen by Get and List operations. Default: 0. */
  readonly readDelayMilliseconds?: number;
  /** How many milliseconds logging configurations are CREATING, UPDATING and DELETING. Default: 0. */
  readonly transitionMilliseconds?: number;
  /** How many milliseconds a connection may be silent before it is asked whether it is there, and then let go. Default: 30,000. */
  readonly pingMilliseconds?: number;
  /** Invokes message review handlers. Default: none can be, and the room's fallback decides. */
  readonly invokeFunction?: InvokeFunction;
  /** The resource policy of a Lambda function, undefined if there is no such function. Default: every function may be a handler. */
  readonly functionPolicy?: (functionArn: string) => FunctionPolicy | undefined | Promise<FunctionPolicy | undefined>;
  /** Told of each request, without its secrets. */
  readonly onRequest?: (request: LoggedRequest) => void;
}

export interface LocalIvsChat {
  /** `http://127.0.0.1:N`: the endpoint for SDKs and CLI. */
  readonly controlPlane: string;
  /** `ws://127.0.0.1:N`: the official client's `regionOrUrl`. */
  readonly messaging: string;
  readonly region: string;
  readonly accountId: string;
  readonly identities: Identities;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** Drops connections as a network does, without a close frame: those of one room, or all. The official client comes back. */
  dropConnections(roomArn?: string): void;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts Amazon IVS Chat on this machine: control plane and messaging on one port.
 *
 * Throws what `listen` does when the port is taken.
 *
 * @example
 * const chat = await startLocalIvsChat();
 * const client = new IvschatClient({ endpoint: chat.controlPlane, region: chat.region, credentials: chat.identities.administrator });
 * await chat.close();
 */
export async function startLocalIvsChat(options: LocalIvsChatOptions = {}): Promise<LocalIvsChat> {
  const { host = '127.0.0.1', region = 'us-west-2', clock = systemClock, random = systemRandom } = options;
  const identities = options.identities ?? new Identities(options.accountId ?? '123456789012');
  const log = new RequestLog(options.onRequest);
  const faults = new Faults(random);
  const readDelay = options.readDelayMilliseconds ?? 0;
  const service: Service = {
    clock,
    random,
    rooms: new ResourceStore<Room>(clock, readDelay, () => {}),
    loggingConfigurations: new ResourceStore<LoggingConfiguration>(clock, readDelay, () => {}),
    tokens: new ChatTokens(clock, random),
    messaging: new Messaging(clock, random, () => {}),
    quotas: { ...defaultQuotas, ...options.quotas },
    rates: new RateLimits(clock),
    faults,
    paginationKey: random(32),
    transitionMilliseconds: options.transitionMilliseconds ?? 0,
    functionPolicy: options.functionPolicy,
  };
  const controlPlane = new ControlPlane(service, {
    identities,
    log,
    defaultRegion: region,
    regions: [...new Set([...regions, region])],
    anybody: options.verifySignatures === false ? identities.administrator : undefined,
  });
  const handshake = new Handshake(service, new MessagingRequests(service, options.invokeFunction, log), log, options.pingMilliseconds ?? 30_000);
  const hostAndOrigin = new HostAndOrigin([host, ...options.allowedHosts ?? []], options.allowedOrigins ?? []);

  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000, keepAliveTimeout: 60_000 },
    (request, response) => {
      response.sendDate = false; // the Date header is the clock's, or clients could not find out how far theirs is off
      response.setHeader('date', new Date(clock.now()).toUTCString());
      const elsewhere = hostAndOrigin.refuses(request);
      if (elsewhere) {
        response.writeHead(403, { 'content-type': 'application/json', 'connection': 'close' });
        response.end(JSON.stringify({ message: `The ${elsewhere} of this request is not allowed` }));
      } else if (allowCrossOrigin(request, response)) {
        void controlPlane.handle(request, response);
      }
    },
  );
  server.on('upgrade', (request, socket, head) => {
    const elsewhere = hostAndOrigin.refuses(request);
    if (elsewhere) refuseUpgrade(socket, 403, `The ${elsewhere} of this request is not allowed`);
    else handshake.upgrade(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port, family, address } = server.address() as AddressInfo;
  const authority = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  return {
    controlPlane: `http://${authority}`,
    messaging: `ws://${authority}`,
    region,
    accountId: identities.accountId,
    identities,
    faults,
    dropConnections(roomArn) {
      for (const connection of [...service.messaging.connections(roomArn)]) connection.webSocket.terminate();
    },
    close: () => new Promise((resolve, reject) => {
      handshake.close();
      for (const connection of [...service.messaging.connections()]) {
        service.messaging.close(connection);
        connection.webSocket.terminate();
      }
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    }),
  };
}

/**
 * What the service lets pages of other origins send and see.
 *
 * @returns whether the request itself is still to be answered.
 */
function allowCrossOrigin(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.headers.origin === undefined) return true;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', 'x-amzn-errortype,x-amzn-requestid,x-amzn-errormessage,x-amzn-trace-id,x-amz-apigw-id,date');
  if (request.method !== 'OPTIONS') return true;
  response.writeHead(200, {
    'access-control-allow-methods': 'GET,POST,DELETE,OPTIONS',
    'access-control-allow-headers': 'Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Amz-Content-Sha256,X-Amz-User-Agent,amz-sdk-invocation-id,amz-sdk-request',
    'access-control-max-age': '86400',
  }).end();
  return false;
}
