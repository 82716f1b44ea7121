import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { regions } from '../../src/contract/regions';
import { isLoopback } from '../aws/http/loopback';
import { Identities } from '../aws/http/identities';
import { Activity } from './console/activity';
import { CONSOLE_PATH, ConsoleServer, isNavigation } from './console/console-server';
import { ChatLogs } from './chat-logs/chat-logs';
import { ChatTokens } from './messaging/chat-tokens';
import { systemClock } from '../clock';
import { ControlPlane } from './control-plane/control-plane';
import { maximumConnections } from './connection-limit';
import { Faults } from './faults';
import { FrameLog } from './messaging/frame-log';
import { Handshake, refuseUpgrade } from './messaging/handshake';
import { RequestGuard } from './request-guard';
import { systemRandom } from './ids';
import type { LocalIvsChat, LocalIvsChatOptions } from './local-ivs-chat';
import { allLogDestinations, folderLogDestinations } from './chat-logs/log-destinations';
import { Messaging } from './messaging/messaging';
import { MessagingRequests } from './messaging/messaging-requests';
import { defaultQuotas } from './quotas';
import { RateLimits } from './rate-limit';
import { RequestLog } from './request-log';
import { ResourceStore, type LoggingConfiguration, type Room } from './state/resource-store';
import type { ServiceState } from './service-state';
import { StateFile } from './state/state-file';

export type { LocalIvsChat, LocalIvsChatOptions };

/**
 * Starts a local Amazon IVS Chat, with the control plane and messaging on one port.
 *
 * @throws if the port is in use or the state file is not valid.
 *
 * @example
 * const chat = await startLocalIvsChat();
 * const { controlPlane: endpoint, region, identities } = chat;
 * const client = new IvschatClient({ endpoint, region, credentials: identities.administrator });
 * await chat.close();
 */
