import type { Capability } from './chat-tokens';
import { newId } from '../ids';
import { reviewMessage, type InvokeFunction } from './message-review';
import type { FaultKind } from '../faults';
import type { FrameLog } from './frame-log';
import type { Connection } from './messaging';
import { parseJson } from '../parse-json';
import { accountWide } from '../rate-limit';
import type { RequestDetails, RequestLog } from '../request-log';
import type { ServiceState } from '../service-state';
import { check, codePoints, type Problem } from '../../../src/contract/check';
import { ChatTokenAttributes, MessageID, Reason, UserID } from '../../../src/contract/generated/constraints';
import type { StructureShape } from '../../../src/contract/shape';

/** The limit is larger than any valid request: 500 characters and 1 KB of attributes, escaped. */
const MAXIMUM_FRAME_BYTES = 8 * 1024;

type Attributes = { readonly [key: string]: string };
interface MessagingRequest {
  readonly Action: Capability;
  readonly RequestId?: string;
  readonly Content?: string;
  readonly Attributes?: Attributes;
  readonly Id?: string;
  readonly UserId?: string;
  readonly Reason?: string;
}

const text = { type: 'string', sensitive: true } as const;
const action = (members: StructureShape['members'], required: string[]): StructureShape =>
  ({ type: 'structure', members: { RequestId: text, ...members }, required });
const { maximumBytes: _, ...attributesOfAnySize } = ChatTokenAttributes; // a size error has the code 413 instead of 400
const inSize = action({ Attributes: ChatTokenAttributes }, []);

const actions: { readonly [name in Capability]: StructureShape } = {
  SEND_MESSAGE: action({ Content: { ...text, minimum: 1 }, Attributes: attributesOfAnySize }, ['Content']),
  DELETE_MESSAGE: action({ Id: MessageID, Reason }, ['Id']),
  DISCONNECT_USER: action({ UserId: UserID, Reason }, ['UserId']),
};

