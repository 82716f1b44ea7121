import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FrameLog } from './frame-log';
import type { Connection } from './messaging';
import type { MessagingRequests } from './messaging-requests';
import { RateLimit } from '../rate-limit';
import type { RequestDetails, RequestLog } from '../request-log';
import type { ServiceState } from '../service-state';

/** A larger frame closes the connection with code 1009. */
const MAXIMUM_PAYLOAD_BYTES = 32 * 1024;

/** Opens connections for upgrade requests with a chat token, and closes them at the end of their session. */
export class Handshake {
  private readonly webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAXIMUM_PAYLOAD_BYTES,
    perMessageDeflate: false, // a small frame could become a huge one
    handleProtocols: (protocols) => protocols.values().next().value ?? false, // the token, echoed
  });
  private readonly silent = new Set<Connection>();
  private readonly pings: NodeJS.Timeout;

  /** @param pingMilliseconds The interval between pings, in real time even with a virtual clock. */
  constructor(
    private readonly service: ServiceState,
    private readonly requests: MessagingRequests,
    private readonly log: RequestLog,
    private readonly frames: FrameLog,
    pingMilliseconds: number,
  ) {
    this.pings = setInterval(() => this.ping(), pingMilliseconds);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { clock, faults, messaging, quotas, rooms, tokens } = this.service;
    socket.on('error', destroy);
    const logged = (status: number, error: string, details?: RequestDetails) => this.log.add({
      time: new Date(clock.now()).toISOString(),
      requestId: '',
      operation: 'CONNECT',
      status,
      error,
    }, details);
    const refuse = (status: number, message: string, details?: RequestDetails) => {
      logged(status, message, details);
      refuseUpgrade(socket, status, message);
    };
    if (faults.take('lostRequest', 'CONNECT')) {
      logged(0, 'An injected fault', { fault: 'lostRequest' });
      return void socket.destroy();
    }
    if (faults.take('serverError', 'CONNECT')) return refuse(500, 'Internal server error', { fault: 'serverError' });
    if (faults.take('throttle', 'CONNECT')) return refuse(429, 'Rate exceeded', { fault: 'throttle' });
    const token = request.headers['sec-websocket-protocol']?.split(',', 1)[0]!.trim();
    if (!token) return refuse(401, 'The chat token is missing. Send it as the WebSocket subprotocol.');
    if (messaging.connectionCount >= quotas.concurrentConnections) {
      return refuse(429, `The account has reached its quota of ${quotas.concurrentConnections} connections`);
    }
    // 403 and not 401: on a 401 some clients send the upgrade twice.
    if (faults.take('expiredToken', 'CONNECT')) {
      return refuse(403, 'The chat token has expired', { fault: 'expiredToken' });
    }
    const grant = tokens.redeem(token);
    if (grant === 'unknown') return refuse(403, 'The chat token is not valid');
    if (grant === 'used') return refuse(403, 'The chat token has already been used. Each token opens one connection.');
    if (grant === 'expired') return refuse(403, 'The chat token has expired');
    const { roomArn, userId } = grant;
    const open = () => {
      if (!rooms.get(roomArn)) return refuse(404, 'The room does not exist', { roomArn, userId });
      this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.log.add({
          time: new Date(clock.now()).toISOString(),
          requestId: '',
          operation: 'CONNECT',
          status: 101,
          caller: roomArn,
        }, { roomArn, userId });
        const address = request.socket.remoteAddress ?? '';
        this.open(webSocket, {
          webSocket,
          stream: socket,
          grant,
          address,
          connectedAt: clock.now(),
          rate: new RateLimit(),
        });
      });
    };
    const slow = faults.take('latency', 'CONNECT');
    if (slow) clock.setTimeout(open, slow.milliseconds ?? 1000);
    else open();
  }

  close(): void {
    clearInterval(this.pings);
  }

  private open(webSocket: WebSocket, connection: Connection): void {
    const { clock, messaging } = this.service;
    const sessionEnd = clock.setTimeout(() => {
      messaging.sendError(connection, 401, 'The session has expired');
      messaging.close(connection, 'the session ended');
    }, connection.grant.sessionExpirationTime - clock.now());
    webSocket.on('message', (data, isBinary) => void this.requests.handle(connection, data as Buffer, isBinary));
    webSocket.on('pong', () => this.silent.delete(connection));
    webSocket.on('error', ({ message }) => {
      connection.closeReason ??= `an invalid frame: ${message}`;
      webSocket.terminate(); // ws has sent the close frame
    });
    webSocket.on('close', (code) => {
      clock.clearTimeout(sessionEnd);
      this.silent.delete(connection);
      messaging.leave(connection);
      const { roomArn, userId } = connection.grant;
      const { closeReason = closeOfClient(code), closedBy } = connection;
      const content = { Code: code, Reason: closeReason, ClosedBy: closedBy };
      this.frames.add({ direction: 'connection', type: 'CLOSE', roomArn, userId, content });
    });
    messaging.join(connection);
  }

  /** Closes the connections that have not answered the last ping, and pings the others. */
  private ping(): void {
    for (const connection of this.silent) {
      connection.closeReason ??= 'the client did not answer a ping';
      connection.webSocket.terminate();
    }
    this.silent.clear();
    for (const connection of this.service.messaging.connections()) {
      this.silent.add(connection);
      connection.webSocket.ping();
    }
  }
}

/** This is not a closure, which would keep the request in memory until the connection closes. */
function destroy(this: Duplex): void {
  this.destroy();
}

const ABNORMAL_CLOSURE = 1006;

/** Describes a close that the service did not begin. */
function closeOfClient(code: number): string {
  return code === ABNORMAL_CLOSURE
    ? 'the connection was lost without a close frame'
    : `the client closed the connection with the code ${code}`;
}

/** Responds to an upgrade request with an HTTP error. */
export function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: `
    + `application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
