import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChatLogs } from '../chat-logs/chat-logs';
import { consolePage, consoleScript, consoleStyle } from './console-page';
import type { ConsoleState } from './console-state';
import { faultKinds, faultProblems, type Fault } from '../faults';
import type { ChatTokenGrant } from '../messaging/chat-tokens';
import type { RequestGuard } from '../request-guard';
import type { RoomFrame } from '../messaging/messaging';
import { parseJson } from '../parse-json';
import { isLoopback } from '../../aws/http/loopback';
import { readBody } from '../../aws/http/read-body';
import type { RequestLog } from '../request-log';
import { loggingConfigurationState } from '../state/resource-store';
import type { ServiceState } from '../service-state';
import { ServiceError } from '../../aws/http/service-error';
import { IvsChatError } from '../control-plane/ivs-chat-error';

export const CONSOLE_PATH = '/_local/';
const MAXIMUM_BODY_BYTES = 16 * 1024;
const SHOWN = 200;
const REMEMBERED_FRAMES = 200;

/** The console server. From this machine only, it shows the state, injects faults and drops connections. */
export class ConsoleServer {
  private readonly frames: { readonly roomArn: string; readonly frame: RoomFrame }[] = [];

  constructor(
    private readonly service: ServiceState,
    private readonly log: RequestLog,
    private readonly chatLogs: ChatLogs | undefined,
    private readonly requestGuard: RequestGuard,
    private readonly dropConnections: (roomArn?: string) => void,
  ) {}

  /** Records a frame for the console. */
  watch(roomArn: string, frame: RoomFrame): void {
    this.frames.push({ roomArn, frame });
    if (this.frames.length > REMEMBERED_FRAMES) this.frames.shift();
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    try {
      if (`${request.method} ${request.url}` === `GET ${CONSOLE_PATH}health`) {
        response.setHeader('content-type', 'application/json');
        return void response.end(JSON.stringify({ status: 'ready' }));
      }
      if (!this.requestGuard.isSameOrigin(request) || !isLoopback(request.socket.remoteAddress)) {
        throw new ServiceError(
          'Forbidden',
          'Only requests from this machine and from pages of this server are allowed',
          403,
        );
      }
      const body = await readBody(request, MAXIMUM_BODY_BYTES);
      const [contentType, content] = this.answer(
        `${request.method} ${request.url!.slice(CONSOLE_PATH.length - 1)}`,
        request,
        body,
      );
      response.setHeader('content-type', contentType);
      response.end(content);
    } catch (error) {
      if (!(error instanceof ServiceError)) this.log.unexpected(error);
      const { status, message } =
        error instanceof ServiceError ? error : { status: 500, message: 'An unexpected error occurred' };
      if (!request.complete) response.setHeader('connection', 'close'); // does not wait for the rest of the body
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
    }
  }

  private answer(what: string, request: IncomingMessage, body: Buffer): [string, string] {
    const json = (value: unknown): [string, string] => ['application/json', JSON.stringify(value)];
    const input = () => {
      if (request.headers['content-type'] !== 'application/json') {
        throw new ServiceError('UnsupportedMediaType', 'The content-type must be application/json', 415);
      }
      const parsed = parseJson(body);
      if (typeof parsed !== 'object' || parsed === null) {
        throw new ServiceError('BadRequest', 'The body must be a JSON object');
      }
      return parsed;
    };
    switch (what) {
      case 'GET /': return ['text/html; charset=utf-8', consolePage];
      case 'GET /console.css': return ['text/css; charset=utf-8', consoleStyle];
      case 'GET /console.js': return ['text/javascript; charset=utf-8', consoleScript];
      case 'GET /state': return json(this.state());
      case 'GET /faults': return json(this.service.faults.list());
      case 'POST /faults': {
        const fault = input() as Fault;
        const problems = faultProblems(fault);
        if (problems.length) throw IvsChatError.invalidFields(problems);
        return json({ id: this.service.faults.add(fault) });
      }
      case 'DELETE /faults':
        this.service.faults.clear();
        return json({});
      case 'POST /drop-connections': {
        const { roomArn } = input() as { roomArn?: string };
        this.dropConnections(roomArn);
        return json({});
      }
    }
    if (what === 'POST /reset') {
      this.reset();
      return json({});
    }
    const id = /^DELETE \/faults\/(\d{1,9})$/.exec(what)?.[1];
    if (id && this.service.faults.remove(Number(id))) return json({});
    throw new ServiceError('NotFound', `There is no ${what}`, 404);
  }

  /** Removes all rooms, logging configurations, messages and faults, and drops all connections. */
  private reset(): void {
    const { faults, loggingConfigurations, rooms } = this.service;
    this.dropConnections();
    for (const { arn } of [...rooms.all()]) rooms.delete(arn);
    for (const { arn } of [...loggingConfigurations.all()]) loggingConfigurations.delete(arn);
    faults.clear();
    this.frames.length = 0;
  }

  private state(): ConsoleState {
    const { clock, loggingConfigurations, messaging, rooms, tokens } = this.service;
    const now = clock.now();
    const newestFirst = <T>(items: readonly T[]) => items.slice(-SHOWN).reverse();
    const people = new Map<string, number>();
    const connections = [...messaging.connections()];
    for (const { grant } of connections) people.set(grant.roomArn, (people.get(grant.roomArn) ?? 0) + 1);
    const allRooms = [...rooms.all()];
    const allTokens = tokens.recent();
    return {
      now: new Date(now).toISOString(),
      counts: { rooms: allRooms.length, connections: connections.length, deliveries: messaging.deliveries },
      rooms: newestFirst(allRooms).map((room) => ({
        arn: room.arn,
        name: room.name,
        connections: people.get(room.arn) ?? 0,
        maximumMessageLength: room.maximumMessageLength,
        maximumMessageRatePerSecond: room.maximumMessageRatePerSecond,
        messageReviewHandler: room.messageReviewHandler?.uri,
        loggingConfigurations: room.loggingConfigurationIdentifiers.length,
      })),
      loggingConfigurations: newestFirst([...loggingConfigurations.all()]).map((configuration) => ({
        arn: configuration.arn,
        name: configuration.name,
        state: loggingConfigurationState(configuration, now),
        destination: Object.entries(configuration.destinationConfiguration)
          .map(([kind, names]) => `${kind}: ${Object.values(names as object).join()}`)
          .join(),
      })),
      connections: newestFirst(connections).map(({ grant, address, connectedAt }) => ({
        userId: grant.userId,
        roomArn: grant.roomArn,
        capabilities: grant.capabilities,
        address,
        connectedAt: new Date(connectedAt).toISOString(),
        sessionExpirationTime: new Date(grant.sessionExpirationTime).toISOString(),
      })),
      tokens: newestFirst(allTokens).map((grant) => ({
        userId: grant.userId,
        roomArn: grant.roomArn,
        capabilities: grant.capabilities,
        tokenExpirationTime: new Date(grant.tokenExpirationTime).toISOString(),
        state: tokenState(grant, now),
      })),
      frames: newestFirst(this.frames),
      requests: this.log.recent().slice(0, SHOWN),
      logDeliveries: newestFirst(this.chatLogs?.deliveries ?? []),
      faults: this.service.faults.list(),
      faultKinds,
    };
  }
}

function tokenState(grant: ChatTokenGrant, now: number): ConsoleState['tokens'][number]['state'] {
  if (grant.used) return 'used';
  return grant.tokenExpirationTime <= now ? 'expired' : 'unused';
}