export async function startLocalIvsChat(options: LocalIvsChatOptions = {}): Promise<LocalIvsChat> {
  const { host = '127.0.0.1', region = 'us-west-2', clock = systemClock, random = systemRandom } = options;
  const identities = options.identities ?? new Identities(options.accountId);
  const activity = new Activity(clock);
  const log = new RequestLog((request) => {
    const { milliseconds, status } = request;
    activity.request(status === 0 || status >= 400, milliseconds);
    options.onRequest?.(request);
  });
  const frames = new FrameLog(clock, (direction) => {
    if (direction === 'connection') activity.connections(service.messaging.connectionCount);
  });
  const faults = new Faults(random);
  const readDelay = options.readDelayMilliseconds ?? 0;
  const state = options.stateFile === undefined ? undefined : StateFile.open(options.stateFile);
  const rooms = new ResourceStore<Room>(clock, readDelay, (change) =>
    state?.file.append('put' in change ? { room: change.put } : change),
  );
  const loggingConfigurations = new ResourceStore<LoggingConfiguration>(clock, readDelay, (change) =>
    state?.file.append('put' in change ? { loggingConfiguration: change.put } : change));
  for (const change of state?.changes ?? []) {
    if ('room' in change) rooms.load(change.room);
    else if ('loggingConfiguration' in change) loggingConfigurations.load(change.loggingConfiguration);
  }
  const destinations = [options.logFolder && folderLogDestinations(options.logFolder), options.logDestinations].filter(
    (given) => !!given,
  );
  const chatLogs = destinations.length
    ? new ChatLogs(
      { rooms, loggingConfigurations },
      allLogDestinations(destinations),
      options.logDelayMilliseconds ?? 1_000,
      clock,
      random,
      log,
    )
    : undefined;
  const service: ServiceState = {
    clock,
    random,
    rooms,
    loggingConfigurations,
    tokens: new ChatTokens(clock, random),
    messaging: new Messaging(clock, random, (roomArn, frame) => {
      if (frame.Type === 'MESSAGE') activity.message();
      chatLogs?.record(roomArn, frame);
      consoleServer.watch(roomArn, frame);
    }, frames),
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
  const handshake = new Handshake(
    service,
    new MessagingRequests(service, options.invokeFunction, log, frames),
    log,
    frames,
    options.pingMilliseconds ?? 30_000,
  );
  const dropConnections = (roomArn?: string, userId?: string) => {
    for (const connection of [...service.messaging.connections(roomArn)]) {
      if (userId !== undefined && connection.grant.userId !== userId) continue;
      connection.closeReason ??= 'dropped by the console or a test';
      connection.webSocket.terminate();
    }
  };
  const requestGuard = new RequestGuard([host, ...options.allowedHosts ?? []], options.allowedOrigins ?? []);
  const logRefusal = (operation: string, error: string) =>
    log.add({ time: new Date(clock.now()).toISOString(), requestId: '', operation, status: 403, error });
  const call = (operation: string, input: object = {}) =>
    controlPlane.call(operation, { identity: identities.administrator, region }, input);
  const consoleServer = new ConsoleServer(service, {
    region,
    identities,
    activity,
    frames,
    log,
    chatLogs,
    requestGuard,
    dropConnections,
    call,
    deployState: options.deployState,
  });

  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000, keepAliveTimeout: 60_000 },
    (request, response) => {
      response.sendDate = false; // the Date header has the time of `clock`, so that clients can correct theirs
      response.setHeader('date', new Date(clock.now()).toUTCString());
      const refused = requestGuard.refuses(request);
      if (refused) {
        logRefusal(`${request.method}`, refused);
        response.writeHead(403, { 'content-type': 'application/json', 'connection': 'close' });
        response.end(JSON.stringify({ message: refused }));
      } else if (request.url!.startsWith(CONSOLE_PATH) || (request.url === '/' && isNavigation(request))) {
        void consoleServer.handle(request, response);
      } else if (allowCrossOrigin(request, response)) {
        void controlPlane.handle(request, response);
      }
    },
  );
  server.maxConnections = maximumConnections();
  server.on('upgrade', (request, socket, head) => {
    const refused = requestGuard.refuses(request);
    if (!refused) return handshake.upgrade(request, socket, head);
    logRefusal('CONNECT', refused);
    refuseUpgrade(socket, 403, refused);
  });
  await new Promise<void>((resolve, reject) => {
    const failed = (error: Error) => {
      state?.file.close();
      handshake.close();
      reject(error);
    };
    server.once('error', failed);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', failed);
      server.on('error', (error) => log.unexpected(error)); // a connection that could not be accepted
      resolve();
    });
  });
  if (!isLoopback(host)) {
    process.emitWarning(
      `The local IVS Chat listens on ${host}: other machines may reach it. It is intended for development only.`,
    );
  }
  const { port, family, address } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  const close = async () => {
    handshake.close();
    consoleServer.close();
    for (const connection of [...service.messaging.connections()]) {
      service.messaging.close(connection, 'the service ended');
      connection.webSocket.terminate();
    }
    const freed = new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    server.closeAllConnections();
    await freed;
    await chatLogs?.flush();
    state?.file.close();
  };
  const authority = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  return {
    controlPlane: `http://${authority}`,
    messaging: `ws://${authority}`,
    console: `http://${authority}${consoleServer.path}`,
    region,
    accountId: identities.accountId,
    identities,
    faults,
    call,
    dropConnections: (roomArn) => dropConnections(roomArn),
    flushLogs: async () => chatLogs?.flush(),
    close: () => (closed ??= close()),
  };
}

/**
 * Adds the CORS headers of the service, and responds to preflight requests.
 *
 * @returns Whether the request still needs a response.
 */
function allowCrossOrigin(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.headers.origin === undefined) return true;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader(
    'access-control-expose-headers',
    'x-amzn-errortype,x-amzn-requestid,x-amzn-errormessage,x-amzn-trace-id,x-amz-apigw-id,date',
  );
  if (request.method !== 'OPTIONS') return true;
  response
    .writeHead(200, {
      'access-control-allow-methods': 'GET,POST,DELETE,OPTIONS',
      'access-control-allow-headers':
        'Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Amz-Content-Sha256,X-Amz-User-Agent,'
        + 'amz-sdk-invocation-id,amz-sdk-request',
      'access-control-max-age': '86400',
    })
    .end();
  return false;
}
