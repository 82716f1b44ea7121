import type { Agent as HttpAgent, AgentOptions as HttpAgentOptions, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent, AgentOptions as HttpsAgentOptions } from 'node:https';
import { ResponseTooLargeError, TimeoutError } from './exceptions';
import { queryString } from './request';
import type { Clock, HttpHandler, HttpHandlerOptions, HttpRequest, HttpResponse } from './types';

/** How connections are made; the members are those of the AWS SDK's `NodeHttpHandler`. */
export interface RequestHandlerOptions {
  /** How long a new connection may take, in milliseconds. @default 2000 */
  connectionTimeout?: number;
  /** How long one attempt may take, in milliseconds. @default 5000 */
  requestTimeout?: number;
  /** @default - keeps at most 50 connections */
  httpAgent?: HttpAgent | HttpAgentOptions;
  /** @default - keeps at most 50 connections */
  httpsAgent?: HttpsAgent | HttpsAgentOptions;
}

/** Carries requests over node:http and node:https, on connections that are kept. Follows no redirect. */
export class RequestHandler implements HttpHandler {
  private readonly agents: Record<string, HttpAgent> = {};

  constructor(private readonly options: RequestHandlerOptions, private readonly clock: Clock, private readonly maximumResponseBytes: number) {}

  handle(request: HttpRequest, { abortSignal }: { abortSignal?: AbortSignal } & HttpHandlerOptions = {}): Promise<{ response: HttpResponse }> {
    const { clock, maximumResponseBytes } = this;
    return new Promise((resolve, reject) => {
      let connecting: unknown;
      const fail = (error: Error) => {
        clock.clearTimeout(connecting);
        abortSignal?.removeEventListener('abort', abort);
        outgoing.destroy();
        reject(error);
      };
      const abort = () => fail(abortSignal!.reason);
      const outgoing = this.start(request);
      abortSignal?.addEventListener('abort', abort);
      outgoing.on('error', fail);
      outgoing.on('socket', (socket) => {
        if (!socket.connecting) return;
        const { connectionTimeout = 2000 } = this.options;
        connecting = clock.setTimeout(() => {
          const error = new TimeoutError(`no connection to ${request.hostname} within ${connectionTimeout} ms`);
          fail(Object.assign(error, { code: 'ETIMEDOUT', $sent: false }));
        }, connectionTimeout);
        socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', () => clock.clearTimeout(connecting));
      });
      outgoing.on('response', (incoming: IncomingMessage) => {
        const chunks: Uint8Array[] = [];
        let bytes = 0;
        incoming.on('error', fail);
        incoming.on('data', (chunk: Uint8Array) => {
          chunks.push(chunk);
          bytes += chunk.byteLength;
          if (bytes > maximumResponseBytes) fail(new ResponseTooLargeError(`the answer is longer than ${maximumResponseBytes} bytes`));
        });
        incoming.on('end', () => {
          abortSignal?.removeEventListener('abort', abort);
          const headers = incoming.headers as Record<string, string>;
          resolve({ response: { statusCode: incoming.statusCode!, reason: incoming.statusMessage, headers, body: Buffer.concat(chunks).toString() } });
        });
      });
      outgoing.end(request.body);
    });
  }

  /** Ends the connections that are kept. */
  destroy(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private start({ protocol, hostname, port, method, path, query, headers }: HttpRequest) {
    const { request, Agent } = process.getBuiltinModule(protocol === 'http:' ? 'node:http' : 'node:https');
    const given = protocol === 'http:' ? this.options.httpAgent : this.options.httpsAgent;
    const agent = this.agents[protocol] ??= given && 'destroy' in given ? given : new Agent({ keepAlive: true, maxSockets: 50, ...given });
    return request({ agent, hostname: hostname.replace(/^\[|\]$/g, ''), port, method, path: path + queryString(query), headers });
  }
}