const memberNames = new Map(
  ['Action', ...Object.values(actions).flatMap(({ members }) => Object.keys(members))].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** Front ends compare these messages for equality. The log has the details. */
const RATE_EXCEEDED = 'rate limit exceeded';
const MESSAGE_TOO_LONG = 'Message exceeds maximum length';

/** An error that is sent as an ERROR frame. */
class Refusal extends Error {
  /** @param detail An explanation for the log. It must not contain input of the user. */
  constructor(
    readonly code: 400 | 401 | 403 | 404 | 406 | 413 | 429 | 500,
    message: string,
    readonly detail?: string,
    readonly fault?: FaultKind,
  ) {
    super(message);
  }
}

/** Handles the requests of clients over their connections. */
export class MessagingRequests {
  constructor(
    private readonly service: ServiceState,
    private readonly invokeFunction: InvokeFunction | undefined,
    private readonly log: RequestLog,
    private readonly frames: FrameLog,
  ) {}

  /** Handles a request. Only errors have a response. The result of a success is sent to the whole room. */
  async handle(connection: Connection, data: Buffer, isBinary: boolean): Promise<void> {
    let requestId = '';
    let operation = 'unknown';
    let status = 200;
    let refusal: Refusal | undefined;
    let fault: FaultKind | undefined;
    let frame: number | undefined;
    try {
      const parsed = data.length <= MAXIMUM_FRAME_BYTES && !isBinary ? parseJson(data) : undefined;
      const fields = typeof parsed === 'object' && parsed !== null ? withMemberNames(parsed) : {};
      if (typeof fields.RequestId === 'string') requestId = fields.RequestId;
      if (Object.hasOwn(actions, String(fields.Action))) operation = String(fields.Action);
      frame = this.frames.received(operation, connection.grant, data);
      if (!connection.rate.take(this.service.quotas.messagingRequestsPerConnection, this.service.clock.now())) {
        throw new Refusal(
          429,
          RATE_EXCEEDED,
          `More than ${this.service.quotas.messagingRequestsPerConnection} requests per second on this connection`,
        );
      }
      if (data.length > MAXIMUM_FRAME_BYTES) {
        throw new Refusal(413, `A request must be at most ${MAXIMUM_FRAME_BYTES} bytes`);
      }
      if (isBinary) throw new Refusal(400, 'Requests must be text frames');
      if (await this.fault(connection, operation)) {
        fault = 'lostRequest';
        status = 0;
        return;
      }
      await this.perform(connection, validRequest(fields), requestId, frame);
      if (this.service.faults.take('lostResponse', operation)) {
        fault = 'lostResponse';
        drop(connection);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) this.log.unexpected(error);
      refusal = error instanceof Refusal ? error : new Refusal(500, 'Internal server error');
      status = refusal.code;
      this.service.messaging.sendError(connection, refusal.code, refusal.message, requestId);
    } finally {
      const { roomArn, userId } = connection.grant;
      this.logged(operation, status, requestId, roomArn, refusal?.detail, {
        roomArn, userId, frame, fault: fault ?? refusal?.fault, message: refusal?.detail ?? refusal?.message,
      });
    }
  }

  private async perform(
    connection: Connection,
    request: MessagingRequest,
    requestId: string,
    frame: number,
  ): Promise<void> {
    const { clock, faults, messaging, quotas, rooms } = this.service;
    const { grant } = connection;
    if (grant.sessionExpirationTime <= clock.now()) throw new Refusal(401, 'The session has expired');
    if (!grant.capabilities.includes(request.Action)) {
      throw new Refusal(403, `The chat token does not have the capability ${request.Action}`);
    }
    const room = rooms.get(grant.roomArn);
    if (!room) throw new Refusal(404, 'The room does not exist');
    switch (request.Action) {
      case 'DELETE_MESSAGE':
        this.limit(quotas.deleteMessagePerSecond, 'DeleteMessage', grant.roomArn);
        messaging.deleteMessage(grant.roomArn, request.Id!, request.Reason, requestId);
        return;
      case 'DISCONNECT_USER':
        this.limit(quotas.disconnectUserPerSecond, 'DisconnectUser', grant.roomArn);
        messaging.disconnectUser(grant.roomArn, request.UserId!, request.Reason, requestId, grant.userId);
        return;
      case 'SEND_MESSAGE': {
        this.limit(quotas.sendMessagePerSecond, 'SendMessage', grant.roomArn);
        if (!this.service.rates.take(grant.roomArn, room.maximumMessageRatePerSecond)) {
          throw new Refusal(
            429,
            RATE_EXCEEDED,
            `More than ${room.maximumMessageRatePerSecond} messages per second in this room`,
          );
        }
        const length = codePoints(request.Content!);
        if (length > room.maximumMessageLength) {
          throw new Refusal(
            400,
            MESSAGE_TOO_LONG,
            `Messages must be at most ${room.maximumMessageLength} characters, not ${length}`,
          );
        }
        const problems = check(inSize, request);
        if (problems.length) throw new Refusal(413, described(problems));
        const id = newId(this.service.random);
        const sender = { UserId: grant.userId, Attributes: grant.attributes };
        let message = { content: request.Content!, attributes: request.Attributes ?? null };
        if (room.messageReviewHandler) {
          const event = {
            Content: message.content,
            MessageId: id,
            RoomArn: room.arn,
            Attributes: message.attributes ?? {},
            Sender: { ...sender, Ip: connection.address },
          };
          const fault = faults.take('reviewFailed', request.Action) ?? faults.take('reviewTimedOut', request.Action);
          const review = await reviewMessage(
            room, event, message.attributes, fault ? failingFunction(fault.kind) : this.invokeFunction, clock,
          );
          if (review.failure) {
            this.logged('MessageReview', 0, requestId, room.messageReviewHandler.uri, review.failure, {
              roomArn: room.arn,
              userId: grant.userId,
              frame,
              fault: fault?.kind,
              message: review.cause,
              output: { ReviewResult: review.result, FallbackResult: room.messageReviewHandler.fallbackResult },
            });
          }
          if (review.result === 'DENY') {
            const reason = review.reason === undefined ? '' : `: ${review.reason}`;
            throw new Refusal(406, `Message rejected by the message review handler${reason}`);
          }
          if (!rooms.get(grant.roomArn)) throw new Refusal(404, 'The room does not exist');
          message = review;
        }
        const { attributes: Attributes, content: Content } = message;
        messaging.sendMessage(grant.roomArn, { Id: id, RequestId: requestId, Attributes, Content, Sender: sender });
      }
    }
  }

  /** Logs a request. Clients choose the request ID, so the log truncates it. */
  private logged(
    operation: string,
    status: number,
    requestId: string,
    caller: string,
    error: string | undefined,
    details: RequestDetails,
  ): void {
    this.log.add({
      time: new Date(this.service.clock.now()).toISOString(),
      requestId: requestId.slice(0, 64),
      operation,
      status,
      caller,
      error,
    }, details);
  }

  /** Applies the injected faults. @returns Whether the request is lost. */
  private async fault(connection: Connection, operation: string): Promise<boolean> {
    const { clock, faults } = this.service;
    const slow = faults.take('latency', operation);
    if (slow) await new Promise<void>((resolve) => clock.setTimeout(resolve, slow.milliseconds ?? 1000));
    if (faults.take('throttle', operation)) throw new Refusal(429, RATE_EXCEEDED, 'An injected fault', 'throttle');
    if (faults.take('serverError', operation)) {
      throw new Refusal(500, 'Internal server error', undefined, 'serverError');
    }
    if (faults.take('expiredToken', operation)) {
      throw new Refusal(401, 'The session has expired', undefined, 'expiredToken');
    }
    const lost = faults.take('lostRequest', operation) !== undefined;
    if (lost) drop(connection);
    return lost;
  }

  private limit(perSecond: number, operation: string, roomArn: string): void {
    if (!this.service.rates.take(accountWide(operation, roomArn), perSecond)) {
      throw new Refusal(429, RATE_EXCEEDED, `More than ${perSecond} ${operation} per second in all rooms`);
    }
  }
}

/** Ends a connection without a close frame because of an injected fault. */
function drop(connection: Connection): void {
  connection.closeReason ??= 'an injected fault';
  connection.webSocket.terminate();
}

/** Returns a message review handler that fails or never answers. */
function failingFunction(kind: FaultKind): InvokeFunction {
  return kind === 'reviewTimedOut'
    ? () => new Promise(() => {})
    : () => Promise.reject(new Error('An injected fault'));
}

/** Accepts member names in any case, because front ends in production send `action`. The documented case wins. */
function withMemberNames(fields: object): { [field: string]: unknown } {
  const named = Object.entries(fields).map(([name, value]) => [memberNames.get(name.toLowerCase()) ?? name, value]);
  return { ...Object.fromEntries(named), ...fields };
}

function validRequest(fields: { [field: string]: unknown }): MessagingRequest {
  const name = fields.Action;
  if (typeof name !== 'string' || !Object.hasOwn(actions, name)) {
    throw new Refusal(400, `A request must be a JSON object with an Action: ${Object.keys(actions).join(', ')}`);
  }
  const problems = check(actions[name as Capability], fields);
  if (problems.length) throw new Refusal(400, described(problems));
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.fromEntries(given) as unknown as MessagingRequest;
}

const described = (problems: readonly Problem[]) =>
  problems.map(({ path, message }) => `${path} ${message}`).join('; ');
