import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DeployState } from '../../aws/deploy-state';
import type { Identities } from '../../aws/http/identities';
import type { ChatLogs } from '../chat-logs/chat-logs';
import type { Activity } from './activity';
import { consolePage } from './console-page.cjs';
import type { ConsoleState } from './console-state';
import { ConsoleStream } from './console-stream';
import { keyPage } from './key-page';
import type { ConsoleParts, ShownFrame } from './console-update';
import { VirtualClock } from '../../clock';
import { faultKinds, faultOperations, faultProblems, type Fault } from '../faults';
import type { ChatTokenGrant } from '../messaging/chat-tokens';
import type { FrameLog, LoggedFrame } from '../messaging/frame-log';
import type { RequestGuard } from '../request-guard';
import type { RoomFrame } from '../messaging/messaging';
import { parseJson } from '../parse-json';
import { RecentItems } from '../recent-items';
import { readBody } from '../../aws/http/read-body';
import type { RequestLog } from '../request-log';
import { loggingConfigurationState } from '../state/resource-store';
import type { ServiceState } from '../service-state';
import { ServiceError } from '../../aws/http/service-error';
import { IvsChatError } from '../control-plane/ivs-chat-error';

/** All paths of the console begin with this path. The key of the console follows. */
export const CONSOLE_PATH = '/_local/';
const MAXIMUM_BODY_BYTES = 16 * 1024;
const SHOWN = 200;
const MAXIMUM_ADVANCE_MILLISECONDS = 24 * 60 * 60 * 1000;

export interface ConsoleServerOptions {
  readonly region: string;
  readonly identities: Identities;
  readonly activity: Activity;
  readonly frames: FrameLog;
  readonly log: RequestLog;
  readonly chatLogs: ChatLogs | undefined;
  readonly requestGuard: RequestGuard;
  /** Drops the connections of a room and of a user, or all. */
  dropConnections(roomArn?: string, userId?: string): void;
  /** Performs an operation as the administrator, without faults. @throws ServiceError */
  call(operation: string, input: object): Promise<object>;
  /** @default - the console shows no stacks */
  readonly deployState?: () => DeployState;
}

/**
 * The console server. It shows the state, performs operations and injects faults, for everyone who knows the key in its
 * address.
 */
export class ConsoleServer {
  private readonly roomFrames = new RecentItems<{ readonly roomArn: string; readonly frame: RoomFrame }>(SHOWN);
  private readonly stream = new ConsoleStream({
    now: () => new Date(this.service.clock.now()).toISOString(),
    parts: () => this.parts(),
    news: (frame, request, logLine) => ({
      frames: this.options.frames.after(frame).map(({ number, item }) => shownFrame(number, item)),
      requests: this.options.log.after(request),
      logLines: this.options.deployState?.().logLines.filter(({ id }) => id > logLine) ?? [],
    }),
  });

  /** The path of the console, with its key. */
  readonly path: string;

  constructor(private readonly service: ServiceState, private readonly options: ConsoleServerOptions) {
    this.path = `${CONSOLE_PATH}${keyOf(options.identities)}/`;
  }

  /** Records a frame for the state. */
  watch(roomArn: string, frame: RoomFrame): void {
    this.roomFrames.add({ roomArn, frame });
  }

