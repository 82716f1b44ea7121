import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Attempt } from './attempt';
import { ResponseTooLargeError, TimeoutError } from './errors';
import { requestTarget } from './request-target';
import type { Clock, HttpHandler, HttpRequest } from './types';

/** The options of the handler, named as those of the AWS SDK's `NodeHttpHandler`. */
export interface RequestHandlerOptions {
  /** The maximum time to open a connection, in milliseconds. @default 2000 */
  connectionTimeout?: number;
  /** The maximum duration of one attempt, in milliseconds. @default 5000 */
  requestTimeout?: number;
  /** An Agent of node:http, or its options. @default - an agent with at most 50 connections */
  httpAgent?: object;
  /** An Agent of node:https, or its options. @default - an agent with at most 50 connections */
  httpsAgent?: object;
  /** Has no effect: `requestTimeout` ends an attempt. Accepted for applications that set it. */
  socketTimeout?: number;
  /** Has no effect: the end of `requestTimeout` always throws. Accepted for applications that set it. */
  throwOnRequestTimeout?: boolean;
}

/** The function of node:http or node:https that starts a request, and the agent with its connections. */
interface Transport {
  readonly start: (options: object) => ClientRequest;
  readonly agent: Agent;
}

/**
 * Creates a handler that sends requests with node:http and node:https and keeps connections open. It does not follow
 * redirects.
 */
export function requestHandler(
  options: RequestHandlerOptions, clock: Clock, maximumResponseBytes: number, userAgent: string,
): HttpHandler {
  const transports: Record<string, Transport> = {};

  return {
    handle: (request: HttpRequest, attempt: Attempt) => new Promise((resolve, reject) => {
      const outgoing = start(request);
      let isConnecting = !outgoing.reusedSocket;
      const fail = (error: Error) => {
        outgoing.destroy();
        reject(isConnecting ? Object.assign(error, { $sent: false }) : error);
      };
      attempt.onstop = fail;
      outgoing.on('error', fail);

      if (isConnecting) {
        outgoing.on('socket', (socket) => {
          isConnecting = socket.connecting;
          if (!isConnecting) return;
          const { connectionTimeout = 2000 } = options;
          const timer = clock.setTimeout(() => {
            const error = new TimeoutError(`no connection to ${request.hostname} within ${connectionTimeout} ms`);
            fail(Object.assign(error, { code: 'ETIMEDOUT' }));
          }, connectionTimeout);
          const settle = () => clock.clearTimeout(timer);
          outgoing.once('close', settle);
          socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
            isConnecting = false;
            settle();
          });
        });
      }

      outgoing.on('response', (incoming: IncomingMessage) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on('error', fail);
        incoming.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.byteLength;
          if (bytes > maximumResponseBytes) {
            fail(new ResponseTooLargeError(maximumResponseBytes));
          }
        });
        incoming.on('end', () => {
          const { statusCode, statusMessage: reason, headers } = incoming;
          // Most responses have one chunk, which needs no copy.
          const body = (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString();
          resolve({ response: { statusCode: statusCode!, reason, headers: headers as Record<string, string>, body } });
        });
      });

      outgoing.end(request.body);
    }),

    /** Closes the open connections. */
    destroy() {
      for (const { agent } of Object.values(transports)) agent.destroy();
    },
  };

  function start(request: HttpRequest): ClientRequest {
    const { protocol, hostname, port, method, headers, body } = request;
    const transport = transports[protocol] ??= transportOf(protocol);

    // Node copies and checks each header of an object, but writes a list unchanged.
    const list = headers['user-agent'] ? [] : ['user-agent', userAgent];
    for (const name in headers) list.push(name, headers[name]!);
    if (body !== undefined) list.push('content-length', String(Buffer.byteLength(body)));

    return transport.start({
      agent: transport.agent,
      host: hostname.replace(/^\[|]$/g, ''),
      port,
      method,
      path: requestTarget(request),
      headers: list,
    });
  }

  function transportOf(protocol: string): Transport {
    const [http, given] = protocol === 'https:'
      ? [process.getBuiltinModule('node:https'), options.httpsAgent]
      : [process.getBuiltinModule('node:http'), options.httpAgent];
    const isAgent = given && 'addRequest' in given;
    const agent = isAgent ? given : new http.Agent({ keepAlive: true, maxSockets: 50, ...given });
    return { start: http.request as Transport['start'], agent: agent as Agent };
  }
}
