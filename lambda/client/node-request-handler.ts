import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Attempt } from './attempt';
import { ResponseTooLargeError, TimeoutError } from './exceptions';
import { queryString } from './request';
import type { Clock, HttpHandler, HttpRequest, HttpResponse } from './types';

/** How connections are made; the members are those of the AWS SDK's `NodeHttpHandler`. */
export interface RequestHandlerOptions {
  /** How long a new connection may take, in milliseconds. @default 2000 */
  connectionTimeout?: number;
  /** How long one attempt may take, in milliseconds. @default 5000 */
  requestTimeout?: number;
  /** An Agent of node:http, or the options of one. @default - keeps at most 50 connections */
  httpAgent?: object;
  /** An Agent of node:https, or the options of one. @default - keeps at most 50 connections */
  httpsAgent?: object;
}

type Outgoing = (options: object) => ClientRequest;

/** Carries requests over node:http and node:https, on connections that are kept. Follows no redirect. */
export class RequestHandler implements HttpHandler {
  readonly #carriers: Record<string, { start: Outgoing; agent: Agent }> = {};

  constructor(private readonly options: RequestHandlerOptions, private readonly clock: Clock, private readonly maximumResponseBytes: number) {}

  handle(request: HttpRequest, attempt: Attempt): Promise<{ response: HttpResponse }> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#start(request);
      let connecting = !outgoing.reusedSocket;
      const fail = (error: Error) => {
        outgoing.destroy();
        reject(connecting ? Object.assign(error, { $sent: false }) : error);
      };
      attempt.onstop = fail;
      outgoing.on('error', fail);
      if (connecting) {
        outgoing.on('socket', (socket) => {
          connecting = socket.connecting;
          if (!connecting) return;
          const settle = this.#limitConnecting(request, fail);
          outgoing.once('close', settle);
          socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
            connecting = false;
            settle();
          });
        });
      }
      outgoing.on('response', (incoming: IncomingMessage) => {
        const chunks: Uint8Array[] = [];
        let bytes = 0;
        incoming.on('error', fail);
        incoming.on('data', (chunk: Uint8Array) => {
          chunks.push(chunk);
          bytes += chunk.byteLength;
          if (bytes > this.maximumResponseBytes) fail(new ResponseTooLargeError(`the answer is longer than ${this.maximumResponseBytes} bytes`));
        });
        incoming.on('end', () => {
          const { statusCode, statusMessage: reason, headers } = incoming;
          const body = Buffer.concat(chunks).toString();
          resolve({ response: { statusCode: statusCode!, reason, headers: headers as Record<string, string>, body } });
        });
      });
      outgoing.end(request.body);
    });
  }

  /** Ends the connections that are kept. */
  destroy(): void {
    for (const { agent } of Object.values(this.#carriers)) agent.destroy();
  }

  #start(request: HttpRequest): ClientRequest {
    const { protocol, hostname, port, method, path, headers, body } = request;
    const { start, agent } = this.#carriers[protocol] ??= this.#carrier(protocol);
    // Node copies and checks each header of an object; a list it writes as it is
    const list = ['user-agent', 'cdk-ivs-chat'];
    for (const name in headers) list.push(name, headers[name]!);
    if (body !== undefined) list.push('content-length', String(Buffer.byteLength(body)));
    const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    return start({ agent, host, port, method, path: path + queryString(request), headers: list });
  }

  #carrier(protocol: string) {
    const secure = protocol === 'https:';
    const http = process.getBuiltinModule(secure ? 'node:https' : 'node:http');
    const given = secure ? this.options.httpsAgent : this.options.httpAgent;
    const agent = given && 'addRequest' in given ? given : new http.Agent({ keepAlive: true, maxSockets: 50, ...given });
    return { start: http.request as Outgoing, agent: agent as Agent };
  }

  #limitConnecting({ hostname }: HttpRequest, fail: (error: Error) => void): () => void {
    const { connectionTimeout = 2000 } = this.options;
    const timer = this.clock.setTimeout(() => {
      fail(Object.assign(new TimeoutError(`no connection to ${hostname} within ${connectionTimeout} ms`), { code: 'ETIMEDOUT' }));
    }, connectionTimeout);
    return () => this.clock.clearTimeout(timer);
  }
}