  close(): void {
    this.stream.close();
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    try {
      if (request.method === 'GET' && request.url === `${CONSOLE_PATH}health`) {
        response.setHeader('content-type', 'application/json');
        return void response.end(JSON.stringify({ status: 'ready' }));
      }
      if (!this.options.requestGuard.isSameOrigin(request)) {
        throw new ServiceError('Forbidden', 'Only programs and pages of this server can use the console', 403);
      }
      if (!startsWith(request.url!, this.path)) {
        if (isNavigation(request)) {
          response.writeHead(403, {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
          });
          return void response.end(keyPage);
        }
        throw new ServiceError(
          'Forbidden',
          'The address of the console has a key. Use the address that the service printed at its start',
          403,
        );
      }
      const what = `${request.method} ${request.url!.slice(this.path.length - 1)}`;
      const body = await readBody(request, MAXIMUM_BODY_BYTES);
      if (what === 'GET /events') return this.stream.open(response);
      if (what === 'GET /') response.setHeader('content-security-policy', contentSecurityPolicy(request));
      const [contentType, content] = await this.answer(what, request, body);
      response.setHeader('content-type', contentType);
      response.end(content);
    } catch (error) {
      if (!(error instanceof ServiceError)) this.options.log.unexpected(error);
      const { status, code, message } = error instanceof ServiceError
        ? error
        : { status: 500, code: 'InternalServerException', message: 'An unexpected error occurred' };
      if (!request.complete) response.setHeader('connection', 'close'); // does not wait for the rest of the body
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code, message }));
    }
  }

  private async answer(what: string, request: IncomingMessage, body: Buffer): Promise<[string, string]> {
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
      case 'GET /': return ['text/html; charset=utf-8', consolePage().html];
      case 'GET /console.css': return ['text/css; charset=utf-8', consolePage().style];
      case 'GET /console.js': return ['text/javascript; charset=utf-8', consolePage().script];
      case 'GET /state': return json(this.state());
      case 'POST /call': return json(await this.call(input() as { operation?: unknown; input?: unknown }));
      case 'POST /clock': {
        this.advanceClock((input() as { milliseconds?: unknown }).milliseconds);
        return json({});
      }
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
        const { roomArn, userId } = input() as { roomArn?: string; userId?: string };
        this.options.dropConnections(roomArn, userId);
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

  /** Performs an operation for the page, and records it as a request of the administrator. */
  private async call({ operation, input = {} }: { operation?: unknown; input?: unknown }): Promise<object> {
    if (typeof operation !== 'string' || typeof input !== 'object' || input === null) {
      throw new ServiceError('BadRequest', 'operation must be a string, and input must be an object');
    }
    const { clock } = this.service;
    const { identities, log, region } = this.options;
    const record = (status: number, output: object, error?: ServiceError) => log.add({
      time: new Date(clock.now()).toISOString(),
      requestId: '',
      operation,
      status,
      error: error?.code,
      caller: identities.administrator.arn,
    }, { region, input, output, message: error?.message });
    try {
      const output = await this.options.call(operation, input);
      record(200, output);
      return output;
    } catch (error) {
      if (error instanceof ServiceError) record(error.status, { message: error.message, ...error.members }, error);
      throw error;
    }
  }

  private advanceClock(milliseconds: unknown): void {
    const { clock } = this.service;
    if (!(clock instanceof VirtualClock)) {
      throw new ServiceError('Conflict', 'The service has the system clock. To move the time, use a VirtualClock', 409);
    }
    if (typeof milliseconds !== 'number' || !(milliseconds > 0 && milliseconds <= MAXIMUM_ADVANCE_MILLISECONDS)) {
      throw new ServiceError(
        'BadRequest', `milliseconds must be more than 0 and at most ${MAXIMUM_ADVANCE_MILLISECONDS}`,
      );
    }
    clock.advance(milliseconds);
  }

  /** Removes all rooms, logging configurations, messages and faults, and drops all connections. */
  private reset(): void {
    const { faults, loggingConfigurations, rooms } = this.service;
    this.options.dropConnections();
    for (const { arn } of [...rooms.all()]) rooms.delete(arn);
    for (const { arn } of [...loggingConfigurations.all()]) loggingConfigurations.delete(arn);
    faults.clear();
    this.roomFrames.clear();
    this.options.frames.clear();
  }

  private state(): ConsoleState {
    return {
      now: new Date(this.service.clock.now()).toISOString(),
      ...this.lists(),
      frames: this.roomFrames.newestFirst(),
      requests: this.options.log.recent().slice(0, SHOWN),
    };
  }

  private parts(): ConsoleParts {
    const { clock } = this.service;
    const { activity, deployState, identities, region } = this.options;
    return {
      ...this.lists(),
      service: {
        region,
        accountId: identities.accountId,
        faultOperations,
        virtualTime: clock instanceof VirtualClock ? new Date(clock.now()).toISOString() : undefined,
        hasStacks: deployState !== undefined,
      },
      activity: activity.recent(),
      stacks: deployState?.().stacks ?? [],
    };
  }

  private lists(): Omit<ConsoleState, 'now' | 'frames' | 'requests'> {
    const { clock, loggingConfigurations, messaging, rooms, tokens } = this.service;
    const now = clock.now();
    const newestFirst = <T>(items: readonly T[]) => items.slice(-SHOWN).reverse();
    const people = new Map<string, number>();
    const connections = [...messaging.connections()];
    for (const { grant } of connections) people.set(grant.roomArn, (people.get(grant.roomArn) ?? 0) + 1);
    const allRooms = [...rooms.all()];
    return {
      counts: { rooms: allRooms.length, connections: connections.length, deliveries: messaging.deliveries },
      rooms: newestFirst(allRooms).map((room) => ({
        arn: room.arn,
        name: room.name,
        connections: people.get(room.arn) ?? 0,
        maximumMessageLength: room.maximumMessageLength,
        maximumMessageRatePerSecond: room.maximumMessageRatePerSecond,
        messageReviewHandler: room.messageReviewHandler?.uri,
        fallbackResult: room.messageReviewHandler?.fallbackResult,
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
        attributes: grant.attributes,
        capabilities: grant.capabilities,
        address,
        connectedAt: new Date(connectedAt).toISOString(),
        sessionExpirationTime: new Date(grant.sessionExpirationTime).toISOString(),
      })),
      tokens: newestFirst(tokens.recent()).map((grant) => ({
        userId: grant.userId,
        roomArn: grant.roomArn,
        attributes: grant.attributes,
        capabilities: grant.capabilities,
        tokenExpirationTime: new Date(grant.tokenExpirationTime).toISOString(),
        state: tokenState(grant, now),
      })),
      logDeliveries: newestFirst(this.options.chatLogs?.deliveries ?? []),
      faults: this.service.faults.list(),
      faultKinds,
    };
  }
}

function tokenState(grant: ChatTokenGrant, now: number): ConsoleState['tokens'][number]['state'] {
  if (grant.used) return 'used';
  return grant.tokenExpirationTime <= now ? 'expired' : 'unused';
}

function shownFrame(number: number, frame: LoggedFrame): ShownFrame {
  const { content } = frame;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return {
    ...frame,
    number,
    time: new Date(frame.time).toISOString(),
    // An object, so that its members with secrets are masked.
    content: typeof content === 'string' ? (parseJson(Buffer.from(content)) as object | undefined) ?? content : content,
    bytes: frame.bytes ?? Buffer.byteLength(text),
  };
}

/** Nothing of the page comes from elsewhere, and no other page can show it in a frame. */
function contentSecurityPolicy({ headers }: IncomingMessage): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ws://${headers.host}`, // Some browsers do not include ws: in 'self'.
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Returns whether a browser opens the address as a page. */
export function isNavigation({ headers, method }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true;
}

/**
 * Returns the key of the console. It is derived from the credentials of the administrator, because they allow the same:
 * with the same credentials, the address stays the same. The key does not reveal the credentials.
 */
function keyOf({ administrator }: Identities): string {
  return createHmac('sha256', administrator.secretAccessKey).update('console').digest('hex').slice(0, 16);
}

/** Compares in constant time, so that the duration reveals no part of the key. */
function startsWith(url: string, path: string): boolean {
  const given = Buffer.from(url.slice(0, path.length));
  const expected = Buffer.from(path);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
